"""What a page is asked: a view, the period it shows, and whose number leads."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from metrics.periods import Period
from metrics.view import View


@dataclass(frozen=True)
class Scope:
    """Whose number leads the page: the company's, a manager's or a rep's."""

    kind: Literal["company", "manager", "rep"]
    person: str = ""


@dataclass(frozen=True)
class Question:
    """Everything the filter bar says."""

    view: View
    period: Period | None  # None for days chosen by hand
    scope: Scope
    measure: str
    company: str

    @property
    def scoped(self) -> View:
        """The view cut to whose number leads."""
        if self.scope.kind == "company":
            return self.view
        return self.view.filtered(self.scope.kind, self.scope.person)

    @property
    def by(self) -> tuple[str, ...]:
        """Keys of the leading number: a manager's own target is found by manager."""
        return ("manager",) if self.scope.kind == "manager" else ()

    @property
    def in_progress(self) -> bool:
        """Whether the period is not over on the as-of day."""
        return self.view.start <= self.view.as_of and self.view.until < self.last_day

    @property
    def last_day(self) -> object:
        """The last day of the period."""
        return type(self.view.end).fromordinal(self.view.end.toordinal() - 1)

    @property
    def day(self) -> int:
        """Which day of the period the as-of day is, from 1."""
        return (self.view.until - self.view.start).days + 1

    @property
    def days(self) -> int:
        """Days in the period."""
        return (self.view.end - self.view.start).days

    @property
    def compares(self) -> bool:
        """Whether there is anything to compare with."""
        return self.view.compare != "none"
