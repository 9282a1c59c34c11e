"""Backup of the database as one text file that either engine can restore: a line of JSON a row."""

from __future__ import annotations

import gzip
import json
import os
from collections.abc import Iterator
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Table, delete, func, insert, select, text

from warehouse.database.database import Database
from warehouse.database.engine import DatabaseProblem, for_reading, for_writing
from warehouse.database.models import Base, Salt
from warehouse.database.upgrade import newest

_BATCH = 5_000


def dump(database: Database, path: Path) -> dict[str, int]:
    """Write every row to ``path`` (gzip), whole or not at all; rows by table."""
    counts: dict[str, int] = {}
    half = path.with_name(path.name + ".half")
    with gzip.open(half, "wt", encoding="utf-8") as out, for_reading(database.engine).connect() as connection:
        out.write(json.dumps({"attain_database": newest()}) + "\n")
        for table in Base.metadata.sorted_tables:
            counts[table.name] = 0
            for row in connection.execute(select(table)).yield_per(_BATCH):
                out.write(json.dumps([table.name, [_plain(value) for value in row]]) + "\n")
                counts[table.name] += 1
        out.write(json.dumps({"rows": counts}) + "\n")
    os.replace(half, path)  # noqa: PTH105 - the switch that makes it whole
    return counts


def restore(database: Database, path: Path, *, replace: bool = False) -> dict[str, int]:
    """Fill the database from a dump, in one transaction; rows by table.

    DatabaseProblem when the dump is of another schema or cut short, or when the database already holds
    decisions or people and ``replace`` was not asked for.
    """
    with for_writing(database.engine).begin() as connection:
        if not replace:
            _refuse_full(connection)
        for table in reversed(Base.metadata.sorted_tables):
            connection.execute(delete(table))
        counts = _fill(connection, path)
        _move_sequences(connection)
    return counts


def _plain(value: Any) -> Any:
    return (
        value.isoformat() if isinstance(value, date) else str(value) if isinstance(value, Decimal) else value
    )


def _refuse_full(connection: Connection) -> None:
    for table in Base.metadata.sorted_tables:
        if table.name != Salt.__tablename__ and connection.scalar(select(func.count()).select_from(table)):
            message = f"The database already holds rows in {table.name}; restore into an empty one."
            raise DatabaseProblem(message)


def _lines(path: Path) -> Iterator[Any]:
    try:
        with gzip.open(path, "rt", encoding="utf-8") as lines:
            for line in lines:
                yield json.loads(line)
    except (OSError, EOFError, ValueError) as error:
        message = f"{path.name} is not a whole backup of the database: {error}"
        raise DatabaseProblem(message) from error


def _fill(connection: Connection, path: Path) -> dict[str, int]:
    lines = _lines(path)
    _check_head(next(lines, None), path)
    counts = {table.name: 0 for table in Base.metadata.sorted_tables}
    waiting: dict[str, list[dict[str, Any]]] = {name: [] for name in counts}
    for line in lines:
        if isinstance(line, dict):
            _flush(connection, waiting)
            return _check_tail(line, counts, path)
        name, values = line
        waiting[name].append(_row(Base.metadata.tables[name], values))
        counts[name] += 1
        if len(waiting[name]) >= _BATCH:
            _flush(connection, waiting)
    return _check_tail({}, counts, path)


def _flush(connection: Connection, waiting: dict[str, list[dict[str, Any]]]) -> None:
    for table in Base.metadata.sorted_tables:
        if waiting[table.name]:
            connection.execute(insert(table), waiting[table.name])
            waiting[table.name] = []


def _row(table: Table, values: list[Any]) -> dict[str, Any]:
    pairs = zip(table.columns, values, strict=True)
    return {column.name: _typed(column.type.python_type, value) for column, value in pairs}


def _typed(kind: type, value: Any) -> Any:
    if value is None or kind in (str, int, bool):
        return value
    return kind.fromisoformat(value) if kind in (date, datetime) else Decimal(value)


def _check_head(head: Any, path: Path) -> None:
    found = head.get("attain_database") if isinstance(head, dict) else None
    if found is None:
        message = f"{path.name} is not a backup of the database."
        raise DatabaseProblem(message)
    if found != newest():
        message = (
            f"{path.name} is of revision {found}, this program uses {newest()}. Restore it with the "
            "version that made it, then open the database with this one: opening migrates it."
        )
        raise DatabaseProblem(message)


def _check_tail(tail: dict[str, Any], counts: dict[str, int], path: Path) -> dict[str, int]:
    if tail.get("rows") != counts:
        message = f"{path.name} is cut short; nothing was restored."
        raise DatabaseProblem(message)
    return counts


def _move_sequences(connection: Connection) -> None:
    """PostgreSQL counts on from where the restored rows end; SQLite does so by itself."""
    if connection.dialect.name == "postgresql":
        last = "(SELECT coalesce(max(id), 0) + 1 FROM outbox)"
        connection.execute(text(f"SELECT setval(pg_get_serial_sequence('outbox', 'id'), {last}, false)"))
