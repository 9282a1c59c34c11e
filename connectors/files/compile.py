"""One table of a mapping as one SQL query over a block of text: typed values, and what is wrong.

The query gives a row for each row of the block that meets the conditions, with the canonical
columns, ``_file``, ``_row``, ``_bad`` (which check failed, NULL for a row that can be used) and
``_note`` (which remark applies). More queries, asked only when there are such rows, give
``_field``, ``_value`` and ``_raw``.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

from connectors.files.check import default_for, must_have, sent_columns
from connectors.files.convert import date_of_parts, text, texts, typed
from connectors.files.needs import columns_of, template_parts
from connectors.files.scope import Scope, wide_columns
from connectors.files.spec import ColumnSpec, Condition, Mapping
from warehouse.settings import Settings
from warehouse.tables import Column, Kind

BLOCK = "block"
"""Name under which a block of rows is known to the query."""


@dataclass(frozen=True)
class Check:
    """Something that makes a row unusable."""

    holds: str  # SQL, true for a bad row
    code: str  # of the issue; "kind" stands for the code of the column's kind
    field: str  # SQL text
    value: str  # SQL text
    kind: Kind = Kind.TEXT
    detail: str = ""


@dataclass(frozen=True)
class Query:
    """A compiled table."""

    sql: str
    why: str  # for the rows that cannot be used
    remarks: str  # for the rows that can, with a remark
    columns: tuple[str, ...]  # canonical
    checks: tuple[Check, ...]  # ``_bad`` counts them from 0
    notes: tuple[Check, ...]  # ``_note`` counts them from 0


def compile_table(mapping: Mapping, scope: Scope) -> Query:
    """The query that fills ``scope.spec``."""
    table = scope.spec
    known = sent_columns(table.fills)
    specs = _with_defaults(mapping, scope)
    raws = {name: _raw(mapping, scope, spec) for name, spec in specs.items()}
    where = [condition(scope.text(c.column), c) for c in table.where]
    checks, notes = _joins_found(scope, "set_aside"), _joins_found(scope, "warn")
    for name, spec in specs.items():
        checks += _checks(table.fills, known[name], spec, scope)
    rows = f"SELECT * FROM ({_from(scope)}){' WHERE ' + ' AND '.join(where) if where else ''}"
    looked = {name: _looked(mapping, spec, f"r_{name}") for name, spec in specs.items()}
    made = {name: _value(known[name], spec, scope) for name, spec in specs.items()}
    named = ", ".join(f't_{name} AS "{name}"' for name in specs)
    judged = (
        f"WITH rows AS ({rows}), raws AS (SELECT *, {_list(raws, 'r')} FROM rows), "
        f"looked AS (SELECT *, {_list(looked, 'l')} FROM raws), "
        f"made AS (SELECT *, {_list(made, 't')} FROM looked), "
        f"judged AS (SELECT *, {_case(checks)} AS _bad, {_case(notes)} AS _note FROM made) "
    )
    return Query(
        sql=f"{judged} SELECT {named}, _file, _row, _n, _bad, _note FROM judged",
        why=f"{judged} {_why(scope, checks, '_bad')} WHERE _bad IS NOT NULL",
        remarks=f"{judged} {_why(scope, notes, '_note')} WHERE _bad IS NULL AND _note IS NOT NULL",
        columns=tuple(specs),
        checks=tuple(checks),
        notes=tuple(notes),
    )


def _why(scope: Scope, checks: list[Check], which: str) -> str:
    """What a set-aside row, or a remark, is about."""
    field, value = _pick(checks, "field", which), _pick(checks, "value", which)
    columns = f"{which} AS _which, {field} AS _field, {value} AS _value, {_json(scope)} AS _raw"
    return f"SELECT _file, _row, {columns} FROM judged"


def _list(expressions: dict[str, str], prefix: str) -> str:
    return ", ".join(f"{sql} AS {prefix}_{name}" for name, sql in expressions.items())


def _with_defaults(mapping: Mapping, scope: Scope) -> dict[str, ColumnSpec]:
    """Columns of the mapping, and those that hold a default."""
    table = scope.spec
    specs = dict(table.columns)
    for name, column in sent_columns(table.fills).items():
        default = default_for(mapping, table.fills, column)
        if default is None:
            continue
        if name not in specs:
            specs[name] = ColumnSpec(value=default)
        elif specs[name].default is None and specs[name].value is None:
            specs[name] = replace(specs[name], default=default)
    return specs


def _raw(mapping: Mapping, scope: Scope, spec: ColumnSpec) -> str:
    """Text of a column before it is looked up or converted."""
    if spec.value is not None:
        return text(spec.value)
    if spec.template:
        pieces = [text(p) if kind == "text" else scope.text(p) for kind, p in template_parts(spec.template)]
        return _cased(" || ".join(pieces), spec)
    if spec.date:
        parts = {part: scope.text(of) if isinstance(of, str) else text(str(of)) for part, of in spec.date}
        months = Settings.from_dict(dict(mapping.settings)).fiscal_start_month
        return f"CASE WHEN {parts['year']} IS NOT NULL THEN ({_shown(parts, months)}) END"
    return _cased(scope.text(spec.column), spec) if spec.column else "NULL::VARCHAR"


def _shown(parts: dict[str, str], months: int) -> str:
    """ISO text of parts that make a day, else the parts as they stand, to be shown as wrong."""
    written = f"concat_ws(' ', {', '.join(parts.values())})"
    made = date_of_parts(parts, months)
    return f"CASE WHEN TRY_CAST({made} AS DATE) IS NOT NULL THEN {made} ELSE {written} END"


def _cased(expression: str, spec: ColumnSpec) -> str:
    return f"{spec.case}({expression})" if spec.case else f"({expression})"


def _looked(mapping: Mapping, spec: ColumnSpec, raw: str) -> str:
    """Text after the lookup; NULL where the list has no such entry."""
    if not spec.lookup:
        return raw
    pairs = mapping.lookups[spec.lookup].items()
    cases = " ".join(f"WHEN {text(key)} THEN {text(value)}" for key, value in pairs)
    return f"(CASE {raw} {cases} END)" if cases else "NULL::VARCHAR"


def _value(column: Column, spec: ColumnSpec, scope: Scope) -> str:
    """The typed value; a default stands as it is, neither scaled nor shifted.

    A day made of parts is ISO text, whatever form the file's own days have.
    """
    looked = f"l_{column.name}"
    iso = ColumnSpec(value="", snap=spec.snap, shift_months=spec.shift_months, shift_days=spec.shift_days)
    value = typed(column, iso if spec.date else spec, scope.source.spec, looked)
    if spec.default is None:
        return value
    default = typed(column, ColumnSpec(value=""), scope.source.spec, text(spec.default))
    return f"(CASE WHEN {looked} IS NULL THEN {default} ELSE {value} END)"


def _checks(table: str, column: Column, spec: ColumnSpec, scope: Scope) -> list[Check]:
    """What can be wrong with one column."""
    name = column.name
    sources = list(columns_of(spec))
    field = scope.field(sources[0]) if len(sources) == 1 else text(", ".join(sources) or name)
    found = []
    if spec.lookup and spec.default is None:
        holds = f"r_{name} IS NOT NULL AND l_{name} IS NULL"
        found.append(Check(holds, "not_listed", field, f"r_{name}", detail=spec.lookup))
    if column.kind not in (Kind.KEY, Kind.TEXT):
        found.append(
            Check(f"l_{name} IS NOT NULL AND t_{name} IS NULL", "kind", field, f"l_{name}", column.kind)
        )
    if must_have(table, column) and spec.take != "count":
        found.append(Check(f"t_{name} IS NULL", "missing_value", field, "''"))
    return found


def _joins_found(scope: Scope, missing: str) -> list[Check]:
    """A check for each join whose keys that are not found have this effect."""
    checks = []
    for number, join in enumerate(scope.spec.joins):
        if join.missing == missing:
            keys = [scope.text(here) for here, _ in join.on]
            holds = f"m{number} IS NULL AND " + " AND ".join(f"{key} IS NOT NULL" for key in keys)
            names = ", ".join(here for here, _ in join.on)
            shown = f"concat_ws(' ', {', '.join(keys)})"
            checks.append(Check(holds, "no_match", text(names), shown, detail=join.file))
    return checks


def _from(scope: Scope) -> str:
    """Rows of the block with clean columns, one for each unpivoted cell, and the joined columns."""
    keys = [[scope.text(here) for here, _ in join.on] for join in scope.spec.joins]
    rows = _long(scope) if scope.spec.unpivot else f"SELECT *{scope.cleaned()} FROM {BLOCK}"
    for number, join in enumerate(scope.spec.joins):
        staged = scope.joins[number]
        there = [f"j.v{staged.position[name]}" for _, name in join.on]
        pairs = " AND ".join(f"b.{key} = {other}" for key, other in zip(keys[number], there, strict=True))
        found = ", ".join(f"j.v{place} AS j{number}_v{place}" for place in staged.position.values())
        rows = (
            f"SELECT b.*, j._row AS m{number}, {found} FROM ({rows}) b LEFT JOIN {staged.table} j ON {pairs}"
        )
    return rows


def _long(scope: Scope) -> str:
    names, _ = wide_columns(scope.spec, scope.source.columns)
    values = ", ".join(scope.own(name) for name in names)
    cells = f"SELECT *, unnest([{texts(tuple(names))}]) AS u_name, unnest([{values}]) AS u_value"
    base = f"SELECT *{scope.cleaned()} FROM {BLOCK}"
    return f"SELECT * FROM ({cells} FROM ({base})) WHERE u_value IS NOT NULL"


def _case(checks: list[Check]) -> str:
    whens = " ".join(f"WHEN {check.holds} THEN {number}" for number, check in enumerate(checks))
    return f"CASE {whens} END" if checks else "NULL::INTEGER"


def _pick(checks: list[Check], what: str, which: str) -> str:
    whens = " ".join(f"WHEN {n} THEN {getattr(check, what)}" for n, check in enumerate(checks))
    return f"CASE {which} {whens} END" if checks else "NULL::VARCHAR"


def _json(scope: Scope) -> str:
    """The source row as JSON text under its own column names."""
    pairs = ", ".join(f"{text(name)}, c{place}" for place, name in enumerate(scope.source.columns))
    return f"CAST(json_object({pairs}) AS VARCHAR)"


def condition(expression: str, c: Condition) -> str:
    """A condition as SQL that is never NULL."""
    if c.operation == "empty":
        return f"({expression} IS {'' if c.value else 'NOT '}NULL)"
    if c.operation in ("in", "not_in"):
        inside = f"coalesce({expression} IN ({texts(c.value)}), false)"
        return inside if c.operation == "in" else f"NOT {inside}"
    if c.operation in ("is", "is_not"):
        same = f"coalesce({expression} = {text(_plain(c.value))}, false)"
        return same if c.operation == "is" else f"NOT {same}"
    sign = ">=" if c.operation == "at_least" else "<="
    kind = "DATE" if isinstance(c.value, date) else "DOUBLE"
    return f"coalesce(TRY_CAST({expression} AS {kind}) {sign} {text(_plain(c.value))}::{kind}, false)"


def _plain(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)
