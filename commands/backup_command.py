"""``manage.py backup``: store and planning database in one file."""

from __future__ import annotations

import argparse
from pathlib import Path

from warehouse.backup import backup
from warehouse.database import dump
from workflows.opening import open_place


def add(parser: argparse.ArgumentParser) -> None:
    """The command's options."""
    parser.add_argument("target", type=Path, help="the file to write; .gz compresses it")
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Write the backup."""
    place = open_place()
    contents = backup(place.store, arguments.target, lambda path: dump(place.database, path))
    print(f"{arguments.target}: {len(contents):,} files, {sum(contents.values()):,} bytes.")
    print("It holds names, e-mail addresses and pay: keep it as carefully as the store.")
    return 0
