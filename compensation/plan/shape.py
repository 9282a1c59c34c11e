"""What a component's payout looks like for one person and one period: its curve, its jumps, its slope.

Everything is reckoned on the whole of a period at once, exactly, and handed out as floats for reading and
drawing; nobody is paid by these numbers. Tiers each deal goes through by itself are shown as for one deal of
that size; tiers whose deals are never split as for very small deals. Modifiers depend on other measures and are
left out; a cap on the period is in.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import pairwise

from compensation.plan.model import Basis, Component, Edge, Pays, Plan, Reading, Tier

_ZERO, _ONE = Fraction(0), Fraction(1)


@dataclass(frozen=True)
class Stake:
    """What one person has at stake in one period; quota and target are the period's, not the year's."""

    quota: Fraction = _ZERO  # in the measure's unit
    target: Fraction = _ZERO  # target incentive of the period, before the component's weight
    rate: Fraction = _ONE  # the person's own rate


@dataclass(frozen=True)
class Piece:
    """A straight piece of the payout, from ``start`` to the next piece's; money against the component's basis."""

    start: Fraction
    pays: Fraction  # at its start
    slope: Fraction


@dataclass(frozen=True)
class CurvePoint:
    """A corner of the payout curve; a jump is two corners at one place."""

    at: float  # in the component's axis: value or attainment
    pays: float


@dataclass(frozen=True)
class Notch:
    """A place where the payout jumps: one more cent of value pays ``jump`` more (less, when negative)."""

    at: float  # in the component's axis
    jump: float
    before: float
    after: float
    reached: bool  # whether the place itself is already paid at the higher part (edge "upper")


@dataclass(frozen=True)
class Landmarks:
    """Where a component begins to pay, pays its target, and pays excellence; None where there is no such place."""

    threshold: float | None
    target: float | None
    excellence: float | None
    leverage: float | None  # pay above target at excellence ÷ target incentive of the component


@dataclass(frozen=True)
class Complexity:
    """How many things a payee has to know; ``total`` is their sum."""

    components: int
    measures: int
    edges: int  # tier edges and curve points beyond the first of each component
    modifiers: int  # with a multiplier's steps beyond the first
    limits: int  # caps, holds, clawbacks, budgets
    rules: int  # credit rules beyond direct
    draw: int

    @property
    def total(self) -> int:
        """Everything together."""
        return sum(vars(self).values())


def axis(component: Component) -> Basis:
    """What the payout curve runs over: attainment (or the score of an objective), or the measured value."""
    by_share = component.pays in (Pays.TARGET, Pays.OBJECTIVE)
    return (
        Basis.ATTAINMENT
        if by_share or (component.tiers and component.basis is Basis.ATTAINMENT)
        else Basis.VALUE
    )


def pieces(component: Component, stake: Stake) -> tuple[Piece, ...]:
    """The payout as straight pieces in ascending order, the first from 0; after a period's cap it is flat.

    Empty where pay does not follow from one person's result alone: prizes for ranks.
    """
    made = _uncapped(component, stake)
    cap = component.caps.period
    return made if cap is None else _capped(made, Fraction(cap))


def _uncapped(component: Component, stake: Stake) -> tuple[Piece, ...]:
    if component.spif is not None and component.spif.share == "rank":
        return ()
    if component.curve is not None:
        return _of_curve(component, stake)
    if component.pays is Pays.OBJECTIVE:
        return (Piece(_ZERO, _ZERO, stake.target * component.weight),)
    rate = base_rate(component, stake)
    if not component.tiers:
        return (Piece(_ZERO, _ZERO, rate),)
    unit = stake.quota if component.basis is Basis.ATTAINMENT else _ONE
    if component.reading is Reading.INTERPOLATED:
        return _from_zero(_interpolated(component.tiers, rate))
    return _from_zero(_tiered(component, rate * unit))


def base_rate(component: Component, stake: Stake) -> Fraction:
    """The rate before tiers: written, the person's own, or the target's; tiers' rates are multiples of it."""
    if component.rate == "payee":
        return component.times * stake.rate
    if component.rate == "target":
        return component.times * (stake.target * component.weight / stake.quota if stake.quota else _ZERO)
    return component.times * (component.rate if isinstance(component.rate, Fraction) else _ONE)


def _tiered(component: Component, rate: Fraction) -> list[Piece]:
    """Tiers of rates: each on its own part, or the reached one on everything."""
    made: list[Piece] = []
    paid = _ZERO
    for tier, end in _with_ends(component.tiers):
        whole = component.reading is Reading.WHOLE
        made.append(Piece(tier.start, rate * tier.rate * tier.start if whole else paid, rate * tier.rate))
        if end is not None:
            paid += rate * tier.rate * (end - tier.start)
    return made + _after_last(component.tiers, paid, stays=component.reading is not Reading.WHOLE)


def _interpolated(tiers: Sequence[Tier], scale: Fraction) -> list[Piece]:
    made: list[Piece] = []
    paid = _ZERO
    for tier, end in _with_ends(tiers):
        worth = scale * Fraction(tier.amount or 0)
        made.append(Piece(tier.start, paid, worth / (end - tier.start) if end is not None else _ZERO))
        paid += worth
    return made + _after_last(tiers, paid, stays=True)


def _with_ends(tiers: Sequence[Tier]) -> list[tuple[Tier, Fraction | None]]:
    """Each tier with where it ends: as written, else where the next begins."""
    ends = [tier.end if tier.end is not None else after.start for tier, after in pairwise(tiers)]
    return list(zip(tiers, [*ends, tiers[-1].end], strict=True))


def _after_last(tiers: Sequence[Tier], paid: Fraction, *, stays: bool) -> list[Piece]:
    """What is beyond the end of the last tier adds nothing; where the reached rate counts, there is none."""
    end = tiers[-1].end
    return [] if end is None else [Piece(end, paid if stays else _ZERO, _ZERO)]


def _of_curve(component: Component, stake: Stake) -> tuple[Piece, ...]:
    assert component.curve is not None
    worth = stake.target * component.weight
    made = []
    points = component.curve.points
    for point, after in pairwise(points):
        if after.at > point.at:
            slope = (after.pays - point.pays) / (after.at - point.at)
            made.append(Piece(point.at, worth * point.pays, worth * slope))
    made.append(Piece(points[-1].at, worth * points[-1].pays, worth * component.curve.beyond))
    return _from_zero(made)


def _from_zero(made: Sequence[Piece]) -> tuple[Piece, ...]:
    """The pieces, and nothing before the first."""
    return tuple(made) if made[0].start <= 0 else (Piece(_ZERO, _ZERO, _ZERO), *made)


def _capped(made: tuple[Piece, ...], cap: Fraction) -> tuple[Piece, ...]:
    kept: list[Piece] = []
    ends = [*(piece.start for piece in made[1:]), None]
    for piece, end in zip(made, ends, strict=True):
        kept.append(piece if piece.pays < cap else Piece(piece.start, cap, _ZERO))
        if piece.pays < cap and piece.slope > 0:
            crossed = piece.start + (cap - piece.pays) / piece.slope
            if end is None or crossed < end:
                kept.append(Piece(crossed, cap, _ZERO))
    return tuple(kept)


def payout(component: Component, stake: Stake, at: Fraction) -> Fraction:
    """What is paid at a value of the component's axis, exactly; 0 below 0."""
    found = _ZERO
    for piece in pieces(component, stake):
        if piece.start < at or (piece.start == at and component.edge is Edge.UPPER):
            found = piece.pays + piece.slope * (at - piece.start)
    return found if at > 0 else _ZERO


def corners(component: Component, stake: Stake, until: float) -> list[CurvePoint]:
    """The payout curve from 0 to ``until`` as corners to join by straight lines, for charts."""
    made = pieces(component, stake)
    last = Fraction(until)
    found: list[CurvePoint] = []
    for before, piece in zip((None, *made), made, strict=False):
        if piece.start > last:
            break
        left = None if before is None else before.pays + before.slope * (piece.start - before.start)
        if left is not None and left != piece.pays:
            found.append(CurvePoint(float(piece.start), float(left)))
        found.append(CurvePoint(float(piece.start), float(piece.pays)))
    if made:
        reached = [piece for piece in made if piece.start <= last][-1]
        found.append(CurvePoint(until, float(reached.pays + reached.slope * (last - reached.start))))
    return found


def notches(component: Component, stake: Stake) -> list[Notch]:
    """Every place where the payout jumps, in ascending order."""
    found = []
    for before, piece in pairwise(pieces(component, stake)):
        left = before.pays + before.slope * (piece.start - before.start)
        if left != piece.pays:
            jump = float(piece.pays - left)
            reached = component.edge is Edge.UPPER
            found.append(Notch(float(piece.start), jump, float(left), float(piece.pays), reached))
    return found


def marginal_rate(component: Component, stake: Stake, at: float) -> float | None:
    """Money for one more unit of value at a place of the component's axis; None where it cannot be said.

    On the axis of attainment the slope is divided by the quota, so it needs one; an objective has none.
    """
    made = pieces(component, stake)
    divisor = _ONE
    if axis(component) is Basis.ATTAINMENT:
        divisor = _ZERO if component.pays is Pays.OBJECTIVE else stake.quota
    if not made or not divisor:
        return None
    reached = [piece for piece in made if piece.start <= at]
    return float((reached or made[:1])[-1].slope / divisor)


def landmarks(component: Component, stake: Stake, excellence: float | None = None) -> Landmarks:
    """Threshold, target and excellence on the component's axis, and its leverage.

    ``excellence`` is where the 90th percentile performs, if that is known; otherwise the last place where the
    curve bends. Target is an attainment of 100 %, or the quota where the axis is a value.
    """
    made = pieces(component, stake)
    if not made:
        return Landmarks(None, None, None, None)
    threshold = next((float(p.start) for p in made if p.pays > 0 or p.slope > 0), None)
    target = _ONE if axis(component) is Basis.ATTAINMENT else stake.quota or None
    last = made[-1].start if excellence is None else Fraction(excellence)
    top = last if target is not None and last > target else None
    return Landmarks(
        threshold,
        None if target is None else float(target),
        None if top is None else float(top),
        _leverage(component, stake, target, top),
    )


def _leverage(
    component: Component, stake: Stake, target: Fraction | None, top: Fraction | None
) -> float | None:
    if target is None or top is None:
        return None
    smooth = replace(component, edge=Edge.UPPER)
    at_target = payout(smooth, stake, target)
    worth = stake.target * component.weight or at_target
    return float((payout(smooth, stake, top) - at_target) / worth) if worth else None


def complexity(plan: Plan) -> Complexity:
    """How complex a plan is: a count of what a payee has to know."""
    edges = [
        max(len(each.tiers) - 1, len(each.curve.points) - 1 if each.curve else 0, 0)
        for each in plan.components
    ]
    modifiers = [
        1 + max(len(modifier.steps) - 1, 0) for each in plan.components for modifier in each.modifiers
    ]
    named = {name for each in plan.components for name in each.credits}
    measured = {each.measure for each in plan.components} | {
        modifier.measure for each in plan.components for modifier in each.modifiers
    }
    return Complexity(
        components=len(plan.components),
        measures=len(measured - {""}),
        edges=sum(edges),
        modifiers=sum(modifiers),
        limits=sum(_limits(each) for each in plan.components) + (plan.policy.year_cap is not None),
        rules=len([name for name in named if _rule_kind(plan, name) != "direct"]),
        draw=int(plan.draw is not None),
    )


def _limits(component: Component) -> int:
    caps = component.caps
    said = (caps.deal, caps.period, caps.year, component.hold, component.clawback, component.spif)
    return sum(limit is not None for limit in said)


def _rule_kind(plan: Plan, name: str) -> str:
    return plan.credit_rules[name].kind if name in plan.credit_rules else name
