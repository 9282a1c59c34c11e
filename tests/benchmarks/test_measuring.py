from __future__ import annotations

import subprocess

import pytest

from benchmarks.measuring import apart, in_turns, interleaved, peak_mb, ratio
from benchmarks.places import digest, kept


def test_each_round_runs_every_work_and_changes_who_is_first() -> None:
    ran: list[str] = []
    times = interleaved({"one": lambda: ran.append("one"), "two": lambda: ran.append("two")}, 2, warm=False)
    assert ran == ["one", "two", "two", "one"]
    assert [len(rounds) for rounds in times.values()] == [2, 2]


def test_warming_up_is_not_counted() -> None:
    ran: list[str] = []
    times = interleaved({"one": lambda: ran.append("one")}, 1)
    assert (len(ran), len(times["one"])) == (2, 1)


def test_turns_go_round() -> None:
    assert [in_turns(["a", "b", "c"], number) for number in (0, 1, 3)] == [
        ["a", "b", "c"], ["b", "c", "a"], ["a", "b", "c"],
    ]  # fmt: skip


def test_a_ratio_is_the_median_of_the_rounds() -> None:
    """One slow round on one side, as on a busy machine, does not decide."""
    assert ratio([2.0, 2.0, 200.0], [1.0, 2.0, 100.0]) == 2.0


def test_a_peak_is_of_the_process_alone() -> None:
    """Memory this process held does not count as held by one it starts."""
    held = bytearray(300 * 1024 * 1024)
    assert peak_mb() > 300
    assert 0 < apart("tests.benchmarks.peak")["mb"] < 200
    assert held


def test_a_process_that_fails_is_told() -> None:
    with pytest.raises(subprocess.CalledProcessError):
        apart("tests.benchmarks.not_there")


def test_what_was_made_is_kept_until_the_code_differs(tmp_path) -> None:
    made: list[str] = []

    def make(folder) -> None:
        made.append(folder.name)
        folder.mkdir()

    first = kept("thing", "1", make, tmp_path)
    assert kept("thing", "1", make, tmp_path) == first
    assert len(made) == 1
    second = kept("thing", "2", make, tmp_path)
    assert (second.is_dir(), first.exists()) == (True, False)


def test_making_that_fails_leaves_nothing_that_looks_whole(tmp_path) -> None:
    def fail(folder) -> None:
        folder.mkdir()
        raise OSError("no space")

    with pytest.raises(OSError, match="no space"):
        kept("thing", "1", fail, tmp_path)
    assert not (tmp_path / "thing-1").exists()


def test_a_digest_names_the_code() -> None:
    assert digest(["benchmarks/figures.py"]) != digest(["benchmarks"])
