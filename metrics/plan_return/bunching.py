"""Bunching: more people just above a mark than there should be, and a dip of theirs in the next period."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Any

import numpy as np
import pyarrow as pa

from metrics.ask import answer
from metrics.attainment import quota_attainment
from metrics.base import Asking, Metric, Row, Study, Unit
from metrics.plan_return.cost import eligible_people
from metrics.plan_return.people import attained

WIDTH = 0.05
"""How wide the bands beside a mark are, in attainment."""

SURE = 2.3263478740408408
"""One-sided 1 % of a normal distribution: how sure bunching has to be to be called found."""

DIP = 1.6448536269514722
"""One-sided 5 %: how sure the dip that follows has to be."""

FEWEST = 30
"""Quarters of people within two bands of the mark, below which nothing is said."""


@dataclass(frozen=True)
class Quarter:
    """One person's finished quarter."""

    attainment: float
    later: float | None  # attainment of the next quarter, if it is finished


def bunched(quarters: Iterable[Quarter], mark: float = 1.0) -> Row:
    """Whether attainments bunch just above a mark.

    As many people should land just above the mark as just below, but for the slope of the density, which is
    read off the next band on either side (a log-linear density over four bands). ``excess`` is the number above beyond
    that, over all in the two bands. ``dip`` is how much less those just above reached in the next quarter than
    those just below. Each alone has other explanations; together they are deals moved over the mark.

    Returns:
        ``excess``, ``above``, ``below``, ``sure`` (standard errors from none), ``dip``, ``dip_sure``, ``found`` (1 or 0) and
        ``quarters`` within the four bands; only the counts with fewer than ``FEWEST``.
    """
    near = [(math.floor(round((q.attainment - mark) / WIDTH, 9)), q) for q in quarters]
    bands: defaultdict[int, list[Quarter]] = defaultdict(list)
    for band, quarter in near:
        bands[band].append(quarter)
    below_2, below, above, above_2 = (len(bands[n]) for n in (-2, -1, 0, 1))
    row: Row = {"above": above, "below": below, "quarters": below_2 + below + above + above_2}
    if below_2 + below + above + above_2 < FEWEST:
        return row
    slope = math.log((above_2 + 0.5) / (below_2 + 0.5)) / 3  # two bands out are three widths apart
    error = math.sqrt(1 / (above + 0.5) + 1 / (below + 0.5) + (1 / (above_2 + 0.5) + 1 / (below_2 + 0.5)) / 9)
    sure = (math.log((above + 0.5) / (below + 0.5)) - slope) / error
    expected = (above + below) / (1 + math.exp(-slope))
    dip, dip_sure = _dip(bands[0], bands[-1])
    found = int(sure > SURE and dip_sure is not None and dip_sure < -DIP)
    row |= {"excess": (above - expected) / (above + below) if above + below else 0.0, "sure": sure}
    return row | {"dip": dip, "dip_sure": dip_sure, "found": found}


def _dip(above: list[Quarter], below: list[Quarter]) -> tuple[float | None, float | None]:
    """Mean attainment of the next quarter, above less below, and its size in standard errors (Welch)."""
    one, other = (np.array([q.later for q in side if q.later is not None]) for side in (above, below))
    if min(len(one), len(other)) < 2:
        return None, None
    difference = float(one.mean() - other.mean())
    error = math.sqrt(float(one.var(ddof=1)) / len(one) + float(other.var(ddof=1)) / len(other))
    return difference, difference / error if error > 0 else None


def _study(question: Asking) -> list[Row]:
    groups = _groups(question)
    quarters = _quarters(question)
    rows = []
    for key, people in sorted(groups.items()):
        row = bunched(quarters[cell] for cell in people if cell in quarters)
        named = {"bunching": row.pop("excess", None), "top": row.pop("above"), "bottom": row.pop("below")}
        rows.append({**dict(zip(question.by, key, strict=True)), **named, **row})
    return rows


def _groups(question: Asking) -> dict[tuple[Any, ...], set[tuple[str, str]]]:
    """For each group asked for, the people and quarters in which pay was open to them."""
    plain = replace(question, view=replace(question.view, compare="none"))
    by = tuple(dict.fromkeys((*question.by, "rep", "quarter")))
    found: dict[tuple[Any, ...], set[tuple[str, str]]] = {} if question.by else {(): set()}
    for row in answer(eligible_people, replace(plain, by=by)).to_pylist():
        key = tuple(row[name] for name in question.by)
        found.setdefault(key, set()).add((row["rep"], row["quarter"]))
    return found


def _quarters(question: Asking) -> dict[tuple[str, str], Quarter]:
    """Finished quarters of people with a quota, each with the one after it."""
    calendar, view = question.calendar, question.view
    ended = [p for p in calendar.all("quarter") if p.end <= view.as_of and p.start >= view.start]
    if not ended:
        return {}
    wide = replace(view, start=ended[0].start, end=ended[-1].end, compare="none")
    reached = attained(replace(question.at(wide), by=("rep", "quarter")))
    after = {one.id: two.id for one, two in pairwise(ended)}
    return {
        (rep, quarter): Quarter(value, reached.get((rep, after.get(quarter, ""))))
        for (rep, quarter), value in reached.items()
        if quarter in {p.id for p in ended if p.end <= view.end}
    }


bunching = Study(
    name="bunching",
    title="Bunching at quota",
    unit=Unit.PERCENT,
    doc="""How many more people's quarters end just above quota than a smooth distribution would leave there, as a share of those
    within five points of it on either side. Deals moved over the mark also leave a dip: what those just above reach in the
    next quarter, less those just below. Only both together, each beyond chance, are called found.""",
    formula="(quarters within 5 points above quota − expected there) ÷ quarters within 5 points of quota",
    source="Excess mass at a kink against the density's own slope; dip by a difference of means.",
    choices=("credit_by",),
    good=-1,
    reads=(eligible_people, quota_attainment),
    work=_study,
    schema={
        "bunching": pa.float64(),
        "top": pa.int64(),
        "bottom": pa.int64(),
        "sure": pa.float64(),
        "dip": pa.float64(),
        "dip_sure": pa.float64(),
        "found": pa.int64(),
        "quarters": pa.int64(),
    },
)

BUNCHING: tuple[Metric, ...] = (bunching,)
