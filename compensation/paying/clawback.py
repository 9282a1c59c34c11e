"""Clawback: what comes back of a commission when its deal is cancelled."""

from __future__ import annotations

import numpy as np

from compensation.money import exact
from compensation.money.fine import Bools, Ints
from compensation.money.months import NEVER, elapsed
from compensation.money.rounding import divide
from compensation.paying.parts import FULL, NO_CLAWBACK, PRO_RATA, Parts


def coming_back(parts: Parts, rounding: str) -> Ints:
    """How much of each part comes back, in ten-thousandths, whole minor units; between 0 and the part.

    ``full``: all of it, when the deal is cancelled less than so many whole months after it was credited (0: at
    any time). ``pro_rata``: earned × unused months ÷ term, where the months used are whole months elapsed and
    the term is the deal's own, else the plan's. Reversals of the deal dated before the cancellation lower what
    can come back; those from that day on count as having come back already.
    """
    cancelled = _of_deal(parts)
    concerned = (parts.earned > 0) & (cancelled < NEVER) & (parts.day <= cancelled)
    top, bottom = _shares(parts, np.where(concerned, cancelled, parts.day))
    part = exact.times(parts.earned, np.where(concerned, top, 0))
    plain = divide(part, bottom * parts.step, rounding) * parts.step
    plain = np.clip(plain, 0, np.maximum(parts.earned, 0)).astype(np.int64)
    return _less_reversals(parts, plain, cancelled)


def lacks_term(parts: Parts) -> Bools:
    """Cancelled parts that should come back pro rata, but neither deal nor plan says how long the term is."""
    cancelled = _of_deal(parts) < NEVER
    return cancelled & (parts.back == PRO_RATA) & (_term(parts) == 0) & (parts.earned > 0)


def _term(parts: Parts) -> Ints:
    return np.where(parts.term > 0, parts.term, parts.within)


def _of_deal(parts: Parts) -> Ints:
    """The first day any part of the same deal was cancelled; NEVER where none was or nothing comes back."""
    groups = int(parts.group.max()) + 1 if len(parts) else 0
    first = np.full(groups, NEVER, np.int64)
    np.minimum.at(first, parts.group, parts.cancelled)
    return np.where(parts.back == NO_CLAWBACK, NEVER, first[parts.group])


def _shares(parts: Parts, cancelled: Ints) -> tuple[Ints, Ints]:
    """The share that comes back, as numerator and denominator."""
    used = elapsed(parts.day, cancelled)
    term = _term(parts)
    unused = np.maximum(term - used, 0)
    in_time = ((parts.within == 0) | (used < parts.within)).astype(np.int64)
    whole = parts.back == FULL
    return np.where(whole, in_time, unused), np.where(whole | (term == 0), 1, term)


def _less_reversals(parts: Parts, plain: Ints, cancelled: Ints) -> Ints:
    """Lower what comes back of deals that were reversed in part; others stay as they are."""
    reversal = (parts.earned < 0) & (cancelled < NEVER)
    if not reversal.any():
        return plain
    out = plain.copy()
    reversed_groups = np.unique(parts.group[reversal])
    concerned = np.flatnonzero(np.isin(parts.group, reversed_groups))
    order = concerned[np.lexsort((parts.row[concerned], parts.day[concerned], parts.group[concerned]))]
    cuts = np.flatnonzero(np.diff(parts.group[order])) + 1
    for members in np.split(order, cuts):
        out[members] = _lowered(parts, plain, cancelled, members)
    return out


def _lowered(parts: Parts, plain: Ints, cancelled: Ints, members: Ints) -> Ints:
    """One deal with reversals: what comes back, spread over its parts so that the minor units add up."""
    earned = [int(value) for value in parts.earned[members]]
    early = [
        day < gone for day, gone in zip(parts.day[members].tolist(), cancelled[members].tolist(), strict=True)
    ]
    back = [int(value) for value in plain[members]]
    positive = sum(value for value in earned if value > 0)
    before = sum(value for value, soon in zip(earned, early, strict=True) if value < 0 and soon)
    after = sum(value for value, soon in zip(earned, early, strict=True) if value < 0 and not soon)
    left = max(positive + before, 0)
    total = max(sum(back) * left // positive + after, 0) if positive else 0
    return _spread(back, total, int(parts.step[members[0]]))


def _spread(weights: list[int], total: int, step: int) -> Ints:
    """``total`` over the weights in whole steps, cumulatively, never more than a weight."""
    whole, running, given = sum(weights), 0, 0
    out = []
    for weight in weights:
        running += weight
        reached = running * total // whole // step * step if whole else 0
        out.append(reached - given)
        given = reached
    return np.array(out, np.int64)
