"""How tiers turned a line's credit into money, tier by tier where the figures say so exactly."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from typing import Any

from compensation.plan.model import Accumulate, Basis, Component, Pays, Per, Reading
from compensation.plan.saying import Money, Number, Said, Value, say

Row = Mapping[str, Any]
CENT = Fraction(1, 100)
RATE_PLACES = 6
"""Decimal places of a person's own rate."""


def tiers(line: Row, trace: Sequence[Row], component: Component, before: Money) -> Iterator[Said]:
    """The steps of a component with tiers.

    Parts of single tiers are told where they come to what the line earned before modifiers, within a cent a tier;
    otherwise (such as where credit rules weigh pay and quota apart) only which tiers were reached. Where tiers are
    multiples of the person's own rate, that rate follows from what was earned, and must fit it to the cent as well.
    """
    rows = [row for row in trace if row["transaction_id"] and row["before"] is not None]
    if component.accumulate == Accumulate.NONE and component.per == Per.TRANSACTION:
        yield say("each_alone", amount=before)
    elif component.reading == Reading.UNSPLIT:
        yield say("without_split", amount=before)
    elif component.reading == Reading.WHOLE:
        yield from _whole(line, rows, component, before)
    else:
        yield from _parts(line, rows, component, before)


def _whole(line: Row, rows: Sequence[Row], component: Component, before: Money) -> Iterator[Said]:
    """The tier the total reaches, which holds for everything."""
    reached = rows[-1]["tier_to"] if rows else None
    if reached is None or reached < 0:
        yield say("earned_before", amount=before)
        return
    tier = component.tiers[reached]
    said = {"tier": reached + 1, "start": _start(line, component, tier.start), "amount": before}
    if component.pays == Pays.PER_UNIT:
        yield say("whole_tier_units", **said, each=Money(tier.rate, line["currency"]))
    else:
        yield say("whole_tier", **said, rate=tier.rate)


def _parts(line: Row, rows: Sequence[Row], component: Component, before: Money) -> Iterator[Said]:
    """Tier by tier, if that comes to what was earned."""
    found = list(_tier_by_tier(line, rows, _with_own_rate(line, rows, component, before))) if rows else []
    total = sum((amount for _, amount in found), Fraction(0))
    if found and abs(total - Fraction(before.amount)) <= CENT * len(found):
        yield from (said for said, _ in found)
        return
    touched = [row[name] for row in rows for name in ("tier_from", "tier_to") if row[name] is not None]
    if touched:
        yield say("tiers_reached", first=min(touched) + 1, last=max(touched) + 1, amount=before)
    else:
        yield say("earned_before", amount=before)


def _with_own_rate(line: Row, rows: Sequence[Row], component: Component, before: Money) -> Component:
    """The component with the rate that its tiers are multiples of written into them; as it is where there is none."""
    if isinstance(component.rate, Fraction):
        return _multiplied(component, component.rate)
    if not component.rate:
        return component
    plain = sum((amount for _, amount in _tier_by_tier(line, rows, component)), Fraction(0))
    own = round(Fraction(before.amount) / plain, RATE_PLACES) if plain else Fraction(0)
    return _multiplied(component, own) if own else component


def _multiplied(component: Component, rate: Fraction) -> Component:
    """The component with its tiers' rates times a rate."""
    return replace(component, tiers=tuple(replace(tier, rate=tier.rate * rate) for tier in component.tiers))


def _tier_by_tier(line: Row, rows: Sequence[Row], component: Component) -> Iterator[tuple[Said, Fraction]]:
    """Each tier the line's credit lies in, and what it pays there."""
    low, high = Fraction(rows[0]["before"]), Fraction(rows[-1]["after"])
    unit = Fraction(line["quota"] or 0) if component.basis == Basis.ATTAINMENT else Fraction(1)
    ends = [tier.start for tier in component.tiers[1:]]
    for at, tier in enumerate(component.tiers):
        end = tier.end if tier.end is not None else (ends[at] if at < len(ends) else None)
        bottom, top = tier.start * unit, high if end is None else end * unit
        part = max(min(high, top), bottom) - max(min(low, top), bottom)
        if part:
            share = part / (top - bottom) if tier.amount is not None and top > bottom else None
            yield _tier(line, component, at, part, share)


def _tier(
    line: Row, component: Component, at: int, part: Fraction, share: Fraction | None
) -> tuple[Said, Fraction]:
    tier, currency = component.tiers[at], line["currency"]
    said: dict[str, Value] = {"tier": at + 1, "start": _start(line, component, tier.start)}
    if share is not None and tier.amount is not None:
        amount = Fraction(tier.amount) * share * component.times
        worth = Money(tier.amount, currency)
        return say("interpolated", **said, worth=worth, share=share, amount=_cents(amount, currency)), amount
    amount = part * tier.rate * component.times
    if component.pays == Pays.PER_UNIT:
        each = Money(tier.rate * component.times, currency)
        return say(
            "tier_units", **said, part=Number(part), each=each, amount=_cents(amount, currency)
        ), amount
    rate = tier.rate * component.times
    return say("tier", **said, rate=rate, part=_cents(part, ""), amount=_cents(amount, currency)), amount


def _start(line: Row, component: Component, start: Fraction) -> Value:
    """Where a tier begins: a share of quota, money or pieces."""
    if component.basis == Basis.ATTAINMENT:
        return start
    return Number(start) if component.pays == Pays.PER_UNIT else Money(start, line["currency"])


def _cents(amount: Fraction, currency: str) -> Money:
    """An amount for reading, to the cent."""
    exact = Decimal(amount.numerator) / Decimal(amount.denominator)
    return Money(exact.quantize(Decimal("0.01"), ROUND_HALF_UP), currency)
