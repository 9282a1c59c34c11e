"""Payout curves: the share of the target incentive that an attainment earns."""

from __future__ import annotations

from fractions import Fraction

from compensation.earning.tiers import NO_TIER, Pieces, made
from compensation.plan.model import Curve, Edge, Point

IDENTITY = Curve((Point(Fraction(0), Fraction(0)), Point(Fraction(1), Fraction(1))), Fraction(1))
"""Half the quota earns half the target incentive, and so on without end: what holds where no curve is written."""


def of_curve(curve: Curve | None, edge: Edge = Edge.UPPER) -> Pieces:
    """The pieces of a curve over attainment; of two points at one attainment the later holds from there on.

    Nothing below the first point, straight between points, ``beyond`` as slope after the last.
    """
    points = (curve or IDENTITY).points
    edges, lines, names = [], [(Fraction(0), Fraction(0))], [NO_TIER]
    for at, point in enumerate(points):
        if at + 1 < len(points) and points[at + 1].at == point.at:
            continue
        slope = _slope(curve or IDENTITY, at)
        edges.append(point.at)
        lines.append((point.pays - slope * point.at, slope))
        names.append(at)
    return made(edges, lines, names, upper=edge == Edge.UPPER, mirrored=False)


def _slope(curve: Curve, at: int) -> Fraction:
    if at + 1 == len(curve.points):
        return curve.beyond
    here, there = curve.points[at], curve.points[at + 1]
    return (there.pays - here.pays) / (there.at - here.at)
