"""Parts of a run: some months of it, some of its lines."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pyarrow as pa
import pyarrow.compute as pc

from compensation.after.payroll import GROUPS
from compensation.inputs import MONEY
from compensation.run import Run


def within(found: Run, start: date, end: date) -> Run:
    """What is paid in the months from ``start`` until before ``end``."""
    lines = found.lines.filter(_between(found.lines["pay_start"], start, end))
    balances = found.balances.filter(_between(found.balances["month_start"], start, end))
    return Run(lines, of_lines(found.trace, lines), balances, found.problems)


def of_lines(trace: pa.Table, lines: pa.Table) -> pa.Table:
    """The trace of some lines."""
    return trace.filter(pc.is_in(trace["line_id"], lines["line_id"].combine_chunks()))


def payable(lines: pa.Table) -> pa.Table:
    """Lines that move money: nothing held or forgiven, and no lines of nothing."""
    nothing = pc.equal(lines["amount"], pa.scalar(Decimal(0), MONEY))
    moves = pc.is_in(lines["kind"], pa.array(list(GROUPS)))
    return lines.filter(pc.and_(moves, pc.invert(nothing)))


def _between(day: pa.ChunkedArray, start: date, end: date) -> pa.ChunkedArray:
    return pc.and_(pc.greater_equal(day, start), pc.less(day, end))
