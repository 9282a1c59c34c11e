"""The fiscal periods a calculation is cut into, as arrays of day numbers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from compensation.money.fine import Ints, days

SHARES = {"month": 12, "quarter": 4, "year": 1}
"""How many periods of a kind share a year's target incentive or quota."""


@dataclass(frozen=True)
class Span:
    """All periods of one kind, in order: first days, and the days after the last."""

    starts: Ints
    ends: Ints

    def at(self, day: Ints) -> Ints:
        """The number of the period each day lies in, -1 where none does."""
        found = np.searchsorted(self.starts, day, "right") - 1
        inside = (found >= 0) & (day < self._last_days(found))
        return np.where(inside, found, -1)

    def _last_days(self, found: Ints) -> Ints:
        return self.ends[found] if len(self.ends) else np.full(len(found), -(10**9))

    def first_ending_after(self, day: Ints) -> Ints:
        """The first period that ends after each day."""
        return np.searchsorted(self.ends, day, "right")

    def first_starting_from(self, day: Ints) -> Ints:
        """The first period that starts on or after each day."""
        return np.searchsorted(self.starts, day, "left")


@dataclass(frozen=True)
class Calendar:
    """Months, quarters and years by kind."""

    spans: Mapping[str, Span]

    def __getitem__(self, kind: str) -> Span:
        return self.spans[kind]

    @classmethod
    def of(cls, periods: pa.Table) -> Calendar:
        """From rows of PERIODS, in any order."""
        return cls({kind: _span(periods, kind) for kind in SHARES})

    def covers(self, start: int, end: int) -> bool:
        """Whether there is a month, quarter and year for every day from ``start`` until before ``end``."""
        edges = np.array([start, max(end - 1, start)])
        return all(bool((span.at(edges) >= 0).all()) for span in self.spans.values())

    def first_day(self) -> int:
        """The first day that lies in a month, a quarter and a year."""
        return max(int(span.starts[0]) for span in self.spans.values())

    def pay_month(self, ends: Ints) -> Ints:
        """First day of the month in which periods end: the month they are paid with."""
        months = self.spans["month"]
        found = months.at(ends - 1)
        return np.where(found >= 0, months.starts[found], ends - 1) if len(months.starts) else ends - 1


def _span(periods: pa.Table, kind: str) -> Span:
    rows = periods.filter(pc.equal(periods["kind"], kind)).sort_by("start")
    return Span(days(rows["start"], 0), days(rows["end"], 0))
