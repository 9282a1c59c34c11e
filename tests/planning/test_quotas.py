from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from threading import Barrier, Thread
from typing import Any

import pytest

from planning import audit, outbox
from planning.quotas import Target, current_quotas, quota_history, set_quota, withdraw_quota
from planning.refusals import Refused
from tests.planning.stories import END, HUNDRED, LATER, NOW, SETTINGS, START, TARGET
from warehouse.database import Database
from warehouse.database.models import ClosedPeriod


def test_a_target_is_saved_with_its_audit_and_outbox_rows(database: Database):
    row = set_quota(database, TARGET, HUNDRED, "EUR", seen=0, by="m1", now=NOW, reason="new year")
    assert (row.version, row.amount, row.rep_id, row.team_id) == (1, HUNDRED, "r1", "unassigned")
    trail = [
        (c.changed_by, c.entity, c.field, c.old_value, c.new_value, c.reason) for c in audit.history(database)
    ]
    assert sorted(trail) == [
        ("m1", "quotas", "amount", None, "100.0000", "new year"),
        ("m1", "quotas", "currency", None, "EUR", "new year"),
        ("m1", "quotas", "is_deleted", None, "False", "new year"),
    ]
    assert {(p.table, p.entity_id) for p in outbox.pending(database)} == {
        ("quotas", row.quota_id),
        ("changes", row.quota_id),
    }


def test_a_change_is_a_later_version_and_the_earlier_one_stays(database: Database):
    first = set_quota(database, TARGET, HUNDRED, "EUR", seen=0, by="m1", now=NOW)
    set_quota(database, TARGET, Decimal("120.50"), "EUR", seen=1, by="m1", now=LATER)
    assert [(q.version, q.amount) for q in quota_history(database, first.quota_id)] == [
        (1, HUNDRED),
        (2, Decimal("120.50")),
    ]
    assert [(q.version, q.amount) for q in current_quotas(database)] == [(2, Decimal("120.50"))]
    latest = audit.history(database, "quotas", first.quota_id)[0]
    assert (latest.field, latest.old_value, latest.new_value) == ("amount", "100.0000", "120.5000")


def test_the_second_of_two_editors_is_told_and_nothing_of_theirs_is_saved(database: Database):
    set_quota(database, TARGET, HUNDRED, "EUR", seen=0, by="m1", now=NOW)
    before = outbox.pending_count(database), len(audit.history(database))
    with pytest.raises(Refused, match="you saw version 0, it is now version 1"):
        set_quota(database, TARGET, Decimal(90), "EUR", seen=0, by="m2", now=LATER)
    assert (outbox.pending_count(database), len(audit.history(database))) == before
    assert [q.amount for q in current_quotas(database)] == [HUNDRED]


def test_of_two_editors_at_the_same_instant_exactly_one_wins(database: Database):
    together, results = Barrier(2), []

    def edit(who: str, amount: int) -> None:
        together.wait()
        try:
            set_quota(database, TARGET, Decimal(amount), "EUR", seen=0, by=who, now=NOW)
            results.append(("saved", Decimal(amount)))
        except Refused as refused:
            results.append((refused.code, None))

    threads = [Thread(target=edit, args=(f"m{n}", n)) for n in (1, 2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(code for code, _ in results) == ["changed_meanwhile", "saved"]
    assert [q.amount for q in current_quotas(database)] == [amount for code, amount in results if amount]
    assert len({c.changed_by for c in audit.history(database)}) == 1


def test_an_imported_target_is_replaced_by_its_id_and_the_version_after_the_one_seen(database: Database):
    imported = replace(TARGET, quota_id="file-7")
    row = set_quota(database, imported, HUNDRED, "EUR", seen=3, by="m1", now=NOW)
    assert (row.quota_id, row.version) == ("file-7", 4)


def test_targets_of_different_reps_measures_and_periods_do_not_meet(database: Database):
    others = [
        TARGET,
        replace(TARGET, rep_id="r2"),
        replace(TARGET, measure="new business"),
        replace(TARGET, period_end=date(2026, 2, 1)),
        replace(TARGET, product_id="p1"),
        replace(TARGET, scope="team"),
    ]
    for target in others:
        set_quota(database, target, HUNDRED, "EUR", seen=0, by="m1", now=NOW)
    assert len(current_quotas(database)) == len(others)


def test_a_withdrawn_target_counts_no_more_and_can_be_set_again(database: Database):
    row = set_quota(database, TARGET, HUNDRED, "EUR", seen=0, by="m1", now=NOW)
    gone = withdraw_quota(database, TARGET, seen=1, by="m1", now=LATER, reason="left the team")
    assert (gone.version, gone.is_deleted, gone.amount) == (2, True, HUNDRED)
    assert current_quotas(database) == []
    set_quota(database, TARGET, Decimal(80), "EUR", seen=2, by="m1", now=LATER)
    assert [(q.version, q.amount) for q in current_quotas(database)] == [(3, Decimal(80))]
    assert len(quota_history(database, row.quota_id)) == 3


def test_an_imported_target_can_be_withdrawn_without_knowing_its_amount(database: Database):
    imported = replace(TARGET, quota_id="file-7")
    gone = withdraw_quota(database, imported, seen=1, by="m1", now=NOW, reason="entered twice")
    assert (gone.version, gone.is_deleted, gone.amount, gone.currency) == (2, True, None, None)


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"amount": None}, "amount_missing"),
        ({"amount": Decimal(-1)}, "amount_negative"),
        ({"amount": Decimal("0.00001")}, "amount_not_exact"),
        ({"amount": Decimal("NaN")}, "amount_not_exact"),
        ({"amount": Decimal("1e14")}, "amount_not_exact"),
        ({"amount": 0.1}, "amount_not_exact"),
        ({"currency": "euro"}, "bad_currency"),
        ({"currency": ""}, "bad_currency"),
        ({"by": ""}, "nobody"),
        ({"by": "ann@example.org"}, "key_is_email"),
        ({"target": replace(TARGET, rep_id="ann@example.org")}, "key_is_email"),
        ({"target": Target("rep", "bookings", START, END)}, "nobody"),
        ({"target": Target("territory", "bookings", START, END)}, "territory_missing"),
        ({"target": replace(TARGET, period_end=START)}, "period_backwards"),
        ({"target": replace(TARGET, scope="world")}, "bad_scope"),
        ({"target": replace(TARGET, measure="luck")}, "bad_measure"),
    ],
)
def test_what_cannot_be_is_refused_with_a_sentence_and_nothing_is_saved(
    database: Database, changes: dict[str, Any], code: str
):
    given = {"target": TARGET, "amount": HUNDRED, "currency": "EUR", "by": "m1", **changes}
    target, amount, currency, by = given.values()
    with pytest.raises(Refused) as caught:
        set_quota(database, target, amount, currency, seen=0, by=by, now=NOW, settings=SETTINGS)
    assert caught.value.code == code
    assert caught.value.sentence.endswith((".", "version."))
    assert (current_quotas(database), outbox.pending_count(database)) == ([], 0)


def test_a_withdrawal_needs_a_reason(database: Database):
    set_quota(database, TARGET, HUNDRED, "EUR", seen=0, by="m1", now=NOW)
    with pytest.raises(Refused, match="Say why"):
        withdraw_quota(database, TARGET, seen=1, by="m1", now=NOW, reason="  ")


@pytest.mark.parametrize(
    ("start", "end", "refused"),
    [
        (date(2026, 3, 1), date(2026, 4, 1), True),
        (date(2025, 7, 1), date(2026, 7, 1), True),
        (END, date(2026, 7, 1), False),
        (date(2025, 10, 1), START, False),
    ],
)
def test_a_closed_period_refuses_what_overlaps_it(database: Database, start: date, end: date, refused: bool):
    with database.write() as session:
        session.add(
            ClosedPeriod(kind="quotas", period_start=START, period_end=END, closed_by="a", closed_at=NOW)
        )
    target = replace(TARGET, period_start=start, period_end=end)
    if refused:
        with pytest.raises(Refused, match="from 2026-01-01 to 2026-04-01 is closed"):
            set_quota(database, target, HUNDRED, "EUR", seen=0, by="m1", now=NOW)
    else:
        assert set_quota(database, target, HUNDRED, "EUR", seen=0, by="m1", now=NOW).version == 1
