"""Pieces a proposed mapping's tables are put together from."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from decimal import Decimal

from connectors.files.identity import Reference
from connectors.files.roles import Role
from connectors.files.spec import ColumnSpec, Condition, Join, TableSpec

Columns = dict[str, ColumnSpec]


@dataclass
class Draft:
    """A drafted table, with the score of each column that came from a meaning."""

    spec: TableSpec
    scores: dict[str, float] = field(default_factory=dict)
    sources: dict[str, str] = field(default_factory=dict)


def once(role: Role, table: str, columns: Columns, kind: str) -> Draft:
    """Each thing a file lists, once, where it is known by a name or its rows are about something else.

    An id that is hardly ever repeated is left as it stands: there, a repeat is a mistake to be named.
    """
    key, column = next(iter(columns)), role.meanings[kind].column
    if column.unique or (kind.endswith("_id") and column.distinct * 10 >= len(column.values) * 9):
        return table_of(table, role, columns)
    firsts = {name: spec if name == key else replace(spec, take="first") for name, spec in columns.items()}
    return table_of(table, role, firsts, group=(key,), where=(Condition(column.name, "empty", value=False),))


def table_of(
    fills: str,
    role: Role,
    columns: Columns,
    joins: tuple[Join, ...] = (),
    group: tuple[str, ...] = (),
    sources: dict[str, str] | None = None,
    where: tuple[Condition, ...] = (),
) -> Draft:
    """A table of a mapping; the scores are those of the meanings its columns come from."""
    by_column = {m.column.name: m.score for m in role.meanings.values()}
    origin = {name: (sources or {}).get(name) or spec.column for name, spec in columns.items()}
    scores = {name: by_column[source] for name, source in origin.items() if source in by_column}
    table = TableSpec(fills, role.profile.spec.name, tuple(columns.items()), where, joins, None, group)
    return Draft(table, scores, sources or {})


def simple(role: Role, wanted: dict[str, str]) -> Columns:
    """Canonical columns that are a column of the file as it stands."""
    return {target: ColumnSpec(column=role.name(m)) for target, m in wanted.items() if role.has(m)}


def probability(role: Role) -> Columns:
    """Probabilities as shares of 1; 75 without a sign is 75 %."""
    if not role.has("probability"):
        return {}
    column = role.meanings["probability"].column
    percent = any(re.fullmatch(r"\d+([.,]\d+)?", v) and float(v.replace(",", ".")) > 1 for v in column.values)
    return {"probability": ColumnSpec(column=column.name, scale=Decimal("0.01") if percent else Decimal(1))}


def person_name(role: Role) -> Columns:
    """The name of a person, from one column or from first and last name."""
    if role.has("rep_name"):
        return {"name": ColumnSpec(column=role.name("rep_name"))}
    if role.has("first_name") and role.has("last_name"):
        return {"name": ColumnSpec(template=f"{{{role.name('first_name')}}} {{{role.name('last_name')}}}")}
    return {}


def taken(name: str, spec: ColumnSpec) -> ColumnSpec:
    """How the lines of one order become one deal."""
    if name == "opportunity_id" or spec.value is not None:
        return spec
    return replace(spec, take="sum" if name == "amount" else "same")


def referring(*references: Reference | None) -> dict[str, str]:
    """The referring columns, for those canonical columns that hold a reference."""
    names = {"rep.": "rep_id", "boss.": "manager_id"}
    return {names.get(r.joins[0].prefix, ""): r.column for r in references if r and r.joins}
