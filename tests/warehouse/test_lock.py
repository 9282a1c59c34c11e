"""The writer's lock: one at a time, also across processes, and whoever waits learns for whom."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from threading import Thread

import pytest

from tests.warehouse.stores import NOW
from warehouse.store import Store, StoreBusy

HOLDER = """
import sys
from pathlib import Path
from warehouse.store import Store
with Store.open(Path(sys.argv[1])).lock():
    print("held", flush=True)
    sys.stdin.read()
"""


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store.create(tmp_path / "store", "own", NOW)


@pytest.fixture
def holder(store: Store, project: Path) -> Iterator[subprocess.Popen[str]]:
    """Another process that holds the store's lock."""
    process = subprocess.Popen(
        [sys.executable, "-c", HOLDER, str(store.root)],
        cwd=project,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "held\n"
    yield process
    process.kill()
    process.communicate()


def test_another_process_waits_and_learns_who_holds_it(store: Store, holder: subprocess.Popen[str]) -> None:
    with pytest.raises(StoreBusy, match=rf"process {holder.pid} on .* since 20\d\d-.* UTC"), store.lock(0):
        pass


def test_a_killed_holder_holds_nothing(store: Store, holder: subprocess.Popen[str]) -> None:
    os.kill(holder.pid, signal.SIGKILL)
    holder.wait()
    with store.lock(5):
        assert (store.root / "lock").read_text().startswith(f"{os.getpid()} ")


def test_the_lock_is_free_afterwards(store: Store) -> None:
    with store.lock(0):
        pass
    with Store.open(store.root).lock(0):
        pass


def test_an_error_inside_frees_the_lock(store: Store) -> None:
    with pytest.raises(RuntimeError), store.lock(0):
        raise RuntimeError
    with Store.open(store.root).lock(0):
        pass


def test_the_holder_may_take_it_again(store: Store) -> None:
    with store.lock(0), store.lock(0):
        pass
    with Store.open(store.root).lock(0):
        pass


def test_a_second_opening_of_the_store_has_to_wait(store: Store) -> None:
    with store.lock(0), pytest.raises(StoreBusy), Store.open(store.root).lock(0):
        pass


def test_another_thread_has_to_wait(store: Store) -> None:
    raised: list[StoreBusy] = []

    def take() -> None:
        try:
            with store.lock(0):
                pass
        except StoreBusy as busy:
            raised.append(busy)

    with store.lock(0):
        thread = Thread(target=take)
        thread.start()
        thread.join()
    assert len(raised) == 1
    assert f"process {os.getpid()}" in str(raised[0])
