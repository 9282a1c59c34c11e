"""``manage.py restore``: a backup into an empty store folder."""

from __future__ import annotations

import argparse
from datetime import UTC, datetime
from pathlib import Path

from warehouse.backup import restore
from warehouse.database import open_database
from warehouse.database import restore as restore_rows
from warehouse.settings import Settings
from workflows.opening import PROJECT, store_root
from workflows.publish_decisions import publish


def add(parser: argparse.ArgumentParser) -> None:
    """The command's options."""
    parser.add_argument("archive", type=Path)
    parser.add_argument(
        "--replace", action="store_true", help="overwrite a planning database that is not empty"
    )
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Unpack, check every digest, then put it in place."""
    root = store_root()
    store = restore(
        arguments.archive,
        root,
        lambda path: restore_rows(open_database(root), path, replace=arguments.replace),
    )
    # The database may hold decisions newer than the version that was saved with it.
    publish(store, open_database(root), Settings.load(PROJECT / "attain.toml"), datetime.now(UTC), whole=True)
    version = store.current()
    print(f"{root}: {store.kind} store restored" + (f", as of {version.as_of}." if version else ", empty."))
    return 0
