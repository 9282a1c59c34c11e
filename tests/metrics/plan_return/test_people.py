"""Correlations of pay: by hand, against known values, and what is taken out."""

from __future__ import annotations

import numpy as np
import pytest

from metrics.ask import ask
from metrics.catalogue import METRICS
from metrics.plan_return.people import FEWEST, interval, partial_spearman, ranks, related, spearman
from tests.metrics.plan_return.test_cost import total
from tests.metrics.plan_return.test_other_queries import last_finished
from warehouse.access import OWNER
from warehouse.engine import Session


def test_ties_share_their_mean_rank() -> None:
    assert ranks(np.array([3.0, 1.0, 3.0, 2.0])).tolist() == [3.5, 1.0, 3.5, 2.0]


def test_spearman_by_hand() -> None:
    # Differences of ranks 0, 1, 1, 0, 0: 1 − 6·2 ÷ (5·24) = 0.9.
    assert spearman(np.array([1.0, 2, 3, 4, 5]), np.array([10.0, 30, 20, 40, 50])) == pytest.approx(0.9)
    assert spearman(np.ones(5), np.arange(5.0)) is None


def test_the_partial_correlation_is_the_textbook_formula_for_one_control() -> None:
    rng = np.random.default_rng(3)
    given = rng.normal(size=60)
    one, other = given + rng.normal(size=60), given + rng.normal(size=60)
    ab, ac, bc = (spearman(x, y) or 0 for x, y in ((one, other), (one, given), (other, given)))
    expected = (ab - ac * bc) / np.sqrt((1 - ac**2) * (1 - bc**2))
    assert partial_spearman(one, other, given[:, None]) == pytest.approx(expected)


def test_what_potential_explains_is_taken_out() -> None:
    rng = np.random.default_rng(4)
    potential = rng.normal(size=400)
    pay, attainment = (potential + 0.3 * rng.normal(size=400) for _ in range(2))
    row = related(zip(pay, attainment, pay, potential, rng.normal(size=400), strict=True))
    assert row["pay_for_performance"] > 0.8
    assert abs(row["top"]) < 0.15
    assert row["bottom"] == pytest.approx(1.0)  # pay on sales alone: mechanical
    assert row["lower"] < row["pay_for_performance"] < row["upper"]


def test_few_people_say_nothing() -> None:
    people = [(float(n), float(n), float(n), 1.0, 1.0) for n in range(FEWEST - 1)]
    assert related(people) == {"people": FEWEST - 1, "people_given": 0}
    assert "pay_for_performance" in related([*people, (99.0, 99.0, 99.0, 1.0, 1.0)])


def test_unknown_potential_leaves_the_raw_figure() -> None:
    row = related((float(n), float(n), float(n), float("nan"), 1.0) for n in range(20))
    assert row["pay_for_performance"] == pytest.approx(1.0)
    assert (row["top"], row["people_given"]) == (None, 0)


def test_the_interval_covers_the_truth_about_nine_times_in_ten() -> None:
    rng = np.random.default_rng(5)
    rho = 6 / np.pi * np.arcsin(0.5 / 2)  # Spearman of a normal pair whose correlation is 0.5
    inside = 0
    for _ in range(1000):
        x = rng.normal(size=60)
        y = 0.5 * x + np.sqrt(0.75) * rng.normal(size=60)
        lower, upper = interval(spearman(x, y), 60)
        inside += lower <= rho <= upper
    assert 870 <= inside <= 930


def test_three_people_of_the_paid_company_are_too_few(paid: Session) -> None:
    row = total(paid, "pay_for_performance")
    assert (row["pay_for_performance"], row["people"]) == (None, 3)


def test_in_the_demo_pay_follows_attainment_and_sales_more(demo: Session) -> None:
    found = ask(METRICS["pay_for_performance"], view=last_finished(demo), session=demo, viewer=OWNER)
    row = found.to_pylist()[0]
    assert row["people"] > 60
    assert 0.3 < row["lower"] < row["pay_for_performance"] < row["bottom"]
