"""Everybody got it at once: the step in the company's own series, beside trend and season.

Errors of a series lean on each other, and with twenty periods nobody knows how much. So generalised least
squares is fitted for each autocorrelation from 0 to 0.95, and the answers are mixed in proportion to their
restricted likelihood (a posterior, as Harville 1974 shows), stronger dependence being held less likely
beforehand. Whatever else changed on the same day is in the step: that is why it is grade D.
"""

from __future__ import annotations

import numpy as np
from scipy import stats
from scipy.linalg import toeplitz
from scipy.optimize import brentq

from metrics.evidence.linear import LEVEL, POWER, Estimate
from metrics.evidence.panel import Floats, Panel

LEAST_BEFORE, LEAST_AFTER = 8, 4
_LEANING = np.arange(0.0, 0.96, 0.05)
_SPARE = 4  # degrees of freedom that must be left


def before_after(panel: Panel) -> Estimate | None:
    """The step at the common start; None when starts differ or the series is too short."""
    got = panel.treated.any(axis=1)
    starts = np.unique(panel.starts[got])
    if len(starts) != 1:
        return None
    whole = got & panel.usable.all(axis=1)
    periods, start = len(panel.periods), int(starts[0])
    if not whole.any() or start < LEAST_BEFORE or periods - start < LEAST_AFTER:
        return None
    return step(panel.outcome[whole].mean(axis=0), start, panel.seasons)


def step(series: Floats, start: int, seasons: int) -> Estimate | None:
    """The step of a series from ``start`` on, beside trend and season."""
    columns = _columns(len(series), start, seasons)
    freedom = len(series) - columns.shape[1]
    if freedom < _SPARE:
        return None
    return _mixed(np.array([_fitted(series, columns, leaning) for leaning in _LEANING]), freedom)


def _columns(periods: int, start: int, seasons: int) -> Floats:
    time = np.arange(periods)
    season = time[:, None] % seasons == np.arange(1, seasons)
    after = time >= start
    return np.column_stack([after, np.ones(periods), time / periods, season]).astype(np.float64)


def _fitted(series: Floats, columns: Floats, leaning: float) -> tuple[float, float, float]:
    """Step, its error, and the restricted log likelihood at one autocorrelation."""
    from statsmodels.regression.linear_model import GLS

    alike = toeplitz(leaning ** np.arange(len(series)))
    found = GLS(series, columns, sigma=alike).fit()
    rest = len(series) - columns.shape[1]
    inside = np.linalg.slogdet(found.model.wexog.T @ found.model.wexog)[1]
    likely = -0.5 * (rest * np.log(found.ssr) + inside + np.linalg.slogdet(alike)[1])
    return float(found.params[0]), float(found.bse[0]), float(likely)


def _mixed(found: Floats, freedom: int) -> Estimate:
    effects, errors, likely = found.T
    weights = np.exp(likely - likely.max()) * (1 - _LEANING)
    weights /= weights.sum()

    def below(x: float) -> float:
        return float(weights @ stats.t.cdf((x - effects) / errors, freedom))

    def at(share: float) -> float:
        far = 50 * float(errors.max())
        return float(
            brentq(lambda x: below(x) - share, float(effects.min()) - far, float(effects.max()) + far)
        )

    effect = at(0.5)
    low, high = at((1 - LEVEL) / 2), at((1 + LEVEL) / 2)
    mde = (high - low) / 2 + at(POWER) - effect
    return Estimate(effect, low, high, 2 * min(below(0.0), 1 - below(0.0)), mde, float(freedom))
