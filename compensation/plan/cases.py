"""A plan's own tests: deals in, payout out, calculated as any other pay is.

A case is reckoned with its payees alone on the plan and its deals as the only transactions, read as the
rows of a file are. What it expects is summed over payout lines: of a component, of the component's
``period``, of the ``month`` it is paid with, of one kind (``earning`` unless it says so; ``payable`` is all
but what is held). What a case does not mention, it does not test.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any

import pyarrow as pa

from compensation.files.rows import transactions
from compensation.inputs import Inputs, Order
from compensation.periods import periods, settings_of
from compensation.plan.model import PAYEE_CURRENCY, Assignment, Case, Period, Plan
from compensation.plan.reading_parts import assignment
from compensation.plan.section import Notes, Section
from compensation.problems import problem
from compensation.run import Problem, Run

SOMEONE = "someone"
"""The payee of a case that names none."""
CURRENCY = "USD"
"""What a case is paid in where neither the plan nor the payee says."""

Calculate = Callable[[Order, Inputs], Run]


@dataclass(frozen=True)
class Difference:
    """One amount that is not what the case says."""

    what: str  # such as "commission, period of 2026-02-01"
    expected: Decimal
    found: Decimal


@dataclass(frozen=True)
class CaseResult:
    """How one case came out."""

    case: Case
    differences: tuple[Difference, ...] = ()
    problems: tuple[Problem, ...] = ()  # of its deals, or of the calculation

    @property
    def passed(self) -> bool:
        """Whether everything could be reckoned and is what the case says."""
        return not (self.differences or self.problems)


def failures(plan: Plan, calculate: Calculate) -> list[Problem]:
    """What is wrong with the plan by its own cases; empty when all of them hold."""
    return [found for result in run_cases(plan, calculate) for found in problems_of(result)]


def problems_of(result: CaseResult) -> list[Problem]:
    """A case's result as problems: one for each amount that differs, after those met on the way."""
    case = result.case
    return [
        *result.problems,
        *(
            problem(
                "case_differs",
                case=case.name,
                line=case.line,
                detail=difference.what,
                expected=_shown(difference.expected),
                found=_shown(difference.found),
            )
            for difference in result.differences
        ),
    ]


def run_cases(plan: Plan, calculate: Calculate) -> list[CaseResult]:
    """Every case of ``plan``, calculated by ``calculate`` (in practice ``compensation.calculate.calculate``)."""
    return [_run(plan, case, calculate) for case in plan.cases]


def _run(plan: Plan, case: Case, calculate: Calculate) -> CaseResult:
    order, inputs, problems = ordered(plan, case)
    if problems:
        return CaseResult(case, problems=tuple(problems))
    run = calculate(order, inputs)
    lines = run.lines.to_pylist()
    compared = (_difference(expected, lines) for expected in case.expect)
    return CaseResult(case, tuple(found for found in compared if found), run.problems)


def ordered(plan: Plan, case: Case) -> tuple[Order, Inputs, list[Problem]]:
    """What a case asks of the calculation, and what is wrong with its deals (counted from 1)."""
    payees = tuple(_payee(plan, said) for said in (case.payee, *case.others))
    rows = [_row(deal, payees[0].rep) for deal in case.given]
    currency = payees[0].currency
    until = {component.hold.until for component in plan.components if component.hold}
    table, problems = transactions(rows, f"case “{case.name}”", currency, first_row=1, until=until | {"paid"})
    for name in sorted(_fields(plan) - set(table.column_names)):
        table = table.append_column(name, pa.nulls(table.num_rows, pa.string()))
    alone = replace(plan, assignments=payees, cases=())
    start, end = _span(plan, case)
    settings = settings_of(plan.policy)
    order = Order(plans=(alone,), start=start, end=end, as_of=end)
    return order, Inputs(transactions=table, periods=periods(settings, start, end)), problems


def _fields(plan: Plan) -> set[str]:
    """Columns that conditions of the plan name; a case need not say those it is not about."""
    wheres = [measure.where for measure in plan.measures.values()]
    wheres += [rule.where for rule in plan.credit_rules.values()]
    return {condition.field for where in wheres for condition in where}


def _row(deal: Mapping[str, object], rep: str) -> dict[str, str]:
    """A deal as the row of a file would say it."""
    return {"rep": rep} | {name: _text(value) for name, value in deal.items()}


def _text(value: object) -> str:
    if isinstance(value, date):
        return value.isoformat()
    return f"{value:f}" if isinstance(value, Decimal) else str(value)


def _payee(plan: Plan, said: Mapping[str, object]) -> Assignment:
    """An assignment with what a case may leave out."""
    found = assignment(Section(dict(said), (), Notes("")), plan.valid_from)
    paid_in = CURRENCY if plan.currency == PAYEE_CURRENCY else plan.currency
    return replace(
        found,
        rep=found.rep or SOMEONE,
        role=found.role or (plan.roles[0] if plan.roles else ""),
        currency=found.currency or paid_in,
    )


def _span(plan: Plan, case: Case) -> tuple[date, date]:
    """Months reckoned: whole periods of the longest component around every day the case mentions."""
    said = [_day(deal.get("date")) for deal in case.given]
    said += [_day(expected.get(key)) for expected in case.expect for key in ("period", "month")]
    days = sorted(day for day in said if day) or [plan.valid_from]
    longest = max((component.period for component in plan.components), key=list(Period).index)
    first = case.start or days[0]
    last = date.fromordinal(case.end.toordinal() - 1) if case.end else days[-1]
    start = _around(plan, Period.MONTH if case.start else longest, first)[0]
    end = _around(plan, Period.MONTH if case.end else longest, last)[1]
    return start, max(end, _around(plan, Period.MONTH, start)[1])


def _day(value: object) -> date | None:
    if isinstance(value, str):
        try:
            return date.fromisoformat(value[:10])
        except ValueError:
            return None
    return value if isinstance(value, date) else None


def _around(plan: Plan, kind: Period, day: date) -> tuple[date, date]:
    """The fiscal period of a kind that holds ``day``: its first day, and the day after it."""
    rows = periods(settings_of(plan.policy), day, day).to_pylist()
    return next(
        (row["start"], row["end"])
        for row in rows
        if row["kind"] == kind.value and row["start"] <= day < row["end"]
    )


def _difference(expected: Mapping[str, Any], lines: Iterable[Mapping[str, Any]]) -> Difference | None:
    wanted = expected["amount"]
    found = sum((line["amount"] for line in lines if _meant(expected, line)), Decimal(0))
    return None if found == wanted else Difference(_what(expected), wanted, found)


def _meant(expected: Mapping[str, Any], line: Mapping[str, Any]) -> bool:
    """Whether a payout line is one of those an expectation sums."""
    kind, period, month = expected["kind"], expected.get("period"), expected.get("month")
    paid_in = line["pay_start"]
    return (
        (line["kind"] != "held" if kind == "payable" else line["kind"] == kind)
        and line["component_id"] == expected.get("component", line["component_id"])
        and line["rep"] == expected.get("rep", line["rep"])
        and (period is None or line["period_start"] <= period < line["period_end"])
        and (month is None or (paid_in.year, paid_in.month) == (month.year, month.month))
    )


def _what(expected: Mapping[str, Any]) -> str:
    """What an expectation is about, in words."""
    parts = [str(expected[key]) for key in ("rep", "component") if expected.get(key)] or ["everything"]
    parts += [f"{key} of {expected[key]}" for key in ("period", "month") if expected.get(key)]
    if expected["kind"] not in ("earning", "payable"):
        parts.append(expected["kind"])
    return ", ".join(parts)


def _shown(amount: Decimal) -> str:
    return f"{amount:,.2f}" if amount == round(amount, 2) else f"{amount:,f}"
