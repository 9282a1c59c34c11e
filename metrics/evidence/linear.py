"""Inference with few teams: any estimate that weighs outcomes, its error by leaving each team out in turn.

An estimate is Σ weight × outcome. Recomputed without team g it differs by d_g; the sum of their squares,
scaled so that it is unbiased when all cells are alike, is the variance, and its degrees of freedom are those
of Satterthwaite under the same working model. That is the bias-reduced cluster variance of Bell & McCaffrey
(2002) carried over from regression coefficients to every weighted mean (the jackknife is that of Hansen,
2022). Dependence within a team and unequal teams are allowed; dependence between teams is what period
effects take out. Coverage was measured before this was chosen: docs/decisions/0011-few-teams.md.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from scipy import stats

from metrics.evidence.panel import Flags, Floats, Ints, Panel

LEVEL = 0.90
POWER = 0.80
_SMALL = 1e-3


@dataclass(frozen=True)
class Estimate:
    """An effect in log points with its 90 % interval. ``mde`` is found with 80 % probability at 5 % one-sided."""

    effect: float
    low: float
    high: float
    p: float  # two-sided
    mde: float
    freedom: float = np.inf

    @property
    def relative(self) -> Estimate:
        """The same as relative changes: 0.1 is 10 % more."""
        effect, low, high, mde = (float(np.expm1(x)) for x in (self.effect, self.low, self.high, self.mde))
        return Estimate(effect, low, high, self.p, mde, self.freedom)


@dataclass(frozen=True, eq=False)
class Cells:
    """The usable cells of a panel as rows, with columns for team, period and the other components."""

    unit: Ints
    period: Ints
    treated: Flags
    outcome: Floats
    plain: Floats  # (rows, columns): what sales would follow without the component

    @property
    def everything(self) -> Flags:
        """A choice of all rows."""
        return np.ones(len(self.unit), dtype=bool)


def cells_of(panel: Panel) -> Cells:
    """The usable cells of a panel."""
    unit, period = np.nonzero(panel.usable)
    units, periods = len(panel.units), len(panel.periods)
    plain = np.zeros((len(unit), units + periods - 1 + len(panel.others)))
    row = np.arange(len(unit))
    plain[row, unit] = 1.0
    later = period > 0  # the first period is in the teams' own levels
    plain[row[later], units - 1 + period[later]] = 1.0
    for k, other in enumerate(panel.others):
        plain[:, units + periods - 1 + k] = other[unit, period]
    return Cells(unit, period, panel.treated[unit, period], panel.outcome[unit, period], plain)


Weigh = Callable[[Flags], Floats]
"""Rows to keep → weights (effects, rows), 0 for rows left out; NaN where they cannot tell an effect."""


@dataclass(frozen=True, eq=False)
class Weighing:
    """An estimate as weights, and how each team moves it."""

    weights: Floats  # (rows,)
    moves: Floats  # (teams, rows)
    scale: float
    freedom: float

    def apply(self, outcome: Floats) -> tuple[Floats, Floats]:
        """Effects and standard errors of many outcomes at once: (…, rows) → (…,)."""
        moved = outcome @ self.moves.T
        return outcome @ self.weights, np.sqrt(self.scale * (moved**2).sum(axis=-1))

    def estimate(self, outcome: Floats) -> Estimate:
        """The estimate from one outcome a row."""
        effect, error = (float(x) for x in self.apply(outcome))
        reach = float(stats.t.ppf((1 + LEVEL) / 2, self.freedom))
        found = reach + float(stats.t.ppf(POWER, self.freedom))
        p = 2 * float(stats.t.sf(abs(effect) / error, self.freedom)) if error > 0 else 0.0
        return Estimate(
            effect, effect - reach * error, effect + reach * error, p, found * error, self.freedom
        )


def weighings(cells: Cells, weigh: Weigh) -> list[Weighing | None]:
    """Each effect's weights, and how leaving each team out moves it; None for one that hangs on a single team."""
    whole = weigh(cells.everything)
    without = np.array([weigh(cells.unit != unit) for unit in np.unique(cells.unit)])
    return [_weighing(weights, without[:, n]) for n, weights in enumerate(whole)]


def _weighing(weights: Floats, without: Floats) -> Weighing | None:
    moves = without - weights
    if not np.isfinite(moves).all():
        return None
    alike = moves @ moves.T
    total = float(np.trace(alike))
    if total <= _SMALL**2:
        return None
    return Weighing(weights, moves, float(weights @ weights) / total, total**2 / float((alike**2).sum()))


def estimates(cells: Cells, weigh: Weigh) -> list[Estimate | None]:
    """The estimate of each effect from the cells' own outcomes."""
    return [None if w is None else w.estimate(cells.outcome) for w in weighings(cells, weigh)]


def imputed(cells: Cells, *chosen: Flags) -> Weigh:
    """Mean of outcome − what untreated cells promise, over the treated cells of each choice (all, without one).

    The imputation estimator of Borusyak, Jaravel & Spiess (2024): team, period and other components are
    fitted where the component is not in force, so effects may differ by team and grow with time. Cells
    that untreated ones say nothing of (no team left without it) are not used.
    """
    choices = [cells.treated & choice for choice in chosen] or [cells.treated]

    def weigh(keep: Flags) -> Floats:
        bare = keep & ~cells.treated
        fit = _Fit.of(cells.plain[bare])
        told = keep & fit.tells(cells.plain)
        found = np.full((len(choices), len(keep)), np.nan)
        for weights, choice in zip(found, choices, strict=True):
            aim = np.flatnonzero(told & choice)
            if len(aim):
                weights[:] = 0.0
                weights[aim] = 1 / len(aim)
                weights[bare] = -fit.weights(cells.plain[aim].mean(axis=0))
        return found

    return weigh


def coefficients(cells: Cells, columns: Floats, *, bare: bool = True) -> Weigh:
    """Least-squares coefficients of ``columns`` (rows, k) beside team, period and other components.

    ``bare``: only from rows where the component is not in force.
    """
    both = np.column_stack([columns, cells.plain])
    wanted = np.eye(columns.shape[1], both.shape[1])

    def weigh(keep: Flags) -> Floats:
        rows = keep & ~cells.treated if bare else keep
        fit = _Fit.of(both[rows])
        found = np.zeros((len(wanted), len(keep)))
        found[:, rows] = fit.weights(wanted)
        found[~fit.tells(wanted)] = np.nan
        return found

    return weigh


@dataclass(frozen=True, eq=False)
class _Fit:
    """Least squares through the normal equations: the columns are few, and some are sums of others.

    A ridge too small to be seen makes the equations solvable, and one step of refinement takes it out again;
    what it still pulls at are directions the rows say nothing of. (An eigenvalue decomposition says the same,
    and where many programs want the cores its threads wait for each other a hundred times as long.)
    """

    rows: Floats
    inverse: Floats
    pulled: Floats  # (columns, columns): what is left of a combination that the rows do not determine

    @classmethod
    def of(cls, rows: Floats) -> _Fit:
        """The fit on some rows."""
        within = rows.T @ rows
        ridge = 1e-10 * max(float(np.trace(within)), 1.0)
        near: Floats = np.asarray(np.linalg.inv(within + ridge * np.eye(len(within))), np.float64)
        return cls(rows, near + ridge * near @ near, ridge * near)

    def tells(self, aims: Floats) -> Flags:
        """Which combinations of coefficients (n, columns) the rows determine."""
        return np.asarray(np.abs(aims @ self.pulled).max(axis=1, initial=0.0) < _SMALL)

    def weights(self, aims: Floats) -> Floats:
        """How a combination of coefficients weighs the outcomes of the rows."""
        return np.asarray((aims @ self.inverse) @ self.rows.T)
