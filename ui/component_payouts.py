"""The payouts behind a component, and behind each of them its steps and deals."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import streamlit as st

from metrics.base import Unit
from metrics.periods import calendar_of
from metrics.plan_return.cost import payout_cost
from metrics.view import View
from ui import ask, exports, pay_items, told
from ui.address import query
from ui.desk import Desk
from ui.people import names_of
from ui.plan_return import Score
from ui.private import private
from ui.speech import _, escape, language
from ui.stamp import stamp
from ui.tables import Column, config, frame, height
from words import formats
from workflows.pay.personal import Personal, personal
from workflows.pay.recorded import deal_names

MOST = 500
"""Payouts on screen; the export has all of them."""


def part(score: Score, view: View, desk: Desk) -> None:
    """A table of payouts, the largest first; one that is picked shows why and its deals."""
    table, count = ask.records(payout_cost, view=view, desk=desk, part="top", limit=MOST)
    found = rows(table.to_pylist(), desk)
    with st.container(border=True, key="component payouts"):
        st.subheader(_("Payouts behind it"), anchor=False)
        if not found:
            st.caption(_("Nothing was paid for it in this period and with these filters."))
            return
        if count > len(found):
            shown, every = (formats.number(n, language()) for n in (len(found), count))
            st.caption(_("{shown} of {all} payouts; the export has all of them.", shown=shown, all=every))
        wanted = columns()
        state = st.dataframe(
            frame(found, wanted),
            hide_index=True,
            column_config=config(wanted, desk.settings.currency),
            on_select="rerun",
            selection_mode="single-row",
            placeholder="—",
            alt=_("Payouts behind the component"),
            key=f"payouts {score.key} {hash(view)}",
            height=height(len(found), 320),
        )
        name = f"attain-{score.key}-{view.start.isoformat()}-{view.until.isoformat()}"
        exports.buttons("component payouts table", name, lambda: (_sheet(view, desk), stamp(view, desk)))
        picked = state["selection"]["rows"]
        if picked:
            _why(found[picked[0]], desk)
        else:
            st.caption(_("Pick a row to see why it was paid, and its deals."))


def columns() -> dict[str, Column]:
    """Columns of the table."""
    return {
        "earned": Column(_("Earned on"), width=110),
        "name": Column(_("Name")),
        "kind": Column(_("Kind")),
        "reported": Column(_("Paid"), Unit.MONEY),
        "why": Column(_("How it came about"), width="large"),
    }


def rows(found: Iterable[Mapping[str, Any]], desk: Desk) -> list[dict[str, Any]]:
    """Payouts as the table shows them, the largest first."""
    names = names_of(desk)
    made = [
        {
            "rep": row["rep_id"],
            "day": row["earned_on"],
            "component": row["component_id"],
            "earned": row["earned_on"].isoformat(),
            "name": names.of(row["rep_id"]),
            "kind": _(pay_items.KINDS[row["kind"]]) if row["kind"] in pay_items.KINDS else row["kind"],
            "reported": row["amount_reporting"],
            "why": row["trace"],
        }
        for row in found
    ]
    return sorted(made, key=lambda row: (-abs(row["reported"] or 0), row["name"], row["earned"]))


def _sheet(view: View, desk: Desk) -> exports.Sheet:
    every = rows(ask.all_records(payout_cost, view=view, desk=desk, part="top").to_pylist(), desk)
    return pay_items.sheet(every, columns())


def _why(row: Mapping[str, Any], desk: Desk) -> None:
    """The lines of that person, month and component as the plans explain them, with their deals."""
    month = calendar_of(desk.reading).of("month", row["day"])
    place = desk.place

    def work() -> Personal:
        return personal(place.root, place.database, desk.reading, desk.viewer, row["rep"], month)

    with st.spinner(_("Computing this month of {name} …", name=escape(row["name"]))):
        given = private("personal", desk, work, row["rep"], month.id)
    lines = [
        item
        for item in pay_items.items(given.run, given.plans, language())
        if item.component_id == row["component"]
    ]
    if not lines:
        st.caption(_("The plans known here give nothing for it, so there is only what was recorded above."))

    def names(deals: Iterable[str]) -> Mapping[str, tuple[str, str]]:
        keys = tuple(sorted(set(deals)))
        return private("deal names", desk, lambda: deal_names(desk.reading, desk.viewer, keys), keys)

    for item in lines:
        pay_items.part(item, desk, names, under=lambda _item: None)
    link = query(rep=row["rep"], month=month.id)
    label = _("Statement of {name}, {month}", name=escape(row["name"]), month=told.month_name(month))
    st.page_link(
        "pages/compensation/my_statement.py", label=label, icon=":material/receipt_long:", query_params=link
    )
