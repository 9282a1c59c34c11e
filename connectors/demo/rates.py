"""Exchange rates of the euro, one a day, wandering around their mean."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pyarrow as pa

from connectors.demo.axis import Axis
from connectors.demo.columns import Ints, generator, made, scaled

MEAN = np.log(1.10)


@dataclass(frozen=True)
class Rates:
    """Dollars for one euro, in hundred-thousandths, for every day of the axis."""

    seed: int
    axis: Axis

    @cached_property
    def euro(self) -> Ints:
        """The rate of each day; after today it stays where it is."""
        steps = generator(self.seed, "rates").normal(0, 0.0042, self.axis.today + 1)
        level = np.empty(self.axis.today + 1)
        value = 0.02
        for day, step in enumerate(steps.tolist()):
            value += step - 0.003 * value
            level[day] = value
        known = np.rint(np.exp(MEAN + level) * 100_000).astype(np.int64)
        return np.concatenate([known, np.full(self.axis.length - len(known), known[-1])])

    def to_dollars(self, cents: Ints, currency: Ints, day: Ints) -> Ints:
        """Cents of a currency (0 dollars, 1 euros) as cents of dollars, rounded half up."""
        return np.where(currency == 0, cents, (cents * self.euro[day] + 50_000) // 100_000)

    def to_euros(self, cents: Ints, day: Ints) -> Ints:
        """Cents of dollars as cents of euros, rounded half up."""
        rate = self.euro[day]
        return (cents * 200_000 + rate) // (2 * rate)


def exchange_rates(rates: Rates) -> pa.Table:
    """Euro to dollar, every day up to today."""
    days = np.arange(rates.axis.today + 1)
    return made(
        "exchange_rates",
        {
            "date": rates.axis.dates(days),
            "from_currency": ["EUR"] * len(days),
            "to_currency": ["USD"] * len(days),
            "rate": scaled(rates.euro[days] * 1_000, pa.decimal128(18, 8)),
        },
    )
