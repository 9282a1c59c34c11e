"""What the calculation takes: plain Arrow tables with declared columns, wherever they came from."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

import pyarrow as pa

from compensation.plan.model import Assignment, Plan

MONEY = pa.decimal128(18, 4)
SHARE = pa.decimal128(9, 6)

TRANSACTIONS = pa.schema(
    [
        pa.field("transaction_id", pa.string(), nullable=False),  # unique with rep and kind
        pa.field("deal_id", pa.string(), nullable=False),  # what is shared, cancelled and capped as one
        pa.field("rep", pa.string(), nullable=False),
        pa.field("kind", pa.string(), nullable=False),  # direct, split, overlay or objective
        pa.field("date", pa.date32(), nullable=False),  # credited on
        pa.field("amount", MONEY, nullable=False),  # of the whole transaction; negative: a reversal
        pa.field("share", SHARE, nullable=False),  # this rep's, 0 to 1; shares of a deal conserve cents
        pa.field("currency", pa.string(), nullable=False),
        pa.field("margin", MONEY),  # of the whole transaction
        pa.field("units", MONEY),
        pa.field("score", SHARE),  # objective: share reached
        pa.field("component", pa.string()),  # objective: which component it is for
        pa.field("product", pa.string()),
        pa.field("family", pa.string()),
        pa.field("type", pa.string()),
        pa.field("account", pa.string()),
        pa.field("region", pa.string()),
        pa.field("team", pa.string()),  # the rep's on that day
        pa.field("families", pa.int64()),  # how many product families the deal has
        pa.field("term_months", pa.int64()),
        pa.field("released_on", pa.date32()),  # when the event a hold waits for happened
        pa.field("cancelled_on", pa.date32()),
    ]
)
"""One row a transaction and credited rep. Further columns may follow; conditions can name them."""

ASSIGNMENTS = pa.schema(
    [
        pa.field("plan_id", pa.string(), nullable=False),
        pa.field("rep", pa.string(), nullable=False),
        pa.field("valid_from", pa.date32(), nullable=False),
        pa.field("valid_to", pa.date32(), nullable=False),
        pa.field("role", pa.string()),
        pa.field("team", pa.string()),  # on valid_from
        pa.field("currency", pa.string()),
        pa.field("base_salary", MONEY),
        pa.field("target_incentive", MONEY),  # a year
        pa.field("rate", SHARE),
        pa.field("hired", pa.date32()),
        pa.field("left", pa.date32()),
    ]
)

QUOTAS = pa.schema(
    [
        pa.field("rep", pa.string(), nullable=False),  # who carries it
        pa.field("scope", pa.string(), nullable=False),  # rep (own credits) or team (roll-up)
        pa.field("measure", pa.string(), nullable=False),
        pa.field("start", pa.date32(), nullable=False),
        pa.field("end", pa.date32(), nullable=False),
        pa.field("amount", MONEY, nullable=False),
        pa.field("currency", pa.string(), nullable=False),
    ]
)
"""Quotas as they were handed out (already prorated); cut into months by the caller where periods differ."""

HIERARCHY = pa.schema(
    [
        pa.field("rep", pa.string(), nullable=False),
        pa.field("manager", pa.string(), nullable=False),
        pa.field("valid_from", pa.date32(), nullable=False),
        pa.field("valid_to", pa.date32(), nullable=False),
    ]
)

RATES = pa.schema(
    [
        pa.field("date", pa.date32(), nullable=False),
        pa.field("from_currency", pa.string(), nullable=False),
        pa.field("to_currency", pa.string(), nullable=False),
        pa.field("rate", pa.decimal128(18, 8), nullable=False),
    ]
)
"""The rate of a day is the latest on or before it."""

PERIODS = pa.schema(
    [
        pa.field("kind", pa.string(), nullable=False),  # month, quarter or year
        pa.field("id", pa.string(), nullable=False),  # FY2026-M01
        pa.field("start", pa.date32(), nullable=False),
        pa.field("end", pa.date32(), nullable=False),
    ]
)


@dataclass(frozen=True)
class Inputs:
    """Everything one calculation reads. Row order never matters."""

    transactions: pa.Table
    periods: pa.Table
    assignments: pa.Table = field(default_factory=ASSIGNMENTS.empty_table)
    quotas: pa.Table = field(default_factory=QUOTAS.empty_table)
    hierarchy: pa.Table = field(default_factory=HIERARCHY.empty_table)
    rates: pa.Table = field(default_factory=RATES.empty_table)


@dataclass(frozen=True)
class Order:
    """What to calculate: plans over the months from ``start`` until before ``end``, as known on ``as_of``.

    Earlier months of the same fiscal years are reckoned too where something is year to date, but only
    lines of the months asked for are given.
    """

    plans: tuple[Plan, ...]
    start: date
    end: date
    as_of: date


__all__ = [
    "ASSIGNMENTS",
    "HIERARCHY",
    "PERIODS",
    "QUOTAS",
    "RATES",
    "TRANSACTIONS",
    "Assignment",
    "Inputs",
    "Order",
]
