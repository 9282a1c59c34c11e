"""A source database for tests, its mapping, and loads of it into landings."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
from sqlalchemy import create_engine, text

from connectors.sql import SqlConnector, loads
from warehouse.landed import LandingInfo
from warehouse.landing import Landing

TODAY = date(2026, 3, 31)
NOW = datetime(2026, 3, 31, 12, tzinfo=UTC)


@dataclass
class Source:
    """A database and the folder its landings go to; each load follows the one before."""

    url: str
    folder: Path
    last: LandingInfo | None = None
    people: list[Any] = field(default_factory=list)
    loads: int = 0

    def run(self, *statements: str) -> None:
        """Change the source."""
        url = self.url.replace("postgresql://", "postgresql+psycopg://")
        engine = create_engine(url)
        with engine.begin() as connection:
            for statement in statements:
                connection.execute(text(statement.replace(":", r"\:")))
        engine.dispose()

    def mapping(self, tables: str, more: str = "", head: str = "") -> str:
        """A mapping of this source."""
        return f'[source]\nkind = "sql"\nname = "test"\nurl_env = "SOURCE"\n{head}\n{more}\n{tables}'

    def connector(self, mapping: str, environment: Mapping[str, str] | None = None) -> SqlConnector:
        """The connector for a mapping's text."""
        return SqlConnector(loads(mapping), TODAY, self.folder, environment or {"SOURCE": self.url})

    def load(self, mapping: str) -> LandingInfo:
        """Load once more."""
        self.loads += 1
        landing = Landing(
            self.folder / str(self.loads),
            "sql:test",
            NOW + timedelta(hours=self.loads),
            load_id=str(self.loads),
            previous=self.last,
            people=self,
            pseudonym=lambda email: "p_" + email.partition("@")[0],
        )
        with landing:
            self.connector(mapping).read(landing, self.last.cursor if self.last else {})
        self.last = landing.sealed
        return self.last

    def upsert(self, rows: Any) -> None:
        """Stand in for the people table."""
        self.people += list(rows)

    def table(self, name: str) -> pa.Table:
        """Rows of the last landing, in the order of their keys."""
        rows = pq.read_table(self.last.path(name))
        return rows.sort_by([(rows.column_names[0], "ascending")])

    def issues(self) -> list[dict[str, Any]]:
        """Issues of the last landing."""
        return self.last.issues().to_pylist()
