"""``manage.py import``: files into the store, by a mapping."""

from __future__ import annotations

import argparse
from datetime import UTC, datetime
from pathlib import Path

from commands.loading import into_store, mapped
from connectors.files import FilesConnector, load_mapping


def add(parser: argparse.ArgumentParser) -> None:
    """The command's options."""
    parser.add_argument("mapping", type=Path, help="a mapping, such as examples/adventureworks/mapping.toml")
    parser.add_argument("--data", type=Path, required=True, metavar="FOLDER", help="the folder of the files")
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Load the files; 1 when nothing could be loaded."""
    today = datetime.now(UTC).date()
    return into_store(FilesConnector(mapped(load_mapping, arguments.mapping), arguments.data, today), "own")
