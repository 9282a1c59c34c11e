from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from fractions import Fraction

import numpy as np
import pytest

from compensation.plan.model import (
    Basis,
    Caps,
    Component,
    Curve,
    Pays,
    Period,
    Plan,
    Point,
    Policy,
    Spif,
    Tier,
)
from compensation.what_if.assumptions import Assumptions, History, expected, levels
from compensation.what_if.chances import Mix, Roster, batches, blocks, markets
from compensation.what_if.fast_curves import rows_of
from compensation.what_if.simulate import Population, quantile_error, simulate

FLAT = Component("flat", "Flat", Pays.RATE, "bookings", Period.QUARTER, rate=Fraction("0.05"))
TIERS = replace(
    FLAT,
    id="tiers",
    basis=Basis.ATTAINMENT,
    tiers=(Tier(Fraction(0), Fraction("0.05")), Tier(Fraction(1), Fraction("0.1"))),
)
PLAIN = Policy()
BONUS = Component(
    "bonus",
    "Bonus",
    Pays.TARGET,
    "bookings",
    Period.QUARTER,
    weight=Fraction(1),
    curve=Curve((Point(Fraction("0.7"), Fraction("0.4")), Point(Fraction(1), Fraction(1)))),
)


def population(
    *components: Component, people: int = 20, quarters: int = 1, policy: Policy = PLAIN, **more
) -> Population:
    """Everybody credited with 100,000 a quarter on a quota of 100,000, with 5,000 at stake."""
    count = people * quarters
    unit = np.repeat(np.arange(people), quarters)
    rows = rows_of(
        count,
        {
            "unit": unit,
            "driver": np.arange(count),
            "pool": np.tile(np.arange(quarters), people),
            "credited": np.full(count, 1e5),
            "counted": np.full(count, 1e5),
            "quota": np.full(count, 1e5),
            "target": np.full(count, 5e3),
            "rate": np.full(count, float(components[0].rate or 1)),
        },
    )
    ones = np.where(np.arange(count) >= 0, 1.0, 0.0)
    tiered = replace(rows, rate=ones)
    plan = Plan("p", 1, "P", date(2026, 1, 1), components=components, policy=policy)
    roster = Roster(tuple(f"p{number:03}" for number in range(people)), quarters)
    found = tuple((c, tiered if c.tiers else rows) for c in components)
    return Population(plan, roster, np.arange(people), np.ones(people), np.ones(people), found, **more)


SOME = Assumptions(draws=4000, seed=3)


def cost(found: Population, assumptions: Assumptions = SOME):
    return simulate({"only": found}, assumptions).outcomes["only"]


def test_a_plan_in_proportion_costs_what_was_expected_on_average() -> None:
    found = cost(population(FLAT, people=50))
    assert found.mean == pytest.approx(50 * 5000, rel=0.01)
    assert found.mean_pay.sum() == pytest.approx(found.mean)
    assert found.by_component["flat"] == pytest.approx(found.cost)


def test_the_same_plan_twice_differs_by_nothing() -> None:
    one = population(TIERS)
    found = simulate({"now": one, "draft": one}, SOME)
    assert not found.difference("draft", "now").any()
    assert not found.less["draft"].any()
    assert not found.more["draft"].any()


def test_a_seed_tells_the_draws() -> None:
    one = population(TIERS)
    assert np.array_equal(cost(one).cost, cost(one).cost)
    assert not np.array_equal(cost(one).cost, cost(one, replace(SOME, seed=4)).cost)


def test_common_draws_tell_a_small_difference_from_chance() -> None:
    """One tenth of a point more on a rate: far below the spread of the cost, seen in every draw."""
    dearer = replace(FLAT, rate=Fraction("0.051"))
    found = simulate({"now": population(FLAT), "draft": population(dearer)}, SOME)
    change = found.difference("draft", "now")
    assert (change > 0).all()
    assert change == pytest.approx(found.outcomes["now"].cost * 0.02)
    assert (found.more["draft"] == 1).all()
    assert not found.less["draft"].any()


def test_an_accelerator_costs_more_than_at_the_expected_attainment() -> None:
    """Whoever is above quota is paid twice the rate, and nobody gives it back below: convex."""
    assert cost(population(TIERS)).mean > 20 * 5000 * 1.05


def test_a_market_widens_the_cost_of_everybody_together() -> None:
    wide = cost(population(FLAT, people=100), replace(SOME, market=0.5))
    narrow = cost(population(FLAT, people=100), replace(SOME, market=0.0))
    assert wide.p95 / wide.mean > 1.3
    assert narrow.p95 / narrow.mean < 1.12
    assert wide.mean == pytest.approx(narrow.mean, rel=0.02)


def test_chance_factors_correlate_by_the_market() -> None:
    assumed = replace(SOME, draws=20_000, market=0.3, spread=0.4, floor=0.0)
    factors = np.log(
        np.concatenate([block.copy() for _, block in blocks(Roster(("a", "b", "c")), assumed)], 1)
    )
    correlation = np.corrcoef(factors)
    assert correlation[np.triu_indices(3, 1)] == pytest.approx(0.3, abs=0.03)
    assert factors.std(axis=1) == pytest.approx(0.4, rel=0.03)
    assert np.exp(factors).mean() == pytest.approx(1, abs=0.01)


def test_the_market_of_each_quarter_is_standard_normal_and_partly_lasts() -> None:
    found = markets(4, replace(SOME, draws=20_000, persistence=0.6))
    assert found.mean(axis=1) == pytest.approx(0, abs=0.03)
    assert found.std(axis=1) == pytest.approx(1, abs=0.03)
    assert np.corrcoef(found)[np.triu_indices(4, 1)] == pytest.approx(0.6, abs=0.03)


@pytest.mark.parametrize(("persistence", "ratio"), [(0.0, 0.5), (1.0, 1.0)])
def test_a_lasting_market_does_not_average_out_over_the_year(persistence, ratio) -> None:
    assumed = replace(SOME, market=1.0, spread=0.1, persistence=persistence, draws=8000)
    year = cost(population(FLAT, quarters=4), assumed).cost
    assert year.std() / year.mean() == pytest.approx(0.1 * ratio, rel=0.06)


def test_growth_and_floor_are_applied() -> None:
    grown = cost(population(FLAT), replace(SOME, growth=0.1))
    assert grown.mean == pytest.approx(1.1 * cost(population(FLAT)).mean, rel=1e-3)
    floored = cost(population(FLAT, people=1), replace(SOME, spread=2.0, floor=0.5))
    assert floored.cost.min() == pytest.approx(2500)


def test_factors_seen_are_drawn_again() -> None:
    assumed = replace(SOME, shape="empirical", factors=(0.5, 1.0, 1.5), floor=0.0)
    found = cost(population(FLAT, people=1), assumed).cost / 5000
    assert found.min() == pytest.approx(0.5)
    assert found.max() == pytest.approx(1.5)
    assert found.mean() == pytest.approx(1, abs=0.03)


def test_a_manager_moves_with_the_team_and_less_than_each_member() -> None:
    team = population(FLAT, people=16)
    member, manager = rows_of(1, _one(0)), rows_of(1, _one(16))
    mix = Mix(np.arange(16), np.full(16, 1 / 16))
    alone = replace(SOME, market=0.0)
    one = replace(team, rows=((FLAT, member),))
    led = replace(team, rows=((FLAT, manager),), mixes=(mix,))
    spreads = [cost(found, alone).cost.std() for found in (one, led)]
    assert spreads[1] == pytest.approx(spreads[0] / 4, rel=0.05)


def _one(driver: int) -> dict[str, list[float]]:
    return {
        "unit": [0],
        "driver": [driver],
        "credited": [1e5],
        "counted": [1e5],
        "quota": [1e5],
        "rate": [0.05],
    }


def test_caps_of_a_year_hold_in_every_draw() -> None:
    capped = replace(FLAT, caps=Caps(year=Decimal(20_000)))
    found = cost(population(capped, people=1, quarters=4), replace(SOME, spread=0.8))
    assert found.cost.max() == pytest.approx(20_000)
    whole = cost(population(FLAT, people=1, quarters=4, policy=Policy(year_cap=Decimal(18_000))))
    assert whole.cost.max() == pytest.approx(18_000)


def test_a_cap_on_a_period_is_in_the_persons_currency() -> None:
    capped = population(replace(FLAT, caps=Caps(period=Decimal(5000))), people=1)
    component, rows = capped.rows[0]
    yen = replace(capped, rows=((component, replace(rows, local=np.array([0.5]))),))
    assert cost(yen).cost.max() == pytest.approx(2500)


@pytest.mark.parametrize("share", ["first_come", "pro_rata"])
def test_a_budget_is_never_exceeded(share) -> None:
    spif = replace(FLAT, spif=Spif(Decimal(80_000), share))
    found = cost(population(spif, people=20))
    assert found.cost.max() == pytest.approx(80_000)
    assert found.cost.min() < 80_000


def test_a_budget_is_of_each_period() -> None:
    spif = replace(FLAT, spif=Spif(Decimal(80_000)))
    found = cost(population(spif, people=20, quarters=2))
    assert found.cost.max() == pytest.approx(160_000)


def test_prizes_go_to_the_first() -> None:
    spif = replace(FLAT, spif=Spif(None, "rank", (Decimal(5000), Decimal(3000))))
    found = cost(population(spif, people=5))
    assert found.cost == pytest.approx(8000)
    assert found.mean_pay == pytest.approx(1600, abs=120), "alike in everything but chance"


def test_a_cliff_pays_from_its_threshold_on() -> None:
    paid = cost(population(BONUS, people=1)).cost
    assert ((paid == 0) | (paid >= 2000 - 1e-6)).all()
    assert paid.max() == pytest.approx(5000)


def test_plans_over_different_people_are_refused() -> None:
    with pytest.raises(ValueError, match="one roster"):
        simulate({"now": population(FLAT), "draft": population(FLAT, people=3)}, SOME)


def test_the_error_of_a_high_quantile_is_told_as_it_is() -> None:
    """The half width printed is about what 40 seeds scatter by, times the 95 % point."""
    one = population(TIERS, people=10)
    seeds = [cost(one, replace(SOME, draws=2000, seed=seed)) for seed in range(40)]
    scatter = np.std([found.p95 for found in seeds]) / np.mean([found.p95 for found in seeds])
    told = np.mean([found.p95_error for found in seeds])
    assert told == pytest.approx(1.96 * scatter, rel=0.4)


def test_few_draws_tell_no_error() -> None:
    assert np.isnan(quantile_error(np.arange(100.0), 0.95))
    assert quantile_error(np.ones(4000), 0.95) == 0


@pytest.mark.parametrize("draws", [1, 19, 20, 10_007])
def test_batches_cover_every_draw_once(draws) -> None:
    covered = np.concatenate([np.arange(draws)[which] for which in batches(draws)])
    assert covered.tolist() == list(range(draws))


def test_the_luck_of_the_past_does_not_count_twice() -> None:
    """A past with luck in it, simulated on everybody's level, costs what the truth does on average; as it was, more."""
    random, people, own = np.random.default_rng(4), 400, 0.4
    luck = np.exp(random.normal(-(own**2) / 2, own, (people, 4)))
    assumed = replace(SOME, spread=own, market=0.0, skill=0.0, own=own, draws=1000)
    history = History(
        np.repeat([f"p{number:03}" for number in range(people)], 4).tolist(),
        np.tile(np.arange(4), people),
        luck.ravel(),
    )
    truth = cost(population(TIERS, people=people, quarters=4), assumed).mean
    lucky = population(TIERS, people=people, quarters=4)
    component, rows = lucky.rows[0]
    level = levels(history, assumed)
    smooth = expected(lucky.roster.people, 4, history, luck.ravel() * 1e5, level).ravel()
    found = {}
    for name, share in (("as it was", luck.ravel()), ("on its level", luck.ravel() * smooth)):
        moved = replace(rows, credited=rows.credited * share, counted=rows.counted * share)
        found[name] = cost(replace(lucky, rows=((component, moved),)), assumed).mean
    assert found["on its level"] == pytest.approx(truth, rel=0.01)
    assert found["as it was"] > truth * 1.04
