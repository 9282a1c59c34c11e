"""Piecewise-linear functions over large float arrays, written as what changes at each knot.

The value at ``x`` is the sum, over the knots ``x`` has reached, of ``jump + bend × (x − at)``. Tiers and
payout curves are such functions, so that one evaluation serves them all; a few passes over an array that
stays in the processor's cache are several times faster than a search for each value.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from compensation.plan.model import Curve, Edge, Reading, Step, Tier

Floats = NDArray[np.float64]
Level = float | Floats
"""A number for every row, or a column (rows × 1) with one for each."""

NEAR = 1e-12
"""A value so near an edge, relative to it, is on the edge: floats carry 16 digits, money 18."""


@dataclass
class Knots:
    """Where a function changes, collected in any order; equal places are added up."""

    found: dict[float, list[Level]] = field(default_factory=dict)
    moved: list[tuple[Level, Level, Level]] = field(default_factory=list)  # with an edge a row

    def add(self, at: Level, jump: Level = 0.0, bend: Level = 0.0) -> None:
        """Something that changes at ``at``."""
        if isinstance(at, np.ndarray):
            self.moved.append((at, jump, bend))
            return
        here = self.found.setdefault(at, [0.0, 0.0])
        here[0], here[1] = here[0] + jump, here[1] + bend

    def hinges(self, *, strict: bool = False) -> Hinges:
        """The function."""
        fixed = [(at, jump, bend) for at, (jump, bend) in sorted(self.found.items())]
        every = [knot for knot in [*fixed, *self.moved] if _matters(knot[1]) or _matters(knot[2])]
        return Hinges(tuple(every), strict=strict)


def _matters(level: Level) -> bool:
    return bool(np.any(level))


def _is_zero(level: Level) -> bool:
    return isinstance(level, float) and level == 0.0


@dataclass(frozen=True)
class Hinges:
    """A piecewise-linear function: knots of (at, jump, bend); ``strict``: a knot's own place is not reached."""

    knots: tuple[tuple[Level, Level, Level], ...]
    strict: bool = False

    def __call__(self, x: Floats, out: Floats, work: Floats) -> Floats:
        """Value at every ``x`` (rows × draws, not negative), written into ``out``; ``work`` is overwritten."""
        rest = self._first(x, out)
        for at, jump, bend in rest:
            if _matters(bend):
                self._bend(x, at, bend, out, work)
            if _matters(jump):
                out += np.multiply(self._reached(x, at), jump, out=work)
        return out

    def _first(self, x: Floats, out: Floats) -> tuple[tuple[Level, Level, Level], ...]:
        """Start with what holds from 0 on, if anything does; the knots that are left."""
        if self.knots and _is_zero(self.knots[0][0]) and not _matters(self.knots[0][1]):
            np.multiply(x, self.knots[0][2], out=out)
            return self.knots[1:]
        out[...] = 0.0
        return self.knots

    def at(self, x: Floats) -> Floats:
        """Value at every ``x``, in an array of its own."""
        rows = np.atleast_2d(np.asarray(x, np.float64))
        return self(rows, np.empty_like(rows), np.empty_like(rows)).reshape(np.shape(x))

    def _reached(self, x: Floats, at: Level) -> NDArray[np.bool_]:
        if self.strict:
            return np.greater(x, at * (1 + NEAR))
        return np.greater_equal(x, at * (1 - NEAR))

    def _bend(self, x: Floats, at: Level, bend: Level, out: Floats, work: Floats) -> None:
        if _is_zero(at):  # values are never negative
            out += np.multiply(x, bend, out=work)
            return
        np.subtract(x, at, out=work)
        np.maximum(work, 0.0, out=work)
        work *= bend
        out += work


def tier_hinges(tiers: Sequence[Tier], reading: Reading, edge: Edge, deals: Deals | None = None) -> Hinges:
    """What a table of tiers pays by running total; ``deals`` are needed where deals are never split.

    Rates are per unit of ``x``; interpolated tiers pay amounts. Gaps between tiers pay nothing.
    """
    knots = Knots()
    for tier, end in _with_ends(tiers):
        start = float(tier.start)
        if reading is Reading.UNSPLIT and deals is not None:
            _add_unsplit(knots, float(tier.rate), start, end, deals)
        elif reading is Reading.INTERPOLATED:
            _add_span(knots, _slope(tier, end), start, end)
        elif reading is Reading.WHOLE:
            _add_whole(knots, float(tier.rate), start, end)
        else:
            _add_span(knots, float(tier.rate), start, end)
    return knots.hinges(strict=edge is Edge.LOWER)


def _with_ends(tiers: Sequence[Tier]) -> Iterable[tuple[Tier, float | None]]:
    ordered = sorted(tiers, key=lambda tier: tier.start)
    following = [tier.start for tier in ordered[1:]]
    for tier, start in zip(ordered, [*following, None], strict=True):
        end = tier.end if tier.end is not None else start
        yield tier, None if end is None else float(end)


def _slope(tier: Tier, end: float | None) -> float:
    if end is None or tier.amount is None:
        return 0.0
    return float(tier.amount) / (end - float(tier.start))


def _add_span(knots: Knots, rate: float, start: Level, end: Level | None) -> None:
    knots.add(start, bend=rate)
    if end is not None:
        knots.add(end, bend=-rate)


def _add_whole(knots: Knots, rate: float, start: float, end: float | None) -> None:
    knots.add(start, jump=rate * start, bend=rate)
    if end is not None:
        knots.add(end, jump=-rate * end, bend=-rate)


@dataclass(frozen=True)
class Deals:
    """Usual size of a row's deals (rows × 1, in the tiers' own unit), and which total decides their tier."""

    size: Floats
    rate_at: str = "after"
    edge: Edge = Edge.UPPER

    def begins(self, edge: float) -> Level:
        """Running total before the first deal that is in the tier from ``edge``, deals being equal."""
        if edge <= 0:
            return 0.0
        ratio = edge / self.size
        if self.edge is Edge.LOWER:
            reached = np.floor(ratio * (1 + NEAR)) + 1
        else:
            reached = np.ceil(ratio * (1 - NEAR))
        return self.size * np.maximum(reached - (self.rate_at == "after"), 0)


def _add_unsplit(knots: Knots, rate: float, start: float, end: float | None, deals: Deals) -> None:
    _add_span(knots, rate, deals.begins(start), None if end is None else deals.begins(end))


def curve_hinges(curve: Curve, edge: Edge) -> Hinges:
    """Payout share by attainment: nothing below the first point, ``beyond`` after the last."""
    knots, slope = Knots(), 0.0
    points = [(float(point.at), float(point.pays)) for point in curve.points]
    before = 0.0
    for number, (at, pays) in enumerate(points):
        following = points[number + 1] if number + 1 < len(points) else None
        ahead = _ahead((at, pays), following, float(curve.beyond))
        knots.add(at, jump=pays - before, bend=ahead - slope)
        slope, before = ahead, pays if following is None or following[0] == at else following[1]
    return knots.hinges(strict=edge is Edge.LOWER)


def _ahead(point: tuple[float, float], following: tuple[float, float] | None, beyond: float) -> float:
    """Slope right after a point; 0 inside a cliff, whose upper point goes on."""
    if following is None:
        return beyond
    return 0.0 if following[0] == point[0] else (following[1] - point[1]) / (following[0] - point[0])


def step_hinges(steps: Sequence[Step], below: float, edge: Edge) -> Hinges:
    """A multiplier's factor minus ``below``, which holds before the first step."""
    knots, before = Knots(), below
    for step in sorted(steps, key=lambda step: step.at):
        knots.add(float(step.at), jump=float(step.times) - before)
        before = float(step.times)
    return knots.hinges(strict=edge is Edge.LOWER)
