from __future__ import annotations

from datetime import timedelta

import pytest

from planning import outbox
from planning.refusals import TEMPLATES
from tests.planning.stories import LATER, NOW
from warehouse.database import Database


def put(database: Database, *tables: str) -> None:
    with database.write() as session:
        for table in tables:
            outbox.put(session, table, "id", NOW)


def test_what_is_put_is_pending_until_it_is_done(database: Database):
    put(database, "quotas", "changes")
    taken = outbox.take(database)
    assert taken.tables == {"quotas", "changes"}
    assert outbox.pending_count(database) == 2
    outbox.done(database, taken.ids, LATER)
    assert outbox.pending_count(database) == 0
    assert outbox.take(database) == outbox.Taken((), frozenset())


def test_what_arrives_after_taking_stays_pending(database: Database):
    put(database, "quotas")
    taken = outbox.take(database)
    put(database, "plans")
    outbox.done(database, taken.ids, LATER)
    assert [row.table for row in outbox.pending(database)] == ["plans"]


def test_a_decision_that_is_rolled_back_is_not_queued(database: Database):
    with pytest.raises(ZeroDivisionError), database.write() as session:
        outbox.put(session, "quotas", "id", NOW)
        session.flush()
        _ = 1 / 0
    assert outbox.pending_count(database) == 0


def test_more_rows_than_a_statement_may_name_are_marked(database: Database):
    put(database, *["quotas"] * 1_201)
    outbox.done(database, outbox.take(database).ids, LATER)
    assert outbox.pending_count(database) == 0


def test_only_old_published_rows_are_cleared(database: Database):
    put(database, "quotas")
    outbox.done(database, outbox.take(database).ids, NOW)
    put(database, "plans")
    assert outbox.clear(database, NOW) == 0
    assert outbox.clear(database, NOW + timedelta(seconds=1)) == 1
    assert [row.table for row in outbox.pending(database)] == ["plans"]


def test_the_sentences_are_sorted_by_code():
    assert list(TEMPLATES) == sorted(TEMPLATES)
