"""The company's time axis: every day is a number, day 0 is the start of the warm-up."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property

import numpy as np
import pyarrow as pa

from connectors.demo.columns import Ints

FISCAL_START_MONTH = 2
FISCAL_YEARS = 6
WARM_UP_MONTHS = 9  # deals created before the first fiscal year that close within it
AHEAD_MONTHS = 48  # deals that are open have a future nobody has seen yet


def fiscal_start(day: date) -> date:
    """First day of the fiscal year that holds ``day``."""
    year = day.year if day.month >= FISCAL_START_MONTH else day.year - 1
    return date(year, FISCAL_START_MONTH, 1)


def add_months(day: date, months: int) -> date:
    """The first of the month, so many months later."""
    index = day.year * 12 + day.month - 1 + months
    return date(index // 12, index % 12 + 1, 1)


@dataclass(frozen=True)
class Axis:
    """Days, fiscal months (0 is the first of the warm-up), quarters and years by number."""

    as_of: date

    @cached_property
    def first(self) -> date:
        """First day of the first of the six fiscal years."""
        last = fiscal_start(self.as_of)
        return date(last.year - FISCAL_YEARS + 1, last.month, 1)

    @cached_property
    def start(self) -> date:
        """Day 0."""
        return add_months(self.first, -WARM_UP_MONTHS)

    @cached_property
    def months(self) -> Ints:
        """First day of each month, with one more at the end."""
        count = WARM_UP_MONTHS + 12 * FISCAL_YEARS + AHEAD_MONTHS
        return np.array([self.number(add_months(self.start, m)) for m in range(count + 1)], dtype=np.int64)

    @cached_property
    def quarters(self) -> Ints:
        """First day of each quarter, with one more at the end."""
        return self.months[::3]

    @cached_property
    def years(self) -> Ints:
        """First day of each of the six fiscal years, and of the one after."""
        return self.months[WARM_UP_MONTHS : WARM_UP_MONTHS + 12 * FISCAL_YEARS + 1 : 12]

    @property
    def length(self) -> int:
        """How many days the axis has."""
        return int(self.months[-1])

    @property
    def today(self) -> int:
        """The day the data stands at; everything up to its evening is known."""
        return self.number(self.as_of)

    @cached_property
    def month_of(self) -> Ints:
        """Month of each day."""
        return np.repeat(np.arange(len(self.months) - 1), np.diff(self.months))

    @cached_property
    def quarter_of(self) -> Ints:
        """Quarter of each day."""
        return self.month_of // 3

    @cached_property
    def year_of(self) -> Ints:
        """Fiscal year of each day, 0 to 5; the warm-up counts as the first, the future as the last."""
        return np.clip((self.month_of - WARM_UP_MONTHS) // 12, 0, FISCAL_YEARS - 1)

    @cached_property
    def weekday_of(self) -> Ints:
        """Weekday of each day, Monday is 0."""
        return (np.arange(self.length) + self.start.weekday()) % 7

    @cached_property
    def iso(self) -> pa.Array:
        """Each day as text."""
        return self.dates(np.arange(self.length)).cast(pa.string())

    @property
    def first_quarter(self) -> int:
        """Number of the first quarter of the first fiscal year."""
        return WARM_UP_MONTHS // 3

    @property
    def quarter_now(self) -> int:
        """The quarter in progress."""
        return int(self.quarter_of[self.today])

    @property
    def quarters_end(self) -> int:
        """Number of the first quarter after the six fiscal years."""
        return self.first_quarter + 4 * FISCAL_YEARS

    def number(self, day: date) -> int:
        """The number of a day."""
        return (day - self.start).days

    def day(self, number: int) -> date:
        """The day of a number."""
        return self.start + timedelta(days=int(number))

    def dates(
        self, days: Ints, missing: np.ndarray[tuple[int], np.dtype[np.bool_]] | None = None
    ) -> pa.Array:
        """Day numbers as a date column."""
        epoch = (self.start - date(1970, 1, 1)).days
        return pa.array((np.asarray(days) + epoch).astype(np.int32), mask=missing).cast(pa.date32())

    def stamps(self, days: Ints, seconds: Ints) -> pa.Array:
        """Day numbers and seconds of the day (UTC, from 13:00 to 22:00) as instants.

        At these hours the day in New York is the day in UTC.
        """
        epoch = (self.start - date(1970, 1, 1)).days
        return pa.array(((np.asarray(days) + epoch) * 86_400 + seconds) * 1_000_000).cast(
            pa.timestamp("us", tz="UTC")
        )
