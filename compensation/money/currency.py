"""Money of one currency in another, at the rate of a day, exact and rounded once to the minor unit."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import pyarrow as pa

from compensation.money.exact import Exact, times
from compensation.money.fine import Bools, Ints, codes_of, days, unit_of
from compensation.money.months import day_of
from compensation.money.rounding import divide
from compensation.problems import problem
from compensation.run import Problem

RATE_SCALE = 10**8


@dataclass(frozen=True)
class Quotes:
    """The rates of one pair by day, as a fraction ``top`` ÷ ``bottom``."""

    days: Ints
    top: Exact
    bottom: Exact

    def on(self, day: Ints) -> tuple[Exact, Exact, Bools]:
        """The latest rate on or before each day, and where there is one."""
        at = np.searchsorted(self.days, day, "right") - 1
        return self.top[at], self.bottom[at], at >= 0


@dataclass
class Converter:
    """All rates; remembers what it had no rate for. A pair that is only given the other way round is inverted."""

    quotes: dict[tuple[str, str], Quotes]
    rounding: str = "half_up"
    missing: dict[tuple[str, str], int] = field(default_factory=dict)

    @classmethod
    def of(cls, rates: pa.Table) -> Converter:
        """From rows of RATES, in any order."""
        rows = rates.sort_by([("date", "ascending"), ("rate", "ascending")])
        source, sources = codes_of(rows["from_currency"])
        target, targets = codes_of(rows["to_currency"])
        value = np.array([int(rate.scaleb(8)) for rate in rows["rate"].to_pylist()], np.int64)
        day, one = days(rows["date"], 0), np.full(len(rows), RATE_SCALE, np.int64)
        found: dict[tuple[str, str], Quotes] = {}
        for key in np.unique(source * len(targets) + target).tolist() if len(rows) else []:
            mine = source * len(targets) + target == key
            pair = sources[key // len(targets)], targets[key % len(targets)]
            found[pair] = Quotes(day[mine], value[mine], one[mine])
            found.setdefault((pair[1], pair[0]), Quotes(day[mine], one[mine], value[mine]))
        return cls({**found, **{p: q for p, q in found.items() if (q.top != RATE_SCALE).any()}})

    def convert(
        self, values: Ints, source: Ints, target: Ints, day: Ints, names: list[str]
    ) -> tuple[Ints, Bools]:
        """Values (ten-thousandths) in the target currency's minor units, and which could be converted.

        ``source`` and ``target`` number ``names``. Values whose currency stays the same are left as they are.
        """
        found, known = values.copy(), np.ones(len(values), bool)
        for key in np.unique((source * len(names) + target)[source != target]).tolist():
            rows = np.flatnonzero(source * len(names) + target == key)
            pair = names[key // len(names)], names[key % len(names)]
            found[rows], known[rows] = self._pair(pair, values[rows], day[rows])
        return found, known

    def _pair(self, pair: tuple[str, str], values: Ints, day: Ints) -> tuple[Ints, Bools]:
        if pair not in self.quotes:
            self._note(pair, day)
            return np.zeros(len(values), np.int64), np.zeros(len(values), bool)
        top, bottom, known = self.quotes[pair].on(day)
        if not known.all():
            self._note(pair, day[~known])
        step = unit_of(pair[1])
        found = divide(times(values, top), times(bottom, step), self.rounding) * step
        return np.where(known, found, 0), known

    def _note(self, pair: tuple[str, str], day: Ints) -> None:
        first = int(day.min()) if len(day) else 0
        self.missing[pair] = min(first, self.missing.get(pair, first))

    def problems(self) -> tuple[Problem, ...]:
        """One for each pair of currencies that lacked a rate, naming the first day it was needed on."""
        return tuple(
            problem("no_rate", source=pair[0], target=pair[1], day=day_of(day))
            for pair, day in sorted(self.missing.items())
        )
