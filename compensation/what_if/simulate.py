"""What plans may cost: Monte Carlo over attainment, with the same chances for every plan that is compared.

Each draw moves what everybody was credited by a chance factor (``compensation.what_if.assumptions``) and pays every
component on it. Plans compared in one call see the same draws (common random numbers), so that their difference
is the plans' and not chance's. Draws go through memory in blocks, people in chunks that stay in the processor's
cache; nothing of the size people × draws is kept.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from compensation.plan.model import Component, Plan
from compensation.what_if.assumptions import Assumptions, Ints
from compensation.what_if.chances import BATCHES, Mix, Roster, batches, blocks
from compensation.what_if.fast_curves import Formula, Rows, Scratch
from compensation.what_if.hinges import Floats
from compensation.what_if.pools import shared_out

ENOUGH_IN_BATCH = 40
STUDENT_95 = 2.093
"""The 97.5 % point of Student's t with one degree of freedom less than there are batches."""

UNSEEN = 0.005
"""Less money than anybody sees."""

CHUNK_ROWS = 64
"""Lines at once: with a block of draws, a few arrays of half a megabyte."""


@dataclass(frozen=True)
class Population:
    """One plan's payout lines over the time simulated, by component, and whose they are."""

    plan: Plan
    roster: Roster
    unit_person: Ints  # person of the roster, by unit (a person and fiscal year), ascending
    weight: Floats  # reporting currency per unit of the person's currency, by unit
    local: Floats  # the person's currency per unit of the plan's, by unit
    rows: tuple[tuple[Component, Rows], ...]
    mixes: tuple[Mix, ...] = ()  # driver ``people × quarters + k`` is the k-th
    left_out: tuple[str, ...] = ()  # what of the plan is not simulated, by name

    @property
    def units(self) -> int:
        """How many persons and years."""
        return len(self.unit_person)


@dataclass(frozen=True)
class Outcome:
    """What one plan cost in each draw, and what each person earned on average; reporting currency."""

    cost: Floats  # by draw
    by_component: Mapping[str, Floats]  # by draw, before caps of a whole year
    mean_pay: Floats  # by person of the roster

    @property
    def median(self) -> float:
        """Half of the draws cost less."""
        return float(np.median(self.cost))

    @property
    def mean(self) -> float:
        """The average cost."""
        return float(self.cost.mean())

    def quantile(self, share: float) -> float:
        """The cost that so many of the draws stay under."""
        return float(np.quantile(self.cost, share))

    @property
    def p95(self) -> float:
        """One draw in twenty costs more."""
        return self.quantile(0.95)

    @property
    def p95_error(self) -> float:
        """How far the true 95th percentile may be from the one found, as a share of it."""
        return quantile_error(self.cost, 0.95)


@dataclass(frozen=True)
class Simulation:
    """Every plan's outcome over the same draws."""

    roster: Roster
    assumptions: Assumptions
    outcomes: Mapping[str, Outcome]
    less: Mapping[str, Floats]  # by plan: share of draws in which a person earns less than with the first
    more: Mapping[str, Floats]

    def difference(self, name: str, base: str) -> Floats:
        """Cost of one plan over another's, draw by draw."""
        return self.outcomes[name].cost - self.outcomes[base].cost


def quantile_error(values: Floats, share: float) -> float:
    """Half the width of a quantile's 95 % confidence interval, over the quantile; NaN for few draws.

    From the quantiles of independent batches, which also holds for stratified draws (S. Asmussen and P. W. Glynn,
    Stochastic Simulation, 2007, section III.5a: sectioning).
    """
    cut = batches(len(values))
    if len(cut) < BATCHES or len(values) < BATCHES * ENOUGH_IN_BATCH:
        return float("nan")
    found = np.array([np.quantile(values[which], share) for which in cut])
    half = STUDENT_95 * float(found.std(ddof=1)) / float(np.sqrt(len(cut)))
    middle = float(np.quantile(values, share))
    return half / abs(middle) if middle else 0.0


def simulate(populations: Mapping[str, Population], assumptions: Assumptions) -> Simulation:
    """Draw ``assumptions.draws`` outcomes and pay every plan on each of them.

    The populations share one roster; the first is what the others are compared with. ValueError otherwise.
    """
    roster = next(iter(populations.values())).roster
    if any(population.roster != roster for population in populations.values()):
        raise ValueError("Plans are compared over one roster of people and quarters.")
    tally = _Tally(populations, assumptions)
    scratch = Scratch()
    for first, factors in blocks(roster, assumptions):
        for name, engine in tally.engines.items():
            tally.note(name, first, engine.run(factors, scratch))
    return tally.simulation(roster)


# One plan ------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Chunk:
    """Some units, and every component's lines of theirs, ready to be paid."""

    first: int
    last: int
    formulas: tuple[tuple[int, slice, Formula], ...]  # component, its rows


@dataclass
class _Engine:
    """One plan, ready for any block of chance factors."""

    population: Population
    chunks: list[_Chunk] = field(default_factory=list)
    pooled: list[int] = field(default_factory=list)  # components out of a budget

    def __post_init__(self) -> None:
        rows = self.population.rows
        self.pooled = [at for at, (component, _) in enumerate(rows) if component.spif is not None]
        for first, last in _cuts([rows for _, rows in rows], self.population.units):
            self.chunks.append(_Chunk(first, last, tuple(self._formulas(first, last))))

    def _formulas(self, first: int, last: int) -> Iterator[tuple[int, slice, Formula]]:
        for at, (component, rows) in enumerate(self.population.rows):
            low, high = np.searchsorted(rows.unit, [first, last])
            if low < high:
                which = slice(int(low), int(high))
                yield at, which, Formula.of(component, rows.taken(which))

    def run(self, factors: Floats, scratch: Scratch) -> _Block:
        """Pay every line at every draw of the block."""
        factors = self._mixed(factors)
        shared = {at: self._pool(at, factors) for at in self.pooled}
        block = _Block.empty(self.population, factors.shape[1])
        for chunk in self.chunks:
            self._pay(chunk, factors, shared, block, scratch)
        return block

    def _mixed(self, factors: Floats) -> Floats:
        """The drivers with those that are made of others below them."""
        if not self.population.mixes:
            return factors
        mixed = [mix.shares @ factors[mix.members] for mix in self.population.mixes]
        return np.concatenate([factors, np.stack(mixed)])

    def _pool(self, at: int, factors: Floats) -> Floats:
        component, rows = self.population.rows[at]
        paid = Formula.of(component, rows)(factors[rows.driver], Scratch())
        measured = factors[rows.driver] * rows.credited[:, None]
        return shared_out(component, rows, paid, measured, self.population.weight[rows.unit])

    def _pay(
        self, chunk: _Chunk, factors: Floats, shared: Mapping[int, Floats], block: _Block, scratch: Scratch
    ) -> None:
        draws = factors.shape[1]
        total = scratch.get("total", chunk.last - chunk.first, draws)
        total[...] = 0.0
        for at, which, formula in chunk.formulas:
            paid = shared[at][which] if at in shared else formula(_taken(factors, formula.rows), scratch)
            self._add(chunk, at, formula.rows, paid, total, block)
        cap = self.population.plan.policy.year_cap
        if cap is not None:
            np.minimum(total, float(cap) * self.population.local[chunk.first : chunk.last, None], out=total)
        total *= self.population.weight[chunk.first : chunk.last, None]
        block.total[chunk.first : chunk.last] = total
        np.add(block.cost, total.sum(axis=0), out=block.cost)

    def _add(self, chunk: _Chunk, at: int, rows: Rows, paid: Floats, total: Floats, block: _Block) -> None:
        """Add a component's lines to their units and to the component's cost."""
        component = self.population.rows[at][0]
        places = rows.unit - chunk.first
        starts = np.flatnonzero(np.concatenate([[True], places[1:] != places[:-1]]))
        by_unit = paid if len(starts) == len(paid) else np.add.reduceat(paid, starts, axis=0)
        if component.caps.year is not None:
            by_unit = np.minimum(by_unit, (float(component.caps.year) * rows.local[starts])[:, None])
        units = places[starts]
        if len(units) == len(total):
            total += by_unit
        else:
            total[units] += by_unit
        block.by_component[at] += self.population.weight[units + chunk.first] @ by_unit


def _taken(factors: Floats, rows: Rows) -> Floats:
    """The factors of some rows; a view where they lie side by side."""
    first = int(rows.driver[0])
    if np.array_equal(rows.driver, np.arange(first, first + len(rows))):
        return factors[first : first + len(rows)]
    return factors[rows.driver]


def _cuts(rows: Sequence[Rows], units: int) -> Iterator[tuple[int, int]]:
    """Runs of units with at most about ``CHUNK_ROWS`` lines of any one component."""
    most = np.max([np.bincount(found.unit, minlength=units) for found in rows], axis=0) if rows else []
    first, lines = 0, 0
    for unit, count in enumerate(most):
        if lines and lines + count > CHUNK_ROWS:
            yield first, unit
            first, lines = unit, 0
        lines += int(count)
    if first < units:
        yield first, units


# Adding up -----------------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Block:
    """What one plan pays in one block of draws, reporting currency."""

    total: Floats  # unit × draw
    cost: Floats  # draw
    by_component: Floats  # component × draw

    @classmethod
    def empty(cls, population: Population, draws: int) -> _Block:
        components = len(population.rows)
        return cls(np.empty((population.units, draws)), np.zeros(draws), np.zeros((components, draws)))


class _Tally:
    """Adds blocks up: costs by draw, pay by person, and who earns less than with the first plan."""

    def __init__(self, populations: Mapping[str, Population], assumptions: Assumptions) -> None:
        self.assumptions = assumptions
        self.engines = {name: _Engine(population) for name, population in populations.items()}
        self.base = next(iter(populations))
        people, draws = len(populations[self.base].roster.people), assumptions.draws
        self.cost = {name: np.zeros(draws) for name in populations}
        self.parts = {name: np.zeros((len(found.rows), draws)) for name, found in populations.items()}
        self.pay = {name: np.zeros(people) for name in populations}
        self.less = {name: np.zeros(people) for name in populations}
        self.more = {name: np.zeros(people) for name in populations}
        self.base_total = np.empty(0)

    def note(self, name: str, first: int, block: _Block) -> None:
        """Add one plan's block of draws that begins at ``first``."""
        population = self.engines[name].population
        which = slice(first, first + len(block.cost))
        self.cost[name][which] = block.cost
        self.parts[name][:, which] = block.by_component
        np.add.at(self.pay[name], population.unit_person, block.total.sum(axis=1))
        if len(self.engines) > 1:
            self._compare(name, _by_person(population, block.total))

    def _compare(self, name: str, total: Floats) -> None:
        if name == self.base:
            self.base_total = total
            return
        for first in range(0, len(total), CHUNK_ROWS):  # pieces that stay in the processor's cache
            some = slice(first, first + CHUNK_ROWS)
            change = total[some] - self.base_total[some]
            self.less[name][some] += np.count_nonzero(change < -UNSEEN, axis=1)
            self.more[name][some] += np.count_nonzero(change > UNSEEN, axis=1)

    def simulation(self, roster: Roster) -> Simulation:
        """Everything found."""
        draws = self.assumptions.draws
        outcomes = {name: self._outcome(name) for name in self.engines}
        less = {name: counts / draws for name, counts in self.less.items()}
        more = {name: counts / draws for name, counts in self.more.items()}
        return Simulation(roster, self.assumptions, outcomes, less, more)

    def _outcome(self, name: str) -> Outcome:
        ids = [component.id for component, _ in self.engines[name].population.rows]
        parts = dict(zip(ids, self.parts[name], strict=True))
        return Outcome(self.cost[name], parts, self.pay[name] / self.assumptions.draws)


def _by_person(population: Population, total: Floats) -> Floats:
    """Pay by person of the roster × draw."""
    people = len(population.roster.people)
    if np.array_equal(population.unit_person, np.arange(people)):
        return total
    out = np.zeros((people, total.shape[1]))
    np.add.at(out, population.unit_person, total)
    return out
