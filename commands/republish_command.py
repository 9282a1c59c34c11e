"""``manage.py republish``: everything built again from what was loaded, in this release's tables and settings."""

from __future__ import annotations

import argparse
from datetime import UTC, datetime

from warehouse.settings import Settings
from workflows.opening import PROJECT, open_place
from workflows.republish import republish


def add(parser: argparse.ArgumentParser) -> None:
    """The command's options."""
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:  # noqa: ARG001 - it has no options
    """Build everything again from what was loaded."""
    place = open_place()
    version = republish(place.store, Settings.load(PROJECT / "attain.toml"), datetime.now(UTC))
    print(f"Published version {version.id}." if version else "Nothing was ever loaded into this store.")
    return 0
