"""Closing a month: frozen once, in order, by those who may; what comes late is an adjustment."""

from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path
from threading import Barrier, Thread

import pytest

from planning import audit, outbox, periods
from planning.refusals import Refused
from tests.postgres import database, new_url
from tests.workflows.decisions import SETTINGS
from tests.workflows.pay.closing_company import (
    ADMIN,
    APRIL,
    DEALS,
    EXECUTIVE,
    FEBRUARY,
    JANUARY,
    MANAGER,
    MARCH,
    MAY,
    PLAN,
    RICHER,
    RICHER_FROM_MARCH,
    SELLER,
    Payer,
    amounts,
)
from warehouse.access import OWNER, STRANGER, AccessDenied, Viewer
from warehouse.database import Database
from warehouse.issues import LoadFailed
from workflows.pay.close import prepare
from workflows.pay.problems import CannotPay
from workflows.publish_decisions import publish

__all__ = ["database", "new_url"]
LATE = (*DEALS, ("o9", JANUARY.replace(day=30), "r2", "40"))
CORRECTED = (("o1", JANUARY.replace(day=10), "r1", "900"), *DEALS[1:])


@pytest.fixture
def either(database: Database, tmp_path: Path) -> Payer:
    """The company with its database on SQLite, and again on PostgreSQL."""
    return Payer.make(tmp_path / "either", database)


def cents(*rows: tuple[str, str, str]) -> list[tuple[str, str, Decimal]]:
    return [(rep, kind, Decimal(amount)) for rep, kind, amount in rows]


def test_a_month_is_frozen_with_its_digest_and_published(either: Payer):
    done = either.close(JANUARY)
    assert amounts(done.run.lines) == cents(("r1", "earning", "50"))
    (row,) = periods.closed_periods(either.database)
    assert (row.period_start, row.period_end, row.digest, row.closed_by) == (
        JANUARY,
        FEBRUARY,
        done.digest,
        "c1",
    )
    assert either.payouts() == [("r1", "commission", JANUARY, "earning", Decimal(50))]
    assert (done.adjustments, done.paid_elsewhere) == (0, False)
    assert [(t.currency, t.payees, t.lines, t.amount) for t in done.totals] == [("USD", 1, 1, Decimal(50))]
    assert outbox.pending_count(either.database) == 0


def test_what_it_was_computed_from_is_kept(payer: Payer):
    payer.close(JANUARY)
    folder = payer.root / "closed" / "2026-01-01"
    names = {path.name for path in folder.iterdir()}
    assert {"transactions.parquet", "quotas.parquet", "lines.parquet", "trace.parquet", "plans.json"} <= names
    about = json.loads((folder / "evidence.json").read_text())
    assert about["digest"] == periods.closed_periods(payer.database)[0].digest
    assert "5" not in json.dumps(about["lines"])
    assert [p["text"] for p in json.loads((folder / "plans.json").read_text())] == [PLAN]


def test_months_follow_each_other_and_none_is_closed_twice(payer: Payer):
    for month in (JANUARY, FEBRUARY, MARCH):
        payer.close(month)
    before = payer.payouts(), payer.company.digests()
    for month, code in ((JANUARY, "already_closed"), (MARCH, "already_closed"), (MAY, "close_in_order")):
        with pytest.raises(Refused) as caught:
            payer.close(month)
        assert caught.value.code == code
    assert (payer.payouts(), payer.company.digests()) == before
    assert [row[2] for row in payer.payouts()] == [JANUARY, FEBRUARY, MARCH, FEBRUARY]


def test_a_month_that_is_not_over_is_not_closed(payer: Payer):
    for month in (JANUARY, FEBRUARY, MARCH, APRIL):
        payer.close(month)
    with pytest.raises(CannotPay, match="FY2026-M05 is not over: the data stands at 2026-05-16"):
        payer.close(MAY)


def test_a_late_deal_changes_no_closed_month_and_is_paid_as_an_adjustment(payer: Payer):
    first = payer.close(JANUARY)
    payer.load(LATE)
    done = payer.close(FEBRUARY)
    assert amounts(done.run.lines) == cents(
        ("r1", "earning", "100"), ("r2", "adjustment", "2"), ("r2", "earning", "5.03")
    )
    (row,) = [line for line in done.run.lines.to_pylist() if line["kind"] == "adjustment"]
    assert (row["adjusts"], row["pay_start"]) == (JANUARY, FEBRUARY)
    assert "o9" in row["reason"]
    assert periods.closed_period(payer.database, JANUARY).digest == first.digest
    assert payer.payouts()[0] == ("r1", "commission", JANUARY, "earning", Decimal(50))


def test_what_was_adjusted_once_is_not_adjusted_again(payer: Payer):
    payer.close(JANUARY)
    payer.load(LATE)
    payer.close(FEBRUARY)
    assert payer.close(MARCH).adjustments == 0
    payer.load(CORRECTED)  # o9 is gone again, and o1 was less
    done = payer.close(APRIL)
    assert amounts(done.run.lines) == cents(
        ("r1", "adjustment", "-5"), ("r2", "adjustment", "-2"), ("r2", "earning", "35")
    )
    assert sum(row[4] for row in payer.payouts()) == Decimal(45) + Decimal("105.03") + 25 + 35


def test_a_plan_that_reaches_back_is_paid_as_an_adjustment_and_needs_a_reason(payer: Payer):
    payer.close(JANUARY)
    with pytest.raises(Refused, match="Say why"):
        payer.publish(RICHER)
    payer.publish(RICHER, reason="signed late")
    done = payer.close(FEBRUARY)
    assert ("r1", "adjustment", Decimal(50)) in amounts(done.run.lines)
    assert ("r1", "earning", Decimal(200)) in amounts(done.run.lines)


def test_a_later_version_ends_the_one_before(payer: Payer):
    payer.publish(RICHER_FROM_MARCH)
    assert amounts(payer.close(JANUARY).run.lines) == cents(("r1", "earning", "50"))
    payer.close(FEBRUARY)
    assert amounts(payer.close(MARCH).run.lines) == cents(("r1", "earning", "50"))


def test_what_was_decided_a_moment_ago_counts(payer: Payer):
    with payer.database.write() as session:
        outbox.put(session, "plans", "field", payer.company.tick())
    payer.close(JANUARY)
    assert outbox.pending_count(payer.database) == 0


def test_pay_that_changed_since_it_was_looked_at_is_not_closed(payer: Payer):
    seen = prepare(payer.company.store, payer.database, payer.session(), ADMIN, JANUARY).digest
    payer.load(CORRECTED)
    with pytest.raises(CannotPay, match="has changed since you looked at it"):
        payer.close(JANUARY, seen=seen)
    assert periods.closed_periods(payer.database) == []
    again = prepare(payer.company.store, payer.database, payer.session(), ADMIN, JANUARY).digest
    assert payer.close(JANUARY, seen=again).digest == again != seen


@pytest.mark.parametrize(
    "viewer", [EXECUTIVE, MANAGER, SELLER, STRANGER], ids=lambda v: "+".join(sorted(v.roles))
)
def test_only_those_who_run_pay_close_it(payer: Payer, viewer: Viewer):
    with pytest.raises(AccessDenied):
        payer.close(JANUARY, viewer)
    with pytest.raises(AccessDenied):
        prepare(payer.company.store, payer.database, payer.session(), viewer, JANUARY)
    assert periods.closed_periods(payer.database) == []
    assert not (payer.root / "closed").exists()


@pytest.mark.parametrize("viewer", [OWNER, ADMIN, Viewer("a1", frozenset({"administrator"}))])
def test_those_who_run_pay_close_it(payer: Payer, viewer: Viewer):
    payer.close(JANUARY, viewer)
    assert [p.closed_by for p in periods.closed_periods(payer.database)] == [viewer.key]


def test_without_a_plan_there_is_nothing_to_close(tmp_path: Path):
    payer = Payer.make(tmp_path / "bare", Database(f"sqlite:///{tmp_path}/bare.sqlite"), plan=None)
    with pytest.raises(CannotPay, match="No plan is in force in FY2026-M01"):
        payer.close(JANUARY)


def test_a_plan_that_cannot_be_read_stops_everything(payer: Payer):
    broken = {"plan_id": "old", "version": 1, "terms": "Pay well.", "valid_from": JANUARY}
    payer.load(DEALS, plans=[broken])
    with pytest.raises(CannotPay, match="old, version 1"):
        payer.close(JANUARY)
    assert periods.closed_periods(payer.database) == []


def test_of_two_who_close_at_once_exactly_one_does(either: Payer):
    together, results = Barrier(2), []

    def press(viewer: Viewer) -> None:
        together.wait()
        try:
            either.close(JANUARY, viewer)
            results.append("closed")
        except Refused as refused:
            results.append(refused.code)

    threads = [Thread(target=press, args=(viewer,)) for viewer in (ADMIN, OWNER)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(results) == ["already_closed", "closed"]
    assert len(either.payouts()) == 1


def test_nothing_of_what_is_paid_is_in_the_audit_trail(payer: Payer):
    payer.close(JANUARY)
    trail = audit.history(payer.database, "closed_periods")
    assert {row.field for row in trail} == {"period_end", "digest"}


# ------------------------------------------------------------------------- what can go wrong


def test_a_crash_before_the_database_knows_leaves_the_month_open(
    payer: Payer, monkeypatch: pytest.MonkeyPatch
):
    with monkeypatch.context() as patched, pytest.raises(KeyboardInterrupt):
        patched.setattr("workflows.pay.close.periods.close_period", _crash)
        payer.close(JANUARY)
    assert (periods.closed_periods(payer.database), payer.payouts()) == ([], [])
    assert (payer.root / "closed" / "2026-01-01").is_dir()
    payer.close(JANUARY)
    assert len(payer.payouts()) == 1


def test_a_crash_before_publishing_loses_nothing(either: Payer, monkeypatch: pytest.MonkeyPatch):
    with monkeypatch.context() as patched, pytest.raises(KeyboardInterrupt):
        patched.setattr("workflows.pay.close._publish", _crash)
        either.close(JANUARY)
    assert len(periods.closed_periods(either.database)) == 1
    assert either.payouts() == []
    publish(either.company.store, either.database, SETTINGS, either.company.tick())
    assert len(either.payouts()) == 1


def test_publishing_that_fails_leaves_the_month_closed_and_says_so(
    payer: Payer, monkeypatch: pytest.MonkeyPatch
):
    def fail(*_: object, **__: object) -> None:
        raise LoadFailed([])

    with monkeypatch.context() as patched:
        patched.setattr("workflows.pay.publishing._payouts", fail)
        assert payer.close(JANUARY).version is None
    publish(payer.company.store, payer.database, SETTINGS, payer.company.tick())
    assert len(payer.payouts()) == 1


def test_what_a_closing_left_behind_goes_with_the_next(payer: Payer):
    strays = [payer.root / "closed" / name for name in ("2026-01-01.half", "2026-02-01")]
    for stray in strays:
        stray.mkdir(parents=True)
        (stray / "lines.parquet").write_bytes(b"half")
    payer.close(JANUARY)
    assert [path.name for path in (payer.root / "closed").iterdir()] == ["2026-01-01"]


def _crash(*_: object, **__: object) -> None:
    raise KeyboardInterrupt


# ------------------------------------------------------------------------- beside another source


def sent(day: str, amount: int) -> dict[str, object]:
    start = JANUARY.fromisoformat(day).replace(day=1)
    return {
        "payout_id": f"x-{day}",
        "rep_id": "r1",
        "plan_id": "field",
        "component_id": "commission",
        "period_start": start,
        "period_end": start.replace(month=start.month + 1),
        "earned_on": JANUARY.fromisoformat(day),
        "kind": "earning",
        "amount": amount,
        "currency": "USD",
    }


def test_a_month_another_source_pays_is_kept_for_comparing_only(payer: Payer):
    payer.load(DEALS, payouts=[sent("2026-01-31", 48)])
    assert payer.close(JANUARY).paid_elsewhere
    assert not payer.close(FEBRUARY).paid_elsewhere
    assert [(row[2], row[4]) for row in payer.payouts()] == [
        (JANUARY, Decimal(48)),
        (FEBRUARY, Decimal(100)),
        (FEBRUARY, Decimal("5.03")),
    ]


def test_a_later_load_takes_a_month_over_and_gives_it_back(payer: Payer):
    payer.close(JANUARY)
    payer.load(DEALS, payouts=[sent("2026-01-31", 48)])
    assert [row[4] for row in payer.payouts()] == [Decimal(48)]
    payer.load(DEALS, payouts=[sent("2026-03-31", 25)])
    assert [row[4] for row in payer.payouts()] == [Decimal(50), Decimal(25)]


def test_components_of_plans_decided_here_are_published(payer: Payer):
    assert payer.company.rows("plan_components", "plan_id", "component_id", "kind", "period") == [
        ("field", "commission", "commission", "month")
    ]
