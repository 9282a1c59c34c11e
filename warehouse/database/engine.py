"""Making the SQLAlchemy engine for a URL: pragmas, transactions and snapshots that really hold."""

from __future__ import annotations

import sqlite3
import time
from typing import Any

from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url
from sqlalchemy.exc import ArgumentError

BUSY_SECONDS = 30
"""How long a SQLite writer waits for another before it gives up."""
_PAUSE = 0.02
_WRITES = "attain_writes"
_DRIVERS = {"postgres": "postgresql+psycopg", "postgresql": "postgresql+psycopg"}


class DatabaseProblem(Exception):
    """The database cannot be used; the message says why and what to do."""


def parse_url(text: str) -> URL:
    """The URL with the driver this project uses; DatabaseProblem when it is not SQLite or PostgreSQL."""
    try:
        url = make_url(text)
    except ArgumentError as error:
        message = "The database address is not a URL such as postgresql://user@host/name."
        raise DatabaseProblem(message) from error
    url = url.set(drivername=_DRIVERS.get(url.drivername, url.drivername))
    if url.get_backend_name() not in ("sqlite", "postgresql"):
        message = f"{url.get_backend_name()} cannot hold the planning database; use SQLite or PostgreSQL."
        raise DatabaseProblem(message)
    if url.get_backend_name() == "sqlite" and url.database in (None, "", ":memory:"):
        message = "The planning database must be a file: in memory every thread would see its own."
        raise DatabaseProblem(message)
    return url


def make_engine(text: str) -> Engine:
    """An engine whose pool is safe to share between threads (not between processes)."""
    url = parse_url(text)
    if url.get_backend_name() == "postgresql":
        return create_engine(url, pool_pre_ping=True)
    engine = create_engine(url, connect_args={"timeout": BUSY_SECONDS})
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def for_writing(engine: Engine) -> Engine:
    """The same pool; a transaction takes SQLite's write lock at its start, so it never has to upgrade."""
    return engine.execution_options(**{_WRITES: True})


def for_reading(engine: Engine) -> Engine:
    """The same pool; a transaction sees one moment of the database and cannot write on PostgreSQL."""
    if engine.dialect.name == "sqlite":
        return engine.execution_options(**{_WRITES: False})
    return engine.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)


def _prepare_sqlite(connection: Any, _record: object) -> None:
    """Explicit transactions, readers beside one writer, checked references, no traces of deleted rows."""
    connection.isolation_level = None
    for pragma in ("foreign_keys = ON", "secure_delete = ON", "synchronous = FULL"):
        connection.execute(f"PRAGMA {pragma}")
    _switch_to_wal(connection)


def _switch_to_wal(connection: Any) -> None:
    """Turn write-ahead logging on; while others open the same new file SQLite refuses without waiting."""
    until = time.monotonic() + BUSY_SECONDS
    while True:
        try:
            connection.execute("PRAGMA journal_mode = WAL")
        except sqlite3.OperationalError:
            if time.monotonic() > until:
                raise
            time.sleep(_PAUSE)
        else:
            return


def _begin_sqlite(connection: Connection) -> None:
    writes = connection.get_execution_options().get(_WRITES, True)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")
