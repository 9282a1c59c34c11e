"""Removing from a store what no reader can still need."""

from __future__ import annotations

import shutil
from collections.abc import Iterable, Iterator
from datetime import datetime
from pathlib import Path

from warehouse.landed import folder_name
from warehouse.versions import Version, from_json

FOLDERS = ("versions", "parts", "landing")
"""The folders pruning looks into; everything else in a store is left alone."""


def prune(root: Path, current: Version | None, failed: Iterable[Path], limit: datetime) -> list[Path]:
    """Remove files that are older than ``limit`` and that no kept version names; what was removed.

    Kept are ``current`` and the versions replaced after ``limit``. Manifests go before the parts
    they name, so a crash in between leaves no version without its parts. ``failed`` are folders
    of failed loads that stay. The caller holds the store's lock.
    """
    kept = _kept(root, current, limit)
    doomed = [*_manifests(root, kept), *_parts(root, kept), *_landings(root, kept, set(failed))]
    old = [path for path in [*doomed, *root.glob("*.tmp")] if path.stat().st_mtime < limit.timestamp()]
    for path in old:
        shutil.rmtree(path) if path.is_dir() else path.unlink()
    return old


def _kept(root: Path, current: Version | None, limit: datetime) -> list[Version]:
    """``current`` and its predecessors, back to the last that was replaced after ``limit``."""
    kept = []
    version = current
    while version:
        kept.append(version)
        manifest = root / "versions" / f"{version.id}.json"
        switched = max(version.made_at.timestamp(), manifest.stat().st_mtime)
        version = _before(root, version) if switched >= limit.timestamp() else None
    return kept


def _before(root: Path, version: Version) -> Version | None:
    """The version that ``version`` replaced; None when it is gone or cannot be read by anybody."""
    path = root / "versions" / f"{version.previous}.json"
    try:
        return from_json(path.read_text(encoding="utf-8"))
    except (OSError, ValueError, KeyError, TypeError):
        return None


def _manifests(root: Path, kept: list[Version]) -> Iterator[Path]:
    ids = {version.id for version in kept}
    paths = sorted(root.glob("versions/*"), key=lambda path: path.suffix != ".json")
    return (path for path in paths if path.suffix == ".tmp" or path.name.split(".")[0] not in ids)


def _parts(root: Path, kept: list[Version]) -> Iterator[Path]:
    named = {root / p.path for version in kept for parts in version.tables.values() for p in parts}
    return (path for path in root.glob("parts/*/*") if path not in named)


def _landings(root: Path, kept: list[Version], failed: set[Path]) -> Iterator[Path]:
    states = [state for version in kept for state in version.sources.values()]
    named = {root / "landing" / folder_name(state.source) / state.load_id for state in states}
    return (path for path in root.glob("landing/*/*") if path not in named | failed)
