"""What a component pays at each result, with the plan in force and with a draft."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from charts import base
from charts.base import Chart, Spec, Style
from charts.scales import Domain, around, axis, zero_based

_HEIGHT = 280
_COLUMN = (150, 96)  # pixels at the right for the lines' names, wide and narrow
_CLOSE = 0.12
"""Ends nearer than this part of the axis are written one above the other."""


@dataclass(frozen=True)
class Line:
    """One plan's payout: corners (place on the axis, money) joined by straight lines; ``main`` is the draft."""

    label: str
    corners: Sequence[tuple[float, float]]
    main: bool = False


def payout_curve(
    lines: Sequence[Line],
    *,
    takeaway: str,
    style: Style,
    unit: str,
    over: str,
    target: float | None = None,
    note: str = "",
) -> Chart:
    """Lines over the component's axis (``unit`` percent, money or number, called ``over``); ``target`` is marked."""
    drawn = [line for line in lines if line.corners]
    if not drawn:
        return base.nothing(style, takeaway)
    x_domain = around([0.0, *(at for line in drawn for at, _ in line.corners)], count=6)
    y_domain = zero_based([pays for line in drawn for _, pays in line.corners], count=5)
    encoding = _places(x_domain, y_domain, style, unit, over)
    layers = [
        *_target(target, encoding, style),
        *_lines(drawn, encoding, style),
        *_names(drawn, encoding, style, y_domain.high),
    ]
    spec = base.layered(style, takeaway, note, layers, _HEIGHT)
    alt = " ".join(_told(line, style, unit) for line in drawn)
    return base.chart(style, spec, takeaway, alt)


def _places(x_domain: Domain, y_domain: Domain, style: Style, unit: str, over: str) -> Spec:
    look = {"title": over, "titleAnchor": "start"}
    return {
        "x": {
            "field": "at",
            "type": "quantitative",
            "scale": {"domain": x_domain.ends, "nice": False, "range": [0, base.end_column(*_COLUMN)]},
            "axis": axis(style, x_domain, unit) | look,
        },
        "y": {
            "field": "pays",
            "type": "quantitative",
            "scale": {"domain": y_domain.ends, "nice": False},
            "axis": axis(style, y_domain, "money") | {"grid": True},
        },
    }


def _colour(line: Line, style: Style) -> str:
    return style.palette.good if line.main else style.palette.past


def _lines(lines: Sequence[Line], encoding: Spec, style: Style) -> list[Spec]:
    made = []
    for line in sorted(lines, key=lambda each: each.main):
        rows = [{"at": at, "pays": pays, "order": n} for n, (at, pays) in enumerate(line.corners)]
        mark = {
            "type": "line",
            "color": _colour(line, style),
            "strokeWidth": 2.8 if line.main else 2.4,
            "strokeDash": [1, 0] if line.main else [7, 4],
        }
        order = {"field": "order", "type": "quantitative"}
        made.append({"data": {"values": rows}, "mark": mark, "encoding": {**encoding, "order": order}})
    return made


def _names(lines: Sequence[Line], encoding: Spec, style: Style, tallest: float) -> list[Spec]:
    """Each line's name and last payout at its right end, the higher one above."""
    ordered = sorted(lines, key=lambda line: -line.corners[-1][1])
    ends = [line.corners[-1][1] for line in ordered]
    close = len(ends) > 1 and abs(ends[0] - ends[-1]) < _CLOSE * (tallest or 1.0)
    return [_name(line, encoding, style, (-14, 16)[row] if close else 0) for row, line in enumerate(ordered)]


def _name(line: Line, encoding: Spec, style: Style, shift: int) -> Spec:
    at, pays = line.corners[-1]
    look = {"align": "left", "dx": 8, "dy": shift, "lineHeight": 14}
    colour = style.palette.good if line.main else style.palette.soft
    weight = "bold" if line.main else "normal"
    return {
        "data": {"values": [{"at": at, "pays": pays}]},
        "mark": {"type": "text", "color": colour, "fontWeight": weight, **look},
        "encoding": {**encoding, "text": {"value": [line.label, style.figure(pays, "money")]}},
    }


def _target(target: float | None, encoding: Spec, style: Style) -> list[Spec]:
    if target is None:
        return []
    data = {"values": [{"at": target}]}
    text = {"type": "text", "align": "left", "dx": 5, "y": 8, "color": style.palette.soft, "fontSize": 11}
    return [
        {
            "data": data,
            "mark": {"type": "rule", "color": style.palette.line, "strokeDash": [4, 3]},
            "encoding": {"x": encoding["x"]},
        },
        {
            "data": data,
            "mark": text,
            "encoding": {"x": encoding["x"], "text": {"value": style.words("Quota")}},
        },
    ]


def _told(line: Line, style: Style, unit: str) -> str:
    at, pays = line.corners[-1]
    return style.words(
        "{name}: {pays} at {place}.",
        name=line.label,
        pays=style.figure(pays, "money"),
        place=style.figure(at, unit),
    )
