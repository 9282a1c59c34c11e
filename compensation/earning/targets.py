"""Lines that pay target incentive × a curve of attainment, by period or to date."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from compensation.earning.earn import NO_SALE, Parts, Terms, multiplier, pieces_of, tiers_touched
from compensation.earning.lines import Lines, Stakes, Variant
from compensation.earning.modify import in_total
from compensation.earning.running import Rows, ends, total_at
from compensation.money.exact import Exact, changes, running, times
from compensation.money.fine import Ints


@dataclass(frozen=True)
class Reached:
    """Where a line's running total stands before its period and at its end."""

    first: Ints
    last: Ints
    opening: Exact
    closing: Exact


def reached(rows: Rows, lines: Lines) -> Reached:
    """Each line's rows and running totals; lines of one cell share them."""
    first, last = ends(rows, lines)
    return Reached(
        first, last, total_at(rows.after, rows, lines, first), total_at(rows.after, rows, lines, last)
    )


def to_date_stakes(stake: Stakes, lines: Lines, mine: Ints) -> Stakes:
    """The target incentive of each line and the lines before it in the same window."""
    bottoms = [int(each) for each in np.unique(stake.bottom[mine]).tolist()] or [1]
    over = int(np.lcm.reduce(np.array(bottoms, dtype=object)))
    top = np.zeros(len(lines), object)
    scale = over // np.maximum(stake.bottom[mine], 1).astype(object)
    top[mine] = running(times(stake.top[mine], scale), changes(lines.group[mine]))
    return Stakes(top, np.full(len(lines), over, dtype=object))


def curved(variant: Variant, terms: Terms, rows: Rows, mine: Ints) -> Parts:
    """Parts of a curve's lines ``mine``: first what is earned before the first transaction, then each one's.

    To date, the first part is f(to date before the period) under today's quota and target, less what the
    earlier periods paid. Always rounded once a line.
    """
    pieces, lines = pieces_of(variant), terms.lines
    base = multiplier(variant, terms).times(terms.factors)
    stand = reached(rows, lines)
    how = variant.plan.policy.rounding

    def paid(x: Exact, line: Ints) -> Ints:
        return base.of(pieces.value(x, terms.quota[line]), line, pieces.bottom, lines.step, how)

    opening, closing = paid(stand.opening[mine], mine), paid(stand.closing[mine], mine)
    before = _earlier(variant, closing, lines.group[mine])
    row, line = _spread(stand, mine)
    after = paid(rows.after[row], line)
    earned = _differences(after, line, opening, mine, len(lines))
    tiers = tiers_touched(variant, pieces, rows.take(row), terms.quota[line])
    return _joined(Parts(row, line, earned, *tiers), opening - before, mine)


def _earlier(variant: Variant, closing: Ints, group: Ints) -> Ints:
    """What the window's earlier lines add up to."""
    if not in_total(variant):
        return np.zeros(len(closing), np.int64)
    found = np.zeros(len(closing), np.int64)
    found[1:] = closing[:-1]
    return np.where(changes(group), 0, found)


def _spread(stand: Reached, mine: Ints) -> tuple[Ints, Ints]:
    """Every row of every line: rows of a cell go to each of its lines."""
    count = stand.last[mine] - stand.first[mine]
    line = np.repeat(mine, count)
    row = np.arange(len(line)) - np.repeat(np.cumsum(count) - count - stand.first[mine], count)
    return row, line


def _differences(after: Ints, line: Ints, opening: Ints, mine: Ints, count: int) -> Ints:
    before = np.zeros(len(after), np.int64)
    before[1:] = after[:-1]
    return after - np.where(changes(line), _filled(opening, mine, count)[line], before)


def _joined(parts: Parts, first: Ints, mine: Ints) -> Parts:
    """The parts with each line's first one, where it is not 0, before its transactions."""
    extra = np.flatnonzero(first)
    blank = np.full(len(extra), NO_SALE)
    row = np.concatenate([blank, parts.row])
    line = np.concatenate([mine[extra], parts.line])
    order = np.argsort(line, kind="stable")
    return Parts(
        row[order],
        line[order],
        np.concatenate([first[extra], parts.earned])[order],
        np.concatenate([blank, parts.tier_from])[order],
        np.concatenate([blank, parts.tier_to])[order],
    )


def _filled(values: Ints, mine: Ints, count: int) -> Ints:
    found = np.zeros(count, np.int64)
    found[mine] = values
    return found
