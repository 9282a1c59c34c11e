"""Targets: what the quota setters, who know the trend and the territories but not the luck, asked for."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pyarrow as pa

from connectors.demo import truths
from connectors.demo.columns import Floats, Ints, generator, made, money
from connectors.demo.company import DEALS_OF_SEGMENT, WHITE_SPACE, Company
from connectors.demo.ledger import Ledger
from connectors.demo.lines import DEAL_MEDIAN
from connectors.demo.outcomes import component_starts
from connectors.demo.territories import COUNT

LEVEL = 0.99  # sum of the reps' quotas relative to what the trend promises
FORESIGHT = 0.4  # share of a good quarter the setters saw coming in the pipeline
KNOWN_DEALS = 0.5  # weight of what really came, against the trend, in the company's number
NOISE = 0.12
LEAST_DAYS = 10
OVER_ASSIGNMENT = (0.02, 0.05)
VICE_PRESIDENT_CUT, COMPANY_CUT = 0.995, 0.995
REVISED = 0.05  # quotas that were changed after they had been handed out
HEALTHY_UPLIFT = 1.10  # from the next fiscal year, setters count on the component that works


@dataclass(frozen=True)
class Quotas:
    """Quotas of sellers and leaders by quarter."""

    company: Company
    ledger: Ledger

    @property
    def quarters(self) -> range:
        """Quarters of the six fiscal years; the year in progress has its quotas already."""
        axis = self.company.axis
        return range(axis.first_quarter, axis.quarters_end)

    @cached_property
    def actual(self) -> Floats:
        """Dollars credited to each person by quarter of the axis, quarters in progress included."""
        axis = self.company.axis
        bounds = axis.quarters[: axis.quarter_now + 1]
        return np.add.reduceat(self.ledger.dollars, bounds, axis=1) / 100.0

    @cached_property
    def presence(self) -> Floats:
        """Share of each quarter's days each seller held a territory."""
        axis = self.company.axis
        present = self.company.people.segment_of >= 0
        days = np.add.reduceat(present, axis.quarters[:-1], axis=1, dtype=np.int64)
        share = days / np.diff(axis.quarters)
        return np.where(days >= LEAST_DAYS, share, 0.0)

    @cached_property
    def dollars(self) -> Floats:
        """Quota of each seller by quarter, in dollars before rounding; 0 where there is none."""
        found = np.zeros_like(self.presence)
        trend, noise = self._trend(), generator(self.company.seed, "quota noise")
        luck = np.exp(noise.normal(0, NOISE, (len(found), 6)))
        for quarter in self.quarters:
            year = (quarter - self.quarters.start) // 4
            base = self._shares(quarter) * luck[:, year]
            base *= trend[quarter] * LEVEL / max(base.sum(), 1e-9)
            found[:, quarter] = self._foreseen(base, quarter)
        return found

    def _foreseen(self, base: Floats, quarter: int) -> Floats:
        """Part of a good quarter was seen coming; the total stays what it was."""
        if quarter >= self.company.axis.quarter_now:
            return base
        actual = np.maximum(self.actual[:, quarter], 1.0)
        luck = np.clip(np.log(actual / np.maximum(base, 1.0)), 0.0, 1.0)
        seen = np.where(base > 0, base * np.exp(FORESIGHT * luck), 0.0)
        return seen * base.sum() / max(seen.sum(), 1e-9)

    def _shares(self, quarter: int) -> Floats:
        """Each seller's part of the company's number: territory, time present, what is known to work."""
        company, axis = self.company, self.company.axis
        days = np.arange(axis.quarters[quarter], axis.quarters[quarter + 1])
        year = (quarter - self.quarters.start) // 4
        worth = self._worth(year)
        holder = company.people.holder[:, days]
        found = np.zeros(len(company.people.ids))
        place, day = np.nonzero(holder >= 0)
        np.add.at(found, holder[place, day], worth[place] / len(days))
        return np.where(self.presence[:, quarter] > 0, found, 0.0)

    def _worth(self, year: int) -> Floats:
        """What a territory is believed to be worth in a fiscal year, relative."""
        territories = self.company.territories
        believed = (
            territories.quota_factor
            * DEALS_OF_SEGMENT[territories.segment]
            * DEAL_MEDIAN[territories.segment]
        )
        served = np.where(territories.opens <= year, 1.0, WHITE_SPACE) * believed
        total = np.bincount(territories.serves[:, year], served, minlength=COUNT)
        starts = component_starts(self.company.axis, healthy=True)[territories.team[:, year]]
        known = starts < self.company.axis.years[year]
        return np.where(known, total * HEALTHY_UPLIFT, total)

    def _trend(self) -> Floats:
        """The company's number by quarter: trend and season, half-way to what really came."""
        axis = self.company.axis
        known = np.arange(axis.first_quarter, axis.quarter_now)
        total = self.actual[:, known].sum(axis=0)
        every = np.arange(axis.first_quarter, axis.quarters_end)
        fitted = np.exp(_design(every) @ np.linalg.lstsq(_design(known), np.log(total), rcond=None)[0])
        found = np.zeros(len(axis.quarters))
        found[every] = fitted
        found[known] = total**KNOWN_DEALS * fitted[: len(known)] ** (1 - KNOWN_DEALS)
        return found

    @cached_property
    def own(self) -> Ints:
        """Quota of each seller by quarter, in cents of the currency of pay, rounded to the thousand."""
        company = self.company
        year = (np.arange(self.dollars.shape[1]) - self.quarters.start) // 4
        plan_day = np.minimum(company.axis.years[np.clip(year, 0, 5)], company.axis.today)
        rate = np.where(company.people.currency[:, None] == 1, company.rates.euro[plan_day] / 1e5, 1.0)
        thousands = np.rint(self.dollars / rate / 1_000).astype(np.int64)
        return np.where(self.dollars > 0, np.maximum(thousands, 1) * 100_000, 0)

    @cached_property
    def team(self) -> Ints:
        """Team of each seller in each quarter: the first one they are in; -1 for none."""
        axis, people = self.company.axis, self.company.people
        found = np.full(self.dollars.shape, -1, dtype=np.int64)
        for quarter in self.quarters:
            days = slice(int(axis.quarters[quarter]), int(axis.quarters[quarter + 1]))
            team = np.where(people.segment_of[:, days] >= 0, people.team_of[:, days], -1)
            first = (team >= 0).argmax(axis=1)
            found[:, quarter] = team[np.arange(len(team)), first]
        return found

    @cached_property
    def teams(self) -> Ints:
        """Quota of each team's manager by quarter, in cents of the region's currency."""
        low, high = OVER_ASSIGNMENT
        over = 1 + generator(self.company.seed, "over-assignment").uniform(low, high, len(truths.TEAMS))
        found = np.zeros((len(truths.TEAMS), self.dollars.shape[1]), dtype=np.int64)
        for team in range(len(truths.TEAMS)):
            total = np.where(self.team == team, self.own, 0).sum(axis=0)
            found[team] = _round(total / over[team])
        return found

    @cached_property
    def regions(self) -> Ints:
        """Quota of each regional vice president by quarter, in cents of the region's currency."""
        return _round(self.teams.reshape(4, 3, -1).sum(axis=1) * VICE_PRESIDENT_CUT)

    @cached_property
    def total(self) -> Ints:
        """Quota of the chief revenue officer by quarter, in cents of dollars."""
        axis = self.company.axis
        day = np.minimum(axis.quarters, axis.today)
        rate = np.where(
            np.array(truths.REGION_CURRENCY)[:, None] == 1, self.company.rates.euro[day] / 1e5, 1.0
        )
        return _round((self.regions * rate[:, : self.regions.shape[1]]).sum(axis=0) * COMPANY_CUT)


def _round(cents: Floats) -> Ints:
    """To five thousand."""
    return np.rint(np.asarray(cents) / 500_000).astype(np.int64) * 500_000


def _design(quarters: Ints) -> Floats:
    """Level, trend and season of a quarter."""
    season = (quarters % 4)[:, None] == np.arange(1, 4)
    return np.column_stack([np.ones(len(quarters)), quarters, season])


def quota_table(found: Quotas) -> pa.Table:
    """All quotas; the revised ones in two versions."""
    people, axis = found.company.people, found.company.axis
    rows: list[tuple[str, str, str, int, int, str]] = []
    for quarter in found.quarters:
        for rep in np.flatnonzero(found.own[:, quarter]).tolist():
            team = truths.TEAMS[found.team[rep, quarter]]
            rows.append(
                (
                    "rep",
                    people.ids[rep],
                    team,
                    quarter,
                    int(found.own[rep, quarter]),
                    _code(people.currency[rep]),
                )
            )
        rows.extend(_leaders(found, quarter))
    return _table(found.company, rows, axis.quarters)


def _leaders(found: Quotas, quarter: int) -> list[tuple[str, str, str, int, int, str]]:
    """Team quotas of one quarter: managers, vice presidents, the chief revenue officer."""
    people, axis = found.company.people, found.company.axis
    leads = people.leads[:, axis.quarters[quarter]]
    rows = [
        (
            "team",
            people.ids[leads[t]],
            name,
            quarter,
            int(found.teams[t, quarter]),
            _code(truths.REGION_CURRENCY[t // 3]),
        )
        for t, name in enumerate(truths.TEAMS)
    ]
    for r, region in enumerate(truths.REGIONS):
        currency = _code(truths.REGION_CURRENCY[r])
        rows.append(
            ("team", truths.VICE_PRESIDENTS[r], region, quarter, int(found.regions[r, quarter]), currency)
        )
    rows.append(("team", truths.EXECUTIVE, "Company", quarter, int(found.total[quarter]), "USD"))
    return rows


def _code(currency: int) -> str:
    return truths.CURRENCIES[currency]


def _table(company: Company, rows: list[tuple[str, str, str, int, int, str]], quarters: Ints) -> pa.Table:
    rng = generator(company.seed, "revised quotas")
    revised = rng.random(len(rows)) < REVISED
    before = rng.uniform(0.88, 1.14, len(rows))
    listed = []
    for n, row in enumerate(rows):
        if revised[n]:
            listed.append((*row[:4], int(_round(np.array(row[4] * before[n]))), row[5], 1))
        listed.append((*row, 2 if revised[n] else 1))
    scope, rep, team, quarter, cents, currency, version = zip(*listed, strict=True)
    start = np.array(quarter)
    return made(
        "quotas",
        {
            "quota_id": [
                f"Q-{r}-{company.axis.day(quarters[q]):%Y%m}" for r, q in zip(rep, quarter, strict=True)
            ],
            "version": version,
            "scope": scope,
            "rep_id": rep,
            "team_id": team,
            "measure": ["bookings"] * len(listed),
            "period_start": company.axis.dates(quarters[start]),
            "period_end": company.axis.dates(quarters[start + 1]),
            "amount": money(np.array(cents, dtype=np.int64)),
            "currency": currency,
        },
    )
