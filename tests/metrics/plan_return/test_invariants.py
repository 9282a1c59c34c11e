"""What must hold whatever the data: shares sum to one, parts to the whole, roll-ups contain their people."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from metrics.ask import ask
from metrics.catalogue import METRICS
from metrics.view import View
from tests.metrics.plan_return.test_other_queries import last_finished
from warehouse.access import OWNER
from warehouse.engine import Session


@pytest.fixture(params=["paid", "demo"])
def company(request: pytest.FixtureRequest) -> Session:
    session: Session = request.getfixturevalue(request.param)
    return session


def rows(session: Session, name: str, *by: str, **more: Any) -> list[dict[str, Any]]:
    base = last_finished(session)
    view = View(base.start, base.end, base.as_of, **more)
    return ask(METRICS[name], by, view=view, session=session, viewer=OWNER).to_pylist()


@pytest.mark.parametrize("keys", [(), ("plan",), ("team", "month"), ("rep",)])
def test_component_shares_sum_to_one(company: Session, keys: tuple[str, ...]) -> None:
    sums: dict[tuple[Any, ...], float] = {}
    for row in rows(company, "component_cost_share", *keys, "component"):
        key = tuple(row[name] for name in keys)
        sums[key] = sums.get(key, 0.0) + row["component_cost_share"]
    assert sums
    assert all(total == pytest.approx(1.0) for total in sums.values())


@pytest.mark.parametrize("by", ["rep", "plan", "component", "role", "region", "team", "month", "quarter"])
@pytest.mark.parametrize("name", ["payout_cost", "earnings", "target_incentive", "base_salary"])
def test_parts_sum_to_the_whole(company: Session, name: str, by: str) -> None:
    whole = rows(company, name)[0][name]
    parts = sum((row[name] for row in rows(company, name, by)), Decimal())
    # Each row at stake is rounded by itself, the same however it is cut: even these are equal to the last place.
    assert parts == whole


def test_sales_by_plan_sum_to_all_sales_of_people_on_one_plan(company: Session) -> None:
    assert (
        sum(row["plan_credited"] for row in rows(company, "plan_credited", "plan"))
        == rows(company, "plan_credited")[0]["plan_credited"]
    )


def test_no_component_is_credited_more_than_everything(company: Session) -> None:
    whole = rows(company, "plan_credited")[0]["plan_credited"]
    assert all(row["plan_credited"] <= whole for row in rows(company, "plan_credited", "component"))


def test_sellers_and_leaders_add_up_and_never_overlap(company: Session) -> None:
    for taken, name in (("actual", "payout_cost"), ("target", "target_incentive")):
        tops = [
            rows(company, "compensation_cost_of_sales", choices=(("pay_taken", taken), ("whose_pay", whose)))[
                0
            ]["top"]
            for whose in ("sellers", "leaders")
        ]
        assert sum(tops) == rows(company, name)[0][name]


def test_nobody_earns_what_is_not_open_to_them(company: Session) -> None:
    for row in rows(company, "eligible_earning", "component", "rep"):
        assert row["bottom"] == 1
        assert row["top"] in {0, 1}


def test_earnings_and_advances_are_the_cost(company: Session) -> None:
    cost = {row["rep"]: row["payout_cost"] for row in rows(company, "payout_cost", "rep")}
    earned = {row["rep"]: row["earnings"] for row in rows(company, "earnings", "rep")}
    assert set(earned) <= set(cost)
    assert sum(cost.values()) >= sum(earned.values())


def test_the_top_of_the_hierarchy_costs_what_all_below_cost(paid: Session) -> None:
    by_manager = {row["manager"]: row["payout_cost"] for row in rows(paid, "payout_cost", "manager")}
    assert by_manager["vera"] == rows(paid, "payout_cost")[0]["payout_cost"]
    assert by_manager["mia"] + by_manager["max"] == by_manager["vera"]


def test_nothing_paid_is_unplaced_in_the_demo(demo: Session) -> None:
    teams = {row["team"] for row in rows(demo, "payout_cost", "team")}
    assert "unassigned" not in teams
    assert "unassigned" not in {row["role"] for row in rows(demo, "payout_cost", "role")}
