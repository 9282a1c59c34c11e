"""The store: published versions of the canonical tables, switched in one atomic step."""

from __future__ import annotations

import json
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Literal, Self, TypeVar

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from warehouse import issues, prune
from warehouse.landed import ISSUES, Failure, LandingInfo, folder_name, last_failures
from warehouse.lock import PATIENCE, WriterLock
from warehouse.parquet import Writer, sync, write_text
from warehouse.problems import (
    StoreBusy,
    StoreDamaged,
    StoreMissing,
    StoreMixed,
    StoreProblem,
    StoreTooOld,
)
from warehouse.tables import SCHEMA_VERSION
from warehouse.versions import Draft, Part, Version, from_json, new_id, publish_as, to_json

__all__ = [
    "KEEP_FOR",
    "Kind",
    "Store",
    "StoreBusy",
    "StoreDamaged",
    "StoreMissing",
    "StoreMixed",
    "StoreProblem",
    "StoreTooOld",
]

Kind = Literal["demo", "own"]

Found = TypeVar("Found", bound="Store")

KEEP_FOR = timedelta(hours=1)
"""How long a replaced version stays for those who are still reading it."""

_IDENTITY = "store.json"
_CURRENT = "CURRENT"


@dataclass(frozen=True)
class Store:
    """A folder of parts, landings and versions; ``open`` or ``create`` it.

    Any number of processes may read while one, holding ``lock``, writes. A reader takes
    ``current`` once and keeps that version: its parts stay for KEEP_FOR after it is replaced.
    """

    root: Path
    kind: Kind
    made_at: datetime

    @classmethod
    def open(cls, root: Path) -> Self:
        """The store in ``root``. Raises ``StoreMissing`` when there is none."""
        path = root / _IDENTITY
        if not path.is_file():
            message = (
                f"There is no store in {root}. Load the demo company with `python manage.py demo`, or "
                "your own data with `python manage.py import`, or set ATTAIN_STORE to another folder."
            )
            raise StoreMissing(message)
        data = json.loads(path.read_text(encoding="utf-8"))
        return cls(root, data["kind"], datetime.fromisoformat(data["made_at"]))

    @classmethod
    def create(cls, root: Path, kind: Kind, now: datetime) -> Self:
        """A new, empty store in ``root``, or the store of the same kind that is already there.

        Raises ``StoreMixed`` over a store of the other kind, ``StoreProblem`` over a folder that
        holds something else under the store's names.
        """
        if (root / _IDENTITY).is_file():
            return _of_kind(cls.open(root), kind)
        taken = [name for name in (*prune.FOLDERS, _CURRENT) if (root / name).exists()]
        if taken:
            message = f"{root} is no store but already holds “{taken[0]}”. Choose an empty folder."
            raise StoreProblem(message)
        root.mkdir(parents=True, exist_ok=True)
        identity = {"kind": kind, "made_at": now.isoformat()}
        write_text(root / _IDENTITY, json.dumps(identity) + "\n")
        return cls.open(root)

    def current(self) -> Version | None:
        """The published version, None before the first load.

        Raises ``StoreTooOld`` when its tables are of another schema version, ``StoreDamaged``
        when its manifest cannot be read.
        """
        version = self.newest()
        if version and version.schema_version != SCHEMA_VERSION:
            raise StoreTooOld(_other_schema(self.root, version.schema_version))
        return version

    def comparable(self) -> Version | None:
        """The published version if its parts can be shared with a new one, else None."""
        version = self.newest()
        return version if version and version.schema_version == SCHEMA_VERSION else None

    def newest(self) -> Version | None:
        """The published version whatever its schema version, None before the first load."""
        try:
            version_id = (self.root / _CURRENT).read_text(encoding="utf-8").strip()
        except FileNotFoundError:
            return None
        return self.version(version_id)

    def version(self, version_id: str) -> Version:
        """A version by id. Raises ``StoreDamaged`` when its manifest cannot be read."""
        return _read_version(self.root / "versions" / f"{version_id}.json")

    def path(self, part: Part) -> Path:
        """Where a part lies."""
        return self.root / part.path

    def lock(self, patience: float = PATIENCE) -> AbstractContextManager[None]:
        """Hold the writer's lock; ``StoreBusy`` names the holder after ``patience`` seconds."""
        return self._writer_lock.hold(patience)

    @cached_property
    def _writer_lock(self) -> WriterLock:
        return WriterLock(self.root / "lock")

    def publish(self, draft: Draft) -> Version:
        """Make a draft the current version, in one atomic step.

        Parts and manifest are on disk before the pointer moves, so that a reader, or a crash at
        any moment, finds the old version or the new. Raises ``StoreDamaged`` when a part or a
        landing the draft names is not there.
        """
        with self.lock():
            before = self.newest()
            version = publish_as(draft, new_id(draft.made_at, before.id if before else ""), before)
            self._check(version)
            (self.root / "versions").mkdir(exist_ok=True)
            self._sync_parts(version, before)
            self._write_issues(version, draft.issues)
            write_text(self.root / "versions" / f"{version.id}.json", to_json(version))
            write_text(self.root / _CURRENT, version.id + "\n")
        return self.version(version.id)

    def _check(self, version: Version) -> None:
        """Refuse a version that names what is not there."""
        for parts in version.tables.values():
            for part in parts:
                if not self.path(part).is_file():
                    message = f"The part {part.path} is missing; nothing was published."
                    raise StoreDamaged(message)
        self.landings(version)

    def _sync_parts(self, version: Version, before: Version | None) -> None:
        """Flush the parts that are new in ``version``, and their folders, to disk."""
        old = {part.path for parts in before.tables.values() for part in parts} if before else set()
        new = [self.path(p) for parts in version.tables.values() for p in parts if p.path not in old]
        folders = {self.root, *(path.parent for path in new), *(path.parent.parent for path in new)}
        for path in [*new, *folders]:
            sync(path)

    def _write_issues(self, version: Version, found: pa.Table) -> None:
        writer = Writer(self._issues_path(version), issues.SCHEMA)
        writer.add(issues.conform(found))
        writer.close()

    def _issues_path(self, version: Version) -> Path:
        return self.root / "versions" / f"{version.id}.issues.parquet"

    def landings(self, version: Version | None = None) -> dict[str, LandingInfo]:
        """The landings a version (the current one when None) is built from, by source."""
        version = version or self.current()
        states = version.sources.values() if version else ()
        return {state.source: self._landing(state.source, state.load_id) for state in states}

    def _landing(self, source: str, load_id: str) -> LandingInfo:
        folder = self.root / "landing" / folder_name(source) / load_id
        try:
            return LandingInfo.from_folder(folder)
        except (OSError, ValueError, KeyError, TypeError) as error:
            message = f"The landing {folder} cannot be read: {error}. Restore the store from a backup."
            raise StoreDamaged(message) from error

    def issues(self, version: Version, source: str | None = None) -> pa.Table:
        """All that is wrong with a version's data, of one source or all: ``issues.SCHEMA``."""
        landed = [info.issues() for info in self.landings(version).values()]
        across = pq.read_table(self._issues_path(version), schema=issues.SCHEMA)
        found = pa.concat_tables([*landed, across])
        return found if source is None else found.filter(pc.equal(found["source"], source))

    def gather_issues(self, version: Version, source: str) -> Path:
        """The same for one source as a Parquet file, which lives as long as the version."""
        path = self.root / "versions" / f"{version.id}.{folder_name(source)}.issues.parquet"
        if not path.exists():
            half = path.with_name(path.name + ".tmp")
            writer = Writer(half, issues.SCHEMA)
            for file in (self.landings(version)[source].folder / ISSUES, self._issues_path(version)):
                for batch in pq.ParquetFile(file).iter_batches():
                    rows = pa.table(batch)
                    writer.add(rows.filter(pc.equal(rows["source"], source)))
            writer.close()
            half.replace(path)
        return path

    def failures(self) -> dict[str, Failure]:
        """By source, its last load if that failed: why, and where its issues are."""
        version = self.newest()
        loaded = {s.source: s.load_id for s in version.sources.values()} if version else {}
        return last_failures(self.root, loaded)

    def prune(self, now: datetime, keep_for: timedelta = KEEP_FOR) -> list[Path]:
        """Remove what no reader can still need; what was removed.

        The current version stays, and every version that was replaced less than ``keep_for``
        ago. Of each source the last failed load stays until one succeeds.
        """
        with self.lock():
            failed = [failure.folder for failure in self.failures().values()]
            return prune.prune(self.root, self.newest(), failed, now - keep_for)


def _of_kind(store: Found, kind: Kind) -> Found:
    """The store, if it is of this kind."""
    if store.kind != kind:
        held = {"demo": "the demo company", "own": "your own data"}
        message = (
            f"{store.root} holds {held[store.kind]}; {held[kind]} must not be mixed with it. "
            "Set ATTAIN_STORE to another folder."
        )
        raise StoreMixed(message)
    return store


@lru_cache(maxsize=64)
def _read_version(path: Path) -> Version:
    try:
        return from_json(path.read_text(encoding="utf-8"))
    except (OSError, ValueError, KeyError, TypeError) as error:
        message = f"The version {path.stem} cannot be read: {error}. Restore the store from a backup."
        raise StoreDamaged(message) from error


def _other_schema(root: Path, held: int) -> str:
    age = "an older" if held < SCHEMA_VERSION else "a newer"
    advice = (
        "Run `python manage.py republish` to build its tables again from what was loaded"
        if held < SCHEMA_VERSION
        else "Use that release, or set ATTAIN_STORE to another folder"
    )
    return (
        f"The store {root} was written by {age} release (tables of version {held}; this one reads "
        f"version {SCHEMA_VERSION}). {advice}."
    )
