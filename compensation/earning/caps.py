"""Caps: of a deal, a period and a year, and of the whole plan; what lies above is not earned."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from compensation.earning.earn import NO_SALE, Parts
from compensation.money.exact import changes, running
from compensation.money.fine import Ints

NO_CAP = 2**61
"""A cap nobody reaches."""


def held_to(earned: Ints, keys: Ints, most: Ints) -> Ints:
    """Amounts in their order, cut so that no key's running total ever lies above its ``most``.

    Equal keys need not follow each other; negative amounts make room again.
    """
    order = np.argsort(keys, kind="stable")
    first = changes(keys[order])
    total = np.minimum(running(earned[order], first), most[order])
    before = np.zeros(len(total), np.int64)
    before[1:] = total[:-1]
    found = np.empty(len(total), np.int64)
    found[order] = total - np.where(first, 0, before)
    return found


def capped(parts: Parts, keys: Ints, most: Ints) -> Parts:
    """The parts with each key held to its cap."""
    return replace(parts, earned=held_to(parts.earned, keys, most))


def deal_capped(parts: Parts, deal: Ints, most: Ints) -> Parts:
    """The parts with each deal of each line held to the cap; what belongs to no deal stays as it is.

    ``deal`` numbers each part's deal.
    """
    rows = np.flatnonzero(parts.row != NO_SALE)
    line = parts.line[rows]
    keys = np.unique(np.stack([line, deal[rows]]), axis=1, return_inverse=True)[1]
    earned = parts.earned.copy()
    earned[rows] = held_to(earned[rows], keys, most[line])
    return replace(parts, earned=earned)
