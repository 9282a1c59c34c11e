"""Three pay plans, what they consist of, and who is on which with what at stake."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
import pyarrow as pa

from connectors.demo import truths
from connectors.demo.columns import Floats, Ints, made, money, share
from connectors.demo.company import Company
from connectors.demo.outcomes import component_starts
from connectors.demo.people import EXECUTIVE, MANAGER, SELLER, SPECIALIST, VICE_PRESIDENT, Assignment
from connectors.demo.plan_terms import (
    COMMERCIAL,
    COMMISSION_WEIGHT,
    DEAD_WEIGHT,
    ENTERPRISE,
    HEALTHY_WEIGHT,
    LEADERSHIP,
    PLANS,
    terms,
)
from connectors.demo.quotas import Quotas
from warehouse.tables import OPEN_END

FULL_TARGET: Floats = np.array(
    [84_000.0, 112_000.0, 150_000.0]
)  # dollars a year in the first year, by segment
LEADER_TARGET = {MANAGER: 96_000.0, VICE_PRESIDENT: 150_000.0, EXECUTIVE: 260_000.0, SPECIALIST: 60_000.0}
SECOND_VERSION_QUARTER = min(q for q in truths.DEAD_FROM if q)  # when the bonuses came into the plans

# plan, component, name, kind, measure, period, weight
_COMPONENTS = (
    (COMMERCIAL, "field_commission", "Commission", "commission", "month", COMMISSION_WEIGHT),
    (COMMERCIAL, truths.HEALTHY_COMPONENT, "New-logo bonus", "bonus", "quarter", HEALTHY_WEIGHT),
    (COMMERCIAL, truths.DEAD_COMPONENT, "Bundle bonus", "bonus", "quarter", DEAD_WEIGHT),
    (ENTERPRISE, "enterprise_commission", "Commission", "commission", "quarter", COMMISSION_WEIGHT),
    (ENTERPRISE, "accelerator", "Accelerator above quota", "accelerator", "quarter", 0),
    (ENTERPRISE, truths.HEALTHY_COMPONENT, "New-logo bonus", "bonus", "quarter", HEALTHY_WEIGHT),
    (ENTERPRISE, truths.DEAD_COMPONENT, "Bundle bonus", "bonus", "quarter", DEAD_WEIGHT),
    (LEADERSHIP, "team_bonus", "Team bonus", "bonus", "quarter", 1_000_000),
    (LEADERSHIP, "overlay_commission", "Overlay commission", "commission", "month", 1_000_000),
)


@dataclass(frozen=True)
class Place:
    """A person on a plan for one fiscal year, or the part of it they were there."""

    plan: str
    rep: int
    role: int
    segment: int
    year: int
    start: int  # day
    end: int  # day, exclusive
    base_cents: int
    target_cents: int
    rate: int  # own commission rate in millionths; 0 where there is none


@dataclass(frozen=True)
class Plans:
    """Everybody's places on the plans."""

    company: Company
    quotas: Quotas
    overlay: Ints  # cents of overlay credit by person and day

    @cached_property
    def places(self) -> list[Place]:
        """One a person and fiscal year, more where they changed their role within it."""
        found = [place for row in self._runs() for place in self._years(row)]
        return sorted(found, key=lambda place: (place.rep, place.start))

    def _runs(self) -> list[Assignment]:
        """Assignments of those who are paid by a plan, joined while role and segment stay the same."""
        paid = [a for a in self.company.people.assignments if a.role in (SELLER, *LEADER_TARGET)]
        runs: list[Assignment] = []
        for row in paid:
            if runs and _continues(runs[-1], row):
                runs[-1] = replace(row, start=runs[-1].start)
            else:
                runs.append(row)
        return runs

    def _years(self, row: Assignment) -> list[Place]:
        axis = self.company.axis
        found = []
        for year in range(int(axis.year_of[axis.today]) + 1):
            start, end = max(row.start, int(axis.years[year])), min(row.end, int(axis.years[year + 1]))
            if start < end and start <= axis.today:
                found.append(self._place(row, year, start, end))
        return found

    def _place(self, row: Assignment, year: int, start: int, end: int) -> Place:
        full = FULL_TARGET[row.segment] if row.role == SELLER else LEADER_TARGET[row.role]
        euro = 0.92 if self.company.people.currency[row.rep] else 1.0
        full_cents = int(np.rint(full * euro * 1.03**year / 500)) * 50_000
        in_force = self._weights(row, start)
        plan = LEADERSHIP if row.role != SELLER else ENTERPRISE if row.segment == 2 else COMMERCIAL
        rate = self._rate(row, year, full_cents)
        target = full_cents * in_force // 1_000_000
        return Place(plan, row.rep, row.role, row.segment, year, start, end, full_cents, target, rate)

    def _weights(self, row: Assignment, day: int) -> int:
        """Share of the full target in force on a day: bonuses count once the team has them."""
        if row.role != SELLER:
            return 1_000_000
        axis = self.company.axis
        team = int(self.company.people.team_of[row.rep, max(day, 0)])
        healthy = day >= component_starts(axis, healthy=True)[team]
        dead = day >= component_starts(axis, healthy=False)[team]
        return COMMISSION_WEIGHT + HEALTHY_WEIGHT * int(healthy) + DEAD_WEIGHT * int(dead)

    def _rate(self, row: Assignment, year: int, full_cents: int) -> int:
        """The commission part of the full target over a year's quota; for specialists over their credits."""
        if row.role == SPECIALIST:
            days = self.company.axis.years[year : year + 2]
            credited = int(self.overlay[row.rep, days[0] : min(days[1], self.company.axis.today + 1)].sum())
            share_of_year = min((self.company.axis.today + 1 - days[0]) / (days[1] - days[0]), 1.0)
            return round(1_000_000 * full_cents * share_of_year / max(credited, 1))
        if row.role != SELLER:
            return 0
        return round(COMMISSION_WEIGHT * full_cents / self._annual_quota(row, year))

    def _annual_quota(self, row: Assignment, year: int) -> float:
        """A full year's quota in cents, from the quarters the seller had one; else a usual one."""
        first = self.quotas.quarters.start + 4 * year
        own = self.quotas.own[:, first : first + 4]
        presence = self.quotas.presence[:, first : first + 4]
        if own[row.rep].any():
            return float(4 * own[row.rep].sum() / presence[row.rep][own[row.rep] > 0].sum())
        alike = (self.company.people.segment_of[:, self.company.axis.years[year]] == row.segment) & own.all(
            axis=1
        )
        return float(own[alike].sum() / max(alike.sum(), 1))


def _continues(before: Assignment, row: Assignment) -> bool:
    """Whether a row goes on where the one before ended, in the same role."""
    return (before.rep, before.role, before.segment, before.end) == (
        row.rep,
        row.role,
        row.segment,
        row.start,
    )


def plan_table(company: Company) -> pa.Table:
    """Each plan in its versions; the second brought the bonuses."""
    axis = company.axis
    second = axis.day(int(axis.quarters[axis.first_quarter + SECOND_VERSION_QUARTER]))
    rows = []
    for plan, name in PLANS.items():
        versions = (1,) if plan == LEADERSHIP else (1, 2)
        for version in versions:
            start = axis.first if version == 1 else second
            end = OPEN_END if version == versions[-1] else second
            rows.append((plan, version, name, "USD", terms(axis, plan, version, start), start, end))
    columns = ("plan_id", "version", "name", "currency", "terms", "valid_from", "valid_to")
    return made("plans", dict(zip(columns, zip(*rows, strict=True), strict=True)))


def component_table() -> pa.Table:
    """Every component of every plan."""
    plan, component, name, kind, period, weight = zip(*_COMPONENTS, strict=True)
    return made(
        "plan_components",
        {
            "plan_id": plan,
            "component_id": component,
            "name": name,
            "kind": kind,
            "measure": ["bookings"] * len(plan),
            "period": period,
            "weight": share(np.array(weight, dtype=np.int64)),
        },
    )


def plan_assignment_table(plans: Plans) -> pa.Table:
    """Who was on which plan, with base salary, target incentive and commission rate."""
    axis, places = plans.company.axis, plans.places
    rate = np.array([p.rate for p in places])
    last = {(p.rep): n for n, p in enumerate(places)}
    ends = [
        OPEN_END if last[p.rep] == n and p.end == axis.years[p.year + 1] else axis.day(p.end)
        for n, p in enumerate(places)
    ]
    return made(
        "plan_assignments",
        {
            "plan_id": [p.plan for p in places],
            "rep_id": [plans.company.people.ids[p.rep] for p in places],
            "base_salary": money(np.array([p.base_cents for p in places])),
            "target_incentive": money(np.array([p.target_cents for p in places])),
            "rate": share(rate, rate == 0),
            "currency": [truths.CURRENCIES[plans.company.people.currency[p.rep]] for p in places],
            "valid_from": [axis.day(p.start) for p in places],
            "valid_to": ends,
        },
    )
