"""Rows of a connector made into the landing schema of their table, without losing anything.

Whatever does not fit is a mistake in the connector, not in the data, and raises ``LandingError``:
text or floats as money, instants without a zone, a missing column that has no default.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import NamedTuple

import pyarrow as pa
import pyarrow.compute as pc

from warehouse.tables import TABLES, UNASSIGNED, Column, Kind, Table

Pseudonym = Callable[[str], str]
"""From a lower-cased e-mail address to the key that stands for it."""


class Keys(NamedTuple):
    """What replaces the e-mail addresses in keys: those of reps, and those inside any other key."""

    rep: Pseudonym | None = None
    other: Pseudonym | None = None


PLACE = (pa.field("_file", pa.string()), pa.field("_row", pa.int64()))
"""Where a row came from: file (or query) name, and row as a spreadsheet counts it."""

_EMAIL = re.compile(r"[^\s@|;,:/<>\"'(){}\[\]]+@[^\s@|;,:/<>\"'(){}\[\]]+")


class LandingError(Exception):
    """A connector did something the landing does not allow."""


def disk_schema(table: str) -> pa.Schema:
    """Columns of a sealed landing's Parquet file: no personal ones, plus where the row was."""
    personal = {column.name for column in TABLES[table].columns if column.personal}
    kept = [field for field in TABLES[table].landing if field.name not in personal]
    return pa.schema([*kept, *PLACE])


def conform(table: str, rows: pa.Table, keys: Keys) -> pa.Table:
    """``rows`` with the columns of ``TABLES[table].landing`` and PLACE, cast without loss.

    E-mail addresses in keys become pseudonyms. Raises ``LandingError``.
    """
    spec = _spec(table)
    _refuse_unknown(spec, rows)
    schema = pa.schema([*spec.landing, *PLACE])
    columns = {field.name: _column(spec, field, rows) for field in schema}
    for name in _key_columns(spec):
        rep = _is_rep(spec, name)
        columns[name] = hide_emails(columns[name], keys.rep if rep else keys.other, whole=rep)
    if table == "opportunity_changes":
        _hide_owner_changes(columns, keys.rep)
    columns["source_id"] = _source_id(spec, columns, keys.other)
    return pa.table([columns[field.name] for field in schema], schema=schema)


def _spec(table: str) -> Table:
    if table not in TABLES:
        message = f"there is no canonical table {table!r}"
        raise LandingError(message)
    if TABLES[table].derived:
        message = f"{table} is built by the warehouse; no source can send it"
        raise LandingError(message)
    return TABLES[table]


def _refuse_unknown(spec: Table, rows: pa.Table) -> None:
    known = {*spec.landing.names, *(field.name for field in PLACE)}
    unknown = [name for name in rows.column_names if name not in known]
    if unknown or len(set(rows.column_names)) < len(rows.column_names):
        message = f"{spec.name}: unknown or repeated columns {unknown or rows.column_names}"
        raise LandingError(message)


def _column(spec: Table, field: pa.Field, rows: pa.Table) -> pa.ChunkedArray:
    """One column, typed, with its default where it is missing."""
    if field.name not in rows.column_names:
        return _missing(spec, field, rows.num_rows)
    column = spec.by_name.get(field.name)
    values = _cast(spec, field, rows[field.name])
    if field.nullable or field.name == "source_id":
        return values
    return _filled(spec, column, values) if column else values


def _missing(spec: Table, field: pa.Field, count: int) -> pa.ChunkedArray:
    column = spec.by_name.get(field.name)
    default: object = None
    if column and not field.nullable and field.name != "source_id":
        if column.name in spec.key or column.kind not in (Kind.KEY, Kind.FLAG):
            message = f"{spec.name}.{field.name} is missing and has no default"
            raise LandingError(message)
        default = UNASSIGNED if column.kind is Kind.KEY else False
    return pa.chunked_array([pa.repeat(pa.scalar(default, field.type), count)])


def _filled(spec: Table, column: Column, values: pa.ChunkedArray) -> pa.ChunkedArray:
    """No NULL: an unknown key is UNASSIGNED, an unknown flag false, anything else a mistake."""
    own = column.name in spec.key
    if column.kind is Kind.KEY:
        empty = pc.or_kleene(pc.is_null(values), pc.equal(values, ""))
        if not pc.any(empty).as_py():
            return values
        if not own:
            return pc.if_else(empty, UNASSIGNED, values)
    elif values.null_count == 0:
        return values
    elif column.kind is Kind.FLAG and not own:
        return pc.fill_null(values, False)
    message = f"{spec.name}.{column.name} has rows without a value; set them aside"
    raise LandingError(message)


def _cast(spec: Table, field: pa.Field, values: pa.ChunkedArray) -> pa.ChunkedArray:
    if pa.types.is_dictionary(values.type):
        values = values.cast(values.type.value_type)
    if not _may_cast(values.type, field.type):
        message = f"{spec.name}.{field.name} is {values.type}, it must be {field.type}"
        raise LandingError(message)
    try:
        if pa.types.is_integer(values.type) and pa.types.is_decimal(field.type):
            values = values.cast(pa.decimal128(38, field.type.scale))  # room for any int64
        cast = values.cast(field.type)
    except pa.ArrowInvalid as error:
        message = f"{spec.name}.{field.name} does not fit {field.type}: {error}"
        raise LandingError(message) from error
    if pa.types.is_floating(field.type) and not _finite(cast):
        message = f"{spec.name}.{field.name} holds NaN or infinity; set those rows aside"
        raise LandingError(message)
    return cast


def _may_cast(have: pa.DataType, want: pa.DataType) -> bool:
    """Whether the kinds agree; the cast itself then refuses a value that would lose something."""
    if have.equals(want) or pa.types.is_null(have):
        return True
    if pa.types.is_string(want):
        return _is_text(have)
    if pa.types.is_decimal(want):
        return bool(pa.types.is_decimal(have) or pa.types.is_integer(have))
    if pa.types.is_floating(want):
        return bool(pa.types.is_floating(have) or pa.types.is_integer(have))
    if pa.types.is_integer(want):
        return bool(pa.types.is_integer(have))
    if pa.types.is_timestamp(want):
        return bool(pa.types.is_timestamp(have) and have.tz)
    return bool(pa.types.is_date(want) and pa.types.is_date(have))


def _is_text(type_: pa.DataType) -> bool:
    return bool(
        pa.types.is_string(type_) or pa.types.is_large_string(type_) or pa.types.is_string_view(type_)
    )


def _finite(values: pa.ChunkedArray) -> bool:
    return pc.all(pc.is_finite(values)).as_py() is not False


def _key_columns(spec: Table) -> list[str]:
    return [c.name for c in spec.columns if c.kind is Kind.KEY and c.name in spec.landing.names]


def _is_rep(spec: Table, name: str) -> bool:
    return spec.by_name[name].refers == "reps" or (spec.name, name) == ("reps", "rep_id")


def hide_emails(values: pa.ChunkedArray, pseudonym: Pseudonym | None, *, whole: bool) -> pa.ChunkedArray:
    """``values`` with pseudonyms for e-mail addresses: the whole value, or those found inside it.

    Raises ``LandingError`` when there are addresses and no ``pseudonym`` to replace them with.
    """
    if not pc.any(pc.match_substring(values, "@")).as_py():
        return values
    if pseudonym is None:
        message = "keys hold e-mail addresses, but the landing was given no pseudonym function"
        raise LandingError(message)
    distinct = pc.unique(values)
    hidden = pa.array([_hidden(text, pseudonym, whole) for text in distinct.to_pylist()], pa.string())
    return pa.chunked_array([hidden.take(pc.index_in(values.combine_chunks(), distinct))])


def _hidden(text: str | None, pseudonym: Pseudonym, whole: bool) -> str | None:  # noqa: FBT001
    if text is None or "@" not in text:
        return text
    if whole:
        return pseudonym(text.strip().lower())
    return _EMAIL.sub(lambda found: pseudonym(found.group().lower()), text)


def mask_emails(text: str, pseudonym: Pseudonym | None) -> str:
    """``text`` with its e-mail addresses replaced by pseudonyms, or by "(e-mail)" without one."""
    if "@" not in text:
        return text
    return _EMAIL.sub(lambda found: pseudonym(found.group().lower()) if pseudonym else "(e-mail)", text)


def _hide_owner_changes(columns: dict[str, pa.ChunkedArray], pseudonym: Pseudonym | None) -> None:
    """In the history of owners, the old and new values are rep keys."""
    owner = pc.equal(columns["field"], "owner_id")
    for name in ("old_value", "new_value"):
        keys = pc.if_else(owner, columns[name], pa.scalar(None, pa.string()))
        columns[name] = pc.if_else(owner, hide_emails(keys, pseudonym, whole=True), columns[name])


def _source_id(
    spec: Table, columns: dict[str, pa.ChunkedArray], pseudonym: Pseudonym | None
) -> pa.ChunkedArray:
    """The source's id, else the key's columns joined by "|"."""
    given = columns["source_id"]
    if given.null_count == 0:
        return hide_emails(given, pseudonym, whole=False)
    parts = [columns[name].cast(pa.string()) for name in spec.key]
    joined = parts[0] if len(parts) == 1 else pc.binary_join_element_wise(*parts, "|")
    return hide_emails(pc.coalesce(given, joined), pseudonym, whole=False)
