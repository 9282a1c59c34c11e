"""Bunching and pull-forward: found where they are, on shapes drawn for it and in the demo company; nobody else accused."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from connectors.demo import truths
from metrics.ask import ask
from metrics.catalogue import METRICS
from metrics.plan_return.bunching import Quarter, bunched
from metrics.plan_return.pull_forward import Count, Counts, pulled
from tests.metrics.plan_return.test_check_queries import everything
from tests.support import NOW, session_of
from warehouse.access import OWNER, Viewer
from warehouse.engine import Session
from workflows.demo import load_demo


def quarters(rng: np.random.Generator, n: int = 2000) -> tuple[np.ndarray, np.ndarray]:
    return rng.lognormal(-0.03, 0.3, n), rng.lognormal(-0.03, 0.3, n)


def as_quarters(now: np.ndarray, later: np.ndarray) -> list[Quarter]:
    return [Quarter(float(a), float(b)) for a, b in zip(now, later, strict=True)]


def moved(now: np.ndarray, later: np.ndarray, *, borrowed: bool) -> list[Quarter]:
    """Half of those within a tenth below quota land just above it, at the cost of the next quarter or by luck."""
    close = (now >= 0.9) & (now < 1.0) & (np.arange(len(now)) % 2 == 0)
    taken = np.where(close, 1.02 - now + 0.25, 0.0)
    return as_quarters(np.where(close, 1.02, now), later - taken if borrowed else later)


def test_deals_moved_over_the_mark_are_found() -> None:
    row = bunched(moved(*quarters(np.random.default_rng(1)), borrowed=True))
    assert row["found"] == 1
    assert row["excess"] > 0.1
    assert row["dip"] < -0.1


def test_a_crowd_above_the_mark_without_a_dip_is_not_called_found() -> None:
    row = bunched(moved(*quarters(np.random.default_rng(2)), borrowed=False))
    assert row["sure"] > 3
    assert row["found"] == 0


def test_smooth_attainment_is_almost_never_accused() -> None:
    rng = np.random.default_rng(3)
    rows = [bunched(as_quarters(*quarters(rng, 600))) for _ in range(300)]
    assert sum(row["found"] for row in rows) <= 2
    assert sum(row["sure"] > 2.326 for row in rows) <= 9  # 1 % of 300, and twice its standard error more


def test_attainment_on_the_mark_counts_as_above() -> None:
    row = bunched([Quarter(1.0, None), Quarter(0.9999, None), Quarter(1.05, None)])
    assert (row["above"], row["below"], row["quarters"]) == (1, 1, 3)
    assert "found" not in row


def seasons(rng: np.random.Generator, n: int, pull: float = 0.0) -> Counts:
    """Twenty quarters with a common rush at their ends; ``pull`` of the early deals close before they begin."""
    early, middle, end = (rng.poisson(n * share, 21) for share in (0.25, 0.4, 0.35))
    gone = rng.binomial(early, pull)
    early, end = early - gone, end + np.append(gone[1:], 0)
    whole = early + middle + end
    return {
        f"q{i:02d}": Count(
            int(end[i]), int(whole[i]), int(early[i + 1]), int(middle[i + 1]), int(whole[i + 1])
        )
        for i in range(20)
    }


def test_half_of_the_early_deals_pulled_is_found_and_measured() -> None:
    rng = np.random.default_rng(4)
    row = pulled(seasons(rng, 200, pull=0.5), seasons(rng, 800))
    assert row["found"] == 1
    assert row["pull_forward"] == pytest.approx(0.5, abs=0.06)


def test_the_same_season_accuses_nobody() -> None:
    rng = np.random.default_rng(5)
    rows = [pulled(seasons(rng, 60), seasons(rng, 600)) for _ in range(300)]
    assert sum(row["found"] for row in rows) == 0
    assert abs(np.mean([row["pull_forward"] for row in rows])) < 0.03


def test_too_few_quarters_say_nothing() -> None:
    rng = np.random.default_rng(6)
    three = dict(list(seasons(rng, 100, 0.5).items())[:3])
    assert pulled(three, seasons(rng, 100)) == {"quarters": 3}
    assert pulled({}, {}) == {"quarters": 0}


def by(session: Session, name: str, *keys: str, **where: str) -> dict[str, dict[str, object]]:
    view = everything(session)
    for dimension, value in where.items():
        view = view.filtered(dimension, value)
    found = ask(METRICS[name], keys, view=view, session=session, viewer=OWNER).to_pylist()
    return {row[keys[0]] if keys else "": row for row in found}


def test_the_accelerator_of_the_demo_is_found_and_nothing_else(demo: Session) -> None:
    assert by(demo, "pull_forward")[""]["found"] == 1
    plans = by(demo, "pull_forward", "plan")
    assert {plan: row["found"] for plan, row in plans.items()} == {
        "enterprise": 1,
        "commercial": 0,
        "leadership": 0,
    }
    components = by(demo, "pull_forward", "component")
    assert {name for name, row in components.items() if row["found"]} == {"accelerator"}
    assert components["bundle_bonus"]["pull_forward"] is None
    one = by(demo, "pull_forward", component="accelerator")[""]
    assert one["found"] == 1
    assert by(demo, "pull_forward", component="bundle_bonus")[""]["quarters"] == 0


def test_no_other_team_of_the_demo_is_accused(demo: Session) -> None:
    teams = by(demo, "pull_forward", "team")
    accused = {team for team, row in teams.items() if row["found"]}
    assert accused <= {team for team in truths.TEAMS if team.endswith("Enterprise")}
    west = by(demo, "pull_forward", team="West Commercial")[""]
    assert (
        west["found"] == 0
    )  # nobody there has an accelerator: everybody is looked at, beside the other teams
    assert west == {name: value for name, value in teams["West Commercial"].items() if name != "team"}


def test_nobody_of_the_demo_bunches_at_quota(demo: Session) -> None:
    assert by(demo, "bunching")[""]["found"] == 0
    assert not any(row["found"] for row in by(demo, "bunching", "plan").values())


def test_a_rep_is_shown_no_comparison_with_others(demo: Session) -> None:
    viewer = Viewer(truths.DEMO_REP, frozenset({"rep"}))
    row = ask(METRICS["pull_forward"], view=everything(demo), session=demo, viewer=viewer).to_pylist()[0]
    assert row["pull_forward"] is None


@pytest.mark.long
def test_each_enterprise_team_of_the_whole_demo_is_found(tmp_path: Path) -> None:
    load_demo(NOW, root=tmp_path / "store")
    session = session_of(tmp_path / "store")
    accused = {team for team, row in by(session, "pull_forward", "team").items() if row["found"]}
    assert accused == {team for team in truths.TEAMS if team.endswith("Enterprise")}
    assert by(session, "pull_forward")[""]["pull_forward"] == pytest.approx(0.4, abs=0.15)
    assert not any(row["found"] for row in by(session, "bunching", "team").values())
