"""A landing written behind the reading: one thread writes what another has just made.

Parsing and converting take about as long as writing Parquet, so together they take half the time.
Everything is written by one thread in the order it was given; no more than a few blocks wait.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import date
from types import TracebackType
from typing import Any, Self

import pyarrow as pa

from connectors.files.landing_place import Target
from warehouse.issues import DataIssue

_WAITING = 3


class Behind:
    """Passes on to a landing, later; an error of the landing comes up at a later call."""

    def __init__(self, landing: Target) -> None:
        self._landing = landing
        self._writer = ThreadPoolExecutor(max_workers=1, thread_name_prefix="landing")
        self._waiting: deque[Future[None]] = deque()

    def add(self, table: str, rows: pa.Table) -> None:
        """Append rows of a canonical table."""
        self._later(self._writer.submit(self._landing.add, table, rows))

    def set_aside(self, issue: DataIssue) -> None:
        """Record an issue."""
        self._later(self._writer.submit(self._landing.set_aside, issue))

    def set_aside_rows(self, found: pa.Table) -> None:
        """Record many issues."""
        self._later(self._writer.submit(self._landing.set_aside_rows, found))

    def progress(self, what: str, done: int, total: int | None) -> None:
        """Tell how far the load is, at once: a screen may only be drawn from its own thread."""
        self._landing.progress(what, done, total)

    def seal(
        self,
        *,
        as_of: date,
        cursor: Mapping[str, str] | None = None,
        settings: Mapping[str, Any] | None = None,
        note: Mapping[str, Any] | None = None,
    ) -> object:
        """Wait for all that is under way, then seal."""
        self._finish()
        return self._landing.seal(as_of=as_of, cursor=cursor, settings=settings, note=note)

    def _later(self, task: Future[None]) -> None:
        self._waiting.append(task)
        while len(self._waiting) > _WAITING:
            self._waiting.popleft().result()

    def _finish(self) -> None:
        while self._waiting:
            self._waiting.popleft().result()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """End the thread; what it still has to write is written, so that a failed load keeps its issues."""
        self._writer.shutdown(wait=True)
        if error is None:
            self._finish()
