"""Who is on which version of a plan from when to when, and with what at stake."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from fractions import Fraction

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from compensation.earning.sales import Codes
from compensation.money.calendar import SHARES, Span
from compensation.money.exact import Exact, narrow
from compensation.money.fine import SCALE, Ints
from compensation.money.months import number
from compensation.plan.model import OPEN_END, PAYEE_CURRENCY, Assignment, Component, Plan
from compensation.problems import problem
from compensation.run import Problem


@dataclass(frozen=True)
class Segments:
    """Stretches of time in which a person's terms do not change, by person and day; none of a person overlap.

    ``start`` and ``end`` (exclusive) are days; ``target`` is a year's target incentive in ten-thousandths of
    ``target_currency``; ``rate_top`` ÷ ``rate_bottom`` is the person's own rate (``rate_top`` -1: none).
    Currencies are names. ``terms`` holds the assignment each segment comes from.
    """

    rep: Ints
    start: Ints
    end: Ints
    target: Ints
    rate_top: Exact
    rate_bottom: Exact
    currency: list[str]
    terms: list[Assignment]

    def __len__(self) -> int:
        return len(self.rep)

    def take(self, rows: Ints) -> Segments:
        """Some segments, in the order given."""
        picked = rows.tolist()
        return Segments(
            self.rep[rows],
            self.start[rows],
            self.end[rows],
            self.target[rows],
            self.rate_top[rows],
            self.rate_bottom[rows],
            [self.currency[at] for at in picked],
            [self.terms[at] for at in picked],
        )

    def between(self, start: Ints | int, end: Ints | int) -> Segments:
        """What of the segments lies in these days; empty ones stay, so that row numbers hold."""
        return replace(self, start=np.maximum(self.start, start), end=np.minimum(self.end, end))


def joined(parts: Sequence[Segments]) -> Segments:
    """All segments, one after the other."""
    return Segments(
        np.concatenate([each.rep for each in parts]),
        np.concatenate([each.start for each in parts]),
        np.concatenate([each.end for each in parts]),
        np.concatenate([each.target for each in parts]),
        np.concatenate([each.rate_top for each in parts]),
        np.concatenate([each.rate_bottom for each in parts]),
        [name for each in parts for name in each.currency],
        [terms for each in parts for terms in each.terms],
    )


def assigned(table: pa.Table, plan_id: str) -> list[Assignment]:
    """The rows of ASSIGNMENTS on a plan."""
    rows = table.filter(pc.equal(table["plan_id"], plan_id)).to_pylist()
    return [
        Assignment(
            rep=row["rep"],
            start=row["valid_from"],
            end=row["valid_to"],
            role=row.get("role") or "",
            team=row.get("team") or "",
            currency=row.get("currency") or "",
            base_salary=row.get("base_salary") or Decimal(0),
            target_incentive=row.get("target_incentive") or Decimal(0),
            rate=None if row.get("rate") is None else Fraction(row["rate"]),
            hired=row.get("hired"),
            left=row.get("left"),
        )
        for row in rows
    ]


def in_force(plans: Sequence[Plan]) -> list[tuple[Plan, date, date]]:
    """Each version with the days it holds: until its own end, or until a later version of the plan starts."""
    found = []
    for plan in plans:
        later = [(p.valid_from, p.version) for p in plans if p.id == plan.id]
        after = [day for day, version in later if (day, version) > (plan.valid_from, plan.version)]
        found.append((plan, plan.valid_from, min([plan.valid_to, *after])))
    return [each for each in found if each[1] < each[2]]


def segments(
    plan: Plan, assignments: Sequence[Assignment], people: Codes, held: tuple[date, date], home: str
) -> tuple[Segments, tuple[Problem, ...]]:
    """The people on one version of a plan while it holds, with the currency they are paid in.

    Somebody whose role is not one of the plan's is a problem and left out, as is one whose currency nobody says
    (``home`` is taken where the assignment has none). Of two assignments at once the later start wins.
    """
    problems: list[Problem] = []
    kept = [
        each
        for each in assignments
        if _eligible(plan, each, problems) and _paid_in(plan, each, home, problems)
    ]
    rep = people.at(pa.array([each.rep for each in kept], pa.string()))
    start = np.array([max(each.start, each.hired or each.start, held[0]) for each in kept], "datetime64[D]")
    end = np.array([min(each.end, each.left or each.end, held[1]) for each in kept], "datetime64[D]")
    first, last = start.astype(np.int64), end.astype(np.int64)
    order = np.lexsort((last, first, rep))
    last = last[order]
    same = rep[order][1:] == rep[order][:-1]
    cut = np.where(same, np.minimum(last[:-1], first[order][1:]), last[:-1])
    problems += [_overlap(plan, kept[order[at]]) for at in np.flatnonzero(cut < last[:-1]).tolist()]
    found = _made(
        plan, [kept[at] for at in order.tolist()], home, rep[order], first[order], np.append(cut, last[-1:])
    )
    return found.take(np.flatnonzero(found.start < found.end)), tuple(problems)


def _eligible(plan: Plan, each: Assignment, problems: list[Problem]) -> bool:
    if not plan.roles or not each.role or each.role in plan.roles:
        return True
    problems.append(problem("payee_role", rep=each.rep, plan=plan.id, role=each.role))
    return False


def _paid_in(plan: Plan, each: Assignment, home: str, problems: list[Problem]) -> bool:
    if _currency(plan, each, home):
        return True
    problems.append(problem("payee_currency", rep=each.rep, plan=plan.id))
    return False


def _overlap(plan: Plan, each: Assignment) -> Problem:
    return problem("payee_twice", rep=each.rep, plan=plan.id, day=each.start)


def _currency(plan: Plan, each: Assignment, home: str) -> str:
    own = plan.currency == PAYEE_CURRENCY
    return (each.currency or home) if own else plan.currency


def _made(plan: Plan, kept: list[Assignment], home: str, rep: Ints, start: Ints, end: Ints) -> Segments:
    rates = [Fraction(-1) if each.rate is None else each.rate for each in kept]
    return Segments(
        rep=rep,
        start=start,
        end=end,
        target=np.array([int(each.target_incentive * SCALE) for each in kept], np.int64),
        rate_top=_exact([each.numerator for each in rates]),
        rate_bottom=_exact([each.denominator for each in rates]),
        currency=[_currency(plan, each, home) for each in kept],
        terms=kept,
    )


def _exact(values: Sequence[int]) -> Exact:
    return narrow(np.array(list(values), dtype=object)) if values else np.zeros(0, np.int64)


def on_component(segments: Segments, component: Component) -> Segments:
    """The segments a component holds for: its roles, its own days, and from when its team has it.

    A team's start concerns the days reckoned; who changes team inside a segment is credited by the team of the day.
    """
    roles = component.roles
    kept = [at for at, each in enumerate(segments.terms) if not roles or each.role in roles]
    found = segments.take(np.array(kept, np.int64))
    start = number(component.valid_from) if component.valid_from else -(10**9)
    end = number(component.valid_to or OPEN_END)
    found = found.between(start, end)
    return found.take(np.flatnonzero(found.start < found.end))


def rolled_out(segments: Segments, rollout: Mapping[str, date]) -> Ints:
    """First day a component holds for each segment's team; a far day where the team does not have it."""
    never = number(OPEN_END)
    if not rollout:
        return segments.start
    starts = {team: number(day) for team, day in rollout.items()}
    own = np.array([starts.get(each.team, never) for each in segments.terms], np.int64)
    return np.maximum(own, segments.start)


def year_share(
    kind: str, span: Span, period: Ints, start: Ints, end: Ints, *, by_days: bool
) -> tuple[Ints, Ints]:
    """The share of a year that ``start`` until ``end`` takes of each period, as fractions.

    A period is a twelfth, a quarter or all of the year; of that, the days in force ÷ the period's days, or all
    of it where nothing is prorated.
    """
    length = span.ends[period] - span.starts[period]
    inside = np.minimum(end, span.ends[period]) - np.maximum(start, span.starts[period])
    inside = np.maximum(inside, 0)
    top = inside if by_days else np.where(inside > 0, length, 0)
    return top, length * SHARES[kind]
