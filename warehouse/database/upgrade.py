"""Bringing a database to the schema of this program, and asking where it stands."""

from __future__ import annotations

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, text

import warehouse.migrations
from warehouse.database.engine import DatabaseProblem, for_reading, for_writing

_LOCK = 4_807_112_026
"""Number of the PostgreSQL advisory lock that lets one process migrate at a time."""


def configuration(connection: Connection | None = None) -> Config:
    """Alembic's configuration; needs no file beside the installed tree."""
    config = Config()
    config.set_main_option("script_location", str(Path(warehouse.migrations.__file__).parent))
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    return config


def newest() -> str:
    """The revision this program expects."""
    return ScriptDirectory.from_config(configuration()).get_current_head() or ""


def revision(connection: Connection) -> str | None:
    """The revision the database is at; None when it is empty."""
    return MigrationContext.configure(connection).get_current_revision()


def upgrade(engine: Engine) -> None:
    """Migrate to the newest revision, one process at a time; DatabaseProblem if it is from a later program."""
    with for_reading(engine).connect() as connection:
        if revision(connection) == newest():
            return
    with for_writing(engine).begin() as connection:
        if connection.dialect.name == "postgresql":
            connection.execute(text("SELECT pg_advisory_xact_lock(:number)"), {"number": _LOCK})
        _migrate(connection)


def _migrate(connection: Connection) -> None:
    found, known = revision(connection), ScriptDirectory.from_config(configuration())
    if found is not None and found not in {script.revision for script in known.walk_revisions()}:
        message = (
            f"The planning database is at revision {found}, which this program does not know: "
            "it was made by a later version. Install that version, or restore an older backup."
        )
        raise DatabaseProblem(message)
    command.upgrade(configuration(connection), "head")
