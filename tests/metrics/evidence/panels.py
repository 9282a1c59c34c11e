"""Made-up panels for the tests of this folder."""

from __future__ import annotations

import numpy as np

from benchmarks.few_teams import PERIODS, ROLLOUTS, TEAMS, Rollout, noise
from metrics.evidence.panel import Floats, Panel

WAVES = ROLLOUTS[0]
ALWAYS = Rollout("always", (0,) * TEAMS)
NEVER = Rollout("never", (PERIODS,) * TEAMS)
AT_ONCE = Rollout("at_once", (11,) * TEAMS)
ONE_TEAM = Rollout("one_team", (11,) + (PERIODS,) * (TEAMS - 1))


def made(rollout: Rollout = WAVES, effect: float = 0.0, seed: int = 1, size: float = 1.0) -> Panel:
    """A panel with an effect in log points; ``size`` shrinks the noise."""
    bare = rollout.panel()
    return bare.with_outcome(size * noise(np.random.default_rng(seed), 1, 0.3)[0] + effect * bare.treated)


def drifting(slope: float, seed: int = 1) -> Panel:
    """Teams that will get it drift away from the others all the time."""
    panel = made(WAVES, seed=seed)
    ever = panel.treated.any(axis=1)[:, None]
    return panel.with_outcome(panel.outcome + slope * ever * np.arange(PERIODS))


def smooth() -> Floats:
    """Levels of teams plus levels of periods, and nothing else."""
    return np.linspace(1, 3, TEAMS)[:, None] + np.sin(np.arange(PERIODS))
