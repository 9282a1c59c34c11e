"""Pay from a plan file and a plain file of transactions, with no store at all."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import date, timedelta

import pyarrow as pa
import pyarrow.compute as pc

from compensation.calculate import calculate
from compensation.files.rows import read_csv, transactions
from compensation.inputs import Inputs, Order
from compensation.periods import periods, settings_of
from compensation.plan.model import PAYEE_CURRENCY, Assignment, Period, Plan
from compensation.run import BALANCES, LINES, TRACE, Problem, Run
from workflows.pay.cuts import within
from workflows.pay.examining import examined

CURRENCY = "USD"
"""Of amounts when neither the plan nor the file names one."""


_DAY = timedelta(days=1)
NOTHING = Run(LINES.empty_table(), TRACE.empty_table(), BALANCES.empty_table())


@dataclass(frozen=True)
class Paid:
    """What two files pay. With ``problems`` there is no plan and nothing is paid."""

    problems: tuple[Problem, ...] = ()
    plan: Plan | None = None
    run: Run = NOTHING
    start: date = date.min
    end: date = date.min  # exclusive
    unassigned: tuple[str, ...] = ()  # people in the file who are on no assignment


def pay(
    plan_text: str,
    plan_file: str,
    rows_text: str,
    rows_file: str,
    start: date | None = None,
    end: date | None = None,
) -> Paid:
    """Pay of the months from ``start`` until before ``end``.

    Without ``start`` from the first month of the file's days, without ``end`` up to the end of the quarter or
    year in progress where components are paid by it, as far as the file goes. A plan without assignments pays
    everybody in the file. Anything wrong with the plan, one of its cases, a row or the calculation is a
    problem, and then nothing is paid.
    """
    plan, problems = examined(plan_text, plan_file)
    if plan is None or problems:
        return Paid(tuple(problems))
    rows, found = read_csv(rows_text, rows_file)
    until = {part.hold.until for part in plan.components if part.hold} | {"paid"}
    sold, more = transactions(rows, rows_file, _currency(plan), until=until)
    if found or more:
        return Paid((*found, *more))
    return _paid(plan, sold, start, end)


def _paid(plan: Plan, sold: pa.Table, start: date | None, end: date | None) -> Paid:
    people = sorted(set(sold["rep"].to_pylist()))
    days = _days(sold) or [plan.valid_from]
    first, last = min([*days, *([start] if start else [])]), end - _DAY if end else max(days)
    months = periods(settings_of(plan.policy), first, last)
    known = _around(months, Period.MONTH, last)[1]
    start = _around(months, Period.MONTH, start or first)[0]
    end = known if end else _around(months, _longest(plan), last)[1]
    on = replace(plan, assignments=plan.assignments or _everybody(plan, people))
    # As far back as the file goes, because balances and held pay are carried from month to month.
    order = Order((on,), _around(months, Period.MONTH, first)[0], end, as_of=known - _DAY)
    run = calculate(order, Inputs(transactions=sold, periods=months))
    if run.problems:
        return Paid(run.problems)
    return Paid((), on, within(run, start, end), start, end, _unassigned(on, people))


def _longest(plan: Plan) -> Period:
    """The longest period of the plan's components."""
    return max((part.period for part in plan.components), key=list(Period).index, default=Period.MONTH)


def _currency(plan: Plan) -> str:
    return CURRENCY if plan.currency == PAYEE_CURRENCY else plan.currency


def _everybody(plan: Plan, people: Collection[str]) -> tuple[Assignment, ...]:
    """Everybody in the file on the plan, for all of its days, in its first role."""
    role = plan.roles[0] if plan.roles else ""
    return tuple(
        Assignment(person, plan.valid_from, plan.valid_to, role=role, currency=_currency(plan))
        for person in people
    )


def _unassigned(plan: Plan, people: Collection[str]) -> tuple[str, ...]:
    on = {assignment.rep for assignment in plan.assignments}
    return tuple(person for person in people if person not in on)


def _days(sold: pa.Table) -> list[date]:
    """Every day something was sold, released or cancelled on."""
    columns = [sold[name].drop_null() for name in ("date", "released_on", "cancelled_on")]
    return [day for column in columns for day in column.unique().to_pylist()]


def _around(periods_: pa.Table, kind: Period, day: date) -> tuple[date, date]:
    """The fiscal period of a kind that holds a day: its first day, and the day after its last."""
    held = pc.and_(pc.less_equal(periods_["start"], day), pc.greater(periods_["end"], day))
    row = periods_.filter(pc.and_(pc.equal(periods_["kind"], kind.value), held)).to_pylist()[0]
    return row["start"], row["end"]
