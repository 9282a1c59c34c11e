"""Synthetic control, before and after, permutation, association: truths found, and chance kept in its bounds."""

from __future__ import annotations

import numpy as np
import pytest
from statsmodels.regression.linear_model import OLS

from benchmarks.few_teams import PERIODS, TEAMS, Rollout, noise
from metrics.evidence.association import association
from metrics.evidence.before_after import _columns, _fitted, before_after, step
from metrics.evidence.permuted import permuted_p
from metrics.evidence.synthetic import synthetic
from tests.metrics.evidence.panels import ALWAYS, AT_ONCE, NEVER, ONE_TEAM, WAVES, made
from tests.metrics.evidence.test_linear import COVERED, held


@pytest.mark.parametrize("teams", [1, 2])
def test_a_synthetic_control_covers_as_often_as_it_says(teams) -> None:
    rollout = Rollout("few", (11,) * teams + (PERIODS,) * (TEAMS - teams))
    found = [synthetic(rollout.panel(one)) for one in noise(np.random.default_rng(teams), 80, 0.3)]
    covered = [e is not None and e.low <= 0 <= e.high for e in found]
    assert held(float(np.mean(covered)), COVERED, len(covered))


def test_a_synthetic_control_finds_a_large_effect() -> None:
    found = synthetic(made(ONE_TEAM, effect=0.6, size=0.3))
    assert found is not None
    assert found.low > 0
    assert abs(found.effect - 0.6) < 0.1
    assert found.p == pytest.approx(1 / TEAMS)


def test_the_effect_is_shifted_with_the_interval() -> None:
    """Adding to the treated after the start moves everything by that much: the test is inverted."""
    one, other = synthetic(made(ONE_TEAM)), synthetic(made(ONE_TEAM, effect=0.25))
    assert one is not None
    assert other is not None
    assert other.effect - one.effect == pytest.approx(0.25)
    assert other.low - one.low == pytest.approx(0.25, abs=1e-5)
    assert other.high - one.high == pytest.approx(0.25, abs=1e-5)


@pytest.mark.parametrize(
    "rollout",
    [WAVES, ALWAYS, NEVER, Rollout("early", (5,) + (PERIODS,) * (TEAMS - 1))],
    ids=lambda rollout: rollout.name,
)
def test_no_synthetic_control_without_a_start_and_others(rollout) -> None:
    assert synthetic(made(rollout)) is None


def test_a_step_in_a_series_is_found() -> None:
    found = before_after(made(AT_ONCE, effect=0.8, size=0.3))
    assert found is not None
    assert found.low > 0.5
    assert found.low < 0.8 < found.high


def test_without_leaning_the_step_is_the_regression() -> None:
    time = np.arange(40)
    series = 0.01 * time + 0.2 * (time >= 20) + np.random.default_rng(0).normal(0, 0.02, 40)
    columns = np.column_stack([time >= 20, np.ones(40), time / 40, time[:, None] % 4 == np.arange(1, 4)])
    by_hand = OLS(series, columns.astype(float)).fit()
    effect, error, _ = _fitted(series, _columns(40, 20, 4), 0.0)
    assert effect == pytest.approx(by_hand.params[0])
    assert error == pytest.approx(by_hand.bse[0])


def test_a_step_covers_as_often_as_it_says() -> None:
    series = noise(np.random.default_rng(3), 70, 0.4, 1)[:, 0]
    found = [step(one, 11, 4) for one in series]
    assert held(float(np.mean([e is not None and e.low <= 0 <= e.high for e in found])), COVERED, len(found))


def test_no_before_and_after_without_enough_of_both() -> None:
    assert before_after(made(Rollout("late", (PERIODS - 2,) * TEAMS))) is None
    assert before_after(made(WAVES)) is None


def test_permutation_is_exact() -> None:
    outcomes = noise(np.random.default_rng(7), 300, 0.5)
    p = np.array([permuted_p(WAVES.panel(one), draws=99) for one in outcomes])
    assert held(float((p <= 0.10).mean()), (10, 10), len(p))
    assert permuted_p(made(effect=0.5)) == pytest.approx(0.001)


def test_permutation_needs_different_starts() -> None:
    assert permuted_p(made(AT_ONCE)) is None


def test_association_needs_both_kinds_of_teams() -> None:
    assert association(made(ALWAYS)) is None
    assert association(made(NEVER)) is None
    assert association(made(WAVES)) is not None
