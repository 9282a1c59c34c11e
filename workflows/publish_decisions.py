"""Publishing what people decided: the outbox is emptied into a version of its own.

The decisions wait in the database's outbox. ``publish`` lands the decision tables as the source
"planning", builds the tables concerned and what follows from them, publishes, and only then marks the
outbox rows. A crash in between therefore loses nothing: the next call publishes the same rows again,
which changes nothing. It runs after each decision and at every start.

Pay of months that were closed comes along as the source "compensation" (``workflows.pay.publishing``).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from planning import outbox, roles
from planning.landing import NAME, PlanningSource, has_decisions
from warehouse.database import Database
from warehouse.landed import LandingInfo
from warehouse.landing import Landing, Progress
from warehouse.settings import Settings
from warehouse.store import Store
from warehouse.versions import Version
from workflows import refresh
from workflows.pay import publishing

GRANTED = "visibility"
"""The table that grants reach."""

PAY = frozenset({"payouts", "plans"})
"""Tables whose decisions change what the source of closed pay sends."""


@dataclass(frozen=True)
class Published:
    """What one publication did."""

    version: Version
    tables: frozenset[str]  # concerned directly, without what follows from them
    decisions: int  # outbox rows that are now done


def publish(
    store: Store,
    database: Database,
    settings: Settings,
    now: datetime,
    progress: Progress | None = None,
    *,
    whole: bool = False,
) -> Published | None:
    """Publish every waiting decision; None when nothing waits, or when nothing was ever loaded.

    ``whole`` publishes all decisions whether or not they wait, as is needed after the database was
    restored. A store that has no decisions of a database that has some gets them all. Whatever fails,
    the current version stays and the decisions go on waiting.
    """
    with store.lock():
        current = store.current()
        if current is None:
            return None
        taken = outbox.take(database)
        missing = NAME not in current.sources and has_decisions(database)
        tables = _every() if whole or missing else taken.tables
        if not tables:
            return None
        tables |= publishing.TABLES if tables & PAY else frozenset()
        version = _publish(store, database, settings, now, set(tables), progress)
        outbox.done(database, taken.ids, now)
    return Published(version, tables, len(taken.ids))


def pending_count(database: Database) -> int:
    """How many decisions are saved but not published yet."""
    return outbox.pending_count(database)


def _every() -> frozenset[str]:
    return frozenset({*PlanningSource.entities, GRANTED, *PAY})


def _publish(
    store: Store,
    database: Database,
    settings: Settings,
    now: datetime,
    tables: set[str],
    progress: Progress | None,
) -> Version:
    grants = roles.grants_table(database)  # read after the outbox was taken: what comes later still waits
    info = _land(store, database, settings, now, progress)
    landings = store.landings() | {NAME: info}
    if tables & PAY and (pay := publishing.land(store, database, landings, now)):
        landings |= {publishing.NAME: pay}
    return refresh.publish(
        store, landings, settings, now, failing=info, only=tables, grants=grants, progress=progress
    )


def _land(
    store: Store, database: Database, settings: Settings, now: datetime, progress: Progress | None
) -> LandingInfo:
    """Every decision table, from one moment of the database."""
    today = now.astimezone(ZoneInfo(settings.time_zone)).date()
    with Landing.start(store, NAME, now, progress, carries=PlanningSource.entities) as landing:
        PlanningSource(database, today).read(landing, {})
    assert landing.sealed is not None  # leaving an unsealed landing raises
    return landing.sealed
