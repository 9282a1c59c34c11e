"""Results that others have published, found again."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pytest
from statsmodels.datasets import grunfeld, longley, stackloss

from metrics.evidence.association import association
from metrics.evidence.before_after import step
from metrics.evidence.linear import Cells, coefficients
from metrics.evidence.panel import Panel, panel_of
from metrics.evidence.staggered import two_ways
from metrics.evidence.synthetic import mixture


def test_card_and_krueger() -> None:
    """Mean full-time employment a store: New Jersey 20.44 → 21.03, Pennsylvania 23.33 → 21.17.

    Card & Krueger (1994), Minimum Wages and Employment, American Economic Review 84(4), table 3: the
    difference in differences is 2.76 (from unrounded means; 2.75 from these).
    """
    rows = pa.table(
        {
            "unit": ["NJ", "NJ", "PA", "PA"],
            "period": ["1992-02", "1992-11"] * 2,
            "booked": np.exp([20.44, 21.03, 23.33, 21.17]),
            "seats": [1.0] * 4,
            "exposure": [0.0, 1.0, 0.0, 0.0],
        }
    )
    panel = panel_of(rows)
    assert _effect(panel) == pytest.approx(2.75, abs=1e-6)
    assert two_ways(panel) is None, "two states tell nothing of chance"


def _effect(panel: Panel) -> float:
    from metrics.evidence.linear import cells_of, imputed

    cells = cells_of(panel)
    return float(cells.outcome @ imputed(cells)(cells.everything)[0])


def test_grunfeld() -> None:
    """Investment on value and capital with effects of ten firms: 0.110 and 0.310.

    Baltagi, Econometric Analysis of Panel Data, table 2.1 (within estimates as printed, to three digits), data of
    Grunfeld (1958); statsmodels bundles eleven firms, of which American Steel is not among the ten.
    """
    data = grunfeld.load_pandas().data
    data = data[data.firm != "American Steel"]
    assert _within(data, "firm") == pytest.approx([0.110, 0.310], abs=5e-4)


def _within(data, unit: str) -> list[float]:
    """Coefficients beside effects of firms alone, through the cells of a panel."""
    names, at = np.unique(data[unit], return_inverse=True)
    plain = (at[:, None] == np.arange(len(names))).astype(float)
    none = np.zeros(len(data), dtype=bool)
    cells = Cells(at, np.zeros(len(data), dtype=np.int64), none, data.invest.to_numpy(), plain)
    weights = coefficients(cells, data[["value", "capital"]].to_numpy())(cells.everything)
    return [float(w @ cells.outcome) for w in weights]


def test_longley() -> None:
    """The certified coefficients of a famously ill-conditioned set, once its columns are scaled.

    NIST Statistical Reference Datasets, Longley: B1 15.0618722713733, B2 −0.358191792925910E-01,
    B3 −2.02022980381683, B4 −1.03322686717359, B5 −0.511041056535807E-01, B6 1829.15146461355.
    """
    data = longley.load_pandas()
    certified = [
        15.0618722713733,
        -0.0358191792925910,
        -2.02022980381683,
        -1.03322686717359,
        -0.0511041056535807,
        1829.15146461355,
    ]
    assert _least_squares(data.exog.to_numpy(), data.endog.to_numpy()) == pytest.approx(certified, rel=1e-4)


def test_stack_loss() -> None:
    """Brownlee's stack loss: 0.7156, 1.2953, −0.1521 (Brownlee 1965; also on R's page of ``stackloss``)."""
    data = stackloss.load_pandas()
    found = _least_squares(data.exog.to_numpy(), data.endog.to_numpy())
    assert found == pytest.approx([0.7156, 1.2953, -0.1521], abs=5e-5)


def _least_squares(columns, outcome) -> list[float]:
    centre, spread = columns.mean(axis=0), columns.std(axis=0)
    rows = len(outcome)
    unit = np.arange(rows)
    none = np.zeros(rows, dtype=bool)
    cells = Cells(unit, np.zeros(rows, dtype=np.int64), none, outcome, np.ones((rows, 1)))
    weights = coefficients(cells, (columns - centre) / spread)(cells.everything)
    return [float(w @ outcome) / s for w, s in zip(weights, spread, strict=True)]


def test_the_nile() -> None:
    """The flow of the Nile fell by about 248 after 1898 (Cobb 1978: means 1097.8 and 850.0).

    Without a trend in the way: the step beside one is 10^8 m³ of the same order, and surely below nothing.
    """
    from statsmodels.datasets import nile

    flow = nile.load_pandas().data.volume.to_numpy()
    assert flow[:28].mean() - flow[28:].mean() == pytest.approx(247.8, abs=0.1)
    found = step(flow, 28, 1)
    assert found is not None
    assert found.high < 0
    assert found.low < -247.8 < found.high


def test_association_is_pooled_regression_with_clustered_errors() -> None:
    """With no more than one period it is the difference of two means."""
    rows = pa.table(
        {
            "unit": list("abcdef"),
            "period": ["1"] * 6,
            "booked": np.exp([1.0, 1.2, 1.4, 2.0, 2.1, 2.2]),
            "seats": [1.0] * 6,
            "exposure": [0.0] * 3 + [1.0] * 3,
        }
    )
    found = association(panel_of(rows))
    assert found is not None
    assert found.effect == pytest.approx(0.9)


def test_a_mixture_that_exists_is_found() -> None:
    donors = np.random.default_rng(2).normal(size=(30, 5))
    wanted = np.array([0.5, 0.0, 0.3, 0.0, 0.2])
    assert mixture(donors, donors @ wanted) == pytest.approx(wanted, abs=1e-5)
