"""Which checks a table goes through before its rows count, in order.

Each check sets aside what cannot be used and names file, row and field; the good rows stay. The
checks of one table may look at the good rows of the tables before it in ``ORDER``.
"""

from __future__ import annotations

from warehouse.build import (
    checks_amounts,
    checks_dates,
    checks_deals,
    checks_overlaps,
    checks_references,
    currency,
    hierarchy,
    union,
)
from warehouse.build.work import Work

ORDER = (
    "exchange_rates",
    "reps",
    "products",
    "stages",
    "territories",
    "accounts",
    "assignments",
    "territory_accounts",
    "plans",
    "plan_components",
    "plan_assignments",
    "opportunities",
    "opportunity_splits",
    "opportunity_lines",
    "opportunity_changes",
    "activities",
    "quotas",
    "credits",
    "payouts",
    "forecast_submissions",
    "scenarios",
    "drafts",
    "approvals",
    "changes",
)
"""Every table a source can send; a table comes after the tables its rows refer to."""


def check(work: Work, table: str) -> None:
    """Check the rows of one table; afterwards ``good_<table>`` holds those that count."""
    if table in work.absent:
        return
    checks_dates.out_of_range(work, table)
    checks_dates.empty_periods(work, table)
    checks_overlaps.overlaps(work, table)
    union.duplicates(work, table)
    checks_references.unknown(work, table)
    checks_amounts.negative(work, table)
    checks_amounts.improbable(work, table)
    _own_checks(work, table)


def _own_checks(work: Work, table: str) -> None:
    match table:
        case "exchange_rates":
            currency.bad_rates(work)
        case "assignments":
            hierarchy.break_cycles(work)
        case "opportunity_splits":
            checks_deals.bad_shares(work)
            checks_deals.splits_over_whole(work)
    if table in currency.CONVERTED:
        currency.unconvertible(work, table)
