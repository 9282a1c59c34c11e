"""What the store knows, as the calculation takes it: one viewer's plans, quotas, people and rates.

Who sees what is decided by ``warehouse.access`` alone: a rep gets own credits and own plan, a manager
the team's credits of the days the team was theirs. Transactions are made in ``workflows.pay.deals``.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import replace
from datetime import date

import ibis
import ibis.expr.types as ir
import pyarrow as pa
import pyarrow.compute as pc

from compensation.inputs import ASSIGNMENTS, HIERARCHY, PERIODS, QUOTAS, RATES, Inputs
from compensation.plan.model import Condition, Plan
from compensation.plan.reading import read
from compensation.run import Problem
from warehouse.access import UNASSIGNED, Tables, Viewer
from warehouse.engine import Session
from workflows.pay.asking import FROM, UNTIL, Asking, typed
from workflows.pay.deals import transactions

_GRAINS = ("month", "quarter", "year")
_OF_LINES = {"product", "family"}


def inputs(
    session: Session,
    viewer: Viewer,
    start: date,
    end: date,
    reps: Collection[str] | None = None,
    *,
    by_line: bool = False,
) -> Inputs:
    """Everything needed to pay the months from ``start`` until before ``end``, as the viewer may see it.

    Transactions, quotas and assignments reach back to the first day of the fiscal year that holds
    ``start``, for what is year to date. Row order is not defined.

    Args:
        session: the version to read.
        viewer: whose eyes; what they may not see is simply not there.
        start: first day of the first month.
        end: first day after the last month.
        reps: keys of the people to be paid, everybody the viewer may see if not given; transactions of
            those below them come along for their roll-ups.
        by_line: a transaction for each line of a deal instead of each deal; see ``tells_products_apart``.

    Raises:
        ValueError: ``start`` lies outside the version's calendar.
    """
    tables = Tables(viewer, session, session.version.as_of)
    asking = Asking(tables, start, end, None if reps is None else tuple(sorted(set(reps))))
    periods = asking.run("periods", lambda: _periods(asking))
    asking = replace(asking, since=_year_start(periods, start))
    return Inputs(
        transactions=transactions(asking, by_line=by_line),
        periods=typed(periods, PERIODS),
        **{name: _table(asking, name) for name in _MADE},
    )


def _table(asking: Asking, name: str) -> pa.Table:
    make, schema = _MADE[name]
    return typed(asking.run(name, lambda: make(asking)), schema)


def book(session: Session, viewer: Viewer) -> tuple[tuple[Plan, ...], list[Problem]]:
    """The versions of the plans the viewer may see, and what is wrong with those that cannot be read.

    A version's days are the store's: its text says when it starts, a later version ends it.
    """
    tables = Tables(viewer, session, session.version.as_of)
    rows = tables.table("plans").select("plan_id", "version", "name", "terms", "valid_from", "valid_to")
    plans: list[Plan] = []
    problems: list[Problem] = []
    for row in sorted(tables.run(rows).to_pylist(), key=lambda row: (row["plan_id"], row["version"])):
        plan, found = read(row["terms"] or "", f"{row['plan_id']}, version {row['version']}")
        problems += found
        if plan is not None:
            plans.append(_published(plan, row))
    return tuple(plans), problems


def _published(plan: Plan, row: dict[str, object]) -> Plan:
    """The plan as the store published it: key, version and days are the row's."""
    kept = {"id": row["plan_id"], "version": row["version"]}
    days = {"valid_from": row["valid_from"], "valid_to": row["valid_to"]}
    return replace(plan, **kept, **days)  # type: ignore[arg-type]


def tells_products_apart(plans: Collection[Plan]) -> bool:
    """Whether a plan has a condition on product or family, so that a deal's lines count one by one."""
    return any(condition.field in _OF_LINES for plan in plans for condition in _conditions(plan))


def _conditions(plan: Plan) -> Iterator[Condition]:
    for measure in plan.measures.values():
        yield from measure.where
    for rule in plan.credit_rules.values():
        yield from rule.where


def _periods(asking: Asking) -> ir.Table:
    """Every fiscal month, quarter and year the version's calendar knows."""
    rows = asking.tables.table("days")
    parts = [
        rows.select(
            kind=ibis.literal(grain), id=rows[grain], start=rows[f"{grain}_start"], end=rows[f"{grain}_end"]
        ).distinct()
        for grain in _GRAINS
    ]
    return ibis.union(*parts)


def _year_start(periods: pa.Table, day: date) -> date:
    years: list[dict[str, date]] = periods.filter(pc.field("kind") == "year").to_pylist()
    for row in years:
        if row["start"] <= day < row["end"]:
            return row["start"]
    if not years:  # somebody who may see nothing, the calendar included
        return day
    raise ValueError(f"The version's calendar does not hold {day}.")


def _assignments(asking: Asking) -> ir.Table:
    """Who is on which plan, with role and team on the first day and when they were hired and left."""
    on = asking.of_payees(asking.tables.table("plan_assignments"))
    on = on.filter(on.valid_from < UNTIL, on.valid_to > FROM).rename(
        plan_from="valid_from", plan_to="valid_to"
    )
    where = asking.tables.when_theirs("assignments").select(
        "rep_id", "role", "team_id", "valid_from", "valid_to"
    )
    who = asking.tables.when_theirs("reps").select("rep_id", "role", "currency", "hire_date", "leave_date")
    then = [on.rep_id == where.rep_id, where.valid_from <= on.plan_from, where.valid_to > on.plan_from]
    rows = on.left_join(where, then).left_join(who, [on.rep_id == who.rep_id])
    return rows.select(
        plan_id=on.plan_id,
        rep=on.rep_id,
        valid_from=on.plan_from,
        valid_to=on.plan_to,
        role=ibis.coalesce(where.role, who.role),
        team=where.team_id.nullif(UNASSIGNED),
        currency=ibis.coalesce(on.currency, who.currency, asking.currency),
        base_salary=on.base_salary,
        target_incentive=on.target_incentive,
        rate=on.rate,
        hired=who.hire_date,
        left=who.leave_date,
    )


def _quotas(asking: Asking) -> ir.Table:
    """Current targets of people and teams, in their own currency; one for a product is ``measure:product``."""
    rows = asking.of_payees(asking.tables.when_theirs("quotas"))
    rows = rows.filter(rows.is_current, rows.amount.notnull(), rows.scope.isin(["rep", "team"]))
    rows = rows.filter(rows.period_start < UNTIL, rows.period_end > FROM, rows.rep_id != UNASSIGNED)
    return rows.select(
        rep=rows.rep_id,
        scope=rows.scope,
        measure=(rows.product_id == UNASSIGNED).ifelse(rows.measure, rows.measure + ":" + rows.product_id),
        start=rows.period_start,
        end=rows.period_end,
        amount=rows.amount,
        currency=ibis.coalesce(rows.currency, asking.currency),
    )


def _hierarchy(asking: Asking) -> ir.Table:
    """Who reported to whom on which days."""
    rows = asking.tables.when_theirs("assignments")
    rows = rows.filter(rows.manager_id != UNASSIGNED, rows.valid_from < UNTIL, rows.valid_to > FROM)
    return rows.select("valid_from", "valid_to", rep=rows.rep_id, manager=rows.manager_id)


def _rates(asking: Asking) -> ir.Table:
    """Exchange rates of the days in question, and the last of each pair before them."""
    rows = asking.tables.table("exchange_rates")
    pairs = ["from_currency", "to_currency"]
    before = rows.filter(rows.date <= FROM).group_by(pairs).agg(since=rows.date.max())
    kept = rows.left_join(before, pairs)
    kept = kept.filter(rows.date < UNTIL, (rows.date >= before.since) | before.since.isnull())
    return kept.select("date", *pairs, "rate")


_MADE = {
    "assignments": (_assignments, ASSIGNMENTS),
    "quotas": (_quotas, QUOTAS),
    "hierarchy": (_hierarchy, HIERARCHY),
    "rates": (_rates, RATES),
}
