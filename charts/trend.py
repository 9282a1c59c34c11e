"""Trend: how a period fills up day by day, beside earlier periods at the same day.

Every curve is cumulative and starts on the first day of its own period, so that day 45 is compared with
day 45. The current period is the only one in colour; what history leads one to expect is dashed.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from charts import base
from charts.base import Chart, Number, Spec, Style, finite
from charts.scales import Domain, around, axis, labelled, zero_based

_HEIGHT = 300
_LABELS = 92
_LINE = 15  # pixels a label needs


@dataclass(frozen=True)
class Curve:
    """One period: ``points`` are (day of the period from 1, cumulative value), days ascending."""

    key: str
    label: str
    points: Sequence[tuple[int, Number | None]]
    current: bool = False

    @property
    def known(self) -> list[tuple[int, float]]:
        """Points that have a place on screen."""
        return [(day, place) for day, value in self.points if (place := finite(value)) is not None]


def trend(
    curves: Sequence[Curve],
    *,
    takeaway: str,
    style: Style,
    unit: str = "money",
    expected: Sequence[tuple[int, Number | None]] = (),
    quota: Number | None = None,
    days: int | None = None,
    note: str = "",
    domain: Domain | None = None,
    height: int = _HEIGHT,
) -> Chart:
    """Cumulative curves by day of the period; ``days`` is the length of the current period.

    ``expected`` is a curve in the same unit, ``quota`` a level of it. ``domain`` shares one axis between
    several charts. No curve with points gives a chart that says so.
    """
    drawn = [curve for curve in curves if curve.known]
    if not drawn:
        return base.nothing(style, takeaway)
    hoped = Curve("expected", style.words("Expected"), expected)
    every = [*drawn, *([hoped] if hoped.known else [])]
    level = finite(quota)
    values = domain or zero_based([level, *(value for curve in every for _, value in curve.known)])
    last = max([days or 1, *(day for curve in every for day, _ in curve.known)])
    parts = _Parts(drawn, hoped, level, values, last, unit, style, height)
    spec = base.layered(style, takeaway, note, parts.layers(), height)
    return base.chart(style, spec, takeaway, _alt(drawn, style, unit, level))


@dataclass(frozen=True)
class _Parts:
    """The layers of one trend."""

    curves: list[Curve]
    hoped: Curve
    level: float | None
    values: Domain
    last: int
    unit: str
    style: Style
    height: int

    def layers(self) -> list[Spec]:
        earlier = [curve for curve in self.curves if not curve.current]
        current = [curve for curve in self.curves if curve.current]
        return [
            *self._quota(),
            self._lines(earlier, self.style.palette.past, 1.5),
            *self._expected(),
            self._lines(current, self.style.palette.good, 3),
            *(layer for curve in current for layer in self._end(curve, earlier)),
            self._labels(earlier),
            self._hover(),
        ]

    def _x(self, field: str = "day") -> Spec:
        days = _day_ticks(self.last)
        title = self.style.words("Day of the period")
        ticks = labelled(days, [str(day) for day in days])
        return {
            "field": field,
            "type": "quantitative",
            "axis": ticks | {"title": title, "titleAnchor": "start", "labelFlush": True},
            "scale": {
                "domain": [1, max(self.last, 2)],
                "range": [0, base.end_column(_LABELS)],
                "nice": False,
            },
        }

    def _y(self, field: str = "value") -> Spec:
        grid = {"grid": True, "domain": False, "labelOverlap": True}
        return {
            "field": field,
            "type": "quantitative",
            "axis": axis(self.style, self.values, self.unit, **grid),
            "scale": {"domain": self.values.ends, "zero": self.values.low == 0, "nice": False},
        }

    def _lines(self, curves: list[Curve], colour: str, width: float, **mark: object) -> Spec:
        look = {"type": "line", "color": colour, "strokeWidth": width, "strokeJoin": "round", "clip": True}
        look["aria"] = (
            False  # read aloud, a line would be its first point and an id; the alt text says it all
        )
        return {
            "data": {"values": [_point(curve, *point) for curve in curves for point in curve.known]},
            "mark": look | mark,
            "encoding": {
                "x": self._x(),
                "y": self._y(),
                "detail": {"field": "key"},
                "order": {"field": "day", "type": "quantitative"},
            },
        }

    def _expected(self) -> list[Spec]:
        if not self.hoped.known:
            return []
        return [self._lines([self.hoped], self.style.palette.soft, 1.8, strokeDash=[5, 4])]

    def _quota(self) -> list[Spec]:
        if self.level is None:
            return []
        y = self._y() | {"datum": self.level}
        del y["field"]
        return [
            {
                "data": base.one(),
                "mark": {"type": "rule", "color": self.style.palette.line, "strokeWidth": 1.2},
                "encoding": {"y": y, "x": {"value": 0}, "x2": {"value": base.end_column(_LABELS)}},
            }
        ]

    def _end(self, curve: Curve, earlier: list[Curve]) -> list[Spec]:
        """The last point of the current curve, named and written where no other curve runs."""
        day, value = curve.known[-1]
        others = [at for other in [*earlier, self.hoped] if (at := at_day(other, day)) is not None]
        above = day > 0.75 * self.last or value >= sum(others) / max(len(others), 1)
        colour = self.style.palette.good
        look = {"align": "right", "dx": -6, "dy": -12} if above else {"align": "left", "dx": 6, "dy": 14}
        text = {"type": "text", "fontWeight": "bold", "fontSize": 12, "color": colour, **look}
        words = f"{curve.label}  {self.style.figure(value, self.unit)}"
        return [
            {
                "data": {"values": [_point(curve, day, value)]},
                "layer": [
                    {"mark": {"type": "point", "filled": True, "size": 70, "color": colour, "opacity": 1}},
                    {"mark": text, "encoding": {"text": {"value": words}}},
                ],
                "encoding": {"x": self._x(), "y": self._y()},
            }
        ]

    def _labels(self, earlier: list[Curve]) -> Spec:
        """Names at the right end, moved apart where they would lie on each other."""
        _, palette = self.style.words, self.style.palette
        wanted = [(c.known[-1][1], c.label, palette.soft) for c in earlier]
        if self.hoped.known:
            wanted.append((self.hoped.known[-1][1], _("Expected"), palette.soft))
        if self.level is not None:
            wanted.append((self.level, _("Quota"), palette.text))
        wanted.sort(key=lambda item: item[0])
        span = self.values.high - self.values.low
        gap = span * _LINE / self.height
        places = apart([item[0] for item in wanted], gap, self.values.low, self.values.high)
        rows = [
            {"at": at, "text": text, "color": colour}
            for at, (_value, text, colour) in zip(places, wanted, strict=True)
        ]
        return {
            "data": {"values": rows},
            "mark": {"type": "text", "align": "left", "fontSize": 11, "limit": _LABELS - 8},
            "encoding": {
                "x": base.from_right(_LABELS - 8),
                "y": self._y("at"),
                "text": {"field": "text"},
                "color": {"field": "color", "type": "nominal", "scale": None},
            },
        }

    def _hover(self) -> Spec:
        _ = self.style.words
        rows = [
            _point(curve, day, value) | {"figure": self.style.figure(value, self.unit, compact=False)}
            for curve in [*self.curves, self.hoped]
            for day, value in curve.known
        ]
        return {
            "data": {"values": rows},
            "mark": {"type": "point", "filled": True, "size": 90, "opacity": 0},
            "encoding": {
                "x": self._x(),
                "y": self._y(),
                "tooltip": base.fields(name=_("Period"), day=_("Day"), figure=_("Value so far")),
            },
        }


def _point(curve: Curve, day: int, value: float) -> dict[str, object]:
    return {"key": curve.key, "name": curve.label, "day": day, "value": value}


def _day_ticks(last: int) -> list[int]:
    step = next(step for step in (1, 5, 10, 15, 30, 60, 90) if last / step <= 7 or step == 90)
    return [1, *range(step, last + 1, step)] if step > 1 else list(range(1, last + 1))


def apart(wanted: Sequence[float], gap: float, low: float, high: float) -> list[float]:
    """Ascending places as near to the wanted ones as a gap between them allows, inside low and high."""
    places: list[float] = []
    for place in wanted:
        places.append(max(place, places[-1] + gap) if places else max(place, low))
    ceiling = high
    for i in reversed(range(len(places))):
        places[i] = min(places[i], ceiling)
        ceiling = places[i] - gap
    return places


def _alt(curves: Sequence[Curve], style: Style, unit: str, quota: float | None) -> str:
    _ = style.words
    parts = [_.ngettext("Cumulative curve of {n} period.", "Cumulative curves of {n} periods.", len(curves))]
    for curve in curves:
        if curve.current:
            day, value = curve.known[-1]
            parts.append(
                _("{name}: {value} by day {day}.", name=curve.label, value=style.figure(value, unit), day=day)
            )
            parts += [
                _("{name} by the same day: {value}.", name=other.label, value=style.figure(at, unit))
                for other in curves
                if not other.current and (at := at_day(other, day)) is not None
            ]
    if quota is not None:
        parts.append(_("Quota: {value}.", value=style.figure(quota, unit)))
    return " ".join(parts)


def at_day(curve: Curve, day: int) -> float | None:
    """The curve's last value on or before a day of the period; None before its first point."""
    before = [value for at, value in curve.known if at <= day]
    return before[-1] if before else None


def small_multiples(
    panels: Sequence[tuple[str, Sequence[Curve]]], *, style: Style, unit: str = "percent", days: int | None = None,
    quota: Number | None = None,
) -> tuple[Chart, ...]:  # fmt: skip
    """One small trend a team, (title, curves) each, on one shared axis; the page lays them out."""
    values = [value for _, curves in panels for curve in curves for _, value in curve.known]
    if not values:
        return ()
    shared = zero_based([finite(quota), *values], count=3)
    longest = max(day for _, curves in panels for curve in curves for day, _ in curve.known)
    return tuple(
        trend(
            curves, takeaway=title, style=style, unit=unit, quota=quota, days=max(days or 1, longest),
            domain=shared, height=150,
        )
        for title, curves in panels
    )  # fmt: skip


def sparkline(values: Sequence[Number | None], *, style: Style, alt: str = "") -> Chart:
    """A line the size of a word, its last point marked; a missing value is a gap."""
    points = [{"at": i, "value": finite(value)} for i, value in enumerate(values)]
    known = [point for point in points if point["value"] is not None]
    if not known:
        return base.nothing(style)
    domain = around([point["value"] for point in known])
    colour = style.palette.good
    line = {"type": "line", "color": colour, "strokeWidth": 1.8, "invalid": "break-paths-show-domains"}
    dot = {"type": "point", "filled": True, "size": 36, "color": colour, "opacity": 1}
    x = _bare("at", [0, max(len(values) - 1, 1)])
    y = _bare("value", domain.ends)
    layers: list[Spec] = [{"mark": line}, {"data": {"values": known[-1:]}, "mark": dot}]
    spec = base.layered(style, "", "", layers, 36, data={"values": points}, encoding={"x": x, "y": y})
    del spec["title"]
    text = alt or style.words.ngettext("Line of {n} value.", "Line of {n} values.", len(known))
    return Chart(spec, text, "", background=style.palette.background)


def _bare(field: str, ends: list[float]) -> Spec:
    scale = {"domain": ends, "zero": False, "nice": False}
    return {"field": field, "type": "quantitative", "axis": None, "title": None, "scale": scale}
