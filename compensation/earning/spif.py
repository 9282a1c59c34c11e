"""SPIFs: a budget of each period, shared out among everybody it concerns."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from compensation.earning.caps import held_to
from compensation.earning.earn import Parts
from compensation.money.exact import changes, minus, narrow, running, times
from compensation.money.fine import Ints, sums
from compensation.money.rounding import divide


def first_come(parts: Parts, order: Ints, pool: Ints, most: Ints) -> Parts:
    """Transactions are paid in ``order`` until their pool's budget is used up; ``pool`` and ``most`` are by line."""
    turn = np.lexsort((order, pool[parts.line]))
    line = parts.line[turn]
    earned = np.empty(len(parts.earned), np.int64)
    earned[turn] = held_to(parts.earned[turn], pool[line], most[line])
    return replace(parts, earned=earned)


def pro_rata(parts: Parts, pool: Ints, most: Ints, step: Ints) -> Parts:
    """Where a pool earned more than its budget, every line of it gets the same share of what it earned.

    ``pool``, ``most`` and ``step`` are by line. Cents left over go to the largest remainders, then the first lines.
    """
    amount = sums(parts.earned, parts.line, len(pool))
    due = amount.copy()
    for each in np.unique(pool).tolist():
        mine = np.flatnonzero(pool == each)
        budget = int(most[mine[0]])
        if int(amount[mine].sum()) > budget:
            due[mine] = _shared(np.maximum(amount[mine], 0), budget, step[mine])
    return scaled(parts, amount, due, step)


def _shared(weight: Ints, total: int, step: Ints) -> Ints:
    """A total shared out by weight in whole steps, nothing lost but what is finer than a step."""
    whole = int(weight.sum())
    exact = times(weight, total)
    down = narrow(exact // times(step, whole)).astype(np.int64) * step
    left = (total - int(down.sum())) // int(step.max())
    rest = minus(exact, times(down, whole))
    order = np.argsort(-rest, kind="stable")
    down[order[: max(left, 0)]] += step[order[: max(left, 0)]]
    return down


def ranked(pool: Ints, reached: Ints, prizes: list[int], step: Ints) -> Ints:
    """Each line's prize by rank of what it reached in its pool; who reached nothing gets none.

    Equal ranks share their prizes evenly; cents left over go to the first lines.
    """
    found = np.zeros(len(pool), np.int64)
    for each in np.unique(pool).tolist():
        mine = np.flatnonzero((pool == each) & (reached > 0))
        mine = mine[np.lexsort((mine, -reached[mine]))]
        for group in np.split(mine, np.flatnonzero(changes(reached[mine]))[1:]) if len(mine) else []:
            place = int((reached[mine] > reached[group[0]]).sum())
            total = sum(prizes[place : place + len(group)])
            if total:
                found[group] = _shared(np.ones(len(group), np.int64), total, step[group])
    return found


def scaled(parts: Parts, amount: Ints, due: Ints, step: Ints) -> Parts:
    """Parts stretched so that each line sums to what is due instead of its amount, in whole minor units."""
    rows = np.flatnonzero((amount != due)[parts.line])
    line = parts.line[rows]
    total = running(parts.earned[rows], changes(line))
    safe = np.where(amount == 0, 1, amount)
    sign = np.where(safe < 0, -1, 1)
    top = times(times(total, due[line]), sign[line])
    after = divide(top, times(np.abs(safe), step)[line], "half_up").astype(np.int64) * step[line]
    before = np.zeros(len(after), np.int64)
    before[1:] = after[:-1]
    earned = parts.earned.copy()
    earned[rows] = after - np.where(changes(line), 0, before)
    return replace(parts, earned=earned)
