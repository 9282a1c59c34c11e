"""The transactions of a calculation, put in one order and turned into arrays."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import date

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from compensation.inputs import SHARE, TRANSACTIONS
from compensation.money.fine import Bools, Ints, codes_of, days, unit_of, units
from compensation.problems import problem
from compensation.run import Problem

WHOLE = 1_000_000
"""Shares and scores are whole numbers of a millionth."""

_NEEDED = (
    "transaction_id", "deal_id", "rep", "kind", "date", "amount", "share", "currency", "margin", "units", "score",
    "component", "team",
)  # fmt: skip
_ORDER = ("date", "transaction_id", "kind", "rep", "amount")


@dataclass(frozen=True)
class Codes:
    """Texts as numbers, in order of the alphabet."""

    names: pa.Array

    @classmethod
    def of(cls, *columns: pa.ChunkedArray) -> Codes:
        """All texts of some columns; NULL is none of them."""
        found = pc.unique(
            pa.chunked_array([pc.unique(column) for column in columns], pa.string())
        ).drop_null()
        return cls(found.take(pc.sort_indices(found)))

    def at(self, column: pa.ChunkedArray | pa.Array) -> Ints:
        """The number of each text, -1 for NULL and texts that are unknown."""
        found = pc.fill_null(pc.index_in(column, value_set=self.names), -1)
        return found.to_numpy().astype(np.int64)

    def __len__(self) -> int:
        return len(self.names)


@dataclass(frozen=True)
class Sales:
    """Transactions by date, then id: one row a transaction and credited person.

    ``rep`` numbers people, ``currency`` the names in ``currencies``; days are days since 1970-01-01, ``share``
    is in millionths. ``table`` holds the same rows with all their columns.
    """

    table: pa.Table
    people: Codes
    rep: Ints
    day: Ints
    share: Ints
    currency: Ints
    currencies: list[str]
    kinds: dict[str, Bools]
    values: dict[str, Ints] = field(default_factory=dict)

    def __len__(self) -> int:
        return len(self.rep)

    def of_kind(self, kind: str) -> Bools:
        """Which rows are direct, split, overlay or objective."""
        return self.kinds.get(kind, np.zeros(len(self), bool))

    def number(self, name: str) -> Ints:
        """A column of amounts in ten-thousandths, or of shares in millionths; NULL counts as 0."""
        return _shares(self.table[name]) if name in ("score", "share") else units(self.table[name])

    def step(self) -> Ints:
        """The minor unit of each row's currency, in ten-thousandths."""
        return np.array([unit_of(name) for name in self.currencies] or [1], np.int64)[self.currency]


def read_sales(
    table: pa.Table, people: Codes, as_of: date, fields: Collection[str]
) -> tuple[Sales, tuple[Problem, ...]]:
    """The transactions known on ``as_of``, in an order that does not depend on how they came.

    A transaction that is there twice for the same person counts once and is a problem. Of the columns only those
    the calculation needs are kept, and ``fields``.
    """
    table = whole(table, fields)
    ahead = pc.any(pc.greater(table["date"], as_of)).as_py()
    known = table.filter(pc.less_equal(table["date"], as_of)) if ahead else table
    rows = known.take(pc.sort_indices(known, [(name, "ascending") for name in _ORDER]))
    twice = _repeated(rows)
    problems = tuple(
        _repeat(row) for row in rows.filter(pa.array(twice)).select(["transaction_id", "rep"]).to_pylist()
    )
    rows = rows.filter(pa.array(~twice)) if twice.any() else rows
    currency, currencies = codes_of(rows["currency"])
    kind, kinds = codes_of(rows["kind"])
    return Sales(
        table=rows,
        people=people,
        rep=people.at(rows["rep"]),
        day=days(rows["date"], 0),
        share=_shares(rows["share"]),
        currency=currency,
        currencies=currencies,
        kinds={name: kind == number for number, name in enumerate(kinds)},
    ), problems


def _repeat(row: dict[str, str]) -> Problem:
    return problem("transaction_repeated", transaction=row["transaction_id"], rep=row["rep"])


def whole(table: pa.Table, fields: Collection[str]) -> pa.Table:
    """The needed columns and ``fields``, declared ones in their declared type; a field that is nowhere is left out."""
    known = [name for name in fields if name in table.column_names or name in TRANSACTIONS.names]
    return pa.table({name: _column(table, name) for name in dict.fromkeys([*_NEEDED, *known])})


def _column(table: pa.Table, name: str) -> pa.ChunkedArray:
    declared = TRANSACTIONS.field(name).type if name in TRANSACTIONS.names else None
    if name not in table.column_names:
        return pa.chunked_array([pa.nulls(len(table), declared)])
    column = table[name]
    return column if declared is None or column.type == declared else column.cast(declared)


def _shares(column: pa.ChunkedArray) -> Ints:
    """A SHARE column in millionths; NULL counts as 0."""
    assert column.type == SHARE
    return np.concatenate([_low_words(chunk) for chunk in column.chunks] or [np.zeros(0, np.int64)])


def _low_words(column: pa.Array) -> Ints:
    """The low word of each 128-bit value: the high one only repeats the sign."""
    words = np.frombuffer(column.buffers()[1], np.int64)
    low = words[2 * column.offset : 2 * (column.offset + len(column)) : 2]
    return np.where(column.is_valid().to_numpy(zero_copy_only=False), low, 0)


def _repeated(rows: pa.Table) -> Bools:
    """Which rows have the same transaction, person and kind as the row before (rows are sorted)."""
    if len(rows) < 2:
        return np.zeros(len(rows), bool)
    same = np.ones(len(rows) - 1, bool)
    for name in ("transaction_id", "kind", "rep"):
        column = rows[name].combine_chunks()
        same &= pc.equal(column[1:], column[:-1]).to_numpy(zero_copy_only=False)
    return np.concatenate([[False], same])
