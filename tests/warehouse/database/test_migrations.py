from __future__ import annotations

from collections.abc import Callable

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import CheckConstraint, inspect, select, text

from warehouse.database import Database, DatabaseProblem
from warehouse.database.models import Base, ClosedPeriod
from warehouse.database.upgrade import configuration, newest, revision


def test_a_fresh_upgrade_equals_the_models(database: Database):
    with database.engine.connect() as connection:
        options = {"compare_type": True, "compare_server_default": True, "target_metadata": Base.metadata}
        context = MigrationContext.configure(connection, opts=options)
        assert compare_metadata(context, Base.metadata) == []


def test_a_difference_would_be_found(database: Database):
    with database.engine.begin() as connection:
        connection.execute(text("ALTER TABLE people ADD COLUMN extra TEXT"))
    with database.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"target_metadata": Base.metadata})
        assert compare_metadata(context, Base.metadata) != []


def test_check_constraints_are_those_of_the_models(database: Database):
    """Alembic does not compare them, so this does."""
    look = inspect(database.engine)
    for table in Base.metadata.sorted_tables:
        expected = {c.name for c in table.constraints if isinstance(c, CheckConstraint)}
        assert {c["name"] for c in look.get_check_constraints(table.name)} == expected, table.name


def test_every_revision_can_be_undone_and_done_again(database: Database):
    with database.engine.begin() as connection:
        command.downgrade(configuration(connection), "base")
    assert set(inspect(database.engine).get_table_names()) == {"alembic_version"}
    with database.engine.begin() as connection:
        command.upgrade(configuration(connection), "head")
        assert revision(connection) == newest()


def test_a_failed_migration_leaves_the_database_as_it_was(new_url: Callable[[], str]):
    url = new_url()
    opened = Database(url)
    with opened.engine.begin() as connection:
        command.downgrade(configuration(connection), "base")
        connection.execute(text("CREATE TABLE outbox (id INTEGER)"))  # the last table of the first revision
    with pytest.raises(Exception, match="already exists"):
        Database(url)
    assert set(inspect(opened.engine).get_table_names()) == {"alembic_version", "outbox"}


def test_a_database_of_a_later_program_is_refused(new_url: Callable[[], str]):
    url = new_url()
    with Database(url).engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(DatabaseProblem, match="9999, which this program does not know"):
        Database(url)


def test_what_the_first_release_closed_is_kept(database: Database):
    """Revision 2 adds columns to closed periods; rows that were there before have nothing in them."""
    with database.engine.begin() as connection:
        command.downgrade(configuration(connection), "0001")
        connection.execute(
            text(
                "INSERT INTO closed_periods VALUES "
                "('quotas', '2026-01-01', '2026-04-01', 'm1', '2026-04-02 08:00:00.000000')"
            )
        )
    with database.engine.begin() as connection:
        command.upgrade(configuration(connection), "head")
    with database.read() as session:
        (row,) = session.scalars(select(ClosedPeriod))
    assert (row.kind, row.closed_by, row.digest, row.evidence, row.terms) == (
        "quotas",
        "m1",
        None,
        None,
        None,
    )
