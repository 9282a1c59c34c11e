"""What open deals would pay if they closed: the exact calculation once without them and once with them.

Nothing is guessed: deals either close, on the day and with the amount said, or they do not. What a deal adds is
its part of the lines' traces, so that it shows which tiers it runs through; what reaching a retroactive tier adds
for earlier sales is part of the deal that reaches it.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from compensation.inputs import TRANSACTIONS, Inputs, Order
from compensation.periods import periods, settings_of
from compensation.plan.model import Accumulate, Basis, Component, Pays, Per, Plan
from compensation.run import Problem, Run

Line = Mapping[str, Any]
Calculate = Callable[[Order, Inputs], Run]
EARNED = ("earning", "held")
"""Kinds of lines that say what was earned, whenever it is paid."""


@dataclass(frozen=True)
class DealPart:
    """What one deal adds to one component and period; money in the payee's currency."""

    transaction_id: str
    deal_id: str
    date: dt.date
    component_id: str
    period_start: dt.date
    credited: Decimal
    earned: Decimal
    before: Decimal | None  # running total before and after
    after: Decimal | None
    attainment_before: float | None
    attainment_after: float | None
    tier_from: int | None  # first and last tier it runs through, from 0
    tier_to: int | None

    @property
    def crosses(self) -> bool:
        """Whether it reaches another tier than the one it starts in."""
        return self.tier_from != self.tier_to


@dataclass(frozen=True)
class Change:
    """What a component earns for a period without the deals and with them."""

    component_id: str
    period_start: dt.date
    period_end: dt.date
    currency: str
    before: Decimal
    after: Decimal
    attainment_before: float | None
    attainment_after: float | None

    @property
    def more(self) -> Decimal:
        """What the deals add."""
        return self.after - self.before


@dataclass(frozen=True)
class NextStep:
    """How far it is to the next tier or point of a curve, with the deals counted."""

    component_id: str
    period_start: dt.date
    edge: Fraction  # share of the quota, or the measure's own unit
    basis: Basis
    to_go: Decimal  # in the measure's own unit
    currency: str
    rate_now: Fraction | None  # tiers' rates; None for curves and amounts
    rate_then: Fraction | None


@dataclass(frozen=True)
class Estimate:
    """What a person earns if these deals close."""

    rep: str
    changes: tuple[Change, ...]
    parts: tuple[DealPart, ...]
    next_steps: tuple[NextStep, ...]
    paid_before: dict[str, Decimal]  # by currency: everything payable in the months asked for
    paid_after: dict[str, Decimal]
    problems: tuple[Problem, ...] = ()

    @property
    def more(self) -> dict[str, Decimal]:
        """Earned more with the deals, by currency."""
        found: dict[str, Decimal] = {}
        for change in self.changes:
            found[change.currency] = found.get(change.currency, Decimal(0)) + change.more
        return found


def estimate(order: Order, inputs: Inputs, deals: pa.Table, rep: str, calculate: Calculate) -> Estimate:
    """What ``rep`` earns more if ``deals`` (rows of TRANSACTIONS) close as they stand.

    The order's ``as_of`` moves to the last deal's day, so that all of them count. ``inputs`` must hold what the
    person is paid from; a deal that is among them already counts twice, so leave it out.
    """
    deals = _whole(deals)
    last = pc.max(deals["date"]).as_py() if deals.num_rows else order.as_of
    order = replace(
        order, as_of=max(order.as_of, last), end=max(order.end, _end_of_periods(order, inputs, last))
    )
    without = calculate(order, inputs)
    together = replace(inputs, transactions=_joined(inputs.transactions, deals))
    with_them = calculate(order, together)
    parts = _parts(with_them, rep, deals["transaction_id"].to_pylist())
    return Estimate(
        rep,
        tuple(_changes(_of(without, rep), _of(with_them, rep))),
        tuple(parts),
        tuple(next_steps(order.plans, with_them, rep, parts)),
        _payable(without, rep),
        _payable(with_them, rep),
        with_them.problems,
    )


def _end_of_periods(order: Order, inputs: Inputs, day: dt.date) -> dt.date:
    """The day after the last of the components' periods that hold ``day``: their lines come with that month."""
    rows = inputs.periods
    if not rows.num_rows and order.plans:
        rows = periods(settings_of(order.plans[0].policy), day, day)
    kinds = {component.period.value for plan in order.plans for component in plan.components}
    inside = [
        row["end"] for row in rows.to_pylist() if row["kind"] in kinds and row["start"] <= day < row["end"]
    ]
    return max(inside, default=day + dt.timedelta(days=1))


def _whole(deals: pa.Table) -> pa.Table:
    """Deals with every declared column; what is not given is NULL."""
    columns = {
        field.name: deals[field.name].cast(field.type)
        if field.name in deals.column_names
        else pa.nulls(deals.num_rows, field.type)
        for field in TRANSACTIONS
    }
    further = {name: deals[name] for name in deals.column_names if name not in columns}
    return pa.table(columns | further)


def _joined(transactions: pa.Table, deals: pa.Table) -> pa.Table:
    return pa.concat_tables([transactions, deals], promote_options="default")


def _of(run: Run, rep: str) -> list[Line]:
    """What was earned, one row a line."""
    lines = run.lines
    wanted = pc.and_(pc.equal(lines["rep"], rep), pc.is_in(lines["kind"], value_set=pa.array(EARNED)))
    return list(lines.filter(wanted).to_pylist())


def _changes(before: Iterable[Line], after: Iterable[Line]) -> list[Change]:
    """Components and periods in which something is earned, with or without the deals."""
    keys = ("component_id", "period_start", "period_end", "currency")
    found: dict[tuple[Any, ...], tuple[list[Line], list[Line]]] = {}
    for side, lines in enumerate((before, after)):
        for line in lines:
            found.setdefault(tuple(line[key] for key in keys), ([], []))[side].append(line)
    changes = [
        Change(
            **dict(zip(keys, key, strict=True)),
            before=_total(old),
            after=_total(new),
            attainment_before=_attainment(old),
            attainment_after=_attainment(new),
        )
        for key, (old, new) in found.items()
    ]
    return sorted(changes, key=lambda change: (change.period_start, change.component_id))


def _total(lines: Sequence[Line]) -> Decimal:
    return sum((line["amount"] for line in lines), Decimal(0))


def _attainment(lines: Sequence[Line]) -> float | None:
    """Of lines that share a period the highest, which holds the running total."""
    return max((line["attainment"] for line in lines if line["attainment"] is not None), default=None)


def _payable(run: Run, rep: str) -> dict[str, Decimal]:
    """Everything paid in the months asked for, by currency: all kinds but what is held."""
    lines = run.lines
    wanted = pc.and_(pc.equal(lines["rep"], rep), pc.not_equal(lines["kind"], "held"))
    found: dict[str, Decimal] = {}
    for row in lines.filter(wanted).select(["currency", "amount"]).to_pylist():
        found[row["currency"]] = found.get(row["currency"], Decimal(0)) + row["amount"]
    return found


def _parts(run: Run, rep: str, transactions: Sequence[str]) -> list[DealPart]:
    """The traces of the deals on this person's lines, by day."""
    lines = {row["line_id"]: row for row in _of(run, rep)}
    wanted = pc.and_(
        pc.is_in(run.trace["transaction_id"], value_set=pa.array(transactions, pa.string())),
        pc.is_in(run.trace["line_id"], value_set=pa.array(list(lines), pa.string())),
    )
    rows = run.trace.filter(wanted).to_pylist()
    found = [_part(row, lines[row["line_id"]]) for row in rows]
    return sorted(found, key=lambda part: (part.date, part.transaction_id, part.component_id))


def _part(row: Line, line: Line) -> DealPart:
    names = ("transaction_id", "deal_id", "date", "credited", "earned", "before", "after")
    shown = ("attainment_before", "attainment_after", "tier_from", "tier_to")
    values = {name: row[name] for name in (*names, *shown)}
    return DealPart(component_id=line["component_id"], period_start=line["period_start"], **values)


# The next tier -------------------------------------------------------------------------------------


def next_steps(plans: Sequence[Plan], run: Run, rep: str, parts: Sequence[DealPart]) -> list[NextStep]:
    """For each component and period the deals reach, how far the next tier or curve point is after them."""
    components = {component.id: component for plan in plans for component in plan.components}
    reached = {(part.component_id, part.period_start): part.after for part in parts}
    found = []
    for line in _of(run, rep):
        after = reached.pop((line["component_id"], line["period_start"]), None)
        if after is not None:
            step = _next(components[line["component_id"]], line, Fraction(after))
            found += [step] if step else []
    return found


def _next(component: Component, line: Line, reached: Fraction) -> NextStep | None:
    by_share = component.curve is not None or (bool(component.tiers) and component.basis is Basis.ATTAINMENT)
    unit = Fraction(line["quota"] or 0) if by_share else Fraction(1)
    ahead = [edge for edge in _edges(component) if edge * unit > reached]
    if not unit or not ahead:
        return None
    edge = min(ahead)
    return NextStep(
        component_id=component.id,
        period_start=line["period_start"],
        edge=edge,
        basis=Basis.ATTAINMENT if by_share else Basis.VALUE,
        to_go=_upwards(edge * unit - reached),
        currency=line["currency"],
        rate_now=_rate(component, reached / unit),
        rate_then=_rate(component, edge),
    )


def _edges(component: Component) -> list[Fraction]:
    """Where the component changes what it pays; nothing where each deal goes through the tiers by itself."""
    alone = component.per is Per.TRANSACTION and component.accumulate is Accumulate.NONE
    if component.pays is Pays.OBJECTIVE or (component.tiers and alone):
        return []
    points = [point.at for point in component.curve.points] if component.curve else []
    return sorted({*points, *(tier.start for tier in component.tiers)})


def _rate(component: Component, at: Fraction) -> Fraction | None:
    reached = [tier for tier in component.tiers if tier.start <= at]
    return reached[-1].rate if reached and reached[-1].amount is None else None


def _upwards(value: Fraction) -> Decimal:
    """To whole hundredths, never too few."""
    return Decimal(-(-value.numerator * 100 // value.denominator)) / 100
