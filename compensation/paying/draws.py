"""Draws: a minimum a month, paid for good or against later earnings.

Month by month, for everybody at once. What somebody earned in a month is what the draw's components pay in it:
earnings, released parts, and what is taken back. While a minimum holds, what is missing to it is paid on top.
A recoverable draw leaves a balance, kept by the month it arose in: recovery takes, oldest first, from what is
earned above the minimum, and what is left after ``forgive_after`` months is forgiven.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from compensation.inputs import Inputs
from compensation.money.fine import SCALE, Bools, Ints, codes_of, sums, units
from compensation.money.months import Months
from compensation.paying.draw_lines import Movement, as_lines
from compensation.paying.draw_terms import Key, Terms, terms
from compensation.paying.postings import months_of
from compensation.plan.model import Draw, Plan
from compensation.run import LINES, Problem

COUNTED = ("earning", "released", "clawback")
"""Kinds of lines that count against a draw."""


@dataclass(frozen=True)
class Drawn:
    """Lines of kind draw, recovery and forgiveness; whose balance it is, and how much at each month's end."""

    lines: pa.Table
    keys: tuple[Key, ...]
    owed: Ints  # people × months, ten-thousandths
    problems: tuple[Problem, ...] = ()


def none(months: Months) -> Drawn:
    """No draw at all."""
    return Drawn(LINES.empty_table(), (), np.zeros((0, len(months)), np.int64))


def draw(plans: Sequence[Plan], lines: pa.Table, inputs: Inputs, months: Months) -> Drawn:
    """Draws, recoveries and forgiveness of everybody on the plan, over all the months.

    A forgiveness line moves no money, so its amount is 0; what was forgiven is in its ``reason``.
    """
    found = terms(plans, lines, inputs, months)
    earned = _earned(found, lines, months)
    owed = np.zeros((len(found.keys), len(months)), np.int64)
    layers = np.zeros_like(owed)
    moved: list[Movement] = []
    for month in range(len(months)):
        movement = _month(found, layers, earned[:, month], month)
        moved.append(movement)
        owed[:, month] = layers.sum(axis=1)
    return Drawn(as_lines(found, moved, months), found.keys, owed, found.problems)


def _earned(found: Terms, lines: pa.Table, months: Months) -> Ints:
    """What counts against the draw: people × months, ten-thousandths."""
    rows = lines.filter(pc.is_in(lines["kind"], pa.array(COUNTED)))
    rep, reps = codes_of(rows["rep"])
    currency, currencies = codes_of(rows["currency"])
    at = {key: number for number, key in enumerate(found.keys)}
    table = np.array([[at.get((a, b), -1) for b in currencies] for a in reps], np.int64)
    who = table[rep, currency] if len(rows) else np.zeros(0, np.int64)
    month = months_of(rows, months)
    inside = (who >= 0) & (month >= 0) & (month < len(months)) & _counts(found, rows, month)
    cell = who[inside] * len(months) + month[inside]
    totals = sums(units(rows["amount"])[inside], cell, len(found.keys) * len(months))
    return totals.reshape(len(found.keys), len(months))


def _counts(found: Terms, rows: pa.Table, month: Ints) -> Bools:
    """Whether a line's component counts against the draw in force in its month."""
    component, ids = codes_of(rows["component_id"])
    counted = np.array(
        [[not each.components or one in each.components for one in ids] for each in found.draws], bool
    )
    which = found.in_force[np.clip(month, 0, len(found.in_force) - 1)]
    return counted.reshape(len(found.draws), len(ids))[which, component]


def _month(found: Terms, layers: Ints, earned: Ints, month: int) -> Movement:
    """One month of everybody; ``layers`` (people × month it arose in) is brought up to date."""
    rule, guaranteed = found.draws[found.in_force[month]], found.guaranteed[:, month]
    before = layers.sum(axis=1)
    drawn = np.where(guaranteed > 0, np.maximum(guaranteed - earned, 0), 0)
    recovered = _recover(rule, found, layers, np.maximum(earned - guaranteed, 0), month)
    if rule.kind == "recoverable":
        layers[:, month] += drawn
    forgiven = _forgive(rule, layers, month)
    return Movement(earned, guaranteed, before, drawn, recovered, forgiven, layers.sum(axis=1))


def _recover(rule: Draw, found: Terms, layers: Ints, above: Ints, month: int) -> Ints:
    """Take what may be taken, oldest first; gives how much was."""
    due = layers[:, : max(month - max(rule.recover_after, 1) + 1, 0)]
    share = rule.recover_share
    whole, rest = np.divmod(above, share.denominator)
    limit = whole * share.numerator + rest * share.numerator // share.denominator
    if rule.recover_at_most is not None:
        limit = np.minimum(limit, int(rule.recover_at_most * SCALE))
    limit = limit // found.step * found.step
    taken = np.minimum(limit, due.sum(axis=1))
    earlier = np.cumsum(due, axis=1) - due
    due -= np.clip(taken[:, None] - earlier, 0, due)
    return taken


def _forgive(rule: Draw, layers: Ints, month: int) -> Ints:
    """Forgive what is left of draws that old; gives how much."""
    if rule.forgive_after is None or month < rule.forgive_after:
        return np.zeros(len(layers), np.int64)
    old = layers[:, : month - rule.forgive_after + 1]
    forgiven = old.sum(axis=1)
    old[:] = 0
    return np.asarray(forgiven, np.int64)
