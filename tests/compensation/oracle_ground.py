"""Deals, periods, rounding and a payee's credits in fractions: the ground of ``tests.compensation.oracle``."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from math import floor
from typing import Any

from compensation.plan.model import (
    Assignment,
    Component,
    CreditRule,
    Measure,
    Plan,
)

YEAR = 2026
MONTHS = {"month": 1, "quarter": 3, "year": 12}


@dataclass(frozen=True)
class Deal:
    id: str
    rep: str
    day: date
    amount: Decimal
    share: Fraction = Fraction(1)
    kind: str = "direct"
    units: Decimal = Decimal(0)
    type: str = "new"
    deal: str = ""
    score: Fraction | None = None
    component: str = ""


def first_day(month: int) -> date:
    return date(YEAR + (month - 1) // 12, (month - 1) % 12 + 1, 1)


def periods(kind: str) -> list[tuple[date, date]]:
    size = MONTHS[kind]
    return [(first_day(m), first_day(m + size)) for m in range(1, 13, size)]


def around(kind: str, day: date) -> tuple[date, date]:
    return next((a, b) for a, b in periods(kind) if a <= day < b)


def rounded(value: Fraction, step: Fraction, how: str) -> Fraction:
    size = abs(value) / step
    whole = floor(size)
    rest = size - whole
    more = {
        "down": False,
        "up": rest > 0,
        "half_up": rest >= Fraction(1, 2),
        "half_even": rest > Fraction(1, 2) or (rest == Fraction(1, 2) and whole % 2 == 1),
    }[how]
    return (1 if value >= 0 else -1) * (whole + more) * step


def factored(value: Fraction, factor: Fraction, step: Fraction, how: str) -> Fraction:
    return value if factor == 1 else rounded(value * factor, step, how)


def split(deals: list[Deal], value: Callable[[Deal], Fraction], step: Fraction) -> dict[int, Fraction]:
    """Largest remainder inside each shared deal; whole deals and overlays by themselves."""
    found, shared = {}, defaultdict(list)
    for at, deal in enumerate(deals):
        if deal.share == 1:
            found[at] = value(deal)
        elif deal.kind == "overlay":
            found[at] = rounded(value(deal) * deal.share, step, "half_up")
        else:
            shared[deal.deal, deal.kind, deal.day, deal.amount, deal.units].append(at)
    for rows in shared.values():
        whole = value(deals[rows[0]])
        sign = 1 if whole >= 0 else -1
        exact = {at: abs(whole) * deals[at].share for at in rows}
        given = {at: floor(exact[at] / step) * step for at in rows}
        total = rounded(sum(exact.values(), Fraction(0)), step, "half_up")
        missing = int((total - sum(given.values())) / step)
        for at in sorted(rows, key=lambda at: (given[at] - exact[at], deals[at].rep, deals[at].id))[:missing]:
            given[at] += step
        found.update({at: sign * given[at] for at in rows})
    return found


class Payee:
    """One person on the plan."""

    def __init__(self, plan: Plan, deals: list[Deal], rep: str) -> None:
        self.plan, self.rep = plan, rep
        self.deals = sorted(deals, key=lambda d: (d.day, d.id, d.kind, d.rep, d.amount))
        self.terms = sorted((a for a in plan.assignments if a.rep == rep), key=lambda a: a.start)

    def boss(self, rep: str, day: date) -> str | None:
        for each in self.plan.assignments:
            if each.rep == rep and each.manager and each.start <= day < each.end:
                return each.manager
        return None

    def distance(self, rep: str, day: date) -> int | None:
        """How many levels this payee stands above somebody."""
        level, at = 0, rep
        while at is not None:
            if at == self.rep:
                return level
            at, level = self.boss(at, day), level + 1
        return None

    def in_force(self, each: Assignment) -> tuple[date, date]:
        start = max(each.start, self.plan.valid_from, each.hired or each.start)
        return start, min(each.end, self.plan.valid_to, each.left or each.end)

    def segment(self, day: date) -> Assignment | None:
        for each in self.terms:
            start, end = self.in_force(each)
            if start <= day < end:
                return each
        return None

    def rule(self, component: Component, deal: Deal) -> CreditRule | None:
        for name in component.credits:
            rule = self.plan.credit_rules.get(name) or CreditRule(name, name)
            if rule.kind == "roll_up":
                levels = self.distance(deal.rep, deal.day)
                hit = deal.kind in ("direct", "split") and levels is not None
                hit = hit and (not rule.levels or levels <= rule.levels)
            else:
                hit = deal.kind == rule.kind and deal.rep == self.rep
            if hit:
                return rule
        return None

    def credits(self, component: Component, measure: Measure) -> list[dict[str, Any]]:
        """What counts, in order: day, segment, pay and quota credit."""
        money = measure.of in ("amount", "margin")
        step = Fraction(1, 100) if money else Fraction(1, 10_000)
        of = {
            "amount": lambda d: Fraction(d.amount),
            "units": lambda d: Fraction(d.units),
            "count": lambda d: Fraction(-1 if d.amount < 0 else 1),
        }[measure.of]
        value = split(self.deals, of, step)
        found = []
        for at, deal in enumerate(self.deals):
            meets = all(getattr(deal, c.field) in c.values for c in measure.where)
            rule, own = self.rule(component, deal), self.segment(deal.day)
            if deal.kind == "objective" or not meets or rule is None or own is None or deal.day.year != YEAR:
                continue
            found.append(
                {
                    "id": deal.id,
                    "day": deal.day,
                    "own": own,
                    "rule": rule,
                    "pay": factored(value[at], rule.pay, step, self.plan.policy.rounding),
                    "quota": factored(value[at], rule.quota, step, self.plan.policy.rounding),
                }
            )
        return found

    def share(self, each: Assignment, kind: str, period: tuple[date, date]) -> Fraction:
        start, end = self.in_force(each)
        inside = max((min(end, period[1]) - max(start, period[0])).days, 0)
        if self.plan.policy.proration == "none":
            inside = (period[1] - period[0]).days if inside else 0
        return Fraction(inside, (period[1] - period[0]).days) * Fraction(MONTHS[kind], 12)

    def quota(self, name: str, kind: str, start: date, end: date, *, money: bool) -> Fraction:
        total = Fraction(0)
        for each in self.terms:
            for period in periods(kind):
                if start <= period[0] and period[1] <= end and name in each.quotas:
                    total += Fraction(each.quotas[name]) * self.share(each, kind, period)
        return rounded(total, Fraction(1, 100) if money else Fraction(1, 10_000), "half_up")
