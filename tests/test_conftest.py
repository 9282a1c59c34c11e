"""A test without its data is reported by name, and no test touches anybody's store."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

SUITE = """
import os, pytest

def test_reads_sales(adventureworks):
    assert adventureworks.name == "adventureworks"

@pytest.mark.skip(reason="needs a larger machine")
def test_ten_million():
    pass

def test_store_is_nobodys():
    assert os.environ["ATTAIN_STORE"] != "mine"
    assert "ATTAIN_DATABASE_URL" not in os.environ
"""


@pytest.fixture
def suite(project: Path, tmp_path: Path) -> Path:
    shutil.copy(project / "tests" / "conftest.py", tmp_path)
    (tmp_path / "test_suite.py").write_text(SUITE)
    return tmp_path


def run(suite: Path, *words: str, **settings: str) -> str:
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("ATTAIN_", "PYTEST_"))}
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", *words],
        cwd=suite,
        env=kept | settings,
        capture_output=True,
        text=True,
        check=False,
    )
    return done.stdout


@pytest.mark.parametrize("parallel", [(), ("-n", "1")], ids=["alone", "in parallel"])
def test_each_test_that_was_not_run_is_named_with_its_reason(suite: Path, parallel: tuple[str, ...]):
    told = run(suite, *parallel, ATTAIN_STORE="mine", ATTAIN_DATABASE_URL="mine")
    assert "not run: 2" in told
    assert "test_suite.py::test_reads_sales: ATTAIN_DATA names no folder of real data" in told
    assert "test_suite.py::test_ten_million: needs a larger machine" in told
    assert "1 passed, 2 skipped" in told


def test_data_that_is_there_is_used(suite: Path):
    (suite / "data").mkdir()
    told = run(suite, ATTAIN_DATA=str(suite / "data"))
    assert "2 passed, 1 skipped" in told


def test_data_that_was_named_and_is_missing_is_an_error(suite: Path):
    told = run(suite, ATTAIN_DATA=str(suite / "gone"))
    assert "which is not a folder" in told
    assert "1 error" in told


def test_the_part_that_was_chosen_is_told(suite: Path):
    assert 'Chosen with -m "not long"; the rest was not run.' in run(suite, "-m", "not long")
