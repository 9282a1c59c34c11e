"""Attainment, worked out by hand on the small company (its docstring is the ledger)."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from metrics.ask import ask, records
from metrics.catalogue import METRICS
from metrics.periods import calendar_of, view_of
from metrics.view import MetricError, View
from tests.metrics.small_company import AS_OF
from warehouse.access import OWNER, Viewer
from warehouse.engine import Session


def view(session: Session, period: str, **more: Any) -> View:
    return view_of(calendar_of(session), period, AS_OF, **more)


def numbers(session: Session, name: str, by: str, period: str = "FY2026-Q1", **more: Any) -> dict[str, Any]:
    """Key → value of a metric asked by one key."""
    found = ask(METRICS[name], [by], view=view(session, period, **more), session=session, viewer=OWNER)
    return {row[by]: row[name] for row in found.to_pylist()}


def total(session: Session, name: str, period: str = "FY2026-Q1", **more: Any) -> dict[str, Any]:
    found = ask(METRICS[name], view=view(session, period, **more), session=session, viewer=OWNER)
    assert found.num_rows == 1
    return found.to_pylist()[0]


def test_credited_by_rep_follows_splits_and_leaves_overlays_out(small: Session) -> None:
    assert numbers(small, "credited", "rep") == {
        "ann": Decimal(670),
        "bob": Decimal(30),
        "cat": Decimal(1000),
        "dan": Decimal("10.01"),
    }


def test_the_company_is_the_sum_of_its_reps(small: Session) -> None:
    assert total(small, "credited")["credited"] == Decimal("1710.01")
    assert total(small, "quota")["quota"] == Decimal(2300)


def test_attainment_needs_a_quota_and_no_sales_are_zero(small: Session) -> None:
    assert numbers(small, "quota_attainment", "rep") == {
        "ann": 0.67,
        "bob": 0.06,
        "cat": 1.25,
        "dan": None,
    }
    assert numbers(small, "quota_attainment", "rep", "FY2026-Q2") == {"ann": 0.0, "bob": 0.5, "cat": None}


def test_a_ratio_is_taken_from_sums(small: Session) -> None:
    row = total(small, "quota_attainment")
    assert row["top"] == Decimal("1710.01")
    assert row["bottom"] == Decimal(2300)
    assert row["quota_attainment"] == pytest.approx(1710.01 / 2300, abs=1e-12)


def test_managers_roll_up_everybody_below_by_date(small: Session) -> None:
    assert numbers(small, "credited", "manager") == {
        "mia": Decimal(700),
        "max": Decimal("1010.01"),
        "vera": Decimal("1710.01"),
    }


def test_history_can_move_with_the_rep(small: Session) -> None:
    moved = numbers(small, "credited", "manager", choices=(("credit_by", "moves_with_rep"),))
    assert moved["mia"] == Decimal(670)
    assert moved["max"] == Decimal("1040.01")
    assert moved["vera"] == Decimal("1710.01")
    teams = numbers(small, "credited", "team", choices=(("credit_by", "moves_with_rep"),))
    assert teams == {"Mia's team": Decimal(670), "Max's team": Decimal("1040.01")}


def test_a_managers_own_number_goes_before_the_sum(small: Session) -> None:
    assert numbers(small, "quota", "manager")["mia"] == Decimal(1200)
    summed = numbers(small, "quota", "manager", choices=(("target_of", "sum_of_reps"),))
    assert summed["mia"] == Decimal(1500)
    assert summed["vera"] == Decimal(2300)


def test_a_carried_number_counts_month_by_month(small: Session) -> None:
    # Q1 is carried (1,200); for Q2 mia carries nothing, so ann's 1,000 counts (bob has left for max).
    assert numbers(small, "quota", "manager", "FY2026")["mia"] == Decimal(2200)
    assert numbers(small, "quota", "manager", "FY2026")["vera"] == Decimal(3900)


def test_one_manager_looked_at_is_the_managers_row(small: Session) -> None:
    alone = total(small, "quota_attainment", where=(("manager", "mia"),))
    row = ask(
        METRICS["quota_attainment"], ["manager"], view=view(small, "FY2026-Q1"), session=small, viewer=OWNER
    ).to_pylist()[1]
    assert row["manager"] == "mia"
    assert (alone["top"], alone["bottom"]) == (row["top"], row["bottom"]) == (Decimal(700), Decimal(1200))
    asked = view(small, "FY2026-Q1", where=(("manager", "mia"),))
    rows = records(METRICS["quota"], view=asked, session=small, viewer=OWNER)
    assert sum(rows["amount_reporting"].to_pylist()) == Decimal(1200)


def test_a_territory_can_carry_a_number_too(small: Session) -> None:
    assert numbers(small, "quota", "territory", "FY2026-Q2") == {
        "north": Decimal(1000),
        "south": Decimal(700),
    }
    assert numbers(small, "quota", "region", "FY2026-Q2") == {"West": Decimal(1000), "East": Decimal(700)}
    assert numbers(small, "quota", "region") == {"West": Decimal(1500), "East": Decimal(800)}
    assert total(small, "quota", "FY2026-Q2")["quota"] == Decimal(1600)


def test_quotas_want_whole_months(small: Session) -> None:
    with pytest.raises(MetricError, match="2026-01-01 to 2026-02-28"):
        total(small, "quota", "2026-01-15..2026-02-10")
    assert total(small, "credited", "2026-01-15..2026-02-10")["credited"] == Decimal(1600)


def test_a_measure_nobody_set_up_is_refused(small: Session) -> None:
    with pytest.raises(MetricError, match="known are bookings"):
        total(small, "quota", where=(("measure", "renewals"),))


def test_over_assignment_compares_the_two(small: Session) -> None:
    assert numbers(small, "over_assignment", "manager") == {"mia": pytest.approx(0.25)}
    with pytest.raises(MetricError, match="by manager"):
        total(small, "over_assignment")


def test_gap_is_empty_without_a_quota(small: Session) -> None:
    assert numbers(small, "quota_gap", "rep") == {
        "ann": Decimal(330),
        "bob": Decimal(470),
        "cat": Decimal(-200),
        "dan": None,
    }


def test_realisation_leaves_reps_without_quota_out(small: Session) -> None:
    assert total(small, "quota_realisation")["quota_realisation"] == pytest.approx(1700 / 2300)


def test_reps_at_quota_counts_those_who_carry_one(small: Session) -> None:
    row = total(small, "reps_at_quota")
    assert (row["top"], row["bottom"]) == (1, 3)
    assert row["reps_at_quota"] == pytest.approx(1 / 3)


def test_teams_and_territories_and_products(small: Session) -> None:
    assert numbers(small, "quota_attainment", "team")["Mia's team"] == pytest.approx(700 / 1500)
    assert numbers(small, "credited", "region") == {"West": Decimal(700), "East": Decimal("1010.01")}
    assert numbers(small, "credited", "product") == {
        "p1": Decimal(450),
        "p2": Decimal(150),
        "unassigned": Decimal("1110.01"),
    }
    assert numbers(small, "credited", "family")["Widgets"] == Decimal(450)


def test_the_linear_run_rate_uses_the_days_passed(small: Session) -> None:
    row = total(small, "run_rate_attainment_linear", "FY2026-Q2")
    assert float(row["bottom"]) == pytest.approx(1600 * 45 / 91, abs=0.001)
    assert row["run_rate_attainment_linear"] == pytest.approx(350 / (1600 * 45 / 91), rel=1e-6)


def test_the_usual_run_rate_learns_from_earlier_quarters(small: Session) -> None:
    # By this part of the quarter 600 + 1,000 of 1,710.01 (Q1) and 400 of 400 (a year ago) were booked.
    share = 2000 / 2110.01
    row = total(small, "run_rate_attainment", "FY2026-Q2")
    assert float(row["bottom"]) == pytest.approx(1600 * share, abs=0.01)
    assert row["top"] == Decimal(350)


def test_a_finished_period_is_due_in_full(small: Session) -> None:
    assert total(small, "run_rate_attainment")["bottom"] == Decimal(2300)
    assert total(small, "run_rate_attainment_linear")["bottom"] == Decimal(2300)


def test_pace_compares_the_same_day(small: Session) -> None:
    assert total(small, "pace", "FY2026-Q2")["pace"] == pytest.approx(350 / 1600)
    assert total(small, "pace_last_year", "FY2026-Q2")["pace_last_year"] == pytest.approx(350 / 400)


def test_comparison_keeps_reps_of_either_side(small: Session) -> None:
    asked = view(small, "FY2026-Q2", compare="previous")
    found = ask(METRICS["credited"], ["rep"], view=asked, session=small, viewer=OWNER).to_pylist()
    rows = {row["rep"]: (row["credited"], row["credited_before"], row["change"]) for row in found}
    assert rows == {
        "ann": (None, Decimal(600), Decimal(-600)),
        "bob": (Decimal(300), None, Decimal(300)),
        "cat": (Decimal(50), Decimal(1000), Decimal(-950)),
    }


def test_comparison_by_quarter_sets_each_beside_the_one_before(small: Session) -> None:
    asked = view(small, "FY2026", compare="previous")
    found = ask(METRICS["credited"], ["quarter"], view=asked, session=small, viewer=OWNER).to_pylist()
    rows = {row["quarter"]: (row["credited"], row["credited_before"]) for row in found}
    assert rows["FY2026-Q1"] == (Decimal("1710.01"), None)
    assert rows["FY2026-Q2"] == (Decimal(350), Decimal(1600))  # at the same day


def test_ramped_quota_counts_the_months_of_tenure(small: Session) -> None:
    # Ann's 1,000 by days: January 0 %, February 25 %, March 50 %.
    expected = 0.25 * 1000 * 28 / 90 + 0.5 * 1000 * 31 / 90
    assert float(numbers(small, "ramped_quota", "rep")["ann"]) == pytest.approx(expected, abs=0.02)
    assert numbers(small, "ramped_quota", "rep")["bob"] == Decimal(500)


def test_spread_of_three_reps(small: Session) -> None:
    row = total(small, "attainment_spread")
    assert row["reps"] == 3
    assert row["median"] == pytest.approx(0.67)
    assert row["bottom"] == pytest.approx(0.66)  # mean of 0.67, 0.06, 1.25
    assert row["attainment_spread"] == pytest.approx((((0.01**2) + (0.6**2) + (0.59**2)) / 3) ** 0.5 / 0.66)
    assert row["within_80_120"] == 0


def test_concentration_counts_part_of_a_person(small: Session) -> None:
    row = total(small, "concentration")
    assert row["concentration"] == pytest.approx(0.8 * 1000 / 1710.01)
    assert row["gini"] == pytest.approx(3609.97 / 6840.04)


def test_headcount_is_a_stock(small: Session) -> None:
    assert total(small, "headcount")["headcount"] == 7
    assert numbers(small, "headcount", "manager")["max"] == 3  # max, cat, dan; bob came the day after
    assert numbers(small, "headcount", "manager", "FY2026-Q2")["max"] == 4
    with pytest.raises(MetricError, match="stock"):
        numbers(small, "headcount", "quarter")


def test_filters_narrow_both_sides(small: Session) -> None:
    summed = (("target_of", "sum_of_reps"),)
    row = total(small, "quota_attainment", where=(("manager", "mia"),), choices=summed)
    assert (row["top"], row["bottom"]) == (Decimal(700), Decimal(1500))
    row = total(small, "quota_attainment", where=(("rep", "ann"), ("rep", "cat")))
    assert (row["top"], row["bottom"]) == (Decimal(1670), Decimal(1800))
    nobody = total(small, "credited", where=(("rep", "o'brien\\"),))
    assert nobody["credited"] is None


def test_a_filter_a_metric_does_not_know_is_refused(small: Session) -> None:
    with pytest.raises(MetricError, match="segment"):
        total(small, "quota_attainment", where=(("segment", "Enterprise"),))
    assert total(small, "credited", where=(("segment", "Enterprise"),))["credited"] == Decimal("1710.01")


def test_records_sum_to_the_number(small: Session) -> None:
    asked = replace(view(small, "FY2026-Q1"), where=(("rep", "ann"),))
    rows = records(METRICS["quota_attainment"], view=asked, session=small, viewer=OWNER)
    assert sum(rows["amount_reporting"].to_pylist()) == Decimal(670)
    below = records(METRICS["quota_attainment"], view=asked, session=small, viewer=OWNER, part="bottom")
    assert sum(below["amount_reporting"].to_pylist()) == Decimal(1000)


def test_as_of_an_earlier_day_shows_what_was_booked_by_then(small: Session) -> None:
    earlier = replace(view(small, "FY2026-Q1"), as_of=AS_OF.replace(month=2, day=10))
    found = ask(METRICS["credited"], view=earlier, session=small, viewer=OWNER).to_pylist()
    assert found[0]["credited"] == Decimal(1600)


def test_a_comparison_shows_nobody_the_viewer_does_not_see_today(small: Session) -> None:
    # Bob sold for mia's team in Q1; today he is max's.
    mia = Viewer("mia", frozenset({"rep", "manager"}))
    asked = view(small, "FY2026-Q2", compare="previous")
    found = ask(METRICS["quota"], ["rep"], view=asked, session=small, viewer=mia).to_pylist()
    assert {row["rep"] for row in found} == {"ann"}
    max_ = Viewer("max", frozenset({"rep", "manager"}))
    rows = ask(METRICS["quota"], ["rep"], view=asked, session=small, viewer=max_).to_pylist()
    assert {row["rep"]: row["quota_before"] for row in rows} == {"bob": Decimal(500), "cat": Decimal(800)}
