"""Who shares a deal: a colleague of the team (revenue), a product specialist (overlay)."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from connectors.demo import truths
from connectors.demo.births import Births
from connectors.demo.columns import Flags, Ints, keys, made, share
from connectors.demo.company import Company, years_of
from connectors.demo.outcomes import Outcomes
from connectors.demo.territories import COUNT, PLACES, Territories

SHARED, OVERLAID = 0.13, 0.10  # of the deals that come so far that somebody joins
_PARTNER_TENTHS: Ints = np.array([5, 4, 3, 2])
_OVERLAY_TENTHS: Ints = np.array([10, 10, 5])


@dataclass(frozen=True)
class Splits:
    """The colleague's number and share of each deal, and the specialist's; -1 and 0 for nobody."""

    partner: Ints
    partner_tenths: Ints
    specialist: Ints
    specialist_tenths: Ints

    @property
    def shared(self) -> Flags:
        """Deals with a revenue split."""
        return self.partner >= 0


def splits(company: Company, born: Births, end: Outcomes, owner: Ints, rng: np.random.Generator) -> Splits:
    """Draw who joins each deal; only deals that come to an evaluation find company."""
    count = len(born)
    day = np.minimum(end.closed, company.axis.today)
    team = company.territories.team[born.territory, years_of(company.axis, day)]
    deep = np.where(born.pipeline == 0, end.last_stage >= 2, end.last_stage >= 1)
    partner = company.people.holder[_neighbour(company, team, day, rng), day].astype(np.int64)
    joined = deep & (rng.random(count) < SHARED) & (partner >= 0) & (partner != owner)
    overlaid = deep & (rng.random(count) < OVERLAID)
    specialist = np.array([company.people.numbers[s] for s in truths.SPECIALISTS])[team // 3]
    return Splits(
        np.where(joined, partner, -1),
        np.where(joined, rng.choice(_PARTNER_TENTHS, count), 0),
        np.where(overlaid, specialist, -1),
        np.where(overlaid, rng.choice(_OVERLAY_TENTHS, count), 0),
    )


@cache
def _members(territories: Territories) -> Ints:
    """Six territories of each team in each fiscal year, some repeated: (teams, years, 6)."""
    years = territories.team.shape[1]
    found = np.zeros((len(truths.TEAMS), years, PLACES), dtype=np.int64)
    for team in range(len(truths.TEAMS)):
        for year in range(years):
            own = [
                t for t in range(COUNT) if territories.team[t, year] == team and territories.is_open(t, year)
            ]
            found[team, year] = np.resize(own, PLACES)
    return found


def _neighbour(company: Company, team: Ints, day: Ints, rng: np.random.Generator) -> Ints:
    members = _members(company.territories)
    return members[team, years_of(company.axis, day), rng.integers(0, PLACES, len(team))]


def split_table(company: Company, ids: pa.Array, owner: Ints, found: Splits) -> pa.Table:
    """Rows for shared and overlaid deals; other deals belong to their owner alone."""
    shared, overlaid = np.flatnonzero(found.shared), np.flatnonzero(found.specialist >= 0)
    deal = np.concatenate([shared, shared, overlaid])
    rep = np.concatenate([owner[shared], found.partner[shared], found.specialist[overlaid]])
    partner = found.partner_tenths[shared]
    tenths = np.concatenate([10 - partner, partner, found.specialist_tenths[overlaid]])
    kind = np.repeat(["1", "2", "3"], [len(shared), len(shared), len(overlaid)])
    opportunity = ids.take(pa.array(deal))
    return made(
        "opportunity_splits",
        {
            "split_id": _split_ids(opportunity, kind),
            "opportunity_id": opportunity,
            "rep_id": keys(company.people.ids, rep),
            "kind": pa.array(np.where(kind == "3", "overlay", "revenue")),
            "share": share(tenths * 100_000),
        },
    )


def _split_ids(opportunity: pa.Array, kind: np.ndarray[tuple[int], np.dtype[np.str_]]) -> pa.Array:
    return pc.binary_join_element_wise("S", pc.utf8_slice_codeunits(opportunity, 1), pa.array(kind), "")
