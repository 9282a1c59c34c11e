"""A plan written as text: anew from a ``Plan``, or one value changed in a text whose remarks stay."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import fields
from decimal import Decimal, localcontext
from enum import StrEnum
from fractions import Fraction
from typing import Any

import tomlkit
from tomlkit.exceptions import TOMLKitError
from tomlkit.items import Item, Table

from compensation.plan.model import (
    OPEN_END,
    PAYEE_CURRENCY,
    Assignment,
    Case,
    Component,
    Condition,
    Curve,
    Modifier,
    Plan,
    Tier,
)
from compensation.plan.reading_components import GROUP_OF
from compensation.plan.reading_parts import BUILT_IN

Key = str | int
Pairs = Iterable[tuple[str, Any]]


class NoSuchPlace(KeyError):
    """A path that leads nowhere in the text."""

    def __str__(self) -> str:
        return str(self.args[0])


def changed(text: str, path: str | Sequence[Key], value: object) -> str:
    """``text`` with the value at ``path`` set, or taken out when it is None; all else stays as written.

    A path is keys with dots between, such as ``components.commission.tiers.1.rate``: an entry of a list is
    named by its number from 0, or by its ``id``, ``rep`` or ``name``. A key that does not exist yet is added
    at its table's end. Raises ``NoSuchPlace`` when the way to the last key does not exist.
    """
    document = tomlkit.parse(text)
    steps = path.split(".") if isinstance(path, str) else list(path)
    here: Any = document
    for number, step in enumerate(steps[:-1]):
        here = _step(here, step, steps[: number + 1])
    last = _place(here, steps[-1], steps)
    if value is None:
        if not isinstance(last, int) and last not in here:
            raise NoSuchPlace(f"There is no {_said(steps)}.")
        del here[last]
    else:
        _set(here, last, _item(value) if len(steps) > 1 else tomlkit.item(_plain(value)))
    return tomlkit.dumps(document)


def _said(steps: Sequence[Key]) -> str:
    return ".".join(map(str, steps))


def _step(here: Any, step: Key, way: Sequence[Key]) -> Any:
    try:
        return here[_place(here, step, way)]
    except (KeyError, IndexError, TypeError, TOMLKitError):
        raise NoSuchPlace(f"There is no {_said(way)}.") from None


def _place(here: Any, step: Key, way: Sequence[Key]) -> Key:
    """The key or number that ``step`` means in ``here``."""
    if isinstance(here, dict):
        return str(step)
    if not isinstance(here, list):
        raise NoSuchPlace(f"There is nothing inside {_said(way[:-1])}.")
    if isinstance(step, int) or step.isdecimal():
        if int(step) >= len(here):
            raise NoSuchPlace(f"There is no {_said(way)}.")
        return int(step)
    for number, entry in enumerate(here):
        if isinstance(entry, dict) and step in (entry.get("id"), entry.get("rep"), entry.get("name")):
            return number
    raise NoSuchPlace(f"There is no {_said(way)}.")


def _set(here: Any, last: Key, value: object) -> None:
    """Set a value and keep the remark behind the old one."""
    old = here[last] if isinstance(last, int) or last in here else None
    item = tomlkit.item(value)
    if isinstance(old, Item) and isinstance(item, Item) and not isinstance(old, Table):
        item.trivia.comment_ws, item.trivia.comment = old.trivia.comment_ws, old.trivia.comment
        item.trivia.indent, item.trivia.trail = old.trivia.indent, old.trivia.trail
    here[last] = item


def write(plan: Plan) -> str:
    """TOML text that ``compensation.plan.reading.read`` reads back to the same plan; defaults are left out."""
    document = tomlkit.document()
    for name, value in _head(plan):
        document[name] = value
    tables = {
        "policy": dict(_changed(plan.policy)),
        "measures": {name: dict(_measure(measure)) for name, measure in plan.measures.items()},
        "credit_rules": {
            name: dict(_rule(rule)) for name, rule in plan.credit_rules.items() if BUILT_IN.get(name) != rule
        },
        "draw": dict(_changed(plan.draw, always=("kind",))) if plan.draw else {},
    }
    for name in ("policy", "measures", "credit_rules"):
        _put(document, name, tables[name])
    _list(document, "components", [_component(component) for component in plan.components])
    _put(document, "draw", tables["draw"])
    _list(document, "assignments", [dict(_assignment(each)) for each in plan.assignments])
    _list(document, "cases", [dict(_case(case)) for case in plan.cases])
    return tomlkit.dumps(document)


def _put(document: Any, name: str, values: Mapping[str, Any]) -> None:
    if not values:
        return
    nested = all(isinstance(value, dict) for value in values.values())
    table = tomlkit.table(is_super_table=nested)
    for key, value in values.items():
        if nested:
            inner = tomlkit.table()
            inner.update(_inlined(value))
            table[key] = inner
        else:
            table[key] = _item(value)
    document[name] = table


def _list(document: Any, name: str, entries: Sequence[Mapping[str, Any]]) -> None:
    if not entries:
        return
    listed = tomlkit.aot()
    for entry in entries:
        table = tomlkit.table()
        for key, value in entry.items():
            if key == "modifiers":
                _list(table, key, value)
            else:
                table[key] = _item(value, long=key in ("tiers", "deals", "pays"))
        listed.append(table)
    document[name] = listed


def _inlined(values: Mapping[str, Any]) -> dict[str, Any]:
    return {key: _item(value) for key, value in values.items()}


def _item(value: Any, *, long: bool = False) -> Any:
    """A value as TOML: tables on one line, lists of tables one a line."""
    if isinstance(value, Mapping):
        table = tomlkit.inline_table()
        table.update(_inlined(value))
        return table
    if isinstance(value, (list, tuple)):
        array = tomlkit.array()
        array.extend(_item(each) for each in value)
        return array.multiline(multiline=long and len(value) > 1)
    return _plain(value)


def _plain(value: Any) -> Any:
    """A value as TOML can hold it, exactly."""
    if isinstance(value, StrEnum):
        return value.value
    if isinstance(value, Fraction):
        return number(value)
    if isinstance(value, Decimal):
        return _number_item(value)
    if isinstance(value, Mapping):
        return {key: _plain(each) for key, each in value.items()}
    return [_plain(each) for each in value] if isinstance(value, (list, tuple)) else value


def number(value: Fraction) -> Any:
    """A share as a TOML number where it has a finite decimal form, else as a text such as "1/3"."""
    rest = value.denominator
    for factor in (2, 5):
        while rest % factor == 0:
            rest //= factor
    if rest != 1:
        return f"{value.numerator}/{value.denominator}"
    with localcontext(prec=value.denominator.bit_length() + len(str(value.numerator))):
        return _number_item(Decimal(value.numerator) / Decimal(value.denominator))


def _number_item(value: Decimal) -> Any:
    """A whole number as one, else the decimals as they are, never by way of a float."""
    if value == value.to_integral_value():
        return int(value)
    return tomlkit.value(f"{value:f}".rstrip("0"))


def _head(plan: Plan) -> Pairs:
    yield "plan", plan.id
    if plan.name != plan.id:
        yield "name", plan.name
    yield "version", plan.version
    yield "valid_from", plan.valid_from
    if plan.valid_to != OPEN_END:
        yield "valid_to", plan.valid_to
    if plan.currency != PAYEE_CURRENCY:
        yield "currency", plan.currency
    if plan.roles:
        yield "roles", list(plan.roles)


def _changed(thing: Any, skip: tuple[str, ...] = (), always: tuple[str, ...] = ()) -> Pairs:
    """Fields of a dataclass that differ from their default."""
    for each in fields(thing):
        value = getattr(thing, each.name)
        if each.name not in skip and (each.name in always or value != each.default):
            yield each.name, _plain(value)


def _measure(measure: Any) -> Pairs:
    yield "of", measure.of
    if measure.where:
        yield "where", _conditions(measure.where)
    if measure.quota:
        yield "quota", measure.quota


def _rule(rule: Any) -> Pairs:
    yield from _changed(rule, skip=("name", "where"), always=("kind",))
    if rule.where:
        yield "where", _conditions(rule.where)


def _conditions(conditions: Sequence[Condition]) -> dict[str, Any]:
    return {condition.field: _condition(condition) for condition in conditions}


def _condition(condition: Condition) -> Any:
    if condition.values:
        listed = list(condition.values)
        return listed[0] if len(listed) == 1 else listed
    bounds = {"at_least": condition.at_least, "below": condition.below}
    return {key: _plain(bound) for key, bound in bounds.items() if bound is not None}


_OWN_WAY = (
    "name",
    "group",
    "tiers",
    "curve",
    "modifiers",
    "caps",
    "hold",
    "clawback",
    "spif",
    "rollout",
    "period",
)


def _component(component: Component) -> dict[str, Any]:
    found: dict[str, Any] = {"id": component.id, "name": component.name, "pays": component.pays.value}
    if component.measure:
        found["measure"] = component.measure
    found["period"] = component.period.value
    found |= dict(_changed(component, skip=(*_OWN_WAY, "id", "pays", "measure")))
    if component.group and component.group != GROUP_OF[component.pays]:
        found["group"] = component.group
    found |= {name: value for name, value in _parts(component) if value}
    return found


def _parts(component: Component) -> Pairs:
    yield "tiers", [_tier(tier, component) for tier in component.tiers]
    yield from _curve(component.curve)
    yield "caps", dict(_changed(component.caps))
    yield "hold", dict(_changed(component.hold, always=("until",))) if component.hold else {}
    yield "clawback", dict(_changed(component.clawback)) if component.clawback else {}
    yield "spif", dict(_changed(component.spif, always=("share",))) if component.spif else {}
    yield "rollout", dict(component.rollout)
    yield "modifiers", [_modifier(modifier) for modifier in component.modifiers]


def _tier(tier: Tier, component: Component) -> dict[str, Any]:
    found: dict[str, Any] = {"from": number(tier.start)}
    if tier.end is not None:
        found["to"] = number(tier.end)
    if component.reading == "interpolated":
        return found | {"amount": _plain(tier.amount)}
    return found | {"rate": number(tier.rate)}


def _curve(curve: Curve | None) -> Pairs:
    if curve is not None:
        yield "curve", [[number(point.at), number(point.pays)] for point in curve.points]
        if curve.beyond:
            yield "beyond", number(curve.beyond)


def _modifier(modifier: Modifier) -> dict[str, Any]:
    found = dict(_changed(modifier, skip=("steps",), always=("kind",)))
    if modifier.steps:
        found["steps"] = [{"at": number(step.at), "times": number(step.times)} for step in modifier.steps]
    return found


def _assignment(assignment: Assignment) -> Pairs:
    yield "rep", assignment.rep
    yield "from", assignment.start
    if assignment.end != OPEN_END:
        yield "to", assignment.end
    yield from _changed(assignment, skip=("rep", "start", "end", "quotas"))
    if assignment.quotas:
        yield "quotas", _plain(assignment.quotas)


def _case(case: Case) -> Pairs:
    yield "name", case.name
    for name, day in (("from", case.start), ("to", case.end)):
        if day is not None:
            yield name, day
    if case.others:
        yield "payees", [_plain(dict(each)) for each in (case.payee, *case.others)]
    elif case.payee:
        yield "payee", _plain(dict(case.payee))
    if case.given:
        yield "deals", [_plain(dict(deal)) for deal in case.given]
    pays = [_expected(expected) for expected in case.expect]
    if pays:
        yield "pays", pays


def _expected(expected: Mapping[str, Any]) -> dict[str, Any]:
    return {key: _plain(value) for key, value in expected.items() if (key, value) != ("kind", "earning")}
