"""The history of each deal's stage, forecast category, close date and owner."""

from __future__ import annotations

import numpy as np

from connectors.demo.axis import Axis
from connectors.demo.births import Births
from connectors.demo.columns import Flags, Floats, Ints
from connectors.demo.company import Company
from connectors.demo.outcomes import Outcomes
from connectors.demo.stages import DWELL, OFFSET, WIDEST, category, won_stage
from connectors.demo.trail import Trail

BACK_SHARE = 0.07  # deals that fall back a stage once and recover
REOPENED_SHARE = 0.015  # closed deals that had been lost once before
SKIP_SHARE = 0.12  # middle stages nobody waited in
PUSHES = 5
FORGOTTEN_SHARE = 0.4  # close dates that pass before anybody looks
OWNERS = 6


def stage_trail(company: Company, born: Births, end: Outcomes, rng: np.random.Generator) -> Trail:
    """Three slots a stage: a step back (or a loss), the return from it, and the way forward."""
    visited = _visited(born, end, rng)
    left = _left(born, end, visited, rng)
    count = len(born)
    day = np.repeat(left, 3, axis=1)
    value = np.zeros((count, 3 * WIDEST), dtype=np.int64)
    happens = np.zeros((count, 3 * WIDEST), dtype=bool)
    value[:, 2::3], happens[:, 2::3] = _forward(born, end, visited), visited
    _detours(company, born, end, rng, (day, value, happens))
    return Trail(OFFSET[born.pipeline] + _first(visited), np.maximum.accumulate(day, axis=1), value, happens)


def _visited(born: Births, end: Outcomes, rng: np.random.Generator) -> Flags:
    """Which stages a deal rests in; the first and the last always, those between nearly always."""
    stage = np.arange(WIDEST)
    first, last = np.minimum(born.first_stage, end.last_stage)[:, None], end.last_stage[:, None]
    between = (stage >= first) & (stage <= last)
    kept = (rng.random(between.shape) >= SKIP_SHARE) | (stage == first) | (stage == last)
    return between & kept


def _first(visited: Flags) -> Ints:
    return visited.argmax(axis=1)


def _left(born: Births, end: Outcomes, visited: Flags, rng: np.random.Generator) -> Ints:
    """The day each stage is left: the deal's whole time, shared at random; the last at the close."""
    rest = rng.gamma(1.5, 1.0, visited.shape) * DWELL[born.pipeline] * visited + 1e-12
    share = np.cumsum(rest, axis=1) / rest.sum(axis=1, keepdims=True)
    days = born.created[:, None] + np.floor(share * (end.closed - born.created)[:, None]).astype(np.int64)
    stage = np.arange(WIDEST)
    return np.where(stage >= end.last_stage[:, None], end.closed[:, None], days)


def _forward(born: Births, end: Outcomes, visited: Flags) -> Ints:
    """Where a deal goes from each stage it leaves."""
    offset = OFFSET[born.pipeline]
    following = won_stage(born.pipeline) + np.where(end.won, 0, 1)
    to = np.zeros(visited.shape, dtype=np.int64)
    for stage in range(WIDEST - 1, -1, -1):
        to[:, stage] = following
        following = np.where(visited[:, stage], offset + stage, following)
    return to


def _detours(
    company: Company,
    born: Births,
    end: Outcomes,
    rng: np.random.Generator,
    slots: tuple[Ints, Ints, Flags],
) -> None:
    """In the last stage some deals fall back to the one before, some are lost and opened again."""
    day, value, happens = slots
    every, last = np.arange(len(born)), end.last_stage
    here = OFFSET[born.pipeline] + last
    entered = np.where(last > 0, day[every, np.maximum(3 * last - 1, 0)], born.created)
    third = (end.closed - entered) // 3
    luck = rng.random(len(born))
    reopened = (luck < REOPENED_SHARE) & (end.closed <= company.axis.today)
    back = (luck > 1 - BACK_SHARE) & (last > born.first_stage)
    for step in (0, 1):
        slot = 3 * last + step
        day[every, slot] = entered + (step + 1) * third
        happens[every, slot] = (reopened | back) & (third > 0)
        away = np.where(reopened, won_stage(born.pipeline) + 1, here - 1)
        value[every, slot] = away if step == 0 else here


def category_trail(stages: Trail, rng: np.random.Generator) -> Trail:
    """The forecast category follows the stage; each rep is more or less cautious about each deal."""
    caution = rng.random(len(stages.initial))
    return Trail(
        category(stages.initial, caution),
        stages.day,
        category(stages.value, caution[:, None]),
        stages.happens,
    )


def close_trail(company: Company, born: Births, end: Outcomes, rng: np.random.Generator) -> Trail:
    """The expected close: a guess, pushed whenever it comes near and nothing happened, then the day itself."""
    axis, count = company.axis, len(born)
    day = np.zeros((count, PUSHES + 1), dtype=np.int64)
    value, happens = np.zeros_like(day), np.zeros(day.shape, dtype=bool)
    guess = _guess(axis, born, end.usual, rng)
    initial, now, last = guess, guess, born.created
    for push in range(PUSHES):
        when = np.maximum(now + _noticed(count, rng), last + 1)
        pushed = (now < end.closed) & (when < end.closed)
        later = _rounded(axis, when + 7 + rng.exponential(35 + 15 * push, count).astype(np.int64), rng)
        day[:, push], value[:, push], happens[:, push] = np.where(pushed, when, last), later, pushed
        now, last = np.where(pushed, later, now), np.where(pushed, when, last)
    day[:, PUSHES], value[:, PUSHES], happens[:, PUSHES] = end.closed, end.closed, True
    return Trail(initial, day, value, happens)


def _noticed(count: int, rng: np.random.Generator) -> Ints:
    """Days from an expected close until somebody moves it: around the day, or long after it was forgotten."""
    forgotten = np.where(rng.random(count) < FORGOTTEN_SHARE, rng.exponential(35, count).astype(np.int64), 0)
    return rng.integers(-9, 5, count) + forgotten


def _guess(axis: Axis, born: Births, usual: Floats, rng: np.random.Generator) -> Ints:
    """The first guess is a usual cycle, a little hopeful."""
    days = np.where(born.late, 3, usual * np.exp(rng.normal(0.05, 0.4, len(born))) + 2)
    return _rounded(axis, born.created + np.rint(days).astype(np.int64), rng)


def _rounded(axis: Axis, days: Ints, rng: np.random.Generator) -> Ints:
    """Half of all expected close dates are the end of a month, some the end of a quarter."""
    days = np.minimum(days, axis.length - 200)
    luck = rng.random(len(days))
    month_end = axis.months[axis.month_of[days] + 1] - 1
    quarter_end = axis.quarters[axis.quarter_of[days] + 1] - 1
    return np.where(luck < 0.4, month_end, np.where(luck < 0.6, quarter_end, days))


def owner_trail(company: Company, born: Births, end: Outcomes) -> Trail:
    """A deal stays in the territory it was opened in; its owner is whoever works that."""
    people, axis = company.people, company.axis
    count = len(born)
    day = np.zeros((count, OWNERS), dtype=np.int64)
    value, happens = np.zeros_like(day), np.zeros(day.shape, dtype=bool)
    now = born.created
    until = np.minimum(end.closed, axis.today)
    for change in range(OWNERS):
        when = people.next_owner_change[born.territory, now].astype(np.int64)
        moved = when <= until
        day[:, change] = np.where(moved, when, now)
        value[:, change] = people.owner[born.territory, day[:, change]]
        happens[:, change] = moved
        now = day[:, change]
    return Trail(people.owner[born.territory, born.created].astype(np.int64), day, value, happens)
