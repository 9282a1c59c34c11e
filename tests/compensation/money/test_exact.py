"""Whole-number arithmetic stays exact where 64 bits would overflow."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest

from compensation.money import exact

BIG = 2**61


def ints(*values):
    return np.array(values, np.int64)


def test_small_results_stay_in_64_bits_and_large_ones_leave_them():
    assert exact.times(ints(3, -4), ints(5, 6)).dtype == np.int64
    large = exact.times(ints(BIG, -3), ints(BIG, 5))
    assert large.dtype == object
    assert large.tolist() == [BIG * BIG, -15]
    assert exact.plus(ints(BIG), ints(BIG)).tolist() == [2 * BIG]
    assert exact.minus(ints(-BIG), ints(BIG)).tolist() == [-2 * BIG]
    assert exact.times(ints(7), BIG).tolist() == [7 * BIG]


def test_results_that_fit_again_come_back():
    found = exact.narrow(exact.times(ints(BIG), 4) // 16)
    assert found.dtype == np.int64
    assert found.tolist() == [BIG // 4]


def test_running_totals_start_again_and_do_not_overflow():
    first = np.array([True, False, True, False])
    assert exact.running(ints(1, 2, 3, 4), first).tolist() == [1, 3, 3, 7]
    assert exact.running(ints(BIG, BIG, BIG, BIG), first).tolist() == [BIG, 2 * BIG, BIG, 2 * BIG]


@pytest.mark.parametrize("dtype", [np.int64, object])
def test_fractions_in_lowest_terms(dtype):
    top, bottom = exact.reduced(np.array([6, -6, 0], dtype), np.array([4, 9, 5], dtype))
    assert top.tolist() == [3, -2, 0]
    assert bottom.tolist() == [2, 3, 1]


def test_numerators_over_one_denominator():
    assert exact.over_one([Fraction(1, 2), Fraction(-2, 3)]) == ([3, -4], 6)
    assert exact.over_one([]) == ([], 1)


def test_changes():
    assert exact.changes(ints(4, 4, 5, 4)).tolist() == [True, False, True, True]
