"""What lines earn: credits through rates, tiers and curves, each transaction's part and the line's sum, to the cent."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from compensation.earning.curves import of_curve
from compensation.earning.lines import Lines, Stakes, Variant
from compensation.earning.modify import Factors
from compensation.earning.running import Rows, on_attainment
from compensation.earning.segments import Segments
from compensation.earning.tiers import FLAT, Pieces, of_tiers
from compensation.money.exact import Exact, changes, minus, narrow, over_one, reduced, running, times
from compensation.money.fine import SCALE, Ints
from compensation.money.rounding import divide
from compensation.plan.model import CreditRule, Pays, Per, Reading

NO_SALE = -1
"""In place of a transaction: what a line earns before its first one, such as the true-up of a year to date."""


@dataclass(frozen=True)
class Parts:
    """Each transaction's part of a line, by line and transaction; ``earned`` sums to the line's amount.

    ``row`` numbers the rows credited (``NO_SALE``: no transaction).
    """

    row: Ints
    line: Ints
    earned: Ints
    tier_from: Ints
    tier_to: Ints


@dataclass(frozen=True)
class Terms:
    """What lines are reckoned with; arrays by line.

    ``quota`` is in ten-thousandths (0 where none is said), ``stake`` the target incentive of the line,
    ``window_stake`` of its whole window.
    """

    lines: Lines
    segments: Segments
    quota: Ints
    stake: Stakes
    window_stake: Stakes
    factors: Factors
    rules: list[CreditRule]


@dataclass(frozen=True)
class Multiplier:
    """What each line's measured pieces are multiplied with: ``top`` ÷ ``bottom``."""

    top: Exact
    bottom: Exact

    def of(self, values: Exact, rows: Ints, over: int, step: Ints, how: str) -> Ints:
        """Values × the multiplier ÷ ``over`` in ten-thousandths, rounded to whole minor units."""
        bottom = times(self.bottom, over)
        bottom = times(bottom, step)
        return narrow(divide(times(values, self.top[rows]), bottom[rows], how)).astype(np.int64) * step[rows]

    def times(self, factors: Factors) -> Multiplier:
        """With the modifiers."""
        return Multiplier(times(self.top, factors.top), times(self.bottom, factors.bottom))


def pieces_of(variant: Variant) -> Pieces:
    """The straight pieces of a component."""
    component = variant.component
    if component.pays in (Pays.TARGET, Pays.OBJECTIVE):
        return of_curve(component.curve, component.edge)
    return of_tiers(component) if component.tiers else FLAT


def multiplier(variant: Variant, terms: Terms) -> Multiplier:
    """The base rate of each line, or its target incentive ÷ quota; 0 where attainment is undefined."""
    component, count = variant.component, len(terms.lines)
    if component.pays in (Pays.TARGET, Pays.OBJECTIVE):
        return _over_quota(terms.stake.top, terms.stake.bottom, terms.quota)
    top, bottom = _base_rate(variant, terms)
    top, bottom = times(top, component.times.numerator), times(bottom, component.times.denominator)
    if not on_attainment(variant):
        return Multiplier(top, bottom)
    if component.reading == Reading.INTERPOLATED:
        return _over_quota(times(top, SCALE), bottom, terms.quota)
    return Multiplier(np.where(terms.quota > 0, top, 0), bottom) if count else Multiplier(top, bottom)


def _base_rate(variant: Variant, terms: Terms) -> tuple[Exact, Exact]:
    rate, lines = variant.component.rate, terms.lines
    if rate == "payee":
        segment = lines.segment
        return np.maximum(terms.segments.rate_top[segment], 0), terms.segments.rate_bottom[segment]
    if rate == "target":
        found = _over_quota(terms.window_stake.top, terms.window_stake.bottom, terms.quota)
        return found.top, found.bottom
    one = rate if isinstance(rate, Fraction) else Fraction(rate or 1)
    return np.full(len(lines), one.numerator), np.full(len(lines), one.denominator)


def _over_quota(top: Exact, bottom: Exact, quota: Ints) -> Multiplier:
    bottom = times(bottom, np.maximum(quota, 1))
    return Multiplier(*reduced(np.where(quota > 0, top, 0), bottom))


def rated(variant: Variant, terms: Terms, rows: Rows, mine: Ints) -> Parts:
    """Parts of rates, tiers, amounts a unit and SPIFs: each transaction earns what it adds to the running total.

    Rounded once over the running total of the window, so that the lines of a year sum to the year's rounding;
    or each transaction by itself where the plan says so. ``mine`` are the rows of this version.
    """
    pieces, policy = pieces_of(variant), variant.plan.policy
    picked = rows.take(mine)
    whole = terms.quota[picked.line] if on_attainment(variant) else SCALE
    step, over = _steps(variant, terms, pieces, picked, whole)
    base = multiplier(variant, terms).times(terms.factors)
    if policy.round_at == "transaction":
        earned = base.of(step, picked.line, over, terms.lines.step, policy.rounding)
    else:
        earned = _in_turn(base, step, picked.line, terms.lines, over, policy.rounding)
    first, last = tiers_touched(variant, pieces, picked, whole)
    return Parts(mine, picked.line, earned, first, last)


def _in_turn(base: Multiplier, step: Exact, line: Ints, lines: Lines, over: int, how: str) -> Ints:
    """Differences of the rounded running total."""
    after = running(step, changes(lines.group[line]))
    found = base.of(after, line, over, lines.step, how)
    before = np.zeros(len(found), np.int64)
    before[1:] = found[:-1]
    first = np.flatnonzero(changes(line))
    before[first] = base.of(minus(after, step)[first], line[first], over, lines.step, how)
    return found - before


def _steps(
    variant: Variant, terms: Terms, pieces: Pieces, rows: Rows, whole: Exact | int
) -> tuple[Exact, int]:
    """What each transaction adds to the pieces, before the multiplier, and the denominator of that."""
    component = variant.component
    if component.reading == Reading.UNSPLIT and component.tiers:
        piece = _unsplit(variant, terms.lines, pieces, rows, whole)
        return times(rows.pay, pieces.slope(piece)), pieces.bottom
    found = minus(pieces.value(rows.after, whole), pieces.value(rows.before, whole))
    if not on_attainment(variant):
        return found, pieces.bottom
    return _as_paid(terms.rules, pieces, rows, whole, found)


def _unsplit(variant: Variant, lines: Lines, pieces: Pieces, rows: Rows, whole: Exact | int) -> Ints:
    """The piece whose rate a whole deal has: where the running total lies after it, or before.

    A reversal takes the rate of the deal it reverses, if it follows it at once.
    """
    component = variant.component
    before, after = rows.before, rows.after
    if component.per == Per.PERIOD and len(rows):
        begins = np.flatnonzero(changes(lines.cell[rows.line]))
        count = np.diff(np.append(begins, len(rows)))
        before = np.repeat(before[begins], count)
        after = np.repeat(after[np.append(begins[1:], len(rows)) - 1], count)
    late = (after >= before) == (component.rate_at == "after")
    return pieces.piece(np.where(late, after, before), whole)


def _as_paid(
    rules: list[CreditRule], pieces: Pieces, rows: Rows, whole: Exact | int, found: Exact
) -> tuple[Exact, int]:
    """Steps in quota credit as steps in pay credit, where a credit rule gives more of one than of the other.

    A rule without quota credit pays the rate of the tier reached so far.
    """
    ratios = [rule.pay / rule.quota if rule.quota else Fraction(0) for rule in rules]
    if all(ratio == 1 for ratio in ratios):
        return found, pieces.bottom
    tops, over = over_one(ratios)
    steps = times(found, np.array(tops, np.int64)[rows.rule])
    unheld = np.array([rule.quota == 0 for rule in rules], bool)[rows.rule]
    at_rate = times(times(rows.pay, pieces.slope(pieces.piece(rows.before, whole))), over)
    return np.where(unheld, at_rate, steps), pieces.bottom * over


def tiers_touched(variant: Variant, pieces: Pieces, rows: Rows, whole: Exact | int) -> tuple[Ints, Ints]:
    """The first and the last tier (or stretch of the curve) each transaction has a part in."""
    names = np.array(pieces.tier, np.int64)
    component = variant.component
    if component.tiers and component.reading == Reading.WHOLE:
        reached = names[pieces.piece(rows.after, whole)]
        return reached, reached
    low, high = np.minimum(rows.before, rows.after), np.maximum(rows.before, rows.after)
    first = pieces.piece(low, whole)
    return names[first], names[np.maximum(first, pieces.last_piece(high, whole))]
