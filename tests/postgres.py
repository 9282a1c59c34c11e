"""Databases for tests: the fixture ``database`` runs a test once on SQLite and once on PostgreSQL.

The PostgreSQL server is private: its own data folder and a socket in it, no network port. It is started
once a run, when the first test needs it.
"""

from __future__ import annotations

import atexit
import functools
import itertools
import os
import pwd
import shutil
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from sqlalchemy import URL, create_engine, text
from sqlalchemy.exc import OperationalError

from warehouse.database import Database

MISSING = (
    "The tests need the PostgreSQL server programs (initdb and postgres), which were not found. "
    "Install them: apt-get install postgresql"
)
_USER = "postgres"
_numbers = itertools.count(1)


def programs() -> Path:
    """The folder of initdb and postgres; the test fails with what to install when there is none."""
    folders = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda p: -float(p.parent.name))
    if shutil.which("pg_config"):
        answer = subprocess.run(["pg_config", "--bindir"], capture_output=True, text=True, check=False)
        folders.append(Path(answer.stdout.strip()))
    for folder in folders:
        if (folder / "initdb").exists() and (folder / "postgres").exists():
            return folder
    return pytest.fail(MISSING)


def _account() -> dict[str, str]:
    """PostgreSQL refuses to run as root, so root hands over to an account without rights."""
    if os.geteuid() != 0:
        return {}
    try:
        pwd.getpwnam(_USER)
    except KeyError:
        subprocess.run(["useradd", "--system", "--shell", "/usr/sbin/nologin", _USER], check=True)
    return {"user": _USER, "group": str(pwd.getpwnam(_USER).pw_gid)}


class Server:
    """A PostgreSQL server of one test run."""

    def __init__(self) -> None:
        """Make a data folder and start; everything is removed when the run ends."""
        self.folder = Path(tempfile.mkdtemp(prefix="attain-pg-", dir="/tmp"))
        atexit.register(self.stop)
        account = _account()
        self._as = {key: int(v) if v.isdigit() else v for key, v in account.items()}
        if account:
            shutil.chown(self.folder, _USER)
        self._process: subprocess.Popen[bytes] | None = None
        self._start(programs())

    def _start(self, folder: Path) -> None:
        data, log = self.folder / "data", (self.folder / "log").open("wb")
        options = f"-D {data} -A trust -E UTF8 --locale C -U {_USER} -N".split()
        make = [folder / "initdb", *options]
        subprocess.run(make, check=True, stdout=log, stderr=log, cwd=self.folder, **self._as)
        run = [folder / "postgres", *f"-D {data} -k {self.folder} -c listen_addresses= -c fsync=off".split()]
        self._process = subprocess.Popen(run, stdout=log, stderr=log, cwd=self.folder, **self._as)
        self._wait()

    def _wait(self) -> None:
        engine = create_engine(self.url("postgres"))
        deadline = time.monotonic() + 60
        while True:
            try:
                return engine.connect().close()
            except OperationalError:
                if self._process.poll() is not None or time.monotonic() > deadline:
                    pytest.fail(f"PostgreSQL did not start: {(self.folder / 'log').read_text()}")
                time.sleep(0.05)

    def url(self, name: str) -> str:
        """Address of one database of this server."""
        where = {"host": str(self.folder)}
        return URL.create("postgresql+psycopg", _USER, database=name, query=where).render_as_string()

    def new(self) -> str:
        """Address of a new, empty database."""
        name = f"attain_{next(_numbers)}"
        engine = create_engine(self.url("postgres"), isolation_level="AUTOCOMMIT")
        with engine.connect() as connection:
            connection.execute(text(f"CREATE DATABASE {name}"))
        engine.dispose()
        return self.url(name)

    def stop(self) -> None:
        """Stop at once and remove the data."""
        if self._process and self._process.poll() is None:
            self._process.terminate()
            try:
                self._process.wait(timeout=10)
            except subprocess.TimeoutExpired:
                self._process.kill()
        shutil.rmtree(self.folder, ignore_errors=True)


@functools.cache
def server() -> Server:
    """The run's one server."""
    return Server()


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def new_url(request: pytest.FixtureRequest, tmp_path: Path) -> Callable[[], str]:
    """Gives the address of a new, empty database at each call: SQLite in one run, PostgreSQL in the other."""
    if request.param == "postgresql":
        return server().new
    return lambda: f"sqlite:///{tmp_path}/database-{next(_numbers)}.sqlite"


@pytest.fixture
def database(new_url: Callable[[], str]) -> Iterator[Database]:
    """A migrated, empty planning database: SQLite in one run, PostgreSQL in the other."""
    opened = Database(new_url())
    yield opened
    opened.close()
