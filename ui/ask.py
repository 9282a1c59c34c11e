"""Asking through the cache: the one place where answers are kept.

The key of an answer holds everything it depends on: the metric, its keys and view, who looks and with
which roles, the digests of the tables that are read, and the settings. Plain frames and page models
are kept, never connections. Pay is kept in the session of the person who asked, and nowhere else.
"""

from __future__ import annotations

import hashlib
import json
import threading
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import cache, lru_cache
from typing import Any, TypeVar

import pyarrow as pa
import streamlit as st
from streamlit.runtime.scriptrunner import add_script_run_ctx, get_script_run_ctx

from metrics.ask import ask as ask_uncached
from metrics.ask import records as records_uncached
from metrics.ask import records_count
from metrics.base import Measure, Metric, Stock
from metrics.peers import Ranking
from metrics.peers import ranking as ranking_uncached
from metrics.remarks import small_quotas as small_uncached
from metrics.targets import Due
from metrics.view import View
from ui.desk import Desk
from ui.private import private
from warehouse.versions import Version

Made = TypeVar("Made")

SHARED = ("accounts", "assignments", "days", "measures", "products", "reps", "territories", "visibility")
"""Tables any metric may join or be filtered by."""

OWN_ANSWERS = 80
"""Answers about pay kept in a session at the most; the oldest goes first."""

MINUTES = 10
"""How long anything is kept at most: so long may a forgotten name still be seen."""


@st.cache_data(max_entries=4000, max_size="400mb", ttl=60 * MINUTES, show_spinner=False)
def _kept(key: str, _work: Callable[[], Any]) -> Any:  # noqa: ARG001 - the key under which it is kept
    return _work()


@cache
def tables_of(metric: Metric) -> frozenset[str]:
    """The tables a metric reads."""
    if isinstance(metric, Measure | Stock):
        history = {"credits"} if isinstance(metric, Due) else set()
        return frozenset({metric.fact.table, *history, *SHARED})
    return frozenset().union(*(tables_of(part) for part in metric.parts))


@lru_cache(maxsize=64)
def settings_digest(version: Version) -> str:
    """A digest of the settings a version was built with."""
    return hashlib.sha256(json.dumps(version.settings, sort_keys=True, default=str).encode()).hexdigest()[:16]


def key_of(desk: Desk, tables: Iterable[str], *rest: object) -> str:
    """Everything an answer depends on, as text."""
    version = desk.reading.version
    digests = [f"{name}={version.digest(name)}" for name in sorted(tables)]
    who = (desk.viewer.key, *sorted(desk.viewer.roles))
    parts = (str(desk.place.root), settings_digest(version), desk.reading.engine.name, who, digests, *rest)
    return repr(parts)


def named(metric: Metric) -> tuple[str, str]:
    """What tells a metric from every other: parts of one may have the name of a metric and be another kind."""
    return metric.name, type(metric).__name__


@cache
def about_pay(metric: Metric) -> bool:
    """Whether a metric reads pay, or what is at stake in it."""
    if isinstance(metric, Measure | Stock):
        return metric.fact.pay
    return any(about_pay(part) for part in metric.parts)


def _kept_of(metric: Metric, desk: Desk, key: str, work: Callable[[], Made]) -> Made:
    """An answer, kept where its metric may be: of pay in the session of whoever asks, for nobody else."""
    if not about_pay(metric):
        return _kept(key, work)
    own: dict[str, Made] = private("answers about pay", desk, dict)
    if key not in own:
        own[key] = work()
        while len(own) > OWN_ANSWERS:
            del own[next(iter(own))]
    return own[key]


def ask(metric: Metric, by: Sequence[str] = (), *, view: View, desk: Desk) -> pa.Table:
    """The answer of ``metrics.ask``, kept."""
    key = key_of(desk, tables_of(metric), "ask", named(metric), tuple(by), view)
    return _kept_of(
        metric,
        desk,
        key,
        lambda: ask_uncached(metric, by, view=view, session=desk.reading, viewer=desk.viewer),
    )


Question = tuple[Metric, tuple[str, ...], View]
WORKERS = 4


def ahead(questions: Iterable[Question], desk: Desk) -> None:
    """Answer several questions at once, so that asking each of them later costs nothing.

    Every query has its own cursor, and the engine lets go of the interpreter while it works.
    """
    context = get_script_run_ctx()

    def one(question: Question) -> None:
        add_script_run_ctx(threading.current_thread(), context)
        metric, by, view = question
        ask(metric, by, view=view, desk=desk)

    with ThreadPoolExecutor(WORKERS) as pool:
        list(pool.map(one, questions))


def row(metric: Metric, *, view: View, desk: Desk) -> dict[str, Any]:
    """The one row of a question without keys."""
    return ask(metric, view=view, desk=desk).to_pylist()[0]


def records(metric: Metric, *, view: View, desk: Desk, part: str, limit: int) -> tuple[pa.Table, int]:
    """The first rows behind a number, and how many there are."""

    def work() -> tuple[pa.Table, int]:
        scope: dict[str, Any] = {"view": view, "session": desk.reading, "viewer": desk.viewer, "part": part}
        return records_uncached(metric, **scope, limit=limit), records_count(metric, **scope)

    key = key_of(desk, tables_of(metric), "records", named(metric), view, part, limit)
    return _kept_of(metric, desk, key, work)


def all_records(metric: Metric, *, view: View, desk: Desk, part: str) -> pa.Table:
    """Every row behind a number, for an export; not kept."""
    return records_uncached(metric, view=view, session=desk.reading, viewer=desk.viewer, part=part)


def ranking(metric: Metric, *, view: View, desk: Desk, small: frozenset[str] = frozenset()) -> Ranking:
    """Reps ranked by a metric, without those whose quota is too small to compare."""
    return _kept(
        key_of(desk, tables_of(metric), "ranking", metric.name, view, sorted(small)),
        lambda: ranking_uncached(
            metric,
            view=view,
            session=desk.reading,
            viewer=desk.viewer,
            eligible=lambda found: found["rep"] not in small,
        ),
    )


def small_quotas(*, view: View, desk: Desk) -> frozenset[str]:
    """Reps whose quota in the view is out of proportion."""
    key = key_of(desk, {"quota_months", *SHARED}, "small quotas", view)
    return _kept(key, lambda: small_uncached(view, desk.reading, desk.viewer))


def kept(what: str, desk: Desk, work: Callable[[], Made], *rest: object, tables: Iterable[str] = ()) -> Made:
    """Whatever a page computes from performance tables, kept as one thing."""
    read = tables or ("credits", "quota_months", *SHARED)
    return _kept(key_of(desk, read, what, *rest), work)


def kept_for(what: str, key: object, work: Callable[[], Made]) -> Made:
    """Something looked up before it is known who looks; the key must hold all it depends on."""
    return _kept(repr((what, key)), work)
