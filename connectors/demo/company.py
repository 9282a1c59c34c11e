"""One company of one seed: everything that is drawn before its deals."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cached_property

import numpy as np

from connectors.demo.accounts import Accounts
from connectors.demo.axis import FISCAL_YEARS, WARM_UP_MONTHS, Axis
from connectors.demo.columns import Floats, Ints, generator
from connectors.demo.people import People
from connectors.demo.rates import Rates
from connectors.demo.territories import COUNT, Territories

DEFAULT_AS_OF = date(2026, 6, 17)
DEFAULT_OPPORTUNITIES = 35_000
DEALS_OF_SEGMENT: Floats = np.array([1.4, 1.0, 0.85])  # deals of a territory, relative
# Deals opened by fiscal month, February first: the last quarter's business is opened in autumn.
OPENING_SEASON: Floats = np.array([1.05, 1.08, 1.05, 1.03, 1.02, 0.92, 0.85, 1.08, 1.12, 1.05, 0.80, 0.95])
# Share of the deals opened so many months before the first fiscal year that close within it.
SURVIVING: Floats = np.array([0.012, 0.019, 0.029, 0.045, 0.076, 0.14, 0.26, 0.50, 0.86])
WHITE_SPACE = 0.5  # business done in a place before it has a territory of its own


@dataclass(frozen=True)
class Company:
    """The fixed part of a demo company; deals are drawn from it month by month."""

    seed: int
    opportunities: int
    as_of: date

    @cached_property
    def axis(self) -> Axis:
        """Its calendar."""
        return Axis(self.as_of)

    @cached_property
    def territories(self) -> Territories:
        """Its territories."""
        return Territories(self.seed)

    @cached_property
    def people(self) -> People:
        """Its people."""
        return People(self.seed, self.axis, self.territories)

    @cached_property
    def accounts(self) -> Accounts:
        """Its accounts: one for six deals, and never fewer than 1,500."""
        return Accounts(self.seed, max(1_500, self.opportunities // 6), self.territories)

    @cached_property
    def rates(self) -> Rates:
        """Its exchange rates."""
        return Rates(self.seed, self.axis)

    @cached_property
    def market(self) -> Floats:
        """How kind each quarter is to everybody: added to log effort."""
        return generator(self.seed, "market").normal(0, 0.04, len(self.axis.quarters))

    @cached_property
    def cells(self) -> Ints:
        """Deals opened by place and month; they sum to ``opportunities``."""
        weights = self._weights()
        drawn = generator(self.seed, "cells").multinomial(
            self.opportunities, (weights / weights.sum()).ravel()
        )
        return drawn.reshape(weights.shape).astype(np.int64)

    @cached_property
    def before(self) -> Ints:
        """Deals of all months before each month: where its numbering starts."""
        return np.concatenate([[0], np.cumsum(self.cells.sum(axis=0))])

    @property
    def months(self) -> range:
        """Months that have deals."""
        return range(self.cells.shape[1])

    def _weights(self) -> Floats:
        axis, now = self.axis, int(self.axis.month_of[self.axis.today])
        found = np.zeros((COUNT, now + 1))
        for month in range(now + 1):
            middle = min(int(axis.months[month]) + 15, axis.today)
            found[:, month] = self._month_weight(month, int(axis.year_of[middle])) * self._work(middle)
        done = (axis.today + 1 - axis.months[now]) / (axis.months[now + 1] - axis.months[now])
        found[:, now] *= done
        found[:, : len(SURVIVING)] *= SURVIVING
        return found

    def _month_weight(self, month: int, year: int) -> Floats:
        """Deals of each place in a month if everybody worked alike."""
        territories = self.territories
        open_now = np.where(territories.opens <= year, 1.0, WHITE_SPACE)
        season = OPENING_SEASON[(month - WARM_UP_MONTHS) % 12]
        usual = DEALS_OF_SEGMENT[territories.segment] * territories.richness * open_now
        return usual * season * 1.03 ** (month / 12)

    def _work(self, day: int) -> Floats:
        year = int(self.axis.year_of[day])
        serving = self.territories.serves[:, year].tolist()
        done = {t: self.people.productivity(t, day) for t in set(serving)}
        return np.array([done[t] for t in serving])


def years_of(axis: Axis, days: Ints) -> Ints:
    """Fiscal year of each day, 0 to 5."""
    return np.clip(axis.year_of[np.minimum(days, axis.length - 1)], 0, FISCAL_YEARS - 1)
