"""Open deals and what they would pay: the exact calculation, for the person's own eyes."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from tests.workflows.pay.closing_company import (
    ADMIN,
    DEALS,
    JANUARY,
    MANAGER,
    OTHER,
    PLAN,
    SELLER,
    Payer,
    tables,
)
from tests.workflows.pay.test_personal import granting
from warehouse.access import AccessDenied
from workflows.pay.estimating import open_deals, outlook
from workflows.pay.run import run

TIERS = (
    PLAN[: PLAN.index("[[cases]]")]
    .replace("version = 1", "version = 2")
    .replace(
        "rate = 0.05", 'basis = "attainment"\ntiers = [{ from = 0, rate = 0.05 }, { from = 1, rate = 0.10 }]'
    )
)


def deal(key: str, owner: str, amount: int | None, day: date, **more: Any) -> dict[str, Any]:
    return {"opportunity_id": key, "owner_id": owner, "amount": amount, "currency": "USD", "close_on": day, "is_closed": False, "is_won": False, **more}  # fmt: skip


@pytest.fixture
def selling(payer: Payer) -> Payer:
    """A quota of 1,000 in May, and deals that may still close."""
    payer.publish(TIERS, reason="tiers")
    quotas = [{"quota_id": "q", "version": 1, "scope": "rep", "rep_id": "r1", "measure": "bookings", "period_start": date(2026, 5, 1), "period_end": date(2026, 6, 1), "amount": 1000, "currency": "USD"}]  # fmt: skip
    rows = tables(DEALS)["opportunities"] + [
        deal("p1", "r1", 600, date(2026, 5, 20), name="Pens", forecast_category="commit"),
        deal("p2", "r1", 800, date(2026, 5, 2)),
        deal("p3", "r1", None, date(2026, 5, 25)),
        deal("p4", "r2", 100, date(2026, 5, 25)),
    ]
    payer.load(DEALS, opportunities=rows, quotas=quotas)
    return payer


def test_open_deals_are_ones_own_and_an_expected_day_that_has_passed_is_today(selling: Payer):
    deals, without = open_deals(selling.session(), SELLER, "r1")
    assert [(d.deal_id, d.close_on, d.overdue) for d in deals] == [
        ("p2", date(2026, 5, 16), True),
        ("p1", date(2026, 5, 20), False),
    ]
    assert without == 1
    assert (deals[1].name, deals[1].category) == ("Pens", "commit")


def test_a_deal_that_crosses_the_quota_is_paid_at_both_rates(selling: Payer):
    session = selling.session()
    deals, _ = open_deals(session, SELLER, "r1")
    found = outlook(session, SELLER, "r1", deals)
    # 800 and 200 of the 600 at 5 %, the 400 above quota at 10 %.
    assert found.estimate.more == {"USD": Decimal(90)}
    assert [part.crosses for part in found.estimate.parts] == [False, True]
    assert found.edges("commission") == (1.0,)
    assert found.estimate.problems == ()
    assert run(session, SELLER, date(2026, 5, 1), date(2026, 6, 1)).lines["amount"].to_pylist() == [
        Decimal(0)
    ]


def test_a_deal_that_is_shared_counts_with_the_share(selling: Payer):
    rows = tables(DEALS)["opportunities"] + [deal("p1", "r1", 600, date(2026, 5, 20))]
    splits = [{"split_id": f"p1-{rep}", "opportunity_id": "p1", "rep_id": rep, "kind": "revenue", "share": Decimal(share)} for rep, share in (("r1", "0.7"), ("r2", "0.3"))]  # fmt: skip
    selling.load(DEALS, opportunities=rows, opportunity_splits=splits)
    (shared,), _ = open_deals(selling.session(), SELLER, "r1")
    assert [(part["rep"], part["share"]) for part in shared.parts] == [("r1", Decimal("0.7"))]


def test_nobody_else_sees_what_somebody_would_earn(selling: Payer):
    session = selling.session()
    for viewer in (OTHER, MANAGER):
        with pytest.raises(AccessDenied):
            open_deals(session, viewer, "r1")
    assert open_deals(session, ADMIN, "r1") == open_deals(session, SELLER, "r1")
    assert open_deals(granting(session), MANAGER, "r1") == open_deals(session, SELLER, "r1")


def test_a_manager_sees_it_of_people_who_are_theirs_today(selling: Payer):
    moved = [
        {"rep_id": "r1", "manager_id": "m1", "valid_from": JANUARY, "valid_to": date(2026, 5, 1)},
        {"rep_id": "r1", "valid_from": date(2026, 5, 1)},
    ]
    selling.load(DEALS, assignments=moved)
    with pytest.raises(AccessDenied):
        open_deals(granting(selling.session()), MANAGER, "r1")
