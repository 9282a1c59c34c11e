"""Pay month by month: a strip of bars from zero, the month looked at in colour."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from charts import base
from charts.base import Chart, Number, Spec, Style, finite
from charts.bullet import PICKED
from charts.scales import labelled, zero_based

_HEIGHT = 150
_CROWDED = 46  # pixels a month needs for a figure of its own


@dataclass(frozen=True)
class Month:
    """One month; ``open`` while its pay is computed and not recorded. ``amount`` None: nothing known."""

    key: str
    label: str  # short, under the bar
    name: str  # long, for a tooltip
    amount: Number | None
    open: bool = False


def pay_months(months: Sequence[Month], *, chosen: str, takeaway: str, style: Style) -> Chart:
    """Bars in the order given; a click picks a month (``picked``, field ``key``)."""
    if not any(finite(month.amount) is not None for month in months):
        return base.nothing(style, takeaway)
    domain = zero_based([finite(month.amount) for month in months])
    ends = [domain.low, domain.high]
    x: Spec = {
        "field": "at",
        "type": "ordinal",
        "axis": labelled(
            range(len(months)), [month.label for month in months], labelAngle=0, labelOverlap=True
        ),
        "scale": {"paddingInner": 0.25, "paddingOuter": 0.1},
    }
    y: Spec = {
        "field": "amount",
        "type": "quantitative",
        "axis": None,
        "scale": {"domain": ends, "nice": False, "range": [{"expr": "height"}, 16]},
    }
    data = [_row(at, month, chosen, style) for at, month in enumerate(months)]
    layers = [_bars(x, y, style), _figures(x, y, style, len(months)), _target(x, style)]
    spec = base.layered(style, takeaway, "", layers, _HEIGHT, data={"values": data})
    return base.chart(style, spec, takeaway, "; ".join(f"{row['name']} {row['text']}" for row in data) + ".")


def _row(at: int, month: Month, chosen: str, style: Style) -> Spec:
    return {
        "at": at,
        "key": month.key,
        "name": month.name,
        "amount": finite(month.amount) or 0.0,
        "zero": 0.0,
        "text": style.figure(month.amount, "money"),
        "open": month.open,
        "chosen": month.key == chosen,
    }


def _bars(x: Spec, y: Spec, style: Style) -> Spec:
    palette = style.palette
    colour = {"condition": {"test": "datum.chosen", "value": palette.good}, "value": palette.past}
    return {
        "mark": {"type": "bar"},
        "encoding": {
            "x": x,
            "y": y,
            "y2": {"field": "zero"},
            "color": colour,
            "fillOpacity": {"condition": {"test": "datum.open", "value": 0.45}, "value": 0.95},
            "stroke": colour,
            "strokeDash": {"condition": {"test": "datum.open", "value": [4, 2]}, "value": [1, 0]},
        },
    }


def _figures(x: Spec, y: Spec, style: Style, count: int) -> Spec:
    """Every month's figure where there is room, else the chosen one's."""
    shown = f"datum.chosen || width / {count} > {_CROWDED}"
    colour = {"condition": {"test": "datum.chosen", "value": style.palette.text}, "value": style.palette.soft}
    return {
        "mark": {"type": "text", "baseline": "bottom", "dy": -3, "fontSize": 11},
        "encoding": {
            "x": x,
            "y": y,
            "text": {"condition": {"test": shown, "field": "text"}, "value": ""},
            "color": colour,
        },
    }


def _target(x: Spec, style: Style) -> Spec:
    """An unseen column over each month, to click and to hover."""
    _ = style.words
    return {
        "params": [{"name": PICKED, "select": {"type": "point", "fields": ["key"], "toggle": False}}],
        "mark": {"type": "bar", "opacity": 0, "cursor": "pointer", "width": {"band": 1}},
        "encoding": {
            "x": x,
            "y": {"value": 0},
            "y2": {"value": {"expr": "height"}},
            "tooltip": base.fields(name=_("Month"), text=_("Pay")),
        },
    }
