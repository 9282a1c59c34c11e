"""Which component is open to whom, and when: read from the plans' own texts, handed to the engine as one token.

A text names the roles a component is for and the teams it has reached (``rollout``). A plan without a
text, or with one in another form, is open as a whole to everybody on it.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import astuple, dataclass
from datetime import date
from fractions import Fraction
from itertools import pairwise
from typing import Any

import ibis.expr.types as ir

from metrics.base import Asking
from warehouse.engine import token

_FIELD, _LINE = "\x1f", "\x1e"  # never part of a name
_ALWAYS = date(1, 1, 1)
OPEN_END = date(9999, 12, 31)
_NAME = "open_components"


@dataclass(frozen=True)
class Opening:
    """A component of a plan, open to a role (empty: all) of a team (empty: all) from a day until before another."""

    plan: str
    component: str
    role: str
    team: str
    first: date
    last: date
    weight: float
    period: str
    accelerates: int  # 1: pays more for the same sale once a mark is passed
    own: int  # 0: pays on the sales of those below only, so a person's own sales say nothing of it


def openings(asking: Asking) -> list[Opening]:
    """Every opening of the plans the viewer may see."""
    versions: dict[str, list[Mapping[str, Any]]] = {}
    for row in _rows(asking, "plans", ("plan_id", "version", "terms", "valid_from", "valid_to")):
        versions.setdefault(row["plan_id"], []).append(row)
    components = _rows(asking, "plan_components", ("plan_id", "component_id", "weight", "period", "kind"))
    whole = {"valid_from": _ALWAYS, "valid_to": OPEN_END, "terms": None}
    return [
        found
        for row in components
        for version in versions.get(row["plan_id"], [whole])
        for found in _openings(row, version)
    ]


def open_values(asking: Asking) -> dict[str, object]:
    """The token ``open_components`` fills: one line an opening."""
    lines = (_FIELD.join(map(str, astuple(found))) for found in openings(asking))
    return {_NAME: _LINE.join(lines)}


def open_components() -> ir.Table:
    """The openings as a table; ``component`` beside names that begin with an underscore."""
    lines = token(_NAME).split(_LINE).unnest().name("line").as_table()
    lines = lines.filter(lines.line != "")
    part = lines.line.split(_FIELD)
    return lines.select(
        _plan=part[0],
        component=part[1],
        _role=part[2],
        _team=part[3],
        _first=part[4].cast("date"),
        _last=part[5].cast("date"),
        _weight=part[6].cast("float64"),
        _period=part[7],
        _accelerates=part[8].cast("int64"),
        _own=part[9].cast("int64"),
    )


def open_to(rows: ir.Table, opened: ir.Table, day: ir.Value) -> list[ir.BooleanValue]:
    """When an opening holds for rows with ``plan_id``, ``role`` and ``team_id`` on a day."""
    return [
        rows.plan_id == opened["_plan"],
        day >= opened["_first"],
        day < opened["_last"],
        (opened["_role"] == "") | (opened["_role"] == rows.role),
        (opened["_team"] == "") | (opened["_team"] == rows.team_id),
    ]


_compiled: dict[tuple[object, ...], str] = {}


def _rows(asking: Asking, name: str, columns: tuple[str, ...]) -> list[dict[str, Any]]:
    """Rows of a table of plans the viewer may see; the SQL is kept, what it answers is not."""
    tables, session = asking.tables, asking.tables.session
    shape = (name, session.engine.dialect, tables.viewer.roles, session.settings.manager_sees_pay)
    if shape not in _compiled:
        _compiled[shape] = session.compile(tables.table(name).select(*columns))
    return session.sql(_compiled[shape], tables.values).to_pylist()


def _openings(row: Mapping[str, Any], version: Mapping[str, Any]) -> Iterator[Opening]:
    said = _said(version["terms"])
    if said is None:
        said = {"components": [{"id": row["component_id"]}]}
    for component in said["components"]:
        if isinstance(component, dict) and component.get("id") == row["component_id"]:
            yield from _of(row, version, component, said)


def _of(
    row: Mapping[str, Any], version: Mapping[str, Any], component: dict[str, Any], said: dict[str, Any]
) -> Iterator[Opening]:
    first, last = _within(version, component)
    roles = _texts(component.get("roles")) or _texts(said.get("roles"))
    kind = component.get("group") or row["kind"]
    rollout = component.get("rollout")
    teams = rollout if isinstance(rollout, dict) and rollout else {"": first}
    for role in roles or [""]:
        for team, start in teams.items():
            yield Opening(
                row["plan_id"],
                row["component_id"],
                role,
                team,
                max(first, start),
                last,
                float(_number(component.get("weight"), row["weight"])),
                component.get("period") or row["period"] or "month",
                int(kind == "accelerator" or _rises(component.get("tiers"))),
                int(not _rolled_up(component, said)),
            )


def _rolled_up(component: dict[str, Any], said: dict[str, Any]) -> bool:
    """Whether only sales of those below count for it."""
    rules = said.get("credit_rules")
    kinds = {name: rule.get("kind") for name, rule in rules.items()} if isinstance(rules, dict) else {}
    counted = _texts(component.get("credits"))
    return bool(counted) and all(kinds.get(name, name) == "roll_up" for name in counted)


def _within(version: Mapping[str, Any], component: Mapping[str, Any]) -> tuple[date, date]:
    first = max(version["valid_from"], component.get("valid_from") or _ALWAYS)
    return first, min(version["valid_to"], component.get("valid_to") or OPEN_END)


def _said(text: str | None) -> dict[str, Any] | None:
    """A plan's text, or None when it is not one this project's plans are written in."""
    try:
        said = tomllib.loads(text or "")
    except tomllib.TOMLDecodeError:
        return None
    return said if isinstance(said.get("components"), list) else None


def _texts(value: Any) -> list[str]:
    return [str(one) for one in value] if isinstance(value, list) else []


def _number(value: Any, otherwise: Any) -> Fraction:
    try:
        return Fraction(str(value if value is not None else otherwise or 0))
    except ValueError:
        return Fraction(0)


def _rises(tiers: Any) -> bool:
    rates = [_number(tier.get("rate"), 0) for tier in tiers or () if isinstance(tier, dict)]
    return any(later > earlier for earlier, later in pairwise(rates))


def marks(asking: Asking) -> list[float]:
    """Attainments at which a component the viewer may see starts to pay more, smallest first."""
    found: set[float] = set()
    for version in _rows(asking, "plans", ("plan_id", "terms", "valid_from", "valid_to")):
        if version["valid_from"] < asking.view.end and version["valid_to"] > asking.view.start:
            found |= set(_marks(_said(version["terms"])))
    return sorted(found)


def _marks(said: dict[str, Any] | None) -> Iterator[float]:
    for component in (said or {}).get("components", ()):
        tiers = component.get("tiers") if component.get("basis") == "attainment" else ()
        starts = [tier.get("from") for tier in tiers or ()]
        points = component.get("curve") or ()
        starts += [points[0][0]] if points else []
        yield from (float(_number(start, 0)) for start in starts if _number(start, 0) > 0)
