"""A store that an older release wrote, built again from what was loaded into it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from warehouse.conform import disk_schema
from warehouse.landed import ISSUES, LandingInfo, folder_name
from warehouse.landing import Landing, LandingError
from warehouse.parquet import ROW_GROUP
from warehouse.settings import Settings
from warehouse.store import Store, StoreProblem
from warehouse.tables import SCHEMA_VERSION, TABLES
from warehouse.versions import Version, new_id
from workflows.refresh import publish


def republish(store: Store, settings: Settings, now: datetime) -> Version | None:
    """Publish a version in this release's tables; None when nothing was ever loaded.

    Landings of another schema version are landed again: new columns are empty, columns that are
    gone are left out. Raises ``StoreProblem`` when a source's rows do not fit the tables any
    more; then the version before stays, and the source has to be loaded again.
    """
    with store.lock():
        before = store.newest()
        if before is None:
            return None
        landings = {info.source: _present(store, info, now) for info in store.landings(before).values()}
        return publish(store, landings, settings, now)


def _present(store: Store, info: LandingInfo, now: datetime) -> LandingInfo:
    """The landing, in this release's tables."""
    if info.schema_version == SCHEMA_VERSION:
        return info
    load_id = new_id(now, after=info.load_id)
    folder = store.root / "landing" / folder_name(info.source) / load_id
    try:
        with Landing(folder, info.source, now, load_id=load_id) as landing:
            _copy(info, landing)
            return landing.seal(as_of=info.as_of, cursor=info.cursor, settings=info.settings, note=info.note)
    except LandingError as error:
        raise StoreProblem(
            f"What {info.source} loaded does not fit the tables of this release: {error}. "
            "Load it again into a new store (ATTAIN_STORE)."
        ) from error


def _copy(info: LandingInfo, landing: Landing) -> None:
    for table in info.rows:
        if table in TABLES and not TABLES[table].derived:
            for rows in _batches(info.path(table)):
                landing.add(table, rows.select(_known(table, rows.column_names)))
    for found in _batches(info.folder / ISSUES):
        landing.set_aside_rows(found)


def _known(table: str, names: Iterable[str]) -> list[str]:
    return [name for name in names if name in disk_schema(table).names]


def _batches(path: Path) -> Iterable[pa.Table]:
    with pq.ParquetFile(path) as file:
        yield file.schema_arrow.empty_table()
        for batch in file.iter_batches(ROW_GROUP):
            yield pa.table(batch)
