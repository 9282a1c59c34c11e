"""Who had which component when: plan texts and placements as shares of each team's seats by period."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

import numpy as np
import numpy.typing as npt

from compensation.plan.model import OPEN_END, Component, Plan

Floats = npt.NDArray[np.float64]
_DIRECT = {"direct", "split"}


@dataclass(frozen=True)
class Placement:
    """Somebody in a team, on a plan, from ``start`` until before ``end``."""

    team: str
    role: str
    plan_id: str
    start: date
    end: date


@dataclass(frozen=True, eq=False)
class Exposure:
    """Seats and exposure of each team in each period."""

    teams: tuple[str, ...]
    seats: Floats  # (teams, periods): people who sell, in full periods
    shares: Mapping[str, Floats]  # component → (teams, periods): part of the cell it was in force for


def exposure(
    plans: Sequence[Plan], placements: Iterable[Placement], periods: Sequence[tuple[date, date]]
) -> Exposure:
    """Seats and exposure from what the plans say and who was where.

    A seat is somebody on a plan that credits own sales. A component of such people is in force for the
    share of a team's seats and days that had it; one of others (managers) for the share of days on which
    somebody in the team had it. ``periods`` are half open.
    """
    placed = list(placements)
    grid = _Grid(tuple(sorted({p.team for p in placed})), _numbers(periods))
    seats = grid.empty()
    with_it: dict[str, Floats] = {}
    beside: dict[str, Floats] = {}
    for plan in plans:
        for place in (p for p in placed if p.plan_id == plan.id):
            sells = any(_pays(c, place.role) and _own_sales(plan, c) for c in plan.components)
            if sells:
                grid.add(seats, place, plan.valid_from, plan.valid_to)
            for component in plan.components:
                book = with_it if sells else beside
                days = book.setdefault(component.id, grid.empty())
                _add(grid, days, plan, component, place)
    shares = {
        name: _share(with_it.get(name), beside.get(name), seats, grid) for name in {**with_it, **beside}
    }
    chosen = seats.sum(axis=1) > 0
    teams = tuple(team for team, kept in zip(grid.teams, chosen, strict=True) if kept)
    return Exposure(
        teams, (seats / grid.lengths)[chosen], {name: share[chosen] for name, share in sorted(shares.items())}
    )


@dataclass(frozen=True, eq=False)
class _Grid:
    teams: tuple[str, ...]
    bounds: tuple[Floats, Floats]
    _row: dict[str, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._row.update({team: n for n, team in enumerate(self.teams)})

    @property
    def lengths(self) -> Floats:
        """Days of each period."""
        return self.bounds[1] - self.bounds[0]

    def empty(self) -> Floats:
        """No days yet."""
        return np.zeros((len(self.teams), len(self.lengths)))

    def add(self, days: Floats, place: Placement, start: date, end: date) -> None:
        """Add the days of a placement between two dates."""
        first, last = max(place.start, start).toordinal(), min(place.end, end).toordinal()
        days[self._row[place.team]] += np.clip(
            np.minimum(last, self.bounds[1]) - np.maximum(first, self.bounds[0]), 0, None
        )


def _numbers(periods: Sequence[tuple[date, date]]) -> tuple[Floats, Floats]:
    start, end = (np.array([p[k].toordinal() for p in periods], dtype=np.float64) for k in (0, 1))
    return start, end


def _add(grid: _Grid, days: Floats, plan: Plan, component: Component, place: Placement) -> None:
    if not _pays(component, place.role) or (component.rollout and place.team not in component.rollout):
        return
    start = max(
        plan.valid_from, component.valid_from or date.min, component.rollout.get(place.team, date.min)
    )
    grid.add(days, place, start, min(plan.valid_to, component.valid_to or OPEN_END))


def _pays(component: Component, role: str) -> bool:
    return not component.roles or role in component.roles


def _own_sales(plan: Plan, component: Component) -> bool:
    kinds = {
        plan.credit_rules[name].kind if name in plan.credit_rules else name for name in component.credits
    }
    return bool(kinds & _DIRECT)


def _share(of_sellers: Floats | None, of_others: Floats | None, seats: Floats, grid: _Grid) -> Floats:
    found = grid.empty()
    if of_sellers is not None:
        np.divide(of_sellers, seats, out=found, where=seats > 0)
    if of_others is not None:
        found = np.maximum(found, of_others / grid.lengths)
    return np.clip(found, 0.0, 1.0)
