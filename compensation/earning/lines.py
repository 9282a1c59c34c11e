"""The lines of a component: every person on it × every period its terms are in force, even where nothing is earned."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from compensation.earning.segments import Segments, year_share
from compensation.money.calendar import Calendar
from compensation.money.exact import Exact, reduced, times
from compensation.money.fine import Ints, unit_of
from compensation.plan.model import Accumulate, Component, Measure, Pays, Period, Plan

_LENGTHS = (Period.MONTH.value, Period.QUARTER.value, Period.YEAR.value)


@dataclass(frozen=True)
class Variant:
    """A component as one version of its plan has it."""

    plan: Plan
    component: Component
    measure: Measure


@dataclass(frozen=True)
class Family:
    """A component through all versions of its plan: running totals go on where one version follows another.

    ``segments`` are everybody's stretches on it, by person and day; ``variant`` numbers the version each is under.
    ``opens`` is the first day each segment's own team has the component.
    """

    variants: tuple[Variant, ...]
    segments: Segments
    variant: Ints
    opens: Ints


def window_kind(component: Component) -> str:
    """The period over which running totals run; never shorter than the component's own."""
    own = component.period.value
    if component.pays == Pays.OBJECTIVE or component.accumulate in (Accumulate.NONE, Accumulate.PERIOD):
        return own
    return max(own, component.accumulate.value, key=_LENGTHS.index)


def to_date(component: Component) -> bool:
    """Whether the component pays what is reached to date less what earlier periods paid."""
    return window_kind(component) != component.period.value


@dataclass(frozen=True)
class Lines:
    """One row a segment and period, by person, window, period and segment; days are numbers, ends exclusive.

    ``group`` numbers person × currency × window, ``cell`` person × currency × window × period: lines of one cell
    share a period, because terms changed inside it. ``currency`` numbers ``currencies``; ``first``, ``count`` and
    ``place`` find the line of a segment and period.
    """

    segment: Ints
    variant: Ints
    rep: Ints
    start: Ints
    end: Ints
    window_start: Ints
    window_end: Ints
    group: Ints
    cell: Ints
    step: Ints
    first: Ints
    count: Ints
    place: Ints
    currency: Ints
    currencies: list[str]

    def __len__(self) -> int:
        return len(self.segment)

    def of(self, segment: Ints, period: Ints) -> Ints:
        """The line of each segment and period (a number of the segment's own calendar), -1 where there is none."""
        ahead = period - self.first[segment, 0]
        inside = (ahead >= 0) & (ahead < self.count[segment])
        at = np.where(inside, self.first[segment, 1] + ahead, 0)
        return np.where(inside, self.place[at] if len(self.place) else -1, -1)


def lines_of(family: Family, calendar: Calendar, start: int, end: int) -> Lines:
    """The lines of periods that overlap ``start`` until before ``end``."""
    segments = family.segments
    first, last = _bounds(family, calendar, start, end)
    count = np.maximum(last - first, 0)
    segment = np.repeat(np.arange(len(segments)), count)
    begins = np.cumsum(count) - count
    days = _days(family, calendar, segment, np.arange(len(segment)) - np.repeat(begins - first, count))
    currency, currencies = _currencies(segments)
    keys = np.stack([segments.rep[segment], currency[segment], days[2], days[3], days[0], days[1]])
    order = np.lexsort((segments.start[segment], *keys[::-1]))
    place = np.empty(len(order), np.int64)
    place[order] = np.arange(len(order))
    keys, segment = keys[:, order], segment[order]
    return Lines(
        segment=segment,
        variant=family.variant[segment],
        rep=keys[0],
        start=keys[4],
        end=keys[5],
        window_start=keys[2],
        window_end=keys[3],
        group=_numbered(keys[:4]),
        cell=_numbered(keys),
        step=np.array([unit_of(name) for name in currencies] or [1], np.int64)[keys[1]],
        first=np.stack([first, begins], axis=1),
        count=count,
        place=place,
        currency=keys[1],
        currencies=currencies,
    )


def _currencies(segments: Segments) -> tuple[Ints, list[str]]:
    """Each segment's currency as a number, and the names."""
    names = sorted(set(segments.currency))
    place = {name: at for at, name in enumerate(names)}
    return np.array([place[name] for name in segments.currency], np.int64), names


def _numbered(keys: Ints) -> Ints:
    """Numbers of consecutive equal columns."""
    changes = np.ones(keys.shape[1], bool)
    changes[1:] = (keys[:, 1:] != keys[:, :-1]).any(axis=0)
    return np.cumsum(changes) - 1


def _bounds(family: Family, calendar: Calendar, start: int, end: int) -> tuple[Ints, Ints]:
    """The first period of each segment that is reckoned, and the one after the last."""
    first, last = np.zeros((2, len(family.variant)), np.int64)
    for at, variant in enumerate(family.variants):
        rows = family.variant == at
        span = calendar[variant.component.period.value]
        first[rows] = span.first_ending_after(np.maximum(family.segments.start[rows], start))
        last[rows] = span.first_starting_from(np.minimum(family.segments.end[rows], end))
    return first, last


def _days(family: Family, calendar: Calendar, segment: Ints, period: Ints) -> Ints:
    """Days of each line's period and window: start, end, window's start, window's end."""
    found = np.zeros((4, len(segment)), np.int64)
    variant = family.variant[segment]
    for at, each in enumerate(family.variants):
        rows = np.flatnonzero(variant == at)
        span, window = calendar[each.component.period.value], calendar[window_kind(each.component)]
        found[0, rows], found[1, rows] = span.starts[period[rows]], span.ends[period[rows]]
        around = window.at(found[0, rows])
        found[2, rows], found[3, rows] = window.starts[around], window.ends[around]
    return found


@dataclass(frozen=True)
class Stakes:
    """The target incentive at stake, ``top`` ÷ ``bottom`` ten-thousandths of the payee's currency."""

    top: Exact
    bottom: Exact


def stakes(family: Family, lines: Lines, calendar: Calendar, yearly: Exact, *, whole_window: bool) -> Stakes:
    """Each line's target incentive: of its period, or of its whole window; prorated by days in force."""
    top, bottom = np.zeros(len(lines), np.int64), np.ones(len(lines), np.int64)
    for at, variant in enumerate(family.variants):
        rows = np.flatnonzero(lines.variant == at)
        kind = window_kind(variant.component) if whole_window else variant.component.period.value
        span = calendar[kind]
        segment = lines.segment[rows]
        share = year_share(
            kind,
            span,
            span.at(lines.window_start[rows] if whole_window else lines.start[rows]),
            family.opens[segment],
            family.segments.end[segment],
            by_days=variant.plan.policy.proration == "days",
        )
        weight = variant.component.weight
        top[rows], bottom[rows] = share[0] * weight.numerator, share[1] * weight.denominator
    return Stakes(*reduced(times(yearly[lines.segment], top), bottom)) if len(lines) else Stakes(top, bottom)
