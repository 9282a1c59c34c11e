"""The people: who they are, whom they report to and what they cover, on every day."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

import numpy as np
import pyarrow as pa

from connectors.demo import names, truths
from connectors.demo.axis import Axis
from connectors.demo.columns import Bytes, Floats, Ints, Shorts, generator, made
from connectors.demo.settings import RAMPS
from connectors.demo.staffing import Staffing, Stint
from connectors.demo.territories import COUNT, Territories
from warehouse.tables import OPEN_END, UNASSIGNED

SELLER, MANAGER, VICE_PRESIDENT, EXECUTIVE, SPECIALIST, STAFF = range(6)
ROLES = (
    "account_executive",
    "manager",
    "vice_president",
    "chief_revenue_officer",
    "product_specialist",
    "operations",
)
EARLY_PRODUCTIVITY = 0.35  # what somebody new gets done with a territory that is known
VACANT_PRODUCTIVITY = 0.65  # what the manager gets done in an empty seat


@dataclass(frozen=True)
class Assignment:
    """One row of assignments, days by number; ``end`` past the axis means still in force."""

    rep: int
    manager: str
    team: str
    territory: str
    role: int
    ramp: str | None
    start: int
    end: int
    team_number: int = -1
    segment: int = -1


@dataclass(frozen=True)
class People:
    """Everybody by number (the order of their ids)."""

    seed: int
    axis: Axis
    territories: Territories

    @cached_property
    def staffing(self) -> Staffing:
        """Who held which seat."""
        return Staffing(self.seed, self.axis, self.territories)

    @cached_property
    def ids(self) -> list[str]:
        """Everybody's key."""
        return sorted(self.staffing.people)

    @cached_property
    def numbers(self) -> dict[str, int]:
        """Everybody's number by key."""
        return {rep: n for n, rep in enumerate(self.ids)}

    @cached_property
    def leads(self) -> Shorts:
        """Number of the manager of each team on each day."""
        found = np.full((len(truths.TEAMS), self.axis.length), -1, dtype=np.int16)
        for stint in self.staffing.managers:
            found[stint.seat, stint.start : stint.end] = self.numbers[stint.rep]
        return found

    @cached_property
    def holder(self) -> Shorts:
        """Number of the rep in each territory on each day; -1 while the seat is empty."""
        found = np.full((COUNT, self.axis.length), -1, dtype=np.int16)
        for stint in self.staffing.sellers:
            found[stint.seat, stint.start : stint.end] = self.numbers[stint.rep]
        return found

    @cached_property
    def owner(self) -> Shorts:
        """Who works each territory on each day: its holder, else the team's manager."""
        teams = self.territories.team[:, self.axis.year_of]
        cover = np.take_along_axis(self.leads, teams, axis=0)
        return np.where(self.holder < 0, cover, self.holder)

    @cached_property
    def next_owner_change(self) -> Ints:
        """For each territory and day, the next later day its owner changes; past the axis if never."""
        changed = np.zeros((COUNT, self.axis.length), dtype=bool)
        changed[:, 1:] = np.diff(self.owner, axis=1) != 0
        days = np.where(changed, np.arange(self.axis.length), self.axis.length + 1)
        later = np.minimum.accumulate(days[:, ::-1], axis=1)[:, ::-1]
        return np.concatenate([later[:, 1:], np.full((COUNT, 1), self.axis.length + 1)], axis=1).astype(
            np.int32
        )

    @cached_property
    def hired(self) -> Ints:
        """Day each was hired; negative before the axis."""
        return np.array([self.staffing.people[rep].hire for rep in self.ids])

    @cached_property
    def skill(self) -> Floats:
        """Small true differences in how much each gets out of a deal."""
        return generator(self.seed, "skill").normal(0, truths.SKILL_SPREAD, len(self.ids))

    @cached_property
    def diligence(self) -> Floats:
        """How many deals each opens, relative to a usual rep."""
        return np.exp(generator(self.seed, "diligence").normal(0, 0.05, len(self.ids)))

    @cached_property
    def currency(self) -> Ints:
        """Currency of each one's pay: 0 dollars, 1 euros."""
        found = np.zeros(len(self.ids), dtype=np.int64)
        for row in self.assignments:
            if "EMEA" in row.team:
                found[row.rep] = 1
        return found

    @cached_property
    def team_of(self) -> Bytes:
        """Team of each seller and manager on each day; -1 outside."""
        found = np.full((len(self.ids), self.axis.length), -1, dtype=np.int8)
        for row in self.assignments:
            if row.team_number >= 0:
                found[row.rep, max(row.start, 0) : row.end] = row.team_number
        return found

    @cached_property
    def segment_of(self) -> Bytes:
        """Segment of each seller on each day; -1 for everybody else."""
        found = np.full((len(self.ids), self.axis.length), -1, dtype=np.int8)
        for row in self.assignments:
            if row.role == SELLER:
                found[row.rep, max(row.start, 0) : row.end] = row.segment
        return found

    def productivity(self, territory: int, day: int) -> float:
        """How much of a usual rep's work is done in a territory around a day (ramping, vacancies)."""
        rep = int(self.holder[territory, day])
        if rep < 0:
            return VACANT_PRODUCTIVITY
        name = "enterprise" if self.territories.segment[territory] == 2 else "standard"
        months = int((day - self.hired[rep]) // 30)
        shares = RAMPS[name]
        ramp = float(shares[months]) if 0 <= months < len(shares) else 1.0
        return float((EARLY_PRODUCTIVITY + (1 - EARLY_PRODUCTIVITY) * ramp) * self.diligence[rep])

    @cached_property
    def assignments(self) -> list[Assignment]:
        """Everybody's assignments, never two at once."""
        rows = [*self._leadership(), *self._managers()]
        for stint in self.staffing.sellers:
            rows.extend(self._seller(stint))
        return sorted(rows, key=lambda row: (row.rep, row.start))

    def _leadership(self) -> Iterator[Assignment]:
        yield self._standing(truths.EXECUTIVE, UNASSIGNED, "Company", UNASSIGNED, EXECUTIVE)
        for region, vice, specialist in zip(
            truths.REGIONS, truths.VICE_PRESIDENTS, truths.SPECIALISTS, strict=True
        ):
            yield self._standing(vice, truths.EXECUTIVE, region, f"T-{region}", VICE_PRESIDENT)
            yield self._standing(specialist, vice, f"{region} Specialists", f"T-{region}", SPECIALIST)
        for rep in (truths.COMPENSATION_ADMIN, truths.ADMINISTRATOR):
            yield self._standing(rep, truths.EXECUTIVE, "Operations", UNASSIGNED, STAFF)

    def _standing(self, rep: str, manager: str, team: str, territory: str, role: int) -> Assignment:
        number = self.numbers[rep]
        return Assignment(
            number, manager, team, territory, role, None, int(self.hired[number]), self.axis.length
        )

    def _managers(self) -> Iterator[Assignment]:
        for stint in self.staffing.managers:
            region = stint.seat // 3
            yield Assignment(
                self.numbers[stint.rep],
                truths.VICE_PRESIDENTS[region],
                truths.TEAMS[stint.seat],
                f"T-{truths.REGIONS[region]}",
                MANAGER,
                None,
                self._from(stint.rep, stint.start),
                stint.end,
                stint.seat,
            )

    def _seller(self, stint: Stint) -> Iterator[Assignment]:
        """A stint, cut where the territory changes team or the team its manager."""
        days = np.arange(stint.start, stint.end)
        teams = self.territories.team[stint.seat, self.axis.year_of[days]]
        managers = self.leads[teams, days]
        changed = (np.diff(teams) != 0) | (np.diff(managers) != 0)
        cuts = [0, *(np.flatnonzero(changed) + 1).tolist(), len(days)]
        segment = int(self.territories.segment[stint.seat])
        for first, last in pairwise(cuts):
            yield Assignment(
                self.numbers[stint.rep],
                self.ids[managers[first]],
                truths.TEAMS[teams[first]],
                self.territories.ids[stint.seat],
                SELLER,
                "enterprise" if segment == 2 else "standard",
                self._from(stint.rep, stint.start + first),
                stint.start + last,
                int(teams[first]),
                segment,
            )

    def _from(self, rep: str, day: int) -> int:
        """People who were there before day 0 were there since they were hired."""
        return self.staffing.people[rep].hire if day == 0 else day


def reps(world: People) -> pa.Table:
    """Everybody, with an invented name and an address that reaches nobody."""
    known = {viewer.key: viewer for viewer in truths.DEMO_VIEWERS}
    drawn = dict(zip(world.ids, names.people(world.seed, len(world.ids)), strict=True))
    full = {rep: known[rep].name if rep in known else drawn[rep] for rep in world.ids}
    last_role = {row.rep: row.role for row in world.assignments}
    people = [world.staffing.people[rep] for rep in world.ids]
    return made(
        "reps",
        {
            "rep_id": world.ids,
            "email": [known[rep].email if rep in known else names.email(full[rep]) for rep in world.ids],
            "name": list(full.values()),
            "role": [ROLES[last_role[n]] for n in range(len(world.ids))],
            "hire_date": [world.axis.day(p.hire) for p in people],
            "leave_date": [None if p.leave < 0 else world.axis.day(p.leave) for p in people],
            "active": [p.leave < 0 for p in people],
            "currency": [truths.CURRENCIES[c] for c in world.currency],
        },
    )


def assignments(world: People) -> pa.Table:
    """Who reported to whom, in which team and territory, from when to when."""
    rows = world.assignments
    ends = [OPEN_END if row.end >= world.axis.length else world.axis.day(row.end) for row in rows]
    return made(
        "assignments",
        {
            "rep_id": [world.ids[row.rep] for row in rows],
            "manager_id": [row.manager for row in rows],
            "team_id": [row.team for row in rows],
            "territory_id": [row.territory for row in rows],
            "role": [ROLES[row.role] for row in rows],
            "ramp_schedule": [row.ramp for row in rows],
            "valid_from": [world.axis.day(row.start) for row in rows],
            "valid_to": ends,
        },
    )
