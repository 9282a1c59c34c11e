"""Who held which seat when: hires, leavers, moves and promotions, month by month."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from connectors.demo.axis import WARM_UP_MONTHS, Axis
from connectors.demo.columns import generator
from connectors.demo.territories import COUNT, Territories, number
from connectors.demo.truths import (
    DEMO_REP,
    DEMO_TEAM,
    FIRST_MANAGERS,
    LOSER_MONTHS,
    RICH_CITY,
    RICH_SEGMENT,
    SANDBAGGER_TEAM,
    SPECIALISTS,
    STAGE_LOSER,
    TEAMS,
    VICE_PRESIDENTS,
)

LEAVING = 0.0125  # chance a month that a rep leaves, after the first half year
FIRST_FREE = 26  # sellers without a part in the story are numbered from here
MANAGER_CHANGES = ((1, 21), (5, 33), (9, 45), (3, 57))  # team, month: a rep is promoted
MANAGER_SWAP = (0, 6, WARM_UP_MONTHS + 36)  # two managers exchange teams at the start of the fourth year


@dataclass
class Stint:
    """A rep in a seat: a territory's number, or a manager's team; half open days."""

    rep: str
    seat: int
    start: int
    end: int


@dataclass
class Person:
    """Hire and leave day; ``leave`` is -1 for those who are still there."""

    rep: str
    hire: int
    leave: int = -1


@dataclass
class Staffing:
    """The history of every seat up to ``today``, simulated once."""

    seed: int
    axis: Axis
    territories: Territories
    people: dict[str, Person] = field(default_factory=dict)
    sellers: list[Stint] = field(default_factory=list)
    managers: list[Stint] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.rng = generator(self.seed, "staffing")
        self.far = self.axis.length
        self.next_number = FIRST_FREE
        self.seats: dict[int, Stint] = {}
        self.refill: dict[int, tuple[int, str]] = {}
        self.leads: dict[int, Stint] = {}
        self._open()
        for month in range(1, int(self.axis.month_of[self.axis.today]) + 1):
            self._month(month)
        self._close()

    def _open(self) -> None:
        """Everybody who is there on day 0."""
        for rep in ("R001", *VICE_PRESIDENTS, *SPECIALISTS, "R022", "R023"):
            self.people[rep] = Person(rep, -int(self.rng.integers(400, 2500)))
        for team in range(len(TEAMS)):
            self._lead(team, FIRST_MANAGERS[team], 0)
            self.people[FIRST_MANAGERS[team]] = Person(
                FIRST_MANAGERS[team], -int(self.rng.integers(500, 2500))
            )
        for seat in range(COUNT):
            if self.territories.is_open(seat, 0):
                rep = DEMO_REP if seat == self._demo_seat else self._new_id()
                self._hire(seat, rep, -int(self.rng.integers(60, 1800)))

    @property
    def _demo_seat(self) -> int:
        return number("Seattle", 1)

    @property
    def _loser_seat(self) -> int:
        return number("Phoenix", 1)

    @property
    def _rich_seat(self) -> int:
        return number(RICH_CITY, RICH_SEGMENT)

    def _new_id(self) -> str:
        self.next_number += 1
        return f"R{self.next_number - 1:03d}"

    def _hire(self, seat: int, rep: str, day: int) -> None:
        self.people[rep] = Person(rep, day)
        self._sit(rep, seat, max(day, 0))

    def _sit(self, rep: str, seat: int, day: int) -> None:
        self.seats[seat] = Stint(rep, seat, day, self.far)

    def _lead(self, team: int, rep: str, day: int) -> None:
        self.leads[team] = Stint(rep, team, day, self.far)

    def _month(self, month: int) -> None:
        start, end = int(self.axis.months[month]), min(int(self.axis.months[month + 1]), self.axis.today)
        if month >= WARM_UP_MONTHS and (month - WARM_UP_MONTHS) % 12 == 0:
            self._new_year((month - WARM_UP_MONTHS) // 12, start)
        self._promote(month, start)
        self._fill(end)
        for seat in sorted(self.seats):
            if self._leaves(seat, month):
                self._leave(seat, int(self.rng.integers(start, max(end, start + 1))))

    def _leaves(self, seat: int, month: int) -> bool:
        """Whether the seat's holder leaves this month; the story's own people do so on cue."""
        drawn = self.rng.random() < LEAVING
        if seat == self._demo_seat:
            return False
        if seat == self._rich_seat:
            return month == WARM_UP_MONTHS + 25
        if seat == self._loser_seat:
            return month == self._loser_month
        return drawn and int(self.axis.months[month]) - self.seats[seat].start > 180

    @property
    def _loser_month(self) -> int:
        return int(self.axis.month_of[self.axis.today]) - LOSER_MONTHS

    def _leave(self, seat: int, day: int) -> None:
        stint = self._end(seat, day)
        self.people[stint.rep].leave = day
        refill = min(day + int(self.rng.integers(8, 80)), self.far)
        self.refill[seat] = (refill, STAGE_LOSER if seat == self._loser_seat else "")

    def _end(self, seat: int, day: int) -> Stint:
        stint = self.seats.pop(seat)
        stint.end = day
        self.sellers.append(stint)
        return stint

    def _fill(self, end: int) -> None:
        """Hire for the seats whose vacancy ends by ``end``."""
        for seat in sorted(self.refill):
            day, rep = self.refill[seat]
            if day <= end:
                del self.refill[seat]
                self._hire(seat, rep or self._new_id(), day)

    def _new_year(self, year: int, start: int) -> None:
        """New territories open, and a few reps change places across teams."""
        for seat in np.flatnonzero(self.territories.opens == year).tolist() if year else []:
            self._hire(seat, self._new_id(), min(start + int(self.rng.integers(0, 12)), self.axis.today))
        if not year:
            return
        for region in range(4):
            self._swap(region, start)
        if start == self.axis.months[MANAGER_SWAP[2]]:
            self._swap_managers(start)

    def _free(self, seat: int, start: int) -> bool:
        return (
            seat not in (self._demo_seat, self._rich_seat, self._loser_seat)
            and self.seats[seat].start < start - 200
        )

    def _swap(self, region: int, start: int) -> None:
        """A commercial and a mid-market rep of a region change places."""
        seats = [
            s for s in sorted(self.seats) if self._free(s, start) and self.territories.region[s] == region
        ]
        low = [s for s in seats if self.territories.segment[s] == 0]
        high = [s for s in seats if self.territories.segment[s] == 1]
        one, other = low[int(self.rng.integers(len(low)))], high[int(self.rng.integers(len(high)))]
        first, second = self._end(one, start), self._end(other, start)
        self._sit(first.rep, other, start)
        self._sit(second.rep, one, start)

    def _swap_managers(self, day: int) -> None:
        one, other = self.leads[MANAGER_SWAP[0]].rep, self.leads[MANAGER_SWAP[1]].rep
        for team, rep in ((MANAGER_SWAP[0], other), (MANAGER_SWAP[1], one)):
            self._end_lead(team, day)
            self._lead(team, rep, day)

    def _end_lead(self, team: int, day: int) -> Stint:
        stint = self.leads.pop(team)
        stint.end = day
        self.managers.append(stint)
        return stint

    def _promote(self, month: int, start: int) -> None:
        """A manager leaves, and the rep longest in the team takes over."""
        for team in [
            t for t, when in MANAGER_CHANGES if when == month and t not in (DEMO_TEAM, SANDBAGGER_TEAM)
        ]:
            year = int(self.axis.year_of[start])
            own = [
                s
                for s in sorted(self.seats)
                if self.territories.team[s, year] == team and self._free(s, start)
            ]
            seat = min(own, key=lambda s: self.people[self.seats[s].rep].hire)
            self.people[self._end_lead(team, start).rep].leave = start
            self._lead(team, self._end(seat, start).rep, start)
            self.refill[seat] = (start + int(self.rng.integers(20, 70)), "")

    def _close(self) -> None:
        self.sellers.extend(self.seats.values())
        self.managers.extend(self.leads.values())
