from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from compensation.plan.model import (
    Basis,
    Caps,
    Component,
    Curve,
    Edge,
    Pays,
    Period,
    Point,
    Reading,
    Spif,
    Tier,
)
from compensation.plan.shape import (
    CurvePoint,
    Landmarks,
    Notch,
    Stake,
    axis,
    complexity,
    corners,
    landmarks,
    marginal_rate,
    notches,
    payout,
    pieces,
)
from tests.compensation.plan.texts import plan

F = Fraction

ORACLE = tuple(
    Tier(F(start), F(rate, 100), None, F(end))
    for start, end, rate in [(0, 1000, 1), (1000, 3000, 2), (3000, 8000, 3), (8000, 20000, 5)]
)
THREE = (Tier(F(0), F(1, 100)), Tier(F(10_000), F(2, 100)), Tier(F(50_000), F(3, 100)))


def component(**said: object) -> Component:
    values = {"id": "c", "name": "C", "pays": Pays.RATE, "measure": "m", "period": Period.QUARTER} | said
    return Component(**values)  # type: ignore[arg-type]


def test_a_flat_rate():
    flat = component(rate=F(1, 20), times=F(2))
    assert payout(flat, Stake(), F(300)) == 30
    assert (notches(flat, Stake()), marginal_rate(flat, Stake(), 5)) == ([], 0.1)


@pytest.mark.parametrize(
    ("deal", "pays"), [(200, 2), (1500, 20), (1200, 14), (2000, 30), (4500, 95), (9700, 285), (30000, 800)]
)
def test_marginal_tiers_by_oracles_example(deal: int, pays: int):
    assert payout(component(tiers=ORACLE), Stake(), F(deal)) == pays


def test_interpolated_tiers_by_oracles_example():
    amounts = zip(ORACLE, (10, 40, 100, 2000), strict=True)
    tiers = tuple(Tier(tier.start, F(0), amount, tier.end) for tier, amount in amounts)  # type: ignore[arg-type]
    made = component(tiers=tiers, reading=Reading.INTERPOLATED)
    assert payout(made, Stake(), F(4500)) == 80
    assert payout(made, Stake(), F(90_000)) == 2150
    assert notches(made, Stake()) == []


def test_whole_amount_tiers_report_their_notches():
    # 50,000 at 2 % is 1,000; at 3 % it is 1,500. 10,000: 100 becomes 200.
    whole = component(tiers=THREE, reading=Reading.WHOLE)
    assert payout(whole, Stake(), F(60_000)) == 1800
    assert notches(whole, Stake()) == [
        Notch(10_000, 100, 100, 200, reached=True), Notch(50_000, 500, 1000, 1500, reached=True),
    ]  # fmt: skip
    assert payout(component(tiers=THREE), Stake(), F(60_000)) == 1200


def test_one_more_cent_pays_three_thousand_more():
    tiers = (Tier(F(0), F(2, 100)), Tier(F(100_000), F(5, 100)))
    (notch,) = notches(component(tiers=tiers, reading=Reading.WHOLE), Stake())
    assert (notch.at, notch.jump) == (100_000, 3000)


@pytest.mark.parametrize(("edge", "pays"), [(Edge.UPPER, 1500), (Edge.LOWER, 1000)])
def test_the_edge_belongs_to_the_side_the_plan_says(edge: Edge, pays: int):
    whole = component(tiers=THREE, reading=Reading.WHOLE, edge=edge)
    assert payout(whole, Stake(), F(50_000)) == pays
    assert {notch.reached for notch in notches(whole, Stake())} == {edge is Edge.UPPER}


def test_past_the_end_of_the_last_tier_nothing_more_is_paid():
    assert payout(component(tiers=ORACLE), Stake(), F(25_000)) == payout(
        component(tiers=ORACLE), Stake(), F(20_000)
    )


TARGETS = (Tier(F(0), F(1)), Tier(F(1), F(3, 2)), Tier(F(3, 2), F(2)))
QUARTER = Stake(quota=F(300_000), target=F(15_000))


def test_tiers_of_attainment_as_multiples_of_the_target_rate():
    made = component(tiers=TARGETS, basis=Basis.ATTAINMENT, rate="target", weight=F(1))
    assert axis(made) is Basis.ATTAINMENT
    assert [payout(made, QUARTER, F(at, 100)) for at in (50, 100, 140, 160)] == [7500, 15_000, 24_000, 29_250]
    assert [marginal_rate(made, QUARTER, at) for at in (0.5, 1.0, 1.7)] == [0.05, 0.075, 0.1]
    assert landmarks(made, QUARTER) == Landmarks(0.0, 1.0, 1.5, 0.75)


def test_the_persons_own_rate_times_a_factor():
    made = component(rate="payee", times=F(41, 100))
    assert payout(made, Stake(rate=F(8, 100)), F(1000)) == F(328, 10)


CURVE = Curve((Point(F(7, 10), F(4, 10)), Point(F(1), F(1)), Point(F(3, 2), F(2))), F(1))


def test_a_payout_curve_has_threshold_target_excellence_and_leverage():
    made = component(pays=Pays.TARGET, weight=F(1, 2), curve=CURVE)
    worth = 7500
    assert [payout(made, QUARTER, F(at, 100)) for at in (69, 70, 85, 100, 150, 200)] == [
        0, F(4, 10) * worth, F(7, 10) * worth, worth, 2 * worth, F(5, 2) * worth,
    ]  # fmt: skip
    assert notches(made, QUARTER) == [Notch(0.7, 3000, 0, 3000, reached=True)]
    assert landmarks(made, QUARTER) == Landmarks(0.7, 1.0, 1.5, 1.0)
    assert landmarks(made, QUARTER, excellence=1.25).leverage == 0.5
    assert marginal_rate(made, QUARTER, 1.2) == pytest.approx(2 * worth / 300_000)


def test_two_points_at_one_place_are_a_cliff():
    curve = Curve((Point(F(0), F(0)), Point(F(1), F(1)), Point(F(1), F(6, 5))))
    made = component(pays=Pays.TARGET, weight=F(1), curve=curve)
    assert notches(made, QUARTER) == [Notch(1.0, 3000, 15_000, 18_000, reached=True)]
    assert corners(made, QUARTER, 2.0) == [
        CurvePoint(0, 0), CurvePoint(1, 15_000), CurvePoint(1, 18_000), CurvePoint(2, 18_000),
    ]  # fmt: skip


def test_a_cap_makes_it_flat():
    from decimal import Decimal

    made = component(tiers=THREE, caps=Caps(period=Decimal(1000)))
    # 100 for the first 10,000, then 2 % up to 50,000 is 900, then 3 %: 1,000 at 53,333.33
    assert payout(made, Stake(), F(53_000)) == 990
    assert payout(made, Stake(), F(60_000)) == 1000
    assert corners(made, Stake(), 60_000)[-2:] == [
        CurvePoint(pytest.approx(53_333.3333), 1000), CurvePoint(60_000, 1000),
    ]  # fmt: skip


def test_an_objective_pays_by_its_score():
    made = component(pays=Pays.OBJECTIVE, measure="", weight=F(2, 5))
    assert payout(made, QUARTER, F(3, 4)) == 4500
    assert marginal_rate(made, QUARTER, 0.5) is None


def test_prizes_have_no_curve():
    made = component(pays=Pays.SPIF, spif=Spif(share="rank"))
    assert (pieces(made, QUARTER), corners(made, QUARTER, 2), notches(made, QUARTER)) == ((), [], [])
    assert landmarks(made, QUARTER) == Landmarks(None, None, None, None)
    assert marginal_rate(made, QUARTER, 1) is None


def test_without_a_quota_nothing_is_said_of_attainment():
    made = component(pays=Pays.TARGET, weight=F(1), curve=CURVE)
    assert marginal_rate(made, Stake(target=F(5)), 1.2) is None


@given(
    st.lists(st.fractions(0, 2, max_denominator=50), min_size=2, max_size=5, unique=True),
    st.fractions(0, 3, max_denominator=200),
)
def test_corners_joined_by_lines_are_the_payout(starts: list[F], at: F):
    tiers = tuple(Tier(start, F(number + 1, 7)) for number, start in enumerate(sorted(starts)))
    made = component(tiers=tiers, reading=Reading.WHOLE, basis=Basis.ATTAINMENT)
    found = corners(made, QUARTER, 3.0)
    before = [corner for corner in found if corner.at <= float(at)][-1]
    after = [corner for corner in found if corner.at > float(at)][:1]
    slope = (after[0].pays - before.pays) / (after[0].at - before.at) if after else 0
    if at > 0:
        joined = before.pays + slope * (float(at) - before.at)
        assert joined == pytest.approx(float(payout(made, QUARTER, at)), rel=1e-9, abs=1e-6)


def test_complexity_counts_what_a_payee_has_to_know():
    found = complexity(plan())
    assert vars(found) == {
        "components": 5, "measures": 3, "edges": 1 + 3, "modifiers": 2 + 1 + 1, "limits": 3 + 1 + 1 + 1 + 1,
        "rules": 2, "draw": 1,
    }  # fmt: skip
    assert found.total == 5 + 3 + 4 + 4 + 7 + 2 + 1
