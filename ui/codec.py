"""From the address to a view, and nothing but ids: pure, so that every link can be tested."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import cast

from metrics.catalogue import CHOICES
from metrics.periods import Calendar, Period, earlier, view_of
from metrics.view import COMPARISONS, Compare, MetricError, View
from ui.options import Options

DEFAULT_COMPARE: Compare = "previous"
RANGE = ".."


@dataclass(frozen=True)
class Read:
    """A view read from an address, and the names whose values were not known."""

    view: View
    period: Period | None
    unknown: tuple[str, ...] = ()
    nothing_before: bool = False  # there is no earlier period to compare with


def read(
    query: Mapping[str, str], calendar: Calendar, options: Options, *, reps: frozenset[str] = frozenset()
) -> Read:
    """The view an address asks for; what is not known falls back and is named."""
    unknown: list[str] = []

    def known(name: str, check: Callable[[str], bool]) -> str:
        value = query.get(name, "")
        if value and not check(value):
            unknown.append(name)
            return ""
        return value

    as_of = _day(known("as_of", lambda text: _day(text) is not None)) or options.latest
    as_of = _bounded(as_of, calendar, options.latest, unknown)
    period = known("period", lambda text: _view_of(calendar, text, as_of) is not None)
    view = _view_of(calendar, period, as_of) or _now(calendar, as_of)
    where = [
        *_pair("manager", known("manager", lambda v: v in dict(options.managers))),
        *_pair("team", known("team", lambda v: v in options.teams)),
        *_pair("region", known("region", lambda v: v in options.regions)),
        *_pair("rep", known("rep", lambda v: v in reps)),
        *_pair("measure", known("measure", lambda v: v in options.measures)),
    ]
    readings = [(name, known(name, lambda v, name=name: v in CHOICES[name])) for name in CHOICES]  # type: ignore[misc]
    compare = cast("Compare", known("compare", lambda v: v in COMPARISONS) or DEFAULT_COMPARE)
    view = replace(view, where=tuple(where), compare=compare, choices=tuple((n, v) for n, v in readings if v))
    return _comparable(Read(view, calendar.exactly(view.start, view.end), tuple(unknown)), calendar)


def _pair(name: str, value: str) -> list[tuple[str, str]]:
    return [(name, value)] if value else []


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _bounded(as_of: date, calendar: Calendar, latest: date, unknown: list[str]) -> date:
    """Nobody looks further than the data goes, nor before the calendar starts."""
    if calendar.all("year")[0].start <= as_of <= latest:
        return as_of
    unknown.append("as_of")
    return latest


def _view_of(calendar: Calendar, text: str, as_of: date) -> View | None:
    try:
        view = view_of(calendar, text, as_of) if text else None
    except (MetricError, ValueError, OverflowError):
        return None
    return view if view and view.start < view.end and view.start <= as_of else None


def _now(calendar: Calendar, as_of: date) -> View:
    quarter = calendar.of("quarter", as_of)
    return View(quarter.start, quarter.end, as_of)


def _comparable(found: Read, calendar: Calendar) -> Read:
    """The same without comparison where there is nothing earlier."""
    if found.view.compare == "none":
        return found
    try:
        earlier(calendar, found.view, ())
    except MetricError:
        return replace(found, view=replace(found.view, compare="none"), nothing_before=True)
    return found
