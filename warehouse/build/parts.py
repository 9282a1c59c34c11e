"""Finished tables written as parts: cut by month, sorted by key, unchanged ones shared.

The digest of a part says whether its rows changed. Each row is written as one text, exactly: the
lengths of its texts, then every value, NULL marked. The texts' 128-bit MD5 sums are combined by
exclusive or, which does not depend on the order of rows; rows cannot cancel out because a table's
key is unique. ``load_id`` stays out: the same row loaded again is no change.
"""

from __future__ import annotations

import hashlib
import os
import shutil
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from warehouse.build.work import Work, parquet, quoted
from warehouse.parquet import ROW_GROUP, sync
from warehouse.tables import SCHEMA_VERSION, TABLES, Kind, Table
from warehouse.versions import Part

CUT_ABOVE = 50_000
"""A table with more rows than this is cut by month, if it has a date to be cut by."""

OPEN = "open"
"""Cut of the deals that are not closed."""

UNDATED = "undated"
"""Cut of rows without the date the table is cut by."""


def write(work: Work, table: str, root: Path, previous: Iterable[Part]) -> tuple[Part, ...]:
    """Write ``out_<table>`` into ``root/parts/<table>``; parts with the same rows are shared."""
    spec = TABLES[table]
    before = {(part.cut, part.digest): part for part in previous}
    sources = _cut_up(work, spec)
    (root / "parts" / table).mkdir(parents=True, exist_ok=True)
    parts = tuple(_part(work, spec, cut, source, root, before) for cut, source in sources)
    if parts:
        sync(root / "parts" / table)
    return parts


def _cut_up(work: Work, spec: Table) -> Iterator[tuple[str, str]]:
    """(cut, relation with the cut's rows) of a table; nothing for an empty one."""
    rows: int = work.value(f"SELECT count(*) FROM {_counted(work, spec)}")
    if rows == 0:
        return
    if not spec.cut or rows <= CUT_ABOVE:
        work.run(f"CREATE OR REPLACE TEMP TABLE small AS SELECT * FROM out_{spec.name}")
        yield "", "small"
        return
    yield from _spool(work, spec)


def _counted(work: Work, spec: Table) -> str:
    """What has as many rows as ``out_<table>`` but costs next to nothing to count."""
    if spec.name == "credits":
        return "(SELECT _n FROM good_credits UNION ALL SELECT 0 FROM inferred)"
    return f"good_{spec.name}" if spec.name in work.built else f"out_{spec.name}"


def _spool(work: Work, spec: Table) -> Iterator[tuple[str, str]]:
    """Write the table once, unsorted, in a folder for each cut."""
    folder = work.folder / spec.name
    work.run(
        f"COPY (SELECT *, {cut_of(spec)} AS _cut FROM out_{spec.name}) TO {quoted(str(folder))} "
        "(FORMAT parquet, PARTITION_BY (_cut), COMPRESSION snappy)"
    )
    for path in sorted(folder.iterdir()):
        yield path.name.removeprefix("_cut="), parquet(*sorted(path.iterdir()))
        shutil.rmtree(path)  # its part is written


def cut_of(spec: Table) -> str:
    """SQL of the cut a row belongs to: its month, "open" for a deal still open, else "undated"."""
    month = f"coalesce(strftime({spec.cut}, '%Y-%m'), '{UNDATED}')"
    return f"CASE WHEN is_closed THEN {month} ELSE '{OPEN}' END" if "is_closed" in spec.by_name else month


def _part(
    work: Work, spec: Table, cut: str, source: str, root: Path, before: Mapping[tuple[str, str], Part]
) -> Part:
    rows, digest = digest_of(work, spec, source)
    if shared := before.get((cut, digest)):
        return shared
    path = f"parts/{spec.name}/{cut or 'all'}-{digest}.parquet"
    if not (root / path).exists():
        _write_sorted(work, spec, source, root / path)
    return Part(path, rows, digest, cut)


def _write_sorted(work: Work, spec: Table, source: str, target: Path) -> None:
    """One Parquet file, whole or not there."""
    half = work.folder / target.name
    columns = ", ".join(f'"{name}"' for name in spec.arrow.names)
    keys = ", ".join(f'"{name}"' for name in spec.key)
    work.run(
        f"COPY (SELECT {columns} FROM {source} ORDER BY {keys}) TO {quoted(str(half))} "
        f"(FORMAT parquet, COMPRESSION zstd, COMPRESSION_LEVEL 1, ROW_GROUP_SIZE {ROW_GROUP})"
    )
    sync(half)
    os.replace(half, target)  # noqa: PTH105 - the atomic switch, named as such


def digest_of(work: Work, spec: Table, source: str) -> tuple[int, str]:
    """Rows of a relation and the digest of what they hold."""
    found: tuple[Any, ...] = work.rows(
        f"SELECT count(*), CAST(bit_xor(md5_number({_row_text(spec)})) AS VARCHAR) FROM {source}"
    )[0]
    shape = f"{SCHEMA_VERSION} {spec.arrow.names} {found[0]} {found[1]}"
    return found[0], hashlib.md5(shape.encode(), usedforsecurity=False).hexdigest()


def _row_text(spec: Table) -> str:
    columns = [column for column in spec.columns if not column.personal and column.name != "load_id"]
    texts = [column for column in columns if column.kind in (Kind.KEY, Kind.TEXT)]
    lengths = [f'coalesce(strlen("{column.name}"), -1)' for column in texts]
    values = [f"coalesce({_value(column.name, column.kind)}, '')" for column in texts]
    others = [
        f"coalesce({_value(column.name, column.kind)}, '-')" for column in columns if column not in texts
    ]
    return f"concat_ws(' ', {', '.join(lengths + others + values)})"


def _value(name: str, kind: Kind) -> str:
    if kind is Kind.STAMP:
        return f'CAST(epoch_us("{name}") AS VARCHAR)'
    return f'CAST("{name}" AS VARCHAR)'
