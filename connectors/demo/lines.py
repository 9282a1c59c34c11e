"""What is on each deal: products, quantities and prices, from which its amount follows to the cent."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from connectors.demo import products, truths
from connectors.demo.births import EXPANSION, RENEWAL, Births
from connectors.demo.columns import Flags, Floats, Ints
from connectors.demo.company import Company
from connectors.demo.outcomes import Outcomes
from connectors.demo.trail import Trail

LINES = 3
MISSING = -1  # an amount nobody has entered
DEAL_MEDIAN: Floats = np.array([10_500.0, 22_000.0, 42_000.0])  # dollars, by segment
DEAL_SPREAD = 0.58
WHALES, WHALE_LOW, WHALE_HIGH = 0.005, 3.0, 6.0
EURO_PRICES = 92  # hundredths of the dollar price
_SHARES: Floats = np.array([[1.0, 0.0, 0.0], [0.64, 0.36, 0.0], [0.5, 0.3, 0.2]])
_COUNT_RUNNING: Floats = np.cumsum([0.47, 0.33])
CHANGED_SHARE, CHANGED_TWICE = 0.42, 0.13


@dataclass(frozen=True)
class Lines:
    """Up to three lines a deal; quantities in three versions: first, after one change, after two."""

    used: Flags  # (n, 3)
    product: Ints  # (n, 3)
    list_cents: Ints  # (n, 3), in the deal's currency
    net_cents: Ints  # (n, 3)
    quantity: Ints  # (n, 3, versions)
    currency: Ints  # (n,)

    def each(self) -> Ints:
        """Amount of each line in the last version, in cents; 0 where there is none: (n, 3)."""
        return self.quantity[:, :, -1] * self.net_cents * self.used

    def amounts(self) -> Ints:
        """Amount of each deal in each version, in cents."""
        return (self.quantity * (self.net_cents * self.used)[:, :, None]).sum(axis=1)

    def families(self) -> Ints:
        """How many product families are on each deal."""
        family = np.where(self.used, products.FAMILY[self.product], -1)
        each = [(family == f).any(axis=1) for f in range(len(products.FAMILIES))]
        return np.sum(each, axis=0, dtype=np.int64)


def lines(company: Company, born: Births, shared: Flags, rng: np.random.Generator) -> Lines:
    """Draw the lines of each deal; those of shared deals make round amounts, so that shares are exact."""
    count = len(born)
    number = np.searchsorted(_COUNT_RUNNING, rng.random(count), side="right")
    used = np.arange(LINES) <= number[:, None]
    product = _products(count, rng)
    currency = company.accounts.currency[born.account]
    percent = np.where(currency == 1, EURO_PRICES, 100)[:, None]
    listed = products.LIST_CENTS[product] * percent // 100
    net = np.rint(listed * (1 - rng.beta(2, 9, (count, LINES)))).astype(np.int64)
    net = np.where(shared[:, None], np.maximum(net // 100, 1) * 100, net)
    wanted = (_wanted(company, born, rng) * percent[:, 0])[:, None] * _SHARES[number]
    quantity = _rounded(np.rint(wanted / net).astype(np.int64), shared)
    return Lines(used, product, listed, net, _versions(quantity, shared, rng), currency)


def _products(count: int, rng: np.random.Generator) -> Ints:
    """Products of a deal's lines, all different."""
    luck = rng.random((count, len(products.IDS)))
    return np.argpartition(np.log(luck) / products.WEIGHT, -LINES, axis=1)[:, -LINES:][:, ::-1].astype(
        np.int64
    )


def _wanted(company: Company, born: Births, rng: np.random.Generator) -> Floats:
    """Dollars a deal is about to be worth: log-normal, with a few whales; larger accounts buy more."""
    year = born.created / 365.25
    segment = company.territories.segment[born.place]
    usual = DEAL_MEDIAN[segment] * np.where(
        born.kind == EXPANSION, 0.6, np.where(born.kind == RENEWAL, 0.9, 1.0)
    )
    size = company.accounts.relative[born.account] ** 0.25
    whale = np.where(rng.random(len(born)) < WHALES, rng.uniform(WHALE_LOW, WHALE_HIGH, len(born)), 1.0)
    return usual * size * whale * 1.03**year * np.exp(rng.normal(0, DEAL_SPREAD, len(born)))


def _rounded(quantity: Ints, shared: Flags) -> Ints:
    """At least one; in tens on shared deals."""
    least = np.where(shared, 10, 1).reshape(-1, *[1] * (quantity.ndim - 1))
    return np.maximum((quantity + least // 2) // least, 1) * least


def _versions(quantity: Ints, shared: Flags, rng: np.random.Generator) -> Ints:
    """Quantities before and after the deal's amount was changed, the last as drawn."""
    luck = rng.random(len(quantity))
    early = quantity * np.exp(rng.normal(0.08, 0.28, len(quantity)))[:, None]
    later = quantity * np.exp(rng.normal(0.04, 0.15, len(quantity)))[:, None]
    first = np.where(
        (luck < CHANGED_SHARE)[:, None], _rounded(np.rint(early).astype(np.int64), shared), quantity
    )
    second = np.where(
        (luck < CHANGED_TWICE)[:, None], _rounded(np.rint(later).astype(np.int64), shared), quantity
    )
    return np.stack([first, second, quantity], axis=2)


def amount_trail(born: Births, end: Outcomes, stages: Trail, found: Lines, rng: np.random.Generator) -> Trail:
    """What the amount was when: entered late on some deals, and never on a share of the lost."""
    count = len(born)
    amounts = found.amounts()
    when = np.sort(rng.uniform(0.3, 0.97, (count, 2)), axis=1)
    day = born.created[:, None] + np.floor(when * (end.closed - born.created)[:, None]).astype(np.int64)
    late = (rng.random(count) < truths.LATE_AMOUNT_SHARE) & ~born.late
    never = (rng.random(count) < truths.NEVER_AMOUNT_SHARE) & ~end.won
    reached = np.where(born.pipeline == 0, end.last_stage >= 2, end.last_stage >= 1)
    day[:, 0] = np.where(late, _entered(born, end, stages), day[:, 0])
    day[:, 1] = np.maximum(day[:, 1], day[:, 0])
    happens = np.stack([~never & (reached | ~late)] * 2, axis=1)
    return Trail(np.where(late | never, MISSING, amounts[:, 0]), day, amounts[:, 1:], happens)


def _entered(born: Births, end: Outcomes, stages: Trail) -> Ints:
    """The day a deal reaches the stage in which an amount has to be given."""
    slot = np.where(born.pipeline == 0, 5, 2)
    return np.minimum(stages.day[np.arange(len(born)), slot], end.closed)
