"""One person's month: what explains it, who may see it, what waits."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from metrics.periods import Period, calendar_of
from tests.workflows.pay.closing_company import (
    ADMIN,
    DEALS,
    EXECUTIVE,
    FEBRUARY,
    JANUARY,
    MANAGER,
    MARCH,
    OTHER,
    PLAN,
    SELLER,
    Payer,
    amounts,
)
from warehouse.access import STRANGER, AccessDenied, Viewer
from warehouse.engine import Session
from workflows.pay.personal import Personal, personal
from workflows.pay.recorded import days_recorded, deal_names, payees, recorded
from workflows.pay.run import run

HELD = PLAN.replace("rate = 0.05", 'rate = 0.05\nhold = { until = "paid" }').replace(
    "[[cases]]", "[[cases]]", 1
)
HELD = HELD[: HELD.index("[[cases]]")]


def month(session: Session, day: date) -> Period:
    return calendar_of(session).of("month", day)


def of(payer: Payer, viewer: Viewer, rep: str, day: date, session: Session | None = None) -> Personal:
    session = session or payer.session()
    return personal(payer.root, payer.database, session, viewer, rep, month(session, day))


def granting(session: Session) -> Session:
    """The same company, where managers see the pay of their reports."""
    settings = session.version.settings | {"manager_sees_pay": True}
    return replace(session, version=replace(session.version, settings=settings))


def test_a_person_reads_their_own_lines_as_everybodys_run_has_them(payer: Payer):
    found = of(payer, SELLER, "r1", FEBRUARY)
    everybody = run(payer.session(), ADMIN, FEBRUARY, MARCH).lines.to_pylist()
    assert amounts(found.run.lines) == [("r1", "earning", Decimal(100))]
    assert {row["line_id"] for row in found.run.lines.to_pylist()} == {
        row["line_id"] for row in everybody if row["rep"] == "r1"
    }
    assert (len(found.recorded), found.closed) == (0, False)
    assert [plan.id for plan in found.plans] == ["field"]


@pytest.mark.parametrize("viewer", [ADMIN, EXECUTIVE])
def test_whoever_sees_all_pay_reads_a_persons_statement_as_that_person(payer: Payer, viewer: Viewer):
    theirs, own = of(payer, viewer, "r1", FEBRUARY), of(payer, SELLER, "r1", FEBRUARY)
    assert theirs.run.digest == own.run.digest


@pytest.mark.parametrize(
    ("viewer", "rep"), [(OTHER, "r1"), (MANAGER, "r1"), (MANAGER, "r2"), (STRANGER, "r1")]
)
def test_nobody_else_reads_it(payer: Payer, viewer: Viewer, rep: str):
    with pytest.raises(AccessDenied):
        of(payer, viewer, rep, FEBRUARY)


def test_a_manager_reads_a_reports_pay_where_the_settings_grant_it_and_of_their_days_only(payer: Payer):
    session = granting(payer.session())
    assert payees(session, MANAGER) == {"r1"}
    assert amounts(of(payer, MANAGER, "r1", FEBRUARY, session).run.lines) == [("r1", "earning", Decimal(100))]
    with pytest.raises(AccessDenied):
        of(payer, MANAGER, "r2", FEBRUARY, session)


def test_what_was_earned_on_days_the_rep_was_somebody_elses_is_left_out(payer: Payer):
    moved = [
        {"rep_id": "r1", "manager_id": "m1", "valid_from": JANUARY, "valid_to": date(2026, 2, 10)},
        {"rep_id": "r1", "valid_from": date(2026, 2, 10)},
    ]
    payer.load(DEALS, assignments=moved)
    session = granting(payer.session())
    assert amounts(of(payer, MANAGER, "r1", JANUARY, session).run.lines) == [("r1", "earning", Decimal(50))]
    found = of(payer, MANAGER, "r1", FEBRUARY, session)
    assert (len(found.run.lines), len(found.run.trace), len(found.run.balances)) == (0, 0, 0)


def test_a_closed_month_is_as_it_was_frozen_and_what_was_recorded_is_beside_it(payer: Payer):
    payer.close(JANUARY)
    payer.load((("o1", DEALS[0][1], "r1", "9000"), *DEALS[1:]))
    found = of(payer, SELLER, "r1", JANUARY)
    assert found.closed
    assert amounts(found.run.lines) == [("r1", "earning", Decimal(50))]
    assert found.recorded["amount"].to_pylist() == [Decimal(50)]
    assert found.compared.agrees


def test_recorded_pay_that_is_not_what_the_plans_give_shows(payer: Payer):
    paid = {"payout_id": "x", "rep_id": "r1", "plan_id": "field", "component_id": "commission", "period_start": JANUARY, "period_end": FEBRUARY, "earned_on": date(2026, 1, 31), "amount": 60, "currency": "USD", "kind": "earning"}  # fmt: skip
    payer.load(DEALS, payouts=[paid])
    (row,) = of(payer, SELLER, "r1", JANUARY).compared.rows.to_pylist()
    assert (row["status"], row["modelled"], row["recorded"]) == ("different", Decimal(50), Decimal(60))
    assert days_recorded(payer.session(), SELLER, "r1") == (date(2026, 1, 31), date(2026, 1, 31))
    assert days_recorded(payer.session(), OTHER, "r1") is None
    assert len(recorded(payer.session(), OTHER, JANUARY, MARCH)) == 0


def test_held_pay_waits_deal_by_deal_until_its_event(payer: Payer):
    payer.publish(HELD.replace("version = 1", "version = 2"), reason="holds")
    event = {"change_id": "c1", "opportunity_id": "o1", "field": "paid_on", "new_value": "2026-02-20", "changed_on": date(2026, 2, 20), "origin": "native"}  # fmt: skip
    payer.load(DEALS, opportunity_changes=[event])
    january, february = of(payer, SELLER, "r1", JANUARY), of(payer, SELLER, "r1", FEBRUARY)
    assert [(w.deal_id, w.until, w.amount) for w in january.waiting] == [("o1", "paid", Decimal(50))]
    assert [(w.deal_id, w.amount) for w in february.waiting] == [("o2", Decimal(100))]
    assert sum(row["held"] for row in february.run.balances.to_pylist()) == Decimal(100)


def test_deals_are_named_for_whoever_is_credited_with_them_and_nobody_else(payer: Payer):
    payer.load(DEALS)
    assert set(deal_names(payer.session(), SELLER, ["o1", "o3"])) == {"o1"}
    assert set(deal_names(payer.session(), ADMIN, ["o1", "o3"])) == {"o1", "o3"}
