"""Progress: one bar for one number, against its quota and against what was expected by now."""

from __future__ import annotations

from charts import base
from charts.base import Chart, Number, Spec, Style, finite

_HEIGHT = 74
_BAR = (24, 50)  # pixels from the top of the plot


def progress(
    credited: Number | None,
    quota: Number | None,
    *,
    takeaway: str,
    style: Style,
    pace: Number | None = None,
    unit: str = "money",
    in_progress: bool = False,
) -> Chart:
    """A linear bar from zero; ``pace`` is the value expected by now in the same unit."""
    value, level, expected = finite(credited), finite(quota), finite(pace)
    if value is None:
        return base.nothing(style, takeaway)
    low, high = min(0.0, value), max(value, level or 0.0, expected or 0.0) * 1.03 or 1.0
    scale = {"domain": [low, high], "nice": False}
    behind = expected is not None and value < expected and (level is None or value < level)
    layers = [_bar(value, level, style, scale, behind=behind, in_progress=in_progress)]
    words = _texts(credited, quota, pace, style, unit)
    if level is not None:
        layers.append(_mark(level, words["quota"], style, above=False, left=level < 0.3 * high))
    if expected is not None:
        layers.append(_mark(expected, words["pace"], style, above=True, left=expected < 0.5 * high))
    layers.append(_value(words["credited"]))
    spec = base.layered(style, takeaway, "", layers, _HEIGHT)
    return base.chart(style, spec, takeaway, ". ".join(text for text in words.values() if text) + ".")


def _texts(
    credited: Number | None, quota: Number | None, pace: Number | None, style: Style, unit: str
) -> dict[str, str]:
    _ = style.words
    share = None
    if (level := finite(quota)) and (value := finite(credited)) is not None and level > 0:
        share = value / level
    done = f"{style.figure(credited, unit)} ({style.figure(share, 'percent')})"
    return {
        "credited": done if quota is not None else style.figure(credited, unit),
        "quota": _("Quota {value}", value=style.figure(quota, unit)) if quota is not None else _("No quota"),
        "pace": _("Expected by now {value}", value=style.figure(pace, unit)) if pace is not None else "",
    }


def _bar(
    value: float, level: float | None, style: Style, scale: Spec, *, behind: bool, in_progress: bool
) -> Spec:
    top, bottom = _BAR
    colour = style.palette.poor if behind else style.palette.good
    ends: Spec = {"y": {"value": top}, "y2": {"value": bottom}}
    x = {"datum": 0, "type": "quantitative", "axis": None, "scale": scale}
    fill: Spec = {
        "type": "rect",
        "color": colour,
        "stroke": colour,
        "fillOpacity": 0.5 if in_progress else 0.95,
    }
    if in_progress:
        fill["strokeDash"] = [4, 2]
    track = {"type": "rect", "color": style.palette.grid}
    return {
        "data": base.one(),
        "layer": [
            {
                "mark": track,
                "encoding": {"x": x, "x2": {"datum": level if level is not None else value}, **ends},
            },
            {"mark": fill, "encoding": {"x": x, "x2": {"datum": value}, **ends}},
        ],
    }


def _mark(at: float, text: str, style: Style, *, above: bool, left: bool) -> Spec:
    """A line through the bar with its name above or below it."""
    top, bottom = _BAR
    place = top - 9 if above else bottom + 9
    name = {
        "type": "text", "align": "left" if left else "right", "baseline": "bottom" if above else "top",
        "fontSize": 12, "color": style.palette.soft if above else style.palette.text,
    }  # fmt: skip
    rule = {"type": "rule", "strokeWidth": 2, "color": style.palette.line}
    return {
        "data": base.one(),
        "layer": [
            {"mark": rule, "encoding": {"y": {"value": top - 7}, "y2": {"value": bottom + 7}}},
            {"mark": name, "encoding": {"y": {"value": place}, "text": {"value": text}}},
        ],
        "encoding": {"x": {"datum": at, "type": "quantitative", "axis": None}},
    }


def _value(text: str) -> Spec:
    return {
        "data": base.one(),
        "mark": {"type": "text", "align": "left", "baseline": "top", "fontWeight": "bold", "fontSize": 13},
        "encoding": {"x": {"value": 0}, "y": {"value": _BAR[1] + 8}, "text": {"value": text}},
    }
