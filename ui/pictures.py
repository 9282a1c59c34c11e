"""Charts on a page: the kept specification, its words for those who cannot see it, and what was clicked."""

from __future__ import annotations

from typing import Any

import streamlit as st

from charts.base import Chart
from charts.bullet import PICKED

FONT = '"Source Sans", sans-serif'
"""The page's own font, for the words inside charts too."""


def _spec(chart: Chart) -> dict[str, Any]:
    return chart.spec | {"config": chart.spec["config"] | {"font": FONT}}


def draw(chart: Chart, key: str) -> None:
    """Show a chart."""
    st.vega_lite_chart(_spec(chart), theme=None, width="stretch", alt=chart.alt, key=key)


def draw_and_pick(chart: Chart, key: str) -> str:
    """Show a chart whose marks can be clicked; the key of the one clicked, or empty."""
    if chart.empty:
        draw(chart, key)
        return ""
    state = st.vega_lite_chart(
        _spec(chart),
        theme=None,
        width="stretch",
        alt=chart.alt,
        key=key,
        on_select="rerun",
        selection_mode=PICKED,
    )
    picked = state["selection"].get(PICKED) or []
    return str(picked[0].get("key", "")) if picked else ""
