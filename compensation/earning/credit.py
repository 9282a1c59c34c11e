"""Credits: who is credited with which transaction, by which rule, for pay and for quota."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np
import pyarrow as pa

from compensation.earning.hierarchy import Hierarchy, locate
from compensation.earning.measure import is_money, lacking, matching, values
from compensation.earning.sales import Sales
from compensation.earning.segments import Segments
from compensation.money.calendar import Calendar
from compensation.money.currency import Converter
from compensation.money.exact import times
from compensation.money.fine import Bools, Ints, unit_of
from compensation.money.months import number
from compensation.money.rounding import divide
from compensation.plan.model import Component, CreditRule, Measure, Plan
from compensation.problems import problem
from compensation.run import Problem

BUILT_IN = {kind: CreditRule(kind, kind) for kind in ("direct", "split", "overlay", "roll_up")}
"""The rules every plan has, unless it writes one of the same name."""


@dataclass
class Ground:
    """What every component is reckoned on, and the problems met on the way."""

    sales: Sales
    calendar: Calendar
    hierarchy: Hierarchy
    converter: Converter
    chain: list[Ints] = field(default_factory=list)
    problems: dict[Problem, None] = field(default_factory=dict)

    def note(self, *problems: Problem) -> None:
        """Keep problems, each once."""
        self.problems.update(dict.fromkeys(problems))

    def level(self, level: int) -> Ints | None:
        """Whom each transaction counts for at a level of the hierarchy: 0 the person, 1 the manager, and so on."""
        if level == 0:
            return self.sales.rep
        if not self.chain:
            self.chain = self.hierarchy.levels(self.sales.rep, self.sales.day)
        return self.chain[level] if level < len(self.chain) else None


@dataclass(frozen=True)
class Credits:
    """One row a transaction and payee. ``tx`` is a row of the sales, ``segment`` of the segments credited.

    ``rule`` numbers the component's credit rules. ``pay`` and ``quota`` are in ten-thousandths of the payee's
    currency, or of a piece.
    """

    tx: Ints
    segment: Ints
    rule: Ints
    pay: Ints
    quota: Ints

    def __len__(self) -> int:
        return len(self.tx)


def rules_of(plan: Plan, component: Component) -> list[CreditRule]:
    """The credit rules that count for a component, in its order."""
    return [plan.credit_rules.get(name) or BUILT_IN[name] for name in component.credits]


def scope_of(rules: list[CreditRule]) -> str:
    """Whose quota credits are held against: the team's where any rule rolls up, else the person's own."""
    return "team" if any(rule.kind == "roll_up" for rule in rules) else "rep"


def credited(
    ground: Ground, plan: Plan, component: Component, measure: Measure, segments: Segments
) -> Credits:
    """Everything credited to the segments of a component, by a measure, in the order of the transactions."""
    rules = rules_of(plan, component)
    found, problems = matching(ground.sales, measure.where)
    ground.note(*problems)
    parts = list(_by_rule(ground, rules, found, segments)) if len(segments) else []
    nothing = np.zeros(0, np.int64)
    tx, segment, rule = (
        (np.concatenate(each) for each in zip(*parts, strict=True)) if parts else (nothing,) * 3
    )
    kept = _in_rollout(ground, component, segments, tx, segment)
    tx, segment, rule = tx[kept], segment[kept], rule[kept]
    _note_lacking(ground, component, measure, tx)
    return _valued(ground, plan, component, measure, segments, (tx, segment, rule))


def _note_lacking(ground: Ground, component: Component, measure: Measure, tx: Ints) -> None:
    count = lacking(ground.sales, measure, tx)
    if count:
        ground.note(problem("value_missing", component=component.id, field=measure.of, count=count))


def _by_rule(
    ground: Ground, rules: list[CreditRule], counts: Bools, segments: Segments
) -> Iterator[tuple[Ints, Ints, Ints]]:
    """Transactions, segments and rule; a payee is credited with a transaction once, by the first rule that does."""
    taken: dict[int, Bools] = {}
    for at, rule in enumerate(rules):
        rows = np.flatnonzero(counts & _concerned(ground, rule))
        for level in _levels(rule):
            payee = ground.level(level)
            if payee is None:
                break
            done = taken.setdefault(level, np.zeros(len(counts), bool))
            tx, segment = _reached(ground, rule, segments, rows[~done[rows]], payee)
            done[tx] = True
            yield tx, segment, np.full(len(tx), at, np.int64)


def _concerned(ground: Ground, rule: CreditRule) -> Bools:
    """The transactions a rule is about. A roll-up is about what the people below share or sell alone."""
    sales = ground.sales
    kind = (
        sales.of_kind("direct") | sales.of_kind("split")
        if rule.kind == "roll_up"
        else sales.of_kind(rule.kind)
    )
    found, problems = matching(sales, rule.where)
    ground.note(*problems)
    return kind & found


def _levels(rule: CreditRule) -> range:
    if rule.kind != "roll_up":
        return range(1)
    return range(rule.levels + 1 if rule.levels else 1_000)


def _reached(
    ground: Ground, rule: CreditRule, segments: Segments, rows: Ints, payee: Ints
) -> tuple[Ints, Ints]:
    """The rows whose payee has a segment on that day, and a role the rule is for."""
    at = locate(segments.rep, segments.start, segments.end, payee[rows], ground.sales.day[rows])
    good = at >= 0
    if rule.roles:
        allowed = np.array([each.role in rule.roles for each in segments.terms], bool)
        good &= allowed[at]
    return rows[good], at[good]


def _in_rollout(ground: Ground, component: Component, segments: Segments, tx: Ints, segment: Ints) -> Bools:
    """Which credits' teams had the component on that day; the team is the credited person's of the day."""
    if not component.rollout:
        return np.ones(len(tx), bool)
    names = list(component.rollout)
    far = 10**9
    starts = np.array([*(number(component.rollout[name]) for name in names), far], np.int64)
    known = pa.array(names)
    of_sale = pa.compute.fill_null(pa.compute.index_in(ground.sales.table["team"], value_set=known), -1)
    own = pa.array([each.team for each in segments.terms], pa.string())
    of_segment = pa.compute.fill_null(pa.compute.index_in(own, value_set=known), -1)
    unsaid = ground.sales.table["team"].is_null().to_numpy()[tx]
    team = np.where(unsaid, of_segment.to_numpy()[segment], of_sale.to_numpy()[tx])
    return ground.sales.day[tx] >= starts[team]


def _valued(
    ground: Ground,
    plan: Plan,
    component: Component,
    measure: Measure,
    segments: Segments,
    rows: tuple[Ints, Ints, Ints],
) -> Credits:
    tx, segment, rule = rows
    value = values(ground.sales, measure.of)[tx]
    step = np.ones(len(tx), np.int64)
    if is_money(measure):
        day = currency_days(ground, plan, component, ground.sales.day[tx])
        value, known, step = in_pay_currency(ground, segments, value, tx, segment, day)
        tx, segment, rule, value, step = (each[known] for each in (tx, segment, rule, value, step))
    rules, how = rules_of(plan, component), plan.policy.rounding
    pay, quota = (_factored(value, step, rule, rules, side, how) for side in ("pay", "quota"))
    order = np.argsort(tx, kind="stable")
    return Credits(tx[order], segment[order], rule[order], pay[order], quota[order])


def currency_days(ground: Ground, plan: Plan, component: Component, day: Ints) -> Ints:
    """The days whose rates convert: the transactions' own, or the last of their component period."""
    if plan.policy.currency_on != "period_end":
        return day
    span = ground.calendar[component.period.value]
    at = span.at(day)
    return np.where(at >= 0, span.ends[at] - 1, day) if len(span.ends) else day


def in_pay_currency(
    ground: Ground, segments: Segments, value: Ints, tx: Ints, segment: Ints, day: Ints
) -> tuple[Ints, Bools, Ints]:
    """Transactions' money in the payees' currencies, which of it could be converted, and each minor unit."""
    names = sorted({*ground.sales.currencies, *segments.currency})
    of_sale = np.array([names.index(each) for each in ground.sales.currencies] or [0], np.int64)
    place = {name: at for at, name in enumerate(names)}
    of_payee = np.array([place[each] for each in segments.currency] or [0], np.int64)[segment]
    found, known = ground.converter.convert(value, of_sale[ground.sales.currency[tx]], of_payee, day, names)
    steps = np.array([unit_of(name) for name in names] or [1], np.int64)
    return found, known, steps[of_payee]


def _factored(value: Ints, step: Ints, rule: Ints, rules: list[CreditRule], side: str, how: str) -> Ints:
    """Values × the rules' factors for pay or quota, in whole minor units where it is not the whole value."""
    found = value
    for at, each in enumerate(rules):
        factor = getattr(each, side)
        if factor == 1:
            continue
        rows = np.flatnonzero(rule == at)
        found = found.copy() if found is value else found
        top = times(value[rows], factor.numerator)
        found[rows] = divide(top, factor.denominator * step[rows], how) * step[rows]
    return found
