"""What can be chosen in the filter bar: periods with data, teams and regions the viewer sees."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from metrics.attainment import credited, quota
from metrics.periods import Calendar, Grain, Period, calendar_of
from metrics.view import View
from ui.ask import ask, kept
from ui.desk import Desk
from ui.people import lines_of
from warehouse.access import UNASSIGNED

GRAINS: tuple[Grain, ...] = ("quarter", "year", "month")


@dataclass(frozen=True)
class Options:
    """Ids to choose from; an empty tuple means there is no choice to make."""

    periods: dict[str, tuple[str, ...]]  # by grain, latest first
    managers: tuple[tuple[str, int], ...]  # key and depth, each below their own manager
    teams: tuple[str, ...]
    regions: tuple[str, ...]
    measures: tuple[str, ...]
    latest: date  # the version's own as-of day


def calendar(desk: Desk) -> Calendar:
    """The fiscal calendar of the version being read."""
    return calendar_of(desk.reading)


def options_of(desk: Desk) -> Options:
    """Everything the viewer can choose from."""
    return kept("options", desk, lambda: _options(desk))


def _options(desk: Desk) -> Options:
    as_of = desk.reading.version.as_of
    managers = lines_of(desk).managers
    found = calendar(desk)
    return Options(
        periods={grain: _periods(desk, found.all(grain), as_of) for grain in GRAINS},
        managers=managers if len(managers) > 1 else (),
        teams=_values(desk, "team"),
        regions=_values(desk, "region"),
        measures=tuple(desk.settings.measures),
        latest=as_of,
    )


def _periods(desk: Desk, periods: list[Period], as_of: date) -> tuple[str, ...]:
    """Periods from the first with sales or targets to the one in progress, the latest first."""
    first = min((day for day in (_first(desk, credited), _first(desk, quota)) if day), default=as_of)
    return tuple(p.id for p in reversed(periods) if p.end > first and p.start <= as_of)


def _first(desk: Desk, metric: object) -> date | None:
    found = calendar(desk)
    quarters = ask(metric, ["quarter"], view=_ever(desk), desk=desk)["quarter"].to_pylist()  # type: ignore[arg-type]
    return min((found.named(q).start for q in quarters if q), default=None)


def _ever(desk: Desk) -> View:
    days = calendar(desk).all("year")
    measures = tuple(("measure", name) for name in desk.settings.measures)
    return View(days[0].start, days[-1].end, desk.reading.version.as_of, where=measures)


def _values(desk: Desk, dimension: str) -> tuple[str, ...]:
    """Values of a dimension with sales in the two years up to now; none when there is only one."""
    year = calendar(desk).of("year", desk.reading.version.as_of)
    before = calendar(desk).shift(year, -1) or year
    view = View(before.start, year.end, desk.reading.version.as_of)
    found = [
        v for v in ask(credited, [dimension], view=view, desk=desk)[dimension].to_pylist() if v != UNASSIGNED
    ]
    return tuple(sorted(found)) if len(found) > 1 else ()
