"""What is being looked at: a period, an as-of day, filters, comparison and definition choices."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from typing import Literal

Compare = Literal["none", "previous", "last_year"]
COMPARISONS: tuple[Compare, ...] = ("none", "previous", "last_year")


class MetricError(ValueError):
    """A question that has no answer; the message says why and what to ask instead."""


@dataclass(frozen=True)
class View:
    """A frozen question: hashable, so it can be part of a cache key."""

    start: date
    end: date  # exclusive
    as_of: date
    where: tuple[tuple[str, str], ...] = ()  # (dimension, value); several of one dimension mean "or"
    compare: Compare = "none"
    choices: tuple[tuple[str, str], ...] = ()  # definition readings chosen for this view

    def choice(self, name: str, default: str) -> str:
        """The reading of a definition chosen in this view."""
        return dict(self.choices).get(name, default)

    def values(self, dimension: str) -> tuple[str, ...]:
        """The values a dimension is filtered to; empty means no filter."""
        return tuple(value for name, value in self.where if name == dimension)

    def filtered(self, dimension: str, *values: str) -> View:
        """This view with one dimension's filter replaced."""
        kept = tuple(pair for pair in self.where if pair[0] != dimension)
        return replace(self, where=kept + tuple((dimension, value) for value in values))

    @property
    def until(self) -> date:
        """Last day that counts: the as-of day, or the last day of the period if that is earlier."""
        return min(self.as_of, date.fromordinal(self.end.toordinal() - 1))
