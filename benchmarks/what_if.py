"""Simulating a plan against the bare NumPy arithmetic of the same payouts, and its peak memory.

Usage: ``python -m benchmarks.what_if [--people N] [--draws N] [--rounds N]``

Six components over one quarter: a commission, marginal tiers with an accelerator, whole-amount tiers, a curve on
the target incentive with threshold, cliff and cap, a gated amount a unit, and a bonus with a multiplier. The same
chance factors go through both sides and every draw's cost is compared first. ``--peak`` is what this module runs
of itself to see how much memory a side needs.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from fractions import Fraction
from statistics import median

import numpy as np
from numpy.typing import NDArray

from benchmarks.figures import Figure, at_most, say, show
from benchmarks.measuring import apart, interleaved, peak_mb, ratio
from compensation.plan.model import (
    Basis,
    Caps,
    Component,
    Curve,
    Modifier,
    Pays,
    Period,
    Plan,
    Point,
    Reading,
    Step,
    Tier,
)
from compensation.what_if.assumptions import Assumptions
from compensation.what_if.chances import Roster, blocks
from compensation.what_if.fast_curves import rows_of
from compensation.what_if.simulate import CHUNK_ROWS, Population, simulate

AIM_NUMPY = at_most(2.0)
AIM_MEMORY = at_most(200)
AIM_ERROR = at_most(1.0)
SIDES = ("ours", "two_plans", "numpy")
SEED = 7

Floats = NDArray[np.float64]


def _tiers(*levels: tuple[str, str]) -> tuple[Tier, ...]:
    return tuple(Tier(Fraction(start), Fraction(rate)) for start, rate in levels)


_COMMISSION = Component("commission", "Commission", Pays.RATE, "bookings", Period.QUARTER)
COMPONENTS = (
    replace(_COMMISSION, rate=Fraction("0.04")),
    replace(
        _COMMISSION,
        id="tiers",
        tiers=_tiers(("0", "0.02"), ("0.8", "0.03"), ("1", "0.06"), ("1.5", "0.04")),
        basis=Basis.ATTAINMENT,
        caps=Caps(period=Decimal(60_000)),
    ),
    replace(
        _COMMISSION,
        id="whole",
        reading=Reading.WHOLE,
        tiers=_tiers(("0", "0.005"), ("200000", "0.01"), ("400000", "0.015")),
    ),
    Component(
        "bonus",
        "Bonus",
        Pays.TARGET,
        "bookings",
        Period.QUARTER,
        weight=Fraction("0.3"),
        curve=Curve(
            tuple(
                Point(Fraction(at), Fraction(pays)) for at, pays in (("0.7", "0.4"), ("1", "1"), ("1.5", "2"))
            )
        ),
    ),
    replace(
        _COMMISSION,
        id="units",
        pays=Pays.PER_UNIT,
        modifiers=(Modifier("gate", at_least=Fraction("0.8")),),
    ),
    replace(
        _COMMISSION,
        id="mix",
        rate=Fraction("0.01"),
        modifiers=(
            Modifier(
                "multiplier", steps=(Step(Fraction(0), Fraction("0.8")), Step(Fraction("0.9"), Fraction(1)))
            ),
        ),
    ),
)
PLAN = Plan("bench", 1, "Bench", date(2026, 1, 1), components=COMPONENTS)


@dataclass(frozen=True)
class People:
    """The people of the benchmark: one number each."""

    credited: Floats
    quota: Floats
    target: Floats
    units: Floats

    def some(self, which: slice) -> People:
        """A few of them."""
        return People(self.credited[which], self.quota[which], self.target[which], self.units[which])


def people(count: int) -> People:
    """Quotas around 300,000 a quarter, attainment levels around 1, target incentives around 15,000."""
    random = np.random.default_rng(SEED)
    quota = random.lognormal(np.log(300_000), 0.3, count)
    level = random.lognormal(-0.03, 0.25, count)
    return People(
        quota * level, quota, random.lognormal(np.log(15_000), 0.2, count), random.uniform(10, 50, count)
    )


def population(found: People) -> Population:
    """The same people as payout lines."""
    count = len(found.quota)
    shared = {
        "credited": found.credited,
        "counted": found.credited,
        "quota": found.quota,
        "target": found.target,
    }
    attainment = found.credited / found.quota
    rows = []
    for component in COMPONENTS:
        own: dict[str, object] = {"rate": np.full(count, float(component.rate or 1))}
        if component.pays is Pays.PER_UNIT:
            own = {"credited": found.units, "rate": np.full(count, 12.5)}
        if component.pays is Pays.TARGET:
            own = {"target": found.target * float(component.weight)}
        reached = (attainment,) * len(component.modifiers)
        rows.append((component, rows_of(count, {**shared, **own, "reached": reached})))  # type: ignore[arg-type]
    roster = Roster(tuple(f"p{number}" for number in range(count)))
    return Population(PLAN, roster, np.arange(count), np.ones(count), np.ones(count), tuple(rows))


# What somebody with NumPy would write for these six components ------------------------------------


def by_hand(found: People, factors: Floats) -> tuple[Floats, Floats]:
    """Cost of every draw and everybody's mean pay, people × draws at once."""
    value = factors * found.credited[:, None]
    attained = value / found.quota[:, None]
    total = value * 0.04
    quota = found.quota[:, None]
    tiers = (
        0.02 * attained
        + 0.01 * np.maximum(attained - 0.8, 0)
        + 0.03 * np.maximum(attained - 1, 0)
        - 0.02 * np.maximum(attained - 1.5, 0)
    )
    total += np.minimum(tiers * quota, 60_000)
    total += value * np.where(value >= 400_000, 0.015, np.where(value >= 200_000, 0.01, 0.005))
    curve = np.where(attained >= 0.7, np.interp(attained, [0.7, 1.0, 1.5], [0.4, 1.0, 2.0]), 0.0)
    total += curve * (0.3 * found.target[:, None])
    total += np.where(attained >= 0.8, factors * (12.5 * found.units[:, None]), 0.0)
    total += value * 0.01 * np.where(attained >= 0.9, 1.0, 0.8)
    return total.sum(axis=0), total.sum(axis=1)


def bare(found: People, blocks_of_draws: Iterable[tuple[int, Floats]], draws: int) -> tuple[Floats, Floats]:
    """Cost of every draw and everybody's mean pay, as many people at once as the processor's cache holds."""
    cost, pay = np.zeros(draws), np.zeros(len(found.quota))
    for first, factors in blocks_of_draws:
        for low in range(0, len(pay), CHUNK_ROWS):
            some = slice(low, low + CHUNK_ROWS)
            added, paid = by_hand(found.some(some), factors[some])
            cost[first : first + factors.shape[1]] += added
            pay[some] += paid
    return cost, pay / draws


def main(arguments: list[str] | None = None) -> int:
    """Measure and print every figure."""
    parser = argparse.ArgumentParser(prog="benchmarks.what_if", description=__doc__)
    parser.add_argument("--people", type=int, default=1000)
    parser.add_argument("--draws", type=int, default=10_000)
    parser.add_argument("--rounds", type=int, default=11)
    parser.add_argument("--peak", choices=SIDES, help=argparse.SUPPRESS)
    given = parser.parse_args(arguments)
    if given.peak:
        run(given.peak, given.people, given.draws)
        print(json.dumps({"mb": peak_mb()}))
        return 0
    for figure in figures(given.people, given.draws, given.rounds):
        show(figure)
    return 0


def run(side: str, count: int, draws: int) -> None:
    """One side, once: what its peak is measured on."""
    found, assumptions = people(count), Assumptions(draws=draws, seed=SEED)
    lines = population(found)
    if side == "ours":
        simulate({"plan": lines}, assumptions)
    elif side == "two_plans":
        simulate({"plan": lines, "draft": dearer(lines)}, assumptions)
    else:
        bare(found, blocks(lines.roster, assumptions), draws)


def dearer(lines: Population) -> Population:
    """The same people on a draft with an accelerator more."""
    first, rows = lines.rows[0]
    draft = replace(first, tiers=_tiers(("0", "1"), ("1.2", "1.5")), basis=Basis.ATTAINMENT)
    return replace(lines, rows=((draft, rows), *lines.rows[1:]))


def figures(count: int, draws: int, rounds: int) -> Iterator[Figure]:
    """Every figure of this benchmark, as it is measured."""
    found, assumptions = people(count), Assumptions(draws=draws, seed=SEED)
    lines = population(found)
    agree(found, lines, assumptions)
    # Drawn before the clock starts: what is left is arithmetic alone, the hardest bare side to keep up with.
    drawn = [(first, factors.copy()) for first, factors in blocks(lines.roster, assumptions)]
    works = {
        "ours": lambda: simulate({"plan": lines}, assumptions),
        "two_plans": lambda: simulate({"plan": lines, "draft": dearer(lines)}, assumptions),
        "numpy": lambda: bare(found, blocks(lines.roster, assumptions), draws),
        "numpy_arithmetic": lambda: bare(found, drawn, draws),
    }
    times = interleaved(works, rounds)
    for name in works:
        yield Figure(f"what_if.{name}", median(times[name]) * 1e3, "ms")
    yield Figure("what_if.ratio_to_numpy", ratio(times["ours"], times["numpy"]), "×", AIM_NUMPY)
    arithmetic = ratio(times["ours"], times["numpy_arithmetic"])
    yield Figure("what_if.ratio_to_numpy_arithmetic", arithmetic, "×", AIM_NUMPY)
    yield Figure("what_if.ratio_of_two_plans_to_one", ratio(times["two_plans"], times["ours"]), "×")
    outcome = simulate({"plan": lines}, assumptions).outcomes["plan"]
    yield Figure("what_if.p95_error", outcome.p95_error * 100, "%", AIM_ERROR)
    yield from memory_figures(count, draws)


def memory_figures(count: int, draws: int) -> Iterator[Figure]:
    """Peaks of whole processes, libraries and all."""
    for side in SIDES:
        found = apart("benchmarks.what_if", "--peak", side, "--people", str(count), "--draws", str(draws))
        aim = AIM_MEMORY if side != "numpy" else None
        yield Figure(f"what_if.peak_memory.{side}", found["mb"], "MB", aim)


class DifferentAnswers(AssertionError):
    """The two sides pay differently: nothing can be said about their speed."""


def agree(found: People, lines: Population, assumptions: Assumptions) -> None:
    """Every draw's cost and everybody's mean pay are the same on both sides, to 1e-9 of it."""
    ours = simulate({"plan": lines}, assumptions).outcomes["plan"]
    cost, pay = bare(found, blocks(lines.roster, assumptions), assumptions.draws)
    if not (np.allclose(ours.cost, cost, rtol=1e-9) and np.allclose(ours.mean_pay, pay, rtol=1e-9)):
        raise DifferentAnswers("The simulation and the bare arithmetic pay differently.")
    say("Both sides pay the same in every draw.")


if __name__ == "__main__":
    raise SystemExit(main())
