"""Which columns of which file a table needs, so that a missing one is named before anything is read."""

from __future__ import annotations

import re
from collections.abc import Iterator

from connectors.files.opening import Source
from connectors.files.scope import joined_name, wide_columns
from connectors.files.spec import ColumnSpec, Condition, Join, TableSpec
from warehouse.issues import DataIssue

BUILT_IN = ("_file", "_row")
"""Names a template may use besides the file's columns."""

_NAMED = re.compile(r"\{([^{}]+)\}")


def template_parts(template: str) -> list[tuple[str, str]]:
    """``"{A}-{B}"`` → [("column", "A"), ("text", "-"), ("column", "B")]."""
    pieces = _NAMED.split(template)
    kinds = ["text", "column"] * len(pieces)
    return [(kind, piece) for kind, piece in zip(kinds, pieces, strict=False) if piece]


def columns_of(spec: ColumnSpec) -> Iterator[str]:
    """Source columns one canonical column is made of."""
    if spec.column:
        yield spec.column
    parts = template_parts(spec.template)
    yield from (name for kind, name in parts if kind == "column" and name not in BUILT_IN)
    yield from (name for _, name in spec.date if isinstance(name, str))


def _all(table: TableSpec) -> Iterator[str]:
    """Every column a table names, joined ones with their prefix."""
    for _, spec in table.columns:
        yield from columns_of(spec)
    yield from (condition.column for condition in table.where)
    for join in table.joins:
        yield from (here for here, _ in join.on)


def own_columns(table: TableSpec) -> list[str]:
    """Columns the table needs from the file it is filled from (without the unpivoted ones)."""
    made = {table.unpivot.name, table.unpivot.value} if table.unpivot else set()
    prefixes = [join.prefix for join in table.joins if join.prefix]
    names = dict.fromkeys(_all(table))
    return [n for n in names if n not in made and not any(n.startswith(prefix) for prefix in prefixes)]


def joined_columns(table: TableSpec, join: Join) -> list[str]:
    """Columns the table needs from a joined file: keys, conditions and values."""
    keys = [there for _, there in join.on]
    conditions = [condition.column for condition in join.where]
    values = [there for name in _all(table) if (there := joined_name(name, join.prefix))]
    return list(dict.fromkeys([*keys, *conditions, *values]))


def missing(table: TableSpec, sources: dict[str, Source]) -> Iterator[DataIssue]:
    """An issue for each column a table needs and its files do not have."""
    source = sources[table.source]
    found = source.missing(own_columns(table))
    if table.unpivot and source.readers:
        _, absent = wide_columns(table, source.columns)
        found += source.missing(absent)
    for join in table.joins:
        found += sources[join.file].missing(joined_columns(table, join))
    for issue in found:
        yield DataIssue(**{**vars(issue), "table": table.fills})


def condition_columns(conditions: tuple[Condition, ...]) -> list[str]:
    """Columns that conditions look at."""
    return [condition.column for condition in conditions]
