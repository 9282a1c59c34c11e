"""What pays for a component."""

from __future__ import annotations

from math import inf

import pytest

from metrics.evidence.money import Money


def test_break_even_is_where_the_margin_of_what_came_extra_is_the_cost() -> None:
    """1,200 are booked; at 20 % more than without it 200 of them are extra, at a margin of 30 % worth 60."""
    money = Money(60.0, 1200.0, 0.3)
    assert money.break_even == pytest.approx(0.2)
    assert money.returned(0.2) == pytest.approx(0.0)
    assert money.returned(0.0) == pytest.approx(-1.0)
    assert money.margin_at(0.2) == pytest.approx(0.3)


def test_more_than_the_whole_margin_can_never_pay() -> None:
    money = Money(400.0, 1000.0, 0.3)
    assert money.break_even == inf
    assert money.margin_at(0.1) is None


def test_what_is_not_known_stays_so() -> None:
    assert Money(60.0, 1000.0, None).break_even is None
    assert Money(60.0, 1000.0, None).returned(0.2) is None
    assert Money(60.0, 0.0, 0.3).break_even is None
    assert Money(0.0, 1000.0, 0.3).returned(0.2) is None
    assert Money(0.0, 1000.0, 0.3).break_even == 0.0
