"""A mapping read from TOML: every key known, every value checked, every problem with its line."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping as Dict
from decimal import Decimal
from pathlib import Path, PurePosixPath
from typing import Any

from connectors.files.check import check
from connectors.files.dates import to_strptime
from connectors.files.errors import MappingError, Problem
from connectors.files.fields import Notes, Section, plain
from connectors.files.spec import (
    CASES,
    DATE_PARTS,
    FORMATS,
    MISSING,
    OPERATIONS,
    SNAPS,
    TAKES,
    ColumnSpec,
    Condition,
    FileSpec,
    Join,
    Mapping,
    TableSpec,
    Unpivot,
)


def load(path: Path) -> Mapping:
    """Read a mapping file. Raises ``MappingError`` with every problem, each with its line."""
    try:
        text = path.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise MappingError([Problem(path.name, "", f"cannot be read: {error.strerror}")]) from error
    except UnicodeDecodeError as error:
        raise MappingError([Problem(path.name, "", "is not UTF-8 text; save it as UTF-8")]) from error
    return loads(text)


def loads(text: str) -> Mapping:
    """A mapping from TOML text. Raises ``MappingError``."""
    try:
        document = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise MappingError([_not_toml(str(error))]) from error
    notes = Notes(text)
    mapping = _mapping(document, notes)
    if not notes.problems:
        check(mapping, notes)
    if notes.problems:
        raise MappingError(notes.problems)
    return mapping


def _not_toml(message: str) -> Problem:
    found = re.search(r"line (\d+)", message)
    return Problem("mapping", "", f"is not TOML: {message}", int(found.group(1)) if found else None)


def _mapping(document: Dict[str, Any], notes: Notes) -> Mapping:
    top = Section(document, ("mapping",), notes)
    source = _sub(top, "source")
    name = source.required("name", "my-company")
    if name and not re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9._-]*", name):
        source.problem("name", f"is “{name}”; use letters, digits, dots and dashes only")
    mapping = Mapping(
        name=name,
        title=source.text("title"),
        as_of=source.day("as_of"),
        files=tuple(_file(key, _sub(top, "files", key)) for key in _names(top, "files")),
        tables=tuple(_table(section) for section in _entries(top)),
        settings=dict(_names(top, "settings")),
        lookups={key: _lookup(_sub(top, "lookups", key)) for key in _names(top, "lookups")},
    )
    source.finish()
    top.finish()
    return mapping


def _names(top: Section, key: str) -> Dict[str, Any]:
    value = top.take(key, {})
    if isinstance(value, dict):
        return value
    top.problem(key, f"write sections such as [{key}.name]")
    return {}


def _sub(top: Section, *path: str) -> Section:
    values: Any = top.take(path[0], {})
    for part in path[1:]:
        values = values.get(part, {})
    if not isinstance(values, dict):
        top.problem(".".join(path), "write a section of its own")
        values = {}
    return Section(values, path, top.notes)


def _entries(top: Section) -> list[Section]:
    value = top.take("tables", [])
    if not isinstance(value, list):
        top.problem("tables", "write one [[tables]] section, with two brackets, for each table")
        return []
    return [
        Section(entry, ("tables",), top.notes, number, f"tables {number} ({entry.get('fills', '?')})")
        for number, entry in enumerate(value, start=1)
    ]


def _lookup(section: Section) -> Dict[str, str]:
    for key, value in section.values.items():
        if not isinstance(value, (str, int, float, bool)):
            section.problem(key, f"is {value!r}; write a text or a number")
    return {key: plain(value) for key, value in section.values.items()}


def _file(name: str, s: Section) -> FileSpec:
    spec = FileSpec(
        name=name,
        path=s.required("path", f"{name}.csv"),
        format=s.choice("format", FORMATS, "auto"),
        encoding=s.text("encoding"),
        delimiter=s.text("delimiter"),
        quote=s.text("quote", '"'),
        header=_header(s),
        columns=s.texts("columns"),
        null=s.texts("null"),
        decimal=s.choice("decimal", (".", ","), "."),
        thousands=s.choice("thousands", ("", ",", ".", " ", "'"), ""),
        date_format=_forms(s),
        time_zone=s.text("time_zone", "UTC"),
        sheet=s.text("sheet"),
        max_unpacked_mb=s.whole("max_unpacked_mb", 100),
        optional=s.flag("optional"),
    )
    _check_file(spec, s)
    s.finish()
    return spec


def _header(s: Section) -> int:
    value = s.take("header", 1)
    if isinstance(value, int) and value >= 0:  # true counts as 1, false as 0
        return int(value)
    s.problem("header", f"is {value!r}; write true, false, or the row of the column names")
    return 1


def _forms(s: Section) -> tuple[str, ...]:
    try:
        return tuple(to_strptime(form) for form in s.texts("date_format"))
    except ValueError as error:
        s.problem("date_format", str(error))
        return ()


def _check_file(spec: FileSpec, s: Section) -> None:
    path = PurePosixPath(spec.path.replace("\\", "/"))
    if path.is_absolute() or ".." in path.parts or ":" in spec.path:
        s.problem("path", f"is “{spec.path}”; name a file inside the data folder")
    if len(spec.delimiter) > 1 or len(spec.quote) > 1:
        s.problem("delimiter", 'delimiter and quote are one character each; a tab is "\\t"')
    if spec.thousands and spec.thousands == spec.decimal:
        s.problem("thousands", "is the same as decimal")
    if spec.columns and spec.header:
        s.problem("columns", "name the columns here only with header = false")
    if len(set(spec.columns)) != len(spec.columns):
        s.problem("columns", "holds a name twice")


def _table(s: Section) -> TableSpec:
    columns = s.take("columns", {})
    table = TableSpec(
        fills=s.required("fills", "opportunities"),
        source=s.required("from", "sales"),
        columns=_columns(columns, s),
        where=_conditions(s),
        joins=tuple(_join(join) for join in s.sections("joins")),
        unpivot=_unpivot(s),
        group_by=s.texts("group_by"),
        only_new=s.flag("only_new"),
    )
    s.finish()
    return table


def _columns(values: Any, s: Section) -> tuple[tuple[str, ColumnSpec], ...]:
    if not isinstance(values, dict):
        s.problem("columns", "write a section [tables.columns]")
        return ()
    sub = Section(values, ("tables", "columns"), s.notes, s.nth, f"{s.label}, columns")
    return tuple((name, _column(name, value, sub)) for name, value in values.items())


def _column(name: str, value: Any, sub: Section) -> ColumnSpec:
    if isinstance(value, str):
        return ColumnSpec(column=value)
    s = sub.inside(value, name, f"{sub.label}.{name}")
    spec = ColumnSpec(
        column=s.text("column"),
        value=plain(s.take("value")) if "value" in s.values else None,
        template=s.text("template"),
        date=_date_parts(s),
        lookup=s.text("lookup"),
        default=plain(s.take("default")) if "default" in s.values else None,
        scale=s.number("scale", Decimal(1)),
        case=s.choice("case", CASES),
        date_format=_forms(s),
        snap=s.choice("snap", SNAPS),
        shift_months=s.whole("shift_months"),
        shift_days=s.whole("shift_days"),
        take=s.choice("take", TAKES),
    )
    s.take("value")
    s.take("default")
    _one_origin(spec, s)
    s.finish()
    return spec


def _date_parts(s: Section) -> tuple[tuple[str, str | int], ...]:
    if "date" not in s.values:
        s.take("date")
        return ()
    parts = s.inside(s.take("date"), "date")
    found = tuple((part, parts.text_or_whole(part)) for part in DATE_PARTS if part in parts.values)
    if "year" not in dict(found):
        parts.problem("year", 'a date is made of at least a year, such as { year = "Year" }')
    parts.used.update(DATE_PARTS)
    parts.finish()
    return found


def _one_origin(spec: ColumnSpec, s: Section) -> None:
    origins = [bool(spec.column), spec.value is not None, bool(spec.template), bool(spec.date)]
    if sum(origins) != 1 and not (sum(origins) == 0 and spec.take == "count"):
        s.problem("column", "say from what: exactly one of column, value, template, date")


def _conditions(s: Section) -> tuple[Condition, ...]:
    return tuple(found for item in s.sections("where") if (found := _condition(item)))


def _condition(s: Section) -> Condition | None:
    column = s.required("column", "Status")
    given = [name for name in OPERATIONS if name in s.values]
    s.used.update(OPERATIONS)
    s.finish()
    if len(given) != 1:
        s.problem("where", f"give exactly one of {', '.join(OPERATIONS)}")
        return None
    value = s.values[given[0]]
    if (given[0] in ("in", "not_in")) != isinstance(value, list):
        s.problem(given[0], "in and not_in take a list, the others a single value")
    if given[0] == "empty" and not isinstance(value, bool):
        s.problem("empty", "write true or false")
    ready = tuple(plain(item) for item in value) if isinstance(value, list) else value
    return Condition(column, given[0], ready)


def _join(s: Section) -> Join:
    file = s.required("file", "reps")
    on = s.take("on", {})
    if not isinstance(on, dict) or not on or not all(isinstance(v, str) for v in on.values()):
        s.problem("on", 'write on = { "column here" = "column there" }')
        on = {}
    join = Join(
        file=file,
        on=tuple(on.items()),
        prefix=s.text("prefix", f"{file}."),
        where=_conditions(s),
        missing=s.choice("missing", MISSING, "set_aside"),
    )
    s.finish()
    return join


def _unpivot(s: Section) -> Unpivot | None:
    if "unpivot" not in s.values:
        s.take("unpivot")
        return None
    u = s.inside(s.take("unpivot"), "unpivot")
    spec = Unpivot(u.texts("columns"), u.required("name", "month"), u.required("value", "amount"))
    if not spec.columns:
        u.problem("columns", 'is missing; write columns = ["M01", "M02"] or ["M*"]')
    u.finish()
    return spec
