"""What the parts of one component say about each other: its measure, its tiers, its curve, its modifiers."""

from __future__ import annotations

from fractions import Fraction
from itertools import pairwise

from compensation.plan.model import (
    Accumulate,
    Component,
    Modifier,
    Pays,
    Period,
    Plan,
    Reading,
    Tier,
)
from compensation.plan.places import Path
from compensation.plan.section import Notes, meant

_RATED = (Pays.RATE, Pays.PER_UNIT)


def check_component(plan: Plan, component: Component, path: Path, notes: Notes) -> None:
    """Add a problem to ``notes`` for everything in the component that does not fit together."""
    _known(component.measure, plan.measures, (*path, "measure"), notes)
    for name in component.credits:
        _known(name, plan.credit_rules, (*path, "credits"), notes)
    _way_to_pay(component, path, notes)
    _accumulation(component, path, notes)
    _tiers(component, path, notes)
    _rates_below_whole(plan, component, path, notes)
    _curve(component, path, notes)
    for number, modifier in enumerate(component.modifiers):
        _modifier(plan, modifier, (*path, "modifiers", number), notes)


def _known(name: str, known: object, path: Path, notes: Notes) -> None:
    names = list(known)  # type: ignore[call-overload]
    if name and name not in names:
        notes.add("unknown_name", path, value=name, detail=meant(name, names))


def _written(notes: Notes, path: Path, key: str) -> bool:
    return (*path, key) in notes.lines


def _way_to_pay(component: Component, path: Path, notes: Notes) -> None:
    """Each way to pay has what it pays by, and nothing it would not use."""
    used = {
        Pays.RATE: {"rate", "times", "tiers"},
        Pays.PER_UNIT: {"rate", "times", "tiers"},
        Pays.SPIF: {"rate", "times", "tiers", "spif"},
        Pays.TARGET: {"curve", "weight"},
        Pays.OBJECTIVE: {"curve", "weight"},
    }[component.pays]
    if component.rate == "target":
        used = used | {"weight"}
    for key in ("rate", "times", "tiers", "curve", "spif"):
        if key not in used and _written(notes, path, key):
            notes.add("no_use", (*path, key), detail=f'for a component that pays = "{component.pays.value}"')
    _needs(component, path, notes)


def _needs(component: Component, path: Path, notes: Notes) -> None:
    by_rate = component.pays in _RATED or (component.pays is Pays.SPIF and not _prizes(component))
    if by_rate and component.rate == "" and not component.tiers:
        notes.add("missing_field", (*path, "rate"), detail="a rate, or tiers")
    if component.pays is Pays.TARGET and component.curve is None:
        notes.add("missing_field", (*path, "curve"), detail="points such as [[0.7, 0.4], [1.0, 1.0]]")
    weighted = component.pays in (Pays.TARGET, Pays.OBJECTIVE) or component.rate == "target"
    if weighted and not component.weight:
        notes.add("missing_field", (*path, "weight"), detail="its share of the target incentive, such as 0.3")
    if component.pays is Pays.SPIF:
        _spif(component, path, notes)


def _prizes(component: Component) -> bool:
    return component.spif is not None and component.spif.share == "rank"


def _spif(component: Component, path: Path, notes: Notes) -> None:
    spif = component.spif
    if spif is None:
        return
    if spif.share == "rank" and not spif.prizes:
        notes.add("missing_field", (*path, "spif", "prizes"), detail="the prizes, such as [5000, 3000]")
    if spif.share != "rank" and spif.budget is None:
        notes.add("missing_field", (*path, "spif", "budget"), detail="the budget, such as 10000")
    if spif.share != "rank" and spif.prizes:
        notes.add("no_use", (*path, "spif", "prizes"), detail='unless share = "rank"')


_LENGTH = {Period.MONTH: 1, Period.QUARTER: 3, Period.YEAR: 12}
_RUNS = {Accumulate.QUARTER: 3, Accumulate.YEAR: 12}


def _accumulation(component: Component, path: Path, notes: Notes) -> None:
    """A running total runs at least as long as the period it is paid for."""
    if _RUNS.get(component.accumulate, 12) < _LENGTH[component.period]:
        expected = "a time at least as long as the component’s period"
        notes.add("bad_value", (*path, "accumulate"), value=component.accumulate.value, detail=expected)


def _tiers(component: Component, path: Path, notes: Notes) -> None:
    tiers = component.tiers
    for number, (before, tier) in enumerate(pairwise(tiers), start=1):
        where = (*path, "tiers", number)
        end = before.start if before.end is None else before.end
        if tier.start < end or tier.start == before.start:
            notes.add("tiers_overlap", where, value=shown(tier.start), detail=shown(end))
        elif before.end is not None and tier.start > end:
            notes.add("tier_gap", where, value=shown(tier.start), detail=shown(end))
    for number, tier in enumerate(tiers):
        _tier(component, tier, (*path, "tiers", number), notes)
    _last_tier(component, path, notes)


def _tier(component: Component, tier: Tier, path: Path, notes: Notes) -> None:
    if tier.end is not None and tier.end <= tier.start:
        notes.add("tier_empty", path, value=shown(tier.end))
    interpolated = component.reading is Reading.INTERPOLATED
    needed, other = ("amount", "rate") if interpolated else ("rate", "amount")
    if not _written(notes, path, needed):
        notes.add(
            "missing_field",
            (*path, needed),
            detail=f"what this tier pays, for the reading {component.reading.value}",
        )
    if _written(notes, path, other):
        notes.add("no_use", (*path, other), detail=f"for the reading {component.reading.value}")


def _last_tier(component: Component, path: Path, notes: Notes) -> None:
    """An amount earned pro rata inside a tier needs a tier that ends, and no rate."""
    last = len(component.tiers) - 1
    if component.reading is Reading.INTERPOLATED and last >= 0 and component.rate != "":
        notes.add("no_use", (*path, "rate"), detail="where tiers are worth amounts")
    if component.reading is Reading.INTERPOLATED and last >= 0 and component.tiers[last].end is None:
        notes.add("missing_field", (*path, "tiers", last, "to"), detail="where the last tier ends")


def shown(value: Fraction) -> str:
    """An exact number as short as it can be written."""
    if value.denominator == 1:
        return str(value.numerator)
    return str(float(value)) if Fraction(str(float(value))) == value else str(value)


def _rates_below_whole(plan: Plan, component: Component, path: Path, notes: Notes) -> None:
    """More than 100 % of what is sold is nearly always 5 written for 5 %."""
    measure = plan.measures.get(component.measure)
    money = measure is not None and measure.of in ("amount", "margin")
    if not money or component.pays not in (Pays.RATE, Pays.SPIF):
        return
    if isinstance(component.rate, Fraction) and component.rate > 1:
        notes.add("rate_over_whole", (*path, "rate"), value=shown(component.rate))
    for number, tier in enumerate(component.tiers):
        if component.rate == "" and tier.rate > 1:
            notes.add("rate_over_whole", (*path, "tiers", number, "rate"), value=shown(tier.rate))


def _curve(component: Component, path: Path, notes: Notes) -> None:
    points = component.curve.points if component.curve else ()
    if not notes.sound((*path, "curve")):
        return
    for number, (before, point) in enumerate(pairwise(points), start=1):
        where = (*path, "curve", number)
        crowded = number > 1 and point.at == points[number - 2].at
        if point.at < before.at or crowded:
            notes.add("curve_backwards", where, value=shown(point.at))
        elif point.pays < before.pays:
            notes.add("curve_falls", where, value=shown(point.at))


def _modifier(plan: Plan, modifier: Modifier, path: Path, notes: Notes) -> None:
    needed = {
        "multiplier": ("measure", "steps"),
        "gate": ("measure", "at_least"),
        "linkage": ("component", "at_least"),
    }.get(modifier.kind, ())
    for key in needed:
        if not _written(notes, path, key):
            notes.add("missing_field", (*path, key), detail=f"what a {modifier.kind} goes by")
    for key in ("measure", "component", "steps", "at_least", "times"):
        if (
            needed
            and key not in needed
            and _written(notes, path, key)
            and (modifier.kind, key) != ("linkage", "times")
        ):
            notes.add("no_use", (*path, key), detail=f"for a {modifier.kind}")
    _known(modifier.measure, plan.measures, (*path, "measure"), notes)
    _known(modifier.component, [each.id for each in plan.components], (*path, "component"), notes)
    _steps(modifier, path, notes)
    _linked(plan, modifier, path, notes)


def _steps(modifier: Modifier, path: Path, notes: Notes) -> None:
    for number, (before, step) in enumerate(pairwise(modifier.steps), start=1):
        if step.at <= before.at:
            value, end = shown(step.at), shown(before.at)
            notes.add("tiers_overlap", (*path, "steps", number), value=value, detail=end)


def _linked(plan: Plan, modifier: Modifier, path: Path, notes: Notes) -> None:
    """A linkage asks for an attainment, so what it is linked to measures something."""
    for other in plan.components:
        if other.id == modifier.component and not other.measure:
            expected = "a component that has a measure"
            notes.add("bad_value", (*path, "component"), value=modifier.component, detail=expected)
