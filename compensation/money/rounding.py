"""Rounding exact fractions to whole numbers, and sharing a total so that nothing is lost."""

from __future__ import annotations

import numpy as np

from compensation.money.exact import LIMIT, Exact, narrow, peak, wide
from compensation.money.fine import Ints


def divide(top: Exact, bottom: Exact | int, how: str) -> Exact:
    """``top`` ÷ ``bottom`` (above 0) to a whole number.

    ``half_up`` and ``half_even`` go to the nearest, a half away from zero or to the even one; ``down`` goes
    towards zero and ``up`` away from it. Minus a value rounds to minus its rounding, whatever the way.
    """
    if 3 * max(peak(top), peak(bottom)) < LIMIT:
        top, bottom = narrow(top), bottom if isinstance(bottom, int) else narrow(bottom)
    else:
        top, bottom = wide(top), bottom if isinstance(bottom, int) else wide(bottom)
    size = np.abs(top)
    whole = size // bottom
    rest = size - whole * bottom
    found = whole + _more(whole, rest, bottom, how)
    return narrow(np.where(top < 0, -found, found))


def _more(whole: Exact, rest: Exact, bottom: Exact | int, how: str) -> Exact | int:
    """1 where the next whole number away from zero is the rounding."""
    if how == "down":
        return 0
    if how == "up":
        return (rest > 0).astype(np.int64)
    twice = rest * 2
    more = twice > bottom
    tie = twice == bottom
    if how == "half_even":
        tie = tie & (whole % 2 == 1)
    return (more | tie).astype(np.int64)


def shared_out(amount: Ints, share: Ints, whole: int, step: Ints, begins: Ints, rank: Ints) -> Ints:
    """Each row's part of an amount, in whole steps, so that the parts of a group lose nothing.

    Rows of a group follow each other and carry the same ``amount``, a whole number of ``step``; ``share`` is in
    parts of ``whole``. The group gets its shares together, half up; parts are rounded down (towards zero) and the
    steps then missing go one each to the largest remainders, ties to the lowest ``rank``.
    """
    size, sign = np.abs(amount), np.sign(amount)
    part, rest = _product(size, share, whole)
    down = part // step * step
    count = np.diff(np.append(begins, len(amount)))
    group = np.repeat(np.arange(len(begins)), count)
    order = np.lexsort((rank, -rest, down - part, group))
    place = np.arange(len(amount)) - np.repeat(begins, count)
    missing = _together(size, share, whole, step, begins) - np.add.reduceat(down, begins)
    given = np.zeros(len(amount), np.int64)
    given[order] = place < (missing // step[begins])[group]
    return sign * (down + given * step)


def _product(size: Ints, share: Ints, whole: int) -> tuple[Ints, Ints]:
    """Size × share ÷ whole, and the remainder, without overflow for sizes of MONEY and shares up to 100 %."""
    high, low = np.divmod(size, whole)
    more, rest = np.divmod(low * share, whole)
    return high * share + more, rest


def _together(size: Ints, share: Ints, whole: int, step: Ints, begins: Ints) -> Ints:
    """A group's amount × the sum of its shares, half up to whole steps."""
    part, rest = _product(size[begins], np.add.reduceat(share, begins), whole)
    unit = step[begins]
    over = (part % unit) * whole + rest
    return part // unit * unit + (2 * over >= unit * whole) * unit
