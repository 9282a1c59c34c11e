"""Spread: every rep a dot on one scale of attainment, with the quota, the median and the middle half.

Dots that would hide each other are stacked away from the line, so a crowd looks like a crowd.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from charts import base
from charts.base import Chart, Number, Spec, Style, finite
from charts.bullet import BEYOND, PICKED, SMALL_QUOTA
from charts.scales import Domain, axis, usual_limit, zero_based

_DOT = 10  # pixels across
_USUAL_WIDTH = 520  # plot width dots are packed for


@dataclass(frozen=True)
class Dot:
    """One rep: attainment as a ratio; None (no quota) is not drawn but counted in the note."""

    key: str
    label: str
    attainment: Number | None
    small_quota: bool = False


@dataclass(frozen=True)
class Quartiles:
    """The middle of the spread, as ``attainment_spread`` defines it."""

    lower: Number
    median: Number
    upper: Number


def spread(
    rows: Sequence[Dot],
    *,
    takeaway: str,
    style: Style,
    quartiles: Quartiles | None = None,
    highlight: str = "",
    note: str = "",
) -> Chart:
    """A strip of dots; a click selects one (parameter ``picked``, field ``key``)."""
    known = [(row, place) for row in rows if (place := finite(row.attainment)) is not None]
    if not known:
        return base.nothing(style, takeaway)
    limit = usual_limit([place for row, place in known if not row.small_quota])
    domain = zero_based([limit, *(place for _, place in known if place < 0)])
    dots = _packed(known, domain, style, highlight)
    levels = max(abs(int(dot["level"])) for dot in dots)
    height = 64 + 2 * levels * (_DOT + 1)
    layers = [
        *_middle(quartiles, domain, style, height),
        _quota(style, quartiles),
        _dots(style, domain, height),
    ]
    layers += [*_beyond(dots), *_named(dots, style, highlight, height)]
    spec = base.layered(
        style, takeaway, _note(rows, dots, note, style), layers, height, data={"values": dots}
    )
    return base.chart(style, spec, takeaway, _alt([row for row, _ in known], quartiles, style))


def _packed(
    known: Sequence[tuple[Dot, float]], domain: Domain, style: Style, highlight: str
) -> list[dict[str, Any]]:
    ordered = sorted(known, key=lambda pair: (pair[1], pair[0].key))
    places = [min(place, domain.high) for _, place in ordered]
    levels = stack(places, (domain.high - domain.low) * _DOT / _USUAL_WIDTH)
    return [
        {
            "key": row.key,
            "name": row.label,
            "at": place,
            "level": level,
            "reached": true >= 1,
            "small": row.small_quota,
            "mine": row.key == highlight,
            "beyond": BEYOND if true > domain.high else "",
            "figure": style.figure(true, "percent") + (SMALL_QUOTA if row.small_quota else ""),
        }
        for (row, true), place, level in zip(ordered, places, levels, strict=True)
    ]


def stack(places: Sequence[float], gap: float) -> list[int]:
    """A level (0, 1, −1, 2, …) for each of the ascending places, so that equals lie apart by ``gap``."""
    last: dict[int, float] = {}
    levels: list[int] = []
    for place in places:
        level = 0
        while place - last.get(level, float("-inf")) < gap:
            level = -level if level > 0 else 1 - level
        last[level] = place
        levels.append(level)
    return levels


def _x(field: str, **rest: object) -> Spec:
    return {"field": field, "type": "quantitative", **rest}


def _middle(quartiles: Quartiles | None, domain: Domain, style: Style, height: int) -> list[Spec]:
    if quartiles is None:
        return []
    lower, median, upper = (
        min(float(v), domain.high) for v in (quartiles.lower, quartiles.median, quartiles.upper)
    )
    text = style.words("Median {value}", value=style.figure(quartiles.median, "percent"))
    band = {
        "data": base.one(),
        "mark": {"type": "rect", "color": style.palette.band},
        "encoding": {
            "x": {"datum": lower, "type": "quantitative"}, "x2": {"datum": upper},
            "y": {"value": 0}, "y2": {"value": height},
        },
    }  # fmt: skip
    return [band, _line(median, text, style.palette.good, "right" if median < 1 else "left", [4, 3])]


def _line(at: float, text: str, colour: str, align: str, dash: list[int]) -> Spec:
    """A line over the height, named above it, the name away from the other line."""
    name = {"type": "text", "align": align, "baseline": "bottom", "fontSize": 11, "color": colour}
    return {
        "data": base.one(),
        "layer": [
            {"mark": {"type": "rule", "color": colour, "strokeWidth": 1.5, "strokeDash": dash}},
            {"mark": name, "encoding": {"y": {"value": -4}, "text": {"value": text}}},
        ],
        "encoding": {"x": {"datum": at, "type": "quantitative"}},
    }


def _quota(style: Style, quartiles: Quartiles | None) -> Spec:
    align = "right" if quartiles is not None and float(quartiles.median) >= 1 else "left"
    return _line(1.0, style.words("Quota"), style.palette.line, align, [1, 0])


def _dots(style: Style, domain: Domain, height: int) -> Spec:
    _, palette = style.words, style.palette
    half = height / 2 / (_DOT + 1)
    ticks = axis(style, domain, "percent", domain=True, labelFlush=True)
    colour = {
        "condition": [
            {"test": "datum.small", "value": palette.plain},
            {"test": "datum.reached", "value": palette.good},
        ],
        "value": palette.poor,
    }
    return {
        "params": [{"name": PICKED, "select": {"type": "point", "fields": ["key"], "toggle": False}}],
        "mark": {"type": "point", "size": _DOT * _DOT * 0.785, "strokeWidth": 1.5, "cursor": "pointer"},
        "encoding": {
            "x": _x("at", axis=ticks, scale={"domain": domain.ends, "range": [6, {"expr": "width - 12"}], "nice": False}),
            "y": {"field": "level", "type": "quantitative", "axis": None, "scale": {"domain": [-half, half]}},
            "stroke": colour,
            "fill": colour,
            "fillOpacity": {"condition": {"test": "datum.reached && !datum.small", "value": 0.85}, "value": 0.15},
            "opacity": {"condition": {"param": PICKED, "value": 1}, "value": 0.3},
            "tooltip": base.fields(name=_("Name"), figure=_("Attainment")),
        },
    }  # fmt: skip


def _beyond(dots: Sequence[dict[str, Any]]) -> list[Spec]:
    """A sign at dots that lie beyond the scale."""
    if not any(dot["beyond"] for dot in dots):
        return []
    mark = {"type": "text", "align": "right", "dx": -8, "fontWeight": "bold"}
    y = {"field": "level", "type": "quantitative", "axis": None}
    text = {"field": "beyond"}
    return [
        {
            "transform": [{"filter": "datum.beyond !== ''"}],
            "mark": mark,
            "encoding": {"x": _x("at"), "y": y, "text": text},
        }
    ]


def _named(dots: Sequence[dict[str, Any]], style: Style, highlight: str, height: int) -> list[Spec]:
    """The reader's own dot, ringed, with its name at the foot of the strip where no dot lies."""
    if not highlight or not any(dot["mine"] for dot in dots):
        return []
    y = {"field": "level", "type": "quantitative", "axis": None}
    foot = {"value": height - 18}
    name = {"type": "text", "baseline": "top", "fontWeight": "bold", "fontSize": 12}
    return [
        {
            "transform": [{"filter": "datum.mine"}],
            "layer": [
                {
                    "mark": {"type": "rule", "color": style.palette.text},
                    "encoding": {"y": y, "y2": foot},
                },
                {
                    "mark": {"type": "point", "size": 190, "color": style.palette.text, "strokeWidth": 2},
                    "encoding": {"y": y},
                },
                {"mark": name, "encoding": {"y": {"value": height - 15}, "text": {"field": "name"}}},
            ],
            "encoding": {"x": _x("at")},
        }
    ]


def _note(rows: Sequence[Dot], dots: Sequence[dict[str, Any]], note: str, style: Style) -> str:
    _ = style.words
    missing = sum(finite(row.attainment) is None for row in rows)
    parts = [note] if note else []
    parts.append(_("● reached quota  ○ below quota."))
    if missing:
        parts.append(
            _.ngettext("{n} without a quota is not shown.", "{n} without a quota are not shown.", missing)
        )
    if far := [dot["figure"] for dot in dots if dot["beyond"]]:
        parts.append(_("» beyond the scale: {figures}.", figures=", ".join(far[-3:])))
    if any(row.small_quota for row in rows):
        parts.append(_("Grey: quota too small to compare."))
    return " ".join(parts)


def _alt(rows: Sequence[Dot], quartiles: Quartiles | None, style: Style) -> str:
    _ = style.words
    reached = sum((finite(row.attainment) or 0) >= 1 for row in rows)
    parts = [
        _.ngettext(
            "Attainment of {n} person on one scale.", "Attainment of {n} people on one scale.", len(rows)
        ),
        _("{reached} of {all} reached the quota.", reached=reached, all=len(rows)),
    ]
    if quartiles is not None:
        lower, median, upper = (
            style.figure(v, "percent") for v in (quartiles.lower, quartiles.median, quartiles.upper)
        )
        parts.append(
            _(
                "Median {median}; the middle half lies between {lower} and {upper}.",
                median=median,
                lower=lower,
                upper=upper,
            )
        )
    return " ".join(parts)
