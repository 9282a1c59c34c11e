"""One writer at a time, across processes: a lock file that says who holds it."""

from __future__ import annotations

import fcntl
import os
import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from threading import RLock

from warehouse.problems import StoreBusy

PATIENCE = 600.0
"""Seconds a writer waits for another before it gives up."""

_PAUSE = 0.05


class WriterLock:
    """An exclusive lock on a file, for one thread of one process; the same thread may nest it.

    The operating system releases it when its holder ends, however that happens.
    """

    def __init__(self, path: Path) -> None:
        """Lock on ``path``, which is made when needed and never removed."""
        self._path = path
        self._thread = RLock()
        self._handle: int | None = None
        self._depth = 0

    @contextmanager
    def hold(self, patience: float = PATIENCE) -> Iterator[None]:
        """Hold the lock; ``StoreBusy`` names the holder after ``patience`` seconds of waiting."""
        until = time.monotonic() + patience
        if not self._thread.acquire(timeout=max(patience, 0)):
            raise StoreBusy(self._busy())
        try:
            with self._held(until):
                yield
        finally:
            self._thread.release()

    @contextmanager
    def _held(self, until: float) -> Iterator[None]:
        if self._depth == 0:
            self._take(until)
        self._depth += 1
        try:
            yield
        finally:
            self._depth -= 1
            if self._depth == 0:
                self._give_back()

    def _take(self, until: float) -> None:
        handle = os.open(self._path, os.O_RDWR | os.O_CREAT, 0o644)
        while not _try(handle):
            if time.monotonic() >= until:
                os.close(handle)
                raise StoreBusy(self._busy())
            time.sleep(_PAUSE)
        os.ftruncate(handle, 0)
        os.pwrite(handle, f"{os.getpid()} {socket.gethostname()}\n".encode(), 0)
        self._handle = handle

    def _give_back(self) -> None:
        handle, self._handle = self._handle, None
        if handle is not None:
            os.ftruncate(handle, 0)
            os.close(handle)

    def _busy(self) -> str:
        who, since = _holder(self._path)
        return (
            f"The store {self._path.parent} is being written by {who} since {since}. "
            "Wait until that is done, or end it, and try again."
        )


def _try(handle: int) -> bool:
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _holder(path: Path) -> tuple[str, str]:
    """Who wrote the lock file and when; the file's own time is the time it was taken."""
    words = path.read_text(encoding="utf-8").split()
    who = f"process {words[0]} on {words[1]}" if len(words) == 2 else "another process"
    since = datetime.fromtimestamp(path.stat().st_mtime, UTC)
    return who, since.strftime("%Y-%m-%d %H:%M:%S UTC")
