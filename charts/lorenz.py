"""Lorenz curve of pay: what share of the pay the least paid share of people gets."""

from __future__ import annotations

from collections.abc import Sequence

from charts import base
from charts.base import Chart, Number, Spec, Style, finite
from charts.scales import Domain, axis

_HEIGHT = 240
_TICKS = Domain(0.0, 1.0, (0.0, 0.2, 0.4, 0.6, 0.8, 1.0))


def lorenz(
    points: Sequence[tuple[float, float]], *, takeaway: str, style: Style, gini: Number | None = None
) -> Chart:
    """The curve against equal pay; ``points`` are cumulated shares of people and of pay, from (0, 0) to (1, 1)."""
    if len(points) < 2:
        return base.nothing(style, takeaway)
    words = style.words
    x = _axis("people", style, words("People, least paid first"))
    y = _axis("pay", style, words("Share of the pay"))
    y["axis"] = y["axis"] | {"grid": True}
    data = [
        {
            "people": people,
            "pay": pay,
            "people_text": style.figure(people, "percent"),
            "pay_text": style.figure(pay, "percent"),
        }
        for people, pay in points
    ]
    layers = [_equal(x, y, style), *_curve(x, y, style)]
    spec = base.layered(style, takeaway, "", layers, _HEIGHT, data={"values": data})
    alt = words("Lorenz curve of the pay of {n} people.", n=len(points) - 1)
    if finite(gini) is not None:
        alt += " " + words("Gini coefficient {value}.", value=style.figure(gini, "number"))
    return base.chart(style, spec, takeaway, alt)


def _axis(field: str, style: Style, title: str) -> Spec:
    return {
        "field": field,
        "type": "quantitative",
        "axis": axis(style, _TICKS, "percent") | {"title": title, "titleAnchor": "start"},
        "scale": {"domain": _TICKS.ends, "nice": False},
    }


def _equal(x: Spec, y: Spec, style: Style) -> Spec:
    ends = [{"people": 0.0, "pay": 0.0}, {"people": 1.0, "pay": 1.0}]
    line = {"type": "line", "strokeDash": [5, 4], "color": style.palette.past, "strokeWidth": 1.5}
    text = {"type": "text", "align": "right", "dx": -6, "dy": -6, "color": style.palette.soft, "fontSize": 11}
    return {
        "layer": [
            {"data": {"values": ends}, "mark": line},
            {
                "data": {"values": [{"people": 0.6, "pay": 0.6}]},
                "mark": text,
                "encoding": {"text": {"value": style.words("Equal pay")}},
            },
        ],
        "encoding": {"x": x, "y": y},
    }


def _curve(x: Spec, y: Spec, style: Style) -> list[Spec]:
    words = style.words
    tips = base.fields(people_text=words("Share of people"), pay_text=words("Share of the pay"))
    colour = style.palette.good
    order = {"field": "people", "type": "quantitative"}
    return [
        {
            "mark": {"type": "line", "color": colour, "strokeWidth": 2.8},
            "encoding": {"x": x, "y": y, "order": order},
        },
        {
            "mark": {"type": "point", "filled": True, "size": 80, "opacity": 0},
            "encoding": {"x": x, "y": y, "tooltip": tips},
        },
    ]
