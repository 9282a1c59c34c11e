"""Measures: which transactions count, and for how much each credited person's part counts."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from compensation.earning.sales import WHOLE, Sales
from compensation.money.exact import times
from compensation.money.fine import SCALE, Bools, Ints, codes_of
from compensation.money.rounding import divide, shared_out
from compensation.plan.model import Condition, Measure
from compensation.problems import problem
from compensation.run import Problem

MONEY_VALUES = ("amount", "margin")
"""What a measure can be of that is money, and so has a currency."""


def is_money(measure: Measure) -> bool:
    """Whether the measure has a currency."""
    return measure.of in MONEY_VALUES


def matching(sales: Sales, conditions: Sequence[Condition]) -> tuple[Bools, tuple[Problem, ...]]:
    """Which transactions meet every condition. A field nobody has, or that has no order, is a problem and met by none."""
    found, problems = np.ones(len(sales), bool), []
    for each in conditions:
        if each.field not in sales.table.column_names:
            problems.append(problem("condition_field", field=each.field))
            found[:] = False
            continue
        try:
            found &= _meets(sales.table[each.field], each)
        except pa.ArrowInvalid:
            problems.append(problem("condition_order", field=each.field))
            found[:] = False
    return found, tuple(problems)


def _meets(column: pa.ChunkedArray, condition: Condition) -> Bools:
    """NULL meets nothing."""
    found = pa.chunked_array([pa.array(np.ones(len(column), bool))])
    if condition.values:
        found = pc.is_in(_text(column), value_set=pa.array(list(condition.values), pa.string()))
    if condition.at_least is not None:
        found = pc.and_(found, pc.greater_equal(_exact(column), _bound(condition.at_least)))
    if condition.below is not None:
        found = pc.and_(found, pc.less(_exact(column), _bound(condition.below)))
    return pc.fill_null(found, fill_value=False).to_numpy().astype(bool)


def _text(column: pa.ChunkedArray) -> pa.ChunkedArray:
    return column if column.type == pa.string() else column.cast(pa.string())


def _exact(column: pa.ChunkedArray) -> pa.ChunkedArray:
    return column if pa.types.is_decimal(column.type) else column.cast(pa.decimal128(28, 6))


def _bound(value: Decimal) -> pa.Scalar:
    return pa.scalar(value).cast(pa.decimal128(28, 6))


def values(sales: Sales, of: str) -> Ints:
    """Each row's part of its transaction's value, in ten-thousandths; the parts of a deal lose nothing.

    ``count`` counts a shared deal by shares, and a reversal (an amount below 0) as one less.
    """
    if of not in sales.values:
        sales.values[of] = _parts(sales, *_whole(sales, of))
    return sales.values[of]


def _whole(sales: Sales, of: str) -> tuple[Ints, Ints]:
    """The whole transactions' values and the smallest step each can be shared in."""
    if of == "count":
        return np.where(sales.number("amount") < 0, -SCALE, SCALE), np.ones(len(sales), np.int64)
    found = sales.number(of)
    step = sales.step() if of in MONEY_VALUES else np.ones(len(sales), np.int64)
    return found, np.where(found % step == 0, step, 1)


def _parts(sales: Sales, whole: Ints, step: Ints) -> Ints:
    """Shares of a deal's transactions by largest remainder; overlays, which need not add up, each by itself."""
    found = whole.copy()
    alone = sales.of_kind("overlay")
    partial = sales.share != WHOLE
    rows = np.flatnonzero(partial & alone)
    found[rows] = divide(times(whole[rows], sales.share[rows]), WHOLE * step[rows], "half_up") * step[rows]
    rows = np.flatnonzero(partial & ~alone)
    if len(rows):
        found[rows] = _conserving(sales, rows, whole[rows], step[rows])
    return found


def _conserving(sales: Sales, rows: Ints, whole: Ints, step: Ints) -> Ints:
    deal, _ = codes_of(sales.table["deal_id"].take(pa.array(rows)))
    kind = sales.of_kind("split")[rows].astype(np.int64)
    keys = (whole, sales.currency[rows], sales.day[rows], kind, deal)
    order = np.lexsort(keys)
    changed = np.ones(len(rows), bool)
    changed[1:] = np.any([key[order][1:] != key[order][:-1] for key in keys], axis=0)
    found = np.empty(len(rows), np.int64)
    found[order] = shared_out(
        whole[order],
        sales.share[rows][order],
        WHOLE,
        step[order],
        np.flatnonzero(changed),
        sales.rep[rows][order],
    )
    return found


def lacking(sales: Sales, measure: Measure, rows: Ints) -> int:
    """How many of these transactions have no value for the measure."""
    if measure.of not in ("margin", "units"):
        return 0
    return int(sales.table[measure.of].is_null().to_numpy()[rows].sum())
