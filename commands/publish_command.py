"""``manage.py publish``: what people decided since the last time becomes visible."""

from __future__ import annotations

import argparse
from datetime import UTC, datetime

from commands import progress
from warehouse.settings import Settings
from workflows.opening import PROJECT, open_place
from workflows.publish_decisions import publish


def add(parser: argparse.ArgumentParser) -> None:
    """The command's options."""
    parser.add_argument(
        "--whole", action="store_true", help="publish every decision, also those published before"
    )
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Publish what waits."""
    place = open_place()
    settings = Settings.load(PROJECT / "attain.toml")
    done = publish(
        place.store, place.database, settings, datetime.now(UTC), progress.show, whole=arguments.whole
    )
    progress.end()
    print(f"Published version {done.version.id}." if done else "Nothing waits to be published.")
    return 0
