"""What happened before the start: found when it is there, and seldom otherwise."""

from __future__ import annotations

import numpy as np

from benchmarks.few_teams import ROLLOUTS, noise
from metrics.evidence.staggered import checks
from tests.metrics.evidence.panels import WAVES, drifting, made


def test_a_drift_before_the_start_is_found() -> None:
    found = checks(drifting(0.05))
    assert not found.passed
    assert found.trend is not None
    assert 0.02 < found.trend.effect < 0.08


def test_an_anticipation_shortly_before_the_start_is_found() -> None:
    panel = made(size=0.3)
    soon = np.roll(panel.treated, -2, axis=1) & ~panel.treated & panel.treated.any(axis=1)[:, None]
    soon[:, -2:] = False
    assert not checks(panel.with_outcome(panel.outcome + 0.4 * soon)).passed


def test_an_effect_after_the_start_is_no_trend_before_it() -> None:
    one, other = checks(made()), checks(made(effect=5.0))
    assert one.trend is not None
    assert other.trend is not None
    assert abs(one.trend.effect - other.trend.effect) < 1e-9


def test_checks_fail_seldom_when_all_is_well() -> None:
    bare = WAVES.panel()
    outcomes = noise(np.random.default_rng(4), 100, 0.3)
    failed = np.mean([not checks(bare.with_outcome(one)).passed for one in outcomes])
    assert 0.0 < failed < 0.11


def test_without_anybody_who_never_gets_it_a_trend_cannot_be_told() -> None:
    found = checks(made(ROLLOUTS[1]))
    assert found.trend is None
    assert found.placebo is not None


def test_a_start_too_early_leaves_nothing_to_check() -> None:
    early = type(WAVES)("early", (3,) * 6 + (99,) * 6)
    found = checks(made(early))
    assert found.placebo is None
    assert not found.passed
