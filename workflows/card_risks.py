"""How a change could be gamed, and the cheapest test that would tell whether it works."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from math import ceil

import numpy as np
import pyarrow.compute as pc

from compensation.plan.model import Basis, Component, Plan
from compensation.plan.saying import Money, Said, say
from compensation.plan.shape import Stake, axis, marginal_rate, notches
from workflows.card_proposals import Action, Proposal
from workflows.plan_return import ComponentVerdict
from workflows.what_if_past import Past, over_the_past

POWER = 2.49
"""1.645 + 0.842: an effect of so many standard errors lies above 0 with its 90 % interval in four of five tests."""

LONGEST = 8
"""Quarters after which a test is not called cheap any more."""

SHORTEST = 2
"""A quarter alone would not show what was only pulled forward from the next one."""

LARGE = 0.1
"""A jump of so much of a period's target incentive is worth moving a deal for."""

_GRID = [Fraction(step, 10) for step in range(1, 21)]


class Level(StrEnum):
    """How much a change invites gaming."""

    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"


@dataclass(frozen=True)
class Gaming:
    """What a change invites, and how much."""

    level: Level
    reasons: tuple[Said, ...]


@dataclass(frozen=True)
class Test:
    """The cheapest test: so many teams with the change and without it, so many quarters; None: none is cheap."""

    teams_with: int
    teams_without: int
    quarters: int | None
    noticed: float | None  # the smallest relative change it would notice
    said: Said


# Gaming --------------------------------------------------------------------------------------------


def gaming(
    plan: Plan, proposal: Proposal, component: Component | None, found: Past, margin: float | None
) -> Gaming:
    """What the changed component pays at the edges, against what it pays now."""
    changed = next((one for one in proposal.plan.components if one.id == proposal.component_id), None)
    if changed is None:
        return Gaming(Level.LOW, (say("gaming_gone"),))
    if proposal.action is Action.SPIF:
        return Gaming(Level.MEDIUM, (say("gaming_spif"),))
    stake = _typical(plan, changed, found)
    reasons = list(_reasons(component, changed, stake, margin))
    high = any(each.template in ("gaming_margin", "gaming_notch") for each in reasons)
    level = Level.HIGH if high else Level.MEDIUM if reasons else Level.LOW
    return Gaming(level, tuple(reasons) or (say("gaming_none"),))


def _reasons(now: Component | None, then: Component, stake: Stake, margin: float | None) -> Iterator[Said]:
    worth = float(stake.target) or 1.0
    before = max((one.jump for one in notches(now, stake)), default=0.0) if now else 0.0
    after = max((one.jump for one in notches(then, stake)), default=0.0)
    if after > max(before, LARGE * worth):
        yield say("gaming_notch", jump=Money(Fraction(round(after * 100), 100)))
    low, high = (_steepest(one, stake) if one else 0.0 for one in (now, then))
    if margin is not None and high > margin:
        yield say("gaming_margin", rate=_share(high), margin=_share(margin))
    if high > low * 1.001:
        yield say("gaming_steeper", now=_share(low), then=_share(high))
    if now is not None and _edges(now) != _edges(then):
        yield say("gaming_timing")


def _edges(component: Component) -> list[Fraction]:
    return [tier.start for tier in component.tiers]


def _steepest(component: Component, stake: Stake) -> float:
    """The highest rate one more unit of value is paid at, up to twice the quota."""
    whole = Fraction(1) if axis(component) is Basis.ATTAINMENT else (stake.quota or Fraction(100_000))
    rates = [marginal_rate(component, stake, float(step * whole)) for step in _GRID]
    return max((rate for rate in rates if rate is not None), default=0.0)


def _typical(plan: Plan, component: Component, found: Past) -> Stake:
    """What somebody in the middle has at stake in one period of the component."""
    lines = found.run(over_the_past(plan, found.span)).lines
    lines = lines.filter(pc.equal(lines["component_id"], component.id))
    rates = found.inputs.assignments
    rates = rates.filter(pc.equal(rates["plan_id"], plan.id))["rate"].drop_null()
    quota, target = (_middle(lines[name]) for name in ("quota", "target"))
    return Stake(quota, target, _middle(rates) or Fraction(1))


def _middle(column: object) -> Fraction:
    values = [float(value) for value in column.to_pylist() if value is not None]  # type: ignore[attr-defined]
    return Fraction(round(float(np.median(values)) * 10_000), 10_000) if values else Fraction(0)


def _share(value: float) -> Fraction:
    return Fraction(round(value * 1000), 1000)


# The cheapest test ---------------------------------------------------------------------------------


def cheapest_test(plan: Plan, found: Past, needed: float | None, verdict: ComponentVerdict | None) -> Test:
    """Half of the teams with the change, half without, dates by lot: for how long it must run.

    A team's sales of a quarter vary by chance with the variation of its people's over the root of their number;
    what moves the whole market falls on both halves. Smallest change noticed with n and m teams over q quarters:
    2.49 × variation × √(1/n + 1/m) ÷ √q (J. Cohen, Statistical Power Analysis, 2nd ed. 1988, chapter 2).
    """
    teams, size = _teams(plan, found)
    with_it, without = teams // 2, teams - teams // 2
    if with_it < 2:
        return Test(with_it, without, None, None, say("test_few_teams"))
    spread = POWER * found.assumptions.own / float(np.sqrt(size)) * float(np.sqrt(1 / with_it + 1 / without))
    if needed is None or needed <= 0:
        return _tested("test_any", with_it, without, LONGEST, spread)
    quarters = max(ceil((spread / needed) ** 2), SHORTEST)
    if quarters > LONGEST:
        seen = spread / float(np.sqrt(LONGEST))
        words = say("test_too_small", share=_share(needed), noticed=_share(seen), quarters=LONGEST)
        return Test(with_it, without, None, seen, words)
    tried = verdict is not None and verdict.verdict.grade == "A"
    return _tested("test_more_sure" if tried else "test", with_it, without, quarters, spread)


def _tested(template: str, with_it: int, without: int, quarters: int, one_quarter: float) -> Test:
    noticed = one_quarter / float(np.sqrt(quarters))
    words = say(template, teams=with_it, others=without, quarters=quarters, noticed=_share(noticed))
    return Test(with_it, without, quarters, noticed, words)


def _teams(plan: Plan, found: Past) -> tuple[int, float]:
    """How many teams of people on the plan sold something on the past, and how many people a team has."""
    on = found.inputs.assignments
    on = on.filter(pc.equal(on["plan_id"], plan.id))["rep"].combine_chunks()
    sold = found.inputs.transactions
    known = sold.filter(pc.and_(sold["team"].is_valid(), pc.is_in(sold["rep"], value_set=on)))
    if not known.num_rows:
        return 0, 1.0
    teams = known.group_by("team").aggregate([("rep", "count_distinct")])
    return teams.num_rows, float(np.mean(teams["rep_count_distinct"].to_numpy()))
