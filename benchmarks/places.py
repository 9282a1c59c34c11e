"""Where benchmarks keep what is slow to make: under the system's temporary folder, by digest of the code.

A store is made again as soon as the code that makes it differs; what older code made is removed.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import tempfile
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from pathlib import Path

from benchmarks.figures import say
from scripts.tree import PROJECT
from warehouse.engine import Session, chosen_engine
from warehouse.store import Store
from workflows.demo import load_demo

MAKERS = ("warehouse", "connectors/demo", "planning", "workflows", "attain.toml")
"""What decides how a store made from the demo company looks."""


def cache() -> Path:
    """The folder of everything kept between runs."""
    return Path(tempfile.gettempdir(), "attain-benchmarks")


def digest(names: Iterable[str]) -> str:
    """A digest of the project's files of those names; folders with all their Python files."""
    files = sorted(path for name in names for path in _files(PROJECT / name))
    text = hashlib.sha256()
    for path in files:
        text.update(str(path.relative_to(PROJECT)).encode() + b"\0" + path.read_bytes() + b"\0")
    return text.hexdigest()[:12]


def _files(path: Path) -> Iterable[Path]:
    return path.rglob("*.py") if path.is_dir() else (path,)


def kept(name: str, version: str, make: Callable[[Path], None], keep: Path | None = None) -> Path:
    """The folder ``<name>-<version>``, made by ``make`` if it is not there; other versions are removed."""
    root = keep or cache()
    root.mkdir(parents=True, exist_ok=True)
    folder = root / f"{name}-{version}"
    if folder.is_dir():
        return folder
    for old in root.glob(f"{name}-*"):
        shutil.rmtree(old)
    half = root / f".{name}-{os.getpid()}"  # a folder half made is never taken for a whole one
    shutil.rmtree(half, ignore_errors=True)
    make(half)
    half.rename(folder)
    return folder


def demo_store(opportunities: int, keep: Path | None = None) -> Path:
    """A store of the demo company with so many deals."""

    def make(folder: Path) -> None:
        say(f"Making a store of {opportunities:,} opportunities under {folder.parent} …")
        load_demo(datetime.now(UTC), opportunities=opportunities, root=folder)

    return kept(f"demo-{opportunities}", digest(MAKERS), make, keep)


def session_of(root: Path) -> Session:
    """The store's current version, read by DuckDB."""
    version = Store.open(root).current()
    if version is None:
        raise FileNotFoundError(f"{root} holds no version; remove the folder and run the benchmark again.")
    return Session(root.resolve(), version, chosen_engine("duckdb"))
