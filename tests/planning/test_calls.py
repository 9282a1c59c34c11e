from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from threading import Barrier, Thread
from typing import Any

import pytest

from planning import audit, outbox
from planning.calls import Call, calls, submit_call
from planning.refusals import Refused
from tests.planning.stories import CALL, HUNDRED, LATER, NOW, SETTINGS, START
from warehouse.database import Database


def call(database: Database, amount: Decimal = HUNDRED, what: Call = CALL, seen: int = 0, **more: Any):
    given = {"by": "r1", "settings": SETTINGS, "now": NOW, **more}
    return submit_call(database, what, amount, "EUR", seen=seen, **given)


def test_every_call_is_kept(database: Database):
    call(database)
    call(database, Decimal(90), seen=1, now=LATER, note=" one deal slipped ")
    assert [(c.sequence, c.amount, c.note) for c in calls(database, CALL)] == [
        (1, HUNDRED, None),
        (2, Decimal(90), "one deal slipped"),
    ]
    last = audit.history(database, "forecast_submissions")[0]
    assert (last.field, last.old_value, last.new_value) == ("amount", "100.0000", "90.0000")
    assert {p.table for p in outbox.pending(database)} == {"forecast_submissions", "changes"}


def test_a_call_is_dated_by_the_companys_day(database: Database):
    tokyo = SETTINGS.over({"time_zone": "Asia/Tokyo"})
    row = call(database, now=datetime(2026, 3, 31, 20, tzinfo=UTC), settings=tokyo)
    assert row.submitted_on == date(2026, 4, 1)


def test_the_second_of_two_callers_is_told(database: Database):
    call(database)
    with pytest.raises(Refused, match="you saw version 0, it is now version 1"):
        call(database, Decimal(90), by="m1")
    assert [c.amount for c in calls(database, CALL)] == [HUNDRED]


def test_of_two_callers_at_the_same_instant_exactly_one_wins(database: Database):
    together, results = Barrier(2), []

    def submit(who: str) -> None:
        together.wait()
        try:
            call(database, by=who)
            results.append("saved")
        except Refused as refused:
            results.append(refused.code)

    threads = [Thread(target=submit, args=(who,)) for who in ("r1", "m1")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(results) == ["changed_meanwhile", "saved"]
    assert len(calls(database, CALL)) == 1


@pytest.mark.parametrize(
    ("what", "amount", "code"),
    [
        (replace(CALL, category="hope"), HUNDRED, "bad_category"),
        (replace(CALL, scope="territory"), HUNDRED, "bad_scope"),
        (replace(CALL, rep_id="unassigned"), HUNDRED, "nobody"),
        (replace(CALL, period_end=START), HUNDRED, "period_backwards"),
        (CALL, Decimal(-5), "amount_negative"),
    ],
)
def test_what_cannot_be_is_refused_and_nothing_is_saved(
    database: Database, what: Call, amount: Decimal, code: str
):
    with pytest.raises(Refused) as caught:
        call(database, amount, what)
    assert caught.value.code == code
    assert (calls(database, what), outbox.pending_count(database)) == ([], 0)
