"""``manage.py sync``: a SQL database into the store, by a mapping; what changed since the last time."""

from __future__ import annotations

import argparse
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from commands.loading import into_store, mapped
from connectors.base import Connector
from connectors.sql import SqlConnector, load
from warehouse.landing import Landing
from workflows.opening import PROJECT


def add(parser: argparse.ArgumentParser) -> None:
    """The command's options."""
    parser.add_argument("mapping", type=Path, help="a mapping, such as examples/sql/mapping.toml")
    parser.add_argument(
        "--full", action="store_true", help="read everything again, not only what changed since the last time"
    )
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Load the database; 1 when nothing could be loaded."""
    mapping = mapped(load, arguments.mapping)
    today = datetime.now(UTC).astimezone(ZoneInfo(mapping.time_zone)).date()
    connector = SqlConnector(mapping, today, PROJECT)
    return into_store(Whole(connector) if arguments.full else connector, "own")


@dataclass(frozen=True)
class Whole:
    """A source read from its beginning, however far it had come."""

    of: Connector

    @property
    def name(self) -> str:
        """The source's own name."""
        return self.of.name

    @property
    def entities(self) -> tuple[str, ...]:
        """The tables the source fills."""
        return self.of.entities

    def read(self, landing: Landing, cursor: Mapping[str, str]) -> None:
        """Read as at the first load."""
        del cursor
        self.of.read(landing, {})
