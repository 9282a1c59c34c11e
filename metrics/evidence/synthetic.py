"""Synthetic control: few teams against a mixture of the others that moved like them before the start.

Weights are non-negative, sum to one, and are fitted on deviations from each team's own mean before the start
(Abadie, Diamond & Hainmueller 2010; demeaned as in Ferman & Pinto 2021). How large a gap chance makes is
learnt from every group of teams treated as if it had been the one; the gap is held against the fit before
the start. The interval holds every effect that this permutation test does not refuse at 10 %: the effect is
taken off first, so all groups are then alike, and the test is exact if the start was drawn by lot.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations
from math import comb, inf

import numpy as np
from scipy.optimize import nnls

from metrics.evidence.linear import LEVEL, POWER, Estimate
from metrics.evidence.panel import Flags, Floats, Ints, Panel
from metrics.evidence.staggered import adjusted

LEAST_BEFORE = 8
"""Periods before the start the weights must be fitted on."""

_MOST_GROUPS = 400
_FIRMLY = 1e3  # how firmly the weights are held to a sum of one
_GRID = 401


@dataclass(frozen=True)
class _Gaps:
    """One entry a group, the real one first."""

    gap: Floats  # mean gap after the start
    falls: Floats  # by how much a gap falls when an effect of one is taken off the treated
    fit: Floats  # root mean square gap before the start

    def p(self, effects: Floats) -> Floats:
        """Share of groups at least as far off as the real one, for each effect taken off."""
        ratios = np.abs(self.gap[:, None] - self.falls[:, None] * effects) / self.fit[:, None]
        return np.asarray((ratios >= ratios[0] * (1 - 1e-9)).mean(axis=0))


def synthetic(panel: Panel) -> Estimate | None:
    """Mean gap after the start; None when starts differ, time before is short, or there are too few teams."""
    got: Flags = np.asarray(panel.treated.any(axis=1))
    starts = np.unique(panel.starts[got])
    if len(starts) != 1 or got.sum() > len(got) - 3:
        return None
    outcome = adjusted(panel)
    complete: Flags = np.asarray(np.isfinite(outcome).all(axis=0))
    before = complete & (np.arange(len(panel.periods)) < starts[0])
    after: Flags = complete & np.asarray(panel.treated[got].all(axis=0))
    if before.sum() < LEAST_BEFORE or not after.any():
        return None
    return _estimate(_gaps(outcome, got, before, after))


def _estimate(gaps: _Gaps) -> Estimate | None:
    if 1 / len(gaps.gap) > 1 - LEVEL:  # even the largest gap of all could be chance
        return None
    effect, unit = float(gaps.gap[0]), float(gaps.fit[0])
    ratios = np.abs(gaps.gap) / gaps.fit
    far = 4 * unit * float(ratios.max())
    low, high = effect - _reach(gaps, -far), effect + _reach(gaps, far)
    # Signed gaps are as often above as below: their 80th percentile is the 60th of their size.
    more = unit * float(np.quantile(ratios[1:], 2 * POWER - 1))
    return Estimate(
        effect, low, high, float(gaps.p(np.zeros(1))[0]), (high - low) / 2 + more, len(ratios) - 1.0
    )


def _reach(gaps: _Gaps, far: float) -> float:
    """How far from the effect the farthest value lies that is not refused."""
    steps = np.linspace(0, far, _GRID)
    kept = np.flatnonzero(gaps.p(gaps.gap[0] + steps) > 1 - LEVEL + 1e-9)
    last = int(kept.max(initial=0))
    return inf if last == _GRID - 1 else abs(_edge(gaps, steps[last], steps[last + 1]))


def _edge(gaps: _Gaps, kept: float, refused: float) -> float:
    for _ in range(20):
        middle = (kept + refused) / 2
        if gaps.p(gaps.gap[:1] + middle)[0] > 1 - LEVEL + 1e-9:
            kept = middle
        else:
            refused = middle
    return kept


def _gaps(outcome: Floats, got: Flags, before: Flags, after: Flags) -> _Gaps:
    level = outcome - outcome[:, before].mean(axis=1, keepdims=True)
    rows = [_gap(level, group, got, before, after) for group in _groups(got)]
    return _Gaps(*np.array(rows).T)


def _groups(got: Flags) -> list[Ints]:
    """The treated first, then other groups of that size: all of them, or a fixed choice of many."""
    real, size = np.flatnonzero(got), int(got.sum())
    if comb(len(got), size) <= _MOST_GROUPS:
        every = [np.array(g) for g in combinations(range(len(got)), size)]
        return [real, *(g for g in every if not np.array_equal(g, real))]
    rng = np.random.default_rng(0)
    return [real, *(rng.choice(len(got), size, replace=False) for _ in range(_MOST_GROUPS - 1))]


def _gap(level: Floats, group: Ints, got: Flags, before: Flags, after: Flags) -> tuple[float, float, float]:
    donors = np.setdiff1d(np.arange(len(level)), group)
    wanted = level[group].mean(axis=0)
    weights = mixture(level[donors][:, before].T, wanted[before])
    gap = wanted - weights @ level[donors]
    falls = float(got[group].mean() - weights @ got[donors])
    return float(gap[after].mean()), falls, max(float(np.sqrt((gap[before] ** 2).mean())), 1e-9)


def mixture(donors: Floats, wanted: Floats) -> Floats:
    """Non-negative weights summing to one that bring ``donors`` (periods, donors) closest to ``wanted``."""
    firmly = _FIRMLY * max(float(np.abs(donors).max(initial=0.0)), 1e-9)
    rows = np.vstack([donors, np.full((1, donors.shape[1]), firmly)])
    found, _ = nnls(rows, np.append(wanted, firmly))
    return np.asarray(found / found.sum())
