"""What pay costs, worked out by hand on the paid company (its docstring is the ledger)."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from metrics.ask import ask, records, records_count
from metrics.catalogue import METRICS
from metrics.periods import calendar_of, view_of
from metrics.view import MetricError, View
from tests.metrics.small_company import AS_OF
from warehouse.access import OWNER, Viewer
from warehouse.engine import Session


def view(session: Session, period: str = "FY2026-Q1", **more: Any) -> View:
    return view_of(calendar_of(session), period, AS_OF, **more)


def numbers(session: Session, name: str, by: str, period: str = "FY2026-Q1", **more: Any) -> dict[str, Any]:
    """Key → value of a metric asked by one key."""
    viewer = more.pop("viewer", OWNER)
    found = ask(METRICS[name], [by], view=view(session, period, **more), session=session, viewer=viewer)
    return {row[by]: row[name] for row in found.to_pylist()}


def total(session: Session, name: str, period: str = "FY2026-Q1", **more: Any) -> dict[str, Any]:
    viewer: Viewer = more.pop("viewer", OWNER)
    found = ask(METRICS[name], view=view(session, period, **more), session=session, viewer=viewer)
    assert found.num_rows == 1
    return found.to_pylist()[0]


COST = {"ann": 9700, "bob": 900, "cat": 6000, "eve": 400, "max": 2200, "mia": 7500}


def test_cost_is_everything_paid_net(paid: Session) -> None:
    assert numbers(paid, "payout_cost", "rep") == {rep: Decimal(cost) for rep, cost in COST.items()}
    assert total(paid, "payout_cost")["payout_cost"] == Decimal(26700)
    assert total(paid, "payout_cost", "FY2026-Q2")["payout_cost"] == Decimal(1050)


def test_earnings_leave_advances_out(paid: Session) -> None:
    assert numbers(paid, "earnings", "rep") == {
        rep: Decimal(cost) for rep, cost in {**COST, "ann": 9500}.items()
    }


def test_cost_by_component_and_plan(paid: Session) -> None:
    assert numbers(paid, "payout_cost", "component") == {
        "commission": Decimal(16500), "bonus": Decimal(500), "override": Decimal(9700),
    }  # fmt: skip
    assert numbers(paid, "payout_cost", "plan") == {"field": Decimal(17000), "lead": Decimal(9700)}


def test_a_leaver_s_pay_belongs_to_the_team_they_left(paid: Session) -> None:
    teams = {"Mia's team": Decimal(18100), "Max's team": Decimal(8600)}
    assert numbers(paid, "payout_cost", "team") == teams
    assert numbers(paid, "payout_cost", "manager") == {
        "mia": Decimal(18100), "max": Decimal(8600), "vera": Decimal(26700),
    }  # fmt: skip
    assert numbers(paid, "payout_cost", "role") == {"seller": Decimal(17000), "manager": Decimal(9700)}
    assert numbers(paid, "payout_cost", "region") == {
        "West": Decimal(10600), "East": Decimal(6400), "unassigned": Decimal(9700),
    }  # fmt: skip


def test_a_team_looked_at_is_the_team_s_row(paid: Session) -> None:
    looked = total(paid, "payout_cost", where=(("manager", "max"),))
    assert looked["payout_cost"] == Decimal(8600)
    assert total(paid, "payout_cost", where=(("role", "manager"),))["payout_cost"] == Decimal(9700)


def test_target_incentive_goes_by_days_weights_and_openness(paid: Session) -> None:
    assert numbers(paid, "target_incentive", "rep") == {
        "ann": Decimal(9000), "bob": Decimal(9000), "cat": Decimal(5400), "dan": Decimal(90),
        "eve": Decimal(500), "max": Decimal(4500), "mia": Decimal(9000),
    }  # fmt: skip
    assert numbers(paid, "target_incentive", "component") == {
        "commission": Decimal(2 * 7820 + 5400 + 500),
        "bonus": Decimal(2 * 1180),
        "accelerator": Decimal(0),
        "override": Decimal(13500),
        "unassigned": Decimal(90),
    }


def test_what_is_not_over_yet_is_not_at_stake_yet(paid: Session) -> None:
    # April is over on 15 May, the second quarter is not: only what goes by months counts.
    assert numbers(paid, "target_incentive", "rep", "FY2026-Q2") == {"mia": Decimal(3000), "dan": Decimal(30)}


def test_base_salary_and_on_target_earnings(paid: Session) -> None:
    # Cat's 100 euros a day: January and February at 1.10, March at 1.20.
    base = numbers(paid, "base_salary", "rep")
    assert (base["ann"], base["cat"], base["mia"]) == (Decimal(18000), Decimal(10210), Decimal(18000))
    assert numbers(paid, "on_target_earnings", "rep")["cat"] == Decimal(15610)
    assert numbers(paid, "pay_mix", "rep")["ann"] == pytest.approx(1 / 3)
    assert numbers(paid, "pay_mix", "rep")["eve"] == 1.0


def test_shares_of_cost(paid: Session) -> None:
    shares = numbers(paid, "component_cost_share", "component")
    assert shares["commission"] == pytest.approx(16500 / 26700)
    assert sum(shares.values()) == pytest.approx(1.0)
    one = total(paid, "component_cost_share", where=(("component", "bonus"), ("plan", "field")))
    assert (one["top"], one["bottom"]) == (Decimal(500), Decimal(17000))
    assert total(paid, "component_cost_share")["component_cost_share"] == 1.0


def test_payout_index(paid: Session) -> None:
    index = numbers(paid, "payout_index", "component")
    assert index["commission"] == pytest.approx(16500 / 21540)
    assert index["bonus"] == pytest.approx(500 / 2360)
    assert index["override"] == pytest.approx(9700 / 13500)
    assert index["accelerator"] is None
    assert numbers(paid, "payout_index", "rep")["cat"] == pytest.approx(6000 / 5400)


def test_eligible_people_and_who_of_them_earned(paid: Session) -> None:
    found = ask(METRICS["eligible_earning"], ["component"], view=view(paid), session=paid, viewer=OWNER)
    assert {row["component"]: (row["top"], row["bottom"]) for row in found.to_pylist()} == {
        "commission": (4, 4), "bonus": (1, 2), "accelerator": (0, 4), "override": (2, 2), "x": (0, 1), "y": (0, 1),
    }  # fmt: skip
    assert total(paid, "eligible_earning")["eligible_earning"] == pytest.approx(6 / 7)
    assert total(paid, "eligible_people")["eligible_people"] == 7


def test_a_measure_looked_at_does_not_hide_pay(paid: Session) -> None:
    assert total(paid, "payout_cost", where=(("measure", "bookings"),))["payout_cost"] == Decimal(26700)
    with pytest.raises(MetricError, match="does not know measure"):
        numbers(paid, "payout_cost", "measure")


def test_records_are_the_rows_behind_the_number(paid: Session) -> None:
    asked = view(paid, where=(("component", "bonus"),))
    rows = records(METRICS["payout_index"], view=asked, session=paid, viewer=OWNER)
    assert rows["payout_id"].to_pylist() == ["ann-bonus-2026-03-31-earning"]
    below = records(METRICS["payout_index"], view=asked, session=paid, viewer=OWNER, part="bottom")
    assert sum(below["stake"].to_pylist()) == Decimal(2360)
    count = records_count(METRICS["payout_index"], view=asked, session=paid, viewer=OWNER, part="bottom")
    assert count == below.num_rows == 4


def test_comparison_sets_the_quarter_before_beside(paid: Session) -> None:
    asked = view(paid, "FY2026-Q2", compare="previous")
    row = ask(METRICS["payout_cost"], view=asked, session=paid, viewer=OWNER).to_pylist()[0]
    # On day 45 of the quarter before, the draw and January's overrides were earned.
    assert (row["payout_cost"], row["payout_cost_before"]) == (Decimal(1050), Decimal(3800))


def test_only_what_tells_pay_is_pay() -> None:
    assert {name for name, metric in METRICS.items() if not metric.pay} == {
        "credited", "quota", "quota_attainment", "quota_gap", "quota_realisation", "reps_at_quota",
        "run_rate_attainment", "run_rate_attainment_linear", "expected_quota", "expected_quota_linear", "pace",
        "pace_last_year", "ramped_quota", "ramped_attainment", "over_assignment", "headcount", "attainment_spread",
        "concentration",
    }  # fmt: skip
