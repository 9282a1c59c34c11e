"""Draws of chance factors: people × quarters, with a market that moves everybody (``compensation.what_if.assumptions``)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from statistics import NormalDist

import numpy as np

from compensation.what_if.assumptions import Assumptions, Ints
from compensation.what_if.hinges import Floats

BLOCK_CELLS = 2_000_000
"""People × quarters × draws at once: 16 MB of chance factors."""

BATCHES = 20
"""Independent parts of the draws, whose differences tell the Monte Carlo error."""


@dataclass(frozen=True)
class Mix:
    """A driver made of others: what a manager's credits consist of, by share."""

    members: Ints  # drivers
    shares: Floats  # summing to 1


@dataclass(frozen=True)
class Roster:
    """Whose chances are drawn: people × quarters, the same for all plans compared.

    The driver of person ``i`` in quarter ``q`` has the number ``i × quarters + q``.
    """

    people: tuple[str, ...]
    quarters: int = 1

    def driver(self, person: int, quarter: int) -> int:
        """The number of a person's chance factor in a quarter."""
        return person * self.quarters + quarter


def blocks(roster: Roster, assumptions: Assumptions) -> Iterator[tuple[int, Floats]]:
    """Chance factors (drivers × draws) of one block of draws after the other, with the first draw's number.

    The array is overwritten by the next block.
    """
    people, draws = len(roster.people), assumptions.draws
    drivers = people * roster.quarters
    size = max(1, min(draws, BLOCK_CELLS // max(drivers, 1)))
    market = markets(roster.quarters, assumptions)
    held = np.empty(drivers * size)
    for number, first in enumerate(range(0, draws, size)):
        width = min(size, draws - first)
        random = _random(assumptions, 1 + number)
        own = held[: drivers * width].reshape(people, roster.quarters, width)
        random.standard_normal(out=own)
        own *= np.sqrt(1 - assumptions.market)
        own += np.sqrt(assumptions.market) * market[:, first : first + width]
        yield first, _shaped(own, assumptions).reshape(drivers, width)


def _random(assumptions: Assumptions, stream: int) -> np.random.Generator:
    return np.random.Generator(np.random.SFC64(np.random.SeedSequence([assumptions.seed, stream])))


def markets(quarters: int, assumptions: Assumptions) -> Floats:
    """The market's standard normals (quarters × draws): a lasting and a passing part.

    What the quarters have in common decides most of what a plan costs, so it is stratified: within each batch
    of draws its quantiles are spread evenly, one draw in each stratum (W. G. Cochran, Sampling Techniques,
    3rd ed. 1977, chapter 5). The rest is drawn freely; each number by itself stays standard normal.
    """
    random, keep = _random(assumptions, 0), assumptions.persistence
    parts = random.standard_normal((1 + quarters, assumptions.draws))
    along = np.array([np.sqrt(keep) * quarters, *[np.sqrt(1 - keep)] * quarters])
    along /= np.linalg.norm(along)
    parts += np.outer(along, _spread_evenly(random, assumptions.draws) - along @ parts)
    found: Floats = np.sqrt(keep) * parts[:1] + np.sqrt(1 - keep) * parts[1:]
    return found


def batches(draws: int) -> list[slice]:
    """The draws in equal independent batches, what is over in the last."""
    size = max(draws // BATCHES, 1)
    firsts = [*range(0, draws, size)][:BATCHES]
    return [slice(first, last) for first, last in zip(firsts, [*firsts[1:], draws], strict=True)]


def _spread_evenly(random: np.random.Generator, draws: int) -> Floats:
    """Standard normals, one out of each of a batch's equally likely strata."""
    shares = [
        (np.arange(width) + random.random(width)) / width
        for width in (which.stop - which.start for which in batches(draws))
    ]
    normal = NormalDist()
    tiny = np.finfo(float).tiny
    return np.array([normal.inv_cdf(max(share, tiny)) for share in np.concatenate(shares).tolist()])


def _shaped(normal: Floats, assumptions: Assumptions) -> Floats:
    """Standard normals into chance factors, in place."""
    if assumptions.shape == "empirical" and assumptions.factors:
        seen = np.asarray(assumptions.factors)
        ranks = (np.arange(len(seen)) + 0.5) / len(seen)
        places = np.array([NormalDist().inv_cdf(rank) for rank in ranks])
        normal[...] = np.interp(normal, places, seen)
    else:
        normal *= assumptions.spread
        normal -= assumptions.spread**2 / 2
        np.exp(normal, out=normal)
    normal *= 1 + assumptions.growth
    return np.maximum(normal, assumptions.floor, out=normal)
