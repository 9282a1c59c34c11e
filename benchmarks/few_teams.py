"""Ways to infer from few teams, side by side on made-up panels: what a 90 % interval covers."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from scipy import stats

from metrics.evidence.linear import Cells, Weigh, cells_of, coefficients, imputed, weighings
from metrics.evidence.panel import Flags, Floats, Ints, Panel

TEAMS, PERIODS = 12, 21
SIGNS = 399


@dataclass(frozen=True)
class Rollout:
    """Which period each of the teams starts in; ``PERIODS`` for never."""

    name: str
    starts: tuple[int, ...]

    def panel(self, outcome: Floats | None = None) -> Panel:
        """A panel with this rollout."""
        treated: Flags = np.arange(PERIODS) >= np.array(self.starts)[:, None]
        names = tuple(f"{n:02d}" for n in range(max(TEAMS, PERIODS)))
        blank = np.zeros((TEAMS, PERIODS)) if outcome is None else outcome
        return Panel(names[:TEAMS], names[:PERIODS], blank, treated, np.empty((0, TEAMS, PERIODS)))


ROLLOUTS = (
    Rollout("waves", (5, 9, 13, PERIODS) * 3),
    Rollout("all_in_waves", (5, 9, 13) * 4),
    Rollout("half_at_once", (10,) * 6 + (PERIODS,) * 6),
    Rollout("one_by_one", (4, 6, 8, 10, 12, 14) + (PERIODS,) * 6),
    Rollout("three_teams", (10,) * 3 + (PERIODS,) * 9),
)
LEANING = (0.0, 0.4, 0.8)


def noise(rng: np.random.Generator, count: int, leaning: float, teams: int = TEAMS) -> Floats:
    """Outcomes without any effect (count, teams, PERIODS): own levels, shared shocks, unequal and lasting errors."""
    fresh = rng.normal(size=(PERIODS, count, teams))
    errors = [fresh[0]]
    for step in fresh[1:]:
        errors.append(leaning * errors[-1] + np.sqrt(1 - leaning**2) * step)
    size = rng.uniform(0.1, 0.25, (count, teams, 1))
    shared = rng.normal(0, 0.1, (count, 1, PERIODS))
    return np.asarray(np.stack(errors, axis=2) * size + rng.normal(0, 0.5, (count, teams, 1)) + shared)


def p_values(outcomes: Floats, cells: Cells, weigh: Weigh) -> Floats:
    """Two-sided p of no effect for many outcomes (count, rows), as the verdicts reckon it."""
    found = weighings(cells, weigh)[0]
    assert found is not None
    effect, error = found.apply(outcomes)
    return np.asarray(2 * stats.t.sf(np.abs(effect) / error, found.freedom))


def chosen(outcomes: Floats, rollout: Rollout) -> Floats:
    """What the verdicts use: imputation, each team left out in turn."""
    cells = cells_of(rollout.panel())
    return p_values(outcomes, cells, imputed(cells))


def two_ways(outcomes: Floats, rollout: Rollout) -> Floats:
    """The same inference of the two-way fixed-effects coefficient."""
    cells = cells_of(rollout.panel())
    treated = cells.treated[:, None].astype(np.float64)
    return p_values(outcomes, cells, coefficients(cells, treated, bare=False))


def usual(outcomes: Floats, rollout: Rollout) -> Floats:
    """Clustered errors with the usual correction, against the normal distribution."""
    effect, scores = _scores(outcomes, rollout)
    error = np.sqrt((scores**2).sum(axis=1) * TEAMS / (TEAMS - 1))
    return np.asarray(2 * stats.norm.sf(np.abs(effect) / error))


def wild(outcomes: Floats, rollout: Rollout) -> Floats:
    """Wild cluster bootstrap-t with the null imposed and Webb's six weights (Cameron, Gelbach & Miller 2008)."""
    x, unit, rest = _residual(rollout)
    null = outcomes @ rest
    found = np.abs(_t(null, x, unit))
    rng = np.random.default_rng(0)
    webb = np.sqrt(np.array([0.5, 1.0, 1.5])) * np.array([[1], [-1]])
    signs = rng.choice(webb.ravel(), (SIGNS, TEAMS))
    more = [np.abs(_t((null * sign[unit]) @ rest, x, unit)) >= found for sign in signs]
    return np.asarray((1 + np.sum(more, axis=0)) / (SIGNS + 1))


def permuted(outcomes: Floats, rollout: Rollout) -> Floats:
    """Randomisation inference with the two-way coefficient."""
    rng = np.random.default_rng(0)
    x, _, rest = _residual(rollout)
    draws = [np.arange(TEAMS), *(rng.permutation(TEAMS) for _ in range(SIGNS))]
    grids = np.array([x.reshape(TEAMS, PERIODS)[order].ravel() for order in draws])
    effects = np.abs((outcomes @ rest) @ grids.T)
    return np.asarray((effects >= effects[:, :1] - 1e-9).mean(axis=1))


WAYS: dict[str, Callable[[Floats, Rollout], Floats]] = {
    "chosen": chosen,
    "two_ways": two_ways,
    "usual": usual,
    "wild_bootstrap": wild,
    "permutation": permuted,
}


def _residual(rollout: Rollout) -> tuple[Floats, Ints, Floats]:
    """Exposure without team and period effects, the team of each row, and the matrix that takes them out."""
    cells = cells_of(rollout.panel())
    plain = cells.plain
    rest = np.eye(len(plain)) - plain @ np.linalg.pinv(plain)
    return rest @ cells.treated.astype(np.float64), cells.unit, rest


def _scores(outcomes: Floats, rollout: Rollout) -> tuple[Floats, Floats]:
    x, unit, rest = _residual(rollout)
    left = outcomes @ rest
    effect = left @ x / (x @ x)
    by_team = (np.arange(TEAMS)[:, None] == unit) * x
    return effect, (left - effect[:, None] * x) @ by_team.T / (x @ x)


def _t(left: Floats, x: Floats, unit: Ints) -> Floats:
    effect = left @ x / (x @ x)
    by_team = (np.arange(TEAMS)[:, None] == unit) * x
    scores = (left - effect[:, None] * x) @ by_team.T
    return np.asarray(effect * (x @ x) / np.sqrt((scores**2).sum(axis=1)))
