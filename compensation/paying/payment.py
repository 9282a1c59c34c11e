"""From what was earned to what is paid: holds, clawback and draws, month by month.

Nothing here changes what somebody earned. A plan without holds, clawback and draw passes through untouched.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from compensation.inputs import Inputs, Order
from compensation.money.fine import Ints, codes_of, dates, money, sums, units
from compensation.money.months import NEVER, Months, number
from compensation.paying import draws
from compensation.paying.clawback import coming_back, lacks_term
from compensation.paying.holds import payable_in
from compensation.paying.parts import Parts, read, waits
from compensation.paying.postings import Book, Posting, months_of
from compensation.plan.model import Plan
from compensation.problems import problem
from compensation.run import BALANCES, Problem, Run


def pay(plan: Plan | Sequence[Plan], lines: pa.Table, trace: pa.Table, inputs: Inputs, order: Order) -> Run:
    """What is paid for lines of kind earning, with its trace and balances.

    ``plan`` is one plan, or the versions of one that are in force over the time, whose draw balances carry over
    from version to version. ``lines`` (LINES) and ``trace`` (TRACE) reach back to where balances start, which is
    the first month there is a line for; only lines paid from ``order.start`` until before ``order.end`` are
    given back. Events and cancellations after ``order.as_of`` are not known yet.
    """
    plans = (plan,) if isinstance(plan, Plan) else tuple(plan)
    draw = any(each.draw for each in plans)
    events = any(waits(component) for each in plans for component in each.components)
    if not draw and not events:
        return _within(Run(lines, trace, BALANCES.empty_table()), order)
    months = _months(lines, inputs, order)
    problems: tuple[Problem, ...] = ()
    if events and len(lines):
        lines, trace, problems = _settled(plans, lines, trace, inputs, months, order.as_of)
    drawn = draws.draw(plans, lines, inputs, months) if draw else draws.none(months)
    lines = pa.concat_tables([lines, drawn.lines]) if len(drawn.lines) else lines
    balances = _balances(plans[0].id, lines, drawn, months)
    return _within(Run(lines, trace, balances, problems + drawn.problems), order)


def _months(lines: pa.Table, inputs: Inputs, order: Order) -> Months:
    """From the first month there is a line for, or that was asked for, to the last that was and has begun."""
    earliest = pc.min(lines["pay_start"]).as_py() if len(lines) else order.start
    last = min(number(order.end), number(order.as_of) + 1)
    return Months.of(inputs.periods).between(number(min(earliest, order.start)), last)


def _settled(
    plans: Sequence[Plan], lines: pa.Table, trace: pa.Table, inputs: Inputs, months: Months, as_of: date
) -> tuple[pa.Table, pa.Table, tuple[Problem, ...]]:
    """Lines and trace after holds and clawback."""
    parts = read(plans, lines, trace, inputs, months, as_of)
    back = coming_back(parts, plans[-1].policy.rounding)
    due, gone = payable_in(parts), _cancelled_in(parts, months)
    held = np.flatnonzero(due > parts.paid)
    book = Book(lines, trace, parts, months)
    postings = list(_postings(parts, back, due, gone))
    if not postings and not len(held):
        return lines, trace, _problems(parts, trace)
    made = [book.without(held), *(book.post(posting) for posting in postings)]
    return (
        pa.concat_tables([each[0] for each in made]),
        pa.concat_tables([each[1] for each in made]),
        _problems(parts, trace),
    )


def _cancelled_in(parts: Parts, months: Months) -> Ints:
    """The month a part's cancellation is settled in: never before the part's line is paid."""
    groups = int(parts.group.max()) + 1 if len(parts) else 0
    first = np.full(groups, NEVER, np.int64)
    np.minimum.at(first, parts.group, parts.cancelled)
    day = first[parts.group]
    return np.where(day == NEVER, NEVER, np.maximum(months.at(day), parts.paid))


def _postings(parts: Parts, back: Ints, due: Ints, gone: Ints) -> Iterable[Posting]:
    """What is held, what of it is forfeited before it was paid, what is released, and what is taken back."""
    waiting = due > parts.paid
    known = gone < NEVER
    forfeited = waiting & known & (gone < due) & (back > 0)
    held, lost = np.flatnonzero(waiting), np.flatnonzero(forfeited)
    released = np.flatnonzero(waiting & (due < NEVER))
    taken = np.flatnonzero(known & ~forfeited & (back > 0))
    amount = np.concatenate([parts.earned[held], -back[lost]])
    month = np.concatenate([parts.paid[held], gone[lost]])
    left = parts.earned - np.where(forfeited, back, 0)
    yield Posting("held", np.concatenate([held, lost]), month, amount)
    yield Posting("released", released, due[released], left[released])
    yield Posting("clawback", taken, gone[taken], -back[taken])


def _problems(parts: Parts, trace: pa.Table) -> tuple[Problem, ...]:
    rows = parts.row[lacks_term(parts)]
    names = sorted(set(trace["transaction_id"].take(pa.array(rows)).to_pylist()))
    return tuple(problem("clawback_without_term", transaction=name) for name in names)


def _balances(plan: str, lines: pa.Table, drawn: draws.Drawn, months: Months) -> pa.Table:
    """What is owed and held at each month's end, for everybody who ever owed or had something held."""
    keys, held = _held(lines, months)
    people = sorted(set(keys) | set(drawn.keys))
    owed, waits_ = _rows(people, drawn.keys, drawn.owed), _rows(people, keys, held)
    who = pa.array(np.repeat(np.arange(len(people)), len(months)))
    columns = {
        "rep": pa.array([rep for rep, _ in people], pa.string()).take(who),
        "plan_id": pa.repeat(plan, len(who)),
        "month_start": dates(np.tile(months.starts, len(people))),
        "draw_balance": money(owed.reshape(-1)),
        "held": money(waits_.reshape(-1)),
        "currency": pa.array([currency for _, currency in people], pa.string()).take(who),
    }
    return pa.table([columns[name] for name in BALANCES.names], schema=BALANCES)


def _held(lines: pa.Table, months: Months) -> tuple[list[tuple[str, str]], Ints]:
    """Payee and currency, and what is held of theirs at each month's end."""
    kinds = pc.is_in(lines["kind"], pa.array(["held", "released"]))
    rows = lines.filter(kinds)
    rep, reps = codes_of(rows["rep"])
    currency, currencies = codes_of(rows["currency"])
    key, which = np.unique(rep * max(len(currencies), 1) + currency, return_inverse=True)
    sign = np.where(pc.equal(rows["kind"], "held").to_numpy(), 1, -1)
    at = which * len(months) + months_of(rows, months)
    change = sums(sign * units(rows["amount"]), at, len(key) * len(months)).reshape(len(key), len(months))
    names = [(reps[one // len(currencies)], currencies[one % len(currencies)]) for one in key.tolist()]
    return names, np.cumsum(change, axis=1)


def _rows(people: list[tuple[str, str]], keys: Sequence[tuple[str, str]], values: Ints) -> Ints:
    """Values of some people as rows of all, 0 for the others."""
    at = {person: number for number, person in enumerate(people)}
    out = np.zeros((len(people), values.shape[1]), np.int64)
    out[[at[key] for key in keys]] = values
    return out


def _within(run: Run, order: Order) -> Run:
    """The lines paid in the order's months, their trace, and those months' balances."""
    inside = _between(run.lines["pay_start"], order)
    balances = run.balances.filter(_between(run.balances["month_start"], order))
    if not len(run.lines) or pc.all(inside).as_py():
        return Run(run.lines, run.trace, balances, run.problems)
    lines = run.lines.filter(inside)
    kept = pc.is_in(run.trace["line_id"], lines["line_id"].combine_chunks())
    return Run(lines, run.trace.filter(kept), balances, run.problems)


def _between(day: pa.ChunkedArray, order: Order) -> pa.ChunkedArray:
    """Which days lie in the order's months."""
    return pc.and_(pc.greater_equal(day, order.start), pc.less(day, order.end))
