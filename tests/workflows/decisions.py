"""A small company and its database, for the workflows that follow decisions."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from planning.quotas import Target
from tests.support import RowsConnector
from warehouse.database import Database
from warehouse.people import People
from warehouse.settings import Settings
from warehouse.store import Store
from warehouse.tables import TABLES
from workflows.refresh import load

NOW = datetime(2026, 5, 16, 7, tzinfo=UTC)
TODAY = date(2026, 5, 16)
START, END = date(2026, 4, 1), date(2026, 7, 1)
TARGET = Target("rep", "bookings", START, END, rep_id="r1")
SETTINGS = Settings()

REPS = (
    {"rep_id": "m1", "name": "Maud Mills", "email": "maud@example.org", "active": True},
    {"rep_id": "r1", "name": "Ann Lee", "email": "ann.lee@example.org", "active": True},
    {"rep_id": "r2", "name": "Bob Best", "email": "bob@example.org", "active": True},
)
TABLES_SENT: dict[str, Any] = {
    "reps": REPS,
    "assignments": [{"rep_id": "r1", "manager_id": "m1", "team_id": "West", "valid_from": date(2026, 1, 1)}],
    "quotas": [
        {
            "quota_id": "file-1",
            "version": 1,
            "scope": "rep",
            "rep_id": "r2",
            "measure": "bookings",
            "period_start": START,
            "period_end": END,
            "amount": 500,
        }
    ],
    "opportunities": [
        {
            "opportunity_id": "o1",
            "name": "Pens for Ann Lee",
            "owner_id": "r1",
            "amount": 70,
            "close_on": date(2026, 5, 1),
            "is_closed": True,
            "is_won": True,
        }
    ],
}


@dataclass
class Company:
    """A store with data, its database, and a clock that goes on by itself."""

    store: Store
    database: Database
    now: datetime = NOW

    @classmethod
    def make(cls, root: Path, database: Database, tables: dict[str, Any] | None = None) -> Company:
        """An own store; loaded, unless ``tables`` is empty."""
        company = cls(Store.create(root, "own", NOW), database)
        if tables != {}:
            company.load(tables or TABLES_SENT)
        return company

    def tick(self) -> datetime:
        """A later instant each time."""
        self.now += timedelta(minutes=1)
        return self.now

    def load(self, tables: dict[str, Any] = TABLES_SENT) -> None:
        """Load the rows, names and e-mail addresses to the people."""
        source = RowsConnector(tables, TODAY)
        load(source, self.store, SETTINGS, self.tick(), people=People(self.database))

    def rows(self, table: str, *columns: str) -> list[tuple[Any, ...]]:
        """Rows of the current version, sorted."""
        version = self.store.current()
        parts = [pq.read_table(self.store.path(part)) for part in version.tables.get(table, ())]
        found = pa.concat_tables(parts) if parts else TABLES[table].arrow.empty_table()
        return sorted(tuple(row.values()) for row in found.select(list(columns)).to_pylist())

    def digests(self) -> dict[str, str]:
        """Digest of every table of the current version."""
        version = self.store.current()
        return {table: version.digest(table) for table in version.tables}
