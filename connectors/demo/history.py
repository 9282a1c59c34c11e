"""The trails of many deals as rows of opportunity_changes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from connectors.demo import stages
from connectors.demo.columns import Ints, keys, made, money_words, picked, prefixed
from connectors.demo.company import Company
from connectors.demo.trail import Trail

MORNING = 13 * 3600  # nine o'clock in New York, or eight
SLOT_SECONDS = 700
_PER_DEAL = 100  # change ids leave room for so many changes a deal
_PER_FIELD = 20


@dataclass(frozen=True)
class History:
    """The five fields whose past is kept."""

    stage_id: Trail
    forecast_category: Trail
    close_on: Trail
    amount: Trail
    owner_id: Trail

    def last_change(self, created: Ints, today: int) -> Ints:
        """Day of the latest change of each deal, up to today."""
        latest = created
        for trail in (self.stage_id, self.close_on, self.amount, self.owner_id):
            known = np.where(trail.happens & (trail.day <= today), trail.day, 0)
            latest = np.maximum(latest, known.max(axis=1))
        return latest


def change_table(
    company: Company, history: History, number: Ints, ids: pa.Array, territory: Ints, rng: np.random.Generator
) -> pa.Table:
    """Every change up to today; ``number`` and ``ids`` name the deals."""
    noon = rng.integers(0, 2 * 3600, len(number))
    parts = []
    for place, (field, words) in enumerate(_words(company).items()):
        deal, slot, day, old, new = getattr(history, field).changes(company.axis.today)
        second = MORNING + noon[deal] + slot * SLOT_SECONDS + rng.integers(0, SLOT_SECONDS, len(deal))
        stamp = company.axis.stamps(day, second)
        parts.append(
            made(
                "opportunity_changes",
                {
                    "change_id": prefixed("C", number[deal] * _PER_DEAL + place * _PER_FIELD + slot),
                    "opportunity_id": ids.take(pa.array(deal)),
                    "field": pa.repeat(field, len(deal)),
                    "old_value": words(old),
                    "new_value": words(new),
                    "changed_at": stamp,
                    "changed_on": company.axis.dates(day),
                    "changed_by": keys(
                        company.people.ids, company.people.owner[territory[deal], day].astype(np.int64)
                    ),
                    "origin": pa.repeat("native", len(deal)),
                    "source_updated_at": stamp,
                },
            )
        )
    return pa.concat_tables(parts)


def _words(company: Company) -> dict[str, Callable[[Ints], pa.Array]]:
    """How each field's values are written."""
    return {
        "stage_id": lambda codes: picked(stages.IDS, codes),
        "forecast_category": lambda codes: picked(stages.CATEGORIES, codes),
        "close_on": lambda days: company.axis.iso.take(pa.array(days)),
        "amount": lambda cents: money_words(cents, cents < 0),
        "owner_id": lambda reps: picked(company.people.ids, reps),
    }
