"""Axes whose ticks are chosen and written here, so that they read like every other figure."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass

from charts.base import Spec, Style, quoted

_NOTHING = 1e-9
"""Spans up to this are no distance to draw: values that differ by rounding only."""
_STEPS = (1.0, 2.0, 2.5, 5.0, 10.0)


@dataclass(frozen=True)
class Domain:
    """The stretch of an axis and the ticks on it."""

    low: float
    high: float
    ticks: tuple[float, ...]

    @property
    def ends(self) -> list[float]:
        """The domain as Vega-Lite takes it."""
        return [self.low, self.high]


def zero_based(values: Iterable[float | None], *, count: int = 5) -> Domain:
    """A domain that starts at zero and holds all values; below zero only when a value is."""
    known = [value for value in values if value is not None]
    return around([0.0, *known], count=count)


def around(values: Iterable[float | None], *, count: int = 5) -> Domain:
    """A domain that holds all values between round ticks."""
    known = [value for value in values if value is not None] or [0.0]
    low, high = min(known), max(known)
    span = next(size for size in (high - low, abs(high), 1.0) if size > _NOTHING)
    step = _step(span, count)
    first, last = math.floor(low / step + 1e-12), math.ceil(high / step - 1e-12)
    ticks = tuple(round(i * step, 12) for i in range(first, max(last, first + 1) + 1))
    return Domain(ticks[0], ticks[-1], ticks)


def _step(span: float, count: int) -> float:
    """The roundest step that cuts ``span`` into about ``count`` parts."""
    raw = span / count
    magnitude = 10.0 ** math.floor(math.log10(raw))
    return next(step * magnitude for step in _STEPS if step * magnitude >= raw * (1 - 1e-9))


def axis(style: Style, domain: Domain, unit: str, /, **rest: object) -> Spec:
    """An axis with the domain's ticks, written in the unit and language of the reader."""
    whole = all(abs(tick * 100 - round(tick * 100)) < 1e-9 for tick in domain.ticks)
    return labelled(domain.ticks, [_text(style, tick, unit, whole=whole) for tick in domain.ticks], **rest)


def _text(style: Style, tick: float, unit: str, *, whole: bool) -> str:
    if unit == "percent" and whole:
        from words.formats import percent

        return percent(tick, style.language, places=0)
    return style.figure(tick, unit)


def labelled(places: Iterable[float], labels: Iterable[str], **rest: object) -> Spec:
    """An axis with a text at each place."""
    at = list(places)
    return {
        "values": at,
        "labelExpr": f"{quoted(list(labels))}[indexof({quoted(at)}, datum.value)]",
        "title": None,
        **rest,
    }


def usual_limit(values: Iterable[float], least: float = 1.0, cut: float = 2.5) -> float:
    """The right end of a scale of attainments that a few extreme ones do not squash.

    It holds all values unless the largest is beyond both ``cut`` and twice what nine in ten stay under.
    """
    ordered = sorted(values)
    if not ordered:
        return least
    usual = 2 * ordered[int(0.9 * (len(ordered) - 1))]
    return min(max(least, ordered[-1]), max(least, cut, usual))
