"""Talking to the database: a read-only connection, and a query's rows in batches.

PostgreSQL reads in one read-only transaction that sees one moment; SQLite opens the file read-only.
Other databases get the isolation they have; use an account that may only read.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url, text
from sqlalchemy.exc import ArgumentError, NoSuchModuleError, SQLAlchemyError

from warehouse.issues import DataIssue, LoadFailed

BATCH = 20_000
"""Rows fetched at once."""
_DRIVERS = {"postgres": "postgresql+psycopg", "postgresql": "postgresql+psycopg"}


@dataclass(frozen=True)
class Batch:
    """Rows of a query's result: column names in lower case, and the number of the first row, from 1."""

    columns: tuple[str, ...]
    rows: Sequence[Sequence[Any]]
    first: int


def address(url: str, password: str = "") -> URL:
    """The URL with its driver and password; ``LoadFailed`` when it is not a URL."""
    try:
        parsed = make_url(url)
    except ArgumentError:
        raise failed("sql_address", "", "it is not a database URL") from None
    parsed = parsed.set(drivername=_DRIVERS.get(parsed.drivername, parsed.drivername))
    return parsed.set(password=password) if password else parsed


@contextmanager
def connect(url: URL) -> Iterator[Connection]:
    """One read-only connection; ``LoadFailed`` when the database cannot be reached."""
    shown = url.render_as_string(hide_password=True)
    try:
        engine = _engine(url)
    except (ModuleNotFoundError, NoSuchModuleError) as error:
        raise failed("sql_driver", shown, str(error)) from error
    try:
        try:
            connection = engine.connect()
        except SQLAlchemyError as error:
            raise failed("sql_unreachable", shown, reason(error, url)) from error
        with connection:
            yield connection
    finally:
        engine.dispose()


def _engine(url: URL) -> Engine:
    if url.get_backend_name() == "sqlite":
        return _sqlite(url)
    engine = create_engine(url)
    if url.get_backend_name() == "postgresql":
        return engine.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
    return engine


def _sqlite(url: URL) -> Engine:
    """A file opened read-only: one that is not there is an error, not a new, empty database."""
    if not url.database:
        raise failed("sql_address", "sqlite", "it names no file")
    read_only = url.set(database=f"file:{quote(url.database)}").update_query_dict(
        {"mode": "ro", "uri": "true"}
    )
    engine = create_engine(read_only)

    @event.listens_for(engine, "connect")
    def _query_only(connection: Any, _record: object) -> None:
        connection.isolation_level = None
        connection.execute("PRAGMA query_only = ON")

    @event.listens_for(engine, "begin")
    def _one_moment(connection: Connection) -> None:
        connection.exec_driver_sql("BEGIN")

    return engine


def run(
    connection: Connection, name: str, query: str, since: tuple[str, Any] | None = None
) -> Iterator[Batch]:
    """A query's rows in batches, as the database sends them; ``LoadFailed`` when it refuses.

    ``since`` is a column of the result and the least value it must have.
    """
    parameters: dict[str, Any] = {}
    wanted = query.strip().removesuffix(";")
    statement = wanted.replace(":", r"\:")  # a colon in the query is never a parameter
    if since:
        column = connection.dialect.identifier_preparer.quote(since[0])
        statement = f"SELECT * FROM (\n{statement}\n) changed WHERE {column} >= :since"
        parameters = {"since": since[1]}
    streamed = connection.execution_options(stream_results=True, max_row_buffer=BATCH)
    try:
        result = streamed.execute(text(statement), parameters)
        columns = tuple(column.lower() for column in result.keys())  # noqa: SIM118 - not a dict
        yield Batch(columns, [], 1)
        first = 1
        for rows in result.partitions(BATCH):
            yield Batch(columns, rows, first)
            first += len(rows)
    except SQLAlchemyError as error:
        raise failed("sql_query", name, reason(error, connection.engine.url)) from error


def reason(error: SQLAlchemyError, url: URL) -> str:
    """The first line of what the database said, never with the password."""
    said = str(getattr(error, "orig", None) or error).strip() or type(error).__name__
    line = said.splitlines()[0]
    return line.replace(str(url.password), "***") if url.password else line


def failed(code: str, file: str, detail: str) -> LoadFailed:
    """The whole load is impossible."""
    return LoadFailed([DataIssue(code, file=file, detail=detail, severity="load")])
