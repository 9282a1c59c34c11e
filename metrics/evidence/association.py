"""Nothing separates the component from all else: what goes together with it, and no more than that."""

from __future__ import annotations

import numpy as np
from scipy import stats

from metrics.evidence.linear import LEVEL, POWER, Estimate, cells_of
from metrics.evidence.panel import Panel


def association(panel: Panel) -> Estimate | None:
    """How much more the teams that have it sell in the same period; None when all have it, or none.

    Pooled least squares with period effects; errors clustered by team (statsmodels), Student's t with one
    degree of freedom less than teams. Teams differ for many reasons, so this is never an effect.
    """
    from statsmodels.regression.linear_model import OLS

    cells = cells_of(panel)
    teams = len(np.unique(cells.unit))
    if teams < 3 or cells.treated.all() or not cells.treated.any():
        return None
    period = cells.period[:, None] == np.unique(cells.period)
    columns = np.column_stack([cells.treated, period]).astype(np.float64)
    if np.linalg.matrix_rank(columns) < columns.shape[1]:
        return None
    grouped = {"groups": cells.unit, "use_correction": True}
    found = OLS(cells.outcome, columns).fit(cov_type="cluster", cov_kwds=grouped)
    effect, error, freedom = float(found.params[0]), float(found.bse[0]), teams - 1
    reach, more = (float(stats.t.ppf(share, freedom)) * error for share in ((1 + LEVEL) / 2, POWER))
    p = 2 * float(stats.t.sf(abs(effect) / max(error, 1e-12), freedom))
    return Estimate(effect, effect - reach, effect + reach, p, reach + more, float(freedom))
