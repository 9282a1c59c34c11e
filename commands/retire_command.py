"""``manage.py retire``: what is older than the settings' retention goes."""

from __future__ import annotations

import argparse
from datetime import UTC, datetime

from workflows.opening import open_place
from workflows.retention import retire


def add(parser: argparse.ArgumentParser) -> None:
    """The command's options."""
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Remove what is too old, layer by layer."""
    del arguments
    place = open_place()
    for layer, count in retire(place.store, place.database, place.settings, datetime.now(UTC)).items():
        print(f"{layer:<12}{count:>8,} removed")
    return 0
