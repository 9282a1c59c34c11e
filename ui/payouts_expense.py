"""Commission expense as the books have it: what is expensed at once, and the asset that is amortised."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pyarrow as pa
import streamlit as st

from metrics.base import Unit
from metrics.periods import Period, calendar_of
from ui import exports, pay_items, states
from ui.desk import Desk
from ui.private import known, private
from ui.speech import _, language
from ui.stamp import Line, about
from ui.tables import Column, config, frame, height
from words import formats
from workflows.pay.expensing import Policy, expense, history

BENEFITS = (0, 12, 24, 36, 48, 60)
AT_ONCE = (0, 12)
FIGURES = ("opening", "capitalised", "recovered", "amortised", "impaired", "closing", "expensed", "expense")


def part(month: Period, desk: Desk) -> None:
    """The schedule of the fiscal year up to the month, under a policy chosen here."""
    st.caption(
        _(
            "Commissions are a cost of obtaining a contract: expensed at once, or an asset that is amortised over the "
            "time it is of benefit (ASC 340-40, IFRS 15). Everything ever paid is computed anew for it."
        )
    )
    policy = _policy()
    year = calendar_of(desk.reading).of("year", month.start)
    rows = _schedule(desk, month, year, policy)
    if not len(rows):
        states.empty(_("No commissions up to this month."), _("Choose a later month."))
        return
    cells, wanted = summed(rows), columns()
    st.dataframe(
        frame(cells, wanted), hide_index=True, column_config=config(wanted, ""), height=height(len(cells), 560),
        key="expense schedule", alt=_("Expense schedule"),
    )  # fmt: skip
    st.caption(
        _(
            "Opening + capitalised − recovered − amortised − impaired = closing; expense of the month = at once + amortised + impaired."
        )
    )
    file = f"attain-expense-{year.start.isoformat()}-{month.start.isoformat()}"
    pay_items.downloads("expense", file, detail(rows), _stamp(desk, policy))


def _policy() -> Policy:
    def months(n: int) -> str:
        return _("the deal’s own term") if n == 0 else _("{n} months", n=n)

    with st.container(horizontal=True, gap="small"):
        benefit = st.selectbox(
            _("Of benefit for"), BENEFITS, index=3, format_func=months, key="expense benefit", width=220
        )
        at_once = st.selectbox(
            _("At once up to"), AT_ONCE, index=1, key="expense at once", width=220,
            format_func=lambda n: _("never") if n == 0 else _("{n} months", n=n),
            help=_("The practical expedient: what is of benefit for no longer is expensed when it is earned."),
        )  # fmt: skip
    return Policy(benefit_months=benefit, at_once_up_to=at_once)


def _schedule(desk: Desk, month: Period, year: Period, policy: Policy) -> pa.Table:
    def work() -> pa.Table:
        whole = private(
            "pay history", desk, lambda: history(desk.reading, desk.viewer, month.end), month.id, most=1
        )
        return expense(whole, policy, year.start, month.end)

    key = (month.id, policy.benefit_months, policy.at_once_up_to)
    if known("expense", desk, *key):
        return private("expense", desk, work, *key)
    place = st.empty()
    with place.status(_("Computing all pay there ever was"), expanded=True):
        made = private("expense", desk, work, *key)
    place.empty()
    return made


def summed(rows: pa.Table) -> list[dict[str, Any]]:
    """The schedule by month and currency, over all components."""
    sums: dict[tuple[Any, str], dict[str, Decimal]] = {}
    for row in rows.to_pylist():
        held = sums.setdefault((row["month_start"], row["currency"]), dict.fromkeys(FIGURES, Decimal(0)))
        for name in FIGURES:
            held[name] += row[name]
    return [
        {"month": formats.month(month, language()), "currency": currency, **figures}
        for (month, currency), figures in sorted(sums.items(), key=lambda each: (each[0][1], each[0][0]))
    ]


def columns() -> dict[str, Column]:
    """Columns of the schedule."""
    titles = {
        "opening": _("Opening"),
        "capitalised": _("Capitalised"),
        "recovered": _("Recovered"),
        "amortised": _("Amortised"),
        "impaired": _("Impaired"),
        "closing": _("Closing"),
        "expensed": _("At once"),
        "expense": _("Expense"),
    }
    made = {"month": Column(_("Month"), width=130), "currency": Column(_("Currency"), width=80)}
    return made | {name: Column(titles[name], Unit.MONEY, cents=True) for name in FIGURES}


def detail(rows: pa.Table) -> exports.Sheet:
    """The schedule by plan and component, for a file."""
    titles = {
        "month_start": _("Month"),
        "plan_id": _("Plan"),
        "component_id": _("Component"),
        "currency": _("Currency"),
    }
    titles |= {name: column.title for name, column in columns().items() if name in FIGURES}
    return exports.sheet_of(rows, titles)


def _stamp(desk: Desk, policy: Policy) -> list[Line]:
    benefit = Line(_("Of benefit for"), str(policy.benefit_months or _("the deal’s own term")))
    return [benefit, Line(_("At once up to"), str(policy.at_once_up_to)), *about(desk)]
