"""The fiscal months, quarters and years a calculation is cut into, from a store's settings or a plan's policy."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import pyarrow as pa

from compensation.inputs import PERIODS
from compensation.plan.model import Policy
from warehouse.calendar import FiscalYear, fiscal_year, fiscal_year_of
from warehouse.settings import Settings


def settings_of(policy: Policy) -> Settings:
    """Settings with the plan's own fiscal year, for where there is no store."""
    return Settings(fiscal_start_month=policy.first_month)


def periods(settings: Settings, start: date, end: date) -> pa.Table:
    """Rows of PERIODS: every month, quarter and year of the fiscal years that ``start`` until ``end`` touches."""
    first = fiscal_year_of(settings, start).number
    last = fiscal_year_of(settings, max(start, end)).number
    years = (fiscal_year(settings, number) for number in range(first, last + 1))
    rows = [row for year in years for row in _rows(year)]
    return pa.Table.from_pylist(rows, schema=PERIODS)


def _rows(year: FiscalYear) -> Iterator[dict[str, object]]:
    name = f"FY{year.number}"
    yield {"kind": "year", "id": name, "start": year.start, "end": year.end}
    for quarter in range(4):
        start, end = year.months[3 * quarter], year.months[3 * quarter + 3]
        yield {"kind": "quarter", "id": f"{name}-Q{quarter + 1}", "start": start, "end": end}
    for month in range(12):
        start, end = year.months[month], year.months[month + 1]
        yield {"kind": "month", "id": f"{name}-M{month + 1:02}", "start": start, "end": end}
