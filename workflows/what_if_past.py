"""The time a what-if is tried on: which quarters, what was sold in them, and what chance is estimated from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from compensation.calculate import calculate
from compensation.earning.lines import window_kind
from compensation.inputs import Inputs, Order
from compensation.money.currency import Converter
from compensation.money.fine import codes_of, days, money, units
from compensation.money.months import number
from compensation.plan.model import Plan
from compensation.run import Problem, Run
from compensation.what_if.assumptions import Assumptions, History, estimated, expected, levels
from compensation.what_if.population import Setting
from metrics.ask import ask
from metrics.attainment import quota_attainment
from metrics.periods import Period, calendar_of
from metrics.view import View
from warehouse.access import Viewer
from warehouse.engine import Session
from workflows.pay.inputs import inputs, tells_products_apart

QUARTERS = 4
"""How many finished quarters are looked back on where nobody says."""


class NothingToTry(ValueError):
    """There is nothing to try a plan on; the sentence says why."""


@dataclass(frozen=True)
class Span:
    """Whole fiscal quarters, ``end`` exclusive."""

    quarters: tuple[Period, ...]
    years: tuple[Period, ...]

    @property
    def start(self) -> date:
        """The first day."""
        return self.quarters[0].start

    @property
    def end(self) -> date:
        """The day after the last."""
        return self.quarters[-1].end


def span(session: Session, plans: Sequence[Plan], start: date | None = None, end: date | None = None) -> Span:
    """The quarters to try plans on: those that touch ``start`` until before ``end``, else the last four finished.

    Where a plan pays to date over the year, from the first day of the fiscal year.

    Raises:
        NothingToTry: no quarter is finished, or the days lie outside the calendar.
    """
    calendar, as_of = calendar_of(session), session.version.as_of
    finished = [period for period in calendar.all("quarter") if period.state(as_of) == "finished"]
    if start and end:
        chosen = [period for period in calendar.all("quarter") if period.start < end and period.end > start]
    else:
        chosen = finished[-QUARTERS:]
    if not chosen:
        raise NothingToTry("No quarter is finished yet, so there is no past to try a plan on.")
    years = [
        period
        for period in calendar.all("year")
        if period.start < chosen[-1].end and period.end > chosen[0].start
    ]
    if any(window_kind(component) == "year" for plan in plans for component in plan.components):
        chosen = [p for p in calendar.all("quarter") if years[0].start <= p.start < chosen[-1].end]
    return Span(tuple(chosen), tuple(years))


@dataclass(frozen=True)
class Past:
    """What was sold in a span, and what chance is taken to do with it."""

    span: Span
    inputs: Inputs
    history: History  # every finished quarter, numbered as in ``quarters``
    credited: np.typing.NDArray[np.float64]  # of each entry of the history, reporting currency
    quarters: tuple[Period, ...]
    assumptions: Assumptions
    currency: str  # reporting
    runs: list[tuple[Plan, Run]] = field(
        default_factory=list
    )  # made before: the plan in force is tried each time

    def run(self, plan: Plan) -> Run:
        """The plan on the span, calculated once however often it is asked for."""
        for other, made in self.runs:
            if other == plan:
                return made
        order = Order((plan,), self.span.start, self.span.end, self.span.end)
        self.runs.append((plan, calculate(order, self.inputs)))
        return self.runs[-1][1]


def past(session: Session, viewer: Viewer, plans: Sequence[Plan], over: Span) -> Past:
    """Read what is needed to try plans on a span, as the viewer may see it."""
    given = inputs(session, viewer, over.start, over.end, by_line=tells_products_apart(plans))
    quarters = tuple(
        period
        for period in calendar_of(session).all("quarter")
        if period.state(session.version.as_of) == "finished"
    )
    history, credited = attainments(session, viewer, quarters)
    return Past(over, given, history, credited, quarters, estimated(history), session.settings.currency)


def attainments(
    session: Session, viewer: Viewer, quarters: Sequence[Period]
) -> tuple[History, np.typing.NDArray[np.float64]]:
    """Attainment of everybody with a quota in each quarter, and what they were credited with."""
    view = View(quarters[0].start, quarters[-1].end, session.version.as_of)
    rows = ask(quota_attainment, by=["rep", "quarter"], view=view, session=session, viewer=viewer)
    rows = rows.filter(rows[quota_attainment.name].is_valid())
    place = {period.id: at for at, period in enumerate(quarters)}
    history = History(
        rows["rep"].to_pylist(),
        np.array([place[name] for name in rows["quarter"].to_pylist()], np.int64),
        rows[quota_attainment.name].to_numpy(),
    )
    return history, pc.fill_null(pc.cast(rows["top"], pa.float64()), 0.0).to_numpy()


def setting(found: Past, runs: Sequence[tuple[pa.Table, pa.Table]], plan_id: str) -> Setting:
    """Where the lines and traces of some runs are placed to be simulated."""
    people = sorted({name for lines, trace in runs for name in _names(lines["rep"], trace["credited_rep"])})
    over = found.span
    currencies = sorted({name for lines, _ in runs for name in lines["currency"].unique().to_pylist()})
    return Setting(
        people=tuple(people),
        quarters=(*(period.start for period in over.quarters), over.end),
        years=(*(period.start for period in over.years), over.years[-1].end),
        worth=worth(found.inputs.rates, currencies, found.currency, over.end),
        rates=_rates(found.inputs.assignments, plan_id),
        expected=_expected(found, people),
    )


def _names(*columns: pa.ChunkedArray) -> set[str]:
    return {name for column in columns for name in column.unique().to_pylist() if name}


def _expected(found: Past, people: Sequence[str]) -> np.typing.NDArray[np.float64]:
    """Everybody on their own level in the quarters of the span."""
    first = found.quarters.index(found.span.quarters[0]) if found.span.quarters[0] in found.quarters else 0
    count = len(found.span.quarters)
    quarter = found.history.quarter - first
    inside = (quarter >= 0) & (quarter < count)
    rows = np.flatnonzero(inside)
    seen = History(
        [found.history.rep[at] for at in rows.tolist()], quarter[rows], found.history.attainment[rows]
    )
    level = levels(found.history, found.assumptions) if len(found.history.rep) else {}
    return expected(people, count, seen, found.credited[rows], level)


def _rates(assignments: pa.Table, plan_id: str) -> Mapping[str, tuple[tuple[date, date, float], ...]]:
    rows = assignments.filter(pc.equal(assignments["plan_id"], plan_id)).sort_by("valid_from").to_pylist()
    found: dict[str, tuple[tuple[date, date, float], ...]] = {}
    for row in rows:
        if row["rate"] is not None:
            own = (row["valid_from"], row["valid_to"], float(row["rate"]))
            found[row["rep"]] = (*found.get(row["rep"], ()), own)
    return found


def worth(rates: pa.Table, currencies: Sequence[str], reporting: str, day: date) -> dict[str, float]:
    """What a unit of each currency is worth in the reporting one on a day; 0 without a rate."""
    converter = Converter.of(rates)
    one = pa.array([Decimal(10_000)] * len(currencies), pa.decimal128(18, 4))
    names = sorted({*currencies, reporting})
    source = np.array([names.index(name) for name in currencies], np.int64)
    target = np.full(len(currencies), names.index(reporting), np.int64)
    at = np.full(len(currencies), number(day) - 1, np.int64)
    amounts, known = converter.convert(units(one), source, target, at, names)
    return {
        name: float(amount) / 1e8 if good else 0.0
        for name, amount, good in zip(currencies, amounts.tolist(), known.tolist(), strict=True)
    }


def in_reporting(lines: pa.Table, rates: pa.Table, reporting: str) -> tuple[pa.Array, tuple[Problem, ...]]:
    """Each line's amount in the reporting currency at the rate of the day it was earned on, exact.

    A currency without a rate gives 0 and a problem.
    """
    converter = Converter.of(rates)
    source, names = codes_of(lines["currency"])
    every = [*names, *([] if reporting in names else [reporting])]
    target = np.full(lines.num_rows, every.index(reporting), np.int64)
    found, _ = converter.convert(units(lines["amount"]), source, target, days(lines["earned_on"], 0), every)
    return money(found), converter.problems()


def over_the_past(plan: Plan, over: Span) -> Plan:
    """The plan as if it had been in force over the whole span; components that ended before stay ended."""
    parts = tuple(
        replace(component, valid_from=None)
        if component.valid_from and component.valid_from > over.start
        else component
        for component in plan.components
    )
    return replace(plan, valid_from=over.years[0].start, valid_to=over.end, components=parts)
