"""Dates that cannot be meant, and periods that hold no day."""

from __future__ import annotations

from datetime import date

from warehouse.build.work import Work
from warehouse.tables import TABLES, Kind

PERSONAL_DATES = ("hire_date", "leave_date")
"""Dates of a rep's employment: a bad one is emptied and the rep kept, else their sales would be lost."""

_EMPLOYMENT_FROM = date(1900, 1, 1)
_PERIODS = (("valid_from", "valid_to"), ("period_start", "period_end"))


def out_of_range(work: Work, table: str) -> None:
    """Set aside rows dated outside the years the settings allow.

    ``valid_to`` is not checked: any far day there means "still in force".
    """
    for column in _dates(table):
        if column in PERSONAL_DATES:
            work.note(table, _outside(work, table, column, _EMPLOYMENT_FROM), "warning", empties=True)
        else:
            work.note(table, _outside(work, table, column, work.settings.earliest), "row")


def _dates(table: str) -> list[str]:
    spec = TABLES[table]
    return [
        column.name
        for column in spec.columns
        if column.kind is Kind.DATE and not column.derived and column.name != "valid_to"
    ]


def _outside(work: Work, table: str, column: str, earliest: date) -> str:
    return f"""
        SELECT _n, 'date_out_of_range' AS code, '{column}' AS field, CAST("{column}" AS VARCHAR) AS value,
               '{earliest} to {work.latest}' AS detail
        FROM good_{table} WHERE "{column}" < DATE '{earliest}' OR "{column}" > DATE '{work.latest}'"""


def empty_periods(work: Work, table: str) -> None:
    """Set aside rows whose period ends on or before the day it starts."""
    columns = TABLES[table].by_name
    for start, end in _PERIODS:
        if start in columns and end in columns:
            found = f"""
                SELECT _n, 'empty_period' AS code, '{end}' AS field, CAST({end} AS VARCHAR) AS value,
                       CAST({start} AS VARCHAR) AS detail
                FROM good_{table} WHERE {end} <= {start}"""
            work.note(table, found, "row")
