"""Ten rows that are wrong on purpose, so that what is set aside can be seen."""

from __future__ import annotations

from datetime import timedelta

import numpy as np
import pyarrow as pa

from connectors.demo.columns import made, money
from connectors.demo.company import Company
from connectors.demo.truths import DEMO_REP

# The files the wrong rows came in, and the line of the first.
_PLACES = {
    "opportunities": ("late deals.csv", 2),
    "opportunity_lines": ("late deal lines.csv", 2),
    "activities": ("telephone log.csv", 118),
    "quotas": ("quotas.csv", 104),
}


def faults(company: Company) -> dict[str, pa.Table]:
    """The rows by table: four negative amounts, two unknown products, three unknown reps, one impossible date."""
    found = {
        "opportunities": _deals(company),
        "opportunity_lines": _lines(),
        "activities": _activities(company),
        "quotas": _quota(company),
    }
    return {name: _placed(rows, *_PLACES[name]) for name, rows in found.items()}


def _placed(rows: pa.Table, file: str, first: int) -> pa.Table:
    """Rows with the file and line they came from."""
    lines = pa.array(np.arange(rows.num_rows) + first)
    return rows.append_column("_file", pa.repeat(file, rows.num_rows)).append_column("_row", lines)


def _deals(company: Company) -> pa.Table:
    """Four deals with a negative amount, one that was opened in year 1."""
    day = company.axis.as_of - timedelta(days=40)
    opened = [day] * 4 + [day.replace(year=1)]
    count = len(opened)
    return made(
        "opportunities",
        {
            "opportunity_id": [f"O90{n}" for n in range(count)],
            "name": ["Credit note entered as a deal"] * 4 + ["Imported without a date"],
            "account_id": ["A100000"] * count,
            "owner_id": [DEMO_REP] * count,
            "pipeline_id": ["New business"] * count,
            "stage_id": ["NBL"] * count,
            "forecast_category": ["omitted"] * count,
            "type": ["new"] * count,
            "amount": money(np.array([-1_250_00, -480_00, -22_000_00, -75, 9_000_00])),
            "currency": ["USD"] * count,
            "probability": [0.0] * count,
            "created_on": opened,
            "close_on": [day] * count,
            "is_closed": [True] * count,
        },
    )


def _lines() -> pa.Table:
    """Two free extras of products that are no longer in the list."""
    return made(
        "opportunity_lines",
        {
            "line_id": ["L900", "L901"],
            "opportunity_id": ["O10000000", "O10000001"],
            "product_id": ["P98", "P99"],
            "quantity": [1.0, 1.0],
            "list_price": money(np.array([0, 0])),
            "net_price": money(np.array([0, 0])),
            "amount": money(np.array([0, 0])),
            "currency": ["USD", "USD"],
        },
    )


def _activities(company: Company) -> pa.Table:
    """Two calls of a telephone system's account that is nobody."""
    day = company.axis.as_of - timedelta(days=12)
    return made(
        "activities",
        {
            "activity_id": ["V900", "V901"],
            "rep_id": ["R999", "R999"],
            "account_id": ["A100000", "A100001"],
            "kind": ["call", "call"],
            "started_on": [day, day],
            "minutes": [3, 4],
        },
    )


def _quota(company: Company) -> pa.Table:
    """A quota for someone who never started."""
    start = company.axis.day(int(company.axis.quarters[company.axis.quarter_now]))
    end = company.axis.day(int(company.axis.quarters[company.axis.quarter_now + 1]))
    return made(
        "quotas",
        {
            "quota_id": ["Q-R998"],
            "version": [1],
            "scope": ["rep"],
            "rep_id": ["R998"],
            "measure": ["bookings"],
            "period_start": [start],
            "period_end": [end],
            "amount": money(np.array([200_000_00])),
            "currency": ["USD"],
        },
    )
