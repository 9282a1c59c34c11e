"""Weekly forecast calls of reps, managers, vice presidents and the chief revenue officer."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pyarrow as pa

from connectors.demo import truths
from connectors.demo.columns import Floats, Ints, generator, keys, made, money, prefixed
from connectors.demo.company import Company
from connectors.demo.ledger import Ledger
from connectors.demo.quotas import Quotas

CATEGORIES = ("closed", "commit", "best_case")
NOT_CREATED_YET = 0.12  # of what is open now will be won on top by deals that do not exist yet
REP_NOISE, TEAM_NOISE = 0.22, 0.09  # of the rest of the quarter, at its start
NOTES = (None, None, None, None, "Two large deals decide", "Legal is slow this month", "Waiting for budgets")


@dataclass(frozen=True)
class Line:
    """One person's calls: cumulative cents by day, and what they really come to by quarter."""

    by: int
    whom: int
    scope: str
    currency: int
    daily: Ints  # (days,) cents
    active: np.ndarray[tuple[int], np.dtype[np.bool_]]  # (quarters,) whether they call in a quarter
    bias: float
    noise: float


@dataclass(frozen=True)
class Calls:
    """Everybody's calls, each Monday of each quarter."""

    company: Company
    ledger: Ledger
    quotas: Quotas

    @cached_property
    def mondays(self) -> Ints:
        """Mondays from the first day of the six years up to today."""
        axis = self.company.axis
        days = np.arange(axis.number(axis.first), axis.today + 1)
        return days[axis.weekday_of[days] == 0]

    def lines(self) -> list[Line]:
        """Everybody who calls."""
        people = self.company.people
        bias = generator(self.company.seed, "call bias").normal(0, 0.05, len(people.ids))
        sellers = np.flatnonzero((self.quotas.own > 0).any(axis=1)).tolist()
        reps = [
            Line(
                r,
                r,
                "rep",
                int(people.currency[r]),
                self.ledger.own[r],
                self.quotas.own[r] > 0,
                float(bias[r]),
                REP_NOISE,
            )
            for r in sellers
        ]
        return [*reps, *self._managers(), *self._regions(), self._company()]

    def _managers(self) -> list[Line]:
        people, axis = self.company.people, self.company.axis
        found = []
        for stint in people.staffing.managers:
            inside = people.team_of[:, : self.ledger.days] == stint.seat
            daily = np.where(inside, self.ledger.own, 0).sum(axis=0)
            starts = axis.quarters[:-1]
            active = (starts >= stint.start) & (starts < stint.end)
            rep = people.numbers[stint.rep]
            currency = truths.REGION_CURRENCY[stint.seat // 3]
            found.append(
                Line(rep, rep, "team", currency, daily, active, self._manager_bias(stint.rep), TEAM_NOISE)
            )
        return found

    def _manager_bias(self, rep: str) -> float:
        """Everybody is a little off; one calls far too little."""
        if rep == truths.SANDBAGGER:
            return -truths.SANDBAG
        drawn = generator(self.company.seed, "manager bias", self.company.people.numbers[rep])
        return float(np.clip(drawn.normal(0, truths.CALL_BIAS_SPREAD), -0.03, 0.03))

    def _regions(self) -> list[Line]:
        people = self.company.people
        found = []
        for region, vice in enumerate(truths.VICE_PRESIDENTS):
            team = people.team_of[:, : self.ledger.days]
            daily = np.where((team >= 0) & (team // 3 == region), self.ledger.own, 0).sum(axis=0)
            rep = people.numbers[vice]
            found.append(
                Line(rep, rep, "team", truths.REGION_CURRENCY[region], daily, self._always(), 0.0, 0.06)
            )
        return found

    def _company(self) -> Line:
        rep = self.company.people.numbers[truths.EXECUTIVE]
        return Line(rep, rep, "team", 0, self.ledger.dollars.sum(axis=0), self._always(), 0.0, 0.05)

    def _always(self) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
        return np.ones(len(self.company.axis.quarters), dtype=bool)

    def called(self, line: Line, number: int) -> tuple[Ints, Ints]:
        """Days and (calls, categories) cents of one line."""
        axis = self.company.axis
        rng = generator(self.company.seed, "calls", number)
        quarter = axis.quarter_of[self.mondays]
        active = line.active[np.minimum(quarter, len(line.active) - 1)]
        day, quarter = self.mondays[active], quarter[active]
        total = np.concatenate([[0], np.cumsum(line.daily)])
        booked = total[day] - total[axis.quarters[quarter]]
        final = self._final(total, booked, quarter)
        left = 1 - (day - axis.quarters[quarter]) / (axis.quarters[quarter + 1] - axis.quarters[quarter])
        commit = self._commit(line, booked, final, left, rng)
        more = np.exp(np.abs(rng.normal(0.0, 0.12, len(day)))) - 1
        best = commit + np.maximum(final - booked, 0) * (0.12 + more) * left
        said = np.rint(np.stack([commit, best], axis=1) / 100_000).astype(np.int64) * 100_000
        return day, np.column_stack([booked, np.maximum(said, booked[:, None])])

    def _final(self, total: Ints, booked: Ints, quarter: Ints) -> Floats:
        """What each quarter comes to; for the one in progress, what is open now and a little more."""
        axis = self.company.axis
        landed = (total[axis.quarters[quarter + 1]] - total[axis.quarters[quarter]]).astype(np.float64)
        now = quarter == axis.quarter_now
        return np.where(now, landed + NOT_CREATED_YET * (landed - booked), landed)

    def _commit(
        self, line: Line, booked: Ints, final: Floats, left: Floats, rng: np.random.Generator
    ) -> Floats:
        """The person's idea of the landing: the truth, their habit and a guess of what is left."""
        guess = np.exp(rng.normal(0, line.noise * np.sqrt(left + 0.02)) - line.noise**2 / 2)
        idea = booked + np.maximum(final - booked, 0) * guess
        return np.maximum(idea * (1 + line.bias), booked)


def call_table(calls: Calls) -> pa.Table:
    """One row a call and category."""
    parts = []
    for number, line in enumerate(calls.lines()):
        day, cents = calls.called(line, number)
        if len(day):
            parts.append(_rows(calls, line, number, day, cents))
    return pa.concat_tables(parts)


def _rows(calls: Calls, line: Line, number: int, day: Ints, cents: Ints) -> pa.Table:
    company, axis = calls.company, calls.company.axis
    each = np.repeat(day, len(CATEGORIES))
    quarter = axis.quarter_of[each]
    rng = generator(company.seed, "call words", number)
    stamp = axis.stamps(each, np.repeat(13 * 3600 + rng.integers(0, 3 * 3600, len(day)), len(CATEGORIES)))
    note = np.repeat(rng.integers(0, len(NOTES), len(day)), len(CATEGORIES))
    rows = len(each)
    return made(
        "forecast_submissions",
        {
            "submission_id": prefixed("F", (number + 1_000) * 10_000 + np.arange(rows)),
            "submitted_by": keys(company.people.ids, np.full(rows, line.by)),
            "rep_id": keys(company.people.ids, np.full(rows, line.whom)),
            "scope": pa.repeat(line.scope, rows),
            "period_start": axis.dates(axis.quarters[quarter]),
            "period_end": axis.dates(axis.quarters[quarter + 1]),
            "category": pa.array(np.tile(CATEGORIES, len(day))),
            "amount": money(cents.ravel()),
            "currency": pa.repeat(truths.CURRENCIES[line.currency], rows),
            "submitted_at": stamp,
            "submitted_on": axis.dates(each),
            "note": pa.array(NOTES, pa.string()).take(pa.array(note)),
            "source_updated_at": stamp,
        },
    )
