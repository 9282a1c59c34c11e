"""Rank among peers: computed over a named scope, shown without naming whom the viewer does not see."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any, Literal

from metrics.ask import answer
from metrics.base import Metric, asking
from metrics.view import View
from warehouse.access import CompanyTables, Tables, Viewer
from warehouse.engine import Session

PeerScope = Literal["company", "team", "role"]


@dataclass(frozen=True)
class Standing:
    """One place in a ranking."""

    rep: str  # the rep's key, or a mask that means nothing outside this answer
    value: float | None
    before: float | None
    rank: int | None  # ties share the better rank; None when there is nothing to rank
    tied: bool
    rank_before: int | None
    named: bool  # False: a peer the viewer does not see
    top: Any = None  # the figures behind the value; only for reps the viewer sees
    bottom: Any = None


@dataclass(frozen=True)
class Ranking:
    """A ranking over a named scope; empty and ``withheld`` when the group is too small to show."""

    scope: str
    rows: tuple[Standing, ...]
    withheld: bool = False
    minimum: int = 0


def ranking(
    metric: Metric,
    *,
    view: View,
    session: Session,
    viewer: Viewer,
    eligible: Callable[[dict[str, Any]], bool] = lambda _: True,
) -> Ranking:
    """Reps ranked by a metric over everybody the view's filters keep.

    People the viewer may not see take part with their value, under a mask, and only when at least
    ``peer_group_minimum`` of them take part; else they are left out and ranks are among the visible.

    Args:
        metric: what is ranked; more is better when ``metric.good`` is not negative.
        view: period, filters and comparison; with a comparison each place has its earlier rank.
        session: the version read.
        viewer: who looks.
        eligible: which answer rows are ranked at all (a quota too small to mean anything is not).
    """
    question = asking(view, session, viewer, ("rep",))
    everybody = replace(question, tables=CompanyTables(viewer, session, view.as_of))
    rows = [row for row in answer(metric, everybody).to_pylist() if row["rep"] != "unassigned"]
    mine = Tables(viewer, session, view.as_of)
    seen = set(mine.run(mine.visible_reps())["rep_id"].to_pylist())
    hidden = sum(row["rep"] not in seen for row in rows)
    minimum = session.settings.peer_group_minimum
    if 0 < hidden < minimum:
        rows = [row for row in rows if row["rep"] in seen]
    return Ranking("company", _standings(metric, rows, seen, view, eligible), 0 < hidden < minimum, minimum)


def _standings(
    metric: Metric,
    rows: list[dict[str, Any]],
    seen: set[str],
    view: View,
    eligible: Callable[[dict[str, Any]], bool],
) -> tuple[Standing, ...]:
    sign = -1 if metric.good >= 0 else 1
    now = {row["rep"]: row[metric.name] for row in rows if row[metric.name] is not None and eligible(row)}
    name_before = f"{metric.name}_before"
    before = {row["rep"]: row[name_before] for row in rows if row.get(name_before) is not None}
    ranks, ranks_before = _ranks(now, sign), _ranks(before, sign)
    values = list(now.values())
    standings = [
        Standing(
            rep=row["rep"] if row["rep"] in seen else mask(row["rep"], view),
            value=row[metric.name],
            before=before.get(row["rep"]),
            rank=ranks.get(row["rep"]),
            tied=row["rep"] in now and values.count(now[row["rep"]]) > 1,
            rank_before=ranks_before.get(row["rep"]),
            named=row["rep"] in seen,
            top=row["top"] if row["rep"] in seen else None,
            bottom=row["bottom"] if row["rep"] in seen else None,
        )
        for row in rows
    ]
    return tuple(sorted(standings, key=lambda s: (s.rank is None, s.rank or 0, not s.named, s.rep)))


def _ranks(values: dict[str, Any], sign: int) -> dict[str, int]:
    ordered = sorted(values.values(), key=lambda value: sign * value)
    place: dict[Any, int] = {}
    for rank, value in enumerate(ordered, start=1):
        place.setdefault(value, rank)
    return {rep: place[value] for rep, value in values.items()}


_SALT = secrets.token_bytes(16)


def mask(rep: str, view: View) -> str:
    """A stand-in for a person, which cannot be turned back nor followed from one period to the next."""
    text = f"{rep}|{view.start}|{view.end}"
    return "peer_" + hmac.new(_SALT, text.encode(), hashlib.sha256).hexdigest()[:10]
