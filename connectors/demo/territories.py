"""Territories: a city and a segment each, in a team; some open later, some change team."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache, cached_property

import numpy as np
import pyarrow as pa

from connectors.demo.axis import FISCAL_YEARS, Axis
from connectors.demo.columns import Floats, Ints, generator, made, money
from connectors.demo.truths import REGIONS, RICH_CITY, RICH_FACTOR, RICH_QUOTA_FACTOR, RICH_SEGMENT, SEGMENTS
from warehouse.tables import OPEN_END

# city, country, latitude, longitude; nine a region
CITIES: tuple[tuple[tuple[str, str, float, float], ...], ...] = (
    (
        ("Boston", "US", 42.36, -71.06),
        ("New York", "US", 40.71, -74.01),
        ("Philadelphia", "US", 39.95, -75.17),
        ("Pittsburgh", "US", 40.44, -79.99),
        ("Atlanta", "US", 33.75, -84.39),
        ("Miami", "US", 25.76, -80.19),
        ("Charlotte", "US", 35.23, -80.84),
        ("Washington", "US", 38.91, -77.04),
        ("Buffalo", "US", 42.89, -78.88),
    ),
    (
        ("Chicago", "US", 41.88, -87.63),
        ("Detroit", "US", 42.33, -83.05),
        ("Minneapolis", "US", 44.98, -93.27),
        ("Denver", "US", 39.74, -104.99),
        ("Dallas", "US", 32.78, -96.80),
        ("Houston", "US", 29.76, -95.37),
        ("St. Louis", "US", 38.63, -90.20),
        ("Kansas City", "US", 39.10, -94.58),
        ("Nashville", "US", 36.16, -86.78),
    ),
    (
        ("Seattle", "US", 47.61, -122.33),
        ("Portland", "US", 45.52, -122.68),
        ("San Francisco", "US", 37.77, -122.42),
        ("Los Angeles", "US", 34.05, -118.24),
        ("San Diego", "US", 32.72, -117.16),
        ("San Jose", "US", 37.34, -121.89),
        ("Phoenix", "US", 33.45, -112.07),
        ("Las Vegas", "US", 36.17, -115.14),
        ("Salt Lake City", "US", 40.76, -111.89),
    ),
    (
        ("Paris", "FR", 48.86, 2.35),
        ("Berlin", "DE", 52.52, 13.41),
        ("Munich", "DE", 48.14, 11.58),
        ("Amsterdam", "NL", 52.37, 4.90),
        ("Madrid", "ES", 40.42, -3.70),
        ("Milan", "IT", 45.46, 9.19),
        ("Vienna", "AT", 48.21, 16.37),
        ("Dublin", "IE", 53.35, -6.26),
        ("Brussels", "BE", 50.85, 4.35),
    ),
)
PLACES = len(CITIES[0])
COUNT = len(REGIONS) * len(SEGMENTS) * PLACES
# Addressable value a year of a usual territory, in cents.
SEGMENT_POTENTIAL: Floats = np.array([3.0e8, 5.0e8, 8.0e8])
# Fiscal year a place's territory opens, by segment; the last places wait, or never open.
_NEVER = 99
_OPENS = {
    0: {7: (1, 2, 3, 1), 8: (4, _NEVER, 4, _NEVER)},
    1: {7: (2, 3, 2, 3), 8: (_NEVER, 5, _NEVER, 5)},
    2: {6: (1, 3, 1, 3), 7: (4, 4, 4, 4), 8: (_NEVER,) * 4},
}
# Territories that changed region: (city, segment, region they moved to, from fiscal year).
MOVES = (("Pittsburgh", 1, "Central", 2), ("Denver", 0, "West", 3))


@cache
def number(city: str, segment: int) -> int:
    """The number of a city's territory for a segment."""
    for region, places in enumerate(CITIES):
        for place, (name, *_) in enumerate(places):
            if name == city:
                return (region * len(SEGMENTS) + segment) * PLACES + place
    raise KeyError(city)


@dataclass(frozen=True)
class Territories:
    """All territories by number: (region × segments + segment) × places + place."""

    seed: int

    @cached_property
    def region(self) -> Ints:
        """Home region."""
        return np.arange(COUNT) // (PLACES * len(SEGMENTS))

    @cached_property
    def segment(self) -> Ints:
        """Segment."""
        return np.arange(COUNT) // PLACES % len(SEGMENTS)

    @cached_property
    def opens(self) -> Ints:
        """Fiscal year each opens, 0 to 5; later than that is never."""
        place = np.arange(COUNT) % PLACES
        found = [
            _OPENS[s].get(p, (0,) * 4)[r]
            for r, s, p in zip(self.region.tolist(), self.segment.tolist(), place.tolist(), strict=True)
        ]
        return np.array(found)

    @cached_property
    def team(self) -> Ints:
        """Team by territory and fiscal year."""
        team = np.repeat((self.region * 3 + self.segment)[:, None], FISCAL_YEARS, axis=1)
        for city, segment, region, year in MOVES:
            team[number(city, segment), year:] = REGIONS.index(region) * 3 + segment
        return team

    @cached_property
    def serves(self) -> Ints:
        """Which territory serves the accounts of each place, by fiscal year: until one opens, a neighbour."""
        own = np.arange(COUNT)
        return np.stack([np.where(self.opens <= y, own, own - 4) for y in range(FISCAL_YEARS)], axis=1)

    @cached_property
    def richness(self) -> Floats:
        """Potential relative to a usual territory of the segment."""
        spread = np.exp(generator(self.seed, "territories").normal(0, 0.06, COUNT))
        spread[self.opens > FISCAL_YEARS] *= 0.15  # white space: little is there
        spread[number(RICH_CITY, RICH_SEGMENT)] = RICH_FACTOR
        return spread

    @cached_property
    def quota_factor(self) -> Floats:
        """What the quota setters believe of each territory, relative to a usual one."""
        believed = np.sqrt(self.richness)
        believed[number(RICH_CITY, RICH_SEGMENT)] = RICH_QUOTA_FACTOR
        return believed

    @cached_property
    def potential(self) -> Ints:
        """Addressable value a year of each place by fiscal year, in cents of US dollars."""
        base = SEGMENT_POTENTIAL[self.segment] * self.richness
        return np.rint(base[:, None] * 1.04 ** np.arange(FISCAL_YEARS) / 1e7).astype(np.int64) * 10_000_000

    @cached_property
    def ids(self) -> list[str]:
        """Keys of all territories."""
        return [f"T{n + 1:03d}" for n in range(COUNT)]

    @cached_property
    def names(self) -> list[str]:
        """Such as Seattle Mid-Market."""
        places = [place[0] for region in CITIES for _ in SEGMENTS for place in region]
        return [f"{city} {SEGMENTS[s]}" for city, s in zip(places, self.segment.tolist(), strict=True)]

    def is_open(self, territory: int, year: int) -> bool:
        """Whether somebody can hold the territory in a fiscal year."""
        return bool(self.opens[territory] <= year)


def territories(world: Territories, axis: Axis) -> pa.Table:
    """One row a territory and fiscal year, and one a region above them."""
    rows = _regions(axis)
    for t in np.flatnonzero(world.opens < FISCAL_YEARS).tolist():
        rows.extend(_rows(world, axis, t))
    return made(
        "territories",
        {**{k: [r[k] for r in rows] for k in rows[0] if k != "cents"}, "potential": _potential(rows)},
    )


def _potential(rows: list[dict[str, object]]) -> pa.Array:
    cents = np.array([r["cents"] or 0 for r in rows], dtype=np.int64)
    return money(cents, cents == 0)


def _row(
    key: str, name: str, region: int, parent: str | None, cents: int, start: object, end: object
) -> dict[str, object]:
    return {
        "territory_id": key,
        "name": name,
        "region_id": REGIONS[region],
        "parent_id": parent or "unassigned",
        "cents": cents,
        "valid_from": start,
        "valid_to": end,
    }


def _regions(axis: Axis) -> list[dict[str, object]]:
    return [_row(f"T-{name}", name, r, None, 0, axis.start, OPEN_END) for r, name in enumerate(REGIONS)]


def _rows(world: Territories, axis: Axis, t: int) -> list[dict[str, object]]:
    """A territory's rows: its potential is set anew each fiscal year."""
    found = []
    first = int(world.opens[t])
    now = int(axis.year_of[axis.today])
    for year in range(first, now + 1):
        start = axis.start if year == 0 else axis.day(axis.years[year])
        end = OPEN_END if year == now else axis.day(axis.years[year + 1])
        region = int(world.team[t, year]) // 3
        cents = int(world.potential[world.serves[:, year] == t, year].sum())
        found.append(_row(world.ids[t], world.names[t], region, f"T-{REGIONS[region]}", cents, start, end))
    return found
