"""Transactions as a plain file says them: rows of texts in, the calculation's table out.

The columns are described in ``docs/plans.md``. A bad row is set aside with a problem that names file,
row and field; it never stops the good ones. What comes out does not depend on the order of the rows.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

import pyarrow as pa

from compensation.files import values
from compensation.files.row_deals import named, released, within_whole
from compensation.inputs import TRANSACTIONS
from compensation.problems import problem
from compensation.run import Problem

KINDS = ("direct", "split", "overlay")
SALE, OBJECTIVE, CANCELLED, PAID = "sale", "objective", "cancelled", "paid"
COLUMNS = (
    "rep", "date", "amount", "id", "deal", "product", "family", "type", "account", "region", "team", "margin",
    "units", "split", "kind", "currency", "term_months", "event", "component", "score", "families", "released_on",
    "cancelled_on",
)  # fmt: skip
"""Columns with a meaning of their own; conditions can name any further one."""

ALIASES = {"transaction_id": "id", "deal_id": "deal", "share": "split"}
"""Columns as the calculation calls them, which files may use as well."""

_TEXTS = ("product", "family", "type", "account", "region", "team")


def read_csv(text: str, file: str = "transactions.csv") -> tuple[list[dict[str, str]], list[Problem]]:
    """Rows of a CSV with a header, comma, semicolon or tab between; a row is a dict by column name.

    Without one of the columns rep and date, or with two columns of one name, there are no rows but a problem.
    """
    text = text.removeprefix("\ufeff")
    first = text.partition("\n")[0]
    delimiter = max(",;\t", key=first.count)
    header, *lines = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter) if text.strip() else ([],)
    names = [_column(name) for name in header]
    found = [
        problem("missing_column", file=file, field=name) for name in ("rep", "date") if name not in names
    ]
    twice = sorted({name for name in names if name and names.count(name) > 1})
    found += [problem("duplicate_column", file=file, field=name) for name in twice]
    return ([] if found else [dict(zip(names, line, strict=False)) for line in lines]), found


def transactions(
    rows: Iterable[Mapping[str, str]],
    file: str,
    currency: str,
    *,
    first_row: int = 2,
    until: Collection[str] = (PAID,),
) -> tuple[pa.Table, list[Problem]]:
    """Rows by column name as a table with TRANSACTIONS (further columns follow as texts), and what is wrong.

    ``currency`` is of rows that name none; ``until`` are the events that release held pay; ``first_row``
    is the number of the first row as a person counts (2 under a header). Empty rows are passed over.
    """
    reader = _Reader(file, currency, frozenset(until))
    for number, row in enumerate(rows, start=first_row):
        reader.take(number, {_column(name): (text or "").strip() for name, text in row.items()})
    return reader.table(), sorted(reader.problems, key=_row_of)


def _column(name: str) -> str:
    return ALIASES.get(values.column(name), values.column(name))


def _row_of(found: Problem) -> int:
    return int(dict(found.fields).get("row", "0"))


@dataclass
class _Reader:
    """Collects sales and events, then joins them."""

    file: str
    currency: str
    until: frozenset[str]
    sales: list[dict[str, Any]] = field(default_factory=list)
    events: list[dict[str, Any]] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    further: set[str] = field(default_factory=set)

    def take(self, number: int, row: dict[str, str]) -> None:
        """One row: a sale, the score of an objective, or something that happened to a deal."""
        if not any(row.values()):
            return
        self.further |= set(row) - set(COLUMNS) - {""}
        cells = values.Cells(self.file, number, row)
        event = cells.choice("event", (SALE, OBJECTIVE, CANCELLED, *sorted(self.until)), SALE)
        if event == SALE:
            self._keep(self.sales, _sale(cells, self.currency), cells)
        elif event == OBJECTIVE:
            self._keep(self.sales, _objective(cells, self.currency), cells)
        else:
            self._keep(self.events, _event(cells, event), cells)

    def _keep(self, where: list[dict[str, Any]], made: dict[str, Any], cells: values.Cells) -> None:
        if cells.problems:
            self.problems += cells.problems
        else:
            where.append(made | {"row": cells.row, "cells": cells.texts})

    def table(self) -> pa.Table:
        """Everything that could be used."""
        kept, found = named(self.sales, self.file)
        kept, over = within_whole(kept, self.file)
        lost = released(kept, self.events, self.file, CANCELLED)
        self.problems += [*found, *over, *lost]
        columns = [pa.array([sale[name.name] for sale in kept], name.type) for name in TRANSACTIONS]
        table = pa.table(columns, schema=TRANSACTIONS)
        for name in sorted(self.further):
            texts = [sale["cells"].get(name) or None for sale in kept]
            table = table.append_column(name, pa.array(texts, pa.string()))
        return table


def _sale(cells: values.Cells, currency: str) -> dict[str, Any]:
    share = cells.share("split", 1, default=1)
    amount_optional = bool(cells.texts.get("units"))
    return _blank() | {
        "transaction_id": cells.text("id"),
        "deal_id": cells.text("deal"),
        "rep": cells.required("rep"),
        "kind": cells.choice("kind", KINDS, "direct" if share == 1 else "split"),
        "date": cells.day("date"),
        "amount": cells.money("amount", needed=not amount_optional) or 0,
        "share": share,
        "currency": cells.currency("currency", currency),
        "margin": cells.money("margin"),
        "units": cells.money("units"),
        "families": cells.whole("families", 0),
        "term_months": cells.whole("term_months", 1),
        "released_on": cells.maybe_day("released_on"),
        "cancelled_on": cells.maybe_day("cancelled_on"),
        **{name: cells.text(name) or None for name in _TEXTS},
    }


def _objective(cells: values.Cells, currency: str) -> dict[str, Any]:
    return _blank() | {
        "transaction_id": cells.text("id"),
        "deal_id": cells.text("deal"),
        "rep": cells.required("rep"),
        "kind": "objective",
        "date": cells.day("date"),
        "currency": cells.currency("currency", currency),
        "component": cells.required("component"),
        "score": cells.share("score", 10),
        **{name: cells.text(name) or None for name in _TEXTS},
    }


def _event(cells: values.Cells, event: str) -> dict[str, Any]:
    deal = cells.text("deal") or cells.text("id")
    if not deal:
        cells.required("deal")
    return {
        "event": event,
        "deal": deal,
        "field": "deal" if cells.text("deal") else "id",
        "date": cells.day("date"),
    }


def _blank() -> dict[str, Any]:
    """A row in which nothing is said but what can never be missing."""
    return dict.fromkeys(TRANSACTIONS.names) | {"amount": 0, "share": 1}
