"""The plan designer: which texts there are to start from, what is wrong with one, and how it becomes the next version."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from fractions import Fraction
from typing import Any

from compensation.calculate import calculate
from compensation.plan.cases import CaseResult, problems_of, run_cases
from compensation.plan.model import OPEN_END, Plan
from compensation.plan.reading import read
from compensation.plan.writing import NoSuchPlace, changed
from compensation.run import Problem
from compensation.what_if.sliders import Slider, Unit, moved, sliders
from ui.speech import _, language
from warehouse.database.models import Draft
from words import formats
from workflows.pay.run import in_force

FILE = "plan.toml"
"""What sentences call the text."""


@dataclass(frozen=True)
class Source:
    """A text to start from: a version of a plan, or a draft."""

    id: str
    plan_id: str  # empty where a draft cannot be read
    label: str
    text: str
    draft_id: str = ""
    made_at: datetime | None = None  # of a draft: when it was saved
    made_by: str = ""


@dataclass(frozen=True)
class Examined:
    """A text looked at: the plan it says, what is wrong with it, and how its cases came out."""

    plan: Plan | None
    problems: tuple[Problem, ...]  # of the text
    cases: tuple[CaseResult, ...]

    @property
    def failed(self) -> tuple[Problem, ...]:
        """What the cases say is wrong."""
        return tuple(problem for case in self.cases for problem in problems_of(case))

    @property
    def ready(self) -> bool:
        """Whether it could come into force."""
        return self.plan is not None and not self.problems and not self.failed


def sources(plans: Sequence[Plan], drafts: Sequence[Draft], today: date) -> list[Source]:
    """Drafts first, the latest before earlier ones; then versions in force, then all others, newest first."""
    now = {(plan.id, plan.version) for plan in in_force(plans) if plan.valid_from <= today < plan.valid_to}
    ordered = sorted(plans, key=lambda plan: ((plan.id, plan.version) not in now, plan.id, -plan.version))
    found = [_of_draft(draft) for draft in drafts]
    return found + [_of_version(plan, in_force_now=(plan.id, plan.version) in now) for plan in ordered]


def _of_version(plan: Plan, *, in_force_now: bool) -> Source:
    said = _("{plan}, version {version}", plan=plan.name, version=plan.version)
    start = formats.date(plan.valid_from, language())
    if in_force_now:
        label = _("{plan} – in force since {start}", plan=said, start=start)
    else:
        label = _("{plan} – from {start}", plan=said, start=start)
    return Source(f"{plan.id}.{plan.version}", plan.id, label, plan.text)


def _of_draft(draft: Draft) -> Source:
    plan, _problems = read(draft.terms, FILE)
    name = plan.name if plan else _("unfinished")
    day = formats.date(draft.made_at.date(), language())
    label = _("Draft of {plan}, saved on {day}", plan=name, day=day)
    return Source(
        draft.draft_id,
        plan.id if plan else "",
        label,
        draft.terms,
        draft.draft_id,
        draft.made_at,
        draft.made_by,
    )


def examined(text: str) -> Examined:
    """What a text says, and how its cases come out."""
    plan, problems = read(text, FILE)
    cases = run_cases(plan, calculate) if plan else []
    return Examined(plan, tuple(problems), tuple(cases))


# The next version ----------------------------------------------------------------------------------


def next_version(text: str, version: int, start: date) -> str:
    """The text as the next version from a day on; its cases move along by whole years where they must.

    A version of that number or a later one is left as it is. A case whose deals lie before the version's first
    day would pay nothing; it is moved by the smallest number of years that brings all of them behind it, so that
    fiscal months and quarters stay what they were.
    """
    plan, _problems = read(text, FILE)
    if plan is not None and plan.version >= version:
        return text
    text = changed(changed(text, ("version",), version), ("valid_from",), start)
    if plan is not None and plan.valid_to != OPEN_END and plan.valid_to <= start:
        text = changed(text, ("valid_to",), None)
    for path, day in _case_days(text, start):
        text = changed(text, path, day)
    return text


def _case_days(text: str, start: date) -> Iterator[tuple[tuple[str | int, ...], date]]:
    """Where a case's days stand, and what they become."""
    for number, case in enumerate(tomllib.loads(text).get("cases", [])):
        days = [each["date"] for each in case.get("deals", []) if isinstance(each.get("date"), date)]
        if not days or min(days) >= start:
            continue
        years = start.year - min(days).year
        years += _later(min(days), years) < start
        for path, day in _days(case, ("cases", number)):
            yield path, _later(day, years)


def _later(day: date, years: int) -> date:
    """The same day some years later; 29 February becomes the 28th."""
    late = day.month == 2 and day.day == 29
    return day.replace(year=day.year + years, day=28 if late else day.day)


def _days(thing: Any, way: tuple[str | int, ...]) -> Iterator[tuple[tuple[str | int, ...], date]]:
    if isinstance(thing, date):
        yield way, thing
    elif isinstance(thing, Mapping):
        for key, value in thing.items():
            yield from _days(value, (*way, key))
    elif isinstance(thing, list):
        for number, value in enumerate(thing):
            yield from _days(value, (*way, number))


def accepted(text: str, found: Examined) -> str:
    """The text with every case that differs expecting what the plan pays; others are left as they are."""
    for number, result in enumerate(found.cases):
        whole = "total" in tomllib.loads(text)["cases"][number]
        differences = iter(result.differences)
        wanted = next(differences, None)
        for at, expected in enumerate(result.case.expect):
            if wanted is not None and expected["amount"] == wanted.expected:
                way = ("total",) if whole else ("pays", at, "amount")
                text = changed(text, ("cases", number, *way), wanted.found)
                wanted = next(differences, None)
    return text


# Sliders -------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Knob:
    """A slider as the screen shows it: numbers in the shown unit, shares as per cent."""

    slider: Slider
    value: float
    low: float
    high: float
    step: float
    format: str


def knobs(plan: Plan, first: Plan) -> list[Knob]:
    """The plan's sliders; they move as far as they would have on the text first opened, so that ranges stay."""
    before = {each.path: each for each in sliders(first)}
    return [_knob(each, before.get(each.path, each)) for each in sliders(plan)]


def _knob(slider: Slider, first: Slider) -> Knob:
    times, written = {
        Unit.SHARE: (100, "%.2f %%"),
        Unit.FACTOR: (1, "× %.3f"),
        Unit.VALUE: (1, "%.0f"),
        Unit.MONEY: (1, "%.2f"),
    }[slider.unit]
    low, high = min(first.low, slider.value), max(first.high, slider.value)
    step = first.step if slider.unit is not Unit.SHARE else min(first.step, Fraction(1, 100))
    return Knob(slider, *(float(each * times) for each in (slider.value, low, high, step)), written)


def place_of(slider: Slider) -> str:
    """Where a slider's number stands, as people read it: tier 2, from."""
    steps = slider.path.removeprefix(f"components.{slider.component_id}.").split(".")
    said = [str(int(step) + 1) if step.isdecimal() else step.replace("_", " ") for step in steps]
    names = {"tiers": _("tier"), "curve": _("curve point"), "caps": _("cap"), "policy": _("plan")}
    head = names.get(said[0], said[0])
    if len(said) < 3:
        return " ".join([head, *said[1:]])
    last = said[2] if steps[0] != "curve" else (_("at"), _("pays"))[int(steps[2])]
    return f"{head} {said[1]}, {last}"


def turned(text: str, knob: Knob, value: float) -> str:
    """The text with a slider moved; the same text where it cannot be."""
    exact = Fraction(str(round(value, 6))) / (100 if knob.slider.unit is Unit.SHARE else 1)
    low, high = knob.slider.low, knob.slider.high
    wide = Slider(**{**vars(knob.slider), "low": min(low, exact), "high": max(high, exact)})
    try:
        return moved(text, wide, exact)
    except (NoSuchPlace, ValueError):
        return text


def next_start(calendar_quarters: Sequence[tuple[date, date]], today: date) -> date:
    """The first day of the next fiscal quarter; tomorrow where the calendar ends."""
    return next((start for start, _end in calendar_quarters if start > today), today + timedelta(days=1))
