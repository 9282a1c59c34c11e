"""Lines that follow from other lines: held, released and taken back parts, each with its own trace."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from compensation.money.fine import Ints, dates, days, money, sums, units
from compensation.money.months import Months
from compensation.paying.parts import Parts
from compensation.run import LINES, TRACE

READING = (
    "credited",
    "quota",
    "quota_credited",
    "attainment",
    "target",
    "rate",
    "before_modifiers",
    "factor",
    "modifiers",
    "capped",
    "to_date",
    "paid_before",
    "reason",
    "adjusts",
)
"""Columns that say how a line was earned; only the line that earned it keeps them, so that sums stay true."""


@dataclass(frozen=True)
class Posting:
    """Amounts of one kind: which part, in which month, how much (ten-thousandths, signed)."""

    kind: str
    part: Ints
    month: Ints
    amount: Ints


@dataclass(frozen=True)
class Book:
    """Lines and trace so far, with what new lines are made from."""

    lines: pa.Table
    trace: pa.Table
    parts: Parts
    months: Months

    def post(self, posting: Posting) -> tuple[pa.Table, pa.Table]:
        """New lines, one an original line and month, and their trace; amounts of zero leave none."""
        kept = np.flatnonzero(posting.amount)
        part, amount = posting.part[kept], posting.amount[kept]
        key = self.parts.line[part] * (len(self.months) + 1) + posting.month[kept]
        unique, which = np.unique(key, return_inverse=True)
        line, month = np.divmod(unique, len(self.months) + 1)
        made = self._lines(posting.kind, line, month, sums(amount, which, len(unique)))
        return made, self._trace(made["line_id"].combine_chunks().take(pa.array(which)), part, amount)

    def _lines(self, kind: str, line: Ints, month: Ints, amount: Ints) -> pa.Table:
        """Copies of lines, for another month and amount."""
        start = dates(self.months.starts[month])
        rows = self.lines.take(pa.array(line))
        ids = pc.binary_join_element_wise(rows["line_id"], kind, pc.cast(start, pa.string()), "|")
        earned_on = rows["earned_on"] if kind != "clawback" else dates(self.months.ends[month] - 1)
        changed = {
            "line_id": ids,
            "pay_start": start,
            "kind": pa.array([kind] * len(line), pa.string()),
            "amount": money(amount),
            "earned_on": earned_on,
        }
        return replaced(rows, changed | dict.fromkeys(READING), LINES)

    def _trace(self, ids: pa.Array, part: Ints, amount: Ints) -> pa.Table:
        """Trace of new lines: the same transactions, credited nothing a second time."""
        rows = self.trace.take(pa.array(self.parts.row[part]))
        nothing = money(np.zeros(len(part), np.int64))
        return replaced(rows, {"line_id": ids, "earned": money(amount), "credited": nothing}, TRACE)

    def without(self, part: Ints) -> tuple[pa.Table, pa.Table]:
        """Lines and trace with these parts taken out of what the lines pay."""
        taken = self.parts.earned[part]
        lines = units(self.lines["amount"]) - sums(taken, self.parts.line[part], len(self.lines))
        earned = units(self.trace["earned"]).copy()
        earned[self.parts.row[part]] = 0
        return (
            replaced(self.lines, {"amount": money(lines)}, LINES),
            replaced(self.trace, {"earned": money(earned)}, TRACE),
        )


def replaced(
    rows: pa.Table, columns: dict[str, pa.Array | pa.ChunkedArray | None], schema: pa.Schema
) -> pa.Table:
    """Rows with some columns replaced, NULL where None; in the schema's columns and order."""
    found = []
    for field in schema:
        if field.name not in columns:
            found.append(rows[field.name])
        elif columns[field.name] is None:
            found.append(pa.nulls(len(rows), field.type))
        else:
            found.append(columns[field.name])
    return pa.table(found, schema=schema)


def months_of(lines: pa.Table, months: Months) -> Ints:
    """The number of the month each line is paid with."""
    return months.at(days(lines["pay_start"], 0))
