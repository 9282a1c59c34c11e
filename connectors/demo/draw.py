"""A whole company, table by table, streamed or in memory."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from datetime import date

import pyarrow as pa

from connectors.demo.accounts import accounts, territory_accounts
from connectors.demo.activities import activity_table
from connectors.demo.calls import Calls, call_table
from connectors.demo.company import DEFAULT_AS_OF, DEFAULT_OPPORTUNITIES, Company
from connectors.demo.deals import deal_tables, deals
from connectors.demo.faults import faults
from connectors.demo.ledger import Ledger
from connectors.demo.pay import Pay, payout_table
from connectors.demo.people import assignments, reps
from connectors.demo.plans import Plans, component_table, plan_assignment_table, plan_table
from connectors.demo.products import products
from connectors.demo.quotas import Quotas, quota_table
from connectors.demo.rates import exchange_rates
from connectors.demo.stages import stages
from connectors.demo.territories import territories
from warehouse.tables import TABLES

FIXED: dict[str, Callable[[Company], pa.Table]] = {
    "reps": lambda company: reps(company.people),
    "assignments": lambda company: assignments(company.people),
    "territories": lambda company: territories(company.territories, company.axis),
    "accounts": lambda company: accounts(company.accounts, company.people),
    "territory_accounts": lambda company: territory_accounts(company.accounts, company.people),
    "products": lambda _: products(),
    "stages": lambda _: stages(),
    "exchange_rates": lambda company: exchange_rates(company.rates),
    "plans": plan_table,
    "plan_components": lambda _: component_table(),
}
OF_DEALS = ("opportunities", "opportunity_changes", "opportunity_splits", "opportunity_lines", "activities")
FOLLOWING = ("quotas", "plan_assignments", "payouts", "forecast_submissions")
ENTITIES = (*FIXED, *OF_DEALS, *FOLLOWING)
"""The canonical tables a demo company fills."""

ACTIVITIES_PER_DEAL = 5.0
MANY_DEALS = 1_000_000  # from here on a deal has a tenth of the activities: they are not what is measured
Progress = Callable[[int, int], None]


def stream(
    company: Company, only: Collection[str] = ENTITIES, progress: Progress | None = None
) -> Iterator[tuple[str, pa.Table]]:
    """The tables of a company in parts, months of deals one by one; ``progress`` hears of each month."""
    for name, make in FIXED.items():
        if name in only:
            yield name, make(company)
    ledger = Ledger(company)
    for month in company.months:
        yield from _month(company, month, ledger, only)
        if progress:
            progress(month + 1, len(company.months))
    yield from _following(company, ledger, only)


def _month(
    company: Company, month: int, ledger: Ledger, only: Collection[str]
) -> Iterator[tuple[str, pa.Table]]:
    found = deals(company, month)
    ledger.add(found)
    if any(name in only for name in OF_DEALS[:-1]):
        for name, rows in deal_tables(found).items():
            if name in only:
                yield name, rows
    if "activities" in only:
        few = company.opportunities >= MANY_DEALS
        yield "activities", activity_table(found, ACTIVITIES_PER_DEAL / (10 if few else 1))


def _following(company: Company, ledger: Ledger, only: Collection[str]) -> Iterator[tuple[str, pa.Table]]:
    """What follows from the deals' sums."""
    quotas = Quotas(company, ledger)
    plans = Plans(company, quotas, ledger.own_overlay)
    made: dict[str, Callable[[], pa.Table]] = {
        "quotas": lambda: quota_table(quotas),
        "plan_assignments": lambda: plan_assignment_table(plans),
        "payouts": lambda: payout_table(Pay(company, ledger, quotas, plans)),
        "forecast_submissions": lambda: call_table(Calls(company, ledger, quotas)),
    }
    for name, make in made.items():
        if name in only:
            yield name, make()


def draw(
    seed: int,
    opportunities: int = DEFAULT_OPPORTUNITIES,
    as_of: date = DEFAULT_AS_OF,
    *,
    only: Collection[str] = ENTITIES,
    faulty: bool = True,
) -> dict[str, pa.Table]:
    """A company in memory: its canonical tables by name, in the landing schema.

    ``only`` leaves tables out, ``faulty`` says whether the ten rows that are wrong on purpose come along.
    """
    company = Company(seed, opportunities, as_of)
    parts: dict[str, list[pa.Table]] = {}
    for name, rows in stream(company, only):
        parts.setdefault(name, []).append(rows)
    for name, rows in faults(company).items() if faulty else ():
        if name in only:
            parts[name].append(rows.select(TABLES[name].landing.names))
    return {name: pa.concat_tables(rows) for name, rows in parts.items()}
