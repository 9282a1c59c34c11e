"""Which tables have to be built again when some tables changed."""

from __future__ import annotations

from collections.abc import Iterable

from warehouse.build.checks import ORDER
from warehouse.tables import TABLES

FEEDS: dict[str, tuple[str, ...]] = {
    "reps": ("quota_months", "visibility"),
    "assignments": ("opportunities", "credits", "quota_months", "visibility"),
    "territory_accounts": ("credits",),
    "stages": ("opportunities",),
    "opportunities": ("opportunity_changes", "opportunity_lines", "credits"),
    "opportunity_splits": ("credits",),
    "opportunity_lines": ("opportunities", "credits"),
    "credits": ("opportunities",),
    "quotas": ("quota_months",),
    "exchange_rates": ("opportunities", "quotas", "credits", "payouts", "forecast_submissions"),
    "days": ("quota_months",),
}
"""From a table to those whose rows, columns or issues are computed from it (references come on top).

Lines and recorded credits lead to deals because a deal is warned of when its lines do not fit or
nobody can be credited for it.
"""

DERIVED = ("days", "measures", "visibility", "quota_months")
"""Tables the warehouse computes; built in this order, after all others."""

ALWAYS = ("days", "measures")
"""Small tables that are computed at every build."""


def concerned(only: Iterable[str] | None) -> set[str]:
    """Tables to build: those in ``only`` and all that follow from them; all when it is None.

    A table also follows from those its rows refer to, because its references are checked.
    """
    if only is None:
        return {*ORDER, *DERIVED}
    found: set[str] = set()
    waiting = list(only)
    while waiting:
        table = waiting.pop()
        if table not in found:
            found.add(table)
            waiting += [*FEEDS.get(table, ()), *_referring(table)]
    return found | set(ALWAYS)


def _referring(table: str) -> list[str]:
    return [
        name
        for name in ORDER
        if any(column.refers == table and not column.derived for column in TABLES[name].columns)
    ]
