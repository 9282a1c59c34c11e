"""The numbers of a plan that a what-if moves: rates, thresholds, accelerators and caps, each by its place in the text.

Moving one changes that value in the plan's text and nothing else, remarks included, so that what was tried can be
kept as a draft and read as any other change.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction

from compensation.plan.model import Basis, Component, Pays, Plan, Point, Reading
from compensation.plan.writing import changed


class Kind(StrEnum):
    """What moving a slider changes."""

    RATE = "rate"
    THRESHOLD = "threshold"  # where a component begins to pay
    ACCELERATOR = "accelerator"  # what is paid from a later edge on
    CAP = "cap"


class Unit(StrEnum):
    """What a slider's number is."""

    SHARE = "share"  # 1 = 100 %: rates, attainments, shares of the target
    VALUE = "value"  # in the measure's own unit
    MONEY = "money"  # of the plan
    FACTOR = "factor"


@dataclass(frozen=True)
class Slider:
    """One number of a plan: where it stands in the text, what it is, and how far it can sensibly move."""

    path: str  # such as components.commission.tiers.1.rate; also its id
    component_id: str  # empty: of the whole plan
    kind: Kind
    unit: Unit
    value: Fraction
    low: Fraction
    high: Fraction
    step: Fraction
    also: tuple[str, ...] = ()  # further places that hold the same number, such as the end of the tier before


def sliders(plan: Plan) -> tuple[Slider, ...]:
    """Every slider of a plan, in the order of its components."""
    found = [slider for component in plan.components for slider in of_component(component)]
    if plan.policy.year_cap is not None:
        found.append(_cap("policy.year_cap", "", plan.policy.year_cap))
    return tuple(found)


def of_component(component: Component) -> Iterator[Slider]:
    """A component's sliders: its rate, where it begins to pay, what it pays later, its caps."""
    yield from _rate(component)
    yield from _tiers(component)
    yield from _curve(component)
    for name in ("deal", "period", "year"):
        cap = getattr(component.caps, name)
        if cap is not None:
            yield _cap(f"components.{component.id}.caps.{name}", component.id, cap)


def moved(text: str, slider: Slider, value: Fraction | Decimal) -> str:
    """The plan's text with the slider's number, and every place that has to agree with it, changed.

    Raises:
        NoSuchPlace: the text does not have the slider's place.
        ValueError: the value lies outside the slider's range, or is no finite decimal.
    """
    exact = Fraction(value)
    if not slider.low <= exact <= slider.high:
        raise ValueError(f"{slider.path} moves between {float(slider.low):g} and {float(slider.high):g}.")
    number = _decimal(exact)
    for path in (slider.path, *slider.also):
        text = changed(text, path, number)
    return text


def _decimal(value: Fraction) -> Decimal:
    number = Decimal(value.numerator) / Decimal(value.denominator)
    if Fraction(number) != value:
        raise ValueError("A plan's numbers are decimals that end.")
    return number


def _step(value: Fraction) -> Fraction:
    """A hundredth of a number's own size: 0.001 for 5 %, 100 for 20,000."""
    if not value:
        return Fraction(1, 100)
    size = Fraction(1)
    while size > value:
        size /= 10
    while size * 10 <= value:
        size *= 10
    return size / 10


def _around(
    component: str, path: str, kind: Kind, unit: Unit, value: Fraction, low: Fraction = Fraction(0)
) -> Slider:
    """From ``low`` to twice the value, in steps of a tenth of its size."""
    step = _step(value)
    high = max(2 * value, low + 10 * step)
    return Slider(path, component, kind, unit, value, low, high, step)


def _rate(component: Component) -> Iterator[Slider]:
    if component.tiers or component.pays in (Pays.TARGET, Pays.OBJECTIVE):
        return
    unit = Unit.MONEY if component.pays is Pays.PER_UNIT else Unit.SHARE
    place = f"components.{component.id}"
    if isinstance(component.rate, Fraction):
        yield _around(component.id, f"{place}.rate", Kind.RATE, unit, component.rate)
    elif component.rate:  # the person's own or the target's: a factor moves everybody's alike
        yield _around(component.id, f"{place}.times", Kind.RATE, Unit.FACTOR, component.times)


def _tiers(component: Component) -> Iterator[Slider]:
    for number, tier in enumerate(component.tiers):
        place = f"components.{component.id}.tiers.{number}"
        if number == 0 and tier.start > 0:
            yield _edge(component, number, Kind.THRESHOLD)
        elif number:
            yield _edge(component, number, Kind.ACCELERATOR)
        if component.reading is not Reading.INTERPOLATED:
            kind = Kind.ACCELERATOR if number else Kind.RATE
            unit = Unit.FACTOR if component.rate else _rate_unit(component)
            yield _around(component.id, f"{place}.rate", kind, unit, tier.rate)
        elif tier.amount is not None:
            kind = Kind.ACCELERATOR if number else Kind.RATE
            yield _around(component.id, f"{place}.amount", kind, Unit.MONEY, Fraction(tier.amount))


def _rate_unit(component: Component) -> Unit:
    return Unit.MONEY if component.pays is Pays.PER_UNIT else Unit.SHARE


def _edge(component: Component, number: int, kind: Kind) -> Slider:
    """Where a tier begins, between its neighbours; the end of the tier before it moves along."""
    tiers, place = component.tiers, f"components.{component.id}.tiers"
    start = tiers[number].start
    below = tiers[number - 1].start if number else Fraction(0)
    above = tiers[number + 1].start if number + 1 < len(tiers) else tiers[number].end
    step = _step(start)
    joined = number > 0 and tiers[number - 1].end == start
    return Slider(
        path=f"{place}.{number}.from",
        component_id=component.id,
        kind=kind,
        unit=Unit.SHARE if component.basis is Basis.ATTAINMENT else Unit.VALUE,
        value=start,
        low=below + step if number else below,
        high=above - step if above is not None else 2 * start,
        step=step,
        also=(f"{place}.{number - 1}.to",) if joined else (),
    )


def _curve(component: Component) -> Iterator[Slider]:
    """Where the curve begins, and what its last point pays."""
    if component.curve is None:
        return
    points, place = component.curve.points, f"components.{component.id}.curve"
    yield from _threshold(component, points, place)
    last = points[-1]
    if len(points) > 1:
        number = len(points) - 1
        below = points[-2].pays
        yield _around(component.id, f"{place}.{number}.1", Kind.ACCELERATOR, Unit.SHARE, last.pays, below)
    if component.curve.beyond:
        yield _around(
            component.id,
            f"components.{component.id}.beyond",
            Kind.ACCELERATOR,
            Unit.FACTOR,
            component.curve.beyond,
        )


def _threshold(component: Component, points: Sequence[Point], place: str) -> Iterator[Slider]:
    """Where the curve begins to pay: at a cliff, both its points, or at the last point that pays nothing."""
    paying = next((at for at, point in enumerate(points) if point.pays > 0), 0)
    cliff = paying == 0 or points[paying - 1].at == points[paying].at
    begins = points[paying if cliff else paying - 1].at
    if begins == 0:
        return
    here = [at for at, point in enumerate(points) if point.at == begins]
    below = max((point.at for point in points if point.at < begins), default=Fraction(0))
    above = min((point.at for point in points if point.at > begins), default=2 * begins)
    step = Fraction(1, 100)
    yield Slider(
        path=f"{place}.{here[0]}.0",
        component_id=component.id,
        kind=Kind.THRESHOLD,
        unit=Unit.SHARE,
        value=begins,
        low=below + step,
        high=above - step,
        step=step,
        also=tuple(f"{place}.{at}.0" for at in here[1:]),
    )


def _cap(path: str, component: str, value: Decimal) -> Slider:
    """From a tenth of the cap to three times it."""
    exact = Fraction(value)
    return Slider(path, component, Kind.CAP, Unit.MONEY, exact, exact / 10, exact * 3, _step(exact))
