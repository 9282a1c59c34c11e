from __future__ import annotations

import numpy as np
import pytest

from compensation.what_if.assumptions import Assumptions, History, estimated, expected, levels


def history(
    people: int,
    quarters: int,
    *,
    spread: float,
    market: float,
    skill: float,
    seed: int = 1,
    keep: float = 0.0,
) -> History:
    """Attainment drawn from the model itself."""
    random = np.random.default_rng(seed)
    shock = np.empty(quarters)
    shock[0] = random.standard_normal()
    for quarter in range(1, quarters):
        shock[quarter] = keep * shock[quarter - 1] + np.sqrt(1 - keep**2) * random.standard_normal()
    own = random.normal(0, skill, people)
    logs = (
        own[:, None]
        + spread
        * (np.sqrt(market) * shock + np.sqrt(1 - market) * random.standard_normal((people, quarters)))
        - spread**2 / 2
    )
    reps = np.repeat([f"p{number:03}" for number in range(people)], quarters)
    return History(reps.tolist(), np.tile(np.arange(quarters), people), np.exp(logs).ravel())


def test_the_parts_of_the_spread_are_found_again() -> None:
    found = estimated(history(200, 60, spread=0.5, market=0.3, skill=0.2))
    assert found.spread == pytest.approx(0.5, rel=0.12)
    assert found.market == pytest.approx(0.3, abs=0.1)
    assert found.skill == pytest.approx(0.2, rel=0.15)
    assert {name for name, source in found.sources if source == "estimated"} == {
        *("spread", "market", "skill", "own", "persistence", "factors", "floor", "shape"),
    }
    assert (found.people, found.quarters, found.cells) == (200, 60, 12_000)


def test_without_a_market_none_is_found() -> None:
    assert estimated(history(300, 12, spread=0.4, market=0.0, skill=0.2)).market < 0.02


def test_a_market_that_lasts_is_told_from_one_that_does_not() -> None:
    def found(keep: float) -> float:
        pasts = [
            history(20, 200, spread=0.4, market=0.5, skill=0.1, keep=keep, seed=seed) for seed in range(8)
        ]
        return float(np.mean([estimated(past).persistence for past in pasts]))

    assert found(0.8) == pytest.approx(0.75, abs=0.1), "a little less than the truth: series are short"
    assert found(0.0) < 0.1


@pytest.mark.parametrize(("people", "quarters"), [(4, 20), (50, 3)])
def test_a_history_too_short_keeps_the_defaults_and_says_so(people, quarters) -> None:
    found = estimated(history(people, quarters, spread=1.0, market=0.9, skill=1.0))
    assert (found.spread, found.market) == (Assumptions().spread, Assumptions().market)
    assert found.source("spread") == "default"
    assert (found.people, found.quarters) == (people, quarters)


def test_persistence_needs_more_quarters_than_the_rest() -> None:
    found = estimated(history(50, 6, spread=0.4, market=0.2, skill=0.2))
    assert (found.source("spread"), found.source("persistence")) == ("estimated", "default")


def test_what_somebody_sets_is_marked_as_given() -> None:
    found = estimated(history(50, 12, spread=0.4, market=0.2, skill=0.2)).given(market=0.6)
    assert (found.market, found.source("market"), found.source("spread")) == (0.6, "given", "estimated")


def test_quarters_without_any_sales_widen_the_spread_as_much_as_they_should() -> None:
    """One in five quarters sells nothing, by chance: variation 0.5 of the own quarters, and no heavy tail made up."""
    past = history(100, 20, spread=0.0, market=0.0, skill=0.2)
    sold = np.random.default_rng(2).random(2000) < 0.8
    found = estimated(History(past.rep, past.quarter, np.where(sold, past.attainment, 0.0)))
    assert found.own == pytest.approx(0.5, abs=0.03)
    assert found.floor == 0
    assert found.shape == "empirical"
    assert max(found.factors) < 2
    assert np.mean(found.factors) == pytest.approx(1)


def test_somebody_who_never_sold_anything_does_not_stop_the_others() -> None:
    past = history(20, 12, spread=0.3, market=0.1, skill=0.2)
    none = np.array([rep == "p003" for rep in past.rep])
    found = estimated(History(past.rep, past.quarter, np.where(none, 0.0, past.attainment)))
    assert found.spread == pytest.approx(estimated(past).spread, rel=0.15)
    level = levels(History(past.rep, past.quarter, np.where(none, 0.0, past.attainment)), found)
    assert 0 <= level["p003"] < min(value for rep, value in level.items() if rep != "p003")


def test_nothing_sold_by_anybody_keeps_the_defaults() -> None:
    past = history(20, 12, spread=0.3, market=0.1, skill=0.2)
    assert estimated(History(past.rep, past.quarter, np.zeros(240))).source("spread") == "default"


def test_quarters_may_be_missing() -> None:
    past = history(100, 20, spread=0.4, market=0.3, skill=0.25)
    kept = np.random.default_rng(3).random(2000) < 0.6
    some = History(
        [rep for rep, here in zip(past.rep, kept, strict=True) if here],
        past.quarter[kept],
        past.attainment[kept],
    )
    assert estimated(some).spread == pytest.approx(estimated(past).spread, rel=0.1)


def test_levels_are_drawn_towards_everybody() -> None:
    past = history(100, 4, spread=0.5, market=0.0, skill=0.2)
    found = estimated(past)
    level = levels(past, found)
    means = {rep: float(past.attainment[np.array(past.rep) == rep].mean()) for rep in level}
    assert np.std(list(level.values())) < 0.8 * np.std(list(means.values()))
    assert np.mean(list(level.values())) == pytest.approx(np.mean(list(means.values())), rel=0.05)


def test_everybody_alike_has_one_level() -> None:
    past = History(["a"] * 4 + ["b"] * 4, np.tile(np.arange(4), 2), np.ones(8))
    level = levels(past, Assumptions(own=0.0, skill=0.0))
    assert level == {"a": pytest.approx(1.0), "b": pytest.approx(1.0)}


def test_a_lucky_quarter_is_put_back_on_its_persons_level() -> None:
    seen = History(["a", "a", "b", "b"], np.array([0, 1, 0, 1]), np.array([1.5, 0.5, 1.0, 1.0]))
    credited = np.array([150.0, 50.0, 100.0, 100.0])
    found = expected(("a", "b", "c"), 2, seen, credited, {"a": 1.0, "b": 1.0})
    assert found[:2] == pytest.approx(np.array([[1 / 1.5, 2.0], [1.0, 1.0]]))
    assert found[2] == pytest.approx([1, 1]), "nothing is known of them"


def test_all_together_stay_at_what_was_credited() -> None:
    past = history(50, 4, spread=0.5, market=0.3, skill=0.2)
    credited = past.attainment * 1000
    level = dict.fromkeys(set(past.rep), 1.3)
    names = tuple(sorted(level))
    found = expected(names, 4, past, credited, level)
    assert (found.ravel() * credited).sum() == pytest.approx(credited.sum())


def test_a_quarter_without_sales_stays_without() -> None:
    seen = History(["a", "a"], np.array([0, 1]), np.array([0.0, 1.0]))
    found = expected(("a",), 2, seen, np.array([0.0, 100.0]), {"a": 1.0})
    assert found[0] == pytest.approx([1, 1])
