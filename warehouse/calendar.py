"""The fiscal calendar: settings in, one row a day out; pure, no store and no clock.

* A fiscal year is named after the calendar year in which it (nominally) ends: with a start on
  1 July, FY2026 runs from 2025-07-01 to 2026-06-30.
* ``months``: fiscal months are calendar months, quarters are three of them.
* ``445``: a fiscal year starts on the Monday nearest to the first of the start month (three days
  before to three days after) and so has 52 or 53 whole weeks; each quarter has months of 4, 4 and 5
  weeks. The 53rd week, in about every sixth year, goes to the last month.
* Weeks are ISO weeks: they start on Monday and belong to the year of their Thursday.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

import pyarrow as pa

from warehouse.settings import Settings
from warehouse.tables import TABLES

_DAY = timedelta(days=1)
_WEEKS_445 = (4, 4, 5) * 4
SOURCE = "settings"
"""``source_system`` and ``load_id`` of rows that come from the settings."""


@dataclass(frozen=True)
class FiscalYear:
    """A fiscal year: its name's number, and the first day of each month and of the next year."""

    number: int
    months: tuple[date, ...]  # 13 dates: 12 first days, then the next year's first day

    @property
    def start(self) -> date:
        """First day."""
        return self.months[0]

    @property
    def end(self) -> date:
        """First day of the next year."""
        return self.months[12]


def fiscal_year(settings: Settings, number: int) -> FiscalYear:
    """The fiscal year FY``number`` with its twelve months."""
    if settings.calendar == "445":
        return FiscalYear(number, _months_445(settings, number))
    firsts = (_first_of(settings, number, month) for month in range(13))
    return FiscalYear(number, tuple(firsts))


def fiscal_year_of(settings: Settings, day: date) -> FiscalYear:
    """The fiscal year a day lies in."""
    for number in (day.year - 1, day.year, day.year + 1, day.year + 2):
        year = fiscal_year(settings, number)
        if year.start <= day < year.end:
            return year
    raise AssertionError(f"no fiscal year holds {day}")


def days(settings: Settings, first: date, last: date) -> pa.Table:
    """Rows of the table ``days``: every day of the fiscal years from ``first``'s to ``last``'s."""
    numbers = range(fiscal_year_of(settings, first).number, fiscal_year_of(settings, last).number + 1)
    rows = [row for number in numbers for row in _days_of(fiscal_year(settings, number))]
    return pa.Table.from_pylist(rows, schema=TABLES["days"].arrow)


def _first_of(settings: Settings, number: int, month: int) -> date:
    """First calendar day of fiscal month ``month`` (0 to 12) of FY``number``."""
    start_year = number if settings.fiscal_start_month == 1 else number - 1
    index = settings.fiscal_start_month - 1 + month
    return date(start_year + index // 12, index % 12 + 1, 1)


def _months_445(settings: Settings, number: int) -> tuple[date, ...]:
    start = _nearest_monday(_first_of(settings, number, 0))
    firsts = [start]
    for weeks in _WEEKS_445[:11]:
        firsts.append(firsts[-1] + timedelta(weeks=weeks))
    return (*firsts, _nearest_monday(_first_of(settings, number + 1, 0)))


def _nearest_monday(day: date) -> date:
    """The Monday at most three days away."""
    ahead = -day.weekday() % 7
    return day + timedelta(days=ahead if ahead <= 3 else ahead - 7)


def _days_of(year: FiscalYear) -> Iterator[dict[str, object]]:
    for month in range(12):
        day = year.months[month]
        while day < year.months[month + 1]:
            yield _row(year, month, day)
            day += _DAY


def _row(year: FiscalYear, month: int, day: date) -> dict[str, object]:
    """One day; ``month`` counts from 0."""
    quarter = month // 3
    quarter_start = year.months[quarter * 3]
    iso = day.isocalendar()
    return {
        "date": day,
        "year": f"FY{year.number}",
        "quarter": f"FY{year.number}-Q{quarter + 1}",
        "month": f"FY{year.number}-M{month + 1:02}",
        "week": f"{iso.year}-W{iso.week:02}",
        "year_start": year.start,
        "year_end": year.end,
        "quarter_start": quarter_start,
        "quarter_end": year.months[quarter * 3 + 3],
        "month_start": year.months[month],
        "month_end": year.months[month + 1],
        "week_start": day - timedelta(days=day.weekday()),
        "day_of_year": (day - year.start).days + 1,
        "day_of_quarter": (day - quarter_start).days + 1,
        "day_of_month": (day - year.months[month]).days + 1,
        "is_working_day": day.weekday() < 5,
        "source_system": SOURCE,
        "source_id": day.isoformat(),
        "source_updated_at": None,
        "load_id": SOURCE,
        "is_deleted": False,
    }
