"""“Explain this number”: its definition, its formula with its own numbers, and the records behind it."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import streamlit as st

from metrics.base import Derived, Metric, Pace, Ratio, Report
from metrics.catalogue import CHOICES
from metrics.explain import Explanation, explain
from metrics.view import View
from ui import filters, freshness, records
from ui.desk import Desk
from ui.figures import Figure
from ui.looking import signed_in
from ui.people import names_of
from ui.speech import _, bold, escape, language
from ui.stamp import days_of, filters_of
from words import formats

_OPEN = "explain: open"


def button(figure: Figure, desk: Desk, *, place: str = "", label: str = "") -> None:
    """A quiet button beside a figure; it opens the explanation."""
    key = f"explain {figure.metric.name} {place}".strip()
    text = label or _("Explain")
    if st.button(
        text,
        key=key,
        type="tertiary",
        icon=":material/function:",
        help=_("Where does this number come from?"),
    ):
        open_dialog(figure, desk)


def open_dialog(figure: Figure, desk: Desk) -> None:
    """Show the explanation over the page."""

    @st.dialog(_(figure.metric.title), width="large")
    def shown() -> None:
        # The dialog runs on its own while it is open: whoever looks is asked again.
        present = signed_in()
        if present.viewer == desk.viewer:
            body(figure, present)

    shown()


def body(figure: Figure, desk: Desk) -> None:
    """The explanation itself."""
    found = explain(figure.metric, figure.row, figure.view, desk.settings.definitions)
    value = written(figure.value, figure.metric, desk, compact=False)
    st.metric(_(figure.metric.title), value, label_visibility="collapsed")
    st.write(_(found.doc))
    st.markdown(formula(found, figure.metric, desk))
    _facts(found, figure.view, desk)
    for name, reading in found.readings:
        filters.choice(desk, name, tuple(CHOICES[name]), reading, place=f"explain {figure.metric.name}")
    st.markdown(bold(_("Records")))
    records.tabs(figure, desk, f"records {figure.metric.name}")


def _facts(found: Explanation, view: View, desk: Desk) -> None:
    lines = [(_("Days counted"), days_of(view)), (_("As of"), formats.date(view.as_of, language()))]
    lines += [(line.what, line.value) for line in filters_of(view, desk)]
    if found.source:
        lines.append((_("Definition from"), _(found.source)))
    lines.append((_("Data"), freshness.in_words(desk)))
    st.markdown("  \n".join(f"**{what}**: {escape(value)}" for what, value in lines))


def formula(found: Explanation, metric: Metric, desk: Desk) -> str:
    """The formula, and the same with this row's numbers, as markdown."""
    words = f"**{_(metric.title)}** = {escape(_(found.formula))}"
    numbers = with_numbers(found, metric, desk)
    return f"{words}  \n{escape(numbers)}" if numbers else words


def with_numbers(found: Explanation, metric: Metric, desk: Desk) -> str:
    """“12,345.00 ÷ 20,000.00 = 61.7%”; empty where a metric is a plain sum."""
    sign = {Ratio: "÷", Pace: "÷", Report: "÷", Derived: "−"}
    mark = next((text for kind, text in sign.items() if isinstance(metric, kind)), "")
    if not mark or found.top is None:
        return ""
    top, bottom = (_operand(value, desk) for value in (found.top, found.bottom))
    return f"{top} {mark} {bottom} = {written(found.value, metric, desk, compact=False)}"


def _operand(value: Any, desk: Desk) -> str:
    if isinstance(value, Decimal):
        return formats.money(value, desk.settings.currency, language())
    return formats.number(value, language(), places=None if isinstance(value, int) else 4)


def written(value: Any, metric: Metric, desk: Desk, *, compact: bool = True) -> str:
    """A metric's value in its unit."""
    return formats.figure(value, metric.unit.value, desk.settings.currency, language(), compact=compact)


def name_of(figure: Figure, desk: Desk) -> str:
    """Whose figure it is, as plain text."""
    people = [value for name, value in figure.view.where if name in {"rep", "manager"}]
    return names_of(desk).of(people[0]) if people else desk.settings.company
