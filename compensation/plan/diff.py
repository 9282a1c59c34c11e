"""What changed between two versions of a plan, in words."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, fields, is_dataclass
from datetime import date
from decimal import Decimal
from enum import Enum
from fractions import Fraction
from typing import Any

from compensation.plan.model import Condition, Plan
from compensation.plan.saying import ENGLISH, Money, Number, Said, Style, Value, say, written

TEMPLATES: dict[str, str] = {
    "added": "{part} is new.",
    "changed": "{part}: {what} changes from {old} to {new}.",
    "moved": "The components are in another order: {new}.",
    "part_assignments": "Assignment “{name}”",
    "part_cases": "Case “{name}”",
    "part_components": "Component “{name}”",
    "part_credit_rules": "Credit rule “{name}”",
    "part_measures": "Measure “{name}”",
    "part_plan": "Plan",
    "removed": "{part} is taken out.",
    "set": "{part}: {what} is new: {new}.",
    "unset": "{part}: {what} is taken out (was {old}).",
}
"""English sentence by kind of change, and the name of each kind of part; {what} are the file's own words."""


@dataclass(frozen=True)
class Change:
    """One change: ``kind`` added, removed, changed, set, unset or moved, and where, as keys and names."""

    kind: str
    path: tuple[str, ...]  # ("components", "commission", "tiers 2", "rate")
    old: Value = ""
    new: Value = ""

    @property
    def said(self) -> Said:
        """The change as a sentence."""
        return say(self.kind, part=_part(self.path), what=_what(self.path), old=self.old, new=self.new)


def sentence(change: Change, style: Style = ENGLISH, translate: Callable[[str], str] = str) -> str:
    """A change in words."""
    return written(change.said, TEMPLATES, style, translate)


def changes(before: Plan, after: Plan) -> list[Change]:
    """Everything that differs, whole parts first; the order of measures, rules and assignments is nothing."""
    old, new = dict(_parts(before)), dict(_parts(after))
    found = [Change("removed", part) for part in old if part not in new]
    found += [Change("added", part) for part in new if part not in old]
    for part, value in old.items():
        if part in new:
            found += _compared(part, dict(_leaves(value)), dict(_leaves(new[part])))
    return found + _order(before, after)


def _order(before: Plan, after: Plan) -> list[Change]:
    old, new = ([component.id for component in plan.components] for plan in (before, after))
    both = [name for name in new if name in old]
    same = both == [name for name in old if name in new]
    return [] if same else [Change("moved", ("plan",), tuple(old), tuple(new))]


_WHOLE_PLAN = ("components", "measures", "credit_rules", "assignments", "cases", "text")


def _parts(plan: Plan) -> Iterator[tuple[tuple[str, ...], Any]]:
    """What a plan consists of, by name; its own values are the part ``plan``."""
    own = {each.name: getattr(plan, each.name) for each in fields(plan) if each.name not in _WHOLE_PLAN}
    yield ("plan",), {name: value for name, value in own.items() if value is not None}
    for component in plan.components:
        yield ("components", component.id), component
    for name in ("measures", "credit_rules"):
        for key, value in getattr(plan, name).items():
            yield (name, key), value
    for each in plan.assignments:
        yield ("assignments", f"{each.rep} {each.start.isoformat()}"), each
    for case in plan.cases:
        yield (
            ("cases", case.name),
            {"given": repr(case.given), "expect": repr(case.expect), "payee": repr(case.payee)},
        )


def _leaves(thing: Any, path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], Value]]:
    """Every single value inside, by the way to it; what is empty is not there."""
    if isinstance(thing, tuple) and thing and isinstance(thing[0], Condition):
        for condition in thing:
            yield (*path, condition.field), _value(condition)
    elif is_dataclass(thing):
        for each in fields(thing):
            yield from _leaves(getattr(thing, each.name), (*path, each.name))
    elif isinstance(thing, Mapping):
        for key, value in thing.items():
            yield from _leaves(value, (*path, str(key)))
    elif isinstance(thing, tuple) and any(is_dataclass(each) for each in thing):
        for number, each in enumerate(thing, start=1):
            yield from _leaves(each, (*path[:-1], f"{path[-1]} {number}"))
    elif thing is not None and thing not in ("", ()):
        yield path, _value(thing, path[-1] if path else "")


_FACTORS = frozenset({"times", "beyond", "pay", "quota"})


def _value(thing: Any, name: str = "") -> Value:
    """A value as it is shown."""
    if isinstance(thing, Condition):
        bounds = [f"≥ {thing.at_least}"] if thing.at_least is not None else []
        bounds += [f"< {thing.below}"] if thing.below is not None else []
        return thing.values or tuple(bounds)
    if isinstance(thing, Enum):
        return str(thing.value)
    if isinstance(thing, Fraction):
        return Number(thing) if name in _FACTORS or abs(thing) > 10 else thing
    if isinstance(thing, Decimal):
        return Money(thing)
    if isinstance(thing, tuple):
        return tuple(_value(each, name) for each in thing)
    return thing if isinstance(thing, (int, date)) else str(thing)


def _compared(
    part: tuple[str, ...], old: Mapping[tuple[str, ...], Value], new: Mapping[tuple[str, ...], Value]
) -> Iterator[Change]:
    for path in dict.fromkeys([*old, *new]):
        if path not in old:
            yield Change("set", (*part, *path), new=new[path])
        elif path not in new:
            yield Change("unset", (*part, *path), old=old[path])
        elif old[path] != new[path]:
            yield Change("changed", (*part, *path), old[path], new[path])


def _part(path: tuple[str, ...]) -> Said:
    return say("part_plan") if path[0] == "plan" else say(f"part_{path[0]}", name=path[1])


def _what(path: tuple[str, ...]) -> str:
    """The way inside a part in the file's own words: "tiers 2, rate"."""
    return ", ".join(path[1:] if path[0] == "plan" else path[2:])
