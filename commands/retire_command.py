"""``manage.py retire``: what is older than the settings keep is removed."""

from __future__ import annotations

import argparse
from datetime import UTC, datetime

from workflows.opening import open_place
from workflows.retention import retire


def add(parser: argparse.ArgumentParser) -> None:
    """The command's options."""
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Remove it, a line a layer."""
    del arguments
    place = open_place()
    settings = place.settings
    for layer, removed in retire(place.store, place.database, settings, datetime.now(UTC)).items():
        print(f"{layer}: {removed:,} removed, older than {settings.retention[layer]} days")
    return 0
