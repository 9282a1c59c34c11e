"""Numbers that are out of their bounds: amounts below zero, probabilities beyond 0 to 1."""

from __future__ import annotations

from warehouse.build.work import Work

SEVERITY = {
    "opportunities": "warning",
    "credits": "warning",
    "forecast_submissions": "warning",
    "quotas": "row",
}
"""Deals, credits and calls are kept (returns exist) with a warning; a quota is set aside."""


def negative(work: Work, table: str) -> None:
    """Find amounts below zero where they are unusual."""
    if table in SEVERITY:
        found = f"""
            SELECT _n, 'negative_amount' AS code, 'amount' AS field, CAST(amount AS VARCHAR) AS value,
                   NULL AS detail
            FROM good_{table} WHERE amount < 0"""
        work.note(table, found, SEVERITY[table])


PROBABILITIES = {"opportunities": "probability", "stages": "default_probability"}


def improbable(work: Work, table: str) -> None:
    """Empty probabilities outside 0 to 1; the row is kept with a warning."""
    if column := PROBABILITIES.get(table):
        found = f"""
            SELECT _n, 'bad_probability' AS code, '{column}' AS field, CAST({column} AS VARCHAR) AS value,
                   NULL AS detail
            FROM good_{table} WHERE {column} < 0 OR {column} > 1"""
        work.note(table, found, "warning", empties=True)
