"""Weights and their errors: equal to regressions done elsewhere, and right about how unsure they are."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats
from statsmodels.regression.linear_model import OLS

from benchmarks.few_teams import LEANING, PERIODS, ROLLOUTS, TEAMS, chosen, noise
from benchmarks.verdicts import Band
from metrics.evidence.linear import cells_of, coefficients, imputed, weighings
from metrics.evidence.staggered import event_study, staggered, two_ways
from tests.metrics.evidence.panels import ALWAYS, AT_ONCE, ONE_TEAM, WAVES, made, smooth

COVERED, ALARMS = (87, 93), (3, 7)


def held(share: float, band: tuple[int, int], trials: int) -> bool:
    return Band(band[1], low=band[0], trials=trials).met(100 * share)


def test_an_effect_without_noise_is_found_exactly() -> None:
    panel = WAVES.panel()
    panel = panel.with_outcome(smooth() + 0.2 * panel.treated)
    cells = cells_of(panel)
    assert cells.outcome @ imputed(cells)(cells.everything)[0] == pytest.approx(0.2, abs=1e-9)


def test_imputation_is_least_squares_on_the_untreated_then_a_mean_of_the_rest() -> None:
    panel = made(effect=0.1)
    cells = cells_of(panel)
    bare = ~cells.treated
    fitted = OLS(cells.outcome[bare], cells.plain[bare]).fit().params
    by_hand = (cells.outcome - cells.plain @ fitted)[cells.treated].mean()
    found = staggered(panel)
    assert found is not None
    assert found.effect == pytest.approx(by_hand, abs=1e-9)


def test_two_ways_is_the_regression_with_dummies() -> None:
    panel = made(effect=0.1)
    cells = cells_of(panel)
    by_hand = OLS(cells.outcome, np.column_stack([cells.treated, cells.plain])).fit()
    found = two_ways(panel)
    assert found is not None
    assert found.effect == pytest.approx(by_hand.params[0], abs=1e-9)


def test_with_one_start_and_all_cells_imputation_is_the_difference_of_differences() -> None:
    panel = made(ROLLOUTS[2], effect=0.1)
    y, got = panel.outcome, panel.treated.any(axis=1)
    change = y[:, 10:].mean(axis=1) - y[:, :10].mean(axis=1)
    found = staggered(panel)
    assert found is not None
    assert found.effect == pytest.approx(change[got].mean() - change[~got].mean(), abs=1e-9)


def test_another_component_is_held_constant() -> None:
    panel = WAVES.panel()
    other = np.roll(panel.treated, 1, axis=0).astype(float)
    bare = panel.with_outcome(smooth() + 0.2 * panel.treated + 0.5 * other)
    cells = cells_of(type(panel)(**{**bare.__dict__, "others": other[None], "other_names": ("other",)}))
    weights = imputed(cells)(cells.everything)[0]
    assert cells.outcome @ weights == pytest.approx(0.2, abs=1e-9)


def test_missing_cells_are_left_out() -> None:
    panel = WAVES.panel()
    outcome = smooth() + 0.2 * panel.treated
    outcome[3, 7] = outcome[0, 0] = np.nan
    cells = cells_of(panel.with_outcome(outcome))
    assert len(cells.unit) == TEAMS * PERIODS - 2
    assert cells.outcome @ imputed(cells)(cells.everything)[0] == pytest.approx(0.2, abs=1e-9)


def test_cells_nobody_is_left_to_compare_with_are_not_used() -> None:
    """All get it by period 13: later periods have no untreated team, so nothing is said of them."""
    panel = ROLLOUTS[1].panel()
    cells = cells_of(panel)
    weights = imputed(cells)(cells.everything)[0]
    assert not weights[cells.period >= 13].any()
    assert weights[cells.treated & (cells.period < 13)].all()


@pytest.mark.parametrize("rollout", [ALWAYS, AT_ONCE, ONE_TEAM], ids=lambda rollout: rollout.name)
def test_what_cannot_be_told_apart_is_no_estimate(rollout) -> None:
    assert staggered(made(rollout)) is None


def test_errors_of_the_two_way_coefficient_are_close_to_those_of_regression_clustered_by_team() -> None:
    """Statsmodels' own cluster-robust error is known to be too small with twelve teams, but not by half."""
    panel = made(effect=0.1)
    cells = cells_of(panel)
    columns = np.column_stack([cells.treated, cells.plain])
    usual = OLS(cells.outcome, columns).fit(cov_type="cluster", cov_kwds={"groups": cells.unit}).bse[0]
    found = weighings(cells, coefficients(cells, cells.treated[:, None].astype(float), bare=False))[0]
    assert found is not None
    assert 0.9 * usual < found.apply(cells.outcome)[1] < 1.5 * usual
    assert 8 < found.freedom < 11


def test_variance_is_unbiased_when_cells_are_alike() -> None:
    cells = cells_of(WAVES.panel())
    found = weighings(cells, imputed(cells))[0]
    assert found is not None
    effect, error = found.apply(np.random.default_rng(3).normal(size=(4000, len(cells.unit))))
    assert (error**2).mean() == pytest.approx(effect.var(), rel=0.06)


@pytest.mark.parametrize("rollout", ROLLOUTS[:4], ids=lambda rollout: rollout.name)
def test_intervals_cover_and_placebos_alarm_as_often_as_they_say(rollout) -> None:
    rng = np.random.default_rng(5)
    p = np.concatenate([chosen(noise(rng, 700, lean).reshape(700, -1), rollout) for lean in LEANING])
    assert held(float((p > 0.10).mean()), COVERED, len(p))
    assert held(float((p < 0.05).mean()), ALARMS, len(p))


def test_very_few_teams_make_wide_intervals_not_false_alarms() -> None:
    p = chosen(noise(np.random.default_rng(6), 2000, 0.4).reshape(2000, -1), ROLLOUTS[4])
    assert (p > 0.10).mean() > 0.87
    assert (p < 0.05).mean() < 0.05


def test_the_smallest_effect_noticed_is_noticed_in_four_of_five_cases() -> None:
    panel = WAVES.panel()
    cells = cells_of(panel)
    found = weighings(cells, imputed(cells))[0]
    assert found is not None
    outcomes = noise(np.random.default_rng(8), 3000, 0.0).reshape(3000, -1)
    mde = np.median([found.estimate(one).mde for one in outcomes[:200]])
    effect, error = found.apply(outcomes + mde * cells.treated)
    assert 0.74 < (effect - stats.t.ppf(0.95, found.freedom) * error > 0).mean() < 0.86


def test_the_course_shows_nothing_before_and_the_effect_after() -> None:
    steps = {step.since: step.estimate.effect for step in event_study(made(effect=0.3, size=0.02))}
    assert list(steps) == list(range(-4, 9))
    assert all(abs(effect) < 0.02 for since, effect in steps.items() if since < 0)
    assert all(abs(effect - 0.3) < 0.02 for since, effect in steps.items() if since >= 0)
