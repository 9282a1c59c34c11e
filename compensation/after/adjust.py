"""Adjustments: what closed months should have paid, as known now, paid or taken in the open month.

A closed month's lines are never touched. What a recalculation makes of the same month, less what was paid then
and what earlier adjustments have put right since, becomes one line a payee, component and closed month.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from compensation.after.adjust_reasons import reasons
from compensation.money.fine import money, units
from compensation.run import LINES, Run

KEYS = ["rep", "plan_id", "component_id", "period_start", "currency", "adjusts"]
"""What an adjustment is of; ``adjusts`` is the closed month."""


def adjustments(
    recomputed: Run, frozen: Run, earlier: pa.Table, into: date, closed: Collection[date] | None = None
) -> pa.Table:
    """Lines of kind adjustment, paid in the month that starts on ``into``; none where nothing changed.

    ``frozen`` is what the closed months paid, with its trace; ``earlier`` are adjustment lines of months closed
    since (those already among the frozen lines do not count twice). ``closed`` are the first days of the closed
    months; without it, every month before ``into`` is. ``amount`` is the difference, signed; ``reason`` is JSON:
    ``transactions`` that are late, corrected or removed, and how many others ``moved`` because of them; neither,
    where terms, quotas or a draw's balance changed.
    """
    before = pc.invert(pc.is_in(earlier["line_id"], frozen.lines["line_id"].combine_chunks()))
    signed = [_signed(recomputed.lines, 1), _signed(frozen.lines, -1), _signed(earlier.filter(before), -1)]
    rows = pa.concat_tables(signed)
    rows = rows.filter(_closed(rows["adjusts"], into, closed))
    found = rows.group_by(KEYS).aggregate([("units", "sum"), ("plan_version", "max"), ("period_end", "max")])
    found = found.filter(pc.not_equal(found["units_sum"], 0)).sort_by([(key, "ascending") for key in KEYS])
    return _lines(found, reasons(recomputed, frozen, found.select(KEYS)), into)


def _signed(lines: pa.Table, sign: int) -> pa.Table:
    """What lines pay, by the closed month it belongs to."""
    rows = lines.filter(pc.not_equal(lines["kind"], "held"))
    month = pc.coalesce(rows["adjusts"], rows["pay_start"])
    columns = {name: rows[name] for name in [*KEYS[:-1], "plan_version", "period_end"]}
    return pa.table(columns | {"adjusts": month, "units": sign * units(rows["amount"])})


def _closed(month: pa.ChunkedArray, into: date, closed: Collection[date] | None) -> pa.ChunkedArray:
    if closed is None:
        return pc.less(month, into)
    return pc.is_in(month, pa.array(sorted(closed), pa.date32()))


def _lines(found: pa.Table, why: list[str], into: date) -> pa.Table:
    count = len(found)
    texts = [pc.cast(found[name], pa.string()) for name in KEYS]
    values = {
        "line_id": pc.binary_join_element_wise(*texts, "adjustment", str(into), "|"),
        "plan_version": found["plan_version_max"],
        "period_end": found["period_end_max"],
        "pay_start": _repeated(into, count),
        "earned_on": _repeated(into, count),
        "kind": pa.repeat("adjustment", count),
        "amount": money(np.asarray(found["units_sum"]).astype(np.int64)),
        "reason": pa.array(why, pa.string()),
    }
    values |= {name: found[name] for name in KEYS}
    columns = [values.get(field.name, pa.nulls(count, field.type)) for field in LINES]
    return pa.table(columns, schema=LINES)


def _repeated(day: date, count: int) -> pa.Array:
    return pa.repeat(pa.scalar(day, pa.date32()), count)
