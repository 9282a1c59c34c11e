"""Rounding to the nearest, to even, up and down; and sharing out."""

from __future__ import annotations

import numpy as np
import pytest

from compensation.money.rounding import divide, shared_out


@pytest.mark.parametrize(
    ("how", "found"),
    [
        ("half_up", [3, 1, 1, -3, -1, 0]),
        ("half_even", [2, 1, 0, -2, -1, 0]),
        ("down", [2, 0, 0, -2, 0, 0]),
        ("up", [3, 1, 1, -3, -1, 0]),
    ],
)
@pytest.mark.parametrize("dtype", [np.int64, object])
def test_ways_of_rounding(how, found, dtype):
    assert divide(np.array([10, 3, 2, -10, -3, 0], dtype), 4, how).tolist() == found


@pytest.mark.parametrize("tops", [[2**61 + 1], [2**70 + 2**30]])
def test_near_the_limits_of_64_bits(tops):
    assert divide(np.array(tops, object), 2, "half_up").tolist() == [(tops[0] + 1) // 2]


def shared(amount, *shares, step=100, rank=None):
    count = len(shares)
    return shared_out(
        np.full(count, amount),
        np.array(shares),
        1000,
        np.full(count, step),
        np.array([0]),
        np.arange(count) if rank is None else np.array(rank),
    ).tolist()


def test_the_largest_remainder_gets_the_cent_left_over():
    assert shared(10_000, 333, 333, 334) == [3300, 3300, 3400]
    assert shared(1_000, 666, 334) == [700, 300]


def test_equal_remainders_go_by_rank():
    assert shared(100, 500, 500) == [100, 0]
    assert shared(100, 500, 500, rank=[1, 0]) == [0, 100]


def test_a_reversal_mirrors():
    assert shared(-10_000, 333, 333, 334) == [-3300, -3300, -3400]


def test_the_finest_step_loses_nothing():
    assert shared(12_345, 700, 300, step=1) == [8642, 3703]


def test_shares_below_the_whole_share_that_much():
    assert sum(shared(10_000, 333, 333)) == 6_700  # 66.6 cents, rounded
