"""The records behind a number: the first of them on screen, all of them as a file."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pandas as pd
import pyarrow as pa
import streamlit as st

from metrics.base import Measure, Metric, Stock
from metrics.plan_return.sales import CostOfSales
from metrics.view import View
from ui import ask, exports
from ui.desk import Desk
from ui.figures import Figure
from ui.pay_items import KINDS
from ui.people import Names, names_of
from ui.speech import _, escape, language
from ui.stamp import stamp
from ui.tables import PEOPLE, RECORDS, header
from words import formats
from words.catalogue import N_

FIRST = 500
CARRIED = frozenset({"quota", "ramped_quota", "expected_quota", "expected_quota_linear"})
VALUES = {
    "direct": N_("direct"),
    "split": N_("split"),
    "overlay": N_("overlay"),
    "adjustment": N_("adjustment"),
    "rep": N_("the rep"),
    "team": N_("the team"),
    "territory": N_("the territory"),
    "unassigned": N_("Unassigned"),
}
TABLE_NAMES = {
    "credits": N_("Sales"),
    "quota_months": N_("Quotas"),
    "assignments": N_("Assignments"),
    "payouts": N_("Payouts"),
    "plan_assignments": N_("At stake"),
}


def parts_of(metric: Metric, view: View | None = None) -> list[tuple[str, Metric]]:
    """The parts of a number that have records of their own, with the facts they come from."""
    if isinstance(metric, Measure | Stock):
        return [("top", metric)]
    top, *rest = metric.parts
    pairs = [*_tops(top, view), *(("bottom", part) for part in rest[-1:])]
    return [(part, leaf) for part, found in pairs if (leaf := _leaf(found)) is not None]


def _tops(top: Metric, view: View | None) -> list[tuple[str, Metric]]:
    """The numerator; of pay whose readings differ, what the view's reading takes."""
    if not isinstance(top, CostOfSales) or view is None:
        return [("top", top)]
    base = [("base", top.of["base"])] if view.choice("base_pay", "out") == "in" else []
    return [("top", top.of[view.choice("pay_taken", "actual")]), *base]


def _leaf(metric: Metric) -> Measure | Stock | None:
    if isinstance(metric, Measure | Stock):
        return metric
    return _leaf(metric.parts[0]) if metric.parts else None


def tabs(figure: Figure, desk: Desk, key: str) -> None:
    """The records of each part of a number."""
    view = replace(figure.view, compare="none")
    parts = [(part, leaf) for part, leaf in parts_of(figure.metric, view) if leaf.fact.table in RECORDS]  # type: ignore[attr-defined]
    if not parts:
        return
    pages = st.tabs([_(TABLE_NAMES[leaf.fact.table]) for _part, leaf in parts])  # type: ignore[attr-defined]
    for page, (part, leaf) in zip(pages, parts, strict=True):
        with page:
            _rows(leaf, view, desk, f"{key} {part}")
            _difference(leaf, figure.row.get(part), view, desk)


def _rows(leaf: Metric, view: View, desk: Desk, key: str) -> None:
    table, count = ask.records(leaf, view=view, desk=desk, part="top", limit=FIRST)
    if not count:
        st.caption(_("No records: nothing was booked or asked for here."))
        return
    names = names_of(desk)
    shown = formats.number(min(FIRST, count), language())
    told = formats.number(count, language())
    total = escape(figure_of(ask.row(leaf, view=view, desk=desk)[leaf.name], leaf, desk))
    if count > FIRST:
        st.caption(_("{shown} of {all} records, together {total}", shown=shown, all=told, total=total))
    else:
        st.caption(_("{all} records, together {total}", all=told, total=total))
    columns = _columns(leaf, table)
    st.dataframe(
        _frame(leaf, table, columns, names, desk),
        hide_index=True,
        height=280,
        key=key,
        column_config=_formats(leaf, columns, desk),
    )
    file = f"attain-{leaf.name}-{view.start.isoformat()}-{view.until.isoformat()}"
    exports.buttons(key, file, lambda: (_sheet(leaf, view, desk, names), stamp(view, desk)))


def figure_of(value: Any, leaf: Metric, desk: Desk) -> str:
    """A total of records in their unit."""
    return formats.figure(value, leaf.unit.value, desk.settings.currency, language())


def _difference(leaf: Metric, used: Any, view: View, desk: Desk) -> None:
    """Say so where a number is not the sum of these records: a target carried by a manager or territory."""
    total = ask.row(leaf, view=view, desk=desk)[leaf.name]
    if isinstance(used, Decimal) and isinstance(total, Decimal) and used != total and leaf.name in CARRIED:
        told = _(
            "The target used is {used}, carried as one number; these are the quotas of the reps below it.",
            used=figure_of(used, leaf, desk),
        )
        st.caption(escape(told))


def _formats(leaf: Metric, columns: tuple[str, ...], desk: Desk) -> dict[str, Any]:
    money = formats.column_format("money", desk.settings.currency)["format"]
    return {
        _title(name, desk, leaf): st.column_config.NumberColumn(
            format=str(money) if name.endswith("_reporting") else "localized"
        )
        for name in columns
        if name.endswith("_reporting") or name in {"amount", "stake"}
    }


def _columns(leaf: Metric, table: pa.Table) -> tuple[str, ...]:
    wanted = RECORDS[leaf.fact.table]  # type: ignore[attr-defined]
    if leaf.fact.table == "quota_months" and "ramp" not in leaf.name:  # type: ignore[attr-defined]
        wanted = tuple(name for name in wanted if "ramp" not in name)
    return tuple(name for name in wanted if name in table.column_names)


def _frame(leaf: Metric, table: pa.Table, columns: tuple[str, ...], names: Names, desk: Desk) -> pd.DataFrame:
    data = {
        _title(name, desk, leaf): [_shown(name, v, names) for v in table[name].to_pylist()]
        for name in columns
    }
    return pd.DataFrame(data)


def _title(name: str, desk: Desk, leaf: Metric) -> str:
    title = header(name, leaf.fact.table)  # type: ignore[attr-defined]
    return f"{title} ({desk.settings.currency})" if name.endswith("_reporting") else title


def _shown(name: str, value: Any, names: Names) -> Any:
    """A value as the screen shows it; figures stay figures so that columns sort."""
    if isinstance(value, Decimal):
        return float(value)
    return value if isinstance(value, date) else _word(name, value, names)


def _word(name: str, value: Any, names: Names) -> Any:
    if name in PEOPLE:
        return names.of(value)
    known = KINDS | VALUES
    return _(known[value]) if isinstance(value, str) and value in known else value


def _sheet(leaf: Metric, view: View, desk: Desk, names: Names) -> exports.Sheet:
    table = ask.all_records(leaf, view=view, desk=desk, part="top")
    titles = {name: _title(name, desk, leaf) for name in _columns(leaf, table)}
    return exports.sheet_of(table, titles, lambda name, value: _word(name, value, names))
