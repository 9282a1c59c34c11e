"""Pull-forward: deals closed at a period's end that would have closed at the start of the next."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

import ibis
import ibis.expr.types as ir
import pyarrow as pa

from metrics.ask import answer
from metrics.base import Asking, Metric, Row, Study, Unit
from metrics.periods import Period
from metrics.plan_return.facts import PlanCredits, placed
from metrics.plan_return.terms import open_components, open_to, openings

LAST_DAYS = 7
"""What counts as the end of a quarter."""

FIRST_DAYS = 30
"""What counts as the start of the next."""

SURE = 3.0
"""Standard errors that the higher end and the dip each have to be beyond none: teams are many, accusations grave."""

FEWEST = 4
"""Quarters, below which nothing is said."""

_DEAL_KEYS = ("accelerated", "day")


@dataclass(frozen=True, kw_only=True, eq=False)
class Sales(PlanCredits):
    """How many deals were credited; also by whether pay accelerates for the person that day."""

    def expression(self, by: tuple[str, ...], asking: Asking) -> ir.Table:
        """Keys and the number of deals; ``accelerated`` is a key of its own here."""
        plain = tuple(name for name in by if name != "accelerated")
        rows = self.fact_rows(plain, asking)
        found = rows.group_by(list(by)).aggregate(value=rows.opportunity_id.nunique())
        return found.mutate(top=found.value, bottom=ibis.null("int64"))

    def origin(self, by: tuple[str, ...], asking: Asking) -> ir.Table:
        """Credits of people on a plan, and whether an accelerating component was open to them."""
        rows = super().origin((*by, "plan"), asking)
        rows = placed(rows.drop("role") if "role" in rows.columns else rows, "credited_on", ("role",), asking)
        opened = open_components()
        opened = opened.filter(opened["_accelerates"] == 1)
        rising = rows.semi_join(opened, open_to(rows, opened, rows.credited_on))
        others = rows.anti_join(opened, open_to(rows, opened, rows.credited_on))
        return ibis.union(
            rising.mutate(accelerated=ibis.literal("yes")), others.mutate(accelerated=ibis.literal("no"))
        )


deals_credited = Sales(
    name="deals_credited",
    title="Deals credited",
    unit=Unit.COUNT,
    doc="Deals credited to people on a plan.",
    formula="count of deals",
    choices=("credit_by",),
    good=0,
    value=lambda rows, _: rows.opportunity_id,
    keep=lambda rows, _: rows.in_bookings,
)


@dataclass
class Count:
    """Deals of a group around the end of one quarter."""

    end: int = 0  # in the last days of the quarter
    whole: int = 0  # in the quarter
    start: int = 0  # in the first days of the next
    middle: int = 0  # in the next, neither in its first nor in its last days
    later: int = 0  # in the next as a whole

    def __add__(self, other: Count) -> Count:
        return Count(*(a + b for a, b in zip(self.numbers, other.numbers, strict=True)))

    def __sub__(self, other: Count) -> Count:
        return Count(*(a - b for a, b in zip(self.numbers, other.numbers, strict=True)))

    @property
    def numbers(self) -> tuple[int, ...]:
        """All five."""
        return self.end, self.whole, self.start, self.middle, self.later


Counts = dict[str, Count]
"""By quarter."""

Sides = dict[str, Counts]
"""By "yes" (pay accelerates) and "no"."""


def pulled(group: Counts, others: Counts) -> Row:
    """What a group's quarter ends and starts say beside those of others in the same quarters.

    The group's share of a quarter's deals that closed in its last days, less the others'; and the share of the next
    quarter's that closed in its first days, less the others'. Both are averaged over quarters, with the standard
    error of that average, so whatever season and rush all have in common falls out.

    Returns:
        ``pull_forward`` (of the deals due early in a quarter, the share missing beside the others), ``top`` (points more at
        the end), ``bottom`` (points more at the start, negative: a dip), ``end_sure`` and ``start_sure`` (in standard
        errors), ``found`` (1 when both are beyond chance) and ``quarters``.
    """
    both = [
        q
        for q in sorted(group)
        if q in others and all(min(c[q].whole, c[q].later) > 0 for c in (group, others))
    ]
    found: Row = {"quarters": len(both)}
    if len(both) < FEWEST:
        return found
    ends = [_share(group[q].end, group[q].whole) - _share(others[q].end, others[q].whole) for q in both]
    starts = [_share(group[q].start, group[q].later) - _share(others[q].start, others[q].later) for q in both]
    (more, end_sure), (dip, start_sure) = _mean(ends), _mean(starts)
    sure = end_sure is not None and start_sure is not None and end_sure > SURE and start_sure < -SURE
    missing = _missing(_sum(group, both), _sum(others, both))
    found |= {"pull_forward": missing, "top": more, "bottom": dip, "found": int(sure)}
    return found | {"end_sure": end_sure, "start_sure": start_sure}


def _share(part: int, whole: int) -> float:
    return part / whole


def _mean(values: list[float]) -> tuple[float, float | None]:
    """Mean, and how many standard errors it is from zero."""
    n = len(values)
    mean = math.fsum(values) / n
    spread = math.sqrt(math.fsum((v - mean) ** 2 for v in values) / (n - 1) / n)
    return mean, mean / spread if spread > 0 else None


def _sum(counts: Counts, quarters: list[str]) -> Count:
    return sum((counts[q] for q in quarters), Count())


def _missing(group: Count, others: Count) -> float | None:
    """One less the odds of an early deal against one in the middle, over the others' odds."""
    if not (group.middle and others.middle and others.start):
        return None
    return 1.0 - (group.start / group.middle) / (others.start / others.middle)


def _study(question: Asking) -> list[Row]:
    pairs = _pairs(question)
    groups = _counted(question, pairs)
    known = _counted(_everybody(question), pairs).get((), {})
    rising = {opening.component for opening in openings(question) if opening.accelerates}
    rows = []
    for key, found in sorted(groups.items()) or ([((), {})] if not question.by else []):
        own = dict(zip(question.by, key, strict=True))
        wanted = (
            {own["component"]} if "component" in own else set(question.view.values("component")) or rising
        )
        rows.append({**own, **(_of_group(found, known) if wanted & rising else pulled({}, {}))})
    return rows


def _of_group(found: Sides, known: Sides) -> Row:
    """People with an accelerator beside everybody without; where there are none, people without beside the others."""
    plain = known.get("no", {})
    if "yes" in found:
        return pulled(found["yes"], plain)
    own = found.get("no", {})
    return pulled(own, {quarter: count - own.get(quarter, Count()) for quarter, count in plain.items()})


def _everybody(question: Asking) -> Asking:
    """The same days without keys and filters: the others are never only those looked at."""
    where = tuple(pair for pair in question.view.where if pair[0] == "measure")
    return replace(question.at(replace(question.view, where=where)), by=())


def _counted(question: Asking, pairs: list[tuple[Period, Period]]) -> dict[tuple[Any, ...], Sides]:
    """By group, and by whether pay accelerates: deals around each quarter's end."""
    groups: dict[tuple[Any, ...], Sides] = {}
    if not pairs:
        return groups
    view = replace(question.view, start=pairs[0][0].start, end=pairs[-1][1].end, compare="none")
    by = (*question.by, *(key for key in _DEAL_KEYS if key not in question.by))
    for row in answer(deals_credited, replace(question.at(view), by=by)).to_pylist():
        sides = groups.setdefault(tuple(row[name] for name in question.by), {})
        _add(sides.setdefault(row["accelerated"], {}), row, pairs)
    return groups


def _pairs(question: Asking) -> list[tuple[Period, Period]]:
    """Quarters looked at, each with the next one, both finished."""
    calendar, view = question.calendar, question.view
    found = []
    for period in calendar.between("quarter", view.start, view.end):
        later = calendar.shift(period, 1)
        if later is not None and later.end <= view.as_of + timedelta(days=1):
            found.append((period, later))
    return found


def _add(counts: Counts, row: dict[str, Any], pairs: list[tuple[Period, Period]]) -> None:
    for period, later in pairs:
        if period.start <= row["day"] < later.end:
            found = counts.setdefault(period.id, Count())
            counts[period.id] = found + _placed(row["day"], row["deals_credited"], period, later)


def _placed(day: Any, n: int, period: Period, later: Period) -> Count:
    if day < period.end:
        return Count(end=n * (day >= period.end - timedelta(days=LAST_DAYS)), whole=n)
    start = day < later.start + timedelta(days=FIRST_DAYS)
    end = day >= later.end - timedelta(days=LAST_DAYS)
    return Count(start=n * start, middle=n * (not start and not end), later=n)


pull_forward = Study(
    name="pull_forward",
    title="Pull-forward at quarter ends",
    unit=Unit.PERCENT,
    doc="""Of the deals due in the first 30 days of a quarter, the share that is missing beside people for whom nothing
    accelerates, and who have the same season and the same rush. Beside it, in points of a quarter's deals: how many more close in the
    last seven days, and how many more in the first thirty of the next (negative: a dip). It is called found only when both
    are beyond chance. Of each group those are looked at whose plan pays more above a mark; in a group without any, everybody,
    which should find nothing. A component that does not accelerate has no figure.""",
    formula="1 − (deals in the first 30 days ÷ deals in the middle) ÷ the same of people without an accelerator",
    source="Difference from people without an accelerator in the same quarters; standard errors over quarters.",
    choices=("credit_by",),
    good=-1,
    reads=(deals_credited,),
    work=_study,
    schema={
        "pull_forward": pa.float64(),
        "top": pa.float64(),
        "bottom": pa.float64(),
        "end_sure": pa.float64(),
        "start_sure": pa.float64(),
        "found": pa.int64(),
        "quarters": pa.int64(),
    },
)

PULL_FORWARD: tuple[Metric, ...] = (pull_forward,)
