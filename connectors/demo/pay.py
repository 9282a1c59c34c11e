"""Payouts as payroll recorded them, each following the plan's terms to the cent."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass, field
from fractions import Fraction

import numpy as np
import pyarrow as pa

from connectors.demo import truths
from connectors.demo.axis import add_months
from connectors.demo.columns import Ints, made, money
from connectors.demo.company import Company
from connectors.demo.ledger import Ledger
from connectors.demo.outcomes import component_starts
from connectors.demo.people import EXECUTIVE, MANAGER, SELLER, SPECIALIST, VICE_PRESIDENT
from connectors.demo.plan_terms import (
    ACCELERATOR_MULTIPLE,
    COMMERCIAL,
    DEAD_MULTIPLE,
    ENTERPRISE,
    HEALTHY_MULTIPLE,
)
from connectors.demo.plans import Place, Plans
from connectors.demo.quotas import Quotas

MILLION = 1_000_000
WHOLE = 100  # multiples are in hundredths
GUARANTEED_MONTHS = 3


@dataclass(frozen=True)
class Payout:
    """One payout; days are numbers, money is cents of the person's currency."""

    rep: int
    plan: str
    component: str
    start: int
    end: int
    cents: int
    trace: str
    kind: str = "earning"


@dataclass(frozen=True)
class Pay:
    """Everything paid for the periods that have ended by today."""

    company: Company
    ledger: Ledger
    quotas: Quotas
    plans: Plans
    sums: dict[str, Ints] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Running sums by person and day, so that any period is one difference."""
        gates = self._gates()
        books = {
            "all": self.ledger.own,
            "new": self.ledger.own_new * gates[0],
            "bundle": self.ledger.own_bundle * gates[1],
            "overlay": self.ledger.own_overlay,
        }
        for name, book in books.items():
            self.sums[name] = np.concatenate(
                [np.zeros((len(book), 1), np.int64), np.cumsum(book, axis=1)], axis=1
            )

    def _gates(self) -> tuple[Ints, Ints]:
        """For each person and day, whether their team has the healthy and the dead component."""
        team = self.company.people.team_of[:, : self.ledger.days].astype(np.int64)
        days = np.arange(self.ledger.days)
        found = []
        for healthy in (True, False):
            starts = component_starts(self.company.axis, healthy=healthy)
            found.append(((team >= 0) & (days >= starts[team])).astype(np.int64))
        return found[0], found[1]

    def credited(self, book: str, rep: int, start: int, end: int) -> int:
        """Cents credited from ``start`` to ``end``, exclusive."""
        return int(self.sums[book][rep, end] - self.sums[book][rep, max(start, 0)])

    def payouts(self) -> list[Payout]:
        """All of them, by person and period."""
        return [payout for place in self.plans.places for payout in self._of(place) if payout.cents > 0]

    def _of(self, place: Place) -> Iterator[Payout]:
        if place.role == SELLER:
            for start, end in self._periods(place, 1 if place.plan == COMMERCIAL else 3):
                yield from self._commission(place, start, end)
            for start, end in self._periods(place, 3):
                yield from self._bonuses(place, start, end)
        elif place.role == SPECIALIST:
            for start, end in self._periods(place, 1):
                yield self._rated(place, "overlay_commission", "overlay", WHOLE, start, end)
        else:
            for start, end in self._periods(place, 3):
                yield self._team_bonus(place, start, end)

    def _periods(self, place: Place, months: int) -> Iterator[tuple[int, int]]:
        """Ended periods of so many months within a place's time; half open days."""
        axis = self.company.axis
        bounds = axis.months[axis.first_quarter * 3 :: months]
        for start, end in zip(bounds[:-1].tolist(), bounds[1:].tolist(), strict=True):
            if end <= axis.today + 1 and start < place.end and end > place.start:
                yield start, end

    def _within(self, place: Place, start: int, end: int) -> tuple[int, int]:
        return max(start, place.start), min(end, place.end)

    def _rated(self, place: Place, component: str, book: str, multiple: int, start: int, end: int) -> Payout:
        """Multiple × rate × credits, rounded half up once."""
        credited = self.credited(book, place.rep, *self._within(place, start, end))
        cents = _part(credited, place.rate, multiple)
        words = f"{_money(credited)} credited × {place.rate / MILLION:.4%}"
        if multiple != WHOLE:
            words += f" × {multiple / WHOLE}"
        return Payout(place.rep, place.plan, component, start, end, cents, f"{words} = {_money(cents)}")

    def _commission(self, place: Place, start: int, end: int) -> Iterator[Payout]:
        name = "field_commission" if place.plan == COMMERCIAL else "enterprise_commission"
        earned = self._rated(place, name, "all", WHOLE, start, end)
        yield earned
        if place.plan == COMMERCIAL:
            yield self._guarantee(place, earned)
        if place.plan == ENTERPRISE:
            yield self._accelerator(place, start, end)

    def _guarantee(self, place: Place, earned: Payout) -> Payout:
        """What tops up a newcomer's commission, by days on the plan; nothing for everybody else."""
        hired = int(self.company.people.hired[place.rep])
        month = add_months(self.company.axis.day(hired), 1)
        full_months = [self.company.axis.number(add_months(month, n)) for n in range(GUARANTEED_MONTHS)]
        start, end = self._within(place, earned.start, earned.end)
        days = end - start if earned.start in full_months else 0
        floor = _half_up(Fraction(place.target_cents * days, 24 * (earned.end - earned.start)))
        missing = max(floor - earned.cents, 0)
        words = f"guarantee {_money(floor)} − commission {_money(earned.cents)} = {_money(missing)}"
        return Payout(
            place.rep, place.plan, earned.component, earned.start, earned.end, missing, words, "draw"
        )

    def _accelerator(self, place: Place, start: int, end: int) -> Payout:
        credited = self.credited("all", place.rep, *self._within(place, start, end))
        quota = int(self.quotas.own[place.rep, self.company.axis.quarter_of[start]])
        over = max(credited - quota, 0) if quota else 0
        cents = _part(over, place.rate, ACCELERATOR_MULTIPLE)
        words = f"{_money(credited)} − quota {_money(quota)} = {_money(over)} × {place.rate / MILLION:.4%}"
        return Payout(place.rep, place.plan, "accelerator", start, end, cents, f"{words} = {_money(cents)}")

    def _bonuses(self, place: Place, start: int, end: int) -> Iterator[Payout]:
        yield self._rated(place, truths.HEALTHY_COMPONENT, "new", HEALTHY_MULTIPLE, start, end)
        yield self._rated(place, truths.DEAD_COMPONENT, "bundle", DEAD_MULTIPLE, start, end)

    def _team_bonus(self, place: Place, start: int, end: int) -> Payout:
        """A quarter's target × the curve at the attainment of everybody led, rounded half up once."""
        quota, credited = self._team(place, start, end)
        attained = Fraction(credited, quota) if quota else Fraction(0)
        days = min(end, place.end) - max(start, place.start)
        target = Fraction(place.target_cents * days, 4 * (end - start))
        cents = _half_up(target * curve(attained))
        words = (
            f"team {_money(credited)} of {_money(quota)}, {float(attained):.1%}: {float(curve(attained)):.1%}"
        )
        words += f" of {_money(place.target_cents / 4)}" + (f" for {days} days" if days < end - start else "")
        return Payout(place.rep, place.plan, "team_bonus", start, end, cents, f"{words} = {_money(cents)}")

    def _team(self, place: Place, start: int, end: int) -> tuple[int, int]:
        """Quota and credits of whoever the person leads day by day, in the person's currency."""
        quarter = int(self.company.axis.quarter_of[start])
        days = slice(*self._within(place, start, end))
        team = self.company.people.team_of[:, days].astype(np.int64)
        if place.role == EXECUTIVE:
            led = team >= 0
            return int(self.quotas.total[quarter]), int(self.ledger.dollars[:, days][led].sum())
        if place.role == VICE_PRESIDENT:
            region = truths.VICE_PRESIDENTS.index(self.company.people.ids[place.rep])
            led = (team >= 0) & (team // 3 == region)
            return int(self.quotas.regions[region, quarter]), int(self.ledger.own[:, days][led].sum())
        assert place.role == MANAGER
        leads = self.company.people.leads
        boss = np.take_along_axis(leads[:, days], np.maximum(team, 0), axis=0)
        led = (team >= 0) & (boss == place.rep)
        quota = self.quotas.teams[leads[:, start] == place.rep, quarter].sum()
        return int(quota), int(self.ledger.own[:, days][led].sum())


def curve(attained: Fraction) -> Fraction:
    """Payout for an attainment: nothing below 70 %, 40 % there, 100 % at quota, at most 200 %."""
    if attained < Fraction(7, 10):
        return Fraction(0)
    if attained < 1:
        return Fraction(2, 5) + (attained - Fraction(7, 10)) * 2
    return min(1 + (attained - 1) * Fraction(3, 2), Fraction(2))


def _half_up(cents: Fraction) -> int:
    """To a whole cent; nothing here is negative."""
    return math.floor(cents + Fraction(1, 2))


def _part(cents: int, rate: int, multiple: int) -> int:
    """Cents × rate (millionths) × multiple (hundredths), rounded half up."""
    unit = MILLION * WHOLE
    return (cents * rate * multiple + unit // 2) // unit


def _money(cents: float) -> str:
    return f"{cents / 100:,.2f}"


def payout_table(pay: Pay) -> pa.Table:
    """All payouts; paid on the 25th of the month after the period, unless that is still to come."""
    axis, people, found = pay.company.axis, pay.company.people, pay.payouts()
    start, end = np.array([p.start for p in found]), np.array([p.end for p in found])
    paid = end + 24
    return made(
        "payouts",
        {
            "payout_id": [f"Y{n}" for n in range(100_000, 100_000 + len(found))],
            "rep_id": [people.ids[p.rep] for p in found],
            "plan_id": [p.plan for p in found],
            "component_id": [p.component for p in found],
            "period_start": axis.dates(start),
            "period_end": axis.dates(end),
            "earned_on": axis.dates(end - 1),
            "paid_on": axis.dates(paid, paid > axis.today),
            "kind": [p.kind for p in found],
            "amount": money(np.array([p.cents for p in found])),
            "currency": [truths.CURRENCIES[people.currency[p.rep]] for p in found],
            "trace": [p.trace for p in found],
        },
    )
