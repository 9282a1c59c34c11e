"""How far open deals would carry each component: attainment now and then, over the marks where pay changes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from charts import base
from charts.base import Chart, Number, Spec, Style, finite
from charts.scales import labelled

_ROW = 58
_COLUMN = 112


@dataclass(frozen=True)
class Reach:
    """One component and period: attainment without and with the deals, and the edges of its terms."""

    label: str
    before: Number
    after: Number
    edges: Sequence[float]
    more: Number | None = None  # money added

    @property
    def crossed(self) -> list[float]:
        """Edges the deals carry it over."""
        low, high = finite(self.before) or 0.0, finite(self.after) or 0.0
        return [edge for edge in self.edges if low < edge <= high]


def reach(rows: Sequence[Reach], *, takeaway: str, style: Style) -> Chart:
    """A bar a component, the deals' part lighter; every edge a mark, those crossed with their share."""
    if not rows:
        return base.nothing(style, takeaway)
    values = [
        v for row in rows for v in (finite(row.before), finite(row.after), *_near(row)) if v is not None
    ]
    scale = {
        "domain": [0, max([1.0, *values]) * 1.04],
        "nice": False,
        "range": [0, base.end_column(_COLUMN, 84)],
    }
    x: Spec = {"type": "quantitative", "axis": None, "scale": scale}
    y: Spec = {
        "field": "row",
        "type": "ordinal",
        "axis": labelled(
            range(len(rows)), [row.label for row in rows], labelLimit=150, labelColor=style.palette.text
        ),
        "scale": {"paddingInner": 0.55, "paddingOuter": 0.35},
    }
    layers = [*_bars(rows, x, y, style), *_edges(rows, x, y, style), _amounts(rows, y, style)]
    spec = base.layered(style, takeaway, "", layers, _ROW * len(rows))
    return base.chart(style, spec, takeaway, " ".join(_told(row, style) for row in rows))


def _near(row: Reach) -> list[float]:
    """Edges worth showing: those passed, and the next."""
    high = finite(row.after) or 0.0
    ahead = sorted(edge for edge in row.edges if edge > high)[:1]
    return [edge for edge in row.edges if edge <= high] + ahead


def _bars(rows: Sequence[Reach], x: Spec, y: Spec, style: Style) -> list[Spec]:
    now = [{"row": i, "low": 0.0, "high": finite(row.before) or 0.0} for i, row in enumerate(rows)]
    then = [
        {"row": i, "low": finite(row.before) or 0.0, "high": finite(row.after) or 0.0}
        for i, row in enumerate(rows)
    ]
    more = {"fillOpacity": 0.4, "stroke": style.palette.good, "strokeDash": [4, 2]}
    return [
        {
            "data": {"values": values},
            "mark": {"type": "bar", "color": style.palette.good, **look},
            "encoding": {"y": y, "x": x | {"field": "low"}, "x2": {"field": "high"}},
        }
        for values, look in ((now, {}), (then, more))
    ]


def _edges(rows: Sequence[Reach], x: Spec, y: Spec, style: Style) -> list[Spec]:
    marks = [
        {"row": i, "edge": edge, "text": style.figure(edge, "percent"), "crossed": edge in row.crossed}
        for i, row in enumerate(rows)
        for edge in _near(row)
    ]
    at: Spec = {"y": y, "x": x | {"field": "edge"}}
    weight = {"expr": "datum.crossed ? 'bold' : 'normal'"}
    return [
        {
            "data": {"values": marks},
            "mark": {"type": "tick", "thickness": 2, "color": style.palette.line, "height": {"band": 1.5}},
            "encoding": at,
        },
        {
            "data": {"values": marks},
            "mark": {"type": "text", "baseline": "bottom", "dy": -17, "fontSize": 11, "fontWeight": weight},
            "encoding": at | {"text": {"field": "text"}},
        },
    ]


def _amounts(rows: Sequence[Reach], y: Spec, style: Style) -> Spec:
    values = [{"row": i, "text": _amount(row, style)} for i, row in enumerate(rows)]
    return {
        "data": {"values": values},
        "mark": {"type": "text", "align": "right", "fontWeight": "bold"},
        "encoding": {"y": y, "x": base.from_right(), "text": {"field": "text"}},
    }


def _amount(row: Reach, style: Style) -> str:
    return style.figure(row.after, "percent") if row.more is None else style.change(row.more, "money")


def _told(row: Reach, style: Style) -> str:
    _ = style.words
    return _(
        "{name}: from {before} to {after} of quota.",
        name=row.label,
        before=style.figure(row.before, "percent"),
        after=style.figure(row.after, "percent"),
    )
