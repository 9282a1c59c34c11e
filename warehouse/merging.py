"""Merging what a source sends with what it sent before, without holding either in memory.

DuckDB finds the numbers of the earlier rows to leave out; the files themselves are streamed in
order, so the same two files always give the same third.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterable, Iterator
from pathlib import Path

import duckdb
import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.parquet as pq

from warehouse import issues
from warehouse.parquet import ROW_GROUP, Writer
from warehouse.tables import TABLES

MEMORY = "1GB"
"""What DuckDB may hold while it matches keys; the rest spills into the landing's folder."""

_IDENTITY = ("code", "table", "field", "value", "raw")


def merge(table: str, new: Path, old: Path, target: Path, schema: pa.Schema) -> int:
    """Write to ``target`` the rows of ``new`` and those of ``old`` whose key is not in ``new``.

    Returns the rows written.
    """
    match = " AND ".join(f'o."{name}" = n."{name}"' for name in TABLES[table].key)
    left_out = f"SELECT o.file_row_number FROM {_file(old)} o SEMI JOIN {_file(new)} n ON {match}"
    return _write(new, old, left_out, target, schema)


def merge_issues(new: Path, old: Path, target: Path, tables: Iterable[str]) -> int:
    """Write to ``target`` the issues of ``new``, and of ``old`` those of ``tables`` not in ``new``.

    An issue is the same when it says the same of the same raw row, or of the same place in the
    same file when the raw row is not kept. Returns the issues written.
    """
    match = " AND ".join(f"{_same('o', name)} = {_same('n', name)}" for name in _IDENTITY)
    names = ", ".join(_text(table) for table in sorted(tables))
    left_out = (
        f'SELECT o.file_row_number FROM {_file(old)} o WHERE o."table" NOT IN ({names}) '
        f"OR EXISTS (SELECT 1 FROM {_file(new)} n WHERE {match})"
    )
    return _write(new, old, left_out, target, issues.SCHEMA)


def _same(side: str, name: str) -> str:
    column = f'{side}."{name}"'
    if name != "raw":
        return column
    place = f"""{side}."file" || '#' || coalesce({side}."row", 0)"""
    return f"CASE {column} WHEN '' THEN {place} ELSE {column} END"


def _write(new: Path, old: Path, left_out: str, target: Path, schema: pa.Schema) -> int:
    """Stream ``new``, then ``old`` without the rows whose numbers ``left_out`` gives."""
    kept = np.ones(pq.read_metadata(old).num_rows, dtype=np.bool_)
    kept[_numbers(left_out, target.parent / "spill")] = False
    writer = Writer(target, schema)
    for rows in _batches(new):
        writer.add(rows)
    start = 0
    for rows in _batches(old):
        writer.add(rows.filter(pa.array(kept[start : start + rows.num_rows])))
        start += rows.num_rows
    return writer.close()


def _numbers(query: str, spill: Path) -> npt.NDArray[np.int64]:
    config: dict[str, str | bool | int | float | list[str]]
    config = {"memory_limit": MEMORY, "temp_directory": str(spill)}
    try:
        with duckdb.connect(config=config) as connection:
            return connection.sql(query).to_arrow_table()[0].to_numpy()
    finally:
        shutil.rmtree(spill, ignore_errors=True)


def _batches(path: Path) -> Iterator[pa.Table]:
    """The rows of a file in order, a row group's worth at a time."""
    with pq.ParquetFile(path) as file:
        for batch in file.iter_batches(ROW_GROUP):
            yield pa.table(batch)


def _file(path: Path) -> str:
    return f"read_parquet({_text(str(path))}, file_row_number = true)"


def _text(value: str) -> str:
    quoted = value.replace("'", "''")
    return f"'{quoted}'"
