"""A verdict on every plan component: rollouts from the plans' texts, sales from credits, cost from payouts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import ibis.expr.types as ir
import numpy as np
import numpy.typing as npt
import pyarrow as pa

from compensation.plan.model import Component, Plan
from metrics.evidence.money import Money
from metrics.evidence.panel import NEARLY, Panel, panel_of
from metrics.evidence.verdict import Verdict, judge
from metrics.periods import Period, calendar_of
from warehouse.access import Tables, Viewer
from warehouse.engine import Session
from workflows.exposure import Exposure, Placement, exposure
from workflows.pay.inputs import book
from workflows.pay.rights import require_all

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class ComponentVerdict:
    """One component, in every plan that has it, and what can be said of it."""

    component: str
    name: str
    plans: tuple[str, ...]
    pilot: str  # how its rollout was decided, if the plans declare it
    verdict: Verdict


@dataclass(frozen=True, eq=False)
class _Company:
    """What all components share; grids are (teams, quarters)."""

    quarters: tuple[Period, ...]
    exposure: Exposure
    booked: Floats  # reporting currency, at each day's rate
    steady: Floats  # the same at one rate a currency, so that exchange rates move nobody's results
    cost: Mapping[str, Floats]  # paid to people of those teams
    cost_beside: Mapping[str, float]  # paid to others: leaders of several teams, specialists
    margin: float | None


def verdicts(
    session: Session, viewer: Viewer, *, margin: float | None = None, plans: Sequence[Plan] | None = None
) -> list[ComponentVerdict]:
    """Judge every component of the plans, by finished fiscal quarters; dearest first.

    A component of several plans is judged once, over all of them. Sales are all bookings of a team, not
    only those the component pays for, so that what it merely moves about does not count for it.

    Args:
        session: the version to read.
        viewer: who asks; only who sees everybody's pay gets an answer.
        margin: share of sales left after the cost of what is sold; from the lines of won deals if not given.
        plans: the plans' versions, if not those the store has.

    Raises:
        AccessDenied: the viewer does not see everybody's pay.
    """
    require_all(viewer, "What a component returns")
    known = tuple(plans) if plans is not None else book(session, viewer)[0]
    company = _company(Tables(viewer, session, session.version.as_of), known, margin)
    if company is None:
        return []
    found = [_judged(company, known, name) for name in company.exposure.shares]
    return sorted(found, key=lambda one: (-one.verdict.money.cost, one.component))


def _judged(company: _Company, plans: Sequence[Plan], name: str) -> ComponentVerdict:
    having = [(plan, component) for plan in plans for component in plan.components if component.id == name]
    panel, same = _panel(company, name)
    pilot = _pilot([component for _, component in having])
    verdict = judge(panel, _money(company, name, panel), pilot=pilot, same_rollout=same)
    return ComponentVerdict(
        name, having[-1][1].name, tuple(sorted({plan.id for plan, _ in having})), pilot, verdict
    )


def _pilot(components: Sequence[Component]) -> str:
    """What all plans that roll it out say of how that was decided; empty if they differ."""
    said = {component.pilot for component in components if component.rollout}
    return said.pop() if len(said) == 1 else ""


def _panel(company: _Company, name: str) -> tuple[Panel, tuple[str, ...]]:
    """The component's panel beside all others whose rollout differs, and the names of those that are the same."""
    known, mine = company.exposure, company.exposure.shares[name]
    inside = known.seats > 0
    moving = {n: s for n, s in known.shares.items() if n != name and _moves(s, inside)}
    same = tuple(n for n, s in moving.items() if np.abs(s - mine)[inside].max() <= NEARLY)
    beside = {n: s for n, s in moving.items() if n not in same}
    columns = {"booked": company.steady, "seats": known.seats, "exposure": mine, **beside}
    rows = {column: grid[inside] for column, grid in columns.items()}
    team, quarter = np.nonzero(inside)
    starts = [period.start.isoformat() for period in company.quarters]
    keys = {"unit": [known.teams[t] for t in team], "period": [starts[q] for q in quarter]}
    return panel_of(pa.table({**keys, **rows}), tuple(beside)), same


def _moves(share: Floats, inside: npt.NDArray[np.bool_]) -> bool:
    """Whether a component's exposure changes within any team; what never does is in the team's own level."""
    low, high = np.where(inside, share, np.inf).min(axis=1), np.where(inside, share, -np.inf).max(axis=1)
    return bool((high - low > NEARLY).any())


def _money(company: _Company, name: str, panel: Panel) -> Money:
    """Cost and sales of the cells in which it was in force, and what it cost beside the teams that sell."""
    starts = [period.start.isoformat() for period in company.quarters]
    teams = [company.exposure.teams.index(unit) for unit in panel.units]
    place = np.ix_(teams, [starts.index(period) for period in panel.periods])
    inside = company.cost.get(name, np.zeros_like(company.booked))[place][panel.exposed].sum()
    booked = company.booked[place][panel.exposed].sum()
    return Money(float(inside) + company.cost_beside.get(name, 0.0), float(booked), company.margin)


def _company(tables: Tables, plans: Sequence[Plan], margin: float | None) -> _Company | None:
    placements = _placements(tables)
    sales = _sales(tables)
    if not placements or not sales.num_rows:
        return None
    quarters = _quarters(tables, sales)
    if not quarters:
        return None
    known = exposure(plans, placements, [(q.start, q.end) for q in quarters])
    booked, steady = _booked(sales, known, quarters)
    given = margin if margin is not None else _margin(tables)
    return _Company(quarters, known, booked, steady, *_costs(tables, known, quarters), given)


def _quarters(tables: Tables, sales: pa.Table) -> tuple[Period, ...]:
    """Finished quarters from the first that has sales."""
    calendar, as_of = calendar_of(tables.session), tables.as_of
    first = calendar.named(min(sales["quarter"].to_pylist(), key=lambda q: calendar.named(q).start))
    return tuple(
        q for q in calendar.all("quarter") if q.start >= first.start and q.state(as_of) == "finished"
    )


def _placements(tables: Tables) -> list[Placement]:
    """Who was in which team on which plan: placements cut by plan assignments."""
    on, where = tables.table("plan_assignments"), tables.table("assignments")
    then = [on.rep_id == where.rep_id, on.valid_from < where.valid_to, on.valid_to > where.valid_from]
    rows = on.inner_join(where, then).select(
        team=where.team_id,
        role=where.role,
        plan_id=on.plan_id,
        start=_later(on.valid_from, where.valid_from),
        end=_earlier(on.valid_to, where.valid_to),
    )
    return [Placement(**row) for row in tables.run(rows).to_pylist()]


def _later(one: ir.Value, other: ir.Value) -> ir.Value:
    return (one > other).ifelse(one, other)


def _earlier(one: ir.Value, other: ir.Value) -> ir.Value:
    return (one < other).ifelse(one, other)


def _sales(tables: Tables) -> pa.Table:
    """Bookings by team, quarter and currency: in that currency, and reported."""
    measures = tables.session.settings.measures
    counted = measures[tables.session.settings.default_measure].credits
    rows = tables.table("credits")
    rows = rows.filter(rows.in_bookings, rows.measure == counted)
    rows = _with_quarter(tables, rows, "credited_on")
    totals = rows.group_by(["team_id", "quarter", "currency"]).aggregate(
        own=rows.amount.cast("float64").sum(), reported=rows.amount_reporting.cast("float64").sum()
    )
    return tables.run(totals)


def _with_quarter(tables: Tables, rows: ir.Table, day: str) -> ir.Table:
    days = tables.lookup("days").select("date", "quarter")
    return rows.inner_join(days, rows[day] == days.date)


def _booked(sales: pa.Table, known: Exposure, quarters: tuple[Period, ...]) -> tuple[Floats, Floats]:
    """Bookings at each day's rate, and at the one mean rate of each currency."""
    rows = sales.to_pylist()
    rates = {row["currency"]: _rate(rows, row["currency"]) for row in rows}
    reported = [(row["team_id"], row["quarter"], row["reported"] or 0.0) for row in rows]
    steady = [(row["team_id"], row["quarter"], (row["own"] or 0.0) * rates[row["currency"]]) for row in rows]
    return _grid(reported, known, quarters), _grid(steady, known, quarters)


def _rate(rows: Sequence[Mapping[str, float]], currency: object) -> float:
    of = [row for row in rows if row["currency"] == currency]
    own, reported = (sum(row[column] or 0.0 for row in of) for column in ("own", "reported"))
    return reported / own if own else 1.0


def _grid(rows: Sequence[tuple[str, str, float]], known: Exposure, quarters: tuple[Period, ...]) -> Floats:
    team = {name: n for n, name in enumerate(known.teams)}
    quarter = {period.id: n for n, period in enumerate(quarters)}
    found = np.zeros((len(team), len(quarter)))
    for unit, period, value in rows:
        if unit in team and period in quarter:
            found[team[unit], quarter[period]] += value
    return found


def _costs(
    tables: Tables, known: Exposure, quarters: tuple[Period, ...]
) -> tuple[dict[str, Floats], dict[str, float]]:
    """What was paid for each component, by the team of the earner on the day it was earned, and elsewhere."""
    rows = tables.run(_paid(tables)).to_pylist()
    within = {period.id for period in quarters}
    inside, beside = {}, {}
    for name in sorted({row["component"] for row in rows}):
        mine = [(r["team"], r["quarter"], r["cost"] or 0.0) for r in rows if r["component"] == name]
        inside[name] = _grid(mine, known, quarters)
        beside[name] = sum(c for team, quarter, c in mine if team not in known.teams and quarter in within)
    return inside, beside


def _paid(tables: Tables) -> ir.Table:
    """Cost by component, team and quarter."""
    paid, where = tables.table("payouts"), tables.table("assignments")
    then = [paid.rep_id == where.rep_id, paid.earned_on >= where.valid_from, paid.earned_on < where.valid_to]
    placed = paid.left_join(where, then).select(
        component=paid.component_id,
        team=where.team_id,
        earned_on=paid.earned_on,
        amount=paid.amount_reporting,
    )
    placed = _with_quarter(tables, placed, "earned_on")
    return placed.group_by(["component", "team", "quarter"]).aggregate(
        cost=placed.amount.cast("float64").sum()
    )


def _margin(tables: Tables) -> float | None:
    """Share of won deals' value left after its cost, over the lines whose cost is known."""
    deals, lines = tables.table("opportunities"), tables.table("opportunity_lines")
    won = deals.filter(deals.is_won).select("opportunity_id")
    lines = lines.filter(lines.cost.notnull(), lines.amount.notnull()).semi_join(won, "opportunity_id")
    sums = lines.aggregate(amount=lines.amount.cast("float64").sum(), cost=lines.cost.cast("float64").sum())
    row = tables.run(sums).to_pylist()[0]
    return 1 - row["cost"] / row["amount"] if row["amount"] else None


__all__ = ["ComponentVerdict", "verdicts"]
