"""Concentration: what share of the value the best-selling reps bring."""

from __future__ import annotations

from collections.abc import Sequence

from charts import base
from charts.base import Chart, Number, Spec, Style, finite
from charts.scales import Domain, axis, zero_based

_HEIGHT = 280
_TICKS = Domain(0.0, 1.0, (0.0, 0.2, 0.4, 0.6, 0.8, 1.0))


def curve(values: Sequence[Number | None]) -> list[tuple[float, float]]:
    """Points (share of reps from the largest down, share of the value), from (0, 0) to (1, 1).

    Empty when there is no value to share out. Returns and credits can lift it above 1 on the way.
    """
    known = sorted((v for value in values if (v := finite(value)) is not None), reverse=True)
    total = sum(known)
    if total <= 0:
        return []
    points, running = [(0.0, 0.0)], 0.0
    for i, value in enumerate(known, start=1):
        running += value
        points.append((i / len(known), running / total))
    return points


def concentration(
    values: Sequence[Number | None],
    *,
    takeaway: str,
    style: Style,
    top_share: Number | None = None,
    top: float = 0.2,
    note: str = "",
) -> Chart:
    """The curve against equal shares; ``top_share`` is the metric's share of the ``top`` part of reps."""
    points = curve(values)
    if not points:
        return base.nothing(style, takeaway)
    domain = zero_based([1.0, *(share for _, share in points)])
    x = _axis_of("reps", style, _TICKS, style.words("Share of reps, best sellers first"))
    y = _axis_of("value", style, domain, "") | {"scale": {"domain": domain.ends, "nice": False}}
    y["axis"] = y["axis"] | {"grid": True}
    layers = [_equal(style, x, y), *_line(style, x, y), *_top(style, x, y, top, finite(top_share))]
    data = [{"reps": reps, "value": value, **_words(reps, value, style)} for reps, value in points]
    spec = base.layered(style, takeaway, note, layers, _HEIGHT, data={"values": data})
    return base.chart(style, spec, takeaway, _alt(len(points) - 1, top, top_share, style))


def _axis_of(field: str, style: Style, domain: Domain, title: str) -> Spec:
    look = {"title": title or None, "titleAnchor": "start", "labelFlush": field == "reps"}
    return {
        "field": field,
        "type": "quantitative",
        "axis": axis(style, domain, "percent") | look,
        "scale": {"domain": domain.ends, "nice": False},
    }


def _words(reps: float, value: float, style: Style) -> dict[str, str]:
    return {"reps_text": style.figure(reps, "percent"), "value_text": style.figure(value, "percent")}


def _equal(style: Style, x: Spec, y: Spec) -> Spec:
    ends = [{"reps": 0.0, "value": 0.0}, {"reps": 1.0, "value": 1.0}]
    line = {"type": "line", "strokeDash": [5, 4], "color": style.palette.past, "strokeWidth": 1.5}
    text = {"type": "text", "align": "left", "dx": 6, "dy": 12, "color": style.palette.soft, "fontSize": 11}
    middle = [{"reps": 0.72, "value": 0.72}]
    return {
        "layer": [
            {"data": {"values": ends}, "mark": line},
            {
                "data": {"values": middle},
                "mark": text,
                "encoding": {"text": {"value": style.words("Equal shares")}},
            },
        ],
        "encoding": {"x": x, "y": y},
    }


def _line(style: Style, x: Spec, y: Spec) -> list[Spec]:
    _ = style.words
    tips = base.fields(reps_text=_("Share of reps"), value_text=_("Share of value"))
    hover = {"type": "point", "filled": True, "size": 80, "opacity": 0}
    return [
        {
            "mark": {"type": "line", "color": style.palette.good, "strokeWidth": 2.8},
            "encoding": {"x": x, "y": y, "order": {"field": "reps", "type": "quantitative"}},
        },
        {"mark": hover, "encoding": {"x": x, "y": y, "tooltip": tips}},
    ]


def _top(style: Style, x: Spec, y: Spec, top: float, share: float | None) -> list[Spec]:
    """The mark at the top fifth, with both figures beside it."""
    if share is None:
        return []
    text = [
        style.words("Top {reps}:", reps=style_percent(top, style)),
        style.words("{value} of the value", value=style.figure(share, "percent")),
    ]
    dot = {"type": "point", "filled": True, "size": 80, "color": style.palette.good, "opacity": 1}
    look = {"align": "left", "dx": 10, "dy": 10, "lineHeight": 16, "fontWeight": "bold"}
    return [
        {
            "data": {"values": [{"reps": top, "value": share}]},
            "layer": [
                {"mark": dot},
                {"mark": {"type": "text", **look}, "encoding": {"text": {"value": text}}},
            ],
            "encoding": {"x": x, "y": y},
        }
    ]


def style_percent(value: float, style: Style) -> str:
    """A share without decimals."""
    from words.formats import percent

    return percent(value, style.language, places=0)


def _alt(count: int, top: float, share: Number | None, style: Style) -> str:
    _ = style.words
    parts = [_.ngettext("Concentration curve of {n} rep.", "Concentration curve of {n} reps.", count)]
    if share is not None:
        parts.append(
            _(
                "The top {reps} bring {value} of the value.",
                reps=style_percent(top, style),
                value=style.figure(share, "percent"),
            )
        )
    return " ".join(parts)
