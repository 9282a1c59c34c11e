"""The leading figures of a page: attainment, pace, gap and what changed since the comparison."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from metrics.attainment import (
    quota_attainment,
    quota_gap,
    reps_at_quota,
    run_rate_attainment,
    run_rate_attainment_linear,
)
from metrics.base import Metric
from metrics.catalogue import metric_named
from metrics.shape import attainment_spread
from metrics.view import View
from ui.ask import ask
from ui.desk import Desk
from ui.question import Question

Row = Mapping[str, Any]


@dataclass(frozen=True)
class Figure:
    """One figure that can be explained: its metric, the view it was asked with, and its row."""

    name: str  # of the metric; a definition holds functions, which cannot be kept
    view: View
    row: Row

    @property
    def metric(self) -> Metric:
        """Its metric."""
        return metric_named(self.name)

    @property
    def value(self) -> Any:
        """The number."""
        return self.row.get(self.name)

    @property
    def before(self) -> Any:
        """The same number of the comparison."""
        return self.row.get(f"{self.name}_before")

    @property
    def change(self) -> Any:
        """Later less earlier; None without a comparison."""
        return self.row.get("change")


@dataclass(frozen=True)
class Headline:
    """The figures at the top."""

    attainment: Figure
    pace: Figure
    even: Figure
    gap: Figure
    at_quota: Figure
    spread: Figure

    @property
    def credited(self) -> Decimal | None:
        """Credited sales so far."""
        return self.attainment.row["top"]

    @property
    def quota(self) -> Decimal | None:
        """The target of the whole period."""
        return self.attainment.row["bottom"]

    @property
    def expected(self) -> Decimal | None:
        """The part of the target usually booked by the as-of day."""
        return self.pace.row["bottom"]

    @property
    def to_pace(self) -> Decimal | None:
        """Credited less what was expected by now: positive is ahead."""
        return None if self.expected is None else (self.credited or Decimal()) - self.expected


def figure(metric: Metric, question: Question, desk: Desk, *, compare: bool = True) -> Figure:
    """One figure of the question's scope."""
    view = question.scoped
    if not compare:
        view = _alone(view)
    rows = ask(metric, question.by, view=view, desk=desk).to_pylist()
    mine = [row for row in rows if not question.by or row["manager"] == question.scope.person]
    return Figure(metric.name, view, mine[0] if mine else _nothing(metric))


def _alone(view: View) -> View:
    return replace(view, compare="none")


def _nothing(metric: Metric) -> Row:
    return {metric.name: None, "top": None, "bottom": None}


def leading(question: Question) -> list[tuple[Metric, tuple[str, ...], View]]:
    """What the headline asks, for asking it ahead."""
    alone = _alone(question.scoped)
    compared = [(metric, question.by, question.scoped) for metric in (quota_attainment, reps_at_quota)]
    plain = (run_rate_attainment, run_rate_attainment_linear, quota_gap, attainment_spread)
    return [*compared, *((metric, question.by, alone) for metric in plain)]


def headline(question: Question, desk: Desk) -> Headline:
    """The leading figures of a question."""
    return Headline(
        attainment=figure(quota_attainment, question, desk),
        pace=figure(run_rate_attainment, question, desk, compare=False),
        even=figure(run_rate_attainment_linear, question, desk, compare=False),
        gap=figure(quota_gap, question, desk, compare=False),
        at_quota=figure(reps_at_quota, question, desk),
        spread=figure(attainment_spread, question, desk, compare=False),
    )


def by_key(metric: Metric, key: str, view: View, desk: Desk) -> dict[str, Row]:
    """A metric's rows by one key."""
    return {row[key]: row for row in ask(metric, [key], view=view, desk=desk).to_pylist()}
