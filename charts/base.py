"""What all charts share: the frozen result, the reader's style, and the frame around the marks.

A chart is a pure function from rows to a ``Chart``. Its specification is a plain dict that JSON can
hold, so it can be cached, shown by a page and turned into an image alike. Exact decimals become floats
here and nowhere else; the words and figures a person reads are written by ``words`` before that.
"""

from __future__ import annotations

import json
import math
import textwrap
from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from charts.theme import PALETTES, Palette, Theme, config
from words import formats
from words.catalogue import Translator, translator

SCHEMA = "https://vega.github.io/schema/vega-lite/v6.json"
WIDE = 520
"""Plot width in pixels from which a chart has room for its second column and long title lines."""

Spec = dict[str, Any]
Number = Decimal | float | int


@dataclass(frozen=True)
class Style:
    """Who reads the chart: language, currency of its money, and the page's theme."""

    language: str = "en"
    currency: str = "USD"
    theme: Theme = "light"

    @property
    def palette(self) -> Palette:
        """Colours of the theme."""
        return PALETTES[self.theme]

    @property
    def words(self) -> Translator:
        """Translator of the language."""
        return translator(self.language)

    def figure(self, value: Number | None, unit: str, *, compact: bool = True) -> str:
        """A value as text; money compact unless told otherwise."""
        return formats.figure(value, unit, self.currency, self.language, compact=compact)

    def change(self, value: Number | None, unit: str) -> str:
        """A difference as text, with its sign."""
        return formats.change(value, unit, self.currency, self.language, compact=True)


@dataclass(frozen=True)
class Chart:
    """A chart ready to be shown.

    ``spec`` goes to ``st.vega_lite_chart(spec, alt=chart.alt)`` or to ``charts.png``; it holds no
    description of its own, because a page that gives both is warned at each rerun. ``takeaway`` is the
    title in plain text; ``empty`` is true when there was nothing to draw and the chart only says so.
    """

    spec: Spec = field(repr=False)
    alt: str
    takeaway: str
    empty: bool = False
    background: str = "#FFFFFF"


def finite(value: Number | None) -> float | None:
    """The number for a position on screen; None when it is missing or has no place on an axis."""
    if value is None:
        return None
    number = float(value)
    return number if math.isfinite(number) else None


def quoted(value: object) -> str:
    """A value as a literal of Vega's expression language; never a way to write an expression."""
    return json.dumps(value)


def by_width(wide: object, narrow: object, limit: int = WIDE) -> Spec:
    """An expression that picks by the width the plot has on screen."""
    return {"expr": f"width < {limit} ? {quoted(narrow)} : {quoted(wide)}"}


def title(takeaway: str, note: str = "") -> Spec:
    """The takeaway above the chart, its lines broken for a phone or for a desk; a note below it."""
    spec: Spec = {"text": by_width(_lines(takeaway, 92), _lines(takeaway, 38))}
    if note:
        spec["subtitle"] = by_width(_lines(note, 120), _lines(note, 48))
    return spec


def _lines(text: str, width: int) -> list[str]:
    return textwrap.wrap(text, width, break_long_words=True) or [""]


def layered(
    style: Style, takeaway: str, note: str, layers: Sequence[Spec], height: int | Spec, **rest: object
) -> Spec:
    """A specification of layers in one view, as wide as its container."""
    return {
        "$schema": SCHEMA,
        "width": "container",
        "height": height,
        "autosize": {"type": "fit-x", "contains": "padding"},
        "padding": {"left": 2, "right": 6, "top": 4, "bottom": 4},
        "title": title(takeaway, note),
        "layer": list(layers),
        "config": config(style.palette) | {"locale": formats.vega_locale(style.language)},
        **rest,
    }


def chart(style: Style, spec: Spec, takeaway: str, alt: str) -> Chart:
    """The finished chart; its words for those who cannot see it begin with the takeaway."""
    text = f"{takeaway.rstrip('.')}. {alt}".strip()
    return Chart(spec, text, takeaway, background=style.palette.background)


def nothing(style: Style, takeaway: str = "") -> Chart:
    """The chart of no rows: it says so, so that an empty frame never looks like a zero."""
    words = style.words("Nothing to show for this period and these filters.")
    mark = {"type": "text", "align": "left", "color": style.palette.soft, "fontSize": 13}
    layer = {"data": one(), "mark": mark, "encoding": {"text": {"value": words}, "x": {"value": 0}}}
    spec = layered(style, takeaway or words, "", [layer], 40)
    if not takeaway:
        del spec["title"]
    return Chart(spec, words, takeaway, True, style.palette.background)


def one() -> Spec:
    """Data of a single mark, such as a reference line."""
    return {"values": [{}]}


def end_column(width: int, narrow: int | None = None) -> Spec:
    """Where a plot ends so that labels of ``width`` pixels fit between it and the right edge."""
    return {"expr": f"width - (width < {WIDE} ? {width if narrow is None else narrow} : {width})"}


def from_right(pixels: int = 0) -> Spec:
    """A place counted from the right edge of the view."""
    return {"value": {"expr": f"width - {pixels}"}}


def fields(**titles: str) -> list[Spec]:
    """Tooltip lines: field of the data = what it is called."""
    return [{"field": name, "type": "nominal", "title": text} for name, text in titles.items()]
