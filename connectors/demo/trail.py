"""The path of one field of many deals: what it was, what it became, on which day."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from connectors.demo.columns import Flags, Ints


@dataclass(frozen=True)
class Trail:
    """Up to k changes of each of n deals, in order; ``day`` never falls from left to right."""

    initial: Ints  # (n,)
    day: Ints  # (n, k)
    value: Ints  # (n, k)
    happens: Flags  # (n, k)

    def at(self, day: int) -> Ints:
        """The value of each deal at the evening of a day."""
        now = self.initial
        for k in range(self.day.shape[1]):
            now = np.where(self.happens[:, k] & (self.day[:, k] <= day), self.value[:, k], now)
        return now

    def changes(self, day: int) -> tuple[Ints, Ints, Ints, Ints, Ints]:
        """Deal, slot, day, old and new value of every change up to a day; no change to the same value."""
        now, parts = self.initial, []
        for k in range(self.day.shape[1]):
            changed = self.happens[:, k] & (self.day[:, k] <= day) & (self.value[:, k] != now)
            deal = np.flatnonzero(changed)
            parts.append((deal, np.full(len(deal), k), self.day[deal, k], now[deal], self.value[deal, k]))
            now = np.where(changed, self.value[:, k], now)
        deal, slot, when, old, new = (np.concatenate(column) for column in zip(*parts, strict=True))
        return deal, slot, when, old, new
