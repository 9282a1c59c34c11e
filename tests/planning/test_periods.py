from __future__ import annotations

from datetime import date
from threading import Barrier, Thread

import pytest

from planning import audit, outbox
from planning.periods import PAY, Frozen, close_period, closed_period, closed_periods
from planning.refusals import Refused
from tests.planning.stories import NOW
from warehouse.database import Database

JANUARY, FEBRUARY, MARCH, APRIL = (date(2026, month, 1) for month in (1, 2, 3, 4))
FROZEN = Frozen("d1g35t", "closed/2026-01-01", "{}")


def close(
    database: Database,
    start: date = JANUARY,
    end: date = FEBRUARY,
    seen: date | None = None,
    by: str = "c1",
    frozen: Frozen = FROZEN,
):
    return close_period(database, PAY, start, end, frozen, seen=seen, by=by, now=NOW)


def state(database: Database) -> tuple[object, ...]:
    held = [(p.period_start, p.closed_by) for p in closed_periods(database)]
    return held, len(audit.history(database)), outbox.pending_count(database)


def test_a_month_is_closed_with_its_digest(database: Database):
    close(database)
    row = closed_period(database, JANUARY)
    assert row is not None
    assert (row.period_end, row.closed_by, row.closed_at) == (FEBRUARY, "c1", NOW)
    assert (row.digest, row.evidence, row.terms) == ("d1g35t", "closed/2026-01-01", "{}")
    assert {p.table for p in outbox.pending(database)} == {"payouts", "changes"}
    assert {c.field for c in audit.history(database, "closed_periods", "payouts 2026-01-01")} == {
        "period_end",
        "digest",
    }


@pytest.mark.parametrize(
    ("start", "end", "seen", "code"),
    [
        (JANUARY, FEBRUARY, None, "already_closed"),
        (JANUARY, FEBRUARY, FEBRUARY, "already_closed"),
        (date(2026, 1, 15), MARCH, FEBRUARY, "already_closed"),
        (FEBRUARY, MARCH, None, "closed_meanwhile"),
        (FEBRUARY, MARCH, JANUARY, "closed_meanwhile"),
        (MARCH, APRIL, FEBRUARY, "close_in_order"),
        (MARCH, FEBRUARY, FEBRUARY, "period_backwards"),
    ],
)
def test_what_cannot_be_closed_is_refused_and_nothing_changes(
    database: Database, start: date, end: date, seen: date | None, code: str
):
    close(database)
    before = state(database)
    with pytest.raises(Refused) as caught:
        close(database, start, end, seen, by="c2")
    assert caught.value.code == code
    assert state(database) == before


def test_months_follow_each_other(database: Database):
    close(database)
    close(database, FEBRUARY, MARCH, seen=FEBRUARY)
    assert [p.period_start for p in closed_periods(database)] == [JANUARY, FEBRUARY]


def test_another_kind_of_period_does_not_matter(database: Database):
    close_period(database, "quotas", JANUARY, APRIL, FROZEN, seen=None, by="c1", now=NOW)
    close(database)
    assert [p.kind for p in closed_periods(database)] == [PAY]


@pytest.mark.parametrize("other", [(JANUARY, FEBRUARY), (FEBRUARY, MARCH)])
def test_of_two_who_close_at_the_same_instant_exactly_one_wins(database: Database, other: tuple[date, date]):
    together, results = Barrier(2), []

    def press(who: str, start: date, end: date) -> None:
        together.wait()
        try:
            close(database, start, end, by=who, frozen=Frozen(who, who))
            results.append(("closed", who))
        except Refused as refused:
            results.append((refused.code, who))

    bounds = {"c1": (JANUARY, FEBRUARY), "c2": other}
    threads = [Thread(target=press, args=(who, *months)) for who, months in bounds.items()]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    ((_, winner),) = [result for result in results if result[0] == "closed"]
    assert [(p.digest, p.closed_by) for p in closed_periods(database)] == [(winner, winner)]
    assert {c.changed_by for c in audit.history(database)} == {winner}
    assert {code for code, _ in results} <= {"closed", "already_closed", "closed_meanwhile"}


def test_a_person_is_needed(database: Database):
    for who in ("", "c1@example.org"):
        with pytest.raises(Refused):
            close(database, by=who)
    assert closed_periods(database) == []
