"""Who is guaranteed how much in which month."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from compensation.earning.sales import Codes
from compensation.earning.segments import Segments, assigned, in_force, segments
from compensation.inputs import Inputs
from compensation.money import exact
from compensation.money.fine import SCALE, Bools, Ints, unit_of
from compensation.money.months import NEVER, Months, number
from compensation.money.rounding import divide
from compensation.plan.model import Draw, Plan
from compensation.run import Problem

Key = tuple[str, str]
"""A payee and the currency they are paid in."""

MONTHS_A_YEAR = 12


@dataclass(frozen=True)
class Terms:
    """Everybody's guarantee, and the rule of each month."""

    plans: tuple[Plan, ...]  # versions, in order of time
    keys: tuple[Key, ...]
    step: Ints  # each key's minor unit, ten-thousandths
    draws: tuple[Draw, ...]
    in_force: Ints  # which of them, by month
    version: Ints  # which version of the plan a month's lines belong to
    guaranteed: Ints  # keys × months, ten-thousandths, whole minor units
    problems: tuple[Problem, ...] = ()


def terms(plans: Sequence[Plan], lines: pa.Table, inputs: Inputs, months: Months) -> Terms:
    """The draws of a plan's versions over the months, for everybody assigned or paid."""
    versions = tuple(sorted(plans, key=lambda plan: (plan.valid_from, plan.version)))
    people = _people(versions, inputs)
    home = _home(inputs)
    seats = [_seats(plan, held, inputs, people, home) for plan, *held in in_force(versions)]
    keys = _keys(lines, people, seats)
    step = np.array([unit_of(currency) for _, currency in keys], np.int64)
    guaranteed = np.zeros((len(keys), len(months)), np.int64)
    hires = Months.of(inputs.periods)
    for (plan, *_), each in zip(in_force(versions), seats, strict=True):
        if plan.draw is not None:
            guaranteed += _guaranteed(plan, plan.draw, each, _rows(keys, people, each), hires, months, step)
    with_draw = [plan for plan in versions if plan.draw is not None]
    return Terms(
        plans=versions,
        keys=keys,
        step=step,
        draws=tuple(plan.draw for plan in with_draw if plan.draw is not None),
        in_force=_in_force(with_draw, months),
        version=_in_force(versions, months),
        guaranteed=guaranteed,
    )


def _in_force(plans: Sequence[Plan], months: Months) -> Ints:
    """Which of the plans, in order of time, holds in each month: the last that started before the month's end."""
    starts = np.array([number(plan.valid_from) for plan in plans], np.int64)
    return np.maximum(np.searchsorted(starts, months.ends - 1, "right") - 1, 0)


def _people(plans: Sequence[Plan], inputs: Inputs) -> Codes:
    """Everybody assigned to the plan, in its files or in the inputs."""
    own = {each.rep for plan in plans for each in plan.assignments}
    return Codes(pa.array(sorted(own.union(inputs.assignments["rep"].to_pylist())), pa.string()))


def _home(inputs: Inputs) -> str:
    """The currency of payees whose assignment names none: that of all transactions, '' if they have several."""
    found = pc.unique(inputs.transactions["currency"]).to_pylist()
    return found[0] if len(found) == 1 else ""


def _seats(plan: Plan, held: Sequence[date], inputs: Inputs, people: Codes, home: str) -> Segments:
    """Who is on a version of the plan when; what is wrong with an assignment was said when it earned."""
    everybody = [*plan.assignments, *assigned(inputs.assignments, plan.id)]
    return segments(plan, everybody, people, (held[0], held[1]), home)[0]


def _keys(lines: pa.Table, people: Codes, seats: Sequence[Segments]) -> tuple[Key, ...]:
    """Payees and currencies that have a line or a seat."""
    pairs = lines.group_by(["rep", "currency"]).aggregate([])
    found: set[Key] = set(zip(pairs["rep"].to_pylist(), pairs["currency"].to_pylist(), strict=True))
    names = people.names.to_pylist()
    for each in seats:
        found.update(
            (names[at], currency) for at, currency in zip(each.rep.tolist(), each.currency, strict=True)
        )
    return tuple(sorted(found))


def _rows(keys: Sequence[Key], people: Codes, seats: Segments) -> Ints:
    """Which key each seat belongs to."""
    at, names = {key: number for number, key in enumerate(keys)}, people.names.to_pylist()
    pairs = zip(seats.rep.tolist(), seats.currency, strict=True)
    return np.array([at[names[rep], currency] for rep, currency in pairs], np.int64)


def _guaranteed(
    plan: Plan, draw: Draw, seats: Segments, key: Ints, hires: Months, months: Months, step: Ints
) -> Ints:
    """Keys × months: the full amount by days on the plan, or whole where the plan does not prorate."""
    out = np.zeros((len(step), len(months)), np.int64)
    full, bottom = _a_month(draw, seats)
    hired = _hired(seats)
    for month, (start, end) in enumerate(zip(months.starts.tolist(), months.ends.tolist(), strict=True)):
        on = np.maximum(np.minimum(seats.end, end) - np.maximum(seats.start, start), 0)
        on = np.where(_new_enough(draw, hired, hires, start), on, 0)
        if plan.policy.proration == "none":
            on = np.where(_last_of_key(key, seats.start, on > 0), end - start, 0)
        out[:, month] = _month(exact.times(full, on), bottom * (end - start), key, step, plan.policy.rounding)
    return out


def _month(top: exact.Exact, bottom: int, key: Ints, step: Ints, rounding: str) -> Ints:
    """Numerators of seats over one denominator, summed by key and rounded to its minor unit."""
    sums = np.zeros(len(step), top.dtype)
    np.add.at(sums, key, top)
    return np.asarray(divide(sums, step * bottom, rounding) * step, np.int64)


def _a_month(draw: Draw, seats: Segments) -> tuple[exact.Exact, int]:
    """A full month of each seat in ten-thousandths, as numerators over one denominator."""
    if draw.amount is not None:
        return np.full(len(seats), int(draw.amount * SCALE), np.int64), 1
    share = draw.share or Fraction(0)
    return exact.times(seats.target, share.numerator), share.denominator * MONTHS_A_YEAR


def _hired(seats: Segments) -> Ints:
    """Days of hire; NEVER where nobody knows."""
    return np.array([NEVER if each.hired is None else number(each.hired) for each in seats.terms], np.int64)


def _new_enough(draw: Draw, hired: Ints, hires: Months, start: int) -> Bools:
    """Whether a month is among the first full ones after hire: those that start after the day of hire."""
    if draw.months_after_hire is None:
        return np.ones(len(hired), bool)
    first = hires.starts[0]
    early = _calendar_months(np.minimum(hired, first), first)
    since = hires.at(np.array([start]))[0] - np.where(hired < first, -early, hires.at(hired))
    return (hired < NEVER) & (since >= 1) & (since <= draw.months_after_hire)


def _calendar_months(day: Ints, until: np.int64) -> Ints:
    """Calendar months from the month of each day to that of ``until``."""
    last = np.array([until]).astype("datetime64[D]").astype("datetime64[M]")
    return (last - day.astype("datetime64[D]").astype("datetime64[M]")).astype(np.int64)


def _last_of_key(key: Ints, start: Ints, on: Bools) -> Bools:
    """Of each key's seats that are ``on``, the one that starts last."""
    out = np.zeros(len(on), bool)
    which = np.flatnonzero(on)
    order = which[np.lexsort((start[which], key[which]))]
    last = np.append(np.diff(key[order]) != 0, np.ones(1, bool))[: len(order)]
    out[order[last]] = True
    return out
