"""Tiers and curves as pieces of straight lines, exact.

What a component earns before its multiplier is, in piece *k*, ``(alpha[k] × Q + beta[k] × x) ÷ bottom``, where
``x`` is the running total in ten-thousandths. With edges in attainment ``Q`` is the quota in ten-thousandths,
so that an edge at 80 % is reached when ``x × edges_bottom ≥ edges[k] × Q``; with edges in the measure's own
unit ``Q`` is 10,000, one whole unit. Every number is a Python int, so nothing is lost.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from compensation.money.exact import Exact, over_one, plus, times
from compensation.money.fine import Ints
from compensation.plan.model import Component, Edge, Reading, Tier

NO_TIER = -1


@dataclass(frozen=True)
class Pieces:
    """A function made of straight pieces; piece 0 lies below the first edge.

    ``tier`` is the plan's tier (or curve stretch) of each piece, ``NO_TIER`` where nothing is earned. ``mirrored``:
    below zero it earns minus what it earns above.
    """

    edges: tuple[int, ...]
    edges_bottom: int
    alpha: tuple[int, ...]
    beta: tuple[int, ...]
    bottom: int
    tier: tuple[int, ...]
    upper: bool = True
    mirrored: bool = True

    def piece(self, x: Exact, whole: Exact | int) -> Ints:
        """The piece each running total lies in."""
        return self._piece(x, whole, upper=self.upper)

    def last_piece(self, x: Exact, whole: Exact | int) -> Ints:
        """The piece just below each running total: the last one it has a part in."""
        return self._piece(x, whole, upper=False)

    def _piece(self, x: Exact, whole: Exact | int, *, upper: bool) -> Ints:
        size = np.abs(x) if self.mirrored else x
        scaled = times(size, self.edges_bottom)
        found = np.zeros(len(x), np.int64)
        for edge in self.edges:
            bar = edge * whole if isinstance(whole, int) else times(whole, edge)
            found += (scaled >= bar) if upper else (scaled > bar)
        return found

    def value(self, x: Exact, whole: Exact | int) -> Exact:
        """What a running total earns, times ``bottom``."""
        piece = self.piece(x, whole)
        alpha, beta = self._at(self.alpha, piece), self._at(self.beta, piece)
        fixed = times(alpha, whole)
        return plus(times(beta, x), np.where(x < 0, -fixed, fixed) if self.mirrored else fixed)

    def slope(self, piece: Ints) -> Exact:
        """What one more ten-thousandth earns in a piece, times ``bottom``."""
        return self._at(self.beta, piece)

    def _at(self, values: tuple[int, ...], piece: Ints) -> Exact:
        table = np.array(values, dtype=object if max(map(abs, values)) >= 2**62 else np.int64)
        return table[piece]


def made(
    edges: Sequence[Fraction],
    lines: Sequence[tuple[Fraction, Fraction]],
    tier: Sequence[int],
    *,
    upper: bool = True,
    mirrored: bool = True,
) -> Pieces:
    """Pieces from edges and, one more than those, each piece's (fixed part, slope)."""
    over, edges_bottom = over_one(list(edges))
    both, bottom = over_one([value for line in lines for value in line])
    return Pieces(
        tuple(over), edges_bottom, tuple(both[::2]), tuple(both[1::2]), bottom, tuple(tier), upper, mirrored
    )


FLAT = made([], [(Fraction(0), Fraction(1))], [NO_TIER])
"""One rate on everything: earns the measured value itself, to be multiplied."""


def of_tiers(component: Component) -> Pieces:
    """The pieces of a component's tiers in its reading; between tiers and after an end nothing more is earned.

    ``marginal``: each tier's rate on the part inside it. ``whole`` and ``unsplit``: the reached tier's rate on
    everything. ``interpolated``: each tier's amount, pro rata of the tier.
    """
    bounds = [(tier.start, _end(component.tiers, at)) for at, tier in enumerate(component.tiers)]
    edges, lines, names = [], [(Fraction(0), Fraction(0))], [NO_TIER]
    earned = Fraction(0)
    for at, (tier, (start, end)) in enumerate(zip(component.tiers, bounds, strict=True)):
        rate = _rate(component.reading, tier, start, end)
        split = component.reading in (Reading.MARGINAL, Reading.INTERPOLATED)
        edges.append(start)
        lines.append((earned - rate * start, rate) if split else (Fraction(0), rate))
        names.append(at)
        earned += rate * (end - start) if end is not None else 0
        if _stops(component.tiers, at, end):
            assert end is not None
            edges.append(end)
            lines.append((earned if split else Fraction(0), Fraction(0)))
            names.append(NO_TIER)
    return made(edges, lines, names, upper=component.edge == Edge.UPPER)


def _rate(reading: Reading, tier: Tier, start: Fraction, end: Fraction | None) -> Fraction:
    if reading != Reading.INTERPOLATED:
        return tier.rate
    return (
        Fraction(tier.amount) / (end - start) if tier.amount is not None and end is not None else Fraction(0)
    )


def _end(tiers: Sequence[Tier], at: int) -> Fraction | None:
    following = tiers[at + 1].start if at + 1 < len(tiers) else None
    return tiers[at].end if tiers[at].end is not None else following


def _stops(tiers: Sequence[Tier], at: int, end: Fraction | None) -> bool:
    """Whether a tier ends where none begins."""
    return end is not None and (at + 1 == len(tiers) or tiers[at + 1].start != end)
