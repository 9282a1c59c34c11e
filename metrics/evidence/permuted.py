"""Randomisation inference: how often chance would look like this, had the starts been drawn otherwise."""

from __future__ import annotations

import numpy as np

from metrics.evidence.linear import Cells, cells_of
from metrics.evidence.panel import Floats, Panel


def permuted_p(panel: Panel, draws: int = 999, seed: int = 0) -> float | None:
    """Share of redrawn rollouts whose effect is at least as large, the real one counted in.

    Exact for "no effect on anybody" when starts were drawn by lot (Fisher 1935); it assumes nothing about
    teams. The effect is the coefficient beside team and period effects. None when starts do not differ.
    """
    starts = panel.starts
    if len(np.unique(starts)) == 1:
        return None
    cells = cells_of(panel)
    rng = np.random.default_rng(seed)
    orders = np.array([np.arange(len(starts)), *(rng.permutation(len(starts)) for _ in range(draws))])
    effects = np.abs(_effects(cells, panel.treated[orders][:, cells.unit, cells.period].astype(np.float64)))
    return float((effects >= effects[0] * (1 - 1e-9)).mean())


def _effects(cells: Cells, treated: Floats) -> Floats:
    """Coefficient of each row of ``treated`` (rollouts, rows), on its own, beside the plain columns."""
    basis = np.linalg.svd(cells.plain, full_matrices=False)
    kept = basis.U[:, basis.S[0] * 1e-10 < basis.S]
    rest = treated - (treated @ kept) @ kept.T
    size = (rest**2).sum(axis=1)
    # Some orders may make the rollout a copy of another component's: they tell nothing.
    return np.where(size > 1e-9, rest @ cells.outcome / np.maximum(size, 1e-9), 0.0)
