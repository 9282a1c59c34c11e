"""Cards: one figure each, with its change, and the way to what is behind it."""

from __future__ import annotations

from typing import Any

import streamlit as st

from ui import explain
from ui.desk import Desk
from ui.figures import Figure
from ui.speech import language
from words import formats


def card(
    title: str,
    figure: Figure,
    desk: Desk,
    *,
    note: str = "",
    change: str = "",
    good: bool | None = None,
    value: str = "",
    place: str = "",
) -> None:
    """One figure, into the cell of a grid.

    Args:
        title: what it is.
        figure: the figure that is explained.
        desk: who looks.
        note: small words under the figure.
        change: its difference, written with its sign.
        good: whether the change is welcome; None when it is neither.
        value: the figure as shown, where it is not the metric's own value.
        place: tells two cards of one metric apart.
    """
    shown = value or explain.written(figure.value, figure.metric, desk)
    with st.container(gap="xsmall"):
        st.metric(title, shown, change or None, delta_color=_colour(good), delta_arrow=_arrow(change, good))
        if note:
            st.caption(note)
        explain.button(figure, desk, place=f"card {place}".strip())


def _colour(good: bool | None) -> Any:  # noqa: FBT001 - the one thing asked
    if good is None:
        return "off"
    return "green" if good else "red"


def _arrow(change: str, good: bool | None) -> Any:  # noqa: FBT001
    if not change or good is None:
        return "off"
    return "down" if change.startswith(formats.MINUS) else "up"


def changed(figure: Figure, desk: Desk) -> tuple[str, bool | None]:
    """A figure's difference to the comparison, and whether it is welcome."""
    if figure.change is None:
        return "", None
    unit, currency = figure.metric.unit.value, desk.settings.currency
    text = formats.change(figure.change, unit, currency, language(), compact=True)
    sign = (figure.change > 0) - (figure.change < 0)
    return text, None if not sign or not figure.metric.good else sign * figure.metric.good > 0
