"""Payouts, compared: what the plans give against what another system sent."""

from __future__ import annotations

from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import streamlit as st

from ui import pay_items, payouts, states
from ui.desk import Desk
from ui.payouts_parts import stamp
from ui.people import names_of
from ui.speech import _, escape, language, ngettext
from ui.tables import config, frame, height
from words import formats
from workflows.pay.reviewing import Review


def part(found: Review, desk: Desk) -> None:
    """Totals by status, and every line that is not equal."""
    if not found.paid_elsewhere:
        states.empty(
            _("No other system sent payouts for this month."),
            _("Import them on Data sources to compare line by line what the plans give with what was paid."),
        )
        return
    compared = found.compared
    sources = ", ".join(sorted(set(found.recorded["source_system"].to_pylist()) - {"compensation"}))
    apart = int(pc.sum(pc.not_equal(compared.rows["status"], "equal")).as_py() or 0)
    count = compared.rows.num_rows
    if not apart:
        told = ngettext(
            "{n} line agrees with “{sources}”, to the cent.",
            "All {n} lines agree with “{sources}”, to the cent.",
            count,
            sources=escape(sources),
        )
        st.success(told, icon=":material/check_circle:")
    else:
        told = ngettext(
            "{n} of {all} lines is not what “{sources}” sent.",
            "{n} of {all} lines are not what “{sources}” sent.",
            apart,
            all=count,
            sources=escape(sources),
        )
        st.warning(told)
    _totals(compared.totals)
    _lines(found, compared.rows, desk, different=bool(apart))


def _totals(totals: pa.Table) -> None:
    wanted = payouts.compared_columns(single=False)
    rows = [row | {"status": _(payouts.STATUS_NAMES[row["status"]])} for row in totals.to_pylist()]
    st.dataframe(
        frame(rows, wanted), hide_index=True, column_config=config(wanted, ""), key="compared totals",
        alt=_("Control totals of the comparison"),
    )  # fmt: skip


def _lines(found: Review, rows: pa.Table, desk: Desk, *, different: bool) -> None:
    counts: dict[str, int] = {}
    for status in rows["status"].to_pylist():
        counts[status] = counts.get(status, 0) + 1
    ids = [status for status in payouts.STATUS_NAMES if status in counts]
    picked = st.pills(
        _("Lines"),
        ids,
        format_func=lambda status: (
            f"{_(payouts.STATUS_NAMES[status])} {formats.number(counts[status], language())}"
        ),
        default=[status for status in ids if status != "equal"] if different else ids,
        selection_mode="multi",
        key=f"compared status {found.month.id}",
    )
    kept = rows.filter(pc.is_in(rows["status"], pa.array(picked, pa.string())))
    wanted = payouts.compared_columns(single=True)
    cells: list[dict[str, Any]] = payouts.compared_rows(found, kept, names_of(desk), language())
    st.dataframe(
        frame(cells, wanted), hide_index=True, placeholder="—", column_config=config(wanted, ""),
        height=height(len(cells), 480), key="compared lines", alt=_("Lines compared"),
    )  # fmt: skip
    file = f"attain-payouts-comparison-{found.month.start.isoformat()}"
    pay_items.downloads("compared", file, pay_items.sheet(cells, wanted), stamp(desk, found))
