"""A month under review: what it pays, what it is compared with, what stands out."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from metrics.periods import calendar_of
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
    SELLER,
    Payer,
    amounts,
)
from tests.workflows.pay.test_close import LATE
from warehouse.access import AccessDenied, Viewer
from workflows.pay.close import prepare
from workflows.pay.exceptions import Payee, counted, payees
from workflows.pay.reviewing import Review, review


def of(payer: Payer, day: date, viewer: Viewer = ADMIN) -> Review:
    session = payer.session()
    return review(payer.root, payer.database, session, viewer, calendar_of(session).of("month", day))


def codes(payer: Payer, day: date, **more: object) -> dict[str, tuple[str, ...]]:
    return {payee.rep: payee.codes for payee in payees(of(payer, day), **more)}  # type: ignore[arg-type]


def test_a_month_is_what_closing_it_would_freeze(payer: Payer):
    payer.close(JANUARY)
    payer.load(LATE)
    found = of(payer, FEBRUARY)
    ready = prepare(payer.company.store, payer.database, payer.session(), ADMIN, FEBRUARY)
    assert found.digest == ready.digest
    assert ("r2", "adjustment", Decimal(2)) in amounts(found.run.lines)
    assert {row["group"]: row["amount"] for row in found.payroll.totals.to_pylist()}[
        "adjustments"
    ] == Decimal(2)


def test_a_closed_month_is_as_it_was_frozen(payer: Payer):
    done = payer.close(JANUARY)
    payer.load(LATE)
    found = of(payer, JANUARY)
    assert (found.closed, found.digest) == (True, done.digest)
    assert not found.paid_elsewhere


def test_whose_turn_it_is_to_be_closed(payer: Payer):
    assert of(payer, MARCH).why_not is None
    assert not of(payer, MAY).over
    payer.close(JANUARY)
    refused = {day: of(payer, day).why_not for day in (JANUARY, FEBRUARY, APRIL)}
    assert {day: each.code if each else None for day, each in refused.items()} == {
        JANUARY: "already_closed",
        FEBRUARY: None,
        APRIL: "close_in_order",
    }


@pytest.mark.parametrize("viewer", [SELLER, MANAGER])
def test_it_is_for_people_who_see_all_pay(payer: Payer, viewer: Viewer):
    with pytest.raises(AccessDenied):
        of(payer, JANUARY, viewer)
    assert of(payer, JANUARY, EXECUTIVE).digest == of(payer, JANUARY).digest


def test_new_gone_and_changed_payees_stand_out(payer: Payer):
    # January: r1 50. February: r1 100, r2 5.025. March: r1 25, r2 nothing. April: r2 35.
    assert codes(payer, FEBRUARY, least=Decimal(1))["r1"] == ("changed",)
    assert codes(payer, FEBRUARY, least=Decimal(51))["r1"] == ()
    assert codes(payer, FEBRUARY, least=Decimal(1), threshold=1.01)["r1"] == ()
    assert "changed" in codes(payer, MARCH, least=Decimal(1))["r1"]


def test_a_payee_without_a_line_before_is_new_and_one_without_a_line_now_is_gone(payer: Payer):
    on = [
        {"plan_id": "field", "rep_id": "r1", "currency": "USD", "valid_from": JANUARY, "valid_to": FEBRUARY}
    ]
    on += [{"plan_id": "field", "rep_id": "r2", "currency": "USD", "valid_from": FEBRUARY}]
    payer.load(DEALS, plan_assignments=on)
    assert codes(payer, FEBRUARY) == {"r1": ("gone",), "r2": ("new",)}
    gone = next(payee for payee in payees(of(payer, FEBRUARY)) if payee.rep == "r1")
    assert (gone.payable, gone.before, gone.change) == (Decimal(0), Decimal(50), -1.0)


def test_a_cap_a_loss_and_a_quota_without_pay_stand_out(payer: Payer):
    capped = PLAN[: PLAN.index("[[cases]]")].replace("rate = 0.05", "rate = 0.05\ncaps = { period = 40 }")
    payer.publish(capped.replace("version = 1", "version = 2"), reason="a cap")
    deals = (*DEALS, ("o6", date(2026, 3, 5), "r2", "-300"))
    quota = {"quota_id": "q", "version": 1, "scope": "rep", "rep_id": "r2", "measure": "bookings", "period_start": JANUARY, "period_end": FEBRUARY, "amount": 500, "currency": "USD"}  # fmt: skip
    payer.load(deals, quotas=[quota])
    assert "capped" in codes(payer, JANUARY)["r1"]
    assert "zero" in codes(payer, JANUARY)["r2"]
    assert "negative" in codes(payer, MARCH)["r2"]


def test_pay_recorded_otherwise_stands_out_only_where_another_source_pays(payer: Payer):
    assert "differs" not in codes(payer, JANUARY)["r1"]
    paid = {"payout_id": "x", "rep_id": "r1", "plan_id": "field", "component_id": "commission", "period_start": JANUARY, "period_end": FEBRUARY, "earned_on": date(2026, 1, 31), "amount": 60, "currency": "USD", "kind": "earning"}  # fmt: skip
    payer.load(DEALS, payouts=[paid])
    found = of(payer, JANUARY)
    assert found.paid_elsewhere
    (mine,) = [payee for payee in payees(found) if payee.rep == "r1"]
    assert (mine.codes, mine.payable, mine.recorded) == (("differs", "new"), Decimal(50), Decimal(60))


def test_codes_are_counted_the_gravest_first():
    def one(*given: str) -> Payee:
        return Payee("r", "USD", (), Decimal(0), Decimal(0), None, None, 0, given)  # type: ignore[arg-type]

    found = counted([one("changed", "new"), one("changed"), one("problem")])
    assert (found["problem"], found["changed"], found["new"], found["gone"]) == (1, 2, 1, 0)
    assert next(iter(found)) == "problem"
