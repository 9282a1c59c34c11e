"""Stretches of time looked up by person and day, and who stands above whom on a day."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from compensation.earning.sales import Codes
from compensation.money.fine import Ints, days

_SHIFT = 23  # days since 1970, from year 1 to 9999, fit 22 bits once moved above zero
_LIFT = 2**20
MOST_LEVELS = 60


def keyed(rep: Ints, day: Ints) -> Ints:
    """One number a person and day that sorts by both."""
    return (rep << _SHIFT) + day + _LIFT


def locate(rep: Ints, start: Ints, end: Ints, who: Ints, day: Ints) -> Ints:
    """The stretch each person's day lies in, -1 where none does; stretches are sorted and do not overlap."""
    if not len(rep):
        return np.full(len(who), -1, np.int64)
    at = np.searchsorted(keyed(rep, start), keyed(who, day), "right") - 1
    inside = (at >= 0) & (who >= 0)
    inside &= (rep[at] == who) & (day < end[at])
    return np.where(inside, at, -1)


@dataclass(frozen=True)
class Hierarchy:
    """Who reports to whom, from when until before when; by person and first day."""

    rep: Ints
    start: Ints
    end: Ints
    manager: Ints

    @classmethod
    def of(cls, table: pa.Table, people: Codes) -> Hierarchy:
        """From rows of HIERARCHY; of two managers at once the later start wins."""
        rep, manager = people.at(table["rep"]), people.at(table["manager"])
        start, end = days(table["valid_from"], 0), days(table["valid_to"], 0)
        order = np.lexsort((manager, end, start, rep))
        rep, start, end, manager = rep[order], start[order], end[order], manager[order]
        same = rep[1:] == rep[:-1]
        end[:-1] = np.where(same, np.minimum(end[:-1], start[1:]), end[:-1])
        return cls(rep, start, end, manager)

    def above(self, who: Ints, day: Ints) -> Ints:
        """Each person's manager on a day, -1 where there is none."""
        at = locate(self.rep, self.start, self.end, who, day)
        return np.where(at >= 0, self.manager[at], -1) if len(self.rep) else at

    def levels(self, who: Ints, day: Ints) -> list[Ints]:
        """The people themselves, their managers, their managers' managers … until nobody is left.

        Whoever would come up a second time above the same person (a circle) ends that chain.
        """
        found = [who]
        while len(found) < MOST_LEVELS:
            above = self.above(found[-1], day)
            for below in found:
                above = np.where(above == below, -1, above)
            if not (above >= 0).any():
                break
            found.append(above)
        return found
