"""A mapping written as TOML that ``parse`` reads back to the same thing."""

from __future__ import annotations

from dataclasses import fields
from decimal import Decimal
from typing import Any

import tomlkit
from tomlkit.items import Array, InlineTable, Table

from connectors.files.dates import to_words
from connectors.files.spec import ColumnSpec, Condition, FileSpec, Join, Mapping, TableSpec


def dumps(mapping: Mapping, comments: dict[tuple[int, str], str] | None = None) -> str:
    """TOML text. ``comments`` puts a remark behind a column: key (index of the table, column)."""
    document = tomlkit.document()
    document["source"] = _source(mapping)
    if mapping.settings:
        document["settings"] = tomlkit.item(_sorted_plain(mapping.settings))
    files = tomlkit.table(is_super_table=True)
    for file in mapping.files:
        files[file.name] = _file(file)
    document["files"] = files
    if mapping.lookups:
        document["lookups"] = tomlkit.item({name: dict(pairs) for name, pairs in mapping.lookups.items()})
    entries = tomlkit.aot()
    for number, table in enumerate(mapping.tables):
        entries.append(_table(table, number, comments or {}))
    document["tables"] = entries
    return tomlkit.dumps(document)


def _source(mapping: Mapping) -> Table:
    table = tomlkit.table()
    table["name"] = mapping.name
    if mapping.title:
        table["title"] = mapping.title
    if mapping.as_of:
        table["as_of"] = mapping.as_of
    return table


def _sorted_plain(values: Any) -> Any:
    """Plain values before sub-tables, as TOML needs them."""
    return dict(sorted(values.items(), key=lambda pair: isinstance(pair[1], dict)))


def _changed(spec: Any, skip: tuple[str, ...] = ()) -> dict[str, Any]:
    """Fields of a dataclass that differ from their default."""
    return {
        f.name: getattr(spec, f.name)
        for f in fields(spec)
        if f.name not in skip and getattr(spec, f.name) != f.default
    }


def _file(spec: FileSpec) -> Table:
    table = tomlkit.table()
    for name, value in _changed(spec, skip=("name",)).items():
        table[name] = _file_value(name, value)
    return table


def _file_value(name: str, value: Any) -> Any:
    if name == "header" and value == 0:
        return False
    if name == "date_format":
        return _forms(value)
    return list(value) if isinstance(value, tuple) else value


def _forms(value: tuple[str, ...]) -> Any:
    words = [to_words(form) for form in value]
    return words[0] if len(words) == 1 else words


def _inline(values: dict[str, Any]) -> InlineTable:
    table = tomlkit.inline_table()
    table.update(values)
    return table


def _listed(items: list[InlineTable]) -> Array:
    array = tomlkit.array()
    array.extend(items)
    return array


def _table(spec: TableSpec, number: int, comments: dict[tuple[int, str], str]) -> Table:
    table = tomlkit.table()
    table["fills"] = spec.fills
    table["from"] = spec.source
    if spec.where:
        table["where"] = _listed([_condition(condition) for condition in spec.where])
    if spec.joins:
        table["joins"] = _listed([_join(join) for join in spec.joins])
    if spec.unpivot:
        u = spec.unpivot
        table["unpivot"] = _inline({"columns": list(u.columns), "name": u.name, "value": u.value})
    if spec.group_by:
        table["group_by"] = list(spec.group_by)
    if spec.only_new:
        table["only_new"] = True
    columns = tomlkit.table()
    for name, column in spec.columns:
        item = tomlkit.item(_column(column))
        if remark := comments.get((number, name)):
            item.comment(remark)
        columns[name] = item
    table["columns"] = columns
    return table


def _condition(condition: Condition) -> InlineTable:
    value = list(condition.value) if isinstance(condition.value, tuple) else condition.value
    return _inline({"column": condition.column, condition.operation: value})


def _join(join: Join) -> InlineTable:
    values: dict[str, Any] = {"file": join.file, "on": _inline(dict(join.on))}
    if join.prefix != f"{join.file}.":
        values["prefix"] = join.prefix
    if join.where:
        values["where"] = _listed([_condition(condition) for condition in join.where])
    if join.missing != "set_aside":
        values["missing"] = join.missing
    return _inline(values)


def _column(spec: ColumnSpec) -> str | InlineTable:
    changed = _changed(spec)
    if list(changed) == ["column"]:
        return spec.column
    return _inline({name: _column_value(name, value) for name, value in changed.items()})


def _column_value(name: str, value: Any) -> Any:
    if name == "date":
        return _inline(dict(value))
    if name == "date_format":
        return _forms(value)
    if value in ("true", "false"):
        return value == "true"
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    return value
