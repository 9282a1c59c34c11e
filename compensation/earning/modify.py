"""Modifiers: multipliers, gates and linkages, in the order a component writes them."""

from __future__ import annotations

import json
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import numpy as np

from compensation.earning.credit import Ground, credited, rules_of, scope_of
from compensation.earning.lines import Family, Lines, Variant, to_date
from compensation.earning.measure import is_money
from compensation.earning.quotas import Asked, Quotas
from compensation.earning.running import on_line
from compensation.money.exact import Exact, changes, over_one, running, times
from compensation.money.fine import SCALE, Bools, Ints
from compensation.plan.model import Basis, Component, Measure, Modifier, Pays


@dataclass(frozen=True)
class Factors:
    """Each line's product of modifiers, ``top`` ÷ ``bottom``, and the modifiers as JSON [name, reached, factor]."""

    top: Exact
    bottom: int
    words: list[str]


def factors(ground: Ground, family: Family, lines: Lines, quotas: Quotas) -> list[Factors]:
    """For each version of a component, the factors of all lines (1 where the line is not the version's)."""
    return [_of_variant(ground, family, lines, quotas, at) for at in range(len(family.variants))]


def _of_variant(ground: Ground, family: Family, lines: Lines, quotas: Quotas, at: int) -> Factors:
    variant = family.variants[at]
    top: Exact = np.ones(len(lines), np.int64)
    bottom, found = 1, []
    for modifier in variant.component.modifiers:
        reached, unit = _reached(ground, family, lines, quotas, variant, modifier)
        choice, share, over = _choice(modifier, reached, unit)
        top, bottom = times(top, share), bottom * over
        found.append(_read(modifier, reached, unit, choice))
    words = _words(found, (lines.variant == at).tolist())
    return Factors(top, bottom, words)


def _name(modifier: Modifier) -> str:
    return modifier.name or modifier.measure or modifier.component


def _choice(modifier: Modifier, reached: Ints, unit: Ints) -> tuple[Ints, Ints, int]:
    """Which factor applies to each line, its numerator, and the denominator of all."""
    bars, values = _table(modifier)
    over, bars_bottom = over_one(bars)
    tops, bottom = over_one(values)
    choice = np.zeros(len(reached), np.int64)
    scaled = times(reached, bars_bottom)
    for bar in over:
        choice += (unit > 0) & (scaled >= times(unit, bar))
    return choice, np.array(tops, np.int64)[choice], bottom


def _table(modifier: Modifier) -> tuple[list[Fraction], list[Fraction]]:
    """Bars, and one factor more: below the first bar, and from each bar on."""
    if modifier.kind == "multiplier":
        steps = sorted(modifier.steps, key=lambda step: step.at)
        return [step.at for step in steps], [Fraction(1), *(step.times for step in steps)]
    return [modifier.at_least or Fraction(0)], [modifier.times, Fraction(1)]


def _read(modifier: Modifier, reached: Ints, unit: Ints, choice: Ints) -> list[list[Any]]:
    """One modifier in words a page can use: [name, reached, factor] for each line."""
    values = [float(value) for value in _table(modifier)[1]]
    triples = zip(reached.tolist(), unit.tolist(), choice.tolist(), strict=True)
    return [[_name(modifier), of / whole if whole > 0 else None, values[at]] for of, whole, at in triples]


def _words(found: list[list[list[Any]]], mine: list[bool]) -> list[str]:
    if not found:
        return ["[]"] * len(mine)
    return [json.dumps(list(row)) if own else "[]" for own, *row in zip(mine, *found, strict=True)]


def _reached(
    ground: Ground, family: Family, lines: Lines, quotas: Quotas, variant: Variant, modifier: Modifier
) -> tuple[Ints, Ints]:
    """What a modifier's measure has reached in each line's period, and the whole it is a share of (0: undefined)."""
    component, measure = _measured(variant, modifier)
    total = _totals(ground, family, lines, variant, component, measure)
    if modifier.basis == Basis.VALUE and modifier.kind != "linkage":
        return total, np.full(len(lines), SCALE, np.int64)
    start = lines.window_start if in_total(variant) else lines.start
    quota, _ = quota_of(ground, family, lines, quotas, variant, component, measure, (start, lines.end))
    return total, quota


def in_total(variant: Variant) -> bool:
    """Whether a curve is paid to date, so that everything about it is reckoned from the window's start."""
    return variant.component.pays == Pays.TARGET and to_date(variant.component)


def _measured(variant: Variant, modifier: Modifier) -> tuple[Component, Measure]:
    """Whose credits are looked at, and by which measure: a linked component's own, else the component's."""
    plan = variant.plan
    if modifier.kind != "linkage":
        return variant.component, plan.measures.get(modifier.measure) or Measure(modifier.measure)
    linked = next((each for each in plan.components if each.id == modifier.component), variant.component)
    return linked, plan.measures.get(linked.measure) or Measure(linked.measure)


def _totals(
    ground: Ground, family: Family, lines: Lines, variant: Variant, component: Component, measure: Measure
) -> Ints:
    """Quota credit by line: of its period, or to date for a curve paid year to date."""
    found = credited(ground, variant.plan, component, measure, family.segments)
    line = on_line(ground, family, lines, found.tx, found.segment)
    kept = line >= 0
    total = np.zeros(int(lines.cell[-1]) + 1 if len(lines) else 0, np.int64)
    np.add.at(total, lines.cell[line[kept]], found.quota[kept])
    if in_total(variant):
        first = np.unique(lines.cell, return_index=True)[1]
        total = running(total, changes(lines.group[first]))
    return total[lines.cell]


def quota_of(
    ground: Ground,
    family: Family,
    lines: Lines,
    quotas: Quotas,
    variant: Variant,
    component: Component,
    measure: Measure,
    days: tuple[Ints, Ints],
) -> tuple[Ints, Bools]:
    """The quota each line's person carries for a measure between two days, and whether one is said."""
    kind = variant.component.period.value
    held = quotas.held(
        scope_of(rules_of(variant.plan, component)),
        measure.quota or measure.name,
        family,
        kind,
        ground.calendar[kind],
        by_days=variant.plan.policy.proration == "days",
    )
    asked = Asked(lines.rep, *days, lines.currency, lines.currencies, is_money(measure))
    return held.amounts(asked, ground.converter)
