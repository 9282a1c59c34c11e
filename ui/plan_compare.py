"""A draft beside the plan in force: payout curves, what the past would have cost, chance, winners and losers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import pyarrow.compute as pc

from charts.base import Chart, Style
from charts.cost_spread import Costs, cost_spread
from charts.payout_curve import Line, payout_curve
from compensation.plan.model import Basis, Component, Plan
from compensation.plan.shape import axis, corners, payout
from metrics.base import Unit
from ui.people import Names
from ui.speech import _
from ui.tables import Column
from words.formats import percent
from workflows.plan_stakes import Typical
from workflows.what_if import DRAFT, NOW, WhatIf

REACH = 2.0
"""Curves are drawn up to so many times the quota."""


@dataclass(frozen=True)
class Pair:
    """A component in the plan in force and in the draft; None where one of them does not have it."""

    id: str
    name: str
    now: Component | None
    draft: Component | None

    @property
    def differs(self) -> bool:
        """Whether anything of it changes."""
        return self.now != self.draft


def pairs(now: Plan | None, draft: Plan) -> list[Pair]:
    """Every component of either plan, those that change first."""
    before = {each.id: each for each in now.components} if now else {}
    after = {each.id: each for each in draft.components}
    names = {**before, **after}
    found = [Pair(key, names[key].name or key, before.get(key), after.get(key)) for key in names]
    return sorted(found, key=lambda pair: not pair.differs)


def curve(pair: Pair, found: Typical, style: Style, currency: str) -> Chart:
    """Both payouts of a component for somebody in the middle."""
    shown = pair.draft or pair.now
    assert shown is not None
    style = Style(style.language, found.currency or currency, style.theme)
    share = axis(shown) is Basis.ATTAINMENT
    until = _until(shown, found)
    lines = [
        Line(name, [(each.at, each.pays) for each in corners(part, found.stake(part), until)], main=main)
        for name, part, main in (
            (style.words("In force"), pair.now, False),
            (style.words("Draft"), pair.draft, True),
        )
        if part is not None and axis(part) is axis(shown)
    ]
    quota = 1.0 if share else float(found.stake(shown).quota) or None
    return payout_curve(
        lines,
        takeaway=curve_says(pair, found, style),
        style=style,
        unit="percent" if share else "number",
        over=style.words("Attainment") if share else style.words("Counted in the period"),
        target=quota if quota and quota <= until else None,
    )


def _until(component: Component, found: Typical) -> float:
    if axis(component) is Basis.ATTAINMENT:
        last = (
            component.curve.points[-1].at
            if component.curve
            else max((t.start for t in component.tiers), default=Fraction(0))
        )
        return max(REACH, float(last) * 1.2)
    quota = float(found.stake(component).quota)
    last = float(max((tier.start for tier in component.tiers), default=Fraction(0)))
    return max(REACH * quota, last * 1.5) or 100_000.0


def curve_says(pair: Pair, found: Typical, style: Style) -> str:
    """What changes at quota, or above or below it, for somebody in the middle."""
    words, name = style.words, pair.name
    if pair.now is None:
        return words("{name} is new", name=name)
    if pair.draft is None:
        return words("{name} is taken out", name=name)
    if not pair.differs:
        return words("{name} pays what it pays now", name=name)
    for share in _LOOKED_AT:
        before, after = (_paid(each, found, share) for each in (pair.now, pair.draft))
        if before != after:
            return words(
                "{name}: at {share} of quota {after} instead of {before}",
                name=name,
                share=percent(float(share), style.language, places=0),
                after=style.figure(after, "money"),
                before=style.figure(before, "money"),
            )
    paid = style.figure(_paid(pair.draft, found, Fraction(1)), "money")
    return words("{name}: at quota it pays the same, {amount}", name=name, amount=paid)


_LOOKED_AT = (Fraction(1), Fraction(3, 2), Fraction(4, 5))
"""Shares of quota at which two payouts are compared, in order; the first that differs is told."""


def _paid(component: Component, found: Typical, share: Fraction) -> float:
    """What somebody in the middle is paid there, to the cent."""
    return round(float(payout(component, found.stake(component), share * _target(component, found))), 2)


def _target(component: Component, found: Typical) -> Fraction:
    return Fraction(1) if axis(component) is Basis.ATTAINMENT else found.stake(component).quota


# What it would have cost, and may cost -------------------------------------------------------------


def replay_says(tried: WhatIf, style: Style) -> str:
    """What the past would have cost; plain text."""
    before, after = tried.replay.cost
    fields = {
        "before": style.figure(before, "money"),
        "after": style.figure(after, "money"),
        "change": style.change(after - before, "money"),
    }
    return style.words("Replayed on the past: {after} instead of {before} ({change})", **fields)


def chance(tried: WhatIf, style: Style) -> Chart:
    """Simulated cost of both plans on the same draws."""
    outcomes = tried.simulation.outcomes
    difference = tried.simulation.difference(DRAFT, NOW)
    middle = float(pc.quantile(difference, 0.5)[0].as_py())
    if abs(middle) < 0.5:
        takeaway = style.words("By chance both cost the same in the middle")
    elif middle < 0:
        takeaway = style.words(
            "By chance the draft costs {amount} less in the middle", amount=style.figure(-middle, "money")
        )
    else:
        takeaway = style.words(
            "By chance the draft costs {amount} more in the middle", amount=style.figure(middle, "money")
        )
    rows = [
        Costs(style.words("In force"), outcomes[NOW].cost.tolist()),
        Costs(style.words("Draft"), outcomes[DRAFT].cost.tolist(), main=True),
    ]
    return cost_spread(rows, takeaway=takeaway, style=style)


def parts(tried: WhatIf, names: dict[str, str]) -> list[dict[str, Any]]:
    """What each component cost on the past, with both plans."""
    return [
        {
            "name": names.get(key, key.replace("_", " ").capitalize()),
            "now": now,
            "draft": draft,
            "change": draft - now,
        }
        for key, (now, draft) in sorted(tried.replay.by_component.items(), key=lambda each: -max(each[1]))
    ]


def people(tried: WhatIf, names: Names) -> list[dict[str, Any]]:
    """Everybody, whose pay changes most first."""
    rows = [{**row, "name": names.of(row["rep"])} for row in tried.people().to_pylist()]
    return sorted(rows, key=lambda row: (-abs(row["change"]), row["name"]))


def moved(rows: Sequence[dict[str, Any]]) -> tuple[int, int, int]:
    """How many gain, lose, and stay where they are."""
    gain = sum(row["change"] > 0 for row in rows)
    lose = sum(row["change"] < 0 for row in rows)
    return gain, lose, len(rows) - gain - lose


def part_columns() -> dict[str, Column]:
    """Columns of cost by component."""
    return {
        "name": Column(_("Component"), width="medium"),
        "now": Column(_("In force"), Unit.MONEY),
        "draft": Column(_("Draft"), Unit.MONEY),
        "change": Column(_("Change"), Unit.MONEY),
    }


def people_columns() -> dict[str, Column]:
    """Columns of winners and losers."""
    return {
        "name": Column(_("Name"), width="medium"),
        "now": Column(_("In force"), Unit.MONEY, help=_("On the past, as it was")),
        "draft": Column(_("Draft"), Unit.MONEY, help=_("On the past, as it was")),
        "change": Column(_("Change"), Unit.MONEY),
        "share_more": Column(_("Earns more"), Unit.PERCENT, help=_("Share of the simulated outcomes")),
        "share_less": Column(_("Earns less"), Unit.PERCENT, help=_("Share of the simulated outcomes")),
    }
