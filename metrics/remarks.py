"""Remarks on attainment: quotas so small that the percentage above them means nothing."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from decimal import Decimal
from statistics import median

from metrics.ask import answer
from metrics.attainment import quota
from metrics.base import Asking, asking
from metrics.periods import Period, grain_of
from metrics.view import View
from warehouse.access import CompanyTables, Viewer
from warehouse.engine import Session

_LOOK_BACK = 8


def small_quotas(view: View, session: Session, viewer: Viewer) -> frozenset[str]:
    """Keys of reps whose quota in the view is out of proportion, so that they are not ranked by it.

    Small means under the settings' ``small_quota_share`` of the median of the rep's own quotas in up to
    eight other periods of the same grain around it; with fewer than two of those, of the peers' median in
    the same period.
    """
    question = asking(replace(view, compare="none"), session, viewer, ("rep",))
    question = replace(question, tables=CompanyTables(viewer, session, view.as_of))
    now = {row["rep"]: row["quota"] for row in answer(quota, question).to_pylist() if row["quota"]}
    usual = _usual(question)
    peers = median(now.values()) if now else Decimal()
    limit = Decimal(str(session.settings.small_quota_share))
    return frozenset(rep for rep, value in now.items() if value < limit * usual.get(rep, peers))


def _usual(question: Asking) -> dict[str, Decimal]:
    grain = grain_of(question.calendar, question.view)
    here = question.calendar.of(grain, question.view.start)
    around = [p for p in _around(question, here) if p != here]
    if not around:
        return {}
    span = replace(question.view, start=min(p.start for p in around), end=max(p.end for p in around))
    wide = replace(question.at(span), by=("rep", grain), tables=question.tables)
    values: defaultdict[str, list[Decimal]] = defaultdict(list)
    for row in answer(quota, wide).to_pylist():
        if row["quota"] and row[grain] != here.id:
            values[row["rep"]].append(row["quota"])
    return {rep: median(found) for rep, found in values.items() if len(found) >= 2}


def _around(question: Asking, here: Period) -> list[Period]:
    half = _LOOK_BACK // 2
    shifted = (question.calendar.shift(here, step) for step in range(-half - 2, half - 1))
    return [period for period in shifted if period is not None]
