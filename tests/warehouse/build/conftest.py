"""A company small enough to work out by hand: rows as dictionaries in, built tables and issues out."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from warehouse.build import build
from warehouse.issues import DataIssue, from_table
from warehouse.landing import Landing
from warehouse.settings import Settings
from warehouse.store import Store
from warehouse.tables import OPEN_END, TABLES
from warehouse.versions import Draft, Part

NOW = datetime(2026, 3, 31, 12, tzinfo=UTC)
AS_OF = date(2026, 3, 31)
Row = dict[str, Any]

DEFAULTS: dict[str, Row] = {
    "assignments": {"valid_from": date(2020, 1, 1), "valid_to": OPEN_END},
    "territories": {"region_id": "here", "valid_from": date(2020, 1, 1), "valid_to": OPEN_END},
    "territory_accounts": {"valid_from": date(2020, 1, 1), "valid_to": OPEN_END},
    "opportunities": {
        "currency": "USD",
        "created_on": date(2026, 1, 1),
        "close_on": date(2026, 2, 10),
        "is_closed": True,
        "is_won": True,
    },
    "opportunity_splits": {"kind": "revenue"},
    "opportunity_lines": {"currency": "USD"},
    "quotas": {"version": 1, "scope": "rep", "measure": "bookings", "currency": "USD"},
    "credits": {
        "measure": "bookings",
        "kind": "direct",
        "credited_on": date(2026, 2, 10),
        "currency": "USD",
        "basis": "recorded",
    },
}
"""What a row holds unless a test says otherwise."""


def typed(table: str, rows: list[Row]) -> pa.Table:
    """Rows as the table's landing wants them; "12.50" is a fine way to write money."""
    if not rows:
        return TABLES[table].landing.empty_table()
    names = dict.fromkeys(name for row in rows for name in row)
    columns = {name: [_value(table, name, row.get(name)) for row in rows] for name in names}
    schema = TABLES[table].landing
    arrays = {
        name: pa.array(values, schema.field(name).type if name in schema.names else None)
        for name, values in columns.items()
    }
    return pa.table(arrays)


def _value(table: str, name: str, value: Any) -> Any:
    column = TABLES[table].by_name.get(name)
    decimal = column is not None and pa.types.is_decimal(column.arrow)
    return Decimal(value) if decimal and isinstance(value, str) else value


@dataclass
class Built:
    """A draft with its rows at hand."""

    draft: Draft
    root: Path

    def rows(self, table: str) -> list[Row]:
        """Rows of a table in the order of its key."""
        tables = [pq.read_table(self.root / part.path) for part in self.parts(table)]
        rows = pa.concat_tables(tables).to_pylist() if tables else []
        return sorted(rows, key=lambda row: tuple(row[name] for name in TABLES[table].key))

    def column(self, table: str, name: str) -> list[Any]:
        """One column of a table in the order of its key."""
        return [row[name] for row in self.rows(table)]

    def parts(self, table: str) -> tuple[Part, ...]:
        """Parts of a table."""
        return self.draft.tables.get(table, ())

    @property
    def issues(self) -> list[DataIssue]:
        """What the build found."""
        return from_table(self.draft.issues)

    def found(self, code: str) -> list[tuple[str, int | None, str, str]]:
        """(file, row, field, value) of the issues with a code, in order."""
        return sorted((i.file, i.row, i.field, i.value) for i in self.issues if i.code == code)


@dataclass
class Company:
    """Rows by source and table, to be landed and built in a store."""

    root: Path
    settings: Settings = field(default_factory=Settings)
    sources: dict[str, dict[str, list[Row]]] = field(default_factory=dict)
    loads: int = 0

    def add(self, table: str, *rows: Row, source: str = "files:test") -> Company:
        """Add rows; each gets its place, ``<table>.csv`` and a line from 2 on, unless it has one."""
        held = self.sources.setdefault(source, {}).setdefault(table, [])
        for row in rows:
            place = {"_file": f"{table}.csv", "_row": len(held) + 2}
            held.append(place | DEFAULTS.get(table, {}) | row)
        return self

    def reps(self, *keys: str, **more: Any) -> Company:
        """Add reps by key."""
        return self.add("reps", *({"rep_id": key} | more for key in keys))

    def build(self, *, only: set[str] | None = None, grants: pa.Table | None = None) -> Built:
        """Land every source anew, build and publish."""
        self.loads += 1
        now = NOW + timedelta(minutes=self.loads)
        store = Store.create(self.root, "own", NOW)
        with store.lock():
            folders = {source: self._land(store, source, now) for source in self.sources}
            draft = build(store, folders, self.settings, now, only, grants=grants)
            store.publish(draft)
        return Built(draft, self.root)

    def _land(self, store: Store, source: str, now: datetime) -> Path:
        with Landing.start(store, source, now, carries=()) as landing:
            for table, rows in self.sources[source].items():
                landing.add(table, typed(table, rows))
            landing.seal(as_of=AS_OF)
        return landing.folder


@pytest.fixture
def company(tmp_path: Path) -> Company:
    """An empty company in an empty store."""
    return Company(tmp_path / "store")


@pytest.fixture
def fresh(tmp_path: Path) -> Callable[..., Company]:
    """Makes a company in a new store each time it is called (for generated cases)."""
    count = iter(range(1_000_000))
    return lambda settings=None: Company(tmp_path / f"store{next(count)}", settings or Settings())


def pick(row: Mapping[str, Any], *names: str) -> tuple[Any, ...]:
    """Some values of a row."""
    return tuple(row[name] for name in names)
