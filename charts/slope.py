"""Slope: who rose and who fell in rank between two periods."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from charts import base
from charts.base import Chart, Spec, Style

_RIGHT, _LEFT = 176, 34
"""Pixels on a phone: for names and moves at the right, for the ranks at the left."""
_RIGHT_WIDE, _LEFT_WIDE = 250, 190
"""Pixels on a desk, with names on both sides."""
_RIGHT_EDGE = f"(width - (width < {base.WIDE} ? {_RIGHT} : {_RIGHT_WIDE}))"
_LEFT_EDGE = f"(width < {base.WIDE} ? {_LEFT} : {_LEFT_WIDE})"


@dataclass(frozen=True)
class Rank:
    """One line: the ranks before and after, 1 the best; equal ranks are ties; None is not ranked."""

    key: str
    label: str
    before: int | None
    after: int | None


def slope(
    rows: Sequence[Rank],
    *,
    before: str,
    after: str,
    takeaway: str,
    style: Style,
    highlight: str = "",
    note: str = "",
) -> Chart:
    """Lines from the rank in period ``before`` to the rank in period ``after`` (texts, as shown)."""
    ranked = [row for row in rows if row.before is not None or row.after is not None]
    if not ranked:
        return base.nothing(style, takeaway)
    left = _order(ranked, "before")
    right = _order(ranked, "after")
    lines = [_datum(row, left, right, highlight) for row in ranked]
    count = max(len(left), len(right))
    height = count * (24 if count <= 40 else 18)
    layers = [
        _lines(style, count),
        _dots(style),
        _names(ranked, left, style, highlight, side="before"),
        _names(ranked, right, style, highlight, side="after"),
        _heads(before, after, style),
    ]
    spec = base.layered(style, takeaway, note, layers, height, data={"values": lines})
    return base.chart(style, spec, takeaway, _alt(ranked, before, after, style))


def _order(rows: Sequence[Rank], side: str) -> dict[str, int]:
    """Places from the top, one each, so that the names of ties lie under each other."""
    known = [row for row in rows if getattr(row, side) is not None]
    known.sort(key=lambda row: (getattr(row, side), row.label, row.key))
    return {row.key: place for place, row in enumerate(known)}


def moved(row: Rank) -> int | None:
    """Ranks gained (positive) or lost; None when one of the two is missing."""
    return None if row.before is None or row.after is None else row.before - row.after


def _datum(row: Rank, left: dict[str, int], right: dict[str, int], highlight: str) -> dict[str, object]:
    gain = moved(row)
    state = "none" if gain is None else "up" if gain > 0 else "down" if gain < 0 else "same"
    return {
        "key": row.key,
        "name": row.label,
        "left": left.get(row.key),
        "right": right.get(row.key),
        "state": state,
        "faded": bool(highlight) and row.key != highlight,
        "mine": bool(highlight) and row.key == highlight,
    }


def _place(x: int) -> Spec:
    return {"value": {"expr": _RIGHT_EDGE if x else _LEFT_EDGE}}


def _y(field: str, count: int | None = None) -> Spec:
    y: Spec = {"field": field, "type": "quantitative", "axis": None}
    if count is not None:
        y["scale"] = {"domain": [-0.5, count - 0.5], "reverse": True, "nice": False, "zero": False}
    return y


def _colour(style: Style) -> Spec:
    palette = style.palette
    return {
        "condition": [
            {
                "test": "datum.faded || datum.state === 'same' || datum.state === 'none'",
                "value": palette.past,
            },
            {"test": "datum.state === 'up'", "value": palette.good},
        ],
        "value": palette.poor,
    }


def _lines(style: Style, count: int) -> Spec:
    return {
        "transform": [{"filter": "isValid(datum.left) && isValid(datum.right)"}],
        "mark": {"type": "rule"},
        "encoding": {
            "x": _place(0),
            "x2": _place(1),
            "y": _y("left", count),
            "y2": {"field": "right"},
            "color": _colour(style),
            "strokeWidth": {"condition": {"test": "datum.mine", "value": 3.5}, "value": 1.6},
            "opacity": {"condition": {"test": "datum.faded", "value": 0.55}, "value": 0.9},
        },
    }


def _dots(style: Style) -> Spec:
    dot = {"type": "point", "filled": True, "size": 42, "opacity": 1}
    return {
        "layer": [
            {
                "transform": [{"filter": f"isValid(datum.{side})"}],
                "mark": dot,
                "encoding": {"x": _place(x), "y": _y(side)},
            }
            for x, side in enumerate(("left", "right"))
        ],
        "encoding": {"color": _colour(style)},
    }


def _names(rows: Sequence[Rank], order: dict[str, int], style: Style, highlight: str, *, side: str) -> Spec:
    ties = Counter(getattr(row, side) for row in rows)
    data = [
        {
            "place": order[row.key],
            "rank": f"{getattr(row, side)}{'=' if ties[getattr(row, side)] > 1 else ''}",
            "name": row.label,
            "move": _move(row, style, side),
            "mine": row.key == highlight,
        }
        for row in rows
        if row.key in order
    ]
    return {"data": {"values": data}, "layer": _left(style) if side == "before" else _right(style)}


def _move(row: Rank, style: Style, side: str) -> str:
    gain = moved(row)
    if gain is None:
        return style.words("new") if side == "after" else style.words("no longer ranked")
    return "=" if gain == 0 else f"▲ {gain}" if gain > 0 else f"▼ {-gain}"


def _text(field: str, align: str, place: str, **mark: object) -> Spec:
    weight = {"expr": "datum.mine ? 'bold' : 'normal'"}
    return {
        "mark": {"type": "text", "align": align, "fontSize": 12, "fontWeight": weight, **mark},
        "encoding": {"x": {"value": {"expr": place}}, "y": _y("place"), "text": {"field": field}},
    }


def _left(style: Style) -> list[Spec]:
    # Always inside the plot, though unseen on a phone: what sticks out would shrink the plot.
    name = _text("name", "right", f"{_LEFT_WIDE - 36}", limit=_LEFT_WIDE - 40, color=style.palette.soft)
    name["encoding"]["opacity"] = {"value": {"expr": f"width < {base.WIDE} ? 0 : 1"}}
    return [_text("rank", "right", f"{_LEFT_EDGE} - 10"), name]


def _right(style: Style) -> list[Spec]:
    limit = {"expr": f"(width < {base.WIDE} ? {_RIGHT} : {_RIGHT_WIDE}) - 76"}
    return [
        _text("rank", "left", f"{_RIGHT_EDGE} + 10"),
        _text("name", "left", f"{_RIGHT_EDGE} + 36", limit=limit),
        _text("move", "right", "width", fontSize=11, color=style.palette.soft),
    ]


def _heads(before: str, after: str, style: Style) -> Spec:
    head = {"type": "text", "baseline": "bottom", "fontWeight": "bold", "fontSize": 12, "limit": 150}
    return {
        "layer": [
            {
                "data": base.one(),
                "mark": head
                | {"align": "left" if x else "right", "dx": -6 if x else 6, "color": style.palette.text},
                "encoding": {"x": _place(x), "y": {"value": -4}, "text": {"value": text}},
            }
            for x, text in enumerate((before, after))
        ]
    }


def _alt(rows: Sequence[Rank], before: str, after: str, style: Style) -> str:
    _ = style.words
    gains = [gain for row in rows if (gain := moved(row)) is not None]
    return _(
        "Ranks in {before} and in {after}: {up} rose, {down} fell, {same} unchanged.",
        before=before, after=after, up=sum(g > 0 for g in gains), down=sum(g < 0 for g in gains),
        same=sum(g == 0 for g in gains),
    )  # fmt: skip
