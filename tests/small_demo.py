"""A small demo company, loaded once a run and shared by everybody who only reads it."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest

from workflows.demo import load_demo

DEALS = 6000


def small_demo(factory: pytest.TempPathFactory) -> Path:
    """The folder of the store; the first worker that asks loads it, the others wait."""
    base = factory.getbasetemp()
    shared = base.parent if os.environ.get("PYTEST_XDIST_WORKER") else base
    root = shared / "small-demo"
    with _locked(shared / "small-demo.lock"):
        if not (root / "CURRENT").exists():
            load_demo(datetime.now(UTC), root=root, opportunities=DEALS)
    return root


@contextmanager
def _locked(path: Path) -> Iterator[None]:
    with path.open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield
