"""Cost and return: components of pay by what they cost and what they bring back, with the break-even line.

The return is the margin that came because of a component for each unit of its cost: 1 pays for itself.
Only components whose effect could be identified have a place; the page names the others beside it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from charts import base
from charts.base import Chart, Number, Spec, Style, finite
from charts.bullet import PICKED
from charts.scales import Domain, axis, zero_based

_HEIGHT = 320
SHAPES = {"earns": "circle", "costs": "triangle-down", "unknown": "diamond"}
"""Mark by verdict, so that colour is never alone."""


@dataclass(frozen=True)
class Judged:
    """One component: cost in money, margin brought for each unit of cost with its interval, and the verdict."""

    key: str
    label: str
    cost: Number
    brought: Number
    low: Number
    high: Number
    verdict: str  # earns, costs or unknown
    told: str  # the verdict in words


def cost_return(rows: Sequence[Judged], *, takeaway: str, style: Style, note: str = "") -> Chart:
    """A point a component; a click picks one (parameter ``picked``, field ``key``)."""
    if not rows:
        return base.nothing(style, takeaway)
    x_domain = zero_based([finite(row.cost) for row in rows])
    y_domain = zero_based([1.0, *(finite(v) for row in rows for v in (row.low, row.brought, row.high))])
    encoding = _places(x_domain, y_domain, style)
    layers = [
        _break_even(x_domain, encoding, style),
        _intervals(encoding),
        _points(encoding, style),
        *_labels(encoding, style),
    ]
    data = [_row(row, x_domain, style) for row in rows]
    spec = base.layered(style, takeaway, note, layers, _HEIGHT, data={"values": data})
    return base.chart(style, spec, takeaway, " ".join(_alt(row, style) for row in rows))


def _row(row: Judged, domain: Domain, style: Style) -> dict[str, Any]:
    cost = finite(row.cost) or 0.0
    return {
        "key": row.key,
        "name": row.label,
        "cost": cost,
        "brought": finite(row.brought),
        "low": finite(row.low),
        "high": finite(row.high),
        "verdict": row.verdict,
        "shape": SHAPES[row.verdict],
        "colour": _colour(row.verdict, style),
        "told": row.told,
        "cost_text": style.figure(row.cost, "money"),
        "brought_text": style.figure(row.brought, "times"),
        "interval_text": _interval(row, style),
        "right": cost > (domain.low + domain.high) / 2,
    }


def _colour(verdict: str, style: Style) -> str:
    palette = style.palette
    return {"earns": palette.good, "costs": palette.poor}.get(verdict, palette.plain)


def _interval(row: Judged, style: Style) -> str:
    low, high = (style.figure(value, "times") for value in (row.low, row.high))
    return style.words("{low} to {high}", low=low, high=high)


def _places(x_domain: Domain, y_domain: Domain, style: Style) -> Spec:
    words = style.words
    titles = {"titleAnchor": "start"}
    return {
        "x": {
            "field": "cost",
            "type": "quantitative",
            "scale": {"domain": x_domain.ends, "nice": False},
            "axis": axis(style, x_domain, "money") | titles | {"title": words("Cost of the component")},
        },
        "y": {
            "field": "brought",
            "type": "quantitative",
            "scale": {"domain": y_domain.ends, "nice": False},
            "axis": axis(style, y_domain, "times")
            | {"title": words("Margin brought for each unit of cost"), "grid": True},
        },
    }


def _break_even(domain: Domain, encoding: Spec, style: Style) -> Spec:
    """Where a component brings just what it costs."""
    ends = [{"cost": domain.low, "brought": 1.0}, {"cost": domain.high, "brought": 1.0}]
    text = {"type": "text", "align": "right", "baseline": "bottom", "dy": -5, "color": style.palette.soft}
    return {
        "layer": [
            {
                "data": {"values": ends},
                "mark": {
                    "type": "line",
                    "color": style.palette.line,
                    "strokeDash": [6, 4],
                    "strokeWidth": 1.5,
                },
            },
            {
                "data": {"values": ends[1:]},
                "mark": text,
                "encoding": {"text": {"value": style.words("Break-even: brings what it costs")}},
            },
        ],
        "encoding": {"x": encoding["x"], "y": encoding["y"]},
    }


_COLOUR: Spec = {"field": "colour", "type": "nominal", "scale": None}


def _intervals(encoding: Spec) -> Spec:
    return {
        "mark": {"type": "rule", "strokeWidth": 3, "opacity": 0.45},
        "encoding": {
            "x": encoding["x"],
            "y": encoding["y"] | {"field": "low"},
            "y2": {"field": "high"},
            "color": _COLOUR,
        },
    }


def _points(encoding: Spec, style: Style) -> Spec:
    words = style.words
    tips = base.fields(
        name=words("Component"),
        told=words("Verdict"),
        cost_text=words("Cost"),
        brought_text=words("Margin brought for each unit of cost"),
        interval_text=words("90 % interval"),
    )
    return {
        "mark": {"type": "point", "filled": True, "size": 220, "opacity": 1, "cursor": "pointer"},
        "params": [{"name": PICKED, "select": {"type": "point", "fields": ["key"]}}],
        "encoding": {
            "x": encoding["x"],
            "y": encoding["y"],
            "shape": {"field": "shape", "type": "nominal", "scale": None},
            "color": _COLOUR,
            "tooltip": tips,
        },
    }


def _labels(encoding: Spec, style: Style) -> list[Spec]:
    """Name and verdict beside each point, on the side where there is room."""
    layers: list[Spec] = []
    looks: list[tuple[str, int, Spec]] = [
        ("name", -7, {"fontWeight": "bold"}),
        ("told", 9, {"color": style.palette.soft}),
    ]
    for right in (False, True):
        side: Spec = {"align": "right" if right else "left", "dx": -14 if right else 14}
        for field, dy, more in looks:
            layers.append(
                {
                    "transform": [{"filter": f"datum.right === {str(right).lower()}"}],
                    "mark": {"type": "text", "dy": dy, **side, **more},
                    "encoding": {**encoding, "text": {"field": field}},
                }
            )
    return layers


def _alt(row: Judged, style: Style) -> str:
    return style.words(
        "{name}: cost {cost}, brings {brought} ({interval}): {verdict}.",
        name=row.label,
        cost=style.figure(row.cost, "money"),
        brought=style.figure(row.brought, "times"),
        interval=_interval(row, style),
        verdict=row.told,
    )
