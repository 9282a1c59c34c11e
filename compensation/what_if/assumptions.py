"""What a simulation assumes, as data, and how it is estimated from history.

A person's credited value of a quarter is taken as their own level × a chance factor with mean 1. The factor's
logarithm is a market part that everybody shares and a part of their own:

    log factor = spread × (√market × Z + √(1 − market) × ε) − spread² ÷ 2

so two people's log factors correlate by ``market`` (a one-factor model, as in credit risk: O. Vasicek, The
Distribution of Loan Portfolio Value, Risk, 2002). History is laid out as level × quarter × chance, fitted by the
method of marginal totals (R. A. Bailey, Insurance Rates with Minimum Bias, 1963), which quarters without any
sales do not upset; the coefficients of variation of the three are found by moments, and those of a lognormal are
``spread² = ln(1 + variation²)``. How far a person's own past is trusted is their credibility (H. Bühlmann and
A. Gisler, A Course in Credibility Theory, 2005, chapter 3).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from compensation.what_if.hinges import Floats

Ints = NDArray[np.int64]
Source = Literal["default", "estimated", "given"]

ENOUGH_PEOPLE = 5
ENOUGH_QUARTERS = 4
ENOUGH_QUARTERS_FOR_PERSISTENCE = 8
ENOUGH_CELLS_FOR_SHAPE = 200
ROUNDS = 50
"""Alternations between people and quarters; an unbalanced layout settles well before."""


@dataclass(frozen=True)
class Assumptions:
    """What is assumed; shares are 1 = 100 %. ``sources`` says of each field whether it was estimated.

    The defaults hold where history is too short: a coefficient of variation of about 0.4 between a person's
    quarters, a fifth of it shared, half of what is shared lasting the whole time simulated, and nobody certain to
    sell anything. ``empirical`` draws the factors that were seen instead of a lognormal's.
    """

    spread: float = 0.40  # standard deviation of a person's log factor, a quarter
    market: float = 0.20  # share of its variance that everybody shares
    persistence: float = 0.50  # share of the market's variance that lasts all quarters simulated
    floor: float = 0.0  # the chance factor is never below
    growth: float = 0.0  # of everybody's level over the past that was replayed
    skill: float = 0.25  # coefficient of variation of levels between people
    own: float = 0.37  # the same of a person's quarters around their level, market aside
    shape: Literal["lognormal", "empirical"] = "lognormal"
    factors: tuple[float, ...] = ()  # chance factors seen, ascending, mean 1
    draws: int = 10_000
    seed: int = 7
    sources: tuple[tuple[str, Source], ...] = ()
    people: int = 0  # sample the estimates rest on
    quarters: int = 0
    cells: int = 0

    def source(self, name: str) -> Source:
        """Where a field's value comes from."""
        return dict(self.sources).get(name, "default")

    def given(self, **values: Any) -> Assumptions:
        """The same with some fields set by whoever asks."""
        said = dict(self.sources) | dict.fromkeys(values, "given")
        return replace(self, **values, sources=tuple(sorted(said.items())))


@dataclass(frozen=True)
class History:
    """Attainment of people in past quarters: one entry each, quarters numbered in order, 1.0 = 100 %."""

    rep: Sequence[str]
    quarter: Ints
    attainment: Floats


@dataclass
class Layout:
    """Attainment as mean × level of a person × level of a quarter × chance; levels average 1.

    ``chance`` is NaN for people who never sold anything: nothing is known of theirs.
    """

    history: History
    names: tuple[str, ...] = ()
    person: Ints = field(default_factory=lambda: np.empty(0, np.int64))
    quarter: Ints = field(default_factory=lambda: np.empty(0, np.int64))
    people_level: Floats = field(default_factory=lambda: np.empty(0))
    quarter_level: Floats = field(default_factory=lambda: np.empty(0))
    mean: float = 0.0
    chance: Floats = field(default_factory=lambda: np.empty(0))

    def __post_init__(self) -> None:
        """Marginal totals by alternating: each level makes its own total right, given the others."""
        names, self.person = np.unique(np.asarray(self.history.rep, object).astype(str), return_inverse=True)
        quarters, self.quarter = np.unique(self.history.quarter, return_inverse=True)
        self.names, seen = tuple(names.tolist()), self.history.attainment
        people, self.quarter_level = np.ones(len(names)), np.ones(len(quarters))
        for _ in range(ROUNDS):
            people = _over(seen, self.quarter_level[self.quarter], self.person, len(names))
            self.quarter_level = _over(seen, people[self.person], self.quarter, len(quarters))
            self.quarter_level /= self.quarter_level.mean() or 1.0
        self.mean = float(people.mean())
        self.people_level = people / (self.mean or 1.0)
        fitted = people[self.person] * self.quarter_level[self.quarter]
        self.chance = np.divide(seen, fitted, out=np.full(len(seen), np.nan), where=fitted > 0)

    @property
    def own_variance(self) -> float:
        """Squared coefficient of variation of chance; who sells more counts more, as their level is surer."""
        known = ~np.isnan(self.chance)
        fitted = self.people_level[self.person] * self.quarter_level[self.quarter]
        squares = (fitted * (self.chance - 1))[known] ** 2
        free = len(squares) - int((self.people_level > 0).sum()) - len(self.quarter_level) + 1
        size = float((fitted[known] ** 2).mean()) if known.any() else 0.0
        return float(squares.sum() / free) / size if free > 0 and size else 0.0

    def variance(self, level: Floats, which: Ints) -> float:
        """Squared coefficient of variation of true levels: of those found, less what chance adds; not below 0."""
        if len(level) < 2:
            return 0.0
        noise = self.own_variance * float(np.mean(1 / np.bincount(which, minlength=len(level))))
        return max(float(level.var(ddof=1)) - noise, 0.0)

    @property
    def market_variance(self) -> float:
        """Of the quarters' levels."""
        return self.variance(self.quarter_level, self.quarter)

    @property
    def skill_variance(self) -> float:
        """Of people's levels."""
        return self.variance(self.people_level, self.person)


def _over(seen: Floats, fitted: Floats, which: Ints, count: int) -> Floats:
    """Totals seen over totals fitted."""
    bottom = np.bincount(which, fitted, count)
    return np.divide(np.bincount(which, seen, count), bottom, out=np.zeros(count), where=bottom > 0)


def estimated(history: History, start: Assumptions = Assumptions()) -> Assumptions:
    """Assumptions from history; what it is too short for keeps the value of ``start``, and says so.

    Quarters without attainment (no quota) are left out by the caller; quarters with nothing sold count as 0.
    Needs five people over four quarters; persistence needs eight quarters, and the factors seen are drawn
    instead of a lognormal from 200 quarters of people on.
    """
    people, quarters, cells = len(set(history.rep)), len(set(history.quarter.tolist())), len(history.rep)
    sized = replace(start, people=people, quarters=quarters, cells=cells)
    if people < ENOUGH_PEOPLE or quarters < ENOUGH_QUARTERS or not history.attainment.any():
        return sized
    layout = Layout(history)
    found = _moments(layout) | {"factors": _factors(layout)}
    found["floor"] = float(np.quantile(found["factors"], 0.01))
    if quarters >= ENOUGH_QUARTERS_FOR_PERSISTENCE:
        found["persistence"] = _persistence(layout)
    if cells >= ENOUGH_CELLS_FOR_SHAPE:
        found["shape"] = "empirical"
    sources = dict(start.sources) | dict.fromkeys(found, "estimated")
    return replace(sized, **found, sources=tuple(sorted(sources.items())))


def _moments(layout: Layout) -> dict[str, Any]:
    own, market = np.log1p(layout.own_variance), np.log1p(layout.market_variance)
    return {
        "spread": float(np.sqrt(own + market)),
        "market": float(market / (own + market)) if own + market else 0.0,
        "skill": float(np.sqrt(layout.skill_variance)),
        "own": float(np.sqrt(layout.own_variance)),
    }


def _persistence(layout: Layout) -> float:
    """Correlation of one quarter's level with the next, between 0 and 1."""
    effects = layout.quarter_level - layout.quarter_level.mean()
    around = float((effects**2).sum())
    return min(max(float((effects[1:] * effects[:-1]).sum()) / around, 0.0), 1.0) if around else 0.0


def _factors(layout: Layout) -> tuple[float, ...]:
    """Chance factors as they were seen, market and own part together, scaled to a mean of 1."""
    seen = layout.quarter_level[layout.quarter] * layout.chance
    seen = np.sort(seen[~np.isnan(seen)])
    return tuple((seen / seen.mean()).tolist())


def levels(history: History, assumptions: Assumptions) -> dict[str, float]:
    """Each person's expected attainment: everybody's mean, moved towards their own as far as it can be trusted.

    The credibility of a person's own past is ``skill² ÷ (skill² + own² ÷ quarters seen)``.
    """
    layout = Layout(history)
    chance = assumptions.own**2 / np.bincount(layout.person)
    trust = assumptions.skill**2 / np.maximum(assumptions.skill**2 + chance, 1e-300)
    level = layout.mean * (1 + trust * (layout.people_level - 1))
    return dict(zip(layout.names, level.tolist(), strict=True))


MOST = 4.0
"""A quarter's sales are taken at most four times as high, and no lower than a quarter, as they were."""


def expected(
    people: Sequence[str], quarters: int, seen: History, credited: Floats, level: dict[str, float]
) -> Floats:
    """What is expected of people in each quarter over what they were credited (people × quarters).

    ``seen`` holds the quarters to be simulated, numbered from 0, and ``credited`` what each entry was credited.
    Where a past quarter is simulated as it was, its own luck would count twice: once as it happened and once
    drawn. So everybody is put on their level; all together stay at what was credited in the time.
    """
    place = {person: number for number, person in enumerate(people)}
    known = np.array([place.get(rep, -1) for rep in seen.rep], np.int64)
    own = np.array([level.get(rep, 0.0) for rep in seen.rep])
    usable = (known >= 0) & (own > 0) & (seen.attainment > 0)
    ratio = np.where(usable, own / np.where(usable, seen.attainment, 1.0), 1.0).clip(1 / MOST, MOST)
    before, after = float(credited[usable].sum()), float((credited * ratio)[usable].sum())
    found = np.ones((len(people), quarters))
    found[known[usable], seen.quarter[usable]] = ratio[usable] * (before / after if after else 1.0)
    return found
