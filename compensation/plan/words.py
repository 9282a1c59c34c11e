"""What a plan says, in plain sentences: for its readers, who are paid by it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from fractions import Fraction
from itertools import pairwise

from compensation.plan.model import (
    OPEN_END,
    PAYEE_CURRENCY,
    Accumulate,
    Basis,
    Component,
    Condition,
    Curve,
    Draw,
    Edge,
    Modifier,
    Pays,
    Per,
    Plan,
    Reading,
    Spif,
    Tier,
)
from compensation.plan.saying import ENGLISH, Money, Number, Said, Style, Value, say, written
from compensation.plan.sentences import TEMPLATES

_ONE = Fraction(1)


def sentence(said: Said, style: Style = ENGLISH, translate: Callable[[str], str] = str) -> str:
    """A sentence of this module in words."""
    return written(said, TEMPLATES, style, translate)


def plan_says(plan: Plan) -> tuple[Said, ...]:
    """What holds for the whole plan: who, when, draw, caps, rounding."""
    return tuple(_plan(plan))


def component_says(plan: Plan, component: Component) -> tuple[Said, ...]:
    """What one component says, the most important first."""
    return (
        *_pays(plan, component),
        *_credited(plan, component),
        *_after(plan, component),
        *_for_whom(component),
    )


def measure_says(plan: Plan, name: str) -> Said:
    """What a measure counts."""
    measure = plan.measures.get(name)
    if measure is None:
        return say("nothing_measured")
    what = say(f"of_{measure.of}")
    if not measure.where:
        return say("measured", measure=name, what=what)
    conditions = tuple(_condition(condition) for condition in measure.where)
    return say("measured_where", measure=name, what=what, conditions=conditions)


def _condition(condition: Condition) -> Said:
    name = condition.field
    if condition.values:
        code = "is_value" if len(condition.values) == 1 else "is_one_of"
        return say(code, name=name, values=tuple(condition.values))
    bounds = {"at_least": condition.at_least, "below": condition.below}
    given = {key: Number(Fraction(bound)) for key, bound in bounds.items() if bound is not None}
    return say("is_between" if len(given) == 2 else f"is_{next(iter(given))}", name=name, **given)


def _money(plan: Plan, amount: object) -> Money:
    currency = "" if plan.currency == PAYEE_CURRENCY else plan.currency
    return Money(Fraction(str(amount)), currency)


def _plan(plan: Plan) -> Iterator[Said]:
    if plan.valid_to == OPEN_END:
        yield say("plan_from", name=plan.name, version=plan.version, start=plan.valid_from)
    else:
        yield say(
            "plan_from_to", name=plan.name, version=plan.version, start=plan.valid_from, end=plan.valid_to
        )
    if plan.roles:
        yield say("plan_roles", roles=plan.roles)
    if plan.currency == PAYEE_CURRENCY:
        yield say("own_currency")
    else:
        yield say("one_currency", currency=plan.currency)
    policy = plan.policy
    if policy.year_cap is not None:
        yield say("plan_cap", amount=_money(plan, policy.year_cap))
    yield say(f"rounded_{policy.round_at}", way=say(f"way_{policy.rounding}"))
    if plan.draw is not None:
        yield from draw_says(plan, plan.draw)


def draw_says(plan: Plan, draw: Draw) -> Iterator[Said]:
    """What a draw says."""
    if draw.amount is not None:
        yield say("draw_amount", amount=_money(plan, draw.amount))
    else:
        yield say("draw_share", share=draw.share or Fraction(0))
    if draw.months_after_hire is not None:
        yield say("draw_months", months=draw.months_after_hire)
    if draw.components:
        yield say("draw_components", components=draw.components)
    if draw.kind != "recoverable":
        yield say("draw_kept")
        return
    yield say("draw_recovered", share=draw.recover_share)
    if draw.recover_after:
        yield say("draw_recovered_after", months=draw.recover_after)
    if draw.recover_at_most is not None:
        yield say("draw_recovered_at_most", amount=_money(plan, draw.recover_at_most))
    if draw.forgive_after is not None:
        yield say("draw_forgiven", months=draw.forgive_after)


# One component -------------------------------------------------------------------------------------


def _pays(plan: Plan, component: Component) -> Iterator[Said]:
    period = say(f"each_{component.period.value}")
    if component.pays is Pays.OBJECTIVE:
        code = "pays_objective" if component.curve is None else "pays_objective_curve"
        yield say(code, weight=component.weight, period=period)
        yield from _curve(component.curve, "score") if component.curve else ()
        return
    yield measure_says(plan, component.measure)
    if component.curve is not None:
        yield say("pays_curve", weight=component.weight, period=period)
        yield from _curve(component.curve, "attainment")
    elif component.tiers:
        yield from _tiers(plan, component, period)
    elif component.rate != "":
        rate = _rate(plan, component)
        pieces = isinstance(rate, Said) and rate.template == "each_piece"
        yield say("pays_pieces" if pieces else "pays_rate", rate=rate, period=period)
    if component.accumulate is Accumulate.YEAR:
        yield say("year_to_date")
    if component.spif is not None:
        yield from _spif(plan, component.spif)


def _rate(plan: Plan, component: Component) -> Value:
    """The rate before tiers, in words."""
    if component.rate == "payee":
        return (
            say("rate_payee")
            if component.times == 1
            else say("times_rate_payee", times=Number(component.times))
        )
    if component.rate == "target":
        own = say("rate_target", weight=component.weight)
        return own if component.times == 1 else say("times_rate", times=Number(component.times), rate=own)
    return _tier_rate(plan, component, component.times * Fraction(component.rate or 1))


def _tier_rate(plan: Plan, component: Component, rate: Fraction) -> Value:
    """A rate as people read it: a percentage of money, an amount a piece, a multiple of another rate."""
    measure = plan.measures.get(component.measure)
    if component.pays is Pays.PER_UNIT or (measure is not None and measure.of in ("units", "count")):
        return say("each_piece", amount=_money(plan, rate))
    return rate


def _tiers(plan: Plan, component: Component, period: Said) -> Iterator[Said]:
    yield say(f"tiers_{component.reading.value}", period=period)
    yield say(_running(component))
    if component.rate != "":
        yield say("tiers_multiply", rate=_rate(plan, component))
    ends = [tier.end if tier.end is not None else after.start for tier, after in pairwise(component.tiers)]
    for tier, end in zip(component.tiers, [*ends, component.tiers[-1].end], strict=True):
        yield _tier(plan, component, tier, end)
    if component.tiers[0].start > 0:
        yield say("nothing_below", start=_edge(plan, component, component.tiers[0].start))
    if component.reading in (Reading.WHOLE, Reading.UNSPLIT):  # elsewhere both sides of an edge pay the same
        yield say("edge_upper" if component.edge is Edge.UPPER else "edge_lower")
    if component.reading is Reading.UNSPLIT:
        yield say(f"rate_at_{component.rate_at}")


def _running(component: Component) -> str:
    """Over what the tiers run."""
    if component.accumulate is Accumulate.NONE:
        return "runs_each_deal" if component.per is Per.TRANSACTION else "runs_each_period"
    return f"runs_{component.accumulate.value}"


def _tier(plan: Plan, component: Component, tier: Tier, end: Fraction | None) -> Said:
    where: dict[str, Value] = {"start": _edge(plan, component, tier.start)}
    if end is not None:
        where["end"] = _edge(plan, component, end)
    code = "tier_to" if end is not None else "tier_on"
    if component.reading is Reading.INTERPOLATED:
        return say(code, **where, pays=_money(plan, tier.amount or 0))
    times = tier.rate if component.rate != "" else component.times * tier.rate
    pays = say("times", times=Number(times)) if component.rate != "" else _tier_rate(plan, component, times)
    return say(code, **where, pays=pays)


def _edge(plan: Plan, component: Component, at: Fraction) -> Value:
    if component.basis is Basis.ATTAINMENT:
        return at
    measure = plan.measures.get(component.measure)
    return Number(at) if measure is not None and measure.of in ("units", "count") else _money(plan, at)


def _curve(curve: Curve, over: str) -> Iterator[Said]:
    first = curve.points[0]
    if first.at > 0:
        yield say("curve_nothing_below", at=first.at, over=say(f"over_{over}"))
    yield say("curve_point", at=first.at, pays=first.pays, over=say(f"over_{over}"))
    for before, point in pairwise(curve.points):
        if point.at == before.at:
            yield say("curve_jump", at=point.at, before=before.pays, pays=point.pays)
        elif point.pays == before.pays:
            yield say("curve_level", at=point.at, pays=point.pays)
        else:
            yield say("curve_straight", at=point.at, pays=point.pays)
    last = curve.points[-1]
    if curve.beyond:
        yield say("curve_beyond", at=last.at, slope=Number(curve.beyond))
    else:
        yield say("curve_flat", at=last.at)


def _spif(plan: Plan, spif: Spif) -> Iterator[Said]:
    if spif.share == "rank":
        yield say("spif_rank", prizes=tuple(_money(plan, prize) for prize in spif.prizes))
    else:
        yield say(f"spif_{spif.share}", budget=_money(plan, spif.budget or 0))


def _credited(plan: Plan, component: Component) -> Iterator[Said]:
    if component.pays is Pays.OBJECTIVE:
        return
    for name in component.credits:
        rule = plan.credit_rules.get(name)
        if rule is None:
            continue
        code = (
            f"credit_{rule.kind}" if (rule.pay, rule.quota) == (_ONE, _ONE) else f"credit_{rule.kind}_shares"
        )
        yield say(code, name=name, pay=rule.pay, quota=rule.quota)
        if rule.roles:
            yield say("credit_roles", name=name, roles=rule.roles)
        if rule.levels:
            yield say("credit_levels", name=name, levels=rule.levels)
        if rule.where:
            yield say("credit_where", name=name, conditions=tuple(map(_condition, rule.where)))


def _after(plan: Plan, component: Component) -> Iterator[Said]:
    for modifier in component.modifiers:
        yield from _modifier(modifier)
    for name in ("deal", "period", "year"):
        amount = getattr(component.caps, name)
        if amount is not None:
            yield say(f"cap_{name}", amount=_money(plan, amount))
    if component.hold is not None:
        yield say("held", event=_event(component.hold.until))
    if component.clawback is not None:
        months = component.clawback.months
        code = f"clawback_{component.clawback.kind}"
        yield say(code if months or component.clawback.kind == "full" else f"{code}_term", months=months)


def _event(until: str) -> Value:
    """What a hold waits for; a plan's own word where it is not one of the usual ones."""
    return say(f"event_{until}") if f"event_{until}" in TEMPLATES else until


def _modifier(modifier: Modifier) -> Iterator[Said]:
    value = _reached(modifier)
    if modifier.kind == "multiplier":
        yield say("multiplier", value=value)
        for step in modifier.steps:
            yield say("step", at=_at(modifier, step.at), times=Number(step.times))
    elif modifier.kind == "gate":
        yield say("gate", value=value, at=_at(modifier, modifier.at_least or Fraction(0)))
    elif modifier.kind == "linkage":
        least = modifier.at_least or Fraction(0)
        yield say("linkage", component=modifier.component, at=least, times=Number(modifier.times))


def _reached(modifier: Modifier) -> Said:
    by_attainment = modifier.basis is Basis.ATTAINMENT
    return say("attainment_of" if by_attainment else "value_of", measure=modifier.measure)


def _at(modifier: Modifier, at: Fraction) -> Value:
    return at if modifier.basis is Basis.ATTAINMENT else Number(at)


def _for_whom(component: Component) -> Iterator[Said]:
    if component.roles:
        yield say("only_roles", roles=component.roles)
    if component.valid_from is not None:
        yield say("in_force_from", start=component.valid_from)
    if component.valid_to is not None:
        yield say("in_force_to", end=component.valid_to)
    for team, day in component.rollout.items():
        yield say("rollout", team=team, start=day)
    if component.pilot:
        yield say(f"pilot_{component.pilot}")
