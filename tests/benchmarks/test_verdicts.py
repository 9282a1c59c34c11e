"""The benchmark of verdicts at a tiny scale: its figures are well formed, and its bands can fail."""

from __future__ import annotations

import json

import numpy as np

from benchmarks.few_teams import ROLLOUTS, WAYS, noise
from benchmarks.verdicts import Band, demo, simulated


def test_a_band_holds_as_far_as_the_trials_can_tell() -> None:
    assert Band(7, low=3, trials=1000).met(4.0)
    assert Band(7, low=3, trials=20).met(0.0)
    assert not Band(7, low=3, trials=1000).met(1.0)
    assert not Band(7, low=3, trials=1000).met(10.0)
    assert str(Band(93, low=87)) == "87–93 %"
    assert str(Band(5)) == "≤ 5 %"


def test_figures_are_shares_each_with_a_name() -> None:
    lines = [json.loads(figure.line()) for figure in (*simulated(6), *demo([7]))]
    assert len({line["name"] for line in lines}) == len(lines)
    assert all(line["unit"] == "%" and line["name"].startswith("verdicts.") for line in lines)
    assert {"verdicts.demo.pilot.healthy_accused", "verdicts.simulated.chosen.covered"} <= {
        line["name"] for line in lines
    }


def test_errors_made_for_many_teams_are_seen_to_be_too_small() -> None:
    outcomes = noise(np.random.default_rng(1), 400, 0.4).reshape(400, -1)
    alarms = {name: float((way(outcomes, ROLLOUTS[4]) < 0.05).mean()) for name, way in WAYS.items()}
    assert alarms["usual"] > 0.10
    assert alarms["chosen"] < 0.06
