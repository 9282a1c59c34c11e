"""Small stores for tests: rows, landings, and versions made without the real build."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from warehouse import issues
from warehouse.landed import LandingInfo, source_states
from warehouse.landing import Landing
from warehouse.people import Person
from warehouse.store import Store
from warehouse.versions import Draft, Part, Version

NOW = datetime(2026, 3, 31, 12, tzinfo=UTC)
AS_OF = date(2026, 3, 31)


class FakePeople:
    """Keeps people in a dictionary; the pseudonym of an address is readable."""

    def __init__(self) -> None:
        self.known: dict[str, Person] = {}

    def upsert(self, rows: Iterable[Person]) -> None:
        self.known |= {person.key: person for person in rows}

    def pseudonym(self, email: str) -> str:
        return "p_" + email.split("@", maxsplit=1)[0]


def products(*ids: str, price: int = 1, **more: Any) -> pa.Table:
    """Rows of the table ``products``."""
    return pa.table({"product_id": list(ids), "list_price": [price] * len(ids), **more})


def land(store: Store, tables: Mapping[str, pa.Table], source: str = "files:a", **seal: Any) -> LandingInfo:
    """A sealed landing with these rows."""
    with Landing.start(store, source, NOW) as landing:
        for table, rows in tables.items():
            landing.add(table, rows)
        return landing.seal(as_of=AS_OF, **seal)


def publish(store: Store, *landings: LandingInfo, now: datetime = NOW) -> Version:
    """A version whose parts are the landings' files as they are; landings of other sources stay."""
    folders = {info.source: info.folder for info in [*store.landings().values(), *landings]}
    return store.publish(draft(store, folders, now))


def draft(store: Store, landings: Mapping[str, Path], now: datetime = NOW) -> Draft:
    """What the build would make, without checks and derived columns."""
    tables: dict[str, tuple[Part, ...]] = {}
    for folder in landings.values():
        info = LandingInfo.from_folder(folder)
        for table in info.rows:
            tables[table] = (*tables.get(table, ()), _part(store.root, table, info))
    return Draft(
        made_at=now,
        as_of=AS_OF,
        settings={},
        tables=tables,
        sources=source_states(landings, issues.empty()),
    )


def _part(root: Path, table: str, info: LandingInfo) -> Part:
    rows = pq.read_table(info.path(table)).drop_columns(["_file", "_row"])
    digest = str(sorted(map(str, rows.to_pylist())))
    path = f"parts/{table}/{info.load_id}.parquet"
    (root / path).parent.mkdir(parents=True, exist_ok=True)
    pq.write_table(rows, root / path)
    return Part(path, rows.num_rows, digest)
