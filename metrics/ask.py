"""Asking a metric: one question in, one Arrow table out. Nothing is cached here."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from metrics.base import Asking, Metric, Pace, Report, Study, Unit, asking
from metrics.periods import GRAINS, earlier
from metrics.view import MetricError, View
from warehouse.access import Viewer
from warehouse.engine import Session

_MONEY = pa.decimal128(38, 4)


def ask(metric: Metric, by: Sequence[str] = (), *, view: View, session: Session, viewer: Viewer) -> pa.Table:
    """Answer a metric.

    Returns:
        The keys, the metric's name, ``top`` and ``bottom``, sorted by the keys. With a comparison also
        ``<name>_before``, ``top_before``, ``bottom_before`` and ``change`` (later − earlier). Money is an
        exact decimal in the reporting currency, ratios are float64 with 1.0 for 100 %, undefined is null.

    Raises:
        MetricError: the question has no answer; the sentence says why.
    """
    keys = tuple(dict.fromkeys(by))
    return answer(metric, asking(view, session, viewer, keys))


def answer(metric: Metric, question: Asking) -> pa.Table:
    """Answer a question already bound to somebody's tables; see ``ask``."""
    now = _answer_once(metric, question)
    if question.view.compare == "none":
        return now
    shift = earlier(question.calendar, question.view, question.by)
    # Whom the viewer sees is decided on the view's own day: the earlier figures are those people's history.
    before = _answer_once(metric, replace(question, view=shift.view))
    return _beside(now, _relabelled(before, question.by, shift.later_id), metric.name, question.by)


def _answer_once(metric: Metric, question: Asking) -> pa.Table:
    if isinstance(metric, Report):
        return report(metric, question)
    if isinstance(metric, Study):
        return pa.Table.from_pylist(metric.work(question), schema=_report_schema(metric, question.by))
    if isinstance(metric, Pace):
        return _pace(metric, question)
    values = {**question.values, **metric.values(question)}
    found = question.tables.session.sql(compiled(metric, question), values)
    found = _typed(found.select([*question.by, metric.name, "top", "bottom"]), metric)
    return found.sort_by([(key, "ascending") for key in question.by]) if question.by else found


_compiled: dict[tuple[object, ...], str] = {}


def compiled(metric: Metric, question: Asking) -> str:
    """The metric's SQL with tokens for values; compiled once for each shape of question."""
    shape = (metric.name, question.shape)
    if shape not in _compiled:
        expression = metric.expression(question.by, question)
        _compiled[shape] = question.tables.session.compile(expression.rename({metric.name: "value"}))
    return _compiled[shape]


def _pace(metric: Pace, question: Asking) -> pa.Table:
    compared = answer(metric.of, question.at(replace(question.view, compare=metric.against)))
    tops, bottoms = compared[metric.of.name], compared[f"{metric.of.name}_before"]
    pairs = zip(tops.to_pylist(), bottoms.to_pylist(), strict=True)
    ratios = [float(top or 0) / float(bottom) if bottom else None for top, bottom in pairs]
    keys = {key: compared[key] for key in question.by}
    return pa.table({**keys, metric.name: pa.array(ratios, pa.float64()), "top": tops, "bottom": bottoms})


def _typed(found: pa.Table, metric: Metric) -> pa.Table:
    # Engines widen sums differently; one answer has one type whatever the engine.
    def cast(column: pa.ChunkedArray) -> pa.ChunkedArray:
        if pa.types.is_decimal(column.type) and column.type.scale > 0:
            return column.cast(_MONEY)
        if pa.types.is_decimal(column.type):  # a count that an engine widened
            return column.cast(pa.int64())
        if pa.types.is_null(column.type):
            return column.cast(_MONEY if metric.unit is Unit.MONEY else pa.float64())
        return column.cast(pa.int64()) if pa.types.is_integer(column.type) else column

    columns = {name: cast(found[name]) for name in found.column_names}
    return pa.table(columns)


def _relabelled(before: pa.Table, by: tuple[str, ...], later: dict[str, str]) -> pa.Table:
    for grain in GRAINS:
        if grain in by:
            moved = [later.get(value, value) for value in before[grain].to_pylist()]
            before = before.set_column(before.column_names.index(grain), grain, pa.array(moved, pa.string()))
    return before


def _beside(now: pa.Table, before: pa.Table, name: str, by: tuple[str, ...]) -> pa.Table:
    values = [column for column in now.column_names if column not in by]
    before = before.rename_columns([c if c in by else f"{c}_before" for c in before.column_names])
    if by:
        both = now.join(before, keys=list(by), join_type="full outer")
        both = both.sort_by([(key, "ascending") for key in by])
    else:
        both = pa.table({**_columns(now), **_columns(before)})
    order = [*by, *values, *(f"{value}_before" for value in values)]
    return both.select(order).append_column("change", _difference(both[name], both[f"{name}_before"]))


def _columns(table: pa.Table) -> dict[str, pa.ChunkedArray]:
    return {name: table[name] for name in table.column_names}


def _difference(now: pa.ChunkedArray, before: pa.ChunkedArray) -> pa.ChunkedArray:
    if not pa.types.is_decimal(now.type):
        return pc.subtract(now.cast(pa.float64()), before.cast(pa.float64()))
    # Arrow widens decimals past its limit when it subtracts, so exact cents are taken in Python.
    pairs = zip(now.to_pylist(), before.to_pylist(), strict=True)
    return pa.chunked_array([pa.array([_minus(a, b) for a, b in pairs], _MONEY)])


def _minus(a: Decimal | None, b: Decimal | None) -> Decimal | None:
    # Sales that were not there before are all change; an unknown quota is not.
    return None if a is None and b is None else (a or Decimal()) - (b or Decimal())


def report(metric: Report, question: Asking) -> pa.Table:
    """Run a report: ask its inner metric, then compute each group's columns from that frame."""
    inner_by = (*question.by, *(key for key in metric.also_by if key not in question.by))
    plain = replace(question.view, compare="none")
    frame = answer(metric.of, replace(question.at(plain), by=inner_by))
    rows = [group | metric.compute(part) for group, part in _groups(frame, question.by)]
    return pa.Table.from_pylist(rows, schema=_report_schema(metric, question.by))


def _groups(frame: pa.Table, by: tuple[str, ...]) -> list[tuple[dict[str, Any], pa.Table]]:
    if not by:
        return [({}, frame)]
    keys = frame.select(list(by)).group_by(list(by)).aggregate([]).sort_by([(k, "ascending") for k in by])
    return [(key, _part(frame, key)) for key in keys.to_pylist()]


def _part(frame: pa.Table, key: dict[str, Any]) -> pa.Table:
    mask = None
    for name, value in key.items():
        here = pc.equal(frame[name], value)
        mask = here if mask is None else pc.and_(mask, here)
    return frame.filter(mask)


def _report_schema(metric: Report | Study, by: tuple[str, ...]) -> pa.Schema:
    keys = [pa.field(name, pa.date32() if name == "day" else pa.string()) for name in by]
    return pa.schema([*keys, *(pa.field(name, kind) for name, kind in metric.schema.items())])


def records(
    metric: Metric,
    *,
    view: View,
    session: Session,
    viewer: Viewer,
    part: str = "top",
    limit: int | None = None,
) -> pa.Table:
    """The rows behind a number, with every column of their table.

    Args:
        metric: the metric that was asked.
        view: the same view, filtered to the row that was picked.
        session: the version read.
        viewer: who asks; only rows they may see come back.
        part: ``top`` or ``bottom`` of a ratio.
        limit: how many rows at the most; None for all of them.
    """
    question = replace(asking(view, session, viewer), whole=True)
    chosen = metric.side(part)
    rows = chosen.fact_rows((), question)
    values = {**question.values, **chosen.row_values(question)}
    return session.run(rows.limit(limit) if limit is not None else rows, values)


def records_count(metric: Metric, *, view: View, session: Session, viewer: Viewer, part: str = "top") -> int:
    """How many rows are behind a number."""
    chosen = metric.side(part)
    question = asking(view, session, viewer)
    rows = chosen.fact_rows((), question)
    values = {**question.values, **chosen.row_values(question)}
    return int(session.run(rows.aggregate(n=rows.count()), values)["n"][0].as_py())


__all__ = ["MetricError", "answer", "ask", "records", "records_count", "report"]
