"""Database: one engine per process, opened at the newest schema, with reading and writing sessions."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from threading import Lock

from sqlalchemy import URL, Engine, make_url
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from warehouse.database.engine import DatabaseProblem, for_reading, for_writing, make_engine
from warehouse.database.models import Base
from warehouse.database.upgrade import upgrade

URL_VARIABLE = "ATTAIN_DATABASE_URL"
FILE = "planning.sqlite"


def database_url(root: Path, environment: Mapping[str, str] = os.environ) -> str:
    """The database of the store at ``root``: ATTAIN_DATABASE_URL, else SQLite in the store's folder."""
    given = environment.get(URL_VARIABLE, "").strip()
    return given or URL.create("sqlite", database=str(root.resolve() / FILE)).render_as_string()


class Database:
    """The planning database. Safe to share between threads; a process that forks opens its own."""

    def __init__(self, url: str) -> None:
        """Open and migrate; DatabaseProblem with a sentence when it cannot be reached or is too new."""
        self.engine: Engine = make_engine(url)
        self._writing = for_writing(self.engine)
        self._reading = for_reading(self.engine)
        try:
            upgrade(self.engine)
        except OperationalError as error:
            message = f"The planning database {self.address} cannot be opened: {error.orig}"
            raise DatabaseProblem(message) from error

    @property
    def address(self) -> str:
        """The URL without its password."""
        return self.engine.url.render_as_string(hide_password=True)

    @property
    def file(self) -> Path | None:
        """The SQLite file; None on PostgreSQL."""
        name = self.engine.url.database
        return Path(name) if self.engine.dialect.name == "sqlite" and name else None

    @contextmanager
    def write(self) -> Iterator[Session]:
        """A session in one transaction: committed at the end, rolled back on any error."""
        with Session(self._writing, expire_on_commit=False) as session, session.begin():
            yield session

    @contextmanager
    def read(self) -> Iterator[Session]:
        """A session that sees one moment of the database and saves nothing."""
        with Session(self._reading, expire_on_commit=False, autoflush=False) as session:
            yield session

    def scrub(self) -> None:
        """Rewrite the files so that nothing deleted can still be read from free pages."""
        sqlite = self.engine.dialect.name == "sqlite"
        raw = self.engine.raw_connection()
        try:
            if not sqlite:
                raw.rollback()
                raw.dbapi_connection.autocommit = True  # type: ignore[union-attr]
            cursor = raw.cursor()
            cursor.execute("VACUUM" if sqlite else f"VACUUM FULL {', '.join(Base.metadata.tables)}")
            if sqlite:
                cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        finally:
            raw.invalidate()

    def close(self) -> None:
        """Close every pooled connection."""
        self.engine.dispose()


_open: dict[tuple[int, str], Database] = {}
_opening = Lock()


def open_database(root: Path, environment: Mapping[str, str] = os.environ) -> Database:
    """The process's one Database for the store at ``root``; opened on first use."""
    url = database_url(root, environment)
    with _opening:
        found = _open.get((os.getpid(), url))
        if found is None:
            _make_folder(url)
            found = _open[os.getpid(), url] = Database(url)
        return found


def _make_folder(url: str) -> None:
    """SQLite makes its file but not the folder around it."""
    parsed = make_url(url)
    if parsed.get_backend_name() == "sqlite" and parsed.database:
        Path(parsed.database).parent.mkdir(parents=True, exist_ok=True)
