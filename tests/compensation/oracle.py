"""What a plan pays, reckoned one person and one transaction at a time in fractions, straight from docs/plans.md.

Slow on purpose and without any part of the engine: no arrays, no whole numbers of cents, no shared helper.
One currency, one fiscal year from January, one version of the plan.
"""

from __future__ import annotations

from collections import defaultdict
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

from compensation.plan.model import (
    Accumulate,
    Assignment,
    Basis,
    Component,
    Edge,
    Measure,
    Modifier,
    Pays,
    Per,
    Plan,
    Reading,
)
from tests.compensation.oracle_ground import (
    MONTHS,
    Deal,
    Payee,
    around,
    periods,
    rounded,
)

__all__ = ["Deal", "lines"]


def tier_at(component: Component, x: Fraction, unit: Fraction) -> int:
    """The tier a size lies in, -1 below the first and in gaps."""
    found = -1
    for at, tier in enumerate(component.tiers):
        if (x >= tier.start * unit) if component.edge == Edge.UPPER else (x > tier.start * unit):
            found = at
    if found >= 0 and component.tiers[found].end is not None:
        end = component.tiers[found].end * unit
        if (x >= end) if component.edge == Edge.UPPER else (x > end):
            return -1
    return found


def tiered(component: Component, x: Fraction, unit: Fraction) -> Fraction:
    """What a running total earns by tiers; edges × ``unit`` are in the total's own unit."""
    if x < 0:
        return -tiered(component, -x, unit)
    if component.reading in (Reading.WHOLE, Reading.UNSPLIT):
        at = tier_at(component, x, unit)
        return component.tiers[at].rate * x if at >= 0 else Fraction(0)
    total = Fraction(0)
    for at, tier in enumerate(component.tiers):
        end = tier.end
        if end is None and at + 1 < len(component.tiers):
            end = component.tiers[at + 1].start
        inside = max(min(x, end * unit) if end is not None else x, tier.start * unit) - tier.start * unit
        if component.reading == Reading.MARGINAL:
            total += tier.rate * inside
        elif tier.amount is not None and end is not None:
            total += Fraction(tier.amount) * inside / ((end - tier.start) * unit)
    return total


def slope(component: Component, at: int, unit: Fraction) -> Fraction:
    """What one more earns inside a tier."""
    tier = component.tiers[at]
    if component.reading != Reading.INTERPOLATED:
        return tier.rate
    end = tier.end if tier.end is not None else component.tiers[at + 1].start
    return Fraction(tier.amount) / ((end - tier.start) * unit)


def curve_at(component: Component, a: Fraction) -> Fraction:
    points = component.curve.points if component.curve else None
    if points is None:
        return max(a, Fraction(0))
    reached = [p for p in points if (a >= p.at if component.edge == Edge.UPPER else a > p.at)]
    if not reached:
        return Fraction(0)
    last = reached[-1]
    later = points[len(reached) :]
    if not later:
        return last.pays + component.curve.beyond * (a - last.at)
    return last.pays + (later[0].pays - last.pays) * (a - last.at) / (later[0].at - last.at)


def window(component: Component, day: date) -> tuple[date, date]:
    kinds = [component.period.value]
    if component.accumulate in (Accumulate.QUARTER, Accumulate.YEAR) and component.pays != Pays.OBJECTIVE:
        kinds.append(component.accumulate.value)
    return around(max(kinds, key=lambda kind: MONTHS[kind]), day)


def factor(payee: Payee, component: Component, modifier: Modifier, start: date, end: date) -> Fraction:
    plan = payee.plan
    looked = component
    if modifier.kind == "linkage":
        looked = next(c for c in plan.components if c.id == modifier.component)
    name = looked.measure if modifier.kind == "linkage" else modifier.measure
    measure = plan.measures[name]
    reached = sum(
        (c["quota"] for c in payee.credits(looked, measure) if start <= c["day"] < end), Fraction(0)
    )
    if modifier.basis == Basis.ATTAINMENT or modifier.kind == "linkage":
        money = measure.of == "amount"
        quota = payee.quota(measure.quota or name, component.period.value, start, end, money=money)
        value = reached / quota if quota > 0 else None
    else:
        value = reached
    if modifier.kind == "multiplier":
        steps = [s for s in sorted(modifier.steps, key=lambda s: s.at) if value is not None and value >= s.at]
        return steps[-1].times if steps else Fraction(1)
    return Fraction(1) if value is not None and value >= (modifier.at_least or 0) else modifier.times


def lines(plan: Plan, deals: list[Deal]) -> dict[tuple[str, str, date, date], Fraction]:
    """What everybody earns: (rep, component, period, first day of the terms) → amount."""
    found: dict[tuple[str, str, date, date], Fraction] = {}
    for rep in sorted({each.rep for each in plan.assignments}):
        payee = Payee(plan, deals, rep)
        for component in plan.components:
            one = _curved if component.pays in (Pays.TARGET, Pays.OBJECTIVE) else _rated
            found.update(_capped(payee, component, one(payee, component)))
    return found


Earned = dict[tuple[date, date], list[tuple[str, Fraction]]]
"""Period and first day of the terms → (transaction, earned) in order."""


def _capped(
    payee: Payee, component: Component, earned: Earned
) -> dict[tuple[str, str, date, date], Fraction]:
    """Each cap holds the running total of what came through the one before it."""
    caps, found = component.caps, {}
    names = {deal.id: deal.deal or deal.id for deal in payee.deals}
    total: dict[Any, Fraction] = defaultdict(Fraction)

    def through(part: Fraction, cap: Decimal | None, key: Any) -> Fraction:
        if cap is None:
            return part
        before, total[key] = total[key], total[key] + part
        return min(total[key], Fraction(cap)) - min(before, Fraction(cap))

    for (period, start), parts in sorted(earned.items()):
        amount = Fraction(0)
        for name, part in parts:
            left = through(part, caps.deal, ("deal", period, start, names[name])) if name else part
            left = through(left, caps.period, ("period", period))
            amount += through(left, caps.year, "year")
        found[payee.rep, component.id, period, start] = amount
    return found


def _grid(payee: Payee, component: Component) -> list[tuple[tuple[date, date], Assignment, date]]:
    found = []
    for period in periods(component.period.value):
        for each in payee.terms:
            start, end = payee.in_force(each)
            if start < period[1] and end > period[0] and start < end:
                found.append((period, each, start))
    return found


def _modified(payee: Payee, component: Component, start: date, end: date) -> Fraction:
    product = Fraction(1)
    for modifier in component.modifiers:
        product *= factor(payee, component, modifier, start, end)
    return product


def _base(
    payee: Payee, component: Component, each: Assignment, span: tuple[date, date], quota: Fraction
) -> Fraction:
    if component.rate == "payee":
        return (each.rate or Fraction(0)) * component.times
    if component.rate == "target":
        kind = next(k for k in MONTHS if span in periods(k))
        stake = Fraction(each.target_incentive) * component.weight * payee.share(each, kind, span)
        return stake / quota * component.times if quota > 0 else Fraction(0)
    return (Fraction(component.rate) if component.rate != "" else Fraction(1)) * component.times


def _rated(payee: Payee, component: Component) -> Earned:
    plan = payee.plan
    measure = plan.measures[component.measure]
    attained = bool(component.tiers) and component.basis == Basis.ATTAINMENT
    cent, how = Fraction(1, 100), plan.policy.rounding
    found: Earned = {(period[0], start): [] for period, _, start in _grid(payee, component)}
    credits_ = payee.credits(component, measure)
    for one in credits_:
        one["x"] = one["quota"] if attained else one["pay"]
        one["window"] = window(component, one["day"])
        one["period"] = around(component.period.value, one["day"])
    totals: dict[Any, Fraction] = defaultdict(Fraction)
    steps: dict[Any, Fraction] = defaultdict(Fraction)
    alone = component.accumulate == Accumulate.NONE and component.per == Per.TRANSACTION and component.tiers
    for one in credits_:
        span = one["window"]
        money = measure.of in ("amount", "margin")
        quota = payee.quota(measure.quota or measure.name, component.period.value, *span, money=money)
        base = _base(payee, component, one["own"], span, quota)
        unit = quota if attained else Fraction(1)
        if attained and quota <= 0:
            base = Fraction(0)
        before = Fraction(0) if alone else totals[span]
        after = before + one["x"]
        totals[span] += one["x"]
        if not component.tiers:
            step = one["pay"]
        elif component.reading == Reading.UNSPLIT:
            low, high = before, after
            if component.per == Per.PERIOD:
                inside = [o for o in credits_ if o["period"] == one["period"]]
                earlier = [o for o in credits_ if o["window"] == span and o["day"] < one["period"][0]]
                low = sum((o["x"] for o in earlier), Fraction(0))
                high = low + sum((o["x"] for o in inside), Fraction(0))
            late = (high >= low) == (component.rate_at == "after")
            at = tier_at(component, abs(high if late else low), unit)
            step = one["pay"] * (component.tiers[at].rate if at >= 0 else 0)
        else:
            step = (
                (tiered(component, after, unit) - tiered(component, before, unit))
                if unit > 0
                else Fraction(0)
            )
            if attained and one["rule"].quota == 0:
                at = tier_at(component, abs(before), unit)
                step = one["pay"] * slope(component, at, unit) if at >= 0 else Fraction(0)
            elif attained:
                step *= one["rule"].pay / one["rule"].quota
        base *= _modified(payee, component, *one["period"])
        sum_before = steps[span]
        steps[span] += step
        if plan.policy.round_at == "transaction":
            part = rounded(step * base, cent, how)
        else:
            part = rounded(steps[span] * base, cent, how) - rounded(sum_before * base, cent, how)
        found[one["period"][0], payee.in_force(one["own"])[0]].append((one["id"], part))
    return found


def _curved(payee: Payee, component: Component) -> Earned:
    plan, found = payee.plan, {}
    measure = plan.measures.get(component.measure) or Measure(component.measure)
    objective = component.pays == Pays.OBJECTIVE
    credits_ = [] if objective else payee.credits(component, measure)
    paid: dict[Any, Fraction] = defaultdict(Fraction)
    stakes: dict[Any, Fraction] = defaultdict(Fraction)
    for period, each, start in _grid(payee, component):
        span = window(component, period[0])
        to_date = span != period
        stake = Fraction(each.target_incentive) * component.weight
        stake *= payee.share(each, component.period.value, period)
        stakes[span] += stake
        since = span[0] if to_date else period[0]
        if objective:
            scored = [
                d
                for d in payee.deals
                if d.kind == "objective" and d.component == component.id and d.rep == payee.rep
                and period[0] <= d.day < period[1] and payee.segment(d.day)
            ]  # fmt: skip
            order = [(d.id, d.day, d.share * d.score, d.share) for d in scored]
            quota = sum((d.share for d in scored), Fraction(0))
        else:
            order = [(c["id"], c["day"], c["quota"], None) for c in credits_ if since <= c["day"] < period[1]]
            money = measure.of in ("amount", "margin")
            quota = payee.quota(
                measure.quota or measure.name, component.period.value, since, period[1], money=money
            )
        base = (stakes[span] if to_date else stake) * _modified(payee, component, since, period[1])

        def worth(x: Fraction, base: Fraction = base, quota: Fraction = quota) -> Fraction:
            value = base * curve_at(component, x / quota) if quota > 0 else Fraction(0)
            return rounded(value, Fraction(1, 100), plan.policy.rounding)

        x = sum((o[2] for o in order if o[1] < period[0]), Fraction(0))
        parts = [("", worth(x) - (paid[span] if to_date else 0))]
        for name, day, size, _ in order:
            if day >= period[0]:
                parts.append((name, worth(x + size) - worth(x)))
                x += size
        paid[span] += sum((p for _, p in parts), Fraction(0))
        found[period[0], start] = parts
    return found
