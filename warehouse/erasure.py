"""Taking a person's name and e-mail address out of a store's files and a database's texts.

Numbers stay. Files are replaced one by one, each at once; doing it again after a crash finishes it.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
from sqlalchemy import Column, Table, Text, select, update
from sqlalchemy.orm import Session

from warehouse.database.models import Base
from warehouse.landed import ISSUES
from warehouse.mentions import Mentions
from warehouse.parquet import ROW_GROUP, Writer, write_text

_EXEMPT = ("people", "erased", "salts")
_SAID = ("value", "detail", "raw")
"""Columns of an issue that repeat what the source sent."""

Change = Callable[[pa.Table], pa.Table]


def erase_in_landings(root: Path, mentions: Mentions) -> set[str]:
    """Put the key in place of each mention in every landing; the tables that changed."""
    return {
        path.name.removesuffix(".parquet")
        for path in sorted(root.glob("landing/*/*/*.parquet"))
        if not _is_issues(path) and _rewrite(path, lambda rows: _texts_replaced(rows, mentions))
    }


def erase_in_notes(root: Path, mentions: Mentions) -> list[Path]:
    """The same for what the landings say of themselves; the files that changed."""
    return [path for path in sorted(root.glob("landing/*/*/*.json")) if _rewrite_json(path, mentions)]


def erase_in_closed(root: Path, mentions: Mentions) -> list[Path]:
    """The same in what closed months were computed from and paid; amounts and keys stay. What changed."""
    rows = [
        path
        for path in sorted(root.glob("closed/*/*.parquet"))
        if _rewrite(path, lambda rows: _texts_replaced(rows, mentions))
    ]
    texts = [path for path in sorted(root.glob("closed/*/*.json")) if _rewrite_json(path, mentions)]
    return [*rows, *texts]


def retire_issues(root: Path, mentions: Mentions) -> list[Path]:
    """Empty what set-aside rows say of the person; the rows stay counted. The files that changed."""
    paths = [path for path in sorted(root.glob("**/*.parquet")) if _is_issues(path)]
    return [path for path in paths if _rewrite(path, lambda rows: _without(rows, _concerned(rows, mentions)))]


def empty_issues(path: Path) -> bool:
    """Empty what every set-aside row of a file says; whether there was anything."""
    return _rewrite(path, lambda rows: _without(rows, pa.repeat(pa.scalar(True), rows.num_rows)))


def erase_in_database(session: Session, mentions: Mentions) -> int:
    """Put the key in place of each mention in notes, reasons, terms and audit values; rows that changed."""
    return sum(
        _erase_row(session, table, row, mentions)
        for table in Base.metadata.sorted_tables
        if table.name not in _EXEMPT and _texts(table)
        for row in session.execute(select(table)).mappings().all()
    )


def where_mentioned(root: Path, mentions: Mentions) -> list[str]:
    """Files under ``root`` that still mention the person, by their path in it."""
    found = []
    for path in sorted(path for path in root.rglob("*") if path.is_file()):
        held = (
            _parquet_mentions(path, mentions) if path.suffix == ".parquet" else _bytes_mention(path, mentions)
        )
        if held:
            found.append(path.relative_to(root).as_posix())
    return found


def tables_mentioning(session: Session, mentions: Mentions) -> list[str]:
    """Tables of the database that still mention the person."""
    return [
        table.name
        for table in Base.metadata.sorted_tables
        if any(_mentioning(row, table, mentions) for row in session.execute(select(table)).mappings())
    ]


def _is_issues(path: Path) -> bool:
    return path.name == ISSUES or path.name.endswith(f".{ISSUES}")


def _rewrite(path: Path, change: Change) -> bool:
    """Replace a Parquet file by what ``change`` makes of its rows; whether anything is different."""
    if not any(change(rows) is not rows for rows in _batches(path)):
        return False
    half = path.with_name(f"{path.name}.tmp")
    writer = Writer(half, pq.read_schema(path))
    for rows in _batches(path):
        writer.add(change(rows))
    writer.close()
    os.replace(half, path)  # noqa: PTH105 - atomic
    return True


def _batches(path: Path) -> Iterator[pa.Table]:
    with pq.ParquetFile(path) as file:
        for batch in file.iter_batches(ROW_GROUP):
            yield pa.table(batch)


def _texts_replaced(rows: pa.Table, mentions: Mentions) -> pa.Table:
    """``rows`` with every text replaced that mentions the person; ``rows`` itself when none does."""
    for place, field in enumerate(rows.schema):
        if pa.types.is_string(field.type):
            column = _replaced(rows.column(place), mentions)
            rows = rows if column is None else rows.set_column(place, field, column)
    return rows


def _replaced(column: pa.ChunkedArray, mentions: Mentions) -> pa.ChunkedArray | None:
    """The column replaced; each distinct text is looked at once. None when none mentions the person."""
    distinct = pc.unique(column)
    texts = distinct.to_pylist()
    new = [text and mentions.replaced(text) for text in texts]
    if new == texts:
        return None
    places = pc.index_in(column.combine_chunks(), distinct)
    return pa.chunked_array([pa.array(new, pa.string()).take(places)])


def _concerned(rows: pa.Table, mentions: Mentions) -> pa.Array:
    said = zip(*(rows[name].to_pylist() for name in _SAID), strict=True)
    return pa.array([any(mentions.found_in_row(text) for text in row if text) for row in said], pa.bool_())


def _without(rows: pa.Table, concerned: pa.Array) -> pa.Table:
    """``rows`` with nothing said where ``concerned``; ``rows`` itself when there was nothing."""
    for name in _SAID:
        said = pc.and_(concerned, pc.not_equal(rows[name], ""))
        if pc.any(said).as_py():
            place = rows.schema.get_field_index(name)
            rows = rows.set_column(place, rows.schema.field(name), pc.if_else(concerned, "", rows[name]))
    return rows


def _rewrite_json(path: Path, mentions: Mentions) -> bool:
    held = json.loads(path.read_text(encoding="utf-8"))
    cleaned = _cleaned(held, mentions)
    if cleaned == held:
        return False
    write_text(path, json.dumps(cleaned, indent=1, sort_keys=True) + "\n")
    return True


def _cleaned(value: Any, mentions: Mentions) -> Any:
    if isinstance(value, str):
        return mentions.replaced(value)
    if isinstance(value, dict):
        return {key: _cleaned(held, mentions) for key, held in value.items()}
    return [_cleaned(held, mentions) for held in value] if isinstance(value, list) else value


def _texts(table: Table) -> list[Column[Any]]:
    return [c for c in table.columns if isinstance(c.type, Text) and not c.primary_key]


def _erase_row(session: Session, table: Table, row: Any, mentions: Mentions) -> bool:
    held = {c.name: row[c.name] for c in _texts(table) if row[c.name]}
    new = {name: mentions.replaced(text) for name, text in held.items()}
    if new == held:
        return False
    same = [column == row[column.name] for column in table.primary_key]
    session.execute(update(table).where(*same).values(new))
    return True


def _mentioning(row: Any, table: Table, mentions: Mentions) -> bool:
    texts = (row[column.name] for column in table.columns if isinstance(column.type, Text))
    return any(mentions.found(text) for text in texts if text)


def _parquet_mentions(path: Path, mentions: Mentions) -> bool:
    return any(_texts_replaced(rows, mentions) is not rows for rows in _batches(path))


def _bytes_mention(path: Path, mentions: Mentions) -> bool:
    return mentions.found_in_bytes(path.read_bytes())
