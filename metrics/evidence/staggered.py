"""Teams that got a component at different times, or some of them never: effect, course, and checks before the start."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from metrics.evidence.linear import Cells, Estimate, cells_of, coefficients, estimates, imputed
from metrics.evidence.panel import Flags, Floats, Ints, Panel

PLACEBO_PERIODS = 4
"""How many periods before the start are taken for treated in the placebo."""

CHECK_LEVEL = 0.05
"""Chance that checks fail though all is well; shared between them."""


@dataclass(frozen=True)
class Checks:
    """What happened before the start, where nothing should have; None: the rollout leaves no way to tell."""

    trend: Estimate | None  # change a period of those who get it, against those who never do
    placebo: Estimate | None  # the last periods before the start, as if it had been in force

    @property
    def made(self) -> tuple[Estimate, ...]:
        """The checks that could be made."""
        return tuple(check for check in (self.trend, self.placebo) if check is not None)

    @property
    def passed(self) -> bool:
        """At least the placebo could be made, and nothing was found."""
        return self.placebo is not None and all(c.p >= CHECK_LEVEL / len(self.made) for c in self.made)


@dataclass(frozen=True)
class Step:
    """One point of an event study: periods since the start (negative: before), and the estimate there."""

    since: int
    estimate: Estimate


def staggered(panel: Panel) -> Estimate | None:
    """Mean effect over the team-periods that have the component; None when too few teams tell it."""
    cells = cells_of(panel)
    return estimates(cells, imputed(cells))[0]


def two_ways(panel: Panel) -> Estimate | None:
    """One coefficient beside team and period effects: more precise, and right if the effect is always the same."""
    cells = cells_of(panel)
    treated = cells.treated[:, None].astype(np.float64)
    return estimates(cells, coefficients(cells, treated, bare=False))[0]


def checks(panel: Panel) -> Checks:
    """Pre-trend and placebo, from cells in which the component is not in force."""
    cells = cells_of(panel)
    since = _since(panel, cells)
    ever = panel.starts[cells.unit] < len(panel.periods)
    trend = np.where(ever, since, 0)
    soon = ever & (since >= -PLACEBO_PERIODS) & (since < 0)
    return Checks(
        _slope(cells, trend) if _some_never(panel) else None,
        _slope(cells, soon) if _before(panel) > PLACEBO_PERIODS else None,
    )


def _slope(cells: Cells, column: Ints | Flags) -> Estimate | None:
    return estimates(cells, coefficients(cells, column[:, None].astype(np.float64)))[0]


def event_study(panel: Panel, before: int = PLACEBO_PERIODS, after: int = 8) -> tuple[Step, ...]:
    """The effect by periods since the start; the last step gathers everything later.

    Steps before the start are coefficients against earlier periods, from untreated cells alone, so that a
    found effect cannot hide a trend (Borusyak, Jaravel & Spiess 2024). Steps that hang on one team are left out.
    """
    cells = cells_of(panel)
    since = _since(panel, cells)
    ever = panel.starts[cells.unit] < len(panel.periods)
    leads = np.arange(-before, 0)
    columns = (ever[:, None] & (since[:, None] == leads)).astype(np.float64)
    lags = np.arange(after + 1)
    reached = [since == k if k < after else since >= k for k in lags]
    found = [*estimates(cells, coefficients(cells, columns)), *estimates(cells, imputed(cells, *reached))]
    points = zip([*leads, *lags], found, strict=True)
    return tuple(Step(int(k), estimate) for k, estimate in points if estimate is not None)


def _since(panel: Panel, cells: Cells) -> Ints:
    return cells.period - panel.starts[cells.unit]


def _some_never(panel: Panel) -> bool:
    return bool((panel.starts == len(panel.periods)).any())


def _before(panel: Panel) -> int:
    """The most untreated periods any team that gets it has before its start."""
    got = panel.starts[panel.starts < len(panel.periods)]
    return int(got.max(initial=0))


def adjusted(panel: Panel) -> Floats:
    """Outcomes without what the other components add, as far as untreated cells tell."""
    if not len(panel.others):
        return panel.outcome
    cells = cells_of(panel)
    bare = ~cells.treated
    fitted = np.linalg.lstsq(cells.plain[bare], cells.outcome[bare], rcond=None)[0]
    effects = fitted[-len(panel.others) :]
    return np.asarray(panel.outcome - np.tensordot(effects, panel.others, axes=1))
