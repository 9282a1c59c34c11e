"""What is kept for how long: ``[retention]`` of the settings, in days, a layer each."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from planning import audit, outbox
from warehouse import closed, erasure
from warehouse.database import Database
from warehouse.landed import ISSUES
from warehouse.settings import Settings, SettingsError
from warehouse.store import Store
from warehouse.versions import Version


@dataclass(frozen=True)
class _Work:
    store: Store
    database: Database
    now: datetime


def retire(store: Store, database: Database, settings: Settings, now: datetime) -> dict[str, int]:
    """Remove what is older than its layer's days; files or rows removed, by layer.

    - ``set_aside``: what set-aside rows said; they stay counted. As old as the load that holds them.
    - ``landing``: what is left of loads that failed. Landings in use are never removed.
    - ``audit``: rows of the audit trail. Published with the next decisions.
    - ``outbox``: decisions that were published.
    - ``closed``: what closed months were computed from. What was paid stays.

    A layer without days is kept for ever. Raises ``SettingsError`` for an unknown layer.
    """
    _check(settings.retention)
    work = _Work(store, database, now)
    with store.lock():
        return {
            layer: LAYERS[layer](work, now - timedelta(days=days))
            for layer, days in sorted(settings.retention.items())
        }


def _check(retention: Mapping[str, int]) -> None:
    for layer, days in retention.items():
        if layer not in LAYERS:
            known = ", ".join(sorted(LAYERS))
            raise SettingsError(f"retention.{layer} is not a layer of this program; known: {known}.")
        if days < 0:
            raise SettingsError(f"retention.{layer} is {days}; write a number of days, 0 or more.")


def _set_aside(work: _Work, before: datetime) -> int:
    version = work.store.newest()
    landings = work.store.landings(version).values() if version else ()
    old = [info.folder / ISSUES for info in landings if info.loaded_at < before]
    failed = [f.folder / ISSUES for f in work.store.failures().values() if f.failed_at < before]
    across = _across(work.store, version) if version and version.made_at < before else []
    return sum(erasure.empty_issues(path) for path in [*old, *failed, *across] if path.exists())


def _across(store: Store, version: Version) -> list[Path]:
    """What a version's own checks found, and what was gathered for download."""
    return sorted((store.root / "versions").glob(f"{version.id}.*{ISSUES}"))


def _failed_landings(work: _Work, before: datetime) -> int:
    old = [failure.folder for failure in work.store.failures().values() if failure.failed_at < before]
    for folder in old:
        shutil.rmtree(folder)
    return len(old)


def _audit(work: _Work, before: datetime) -> int:
    return audit.clear(work.database, before, work.now)


def _outbox(work: _Work, before: datetime) -> int:
    return outbox.clear(work.database, before)


def _closed(work: _Work, before: datetime) -> int:
    return closed.retire(work.store.root, before)


LAYERS: dict[str, Callable[[_Work, datetime], int]] = {
    "audit": _audit,
    "closed": _closed,
    "landing": _failed_landings,
    "outbox": _outbox,
    "set_aside": _set_aside,
}
"""What each layer of the settings removes."""
