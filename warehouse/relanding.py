"""A landing of another schema version, landed again in this release's tables."""

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
from warehouse.store import Store, StoreProblem
from warehouse.tables import SCHEMA_VERSION, TABLES
from warehouse.versions import new_id


def in_present_tables(store: Store, info: LandingInfo, now: datetime) -> LandingInfo:
    """The landing itself, or its rows landed again: new columns empty, columns that are gone left out.

    Raises ``StoreProblem`` when the rows do not fit the tables of this release.
    """
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
