"""Amounts below zero: a return or a correction is one, a target cannot be."""

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
