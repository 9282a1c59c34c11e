"""How many people are paid how much of their target: bars of equal width, with median and ninth tenth marked."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from math import floor

from charts import base
from charts.base import Chart, Number, Spec, Style, finite
from charts.scales import Domain, around, axis, zero_based

_HEIGHT = 240
_MOST = 3.0  # whoever is beyond stands in the last bar
_STEP = 0.1


@dataclass(frozen=True)
class Marks:
    """Places marked on the axis, as ``payout_distribution`` defines them."""

    median: Number
    ninth: Number


def pay_spread(
    values: Sequence[Number | None], *, takeaway: str, style: Style, marks: Marks | None = None
) -> Chart:
    """A histogram of payout indexes (1 = at target)."""
    known = [value for v in values if (value := finite(v)) is not None]
    if not known:
        return base.nothing(style, takeaway)
    places = Counter(round(floor(min(value, _MOST) / _STEP + 1e-9) * _STEP, 6) for value in known)
    x_domain = around([0.0, 1.0, max(places) + _STEP], count=6)
    y_domain = zero_based([1.25 * max(places.values())], count=4)
    spec = base.layered(
        style,
        takeaway,
        "",
        [_bars(places, x_domain, y_domain, style), *_marked(marks, x_domain, style)],
        _HEIGHT,
    )
    alt = style.words.ngettext(
        "Pay of {n} person against target.", "Pay of {n} people against target.", len(known)
    )
    return base.chart(style, spec, takeaway, alt)


def _x(domain: Domain, style: Style, field: str) -> Spec:
    return {
        "field": field,
        "type": "quantitative",
        "scale": {"domain": domain.ends, "nice": False},
        "axis": axis(style, domain, "percent")
        | {"title": style.words("Paid, as a share of target incentive"), "titleAnchor": "start"},
    }


def _bars(places: Counter[float], x_domain: Domain, y_domain: Domain, style: Style) -> Spec:
    words = style.words
    rows = [
        {
            "low": low,
            "high": low + _STEP,
            "people": people,
            "zero": 0,
            "range": words(
                "{low} to {high}", low=style.figure(low, "percent"), high=style.figure(low + _STEP, "percent")
            ),
        }
        for low, people in sorted(places.items())
    ]
    y = {
        "field": "people",
        "type": "quantitative",
        "scale": {"domain": y_domain.ends, "nice": False},
        "axis": axis(style, y_domain, "count") | {"title": words("People"), "grid": True},
    }
    return {
        "data": {"values": rows},
        "mark": {
            "type": "rect",
            "color": style.palette.good,
            "opacity": 0.75,
            "stroke": style.palette.background,
        },
        "encoding": {
            "x": _x(x_domain, style, "low"),
            "x2": {"field": "high"},
            "y": y,
            "y2": {"field": "zero"},
            "tooltip": base.fields(range=words("Of target"), people=words("People")),
        },
    }


def _marked(marks: Marks | None, domain: Domain, style: Style) -> list[Spec]:
    if marks is None:
        return []
    words = style.words
    told = {words("Median"): finite(marks.median), words("Ninth tenth"): finite(marks.ninth)}
    rows = [
        {"at": min(at, domain.high), "text": f"{name} {style.figure(at, 'percent')}", "row": row}
        for row, (name, at) in enumerate(told.items())
        if at is not None
    ]
    x = _x(domain, style, "at")
    text = {
        "type": "text",
        "align": {"expr": "datum.row ? 'left' : 'right'"},
        "dx": {"expr": "datum.row ? 5 : -5"},
        "fontSize": 11,
    }
    rule = {"type": "rule", "color": style.palette.line, "strokeDash": [4, 3]}
    return [
        {"data": {"values": rows}, "mark": rule, "encoding": {"x": x}},
        {
            "data": {"values": rows},
            "mark": text | {"y": {"expr": "10 + 15 * datum.row"}},
            "encoding": {"x": x, "text": {"field": "text"}},
        },
    ]
