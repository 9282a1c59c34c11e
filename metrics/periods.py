"""Arithmetic on fiscal periods, from the published ``days`` table of a version."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import cached_property, lru_cache
from typing import Literal

from metrics.view import MetricError, View
from warehouse.engine import Session, base

Grain = Literal["week", "month", "quarter", "year"]
GRAINS: tuple[Grain, ...] = ("week", "month", "quarter", "year")
TIME_DIMENSIONS = ("day", *GRAINS)
_A_YEAR: dict[Grain, int] = {"month": 12, "quarter": 4, "year": 1}
_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Period:
    """A fiscal period; ``end`` is exclusive."""

    grain: Grain
    id: str
    start: date
    end: date

    @property
    def length(self) -> int:
        """Days in the period."""
        return (self.end - self.start).days

    def state(self, as_of: date) -> Literal["finished", "in_progress", "future"]:
        """Whether the period is over on a day; its last day counts as over."""
        if as_of < self.start:
            return "future"
        return "in_progress" if as_of < self.end - _DAY else "finished"


@dataclass(frozen=True)
class Calendar:
    """All fiscal periods a version knows, in order."""

    rows: tuple[Period, ...]

    @cached_property
    def _by_grain(self) -> dict[Grain, list[Period]]:
        return {g: sorted((p for p in self.rows if p.grain == g), key=lambda p: p.start) for g in GRAINS}

    @cached_property
    def _by_id(self) -> dict[str, Period]:
        return {period.id: period for period in self.rows}

    def all(self, grain: Grain) -> list[Period]:
        """Every period of a grain, earliest first."""
        return self._by_grain[grain]

    def named(self, period_id: str) -> Period:
        """The period with this id, such as FY2026-Q1.

        Raises:
            MetricError: the calendar has no such period.
        """
        try:
            return self._by_id[period_id]
        except KeyError:
            raise MetricError(f"There is no period “{period_id}”; {self._span()}") from None

    def of(self, grain: Grain, day: date) -> Period:
        """The period of a grain that holds a day.

        Raises:
            MetricError: the day lies outside the calendar.
        """
        periods = self._by_grain[grain]
        at = bisect_right([p.start for p in periods], day) - 1
        if at < 0 or day >= periods[at].end:
            raise MetricError(f"{day} lies outside the calendar; {self._span()}")
        return periods[at]

    def shift(self, period: Period, by: int) -> Period | None:
        """The period so many steps later (earlier if negative), or None past the calendar's ends."""
        periods = self._by_grain[period.grain]
        at = periods.index(period) + by
        return periods[at] if 0 <= at < len(periods) else None

    def between(self, grain: Grain, start: date, end: date) -> list[Period]:
        """Periods of a grain that overlap ``start <= day < end``."""
        return [p for p in self._by_grain[grain] if p.start < end and p.end > start]

    def exactly(self, start: date, end: date) -> Period | None:
        """The longest period with just these bounds, if there is one."""
        return next(
            (p for g in reversed(GRAINS) for p in self._by_grain[g] if (p.start, p.end) == (start, end)), None
        )

    def _span(self) -> str:
        quarters = self._by_grain["quarter"]
        return f"known are {quarters[0].id} to {quarters[-1].id}, and the years, months and weeks in them."


def calendar_of(session: Session) -> Calendar:
    """The fiscal calendar of a version; read once a version."""
    return _calendar(session)


@lru_cache(maxsize=16)
def _calendar(session: Session) -> Calendar:
    rows = session.run(base("days").select(*_COLUMNS)).to_pylist()
    found = {(grain, row[grain], row[f"{grain}_start"], _end(grain, row)) for grain in GRAINS for row in rows}
    return Calendar(tuple(Period(*period) for period in sorted(found)))


_COLUMNS = (
    *GRAINS,
    *(f"{grain}_start" for grain in GRAINS),
    *(f"{grain}_end" for grain in GRAINS if grain != "week"),
)


def _end(grain: Grain, row: dict[str, date]) -> date:
    return row["week_start"] + timedelta(days=7) if grain == "week" else row[f"{grain}_end"]


def view_of(calendar: Calendar, period: str, as_of: date, **more: object) -> View:
    """The view of one period id, or of a range written ``2026-01-01..2026-03-31`` (both inclusive)."""
    if ".." in period:
        first, last = (date.fromisoformat(text) for text in period.split("..", 1))
        return View(first, last + _DAY, as_of, **more)  # type: ignore[arg-type]
    found = calendar.named(period)
    return View(found.start, found.end, as_of, **more)  # type: ignore[arg-type]


def grain_of(calendar: Calendar, view: View, by: tuple[str, ...] = ()) -> Grain:
    """The grain a question works in: its finest time key, else the period looked at, else quarter."""
    for grain in GRAINS:
        if grain in by:
            return grain
    period = calendar.exactly(view.start, view.end)
    return period.grain if period else "quarter"


@dataclass(frozen=True)
class Shift:
    """An earlier view to compare with, and how its period ids map to the later ones."""

    view: View
    later_id: dict[str, str]


def earlier(calendar: Calendar, view: View, by: tuple[str, ...]) -> Shift:
    """The view ``view.compare`` names, cut at the same day of its period.

    A finished period is compared whole. A range that is no fiscal period is compared with the range of
    equal length before it, or with the same days a year earlier.

    Raises:
        MetricError: the calendar does not reach back that far.
    """
    keyed = any(grain in by for grain in GRAINS)
    if not keyed and calendar.exactly(view.start, view.end) is None:
        return Shift(_earlier_range(view), {})
    grain = grain_of(calendar, view, by)
    lag = 1 if view.compare == "previous" else _A_YEAR.get(grain, 52)
    periods = calendar.between(grain, view.start, view.end)
    before = [calendar.shift(period, -lag) for period in periods]
    if not periods or any(p is None for p in before):
        raise MetricError(f"There is nothing to compare with: the calendar starts after the {grain} wanted.")
    old = [p for p in before if p is not None]
    as_of = _same_day(view, old, periods)
    moved = replace(view, start=old[0].start, end=old[-1].end, as_of=as_of, compare="none")
    return Shift(moved, {o.id: p.id for o, p in zip(old, periods, strict=True)})


def _same_day(view: View, old: list[Period], new: list[Period]) -> date:
    for before, period in zip(old, new, strict=True):
        if period.state(view.as_of) == "in_progress":
            return min(before.start + (view.as_of - period.start), before.end - _DAY)
    if view.as_of < new[0].start:
        return old[0].start - _DAY
    return old[-1].end - _DAY


def _earlier_range(view: View) -> View:
    if view.compare == "last_year":
        back = timedelta(days=364)
    else:
        back = view.end - view.start
    return replace(
        view, start=view.start - back, end=view.end - back, as_of=view.as_of - back, compare="none"
    )
