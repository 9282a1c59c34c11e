"""``[[components]]`` of a plan's text."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction
from typing import Any

from compensation.plan.model import (
    Accumulate,
    Basis,
    Caps,
    Clawback,
    Component,
    Curve,
    Edge,
    Hold,
    Modifier,
    Pays,
    Per,
    Period,
    Point,
    Reading,
    Spif,
    Step,
    Tier,
)
from compensation.plan.section import MOST, Section, as_written, exact_number, exact_share

_ZERO, _ONE = Fraction(0), Fraction(1)
RATE_WORDS = ("payee", "target")
SHARES = ("first_come", "pro_rata", "rank")
GROUPS = ("commission", "bonus", "accelerator", "spif", "mbo", "overlay")
GROUP_OF = {
    Pays.RATE: "commission",
    Pays.PER_UNIT: "commission",
    Pays.TARGET: "bonus",
    Pays.OBJECTIVE: "mbo",
    Pays.SPIF: "spif",
}
"""The group of a component that names none."""


def component(section: Section) -> Component:
    """One component; what is wrong with it is noted, and a default stands in for it."""
    pays = section.one_of("pays", Pays, Pays.RATE)
    if not section.has("pays"):
        section.missing("pays", f"one of {', '.join(Pays)}")
    name = section.name("id", "commission")
    found = Component(
        id=name,
        name=section.text("name", name.replace("_", " ").capitalize()),
        pays=pays,
        measure=_measure(section, pays),
        period=section.one_of("period", Period, Period.MONTH),
        weight=section.positive("weight", _ZERO),
        credits=section.texts("credits", ("direct", "split")),
        group=section.word("group", GROUPS, GROUP_OF[pays]),
        roles=section.texts("roles"),
        valid_from=section.day("valid_from"),
        valid_to=section.day("valid_to"),
        rollout=_rollout(section.table("rollout")),
        pilot=section.word("pilot", ("random", "staggered")),
        **_rates(section),
        **_after(section),
    )
    section.finish()
    return found


def _measure(section: Section, pays: Pays) -> str:
    if not section.has("measure") and pays is not Pays.OBJECTIVE:
        section.missing("measure", 'the name of one, such as measure = "bookings"')
    return section.text("measure")


def _rates(section: Section) -> dict[str, Any]:
    """What turns the measured value into money."""
    return {
        "rate": _rate(section),
        "times": section.positive("times", _ONE),
        "tiers": tuple(_tier(each) for each in section.tables("tiers")),
        "reading": section.one_of("reading", Reading, Reading.MARGINAL),
        "basis": section.one_of("basis", Basis, Basis.VALUE),
        "per": section.one_of("per", Per, Per.TRANSACTION),
        "accumulate": section.one_of("accumulate", Accumulate, Accumulate.PERIOD),
        "rate_at": section.word("rate_at", ("before", "after"), "after"),
        "edge": section.one_of("edge", Edge, Edge.UPPER),
        "curve": _curve(section),
    }


def _after(section: Section) -> dict[str, Any]:
    """What changes, limits, delays or takes back what was earned."""
    return {
        "modifiers": tuple(_modifier(each) for each in section.tables("modifiers")),
        "caps": _caps(section.table("caps")),
        "hold": _hold(section),
        "clawback": _clawback(section),
        "spif": _spif(section),
    }


def _rate(section: Section) -> str | Fraction:
    """One rate, or whose rate it is; '' when it is not written."""
    if not section.has("rate"):
        return ""
    value = section.take("rate")
    if value in RATE_WORDS:
        return str(value)
    if exact_share(value) is None:
        section.bad("rate", 'a number such as 0.05, a text such as "5 %", "payee" or "target"')
        return ""
    return section.positive("rate", _ZERO)


def _tier(section: Section) -> Tier:
    start = section.positive("from", _ZERO)
    if not section.has("from"):
        section.missing("from", "from = 0")
    found = Tier(
        start=start,
        rate=section.positive("rate", _ZERO),
        amount=section.money("amount"),
        end=section.share("to"),
    )
    section.finish()
    return found


def _curve(section: Section) -> Curve | None:
    beyond = section.positive("beyond", _ZERO)
    if not section.has("curve"):
        if section.has("beyond"):
            section.notes.add("needs_other", section.at("beyond"), detail="a curve")
        return None
    points = section.take("curve")
    if not isinstance(points, list) or not points:
        section.bad("curve", "a list of points such as [[0.7, 0.4], [1.0, 1.0]]")
        return None
    made = [_point(section, number, point) for number, point in enumerate(points)]
    return Curve(tuple(point for point in made if point), beyond)


def _point(section: Section, number: int, value: object) -> Point | None:
    both = [exact_share(item) for item in value] if isinstance(value, list) else []
    if len(both) == 2 and both[0] is not None and both[1] is not None and min(both[0], both[1]) >= 0:
        return Point(both[0], both[1])
    path = (*section.at("curve"), number)
    section.notes.add(
        "bad_value", path, value=as_written(value), detail="a point such as [0.7, 0.4], neither below 0"
    )
    return None


def _modifier(section: Section) -> Modifier:
    kind = section.word("kind", ("multiplier", "gate", "linkage"))
    if not section.has("kind"):
        section.missing("kind", "one of multiplier, gate, linkage")
    found = Modifier(
        kind=kind,
        name=section.text("name"),
        measure=section.text("measure"),
        component=section.text("component"),
        basis=section.one_of("basis", Basis, Basis.ATTAINMENT),
        at_least=section.share("at_least"),
        times=section.positive("times", _ZERO),
        steps=tuple(_step(each) for each in section.tables("steps")),
    )
    section.finish()
    return found


def _step(section: Section) -> Step:
    for key in ("at", "times"):
        if not section.has(key):
            section.missing(key, f"{key} = 1.0")
    found = Step(section.positive("at", _ZERO), section.positive("times", _ZERO))
    section.finish()
    return found


def _caps(section: Section) -> Caps:
    amounts = {name: section.money(name) for name in ("deal", "period", "year")}
    for name, amount in amounts.items():
        if amount == 0:
            section.notes.add("cap_not_above_zero", section.at(name))
    section.finish()
    return Caps(**amounts)


def _hold(section: Section) -> Hold | None:
    if not section.has("hold"):
        return None
    table = section.table("hold")
    found = Hold(table.name("until", "paid"))
    if found.until in ("sale", "cancelled", "objective"):
        table.bad("until", "the name of another event, such as paid")
    table.finish()
    return found


def _clawback(section: Section) -> Clawback | None:
    if not section.has("clawback"):
        return None
    table = section.table("clawback")
    found = Clawback(table.word("kind", ("full", "pro_rata")), table.whole("months", 0, 1) or 0)
    if not table.has("kind"):
        table.missing("kind", "full or pro_rata")
    if found.kind == "full" and not table.has("months"):
        table.missing("months", "months = 12")
    table.finish()
    return found


def _spif(section: Section) -> Spif | None:
    if not section.has("spif"):
        return None
    table = section.table("spif")
    found = Spif(
        budget=table.money("budget"),
        share=table.word("share", SHARES, "first_come"),
        prizes=_prizes(table),
    )
    table.finish()
    return found


def _prizes(section: Section) -> tuple[Decimal, ...]:
    value = section.take("prizes")
    if value is None:
        return ()
    amounts = [exact_number(item) for item in value] if isinstance(value, list) else [None]
    kept = tuple(amount for amount in amounts if amount is not None and 0 <= amount < MOST)
    if len(kept) < len(amounts):
        section.bad("prizes", "a list of amounts, the first place first, such as [5000, 3000]")
    return kept


def _rollout(section: Section) -> dict[str, date]:
    found = {team: section.take(team) for team in section.values}
    for team, day in found.items():
        if not isinstance(day, date) or isinstance(day, datetime):
            section.bad(team, "the first day in force, without quotes, such as 2026-05-01")
    return {
        team: day for team, day in found.items() if isinstance(day, date) and not isinstance(day, datetime)
    }
