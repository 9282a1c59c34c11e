"""What plans may cost: the spread of simulated costs, one row a plan on one axis, with median and 95th percentile."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from charts import base
from charts.base import Chart, Spec, Style
from charts.scales import Domain, around, axis

_ROW = 110
_BINS = 60


@dataclass(frozen=True)
class Costs:
    """One plan's cost in every draw; ``main`` is the draft."""

    label: str
    values: Sequence[float]
    main: bool = False


def cost_spread(rows: Sequence[Costs], *, takeaway: str, style: Style, note: str = "") -> Chart:
    """A hill of draws for each plan, on one axis of money."""
    known = [row for row in rows if len(row.values)]
    if not known:
        return base.nothing(style, takeaway)
    low = min(float(np.min(row.values)) for row in known)
    high = max(float(np.max(row.values)) for row in known)
    domain = around([low, high], count=5)
    bins = np.linspace(domain.low, domain.high, _BINS + 1)
    tallest = max(int(np.histogram(row.values, bins)[0].max()) for row in known)
    layers = [part for at, row in enumerate(known) for part in _hill(at, row, bins, tallest, domain, style)]
    spec = base.layered(style, takeaway, note, layers, _ROW * len(known))
    return base.chart(style, spec, takeaway, " ".join(_told(row, style) for row in known))


def _hill(
    at: int, row: Costs, bins: np.typing.NDArray[np.float64], tallest: int, domain: Domain, style: Style
) -> list[Spec]:
    """The hill of one row; ``y`` runs in rows, downwards, the foot of a hill at its row's end."""
    counts = np.histogram(row.values, bins)[0]
    foot = float(at + 1)
    places = [
        {
            "from": float(bins[n]),
            "to": float(bins[n + 1]),
            "top": foot - 0.62 * float(count) / tallest,
            "foot": foot,
        }
        for n, count in enumerate(counts)
        if count
    ]
    x, y = _axes(domain, style)
    colour = style.palette.good if row.main else style.palette.past
    hill = {
        "data": {"values": places},
        "mark": {"type": "rect", "color": colour, "opacity": 0.8},
        "encoding": {
            "x": x | {"field": "from"},
            "x2": {"field": "to"},
            "y": y | {"field": "top"},
            "y2": {"field": "foot"},
        },
    }
    return [hill, *_marks(row, foot, x, y, style)]


def _axes(domain: Domain, style: Style) -> tuple[Spec, Spec]:
    x = {
        "type": "quantitative",
        "scale": {"domain": domain.ends, "nice": False},
        "axis": axis(style, domain, "money") | {"grid": True},
    }
    y = {"type": "quantitative", "axis": None, "scale": {"reverse": True, "zero": True, "nice": False}}
    return x, y


def _marks(row: Costs, foot: float, x: Spec, y: Spec, style: Style) -> list[Spec]:
    median, p95 = (float(value) for value in np.quantile(row.values, [0.5, 0.95]))
    rules = [{"at": median, "foot": foot, "top": foot - 0.66}, {"at": p95, "foot": foot, "top": foot - 0.66}]
    words = style.words
    text = words(
        "{name}: median {median}, one year in twenty above {p95}",
        name=row.label,
        median=style.figure(median, "money"),
        p95=style.figure(p95, "money"),
    )
    name = words("{name}: median {median}, P95 {p95}", name=row.label, median=style.figure(median, "money"), p95=style.figure(p95, "money"))  # fmt: skip
    return [
        {
            "data": {"values": rules},
            "mark": {"type": "rule", "color": style.palette.line, "strokeWidth": 1.5, "strokeDash": [4, 3]},
            "encoding": {"x": x | {"field": "at"}, "y": y | {"field": "top"}, "y2": {"field": "foot"}},
        },
        {
            "data": {"values": [{"top": foot - 0.8}]},
            "mark": {
                "type": "text",
                "align": "left",
                "x": 0,
                "text": base.by_width(text, name),
                "fontWeight": "bold" if row.main else "normal",
            },
            "encoding": {"y": y | {"field": "top"}},
        },
    ]


def _told(row: Costs, style: Style) -> str:
    median, p95 = (float(value) for value in np.quantile(row.values, [0.5, 0.95]))
    return style.words(
        "{name}: median {median}, 95th percentile {p95}.",
        name=row.label,
        median=style.figure(median, "money"),
        p95=style.figure(p95, "money"),
    )
