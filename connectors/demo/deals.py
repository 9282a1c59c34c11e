"""One month's deals: opened, worked, ended, and written as tables up to today."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from connectors.demo import products, stages, truths
from connectors.demo.births import TYPES, Births
from connectors.demo.columns import Flags, Ints, generator, keys, made, money, picked, prefixed, share
from connectors.demo.company import Company
from connectors.demo.history import History, change_table
from connectors.demo.lines import EURO_PRICES, MISSING, Lines, amount_trail, lines
from connectors.demo.outcomes import Outcomes, ended
from connectors.demo.splits import Splits, split_table, splits
from connectors.demo.trails import category_trail, close_trail, owner_trail, stage_trail

DELETED_SHARE = 0.002  # of the deals that were not won
FIRST_NUMBER = 10_000_000
LOSS_REASONS = ("Price", "No decision", "Competitor", "No budget", "Missing feature", "Timing", None)
NEXT_STEPS = (
    "Send proposal",
    "Meet the sponsor",
    "Site visit",
    "Security review",
    "Confirm budget",
    "Legal review",
    "Pilot results",
    None,
)
_TYPE_NAMES = ("new business", "expansion", "renewal")
_URL = "https://crm.halyard.example/deals/"


@dataclass(frozen=True)
class Deals:
    """Everything about the deals of one month, what lies ahead of today included."""

    company: Company
    month: int
    born: Births
    end: Outcomes
    history: History
    lines: Lines
    splits: Splits
    owner: Ints  # today's, or the one at the close
    deleted: Flags

    def __len__(self) -> int:
        """How many."""
        return len(self.born)

    @property
    def number(self) -> Ints:
        """Number of each deal in the company."""
        return FIRST_NUMBER + int(self.company.before[self.month]) + np.arange(len(self))

    @property
    def ids(self) -> pa.Array:
        """Keys of the deals."""
        return prefixed("O", self.number)

    @property
    def amount(self) -> Ints:
        """Today's amount in cents of the deal's currency; ``MISSING`` where there is none."""
        return self.history.amount.at(self.company.axis.today)

    @property
    def version(self) -> Ints:
        """How often the amount has been changed by today."""
        trail = self.history.amount
        return (trail.happens & (trail.day <= self.company.axis.today)).sum(axis=1)


def deals(company: Company, month: int) -> Deals:
    """Draw the deals opened in one month, by random streams of its own."""
    rng = generator(company.seed, "deals", month)
    born, end = ended(company, month, rng)
    stage = stage_trail(company, born, end, rng)
    owners = owner_trail(company, born, end)
    owner = owners.at(company.axis.today)
    joined = splits(company, born, end, owner, rng)
    found = lines(company, born, joined.shared, rng)
    history = History(
        stage_id=stage,
        forecast_category=category_trail(stage, rng),
        close_on=close_trail(company, born, end, rng),
        amount=amount_trail(born, end, stage, found, rng),
        owner_id=owners,
    )
    deleted = ~end.won & (rng.random(len(born)) < DELETED_SHARE)
    return Deals(company, month, born, end, history, found, joined, owner, deleted)


def deal_tables(found: Deals) -> dict[str, pa.Table]:
    """The four tables of a month's deals."""
    rng = generator(found.company.seed, "words", found.month)
    ids = found.ids
    return {
        "opportunities": _opportunities(found, ids, rng),
        "opportunity_changes": change_table(
            found.company, found.history, found.number, ids, found.born.territory, rng
        ),
        "opportunity_splits": split_table(found.company, ids, found.owner, found.splits),
        "opportunity_lines": _lines(found, ids),
    }


def _opportunities(found: Deals, ids: pa.Array, rng: np.random.Generator) -> pa.Table:
    company, born, today = found.company, found.born, found.company.axis.today
    stage, amount = found.history.stage_id.at(today), found.amount
    account = pa.array(born.account)
    names = company.accounts.names.take(account)
    last = found.history.last_change(born.created, today)
    return made(
        "opportunities",
        {
            "opportunity_id": ids,
            "name": pc.binary_join_element_wise(names, picked(_TYPE_NAMES, born.kind), " – "),
            "account_id": company.accounts.ids.take(account),
            "owner_id": keys(company.people.ids, found.owner),
            "territory_id": picked(company.territories.ids, born.territory),
            "pipeline_id": picked(stages.PIPELINES, born.pipeline),
            "stage_id": picked(stages.IDS, stage),
            "forecast_category": picked(stages.CATEGORIES, found.history.forecast_category.at(today)),
            "type": picked(TYPES, born.kind),
            "amount": money(amount, amount == MISSING),
            "currency": picked(truths.CURRENCIES, found.lines.currency),
            "probability": pa.array(stages.PROBABILITY[stage]),
            "created_on": company.axis.dates(born.created),
            "close_on": company.axis.dates(found.history.close_on.at(today)),
            "is_closed": pa.array(stages.IS_CLOSED[stage]),
            "is_won": pa.array(stages.IS_WON[stage]),
            **_notes(stage, rng),
            "url": pc.binary_join_element_wise(_URL, ids, ""),
            "source_updated_at": company.axis.stamps(last, np.full(len(last), 21 * 3600)),
            "is_deleted": pa.array(found.deleted),
        },
    )


def _notes(stage: Ints, rng: np.random.Generator) -> dict[str, pa.Array]:
    """Why it was lost, or what comes next."""
    lost = stages.IS_CLOSED[stage] & ~stages.IS_WON[stage]
    reason = rng.integers(0, len(LOSS_REASONS), len(stage))
    step = rng.integers(0, len(NEXT_STEPS), len(stage))
    return {
        "loss_reason": picked(LOSS_REASONS, np.where(lost, reason, -1)),
        "next_step": picked(NEXT_STEPS, np.where(stages.IS_CLOSED[stage], -1, step)),
    }


def _lines(found: Deals, ids: pa.Array) -> pa.Table:
    """Lines of the deals that have an amount, as they stand today."""
    items = found.lines
    deal, place = np.nonzero(items.used & (found.amount != MISSING)[:, None])
    product, net, listed = (x[deal, place] for x in (items.product, items.net_cents, items.list_cents))
    quantity = items.quantity[deal, place, found.version[deal]]
    percent = np.where(items.currency[deal] == 1, EURO_PRICES, 100)
    recurring = products.RECURRING[product]
    return made(
        "opportunity_lines",
        {
            "line_id": prefixed("L", found.number[deal] * 10 + place),
            "opportunity_id": ids.take(pa.array(deal)),
            "product_id": picked(products.IDS, product),
            "quantity": pa.array(quantity.astype(np.float64)),
            "list_price": money(listed),
            "net_price": money(net),
            "amount": money(quantity * net),
            "cost": money(quantity * (products.COST_CENTS[product] * percent // 100)),
            "discount": share(np.rint((1 - net / listed) * 1e6).astype(np.int64)),
            "currency": picked(truths.CURRENCIES, items.currency[deal]),
            "recurring": pa.array(recurring),
            "term_months": pa.array(products.MONTHS[product], mask=~recurring),
        },
    )
