"""Payout lines of the exact calculation as a population to simulate: who earns what, by which terms.

The lines say what was credited, the quota and what is at stake; their traces say whose sales that was and when,
so that a manager's line moves with the team's chances and a yearly line with all four quarters. What a plan has
beyond earning (draws, holds, clawbacks) is not simulated and is named in ``left_out``.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from compensation.earning.lines import to_date, window_kind
from compensation.money.fine import codes_of, days
from compensation.money.months import number
from compensation.plan.model import Component, Pays, Plan
from compensation.run import Run
from compensation.what_if.assumptions import Ints
from compensation.what_if.chances import Mix, Roster
from compensation.what_if.fast_curves import Rows
from compensation.what_if.hinges import Floats
from compensation.what_if.population_lines import Lines, read, usual_deals
from compensation.what_if.simulate import Population


@dataclass(frozen=True)
class Setting:
    """What lines are placed in: people, fiscal quarters and years, currencies.

    ``quarters`` and ``years`` are first days, followed by the day after the last; they cover every line.
    ``worth`` is the reporting currency per unit of each currency. ``rates`` are people's own rates as
    (first day, day after the last, rate). ``expected`` (people × quarters) is what is expected of a person in a
    quarter over what was credited; 1 everywhere where it is not given.
    """

    people: tuple[str, ...]
    quarters: tuple[date, ...]
    years: tuple[date, ...]
    worth: Mapping[str, float]
    rates: Mapping[str, Sequence[tuple[date, date, float]]]
    expected: Floats | None = None

    @cached_property
    def roster(self) -> Roster:
        """Whose chances are drawn."""
        return Roster(self.people, len(self.quarters) - 1)

    @cached_property
    def places(self) -> Mapping[str, int]:
        """Each person's number."""
        return {person: number for number, person in enumerate(self.people)}

    def quarter_of(self, day: Ints) -> Ints:
        """The number of the quarter of each day; the nearest one outside them."""
        return _within(self.quarters, day)

    def year_of(self, day: Ints) -> Ints:
        """The number of the year of each day; the nearest one outside them."""
        return _within(self.years, day)

    def own_rate(self, rep: str, start: int, end: int) -> float:
        """The rate a person had last in these days; 0 without one."""
        found = [
            rate
            for first, last, rate in self.rates.get(rep, ())
            if number(first) < end and number(last) > start
        ]
        return found[-1] if found else 0.0


def _within(starts: Sequence[date], day: Ints) -> Ints:
    firsts = np.array([number(start) for start in starts[:-1]], np.int64)
    return np.clip(np.searchsorted(firsts, day, "right") - 1, 0, len(firsts) - 1)


def earning_only(plan: Plan) -> Plan:
    """The plan without what comes after earning: its lines are what is simulated."""
    bare = tuple(replace(component, hold=None, clawback=None) for component in plan.components)
    return replace(plan, components=bare, draw=None)


def left_out(plan: Plan) -> tuple[str, ...]:
    """What of the plan a simulation of its earnings leaves out or takes roughly, by name."""
    found = {"draw"} if plan.draw else set()
    for component in plan.components:
        found |= {"hold"} if component.hold else set()
        found |= {"clawback"} if component.clawback else set()
        found |= {"deal_sizes"} if component.caps.deal is not None else set()
        if component.spif and component.spif.share == "first_come" and component.spif.budget is not None:
            found.add("first_come")
    return tuple(sorted(found))


def populate(plan: Plan, run: Run, setting: Setting) -> Population:
    """The population of one plan from a run of ``earning_only(plan)``, whose windows begin inside the run.

    Everybody credited in the run must be in ``setting.people``.
    """
    mine = run.lines.filter(
        pc.and_(pc.equal(run.lines["plan_id"], plan.id), pc.equal(run.lines["kind"], "earning"))
    )
    drivers = _Drivers(setting, mine, run.trace)
    units, of_line = _units(setting, mine)
    rows = []
    for component in plan.components:
        picked = np.flatnonzero(pc.equal(mine["component_id"], component.id).to_numpy(zero_copy_only=False))
        if len(picked):
            lines = read(mine.take(pa.array(picked)))
            rows.append((component, _rows(component, lines, of_line[picked], drivers, picked, setting)))
    currency = units[:, 2]
    names = sorted(setting.worth)
    worth = np.array([setting.worth[name] for name in names])
    return Population(
        plan=plan,
        roster=setting.roster,
        unit_person=units[:, 0],
        weight=worth[currency] if len(worth) else np.ones(len(units)),
        local=np.ones(len(units)),
        rows=tuple(rows),
        mixes=tuple(drivers.mixes),
        left_out=left_out(plan),
    )


def _units(setting: Setting, lines: pa.Table) -> tuple[Ints, Ints]:
    """Persons × years × currencies (one row each, numbers), and the one of each line."""
    person = _person(setting, lines["rep"])
    year = setting.year_of(days(lines["period_start"], 0))
    names = pa.array(sorted(setting.worth), pa.string())
    currency = pc.fill_null(pc.index_in(lines["currency"], value_set=names), 0).to_numpy().astype(np.int64)
    found, of_line = np.unique(np.stack([person, year, currency], axis=1), axis=0, return_inverse=True)
    return found, of_line.reshape(-1)


def _person(setting: Setting, names: pa.ChunkedArray) -> Ints:
    found = pc.index_in(names, value_set=pa.array(setting.people, pa.string()))
    if found.null_count:
        raise ValueError("Somebody is paid or credited who is not in the roster.")
    return found.to_numpy().astype(np.int64)


def _rows(
    component: Component, lines: Lines, unit: Ints, drivers: _Drivers, picked: Ints, setting: Setting
) -> Rows:
    window = _windows(component, lines, unit, setting)
    order = np.lexsort((lines.terms, lines.start, window, unit))
    lines, unit, window, picked = lines.taken(order), unit[order], window[order], picked[order]
    driver, expected = drivers.of(picked, lines)
    together = window if to_date(component) else unit * 0 - 1
    earned = np.divide(lines.unmodified, lines.credited, out=np.zeros(len(lines)), where=lines.credited != 0)
    size, kept = usual_deals(component, lines, earned, drivers.sold, picked)
    return Rows(
        unit=unit,
        driver=driver,
        window=window,
        pool=lines.start,
        credited=lines.credited * expected,
        counted=_counted(lines, window) * expected,
        quota=lines.quota,
        target=_so_far(lines.target, together) if component.pays is Pays.TARGET else lines.target,
        rate=_base_rates(component, lines, window, setting),
        deal=size,
        usual=earned,
        kept=kept,
        score=np.divide(lines.unmodified, lines.target, out=np.zeros(len(lines)), where=lines.target > 0),
        local=np.ones(len(lines)),
        reached=tuple(values * expected for values in lines.reached(len(component.modifiers))),
    )


def _windows(component: Component, lines: Lines, unit: Ints, setting: Setting) -> Ints:
    """The running total each line belongs to: one a line where a curve is reckoned for each period by itself."""
    if component.pays in (Pays.TARGET, Pays.OBJECTIVE) and not to_date(component):
        return np.arange(len(lines))
    place = lines.start
    if to_date(component):
        of = setting.year_of if window_kind(component) == "year" else setting.quarter_of
        place = of(lines.start)
    return np.unique(np.stack([unit, place], axis=1), axis=0, return_inverse=True)[1].reshape(-1)


def _so_far(values: Floats, window: Ints) -> Floats:
    """Running sums inside windows; rows of window −1 stay by themselves."""
    found = values.copy()
    for row in range(1, len(values)):
        if window[row] >= 0 and window[row] == window[row - 1]:
            found[row] += found[row - 1]
    return found


def _counted(lines: Lines, window: Ints) -> Floats:
    """Quota credit of each line's own part of its window: lines tell it to date."""
    before = np.zeros(len(lines))
    same = window[1:] == window[:-1]
    before[1:][same] = lines.counted[:-1][same]
    return lines.counted - before


def _base_rates(component: Component, lines: Lines, window: Ints, setting: Setting) -> Floats:
    """What tiers and measured values are multiplied by; the lines tell it where there are no tiers."""
    if component.pays in (Pays.TARGET, Pays.OBJECTIVE):
        return np.ones(len(lines))
    times = float(component.times)
    if component.rate == "payee":
        own = [
            setting.own_rate(*key)
            for key in zip(lines.rep, lines.start.tolist(), lines.end.tolist(), strict=True)
        ]
        return times * np.array(own)
    if component.rate == "target":
        at_stake = np.bincount(window, lines.target)[window]
        return times * np.divide(at_stake, lines.quota, out=np.zeros(len(lines)), where=lines.quota > 0)
    return np.full(len(lines), times * float(component.rate or 1))


# Whose chances move a line ---------------------------------------------------------------------------


class _Drivers:
    """The chance factor of each line: a person's in a quarter, or a mix of several as they were credited."""

    def __init__(self, setting: Setting, lines: pa.Table, trace: pa.Table) -> None:
        self.setting, self.mixes = setting, list[Mix]()
        self.known: dict[bytes, int] = {}
        self.sold = _Sold.of(setting, lines, trace)

    def of(self, picked: Ints, lines: Lines) -> tuple[Ints, Floats]:
        """Drivers of some lines, and what is expected of each over what was credited."""
        found = [self._one(line, at, lines) for at, line in enumerate(picked.tolist())]
        return np.array([driver for driver, _ in found], np.int64), np.array([share for _, share in found])

    def _one(self, line: int, at: int, lines: Lines) -> tuple[int, float]:
        members, shares = self.sold.shares(line)
        if not len(members):
            person = self.setting.places[lines.rep[at]]
            quarter = int(self.setting.quarter_of(lines.start[at : at + 1])[0])
            return self.setting.roster.driver(person, quarter), 1.0
        expected = self._expected(members) * shares
        total = float(expected.sum())
        if len(members) == 1:
            return int(members[0]), total
        return self._mix(members, expected / total if total else shares), total

    def _expected(self, members: Ints) -> Floats:
        if self.setting.expected is None:
            return np.ones(len(members))
        return self.setting.expected.reshape(-1)[members]

    def _mix(self, members: Ints, shares: Floats) -> int:
        key = members.tobytes() + shares.tobytes()
        if key not in self.known:
            roster = self.setting.roster
            self.known[key] = len(roster.people) * roster.quarters + len(self.mixes)
            self.mixes.append(Mix(members, shares))
        return self.known[key]


@dataclass(frozen=True)
class _Sold:
    """What each line was credited with, by driver (person and quarter), and each deal of it; by line."""

    begins: Ints  # of each line among the drivers
    members: Ints
    amounts: Floats
    deal_begins: Ints
    deals: Floats

    @classmethod
    def of(cls, setting: Setting, lines: pa.Table, trace: pa.Table) -> _Sold:
        """From the lines' traces; rows without a transaction say nothing."""
        at = pc.index_in(trace["line_id"], value_set=lines["line_id"].combine_chunks())
        sales = pc.and_(at.is_valid(), pc.not_equal(trace["transaction_id"], ""))
        trace, line = trace.filter(sales), at.filter(sales).to_numpy().astype(np.int64)
        credited = np.abs(pc.cast(trace["credited"], pa.float64()).to_numpy())
        driver = _person(setting, trace["credited_rep"]) * setting.roster.quarters
        driver += setting.quarter_of(days(trace["date"], 0))
        keys, where = np.unique(np.stack([line, driver]), axis=1, return_inverse=True)
        deal, _ = codes_of(trace["deal_id"])
        pairs, deal_at = np.unique(np.stack([line, deal]), axis=1, return_inverse=True)
        count = np.arange(lines.num_rows + 1)
        return cls(
            np.searchsorted(keys[0], count),
            keys[1],
            _sums(where, credited, keys.shape[1]),
            np.searchsorted(pairs[0], count),
            _sums(deal_at, credited, pairs.shape[1]),
        )

    def shares(self, line: int) -> tuple[Ints, Floats]:
        """Drivers of a line, and the share each had in what it was credited with."""
        some = slice(self.begins[line], self.begins[line + 1])
        amounts = self.amounts[some]
        total = amounts.sum()
        return (self.members[some], amounts / total) if total else (self.members[:0], amounts[:0])

    def deals_of(self, line: int) -> Floats:
        """What each deal of a line was credited with."""
        return self.deals[self.deal_begins[line] : self.deal_begins[line + 1]]


def _sums(which: Ints, values: Floats, count: int) -> Floats:
    found: Floats = np.bincount(which.reshape(-1), values, count).astype(np.float64)
    return found
