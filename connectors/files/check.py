"""What a mapping's parts say about each other: names that exist, tables filled as they must be."""

from __future__ import annotations

import re
from datetime import date

from connectors.files.fields import Notes, Section
from connectors.files.spec import ColumnSpec, Mapping, TableSpec
from warehouse.settings import Settings, SettingsError
from warehouse.tables import LOAD_COLUMNS, OPEN_END, TABLES, Column, Kind

BEGINNING = date(1990, 1, 1)
"""``valid_from`` of a row whose source gives no day: before all the data."""

DEFAULTS: dict[tuple[str, str], str] = {
    ("reps", "active"): "true",
    ("quotas", "version"): "1",
    ("quotas", "scope"): "rep",
    ("plans", "version"): "1",
    ("opportunity_splits", "kind"): "revenue",
    ("credits", "measure"): "bookings",
    ("credits", "kind"): "direct",
    ("credits", "basis"): "recorded",
}
"""What a canonical column holds when a mapping does not name it."""


def default_for(mapping: Mapping, table: str, column: Column) -> str | None:
    """What ``column`` holds when the mapping does not name it; None: nothing."""
    if (table, column.name) == ("quotas", "measure"):
        return _settings(mapping).default_measure
    if column.name == "valid_from":
        return BEGINNING.isoformat()
    if column.name == "valid_to":
        return OPEN_END.isoformat()
    if column.name == "currency":
        return mapping.currency or None
    return DEFAULTS.get((table, column.name))


def sent_columns(table: str) -> dict[str, Column]:
    """Canonical columns a mapping may name, by name."""
    columns = TABLES[table].columns
    return {c.name: c for c in columns if not c.derived and c.name not in LOAD_COLUMNS}


def must_have(table: str, column: Column) -> bool:
    """Whether a row without this column is no row: the table's own key, or a value never NULL."""
    if column.name == "source_id":
        return False  # made from the key when absent
    own = column.name in TABLES[table].key
    return own or not (column.nullable or column.kind in (Kind.KEY, Kind.FLAG))


def _settings(mapping: Mapping) -> Settings:
    return Settings.from_dict(dict(mapping.settings))


def check(mapping: Mapping, notes: Notes) -> None:
    """Add a problem to ``notes`` for everything that does not fit together."""
    top = Section({}, ("settings",), notes)
    try:
        _settings(mapping)
    except SettingsError as error:
        top.problem("", str(error))
        return
    if not mapping.tables:
        Section({}, ("tables",), notes).problem("", "nothing is filled; add a [[tables]] section")
    for number, table in enumerate(mapping.tables, start=1):
        label = f"tables {number} ({table.fills})"
        _check_table(mapping, table, Section({}, ("tables",), notes, number, label))


def _check_table(mapping: Mapping, table: TableSpec, s: Section) -> None:
    if table.fills not in TABLES or TABLES[table.fills].derived:
        known = sorted(t.name for t in TABLES.values() if not t.derived)
        s.problem("fills", f"there is no table “{table.fills}”; known: {', '.join(known)}")
        return
    files = {file.name for file in mapping.files}
    for key, name in [("from", table.source), *(("joins", join.file) for join in table.joins)]:
        if name not in files:
            s.problem(key, f"there is no [files.{name}]; known: {', '.join(sorted(files))}")
    columns = Section({}, ("tables", "columns"), s.notes, s.nth, f"{s.label}, columns")
    _check_columns(mapping, table, columns)
    _check_groups(table, s, columns)


def _check_columns(mapping: Mapping, table: TableSpec, s: Section) -> None:
    known, given = sent_columns(table.fills), dict(table.columns)
    for name, spec in given.items():
        if name not in known:
            s.problem(name, f"{table.fills} has no column “{name}”; known: {', '.join(sorted(known))}")
        else:
            _check_column(mapping, known[name], spec, s)
    for name, column in known.items():
        missing = name not in given and default_for(mapping, table.fills, column) is None
        if missing and must_have(table.fills, column):
            s.problem("", f"{table.fills} needs the column “{name}” ({column.doc or column.kind.value})")


def _check_column(mapping: Mapping, column: Column, spec: ColumnSpec, s: Section) -> None:
    if spec.lookup and spec.lookup not in mapping.lookups:
        s.problem(column.name, f"there is no [lookups.{spec.lookup}]")
    dated = spec.snap or spec.shift_months or spec.shift_days or spec.date
    if dated and column.kind is not Kind.DATE:
        s.problem(column.name, "date, snap and shift are for days, and this column is not one")
    numeric = (Kind.MONEY, Kind.NUMBER, Kind.INTEGER, Kind.SHARE, Kind.RATE)
    if spec.scale != 1 and column.kind not in numeric:
        s.problem(column.name, "scale is for numbers, and this column is not one")
    if spec.template and not re.search(r"\{[^{}]+\}", spec.template):
        s.problem(column.name, 'template names columns in braces, such as "{Order}-{Line}"; else use value')


def _check_groups(table: TableSpec, s: Section, columns: Section) -> None:
    given = dict(table.columns)
    for name in table.group_by:
        if name not in given:
            s.problem("group_by", f"“{name}” is not one of this table's columns")
    for name, spec in given.items():
        free = name in table.group_by or spec.value is not None
        if table.group_by and not free and not spec.take:
            columns.problem(name, 'say how the rows of a group become one: take = "sum", "same" …')
        if spec.take and (not table.group_by or name in table.group_by):
            columns.problem(name, "take is for columns that are not in group_by")
    if table.only_new and table.fills == "assignments":
        s.problem("only_new", "is not possible for assignments, which are laid over each other in time")
