"""Calls, meetings, mails and tasks around the deals, and some without one."""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from connectors.demo import truths
from connectors.demo.columns import Ints, generator, keys, made, picked, prefixed
from connectors.demo.deals import Deals

KINDS = ("call", "meeting", "mail", "task")
_KIND_RUNNING = np.cumsum([0.34, 0.18, 0.38])
_MINUTES: Ints = np.array([15, 45, 5, 20])
OUTCOMES = ("Reached", "No answer", "Follow-up agreed", "Information sent", None)
PROSPECTING = 0.12  # activities with an account and no deal
_PER_DEAL = 40


def activity_table(found: Deals, per_deal: float) -> pa.Table:
    """Activities of one month's deals, ``per_deal`` of them on average, deeper deals having more."""
    rng = generator(found.company.seed, "activities", found.month)
    deal, place = _who(found, per_deal, rng)
    day = _when(found, deal, rng)
    kind = np.searchsorted(_KIND_RUNNING, rng.random(len(deal)), side="right")
    second = 13 * 3600 + rng.integers(0, 8 * 3600, len(deal)) // 300 * 300
    alone = rng.random(len(deal)) < PROSPECTING
    company = found.company
    return made(
        "activities",
        {
            "activity_id": prefixed("V", found.number[deal] * _PER_DEAL + place),
            "rep_id": keys(
                company.people.ids, company.people.owner[found.born.territory[deal], day].astype(np.int64)
            ),
            "opportunity_id": _deal_ids(found, deal, alone),
            "account_id": company.accounts.ids.take(pa.array(found.born.account[deal])),
            "kind": picked(KINDS, kind),
            "started_at": company.axis.stamps(day, second),
            "started_on": company.axis.dates(day),
            "minutes": pa.array(_MINUTES[kind] + rng.integers(0, 6, len(deal)) * 5),
            "outcome": picked(OUTCOMES, rng.integers(0, len(OUTCOMES), len(deal))),
            "source_updated_at": company.axis.stamps(_written(found, day, rng), second + 600),
        },
    )


def _who(found: Deals, per_deal: float, rng: np.random.Generator) -> tuple[Ints, Ints]:
    """The deal of each activity, and its place on that deal."""
    depth = (2.0 + found.end.last_stage) / 3.9
    count = np.minimum(rng.poisson(per_deal * depth), _PER_DEAL - 1)
    deal = np.repeat(np.arange(len(found)), count)
    return deal, np.arange(len(deal)) - np.repeat(np.cumsum(count) - count, count)


def _when(found: Deals, deal: Ints, rng: np.random.Generator) -> Ints:
    """A weekday between the deal's opening and its end, or today."""
    axis, born = found.company.axis, found.born.created[deal]
    last = np.minimum(found.end.closed[deal], axis.today)
    day = born + np.floor(rng.random(len(deal)) * (last - born + 1)).astype(np.int64)
    back = np.maximum(axis.weekday_of[day] - 4, 0)
    return np.where(day - back >= born, day - back, day)


def _written(found: Deals, day: Ints, rng: np.random.Generator) -> Ints:
    """When it was entered: usually that day, for some weeks later, never after today."""
    late = np.where(rng.random(len(day)) < truths.LATE_ACTIVITY_SHARE, rng.integers(10, 45, len(day)), 0)
    return np.minimum(day + late, found.company.axis.today)


def _deal_ids(found: Deals, deal: Ints, alone: np.ndarray[tuple[int], np.dtype[np.bool_]]) -> pa.Array:
    known = pa.concat_arrays([found.ids, pa.array(["unassigned"])])
    return known.take(pa.array(np.where(alone, len(found), deal)))
