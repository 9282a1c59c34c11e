"""Customers and prospects: where they are, how large, whose."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pyarrow as pa

from connectors.demo import names
from connectors.demo.axis import FISCAL_YEARS
from connectors.demo.columns import Floats, Ints, generator, keys, made, money, picked, prefixed
from connectors.demo.people import People
from connectors.demo.territories import CITIES, PLACES, Territories
from connectors.demo.truths import CURRENCIES, REGION_CURRENCY, REGIONS, SEGMENTS
from warehouse.tables import OPEN_END

INDUSTRIES = (
    "Manufacturing",
    "Transport",
    "Retail",
    "Energy",
    "Healthcare",
    "Food",
    "Construction",
    "Agriculture",
    "Hospitality",
    "Public sector",
)
_CROWD = np.array([1.5, 1.0, 0.5])  # accounts of a territory, by segment


@dataclass(frozen=True)
class Accounts:
    """All accounts by number, in the order of their home place (a territory's number)."""

    seed: int
    count: int
    territories: Territories

    @cached_property
    def home(self) -> Ints:
        """Place of each account; every place has some."""
        crowd = _CROWD[self.territories.segment] * np.where(self.territories.richness < 0.5, 0.2, 1.0)
        last = np.cumsum(crowd) / crowd.sum()
        return np.searchsorted(last, (np.arange(self.count) + 0.5) / self.count).astype(np.int64)

    @cached_property
    def weight(self) -> Floats:
        """Share of its place's potential that an account has."""
        drawn = np.exp(generator(self.seed, "account sizes").normal(0, 0.8, self.count))
        return drawn / np.bincount(self.home, drawn)[self.home]

    @cached_property
    def relative(self) -> Floats:
        """Size of an account among those of its place; 1 is usual."""
        return self.weight * np.bincount(self.home)[self.home]

    @cached_property
    def potential(self) -> Ints:
        """Addressable value a year, in cents of dollars, in the latest year."""
        exact = self.territories.potential[self.home, -1] * self.weight
        return np.rint(exact / 1e5).astype(np.int64) * 100_000

    @cached_property
    def region(self) -> Ints:
        """Region of each account's home."""
        return self.territories.region[self.home]

    @cached_property
    def currency(self) -> Ints:
        """Currency it buys in: 0 dollars, 1 euros; some customers in Europe buy in dollars."""
        local = np.array(REGION_CURRENCY)[self.region]
        dollars = generator(self.seed, "account currency").random(self.count) < 0.08
        return np.where(dollars, 0, local)

    @cached_property
    def industry(self) -> Ints:
        """Industry of each."""
        return generator(self.seed, "industries").integers(0, len(INDUSTRIES), self.count)

    @cached_property
    def order(self) -> tuple[Floats, Ints, Ints]:
        """Running weight, and first and one-past-last account of each place, to draw accounts from."""
        count = np.bincount(self.home, minlength=len(self.territories.region))
        last = np.cumsum(count)
        return np.cumsum(self.weight), last - count, last

    def draw(self, place: Ints, luck: Floats) -> Ints:
        """An account of each place: the larger, the likelier."""
        running, first, last = self.order
        low = np.where(first[place] > 0, running[first[place] - 1], 0.0)
        found = np.searchsorted(running, low + luck * (running[last[place] - 1] - low), side="right")
        return np.clip(found, first[place], last[place] - 1)

    @cached_property
    def ids(self) -> pa.Array:
        """Keys of all accounts."""
        return prefixed("A", np.arange(self.count) + 100_000)

    @cached_property
    def names(self) -> pa.Array:
        """Invented company names."""
        return names.companies(self.seed, self.count)


def accounts(world: Accounts, people: People) -> pa.Table:
    """Every account as it stands today."""
    place = world.home
    year = int(people.axis.year_of[people.axis.today])
    serving = world.territories.serves[place, year]
    return made(
        "accounts",
        {
            "account_id": world.ids,
            "name": world.names,
            "parent_id": _parents(world),
            "owner_id": keys(people.ids, people.owner[serving, people.axis.today].astype(np.int64)),
            "industry": picked(INDUSTRIES, world.industry),
            "segment": picked(SEGMENTS, world.territories.segment[place]),
            "region": picked(REGIONS, world.territories.team[serving, year] // 3),
            **_where(world),
            "potential": _potential(world),
            "currency": picked(CURRENCIES, world.currency),
        },
    )


def _potential(world: Accounts) -> pa.Array:
    """In the account's own currency, at a round rate: nobody knows it better."""
    euros = world.currency == 1
    return money(
        np.where(euros, np.rint(world.potential / 1.1e5).astype(np.int64) * 100_000, world.potential)
    )


def _parents(world: Accounts) -> pa.Array:
    """One account in twenty belongs to the largest-numbered neighbour before it of the same place."""
    child = generator(world.seed, "parents").random(world.count) < 0.05
    same = np.concatenate([[False], world.home[1:] == world.home[:-1]])
    root = np.maximum.accumulate(np.where(child & same, -1, np.arange(world.count)))
    parent = np.where(child & same, root, -1)
    known = np.concatenate([world.ids.to_numpy(zero_copy_only=False), ["unassigned"]])
    return pa.array(known[np.where(parent < 0, world.count, parent)], pa.string())


def _where(world: Accounts) -> dict[str, pa.Array]:
    """Country and position, scattered around the city."""
    cities = [CITIES[r][p] for r in range(len(REGIONS)) for _ in SEGMENTS for p in range(PLACES)]
    centre = np.array([[city[2], city[3]] for city in cities])[world.home]
    scatter = generator(world.seed, "positions").normal(0, 0.22, (world.count, 2))
    position = np.round(centre + scatter, 5)
    return {
        "country": picked([city[1] for city in cities], world.home),
        "latitude": pa.array(position[:, 0]),
        "longitude": pa.array(position[:, 1]),
    }


def territory_accounts(world: Accounts, people: People) -> pa.Table:
    """Which territory each account lies in: until its own opens, a neighbour's."""
    axis, serves = people.axis, world.territories.serves
    now = int(axis.year_of[axis.today])
    parts = []
    for year in range(now + 1):
        begins = np.ones(len(serves), bool) if year == 0 else serves[:, year] != serves[:, year - 1]
        ends = np.full(len(serves), FISCAL_YEARS)
        for later in range(now, year, -1):
            ends = np.where(serves[:, later] != serves[:, later - 1], later, ends)
        parts.append(_in_force(world, people, year, begins, ends))
    return pa.concat_tables(parts).combine_chunks()


def _in_force(world: Accounts, people: People, year: int, begins: np.ndarray, ends: Ints) -> pa.Table:
    axis = people.axis
    chosen = np.flatnonzero(begins[world.home])
    place = world.home[chosen]
    last = pa.array([*[axis.day(d) for d in axis.years[:FISCAL_YEARS]], OPEN_END], pa.date32())
    start = axis.start if year == 0 else axis.day(axis.years[year])
    return made(
        "territory_accounts",
        {
            "territory_id": picked(world.territories.ids, world.territories.serves[place, year]),
            "account_id": world.ids.take(pa.array(chosen)),
            "valid_from": pa.repeat(pa.scalar(start, pa.date32()), len(chosen)),
            "valid_to": last.take(pa.array(ends[place])),
        },
    )
