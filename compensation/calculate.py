"""Pay from transactions: credit, measurement, earning and payment, for everybody on the plans at once.

What is earned follows from the plans and the inputs alone: the order of rows never matters, and nothing is
reckoned in floating point. What could not be reckoned is a problem of the run, never an exception.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from compensation.earning.caps import NO_CAP, held_to
from compensation.earning.component import Account, reckon, year_keys
from compensation.earning.credit import Ground
from compensation.earning.hierarchy import Hierarchy
from compensation.earning.ledger import tables
from compensation.earning.lines import Family, Variant, window_kind
from compensation.earning.quotas import Quotas
from compensation.earning.sales import Codes, read_sales
from compensation.earning.segments import (
    Segments,
    assigned,
    in_force,
    joined,
    on_component,
    rolled_out,
    segments,
)
from compensation.inputs import HIERARCHY, Inputs, Order
from compensation.money.calendar import Calendar
from compensation.money.currency import Converter
from compensation.money.fine import SCALE, Ints
from compensation.money.months import number
from compensation.paying.payment import pay
from compensation.periods import periods, settings_of
from compensation.plan.model import Assignment, Measure, Plan
from compensation.problems import problem
from compensation.run import BALANCES, LINES, TRACE, Run


def calculate(order: Order, inputs: Inputs, trace_to: Callable[[pa.Table], None] | None = None) -> Run:
    """Lines, trace, balances and problems of the order's plans over its months.

    A component's line appears with the month in which its period ends; a period still in progress on
    ``order.as_of`` has its line so far, earned on that day. Everybody on a component has a line for every period
    in force, also of 0. Transactions dated after ``as_of`` are not counted. Inputs without periods take the
    plans' own fiscal year.

    With ``trace_to`` the trace is handed over component by component (TRACE) as it is made and is not in the run:
    for many people at once. A plan with draws, holds or clawback hands its trace over at its end.
    """
    inputs = _with_periods(order, inputs)
    people = _people(order, inputs)
    sales, problems = read_sales(inputs.transactions, people, order.as_of, _fields(order.plans))
    ground = Ground(
        sales, Calendar.of(inputs.periods), _hierarchy(order, inputs, people), Converter.of(inputs.rates)
    )
    ground.note(*problems)
    if not ground.calendar.covers(number(order.start), number(order.end)):
        ground.note(problem("no_calendar", start=order.start, end=order.end))
        return _run([], ground)
    quotas = Quotas(inputs.quotas, people)
    runs = [_plan(ground, versions, order, inputs, quotas, trace_to) for versions in _by_plan(order.plans)]
    return _run(runs, ground)


def _run(runs: Sequence[Run], ground: Ground) -> Run:
    found = [problem for run in runs for problem in run.problems]
    return Run(
        lines=pa.concat_tables([LINES.empty_table(), *(run.lines for run in runs)]),
        trace=pa.concat_tables([TRACE.empty_table(), *(run.trace for run in runs)]),
        balances=pa.concat_tables([BALANCES.empty_table(), *(run.balances for run in runs)]),
        problems=(*ground.problems, *ground.converter.problems(), *found),
    )


def _by_plan(plans: Sequence[Plan]) -> Iterator[list[Plan]]:
    """The versions of each plan, by id."""
    for name in sorted({plan.id for plan in plans}):
        yield sorted((p for p in plans if p.id == name), key=lambda p: (p.valid_from, p.version))


def _with_periods(order: Order, inputs: Inputs) -> Inputs:
    if len(inputs.periods) or not order.plans:
        return inputs
    first = min([order.start, *(plan.valid_from for plan in order.plans)])
    return replace(inputs, periods=periods(settings_of(order.plans[0].policy), first, order.end))


def _people(order: Order, inputs: Inputs) -> Codes:
    """Everybody any input or plan names."""
    written = [each for plan in order.plans for each in plan.assignments]
    names = pa.chunked_array(
        [pa.array([n for each in written for n in (each.rep, each.manager)], pa.string())]
    )
    return Codes.of(
        inputs.transactions["rep"],
        inputs.assignments["rep"],
        inputs.quotas["rep"],
        inputs.hierarchy["rep"],
        inputs.hierarchy["manager"],
        names,
    )


def _fields(plans: Sequence[Plan]) -> set[str]:
    """The columns of transactions that any plan's conditions look at."""
    measures = [each.where for plan in plans for each in plan.measures.values()]
    rules = [each.where for plan in plans for each in plan.credit_rules.values()]
    return {condition.field for where in (*measures, *rules) for condition in where}


def _hierarchy(order: Order, inputs: Inputs, people: Codes) -> Hierarchy:
    """Who reports to whom, also as the plans' own assignments say."""
    written = [
        {"rep": each.rep, "manager": each.manager, "valid_from": each.start, "valid_to": each.end}
        for plan in order.plans
        for each in plan.assignments
        if each.manager
    ]
    given = inputs.hierarchy.select(HIERARCHY.names).cast(HIERARCHY)
    return Hierarchy.of(pa.concat_tables([given, pa.Table.from_pylist(written, HIERARCHY)]), people)


def _plan(
    ground: Ground,
    versions: list[Plan],
    order: Order,
    inputs: Inputs,
    quotas: Quotas,
    trace_to: Callable[[pa.Table], None] | None,
) -> Run:
    """One plan through all its versions."""
    carried = _carries(versions)
    start, end = _reach(ground, versions, order), number(order.end)
    ground.converter.rounding = versions[-1].policy.rounding
    lines, trace = [LINES.empty_table()], [TRACE.empty_table()]
    for account in _accounts(ground, versions, inputs, quotas, (start, end)):
        made = tables(ground, account, order.as_of, start if carried else number(order.start), end)
        lines.append(made[0])
        if trace_to is None or carried:
            trace.append(made[1])
        else:
            trace_to(made[1])
    found = pay(versions, pa.concat_tables(lines), pa.concat_tables(trace), inputs, order)
    if trace_to is not None and carried:
        trace_to(found.trace)
        return replace(found, trace=TRACE.empty_table())
    return found


def _accounts(
    ground: Ground, versions: list[Plan], inputs: Inputs, quotas: Quotas, days: tuple[int, int]
) -> Iterator[Account]:
    """The plan's components, reckoned one by one; all together where a cap holds the whole plan."""
    reckoned = (reckon(ground, family, quotas, *days) for family in _families(ground, versions, inputs))
    capped = any(plan.policy.year_cap is not None for plan in versions)
    return iter(_cap_years(ground, list(reckoned))) if capped else reckoned


def _carries(versions: list[Plan]) -> bool:
    """Whether what is paid depends on earlier months: by draws, holds or clawback."""
    components = [each for plan in versions for each in plan.components]
    return any(plan.draw for plan in versions) or any(each.hold or each.clawback for each in components)


def _reach(ground: Ground, versions: list[Plan], order: Order) -> int:
    """The first day that must be reckoned: where running totals, yearly caps or balances of the order begin."""
    components = [each for plan in versions for each in plan.components]
    kinds = {window_kind(each) for each in components} | {each.period.value for each in components}
    if any(p.policy.year_cap is not None for p in versions) or any(
        c.caps.year is not None for c in components
    ):
        kinds.add("year")
    start = number(order.start)
    day = np.array([start])
    first = [int(span.starts[span.at(day)[0]]) for span in (ground.calendar[kind] for kind in kinds)]
    if _carries(versions):
        first.append(max(number(versions[0].valid_from), ground.calendar.first_day()))
    return min([start, *first])


def _families(ground: Ground, versions: list[Plan], inputs: Inputs) -> Iterator[Family]:
    """The plan's components, each through all versions that have it, in the order they are written."""
    home = _home(inputs)
    held = [
        (plan, *segments(plan, _assignments(plan, inputs), ground.sales.people, (first, last), home))
        for plan, first, last in in_force(versions)
    ]
    for _, _, problems in held:
        ground.note(*problems)
    names = dict.fromkeys(each.id for plan in versions for each in plan.components)
    for name in names:
        family = _family(name, [(plan, people) for plan, people, _ in held])
        if family is not None:
            yield family


def _family(name: str, held: list[tuple[Plan, Segments]]) -> Family | None:
    found = [
        (Variant(plan, each, _measure(plan, each.measure)), on_component(people, each))
        for plan, people in held
        for each in plan.components
        if each.id == name
    ]
    if not found:
        return None
    opens = np.concatenate([rolled_out(people, variant.component.rollout) for variant, people in found])
    variant = np.repeat(np.arange(len(found)), [len(people) for _, people in found])
    people = joined([people for _, people in found])
    order = np.lexsort((people.start, people.rep))
    return Family(tuple(each for each, _ in found), people.take(order), variant[order], opens[order])


def _measure(plan: Plan, name: str) -> Measure:
    return plan.measures.get(name) or Measure(name)


def _assignments(plan: Plan, inputs: Inputs) -> list[Assignment]:
    return [*assigned(inputs.assignments, plan.id), *plan.assignments]


def _home(inputs: Inputs) -> str:
    """The currency of all transactions, '' if they have several."""
    found = pc.unique(inputs.transactions["currency"]).to_pylist()
    return found[0] if len(found) == 1 else ""


def _cap_years(ground: Ground, accounts: list[Account]) -> list[Account]:
    """Hold everybody's fiscal year on the plan to the plan's cap, in the order of months and components."""
    caps = [_plan_caps(account) for account in accounts]
    lines = [account.parts.line for account in accounts]
    keys = np.concatenate(
        [year_keys(ground.calendar, a.lines)[line] for a, line in zip(accounts, lines, strict=True)]
    )
    most = np.concatenate([cap[line] for cap, line in zip(caps, lines, strict=True)])
    ends = np.concatenate([a.lines.end[line] for a, line in zip(accounts, lines, strict=True)])
    order = np.argsort(ends, kind="stable")
    earned = np.concatenate([a.parts.earned for a in accounts])
    earned[order] = held_to(earned[order], keys[order], most[order])
    at = np.cumsum([len(line) for line in lines])[:-1]
    for account, own in zip(accounts, np.split(earned, at), strict=True):
        account.parts = replace(account.parts, earned=own)
    return accounts


def _plan_caps(account: Account) -> Ints:
    """The plan's yearly cap by line, as each version has it."""
    caps = [each.plan.policy.year_cap for each in account.family.variants]
    return np.array([NO_CAP if cap is None else int(cap * SCALE) for cap in caps], np.int64)[
        account.lines.variant
    ]
