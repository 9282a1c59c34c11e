"""From a source to a published version: land, build, publish, prune, under the store's lock."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pyarrow as pa

import connectors.files.issues
import connectors.sql.issues  # noqa: F401 - both add their sentences, whoever shows them
from connectors.base import Connector
from warehouse.build import build
from warehouse.database import open_database
from warehouse.issues import LoadFailed
from warehouse.landed import LandingInfo, keep_failed, mark_failed, read_for_counting, set_aside_rows
from warehouse.landing import Landing, Progress
from warehouse.people import People
from warehouse.settings import Settings
from warehouse.store import Store, StoreMixed
from warehouse.versions import SourceState, Version

DEMO = "demo"
PLANNING = "planning"
COMPENSATION = "compensation"
SETTINGS = "attain.toml"


@dataclass(frozen=True)
class LoadReport:
    """What a load did."""

    version: Version
    counts: dict[str, dict[str, int]]
    """By table: ``read`` rows sent by this load, ``kept`` rows of the source now in use,
    ``set_aside`` rows of the source now set aside."""
    issues_path: Path
    """Parquet with everything that is wrong with the source's data, ``warehouse.issues.SCHEMA``."""
    changed: bool
    """Whether any row or setting differs from the version before; times do not count."""


def load(
    connector: Connector,
    store: Store,
    settings: Settings,
    now: datetime,
    progress: Progress | None = None,
    *,
    people: People | None = None,
) -> LoadReport:
    """Load a source and publish a version with it.

    ``people`` keeps names and e-mail addresses; None is the store's own planning database.
    Whatever fails, the current version stays: ``LoadFailed`` names what is wrong with the source,
    ``StoreMixed`` a demo connector in an own store or the reverse.
    """
    _refuse_mixing(connector.name, store)
    people = people or People(open_database(store.root))
    with store.lock():
        before = store.current()
        info = _land(connector, store, now, before, people, progress)
        landings = _settled(store, store.landings() | {info.source: info}, now)
        version = publish(store, landings, settings, now, failing=info, progress=progress)
        path = store.gather_issues(version, info.source)
    return LoadReport(version, _counts(version, info, path), path, not same_data(before, version))


def _refuse_mixing(source: str, store: Store) -> None:
    if source != PLANNING and (source == DEMO) != (store.kind == "demo"):
        held, other = ("the demo company", "your own data")[:: 1 if store.kind == "demo" else -1]
        raise StoreMixed(
            f"{store.root} holds {held}; {other} must not be mixed with it. "
            "Set ATTAIN_STORE to another folder and load again."
        )


def _land(
    connector: Connector,
    store: Store,
    now: datetime,
    before: Version | None,
    people: People,
    progress: Progress | None,
) -> LandingInfo:
    """Run the connector; its sealed landing."""
    state = before.sources.get(connector.name) if before else None
    start = Landing.start(
        store,
        connector.name,
        now,
        progress,
        people=people,
        pseudonym=people.pseudonym,
        carries=connector.entities,
    )
    with start as landing:
        connector.read(landing, state.cursor if state else {})
    assert landing.sealed is not None  # leaving an unsealed landing raises
    return landing.sealed


def _settled(store: Store, landings: dict[str, LandingInfo], now: datetime) -> dict[str, LandingInfo]:
    """The landings, none of which pays a month that another pays."""
    if COMPENSATION not in landings:
        return landings
    from workflows.pay.publishing import settle

    return settle(store, landings, now)


def publish(
    store: Store,
    landings: Mapping[str, LandingInfo],
    settings: Settings,
    now: datetime,
    *,
    failing: LandingInfo | None = None,
    only: set[str] | None = None,
    grants: pa.Table | None = None,
    progress: Progress | None = None,
) -> Version:
    """Build ``landings``, publish the version and prune; the caller holds the lock.

    ``settings`` are the company's; what the sources and the store's own file say goes on top.
    ``grants`` replace those of the current version; None keeps them.
    ``failing`` is the landing to blame if the build raises: it is marked and shown as failed.
    """
    folders = {source: info.folder for source, info in landings.items()}
    try:
        effective = effective_settings(store, settings, landings)
        version = store.publish(
            build(store, folders, effective, now, only=only, grants=grants, progress=progress)
        )
    except Exception as error:
        if failing:
            mark_failed(failing.folder, failing.source, now, str(error) or type(error).__name__)
        if isinstance(error, LoadFailed) and failing:
            error.issues_path = keep_failed(failing, error.issues)
        raise
    store.prune(now)
    return version


def effective_settings(store: Store, settings: Settings, landings: Mapping[str, LandingInfo]) -> Settings:
    """``settings``, under what the sources say of themselves, under the store's own file.

    A mapping knows, say, that the fiscal year of its files starts in July; the file ``attain.toml``
    in the store's folder has the last word.
    """
    by_time = sorted(landings.values(), key=lambda info: (info.loaded_at, info.source))
    said: dict[str, Any] = {}
    for info in by_time:
        said |= info.settings | _with_measures(said, info.settings)
    own = store.root / SETTINGS
    return settings.over(said).over(tomllib.loads(own.read_text("utf-8")) if own.exists() else {})


def _with_measures(said: Mapping[str, Any], more: Mapping[str, Any]) -> dict[str, Any]:
    """The measures of several sources side by side; the later one's default counts."""
    if "measures" not in more:
        return {}
    earlier = said.get("measures", {})
    if any(entry.get("default") for entry in more["measures"].values()):
        earlier = {name: entry | {"default": False} for name, entry in earlier.items()}
    return {"measures": earlier | more["measures"]}


def _counts(version: Version, info: LandingInfo, path: Path) -> dict[str, dict[str, int]]:
    aside = set_aside_rows(read_for_counting(path))
    kept = version.sources[info.source].rows
    return {
        table: {
            "read": info.read.get(table, 0),
            "kept": kept.get(table, 0),
            "set_aside": aside.get(table, 0),
        }
        for table in sorted({*kept, *info.read, *aside})
    }


def same_data(one: Version | None, other: Version) -> bool:
    """Whether two versions hold the same rows, settings and sources, times apart."""
    if one is None:
        return False
    tables = one.tables.keys() | other.tables.keys()
    return (
        all(one.digest(table) == other.digest(table) for table in tables)
        and one.settings == other.settings
        and _timeless(one) == _timeless(other)
    )


def _timeless(version: Version) -> dict[str, SourceState]:
    never = datetime.min.replace(tzinfo=UTC)
    return {
        name: replace(state, load_id="", loaded_at=never, as_of=never.date(), note={})
        for name, state in version.sources.items()
    }
