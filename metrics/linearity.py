"""Linearity: what share of a period is usually booked by a given day of it."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import lru_cache
from typing import Any

from metrics.base import Asking, Measure
from metrics.periods import Grain, Period, calendar_of, grain_of
from metrics.view import View
from warehouse.access import CompanyTables, Viewer
from warehouse.engine import Session

LOOK_BACK: dict[Grain, int] = {"week": 13, "month": 12, "quarter": 8, "year": 4}
"""How many earlier periods the curve is learnt from, at most."""


@dataclass(frozen=True)
class UsualShare:
    """The share of a period booked by a day, and what it rests on."""

    share: Decimal  # 0 to 1
    periods: int  # earlier periods it is learnt from; 0 = a straight line, for want of history


def usual_share(booked: Measure, asking: Asking) -> UsualShare:
    """Share of the period in progress on the as-of day that is usually booked by then.

    Learnt from up to ``LOOK_BACK`` earlier periods of the whole company: Σ booked by the same part of the
    period ÷ Σ booked in all. Fewer reps than ``peer_group_minimum`` or no history: a straight line, and
    ``periods`` is 0.
    """
    grain = grain_of(asking.calendar, asking.view, asking.by)
    tables = asking.tables
    return _usual_share(
        booked, grain, asking.view.as_of, asking.measures, tables.session, known=tables.viewer.known
    )


@lru_cache(maxsize=512)
def _usual_share(
    booked: Measure,
    grain: Grain,
    as_of: date,
    measures: tuple[str, ...],
    session: Session,
    *,
    known: bool,
) -> UsualShare:
    calendar = calendar_of(session)
    period = calendar.of(grain, as_of)
    part = Decimal((as_of - period.start).days + 1) / Decimal(period.length)
    earlier = [calendar.shift(period, -step) for step in range(1, LOOK_BACK[grain] + 1)]
    history = [p for p in earlier if p is not None]
    if not history or not known:
        return UsualShare(part, 0)
    rows, reps = _booked_by_day(booked, history, measures, session)
    if reps < session.settings.peer_group_minimum:
        return UsualShare(part, 0)
    return _share(rows, history, part)


def _booked_by_day(
    booked: Measure, history: list[Period], measures: tuple[str, ...], session: Session
) -> tuple[list[dict[str, Any]], int]:
    last = max(p.end for p in history)
    view = View(min(p.start for p in history), last, last, where=tuple(("measure", m) for m in measures))
    company = CompanyTables(Viewer("company", frozenset({"rep"})), session, last)
    asking = Asking(view, company, calendar_of(session), ("day",))
    rows = booked.fact_rows(("day",), asking)
    daily = session.run(booked.total_of(rows, ("day",), asking), asking.values).to_pylist()
    reps = session.run(rows.aggregate(reps=rows.rep_id.nunique()), asking.values).to_pylist()[0]["reps"]
    return daily, reps


def _share(rows: list[dict[str, Any]], history: list[Period], part: Decimal) -> UsualShare:
    by_then: defaultdict[str, Decimal] = defaultdict(Decimal)
    whole: defaultdict[str, Decimal] = defaultdict(Decimal)
    for row in rows:
        period = next(p for p in history if p.start <= row["day"] < p.end)
        whole[period.id] += row["value"]
        if Decimal((row["day"] - period.start).days + 1) <= part * period.length:
            by_then[period.id] += row["value"]
    total = sum(whole.values(), Decimal())
    if total <= 0:
        return UsualShare(part, 0)
    share = min(max(sum(by_then.values(), Decimal()) / total, Decimal()), Decimal(1))
    return UsualShare(share.quantize(Decimal("0.000001")), len(whole))


def straight(asking: Asking) -> Decimal:
    """The share of the days of the period in progress that have passed."""
    grain = grain_of(asking.calendar, asking.view, asking.by)
    period = asking.calendar.of(grain, asking.view.as_of)
    return Decimal((asking.view.as_of - period.start).days + 1) / Decimal(period.length)
