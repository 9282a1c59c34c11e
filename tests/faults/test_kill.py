"""kill -9 at any moment of an import leaves a whole version, the one before or the new one."""

from __future__ import annotations

import os
import random
import re
import shutil
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from tests.faults import loading
from tests.faults.loading import NOW
from warehouse.store import Store
from warehouse.versions import Version

Rows = dict[str, list[str]]

MILESTONES = (
    r"write_table",  # rows on their way to the landing
    r"replace .*load\.json",  # the landing is about to be sealed
    r"mkdir .*\.build-",  # the build begins
    r"replace .*\.build-.*\.parquet",  # a part is about to be there
    r"replace .*versions/.*\.json",  # the manifest is about to be there
    r"replace .*CURRENT",  # the switch
    r"unlink .*parts/",  # pruning has begun
)
"""Steps of the short run, the first of each kind; the moment after the switch is tried too."""


def age(root: Path) -> None:
    """Make every file old enough to be pruned."""
    for path in root.rglob("*"):
        os.utime(path, ((NOW - timedelta(hours=9)).timestamp(),) * 2)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with ``base``: a store that was loaded twice, the first version due to be pruned."""
    Store.create(tmp_path / "base", "own", NOW)
    loading.run(tmp_path / "base", 1, NOW - timedelta(hours=20))
    loading.run(tmp_path / "base", 2, NOW - timedelta(hours=10))
    age(tmp_path / "base")
    return tmp_path


def kill(folder: Path, project: Path, moments: list[int]) -> None:
    command = [sys.executable, "-m", "tests.faults.loading", str(folder), *map(str, moments)]
    subprocess.run(command, cwd=project, check=True)


def content(store: Store, version: Version) -> Rows:
    """All rows of a version without the loads that brought them; every file it names is read."""
    found: Rows = {}
    for table, parts in version.tables.items():
        rows = [pq.read_table(store.path(part)) for part in parts]
        assert [part.rows for part in parts] == [part.num_rows for part in rows]
        found[table] = sorted(str(row) for part in rows for row in part.drop_columns("load_id").to_pylist())
    assert store.issues(version).num_rows > 0
    assert store.landings()
    return found


def strays(store: Store) -> list[Path]:
    """Files in the store that nothing names, once everything is old enough to go."""
    age(store.root)
    store.prune(NOW + timedelta(hours=30))
    version = store.current()
    assert version is not None
    named = {store.path(part) for parts in version.tables.values() for part in parts}
    folders = {info.folder for info in store.landings().values()}
    kept = [path for path in store.root.rglob("*") if path.is_file() and path not in named]
    known = ("CURRENT", "store.json", "lock")
    return [
        path
        for path in kept
        if path.parent not in folders
        and not path.name.startswith((version.id, "planning.sqlite"))
        and path.name not in known
    ]


def check(folder: Path, moment: int, old: Rows, new: Rows, *, on: bool = True) -> bool:
    """A whole version is there; whether it is the new one. The store goes ``on``, and is tidied up."""
    store = Store.open(folder / str(moment))
    version = store.current()
    assert version is not None
    found = content(store, version)
    assert found in (old, new), f"step {moment} left neither the old rows nor the new"
    if on:
        go_on(store, new)
    return found == new


def go_on(store: Store, new: Rows) -> None:
    """The next load works, and then nothing of the killed one is left."""
    loading.run(store.root, 3, NOW + timedelta(hours=20))
    after = store.current()
    assert after is not None
    assert content(store, after) == new
    assert strays(store) == []


def editions(folder: Path, project: Path) -> tuple[list[str], Rows, Rows]:
    """The steps of a load, and the rows before and after it."""
    kill(folder, project, [0])
    rows = []
    for name in ("base", "0"):
        store = Store.open(folder / name)
        version = store.current()
        assert version is not None
        rows.append(content(store, version))
    return (folder / "steps").read_text().splitlines(), rows[0], rows[1]


def first(steps: list[str], milestone: str) -> int:
    """Number of the first step of a kind."""
    return next(number for number, step in enumerate(steps, 1) if re.match(milestone, step))


def test_a_kill_at_some_moments(folder: Path, project: Path) -> None:
    steps, old, new = editions(folder, project)
    assert old != new
    switch = first(steps, r"replace .*CURRENT")
    moments = sorted({*(first(steps, milestone) for milestone in MILESTONES), switch + 1})
    kill(folder, project, moments)
    assert [check(folder, n, old, new) for n in moments] == [n > switch for n in moments]


@pytest.mark.long
def test_a_kill_at_every_moment(folder: Path, project: Path) -> None:
    steps, old, new = editions(folder, project)
    switch = first(steps, r"replace .*CURRENT")
    kill(folder, project, list(range(1, len(steps) + 1)))
    for moment in range(1, len(steps) + 1):
        assert check(folder, moment, old, new, on=moment % 10 == 0) == (moment > switch)
        shutil.rmtree(folder / str(moment))


@pytest.mark.long
def test_a_kill_from_outside_at_random_moments(folder: Path, project: Path) -> None:
    _, old, new = editions(folder, project)
    chance = random.Random(20260331)
    moments = [-moment for moment in chance.sample(range(1, 1500), 60)]
    kill(folder, project, moments)
    for moment in moments:
        check(folder, moment, old, new)
