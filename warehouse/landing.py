"""One load of one source being written: rows in, a sealed folder of Parquet files out."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, Protocol, Self

import pyarrow as pa

from warehouse.conform import Keys, LandingError, Pseudonym, conform, disk_schema
from warehouse.issue_log import IssueLog
from warehouse.issues import DataIssue, LoadFailed
from warehouse.landed import (
    ISSUES,
    SEAL,
    LandingInfo,
    folder_name,
    mark_failed,
    read_for_counting,
    set_aside_rows,
    warnings,
)
from warehouse.merging import merge
from warehouse.parquet import Writer, sync, write_text
from warehouse.people import Person
from warehouse.tables import SCHEMA_VERSION, TABLES
from warehouse.versions import new_id

if TYPE_CHECKING:
    from warehouse.store import Store

__all__ = ["Landing", "LandingError", "LandingInfo", "Progress"]

Progress = Callable[[str, int, int | None], None]
"""Called with what is done, how many, and of how many (None when nobody knows)."""

SLICE = 1_000_000
"""Rows conformed at once, so that one large table does not double in memory."""

MODES = ("replace", "upsert")


class PeopleSink(Protocol):
    """Where names and e-mail addresses go (``warehouse.people.People``)."""

    def upsert(self, rows: Iterable[Person]) -> object:
        """Keep these people."""
        ...


class Landing:
    """One load of one source.

    A sealed landing is the source's complete present state: tables in mode "replace" hold what
    this load sent; tables in mode "upsert" hold that and the earlier rows with other keys; tables
    this load did not touch carry over from the previous landing. Names and e-mail addresses of
    ``reps`` never reach its files: they go to ``people``, or nowhere when that is None.
    """

    def __init__(
        self,
        folder: Path,
        source: str,
        now: datetime,
        *,
        load_id: str,
        previous: LandingInfo | None = None,
        progress: Progress | None = None,
        people: PeopleSink | None = None,
        pseudonym: Pseudonym | None = None,
        carries: Iterable[str] | None = None,
    ) -> None:
        """Open ``folder``; ``Landing.start`` is the usual way in."""
        self.folder = folder
        self.source = source
        self.load_id = load_id
        self.sealed: LandingInfo | None = None
        self.failed = False
        self._now = now
        self._previous = previous
        self._progress = progress
        self._people = people
        self._pseudonym = pseudonym
        self._carries = None if carries is None else frozenset(carries)
        self._writers: dict[str, Writer] = {}
        self._modes: dict[str, str] = {}
        self._persons: dict[str, Person] = {}
        folder.mkdir(parents=True)
        self._log = IssueLog(folder, source, pseudonym)

    @classmethod
    def start(
        cls,
        store: Store,
        source: str,
        now: datetime,
        progress: Progress | None = None,
        *,
        people: PeopleSink | None = None,
        pseudonym: Pseudonym | None = None,
        carries: Iterable[str] | None = None,
    ) -> Landing:
        """A new landing of ``source`` in ``store``; the caller holds the store's lock.

        ``carries`` names the tables that may carry over when this load does not touch them
        (None: all), so that a table a mapping no longer has disappears.
        """
        previous = store.landings().get(source)
        load_id = new_id(now, previous.load_id if previous else "")
        folder = store.root / "landing" / folder_name(source) / load_id
        return cls(
            folder,
            source,
            now,
            load_id=load_id,
            previous=previous,
            progress=progress,
            people=people,
            pseudonym=pseudonym,
            carries=carries,
        )

    def add(self, table: str, rows: pa.Table) -> None:
        """Append rows of a canonical table; an empty table says that the source has none.

        ``rows`` has columns of ``TABLES[table].landing`` in any order and may have ``_file``
        (string) and ``_row`` (int64). A missing nullable column is NULL, a missing key
        "unassigned", a missing flag false, a missing ``source_id`` the key joined by "|".
        Raises ``LandingError`` when a column is unknown, missing or would lose something.
        """
        self._refuse_sealed()
        for start in range(0, max(rows.num_rows, 1), SLICE):
            ready = conform(table, rows.slice(start, SLICE), self._keys())
            self._keep_people(table, ready)
            self._writer(table).add(ready)

    def mode(self, table: str, mode: str) -> None:
        """How this load's rows of ``table`` meet the earlier ones: "replace" (default) or "upsert"."""
        self._refuse_sealed()
        if mode not in MODES or table not in TABLES:
            message = f"mode({table!r}, {mode!r}): the modes are {MODES}, the table canonical"
            raise LandingError(message)
        self._modes[table] = mode

    def set_aside(self, issue: DataIssue) -> None:
        """Record an issue; one of severity "load" makes the load fail when it is sealed."""
        self._refuse_sealed()
        self._log.add(issue)

    def set_aside_rows(self, found: pa.Table) -> None:
        """Record many issues at once: columns of ``issues.SCHEMA``, those that are missing are empty."""
        self._refuse_sealed()
        self._log.add_many(found)

    def progress(self, what: str, done: int, total: int | None) -> None:
        """Tell whoever watches how far the load is."""
        if self._progress:
            self._progress(what, done, total)

    def seal(
        self,
        *,
        as_of: date,
        cursor: Mapping[str, str] | None = None,
        settings: Mapping[str, Any] | None = None,
        note: Mapping[str, Any] | None = None,
    ) -> LandingInfo:
        """Make the landing whole; nothing can be added afterwards.

        ``as_of`` is the day the source's data stands at, ``cursor`` what the next load is given,
        ``settings`` what the source says about the company's settings, ``note`` anything worth
        showing. Raises ``LoadFailed`` when an issue of severity "load" was recorded.
        """
        self._refuse_sealed()
        fresh = read_for_counting(self._log.close())
        if self._log.fatal:
            raise LoadFailed(self._log.fatal)
        new = {table: writer.close() for table, writer in self._writers.items()}
        rows = {table: self._settle(table, count) for table, count in new.items()} | self._carry_over()
        self._settle_issues(carried=set(rows) - set(new))
        if self._people and self._persons:
            self._people.upsert(self._persons.values())
        found = read_for_counting(self._log.path)
        info = LandingInfo(
            source=self.source,
            load_id=self.load_id,
            folder=self.folder,
            loaded_at=self._now,
            as_of=as_of,
            schema_version=SCHEMA_VERSION,
            cursor=dict(cursor or {}),
            settings=dict(settings or {}),
            note=dict(note or {}),
            rows=rows,
            read=_sum(new, set_aside_rows(fresh)),
            set_aside=set_aside_rows(found),
            warnings=warnings(found),
        )
        for folder in (self.folder, *self.folder.parents[:3]):  # up to the store's root
            sync(folder)
        write_text(self.folder / SEAL, info.to_json())
        self.sealed = info
        return info

    def fail(self, error: BaseException) -> Path:
        """Give up because of ``error``: drop the rows, keep the issues; where they are."""
        self.failed = True
        self._log.fail(error.issues if isinstance(error, LoadFailed) else ())
        for writer in self._writers.values():
            writer.abandon()
        for path in self.folder.iterdir():
            if path.name != ISSUES:
                shutil.rmtree(path) if path.is_dir() else path.unlink()
        mark_failed(self.folder, self.source, self._now, str(error) or type(error).__name__)
        return self.folder / ISSUES

    def __enter__(self) -> Self:
        """Start writing."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Close the files; after an error, or without a seal, the landing is never read."""
        if self.sealed or self.failed:
            return
        path = self.fail(error or LandingError(f"the landing of {self.source} was never sealed"))
        if error is None:
            message = f"the landing of {self.source} was never sealed"
            raise LandingError(message)
        if isinstance(error, LoadFailed):
            error.issues_path = path

    def _refuse_sealed(self) -> None:
        if self.sealed is not None:
            message = f"the landing of {self.source} is sealed"
            raise LandingError(message)

    def _keys(self) -> Keys:
        return Keys(rep=self._rep_key if self._pseudonym else None, other=self._pseudonym)

    def _rep_key(self, email: str) -> str:
        """The pseudonym of a rep known by e-mail address, who is kept with the people."""
        assert self._pseudonym is not None
        key = self._pseudonym(email)
        self._persons.setdefault(key, Person(key, email))
        return key

    def _keep_people(self, table: str, rows: pa.Table) -> None:
        if table != "reps":
            return
        for row in rows.select(["rep_id", "email", "name"]).to_pylist():
            before = self._persons.get(row["rep_id"], Person(row["rep_id"]))
            person = Person(before.key, row["email"] or before.email, row["name"] or before.name)
            if person.email or person.name:
                self._persons[person.key] = person

    def _writer(self, table: str) -> Writer:
        if table not in self._writers:
            path = self.folder / f"{table}.new.parquet"
            self._writers[table] = Writer(path, disk_schema(table))
        return self._writers[table]

    def _settle(self, table: str, rows: int) -> int:
        """Give a table's file its name, merged with the earlier rows if it is upserted."""
        new, target = self.folder / f"{table}.new.parquet", self.folder / f"{table}.parquet"
        before = self._previous
        if self._modes.get(table) == "upsert" and before and table in before.rows:
            rows = merge(table, new, before.path(table), target, disk_schema(table))
            new.unlink()
        else:
            os.replace(new, target)  # noqa: PTH105 - atomic
        return rows

    def _carry_over(self) -> dict[str, int]:
        """Link the tables this load did not touch; rows by table."""
        if self._previous is None:
            return {}
        carried = {
            table: rows
            for table, rows in self._previous.rows.items()
            if table not in self._writers and (self._carries is None or table in self._carries)
        }
        for table in carried:
            _link(self._previous.path(table), self.folder / f"{table}.parquet")
        return carried

    def _settle_issues(self, carried: set[str]) -> None:
        before = self._previous.folder / ISSUES if self._previous else None
        upserted = {table for table, mode in self._modes.items() if mode == "upsert"}
        self._log.settle(before, carried=carried, upserted=upserted)


def _sum(one: Mapping[str, int], other: Mapping[str, int]) -> dict[str, int]:
    return {table: one.get(table, 0) + other.get(table, 0) for table in {*one, *other}}


def _link(old: Path, new: Path) -> None:
    """The same file under a second name; a copy where the file system has no links."""
    try:
        os.link(old, new)
    except OSError:
        shutil.copy2(old, new)
        sync(new)
