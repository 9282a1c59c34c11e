"""Float curves against exact ones: on grids of attainment, to a cent."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from compensation.plan.model import (
    Accumulate,
    Basis,
    Caps,
    Component,
    Curve,
    Edge,
    Modifier,
    Pays,
    Per,
    Period,
    Point,
    Reading,
    Step,
    Tier,
)
from compensation.plan.shape import Stake, payout
from compensation.what_if.fast_curves import Rows, function_of, pays, rows_of

CENT = 0.005
QUOTA, TARGET = Fraction(120_000), Fraction(15_000)
RATE = Component("c", "C", Pays.RATE, "bookings", Period.QUARTER, rate=Fraction("0.05"))


def share_tiers(*levels: tuple[str, str]) -> tuple[Tier, ...]:
    return tuple(Tier(Fraction(start), Fraction(rate)) for start, rate in levels)


def amount_tiers(*levels: tuple[str, str, str]) -> tuple[Tier, ...]:
    return tuple(
        Tier(Fraction(start), amount=Decimal(amount), end=Fraction(end)) for start, end, amount in levels
    )


CURVE = Curve(
    tuple(Point(Fraction(at), Fraction(pays)) for at, pays in (("0.7", "0.4"), ("1", "1"), ("1.5", "2"))),
    Fraction("0.3"),
)
BY_SHARE = share_tiers(("0", "0.04"), ("0.8", "0.06"), ("1", "0.1"), ("1.5", "0.05"))
BY_VALUE = share_tiers(("0", "0.01"), ("50000", "0.02"), ("120000", "0.035"))
TIERED = replace(RATE, rate="")
COMPONENTS = {
    "one rate": RATE,
    "the person's rate": replace(RATE, rate="payee", times=Fraction("1.5")),
    "the target's rate": replace(RATE, rate="target", weight=Fraction("0.7")),
    "marginal by attainment": replace(TIERED, tiers=BY_SHARE, basis=Basis.ATTAINMENT),
    "whole by attainment": replace(TIERED, tiers=BY_SHARE, basis=Basis.ATTAINMENT, reading=Reading.WHOLE),
    "marginal by value": replace(TIERED, tiers=BY_VALUE),
    "whole by value": replace(TIERED, tiers=BY_VALUE, reading=Reading.WHOLE),
    "multiples of the person's rate": replace(
        RATE, rate="payee", tiers=share_tiers(("0", "1"), ("1", "2")), basis=Basis.ATTAINMENT
    ),
    "interpolated": replace(
        TIERED,
        tiers=amount_tiers(("0", "60000", "500"), ("60000", "150000", "4000")),
        reading=Reading.INTERPOLATED,
        times=Fraction(2),
    ),
    "interpolated by attainment": replace(
        TIERED,
        tiers=amount_tiers(("0.5", "1", "500"), ("1", "2", "4000")),
        reading=Reading.INTERPOLATED,
        basis=Basis.ATTAINMENT,
    ),
    "curve": Component(
        "b", "B", Pays.TARGET, "bookings", Period.QUARTER, weight=Fraction("0.3"), curve=CURVE
    ),
    "capped": replace(TIERED, tiers=BY_SHARE, basis=Basis.ATTAINMENT, caps=Caps(period=Decimal(7000))),
}
GRID = [Fraction(step, 40) for step in range(101)]


def base(component: Component, own: Fraction) -> float:
    """The rate a line of the exact calculation would start from."""
    if component.rate == "payee":
        return float(component.times * own)
    if component.rate == "target":
        return float(component.times * TARGET * component.weight / QUOTA)
    return float(component.times * (component.rate if isinstance(component.rate, Fraction) else 1))


def one_row(component: Component, credited: Fraction = QUOTA, **more) -> Rows:
    values = {
        "credited": [float(credited)],
        "counted": [float(credited)],
        "quota": [float(QUOTA)],
        "target": [float(TARGET * component.weight)],
        "rate": [base(component, Fraction("0.08"))],
    }
    return rows_of(1, values | more)


def exact(component: Component, value: Fraction) -> Fraction:
    by_value = component.pays is not Pays.TARGET and (not component.tiers or component.basis is Basis.VALUE)
    at = value if by_value else value / QUOTA
    return payout(component, Stake(QUOTA, TARGET, Fraction("0.08")), at)


@pytest.mark.parametrize("edge", list(Edge))
@pytest.mark.parametrize("name", COMPONENTS)
def test_a_grid_is_paid_to_a_cent(name, edge) -> None:
    """Every edge is on the grid, so that both agree on which side it belongs to."""
    component = replace(COMPONENTS[name], edge=edge)
    found = pays(component, one_row(component), np.array([[float(step) for step in GRID]]))[0]
    expected = [float(exact(component, step * QUOTA)) for step in GRID]
    assert found == pytest.approx(expected, abs=CENT)


@settings(max_examples=60, deadline=None)
@given(
    cents=st.lists(st.integers(1, 10**8), min_size=1, max_size=20),
    name=st.sampled_from(sorted(COMPONENTS)),
    credited=st.integers(1, 10**7),
)
def test_any_amount_is_paid_to_a_cent(cents, name, credited) -> None:
    component = COMPONENTS[name]
    factors = np.array([[cent / credited for cent in cents]])
    found = pays(component, one_row(component, Fraction(credited, 100)), factors)[0]
    for cent, paid in zip(cents, found, strict=True):
        value = Fraction(cent, 100)
        near = [exact(component, value * (1 + Fraction(side, 10**11))) for side in (-1, 0, 1)]
        assert min(abs(float(each) - paid) for each in near) < CENT, "on one side of an edge at the latest"


def test_year_to_date_pays_the_difference_to_what_was_paid() -> None:
    """The parts of the year sum to what the year's total earns, however it came about."""
    component = replace(TIERED, tiers=BY_VALUE, reading=Reading.MARGINAL, accumulate=Accumulate.YEAR)
    rows = rows_of(
        4,
        {
            "unit": np.zeros(4, int),
            "window": np.zeros(4, int),
            "credited": [20_000.0, 50_000.0, 0.0, 90_000.0],
            "counted": [20_000.0, 50_000.0, 0.0, 90_000.0],
            "rate": np.ones(4),
        },
    )
    factors = np.array([[1.0, 0.5, 2.0], [1.0, 1.5, 0.1], [1.0, 9.0, 9.0], [1.0, 0.2, 1.0]])
    found = pays(component, rows, factors)
    totals = factors.T @ rows.credited
    expected = [float(exact(component, Fraction(total))) for total in totals]
    assert found.sum(axis=0) == pytest.approx(expected, abs=CENT)
    assert found[2] == pytest.approx(0, abs=1e-6), "nothing credited, nothing new"
    first = [float(exact(component, Fraction(20_000 * factor))) for factor in factors[0]]
    assert found[0] == pytest.approx(first, abs=CENT)


def test_year_to_date_attainment_uses_the_quota_and_target_to_date() -> None:
    component = replace(COMPONENTS["curve"], accumulate=Accumulate.YEAR)
    rows = rows_of(
        2,
        {
            "unit": [0, 0],
            "window": [0, 0],
            "credited": [60_000.0, 180_000.0],
            "counted": [60_000.0, 180_000.0],
            "quota": [120_000.0, 240_000.0],
            "target": [4500.0, 9000.0],
        },
    )
    found = pays(component, rows, np.ones((1, 1)))[:, 0]
    assert found == pytest.approx([0, 9000])


def test_windows_of_two_people_do_not_run_into_each_other() -> None:
    component = replace(TIERED, tiers=BY_VALUE, accumulate=Accumulate.QUARTER)
    rows = rows_of(
        4,
        {
            "unit": [0, 0, 1, 1],
            "window": [0, 0, 1, 1],
            "credited": [4e4] * 4,
            "counted": [4e4] * 4,
            "rate": [1.0] * 4,
        },
    )
    found = pays(component, rows, np.ones((1, 1)))[:, 0]
    assert found == pytest.approx([400, 700, 400, 700])


def test_deals_by_themselves_earn_their_usual_rate() -> None:
    component = replace(TIERED, tiers=BY_VALUE, per=Per.TRANSACTION, accumulate=Accumulate.NONE)
    row = one_row(component, usual=[0.012])
    assert pays(component, row, np.array([[0.5, 1.0, 2.0]]))[0] == pytest.approx([720, 1440, 2880])


def test_a_cap_on_each_deal_keeps_its_usual_share() -> None:
    component = replace(RATE, caps=Caps(deal=Decimal(100)))
    assert pays(component, one_row(component, kept=[0.6]), np.array([[1.0, 2.0]]))[0] == pytest.approx(
        [3600, 7200]
    )


def test_modifiers_follow_their_own_value() -> None:
    steps = (Step(Fraction(0), Fraction("0.8")), Step(Fraction("0.9"), Fraction(1)))
    modifiers = (
        Modifier("multiplier", steps=steps),
        Modifier("gate", at_least=Fraction("0.5")),
        Modifier("linkage", at_least=Fraction(1), times=Fraction("0.5")),
    )
    component = replace(RATE, modifiers=modifiers)
    reached = (np.array([1.0]), np.array([0.5]), np.array([1.0]))
    factors = np.array([[0.85, 0.9, 1.0, 2.0]])
    found = pays(component, one_row(component, reached=reached), factors)[0]  # type: ignore[arg-type]
    assert found == pytest.approx([0, 0, 6000, 12_000]), "the gate at half is shut below factor 1"
    open_gate = (reached[0], np.array([5.0]), reached[2])
    found = pays(component, one_row(component, reached=open_gate), factors)[0]  # type: ignore[arg-type]
    assert found == pytest.approx([5100 * 0.8 * 0.5, 5400 * 0.5, 6000, 12_000])


def test_an_objective_does_not_move_with_sales() -> None:
    component = Component("mbo", "MBO", Pays.OBJECTIVE, "", Period.QUARTER, weight=Fraction("0.2"))
    found = pays(component, one_row(component, score=[0.9]), np.array([[0.1, 1.0, 3.0]]))[0]
    assert found == pytest.approx([2700] * 3)


def test_without_a_quota_attainment_pays_nothing() -> None:
    component = COMPONENTS["curve"]
    assert pays(component, one_row(component, quota=[0.0]), np.array([[1.0]]))[0, 0] == 0


def test_a_curve_to_draw_is_that_of_the_component() -> None:
    grid = np.array([0.5, 0.7, 1.0, 2.0])
    assert function_of(COMPONENTS["curve"]).at(grid) == pytest.approx([0, 0.4, 1, 2.15])
    assert function_of(RATE).at(grid) == pytest.approx(grid)
    unsplit = replace(COMPONENTS["marginal by value"], reading=Reading.UNSPLIT)
    assert function_of(unsplit).at(np.array([60_000.0])) == pytest.approx([700])
