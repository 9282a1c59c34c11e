"""Tiers and curves as straight pieces."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest

from compensation.earning.curves import of_curve
from compensation.earning.tiers import of_tiers
from compensation.money.fine import SCALE
from compensation.plan.model import Edge, Reading, Tier
from tests.compensation.made import component, curve, tiers


def earned(pieces, *amounts):
    x = np.array([int(amount * SCALE) for amount in amounts])
    return [Fraction(int(value), pieces.bottom * SCALE) for value in pieces.value(x, SCALE)]


def test_between_tiers_and_past_the_last_nothing_more_is_earned():
    rows = (
        Tier(Fraction(100), Fraction(1, 10), end=Fraction(200)),
        Tier(Fraction(300), Fraction(1, 5), end=Fraction(400)),
    )
    pieces = of_tiers(component(tiers=rows))
    assert earned(pieces, 50, 150, 250, 350, 500) == [0, 5, 10, 20, 30]
    whole = of_tiers(component(tiers=rows, reading=Reading.WHOLE))
    assert earned(whole, 50, 150, 250, 350, 500) == [0, 15, 0, 70, 0]


@pytest.mark.parametrize(("edge", "paid"), [(Edge.UPPER, 20), (Edge.LOWER, 10)])
def test_which_tier_an_edge_belongs_to(edge, paid):
    rows = tiers((0, "0.1"), (100, "0.2"))
    pieces = of_tiers(component(tiers=rows, reading=Reading.WHOLE, edge=edge))
    assert earned(pieces, 100) == [paid]


def test_below_zero_a_total_earns_minus_what_it_earns_above():
    pieces = of_tiers(component(tiers=tiers((0, "0.1"), (100, "0.2"))))
    assert earned(pieces, 150, -150) == [20, -20]


def test_tiers_are_named_by_their_place_in_the_plan():
    rows = (Tier(Fraction(100), end=Fraction(200)), Tier(Fraction(300)))
    pieces = of_tiers(component(tiers=rows))
    x = np.array([50, 100, 200, 300]) * SCALE
    assert [pieces.tier[at] for at in pieces.piece(x, SCALE)] == [-1, 0, -1, 1]
    assert [pieces.tier[at] for at in pieces.last_piece(x, SCALE)] == [-1, -1, 0, -1]


def test_a_curve_has_a_threshold_a_jump_and_a_slope_beyond():
    pieces = of_curve(curve(("0.5", "0.4"), (1, "0.8"), (1, 1), (2, 2), beyond=3))
    assert earned(pieces, Fraction("0.49"), Fraction("0.5"), Fraction("0.75"), 1, Fraction("1.5"), 3) == [
        0,
        Fraction("0.4"),
        Fraction("0.6"),
        1,
        Fraction("1.5"),
        5,
    ]
    assert earned(pieces, -1) == [0]
