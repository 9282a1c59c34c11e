"""Fiscal months as numbers, and whole months between two days; days are days since 1970-01-01."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from compensation.money.fine import Ints, days

NEVER = 10**7
"""A day or month that does not come; later than any date."""

EPOCH = date(1970, 1, 1).toordinal()


@dataclass(frozen=True)
class Months:
    """The fiscal months of a calculation in order: first day of each, and the day after its last."""

    starts: Ints
    ends: Ints

    @classmethod
    def of(cls, periods: pa.Table) -> Months:
        """The rows of PERIODS that are months."""
        rows = periods.filter(pc.equal(periods["kind"], "month")).sort_by("start")
        return cls(days(rows["start"], 0), days(rows["end"], 0))

    def __len__(self) -> int:
        return len(self.starts)

    def between(self, first: int, end: int) -> Months:
        """The months from the one ``first`` lies in to the last one that starts before ``end``."""
        kept = (self.ends > first) & (self.starts < end)
        return Months(self.starts[kept], self.ends[kept])

    def at(self, day: Ints) -> Ints:
        """The month each day lies in: -1 before the first, ``NEVER`` after the last."""
        found = np.searchsorted(self.starts, day, "right") - 1
        last = self.ends[-1] if len(self) else 0
        return np.where(day >= last, NEVER, found).astype(np.int64)


def number(day: date) -> int:
    """A day as days since 1970-01-01."""
    return day.toordinal() - EPOCH


def day_of(number_: int) -> date:
    """Days since 1970-01-01 as a day."""
    return date.fromordinal(int(number_) + EPOCH)


def elapsed(start: Ints, end: Ints) -> Ints:
    """Whole months from ``start`` to ``end``: the most that can be added to ``start`` without passing ``end``.

    A month added to 31 January ends on the last day of February.
    """
    first, first_day = _parts(start)
    last, last_day = _parts(end)
    length = (
        (last + 1).astype("datetime64[M]").astype("datetime64[D]").astype(np.int64) - (end - last_day)
    ) - 1
    return last - first - (last_day < np.minimum(first_day, length))


def _parts(day: Ints) -> tuple[Ints, Ints]:
    """Month since January 1970, and the day within it from 0."""
    month = day.astype("datetime64[D]").astype("datetime64[M]")
    return month.astype(np.int64), day - month.astype("datetime64[D]").astype(np.int64)
