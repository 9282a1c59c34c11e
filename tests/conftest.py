"""What every test shares: where real data is, a store that is nobody's, and what was not run."""

from __future__ import annotations

import os
import shutil
import tempfile
from pathlib import Path

import pytest

PROJECT = Path(__file__).resolve().parent.parent
_SETTINGS = ("ATTAIN_DATABASE_URL", "ATTAIN_ENGINE")


def pytest_configure(config: pytest.Config) -> None:
    """Keep the tests away from the store and the database of whoever runs them."""
    folder = tempfile.mkdtemp(prefix="attain-tests-")
    config.add_cleanup(lambda: shutil.rmtree(folder, ignore_errors=True))
    os.environ["ATTAIN_STORE"] = str(Path(folder, "store"))
    for name in _SETTINGS:
        os.environ.pop(name, None)


@pytest.fixture(scope="session")
def project() -> Path:
    """The project's own folder."""
    return PROJECT


@pytest.fixture(scope="session")
def attain_data() -> Path:
    """The folder of real data; a test that asks for it is reported as not run when there is none."""
    named = os.environ.get("ATTAIN_DATA")
    if not named:
        pytest.skip("ATTAIN_DATA names no folder of real data")
    folder = Path(named)
    if not folder.is_dir():
        # A folder that was named and is not there is a mistake, not a reason to test less.
        pytest.fail(f"ATTAIN_DATA names {folder}, which is not a folder")
    return folder


@pytest.fixture(scope="session")
def adventureworks(attain_data: Path) -> Path:
    """The AdventureWorks files, read only."""
    return attain_data / "adventureworks"


@pytest.fixture(scope="session")
def chromium() -> str:
    """The Chromium of this machine; `make test` has made sure that there is one."""
    for name in ("chromium", "chromium-browser", "google-chrome"):
        if found := shutil.which(name):
            return found
    return pytest.fail(
        "The browser tests need Chromium, which was not found. Install it: apt-get install chromium"
    )


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Name every test that was not run, with its reason."""
    skipped = terminalreporter.stats.get("skipped", [])
    chosen = terminalreporter.config.option.markexpr
    if chosen:
        terminalreporter.write_line(f'Chosen with -m "{chosen}"; the rest was not run.')
    if not skipped:
        return
    terminalreporter.section(f"not run: {len(skipped)}")
    for report in sorted(skipped, key=lambda report: str(report.nodeid)):
        terminalreporter.write_line(f"{report.nodeid}: {_reason(report)}")


def _reason(report: pytest.TestReport | pytest.CollectReport) -> str:
    """The words given to pytest.skip, without pytest's own prefix."""
    told = report.longrepr
    words = str(told[2]) if isinstance(told, tuple) else str(told)
    return words.removeprefix("Skipped: ")
