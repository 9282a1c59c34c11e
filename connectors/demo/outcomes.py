"""How deals end: won or lost at which stage, and on which day, with the rush at period ends."""

from __future__ import annotations

from dataclasses import dataclass, fields

import numpy as np

from connectors.demo import truths
from connectors.demo.axis import Axis
from connectors.demo.births import EXPANSION, RENEWAL, Births, births
from connectors.demo.columns import Flags, Floats, Ints
from connectors.demo.company import Company, years_of
from connectors.demo.stages import LOSS, OPEN_STAGES, WIDEST

CYCLE_MEDIAN: Floats = np.array([48.0, 80.0, 130.0])  # days of a won new-business deal, by segment
CYCLE_SPREAD = 0.5
GROWTH_CYCLE = 0.55  # renewals and expansions are quicker
# How far a deal lost at each stage had come, as a share of the cycle it would have needed.
_LOST_AFTER: Floats = np.array([[0.30, 0.50, 0.72, 0.95, 1.10], [0.5, 0.8, 1.0, 0.0, 0.0]])
_NEW_WIN_RATE = float(np.prod(1 - LOSS[0]))
_HEALTHY_POWER = 1 + np.log(1 + truths.HEALTHY_EFFECT) / np.log(_NEW_WIN_RATE)
_EXPANSION_POWER, _RENEWAL_POWER = 2.2, 0.75  # expansions are harder than renewals
RUSH, RUSH_YEAR_END = 0.42, 0.58  # share of the second half's wins that close in the last days


@dataclass(frozen=True)
class Outcomes:
    """How each deal ends, known or not yet known today."""

    won: Flags
    last_stage: Ints  # the last open stage it reaches
    closed: Ints  # day
    usual: Floats  # days a deal of its sort usually takes

    def take(self, chosen: Ints) -> Outcomes:
        """Some of the deals."""
        return Outcomes(**{f.name: getattr(self, f.name)[chosen] for f in fields(self)})


def ended(company: Company, month: int, rng: np.random.Generator) -> tuple[Births, Outcomes]:
    """The deals opened in a month and how they end.

    Of those opened before the first fiscal year only the ones that close within it are kept: the
    company's books begin on its first day.
    """
    first = company.axis.number(company.axis.first)
    if company.axis.months[month] >= first:
        born = births(company, month, 1, rng)
        return born, outcomes(company, born, rng)
    wanted = int(company.cells[:, month].sum())
    times = 4
    while True:
        born = births(company, month, times, rng)
        found = outcomes(company, born, rng)
        chosen = np.flatnonzero(found.closed >= first)[:wanted]
        if len(chosen) == wanted:
            return born.take(chosen), found.take(chosen)
        times *= 2


def outcomes(company: Company, born: Births, rng: np.random.Generator) -> Outcomes:
    """Draw the end of each deal."""
    axis = company.axis
    segment = company.territories.segment[born.place]
    usual = CYCLE_MEDIAN[segment] * np.where(born.pipeline == 0, 1.0, GROWTH_CYCLE)
    needed = usual * np.exp(rng.normal(0, CYCLE_SPREAD, len(born)))
    needed = np.where(born.late, rng.integers(0, 5, len(born)), needed)
    due = np.minimum(born.created + np.rint(needed).astype(np.int64), axis.length - 1)
    lost_at = _lost_at(company, born, due, rng)
    won = lost_at < 0
    last = np.where(won, OPEN_STAGES[born.pipeline] - 1, lost_at)
    drag = np.exp(rng.normal(0.12, 0.5, len(born))) * _LOST_AFTER[born.pipeline, last]
    lost_on = born.created + np.rint(needed * drag).astype(np.int64) + np.where(born.late, 0, 3)
    closed = np.where(won, _won_on(company, born, due, rng), _tidied(axis, lost_on, rng))
    return Outcomes(won, last, np.clip(closed, born.created, axis.length - 1), usual)


def _lost_at(company: Company, born: Births, due: Ints, rng: np.random.Generator) -> Ints:
    """The stage each deal is lost at; -1 for those that are won."""
    power = _power(company, born, due)
    chance = 1 - (1 - LOSS[born.pipeline]) ** power[:, None]
    rep = company.people.owner[born.territory, due]
    loser = (rep == company.people.numbers.get(truths.STAGE_LOSER, -2)) & (born.pipeline == 0)
    chance[loser, truths.LOST_STAGE] = truths.LOSS_AT_STAGE
    stage = np.arange(WIDEST)
    lost = (rng.random(chance.shape) < chance) & (stage >= born.first_stage[:, None])
    return np.where(lost.any(axis=1), lost.argmax(axis=1), -1)


def _power(company: Company, born: Births, due: Ints) -> Floats:
    """How hard each deal is: 1 is usual, below 1 is easier."""
    axis, people = company.axis, company.people
    effort = people.skill[people.owner[born.territory, due]] + company.market[axis.quarter_of[due]]
    power = np.exp(-effort)
    power = np.where(born.kind == EXPANSION, power * _EXPANSION_POWER, power)
    power = np.where(born.kind == RENEWAL, power * _RENEWAL_POWER, power)
    helped = has_component(company, born.territory, due, healthy=True) & (born.pipeline == 0)
    return np.where(helped, power * _HEALTHY_POWER, power)


def has_component(company: Company, territory: Ints, day: Ints, *, healthy: bool) -> Flags:
    """Whether the territory's team has the healthy (or the dead) component on a day."""
    team = company.territories.team[territory, years_of(company.axis, day)]
    return day >= component_starts(company.axis, healthy=healthy)[team]


def component_starts(axis: Axis, *, healthy: bool) -> Ints:
    """First day of the healthy (or the dead) component by team; past the axis for those that never get it."""
    wave = truths.healthy_wave if healthy else truths.dead_wave
    quarters = truths.HEALTHY_FROM if healthy else truths.DEAD_FROM
    found = [quarters[wave(team)] for team in range(len(truths.TEAMS))]
    return np.array([axis.length + 1 if q is None else axis.quarters[axis.first_quarter + q] for q in found])


def _won_on(company: Company, born: Births, due: Ints, rng: np.random.Generator) -> Ints:
    """The day a won deal closes: rushed to the period's end, or pulled into the period before."""
    axis = company.axis
    rushed = _rushed(axis, due, rng)
    start = axis.quarters[axis.quarter_of[due]]
    pulled = start - 1 - rng.integers(0, truths.PULL_INTO_DAYS, len(due))
    accelerated = company.territories.segment[born.territory] == truths.ACCELERATOR_SEGMENT
    early = (due - start < truths.PULL_WINDOW_DAYS) & (pulled > born.created + 5)
    pull = accelerated & early & (rng.random(len(due)) < truths.PULL_SHARE)
    return _on_weekdays(axis, np.where(pull, pulled, rushed), born.created)


def _rushed(axis: Axis, due: Ints, rng: np.random.Generator) -> Ints:
    """Deals due in a quarter's second half often wait for its last days; some for a month's."""
    quarter = axis.quarter_of[due]
    start, end = axis.quarters[quarter], axis.quarters[quarter + 1]
    chance = np.where(quarter % 4 == (axis.first_quarter + 3) % 4, RUSH_YEAR_END, RUSH)
    rush = (rng.random(len(due)) < chance) & (due - start > 0.5 * (end - start))
    last_days = end - 1 - rng.exponential(3.5, len(due)).astype(np.int64)
    month_end = axis.months[axis.month_of[due] + 1] - 1 - rng.exponential(1.5, len(due)).astype(np.int64)
    some = rng.random(len(due)) < 0.18
    return np.where(rush, last_days, np.where(some, month_end, due))


def _on_weekdays(axis: Axis, days: Ints, not_before: Ints) -> Ints:
    """Weekend days go back to Friday, or on to Monday when that would be too early."""
    days = np.clip(days, not_before, axis.length - 3)
    late = axis.weekday_of[days] - 4
    back = np.where(late > 0, days - late, days)
    return np.where(back < not_before, days + 3 - late, back)


def _tidied(axis: Axis, lost_on: Ints, rng: np.random.Generator) -> Ints:
    """A third of the losses are written down when the next quarter has begun."""
    lost_on = np.minimum(lost_on, axis.length - 200)
    quarter = axis.quarter_of[lost_on]
    late = (axis.quarters[quarter + 1] - lost_on < 30) & (rng.random(len(lost_on)) < 0.35)
    return np.where(late, axis.quarters[quarter + 1] + rng.integers(0, 12, len(lost_on)), lost_on)
