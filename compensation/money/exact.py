"""Whole-number arithmetic that cannot overflow: 64 bits where a bound shows the result fits, Python's own otherwise.

An ``Exact`` array is int64 or, where values may be larger, an object array of Python ints. Every operation
looks at the largest values it is given, so the choice depends on the data alone and never on chance.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from math import gcd, lcm
from typing import Any

import numpy as np
from numpy.typing import NDArray

from compensation.money.fine import Bools, Ints

Exact = NDArray[Any]
LIMIT = 2**62
"""Results whose bound stays below this are reckoned in 64 bits."""


def peak(values: Exact | int) -> int:
    """The largest absolute value, 0 of nothing."""
    if isinstance(values, int):
        return abs(values)
    if not len(values):
        return 0
    return max(abs(int(values.max())), abs(int(values.min())))


def wide(values: Exact) -> Exact:
    """The values as Python ints."""
    return values if values.dtype == object else values.astype(object)


def narrow(values: Exact) -> Exact:
    """The values in 64 bits where they fit."""
    if values.dtype != object:
        return values
    return values.astype(np.int64) if peak(values) < LIMIT else values


def times(left: Exact, right: Exact | int) -> Exact:
    """Left × right."""
    if peak(left) * peak(right) < LIMIT:
        return narrow(left) * (right if isinstance(right, int) else narrow(right))
    return wide(left) * (right if isinstance(right, int) else wide(right))


def plus(left: Exact, right: Exact | int) -> Exact:
    """Left + right."""
    if peak(left) + peak(right) < LIMIT:
        return narrow(left) + (right if isinstance(right, int) else narrow(right))
    return wide(left) + (right if isinstance(right, int) else wide(right))


def minus(left: Exact, right: Exact) -> Exact:
    """Left − right."""
    return plus(left, -right)


def running(values: Exact, first: Bools) -> Exact:
    """Running totals that start again at zero where ``first`` is true (the first value starts anyway)."""
    if not len(values):
        return values
    safe = peak(values) * len(values) < LIMIT
    total = np.cumsum(narrow(values) if safe else wide(values))
    begins = np.flatnonzero(first)
    before = (total - values)[begins]
    return total - np.repeat(before, np.diff(np.append(begins, len(values))))


def changes(keys: Ints) -> Bools:
    """Where a key differs from the one before; the first always does."""
    found = np.ones(len(keys), bool)
    found[1:] = keys[1:] != keys[:-1]
    return found


def over_one(fractions: Sequence[Fraction]) -> tuple[list[int], int]:
    """Numerators over the least common denominator, and that denominator."""
    bottom = lcm(*(each.denominator for each in fractions)) if fractions else 1
    return [int(each * bottom) for each in fractions], bottom


def reduced(top: Exact, bottom: Exact) -> tuple[Exact, Exact]:
    """Fractions in lowest terms; ``bottom`` above 0."""
    if object in (top.dtype, bottom.dtype):
        shared: Exact = np.array(
            [gcd(a, b) for a, b in zip(top.tolist(), bottom.tolist(), strict=True)], dtype=object
        )
        shared = shared if len(top) else top[:0]
    else:
        shared = np.gcd(top, bottom)
    return narrow(top // shared), narrow(bottom // shared)
