"""Pay beside sales, by hand: ann sold 670, bob 30, cat 1,000 (and an overlay of 50), dan 10.01."""

from __future__ import annotations

from decimal import Decimal

import pytest

from metrics.ask import ask, records
from metrics.catalogue import METRICS
from tests.metrics.plan_return.test_cost import numbers, total, view
from warehouse.access import OWNER
from warehouse.engine import Session


def test_credits_count_for_the_components_open_that_day(paid: Session) -> None:
    # Ann's 600 of January came before the bonus reached her team.
    assert numbers(paid, "plan_credited", "component") == {
        "commission": Decimal(1700), "bonus": Decimal(100), "accelerator": Decimal(1700),
        "x": Decimal("10.01"), "y": Decimal("10.01"),
    }  # fmt: skip
    assert total(paid, "plan_credited")["plan_credited"] == Decimal("1710.01")


def test_effective_rate_is_earnings_over_credits(paid: Session) -> None:
    rates = numbers(paid, "effective_rate", "rep")
    assert rates["ann"] == pytest.approx(9500 / 670)
    assert rates["cat"] == 6.0
    assert rates["dan"] == 0.0  # sold, and earned nothing
    assert rates["mia"] is None  # sold nothing herself
    overlaid = numbers(paid, "effective_rate", "rep", choices=(("overlays", "in"),))
    assert overlaid["cat"] == pytest.approx(6000 / 1050)


def test_credited_per_cost_is_empty_where_nothing_was_sold(paid: Session) -> None:
    found = numbers(paid, "credited_per_cost", "component")
    assert found["bonus"] == pytest.approx(100 / 500)
    assert found["override"] is None
    assert found["x"] is None


def test_target_rate_and_quota_to_ote_are_of_people_with_both(paid: Session) -> None:
    assert numbers(paid, "target_rate", "rep") == {"ann": 9.0, "bob": 18.0, "cat": 6.75}
    assert total(paid, "target_rate")["bottom"] == Decimal(2300)
    assert numbers(paid, "quota_to_ote", "rep")["ann"] == pytest.approx(1000 / 27000)


READINGS = {
    ("actual", "out", "sellers"): 17000,
    ("actual", "out", "leaders"): 9700,
    ("target", "out", "sellers"): 9000 + 9000 + 5400 + 500 + 90,
    ("target", "out", "leaders"): 13500,
    ("actual", "in", "sellers"): 17000 + 18000 + 10210,
    ("target", "in", "leaders"): 13500 + 18000,
}


@pytest.mark.parametrize("reading", READINGS)
def test_cost_of_sales_by_reading(paid: Session, reading: tuple[str, str, str]) -> None:
    choices = tuple(zip(("pay_taken", "base_pay", "whose_pay"), reading, strict=True))
    row = total(paid, "compensation_cost_of_sales", choices=choices)
    assert row["top"] == Decimal(READINGS[reading])
    assert row["bottom"] == Decimal("1710.01")
    assert row["compensation_cost_of_sales"] == pytest.approx(READINGS[reading] / 1710.01)


def test_sellers_and_leaders_are_everybody(paid: Session) -> None:
    tops = [
        total(paid, "compensation_cost_of_sales", choices=(("whose_pay", whose),))["top"]
        for whose in ("sellers", "leaders")
    ]
    assert sum(tops) == total(paid, "payout_cost")["payout_cost"]


def test_leaders_are_looked_at_by_manager(paid: Session) -> None:
    found = ask(
        METRICS["compensation_cost_of_sales"], ["manager"],
        view=view(paid, choices=(("whose_pay", "leaders"),)), session=paid, viewer=OWNER,
    ).to_pylist()  # fmt: skip
    assert {row["manager"]: (row["top"], row["bottom"]) for row in found} == {
        "mia": (Decimal(7500), Decimal(700)),
        "max": (Decimal(2200), Decimal("1010.01")),
        "vera": (Decimal(9700), Decimal("1710.01")),
    }


def test_records_follow_the_reading(paid: Session) -> None:
    metric = METRICS["compensation_cost_of_sales"]
    asked = view(paid, choices=(("whose_pay", "leaders"),))
    rows = records(metric, view=asked, session=paid, viewer=OWNER)
    assert set(rows["rep_id"].to_pylist()) == {"mia", "max"}
    asked = view(paid, choices=(("pay_taken", "target"),))
    rows = records(metric, view=asked, session=paid, viewer=OWNER)
    assert sum(rows["stake"].to_pylist()) == Decimal(23990)
