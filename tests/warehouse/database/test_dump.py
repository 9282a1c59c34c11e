from __future__ import annotations

import gzip
from collections.abc import Callable
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

import pytest
from sqlalchemy import select

from tests.postgres import server
from warehouse.database import Database, DatabaseProblem, dump, restore
from warehouse.database.models import Approval, Base, Draft, OutboxRow, PersonRow, Quota

NOW = datetime(2026, 3, 31, 12, 0, 0, 5, tzinfo=UTC)


def fill(database: Database) -> None:
    with database.write() as session:
        session.add(PersonRow(key="a", email="a@example.org", name="Zoë “Z” O'Hara\n2"))
        session.add(PersonRow(key="b"))
        session.add(Draft(draft_id="d", kind="quotas", terms="{}", status="open", made_by="a", made_at=NOW))
        session.add(
            Quota(
                quota_id="q",
                version=1,
                scope="rep",
                rep_id="a",
                measure="bookings",
                period_start=date(2026, 1, 1),
                period_end=date(2026, 4, 1),
                amount=Decimal("123456789.0001"),
                currency="EUR",
                made_by="a",
                made_at=NOW,
            )
        )
        session.flush()
        session.add(Approval(approval_id="x", draft_id="d", decided_by="b", decided_at=NOW, decision="yes"))
        session.add(OutboxRow(entity="quotas", entity_id="q", made_at=NOW))


def contents(database: Database) -> dict[str, list[tuple[object, ...]]]:
    with database.read() as session:
        return {
            table.name: sorted((tuple(row) for row in session.execute(select(table))), key=repr)
            for table in Base.metadata.sorted_tables
        }


def test_a_restored_database_is_equal_to_the_last_place(
    database: Database, new_url: Callable[[], str], tmp_path: Path
):
    fill(database)
    counts = dump(database, tmp_path / "backup.gz")
    other = Database(new_url())
    assert restore(other, tmp_path / "backup.gz") == counts
    assert counts["people"] == 2
    assert contents(other) == contents(database)


@pytest.mark.postgres
def test_a_backup_moves_from_sqlite_to_postgresql_and_back(tmp_path: Path):
    small, large = Database(f"sqlite:///{tmp_path}/a.sqlite"), Database(server().new())
    back = Database(f"sqlite:///{tmp_path}/b.sqlite")
    fill(small)
    dump(small, tmp_path / "one.gz")
    restore(large, tmp_path / "one.gz")
    dump(large, tmp_path / "two.gz")
    restore(back, tmp_path / "two.gz")
    assert contents(small) == contents(large) == contents(back)


def test_new_rows_count_on_after_the_restored_ones(
    database: Database, new_url: Callable[[], str], tmp_path: Path
):
    fill(database)
    dump(database, tmp_path / "backup.gz")
    other = Database(new_url())
    restore(other, tmp_path / "backup.gz")
    with other.write() as session:
        session.add(OutboxRow(entity="quotas", entity_id="q2", made_at=NOW))
    with other.read() as session:
        assert session.scalars(select(OutboxRow.id).order_by(OutboxRow.id)).all() == [1, 2]


def test_a_database_that_holds_something_is_not_overwritten_unasked(database: Database, tmp_path: Path):
    fill(database)
    before = contents(database)
    dump(database, tmp_path / "backup.gz")
    with pytest.raises(DatabaseProblem, match="already holds rows"):
        restore(database, tmp_path / "backup.gz")
    restore(database, tmp_path / "backup.gz", replace=True)
    assert contents(database) == before


@pytest.mark.parametrize("spoil", ["cut", "short", "other", "newer"])
def test_a_damaged_backup_restores_nothing(
    database: Database, new_url: Callable[[], str], tmp_path: Path, spoil: str
):
    fill(database)
    path = tmp_path / "backup.gz"
    dump(database, path)
    whole = gzip.decompress(path.read_bytes())
    lines = whole.splitlines(keepends=True)
    damaged = {
        "cut": path.read_bytes()[:-20],
        "short": gzip.compress(b"".join(lines[:-2])),
        "other": b"PK not a backup",
        "newer": gzip.compress(b'{"attain_database": "9999"}\n' + b"".join(lines[1:])),
    }
    path.write_bytes(damaged[spoil])
    other = Database(new_url())
    before = contents(other)
    with pytest.raises(DatabaseProblem, match=r"not a whole backup|cut short|revision 9999"):
        restore(other, path)
    assert contents(other) == before
