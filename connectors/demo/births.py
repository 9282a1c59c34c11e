"""Deals as they are opened: where, for whom, on which day, of which kind."""

from __future__ import annotations

from dataclasses import dataclass, fields

import numpy as np

from connectors.demo.columns import Flags, Floats, Ints
from connectors.demo.company import Company
from connectors.demo.stages import OPEN_STAGES
from connectors.demo.truths import LATE_ENTRY_SHARE

NEW, EXPANSION, RENEWAL = range(3)
TYPES = ("new", "expansion", "renewal")
_KIND_RUNNING: Floats = np.cumsum([0.70, 0.16])
_WEEKDAY: Floats = np.array([1.0, 1.15, 1.15, 1.1, 0.85, 0.06, 0.04])


@dataclass(frozen=True)
class Births:
    """Arrays of one length, a deal each."""

    place: Ints
    territory: Ints
    account: Ints
    created: Ints
    kind: Ints
    pipeline: Ints
    late: Flags  # entered when it was all but done
    first_stage: Ints

    def take(self, chosen: Ints) -> Births:
        """Some of the deals."""
        return Births(**{f.name: getattr(self, f.name)[chosen] for f in fields(self)})

    def __len__(self) -> int:
        """How many."""
        return len(self.place)


def births(company: Company, month: int, times: int, rng: np.random.Generator) -> Births:
    """The deals opened in a month, ``times`` as many as needed (in random order then)."""
    place = np.repeat(np.arange(len(company.cells)), company.cells[:, month] * times)
    if times > 1:
        place = rng.permutation(place)
    count = len(place)
    kind = np.searchsorted(_KIND_RUNNING, rng.random(count), side="right").astype(np.int64)
    pipeline = (kind > 0).astype(np.int64)
    late = rng.random(count) < LATE_ENTRY_SHARE
    created = _days(company, month, count, rng)
    ahead = (rng.random(count) < 0.1).astype(np.int64)
    return Births(
        place=place,
        territory=company.territories.serves[place, company.axis.year_of[created]],
        account=company.accounts.draw(place, rng.random(count)),
        created=created,
        kind=kind,
        pipeline=pipeline,
        late=late,
        first_stage=np.where(late, OPEN_STAGES[pipeline] - 1, ahead),
    )


def _days(company: Company, month: int, count: int, rng: np.random.Generator) -> Ints:
    """Days of the month, few of them on a weekend."""
    axis = company.axis
    days = np.arange(axis.months[month], min(int(axis.months[month + 1]), axis.today + 1))
    running = np.cumsum(_WEEKDAY[axis.weekday_of[days]])
    return days[
        np.searchsorted(running, rng.random(count) * running[-1], side="right").clip(max=len(days) - 1)
    ]
