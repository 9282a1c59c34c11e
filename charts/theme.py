"""Colours and type, once for every chart: light and dark, safe for colour-blind readers.

The hues are those of the Okabe–Ito palette. Colour never carries a meaning alone: a sign, a position or
a word always says the same.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Theme = Literal["light", "dark"]

BLUE, SKY, GREEN, YELLOW = "#0072B2", "#56B4E9", "#009E73", "#F0E442"
ORANGE, VERMILLION, PURPLE = "#E69F00", "#D55E00", "#CC79A7"

SMALL, TEXT, TITLE = 11, 12, 16
"""Font sizes in pixels."""


@dataclass(frozen=True)
class Palette:
    """What each colour is for."""

    text: str
    soft: str  # second to the text: axis labels, notes
    grid: str
    line: str  # reference lines: the quota, a median
    past: str  # earlier periods, peers
    good: str  # reached, ahead, up
    poor: str  # behind, down
    plain: str  # neither can be said
    band: str  # the middle half of a spread
    background: str  # behind exported images; screens keep their own


PALETTES: dict[Theme, Palette] = {
    "light": Palette(
        text="#1F2933",
        soft="#5A6672",
        grid="#E4E8EC",
        line="#1F2933",
        past="#A7B1BB",
        good=BLUE,
        poor=VERMILLION,
        plain="#8592A0",
        band="#0072B21F",
        background="#FFFFFF",
    ),
    "dark": Palette(
        text="#F2F4F7",
        soft="#AEB8C2",
        grid="#303A45",
        line="#F2F4F7",
        past="#66727F",
        good=SKY,
        poor="#F0813A",  # vermillion, lightened until it can be read on black
        plain="#8A96A3",
        band="#56B4E92E",
        background="#0E1117",
    ),
}


def config(palette: Palette) -> dict[str, object]:
    """Vega-Lite's configuration shared by all charts; the font is left to the page."""
    text = {
        "labelColor": palette.soft,
        "titleColor": palette.soft,
        "labelFontSize": SMALL,
        "titleFontSize": SMALL,
        "titleFontWeight": "normal",
    }
    return {
        "background": "transparent",
        "autosize": {"type": "fit-x", "contains": "padding"},
        "view": {"stroke": None},
        "axis": text
        | {
            "grid": False,
            "gridColor": palette.grid,
            "domain": False,
            "domainColor": palette.grid,
            "ticks": False,
            "labelPadding": 8,
            "titlePadding": 8,
            "labelLimit": 120,
            "labelFlush": False,
        },
        "title": {
            "color": palette.text,
            "subtitleColor": palette.soft,
            "fontSize": TITLE,
            "subtitleFontSize": TEXT,
            "fontWeight": 600,
            "anchor": "start",
            "frame": "bounds",
            "align": "left",
            "offset": 14,
            "lineHeight": 21,
            "subtitleLineHeight": 17,
            "subtitlePadding": 5,
        },
        "text": {"color": palette.text, "fontSize": TEXT},
        "mark": {"tooltip": None},
    }
