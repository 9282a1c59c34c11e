"""A company written down as rows, loaded the way any source is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow as pa

from warehouse.engine import Session, chosen_engine
from warehouse.landing import Landing
from warehouse.settings import Settings
from warehouse.store import Store
from warehouse.tables import OPEN_END, TABLES, Kind
from workflows.refresh import LoadReport, load

NOW = datetime(2026, 5, 16, 7, 0, tzinfo=UTC)
Rows = Sequence[Mapping[str, Any]]


@dataclass
class RowsConnector:
    """A source whose rows are given as dictionaries; ``valid_to`` is open unless it is given."""

    tables: Mapping[str, Rows]
    as_of: date
    name: str = "rows"
    settings: Mapping[str, Any] = field(default_factory=dict)

    @property
    def entities(self) -> tuple[str, ...]:
        return tuple(self.tables)

    def read(self, landing: Landing, cursor: Mapping[str, str]) -> None:
        del cursor
        for table, rows in self.tables.items():
            landing.add(table, arrow(table, rows))
        landing.seal(as_of=self.as_of, settings=dict(self.settings))


def arrow(table: str, rows: Rows) -> pa.Table:
    """The rows as the landing wants them, numbers as exact decimals."""
    schema = TABLES[table].landing
    given = [name for name in schema.names if any(name in row for row in rows) or name == "valid_to"]
    columns = {name: [_value(table, name, row) for row in rows] for name in given}
    found = pa.table({name: pa.array(values, schema.field(name).type) for name, values in columns.items()})
    lines = pa.array(range(2, len(rows) + 2), pa.int64())
    return found.append_column("_file", pa.array([f"{table}.csv"] * len(rows))).append_column("_row", lines)


def _value(table: str, name: str, row: Mapping[str, Any]) -> Any:
    value = row.get(name)
    if name == "valid_to" and value is None:
        return OPEN_END
    kind = TABLES[table].by_name[name].kind
    if value is None and kind is Kind.FLAG:
        return False
    if value is None and kind is Kind.KEY:
        return "unassigned"
    return (
        Decimal(str(value))
        if isinstance(value, int | float) and kind in {Kind.MONEY, Kind.SHARE, Kind.RATE}
        else value
    )


def load_rows(root: Path, tables: Mapping[str, Rows], as_of: date, **settings: Any) -> LoadReport:
    """Load rows into an own store at ``root``."""
    store = Store.create(root, "own", NOW)
    return load(RowsConnector(tables, as_of, settings=settings), store, Settings(), NOW)


def session_of(root: Path, engine: str = "duckdb") -> Session:
    """The store's current version, read by an engine."""
    version = Store.open(root).current()
    assert version is not None
    return Session(root.resolve(), version, chosen_engine(engine))


def day(text: str) -> date:
    """A date from ISO text."""
    return date.fromisoformat(text)
