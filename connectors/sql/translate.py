"""A query's rows as canonical rows: each value typed exactly, each row that cannot be, set aside."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import pyarrow as pa

from connectors.files.check import BEGINNING, DEFAULTS, must_have, sent_columns
from connectors.sql import values
from connectors.sql.client import Batch
from connectors.sql.spec import Query, SqlMapping
from warehouse.issues import DataIssue, LoadFailed, raw_row
from warehouse.settings import Settings
from warehouse.tables import OPEN_END, TABLES, Column, Kind

Report = Callable[[DataIssue], None]

_READY: dict[Kind, type] = {
    Kind.KEY: str,
    Kind.TEXT: str,
    Kind.MONEY: Decimal,
    Kind.SHARE: Decimal,
    Kind.RATE: Decimal,
    Kind.INTEGER: int,
    Kind.FLAG: bool,
    Kind.DATE: date,
}
"""Kinds whose values need no work when the driver already gives this type."""


@dataclass
class Translator:
    """Turns the batches of one query into tables for the landing; ``finish`` reports what it counted.

    Raises ``LoadFailed`` at once when a column is unknown or one that rows need is missing.
    """

    mapping: SqlMapping
    query: Query
    columns: tuple[str, ...]
    report: Report
    latest: Any = None  # the largest cursor value seen
    counts: Counter[tuple[str, str]] = field(default_factory=Counter)

    def __post_init__(self) -> None:
        every = sent_columns(self.query.fills)
        defaults = {name: self._default(column) for name, column in every.items()}
        self._defaults = {name: value for name, value in defaults.items() if value is not None}
        self._refuse(every)
        self._known = {name: every[name] for name in self.columns if name in every}
        zone = ZoneInfo(self.mapping.time_zone)
        self._convert = {name: values.converter(c.kind, zone) for name, c in self._known.items()}
        self._schema = TABLES[self.query.fills].landing

    def table(self, batch: Batch) -> pa.Table:
        """The good rows of a batch, with ``_file`` and ``_row``."""
        bad: set[int] = set()
        across = list(zip(*batch.rows, strict=True)) or [()] * len(self.columns)
        self._follow(across)
        arrays = {name: self._array(name, across, batch, bad) for name in self._known}
        count = len(batch.rows)
        for name, value in self._defaults.items():
            if name not in self._known:
                arrays[name] = pa.repeat(pa.scalar(value, self._schema.field(name).type), count)
        arrays["_file"] = pa.repeat(pa.scalar(self.query.name), count)
        arrays["_row"] = pa.array(range(batch.first, batch.first + count), pa.int64())
        rows = pa.table(arrays)
        return rows.filter(pa.array([at not in bad for at in range(count)])) if bad else rows

    def finish(self) -> None:
        """Report what concerns whole columns: floats as money, rounding, missing cursor values."""
        for (code, name), count in self.counts.items():
            self.report(self._issue(code, field=name, detail=f"{count:,} rows", severity="warning"))

    def _issue(self, code: str, **more: Any) -> DataIssue:
        return DataIssue(code, table=self.query.fills, file=self.query.name, **more)

    def _refuse(self, every: dict[str, Column]) -> None:
        """A column nobody knows, one that is there twice, or one that is missing: nothing can be loaded."""
        odd = [n for n, count in Counter(self.columns).items() if count > 1 or not self._is_known(n, every)]
        found = [
            self._issue("unknown_column", field=name, detail=self.query.fills, severity="load")
            for name in odd
        ]
        needed = [n for n, c in every.items() if self._needs(c) and n not in self._defaults]
        needed += [self.query.cursor] if self.query.cursor else []
        for name in needed:
            if name not in self.columns:
                found.append(self._issue("missing_column", field=name, severity="load"))
        if found:
            raise LoadFailed(found)

    def _needs(self, column: Column) -> bool:
        """Whether a row without this column is no row; the landing makes ``source_id`` from the key."""
        return column.name != "source_id" and must_have(self.query.fills, column)

    def _is_known(self, name: str, every: Iterable[str]) -> bool:
        return name in every or name == self.query.cursor

    def _default(self, column: Column) -> Any:
        """What a column holds where the query gives nothing; the same as for files."""
        always = {"valid_from": BEGINNING, "valid_to": OPEN_END, "currency": self.mapping.currency or None}
        if column.name in always:
            return always[column.name]
        if (self.query.fills, column.name) == ("quotas", "measure"):
            return Settings.from_dict(self.mapping.settings).default_measure
        text = DEFAULTS.get((self.query.fills, column.name))
        return None if text is None else values.converter(column.kind, ZoneInfo("UTC"))(text)

    def _follow(self, across: Sequence[Sequence[Any]]) -> None:
        """Remember the largest cursor value, also of rows that are set aside."""
        if not self.query.cursor:
            return
        column = across[self.columns.index(self.query.cursor)]
        found = [value for value in column if value is not None]
        if len(found) < len(column):
            self.counts["no_cursor_value", self.query.cursor] += len(column) - len(found)
        if found:
            self.latest = max(found) if self.latest is None else max(self.latest, *found)

    def _array(self, name: str, across: Sequence[Sequence[Any]], batch: Batch, bad: set[int]) -> pa.Array:
        """One column, typed; the places of rows that cannot be used are added to ``bad``."""
        column = across[self.columns.index(name)]
        ready = self._ready(name, column)
        if ready is not None:
            return ready
        typed = []
        for at, value in enumerate(column):
            try:
                typed.append(self._value(name, value))
            except values.Bad as problem:
                typed.append(None)
                bad.add(at)
                self._set_aside(str(problem), name, value, batch, at)
        return pa.array(typed, self._schema.field(name).type)

    def _ready(self, name: str, column: Sequence[Any]) -> pa.Array | None:
        """The whole column at once, when every value already is what it must be."""
        wanted = _READY.get(self._known[name].kind)
        if {type(value) for value in column} != {wanted} or (wanted is str and "" in column):
            return None
        try:
            return pa.array(column, self._schema.field(name).type)
        except (pa.ArrowInvalid, OverflowError):  # too many places, too large, NaN: value by value
            return None

    def _value(self, name: str, value: Any) -> Any:
        column = self._known[name]
        if value is None or value == "":
            default = self._defaults.get(name)
            if default is None and self._needs(column):
                raise values.Bad("missing_value")
            return default
        found = self._convert[name](value)
        if column.kind is Kind.MONEY:
            self.counts.update(_inexact(name, value, found))
        return found

    def _set_aside(self, code: str, name: str, value: Any, batch: Batch, at: int) -> None:
        kind = self._known[name].kind
        self.report(
            self._issue(
                code,
                field=name,
                value="" if value is None else str(value),
                detail=kind.value if code == "wrong_kind" else "",
                row=batch.first + at,
                raw=raw_row(dict(zip(self.columns, batch.rows[at], strict=True))),
            )
        )


def _inexact(name: str, value: Any, found: Decimal) -> list[tuple[str, str]]:
    """What to count for an amount: a float is never exact, a rounded amount is not the source's."""
    codes = ["float_money"] if isinstance(value, float) else []
    codes += ["rounded_money"] if values.exact(value) != found else []
    return [(code, name) for code in codes]
