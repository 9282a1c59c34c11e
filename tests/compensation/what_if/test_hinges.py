from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from compensation.plan.model import Curve, Edge, Point, Reading, Step, Tier
from compensation.what_if.hinges import Deals, curve_hinges, step_hinges, tier_hinges


def tiers(*levels: tuple[str, str]) -> tuple[Tier, ...]:
    return tuple(Tier(Fraction(start), Fraction(rate)) for start, rate in levels)


ORACLE = tiers(("0", "0.01"), ("1000", "0.02"), ("3000", "0.03"), ("8000", "0.05"))
"""Oracle's documented example: 0–1,000 at 1 %, to 3,000 at 2 %, to 8,000 at 3 %, to 20,000 at 5 %."""
THREE = tiers(("0", "0.01"), ("10000", "0.02"), ("50000", "0.03"))


def value(function, x: float) -> float:
    return float(function.at(np.array([x]))[0])


@pytest.mark.parametrize(("total", "paid"), [(200, 2), (1500, 20), (2000, 30), (4500, 95), (9700, 285)])
def test_marginal_tiers_as_published(total, paid) -> None:
    assert value(tier_hinges(ORACLE, Reading.MARGINAL, Edge.UPPER), total) == pytest.approx(paid)


def test_interpolated_tiers_as_published() -> None:
    amounts = (10, 40, 100, 2000)
    ends = (1000, 3000, 8000, 20000)
    table = tuple(
        Tier(tier.start, amount=Decimal(amount), end=Fraction(end))
        for tier, amount, end in zip(ORACLE, amounts, ends, strict=True)
    )
    function = tier_hinges(table, Reading.INTERPOLATED, Edge.UPPER)
    assert value(function, 4500) == pytest.approx(80)
    assert value(function, 99_999) == pytest.approx(2150), "the last tier ends too"


@pytest.mark.parametrize(("reading", "paid"), [(Reading.WHOLE, 1800), (Reading.MARGINAL, 1200)])
def test_whole_and_marginal_differ_as_published(reading, paid) -> None:
    """60,000 over 0–10k at 1 %, 10–50k at 2 %, from 50k at 3 %: 1,800 whole; 100 + 800 + 300 marginal."""
    assert value(tier_hinges(THREE, reading, Edge.UPPER), 60_000) == pytest.approx(paid)


@pytest.mark.parametrize(("edge", "paid"), [(Edge.UPPER, 200), (Edge.LOWER, 100)])
def test_the_plan_says_which_tier_an_edge_belongs_to(edge, paid) -> None:
    assert value(tier_hinges(THREE, Reading.WHOLE, edge), 10_000) == pytest.approx(paid)


def test_a_gap_between_tiers_pays_nothing() -> None:
    table = (Tier(Fraction(0), Fraction("0.1"), end=Fraction(100)), Tier(Fraction(200), Fraction("0.2")))
    function = tier_hinges(table, Reading.MARGINAL, Edge.UPPER)
    assert [value(function, x) for x in (50, 100, 150, 200, 300)] == pytest.approx([5, 10, 10, 10, 30])


def curve_of(*points: tuple[str, str], beyond: str = "0") -> Curve:
    return Curve(tuple(Point(Fraction(at), Fraction(pays)) for at, pays in points), Fraction(beyond))


@pytest.mark.parametrize(
    ("attained", "pays"),
    [(0.69, 0), (0.7, 0.4), (0.85, 0.7), (1.0, 1.0), (1.2, 1.4), (1.5, 2.0), (3.0, 2.0)],
)
def test_a_curve_with_a_cliff_and_a_cap(attained, pays) -> None:
    curve = curve_of(("0.7", "0.4"), ("1", "1"), ("1.5", "2"))
    assert value(curve_hinges(curve, Edge.UPPER), attained) == pytest.approx(pays)


def test_a_curve_may_jump_inside_and_go_on() -> None:
    curve = curve_of(("0", "0"), ("1", "1"), ("1", "1.2"), ("2", "2.2"), beyond="0.5")
    function = curve_hinges(curve, Edge.UPPER)
    assert [value(function, x) for x in (0.5, 0.999999, 1, 1.5, 2, 4)] == pytest.approx(
        [0.5, 0.999999, 1.2, 1.7, 2.2, 3.2]
    )
    assert value(curve_hinges(curve, Edge.LOWER), 1) == pytest.approx(1)


def test_steps_hold_until_the_next() -> None:
    steps = (Step(Fraction("0.5"), Fraction("0.8")), Step(Fraction("0.9"), Fraction("1.1")))
    function = step_hinges(steps, 1.0, Edge.UPPER)
    assert [1 + value(function, x) for x in (0.4, 0.5, 0.89, 0.9, 2)] == pytest.approx(
        [1, 0.8, 0.8, 1.1, 1.1]
    )


def unsplit(total_deals: int, size: Fraction, table, rate_at: str, edge: Edge) -> Fraction:
    """Every deal whole at the rate of the tier its running total reaches, one deal after the other."""
    paid = Fraction(0)
    for number in range(1, total_deals + 1):
        running = size * (number if rate_at == "after" else number - 1)
        inside = [t for t in table if t.start < running or (t.start == running and edge is Edge.UPPER)]
        paid += size * (inside[-1].rate if inside else table[0].rate)
    return paid


@settings(deadline=None)
@given(
    deals=st.integers(1, 30),
    size=st.integers(1, 7000),
    rate_at=st.sampled_from(["after", "before"]),
    edge=st.sampled_from(list(Edge)),
)
def test_deals_that_are_never_split_follow_one_after_the_other(deals, size, rate_at, edge) -> None:
    sizes = np.array([[float(size)]])
    function = tier_hinges(THREE, Reading.UNSPLIT, edge, Deals(sizes, rate_at, edge))
    expected = unsplit(deals, Fraction(size), THREE, rate_at, edge)
    assert value(function, float(deals * size)) == pytest.approx(float(expected))


starts = st.lists(st.integers(1, 100_000), min_size=1, max_size=5, unique=True).map(sorted)
rates = st.lists(st.integers(0, 40), min_size=6, max_size=6)


@settings(deadline=None)
@given(starts=starts, rates=rates, total=st.integers(0, 200_000))
def test_marginal_and_whole_agree_with_exact_sums(starts, rates, total) -> None:
    edges = [0, *starts]
    table = tuple(Tier(Fraction(at), Fraction(rate, 1000)) for at, rate in zip(edges, rates, strict=False))
    ends = [*starts, None]
    marginal = sum(
        (max(min(total, end if end is not None else total) - t.start, 0) * t.rate)
        for t, end in zip(table, ends, strict=True)
    )
    whole = total * [t for t in table if t.start <= total][-1].rate
    assert value(tier_hinges(table, Reading.MARGINAL, Edge.UPPER), total) == pytest.approx(float(marginal))
    assert value(tier_hinges(table, Reading.WHOLE, Edge.UPPER), total) == pytest.approx(float(whole))


def test_rows_may_have_edges_of_their_own() -> None:
    sizes = np.array([[4000.0], [60_000.0]])
    function = tier_hinges(THREE, Reading.UNSPLIT, Edge.UPPER, Deals(sizes))
    x = np.array([[8000.0], [60_000.0]])
    found = function(x, np.empty_like(x), np.empty_like(x))
    assert found[:, 0] == pytest.approx([80, 1800])
