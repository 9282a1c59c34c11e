"""The tables that come from the settings: the fiscal calendar and the measures."""

from __future__ import annotations

from datetime import date

import pyarrow as pa

from warehouse.build.work import Work
from warehouse.calendar import SOURCE, fiscal_year, fiscal_year_of
from warehouse.calendar import days as calendar_days
from warehouse.tables import TABLES

DATED = {
    "opportunities": ("created_on", "close_on"),
    "opportunity_changes": ("changed_on",),
    "activities": ("started_on",),
    "quotas": ("period_start", "period_end"),
    "credits": ("credited_on",),
    "payouts": ("period_start", "earned_on"),
    "forecast_submissions": ("period_start", "submitted_on"),
}
"""Columns the calendar must cover. Rates, hires and assignments may be older."""


def days(work: Work) -> None:
    """Make ``out_days``: from a fiscal year before the earliest date to two after the as-of day's.

    Where data reach further ahead, so does the calendar: no quota may lose its last months.
    """
    first, last = _span(work)
    start = fiscal_year(work.settings, fiscal_year_of(work.settings, first).number - 1).start
    ahead = fiscal_year_of(work.settings, work.as_of).number + 2
    end = max(fiscal_year(work.settings, ahead).start, last)
    _register(work, "days", calendar_days(work.settings, start, end))


def _span(work: Work) -> tuple[date, date]:
    """The earliest and latest day any row is dated; the as-of day when there is none."""
    days_of = [
        f"SELECT min({column}) AS first, max({column}) AS last FROM good_{table}"
        for table, columns in DATED.items()
        for column in columns
    ]
    first, last = work.rows(f"SELECT min(first), max(last) FROM ({' UNION ALL '.join(days_of)})")[0]
    return min(first or work.as_of, work.as_of), max(last or work.as_of, work.as_of)


def measures(work: Work) -> None:
    """Make ``out_measures`` from the settings."""
    rows = [
        {
            "measure": name,
            "credits_measure": measure.credits,
            "is_default": name == work.settings.default_measure,
            "source_system": SOURCE,
            "source_id": name,
            "source_updated_at": None,
            "load_id": SOURCE,
            "is_deleted": False,
        }
        for name, measure in work.settings.measures.items()
    ]
    _register(work, "measures", pa.Table.from_pylist(rows, schema=TABLES["measures"].arrow))


def _register(work: Work, table: str, rows: pa.Table) -> None:
    work.con.register("given", rows)
    work.run(f"CREATE OR REPLACE TABLE out_{table} AS SELECT * FROM given")
    work.con.unregister("given")
