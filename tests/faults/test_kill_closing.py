"""kill -9 at any moment of closing a month leaves it open or closed, and nothing in between."""

from __future__ import annotations

import re
import subprocess
import sys
from decimal import Decimal
from pathlib import Path

import pytest

from planning import periods
from tests.workflows.decisions import SETTINGS
from tests.workflows.pay.closing_company import ADMIN, FEBRUARY, JANUARY, LATER, Payer
from warehouse.database import FILE, Database
from warehouse.store import Store
from workflows.pay.replay import replay
from workflows.publish_decisions import publish

PAID = [("r1", "commission", JANUARY, "earning", Decimal(50))]
MILESTONES = (
    r"write ",  # what it was computed from is about to be written
    r"write_table",  # some of it is
    r"rename .*\.half",  # the folder is about to have its name
    r"close_period ",  # the database is about to be asked
    r"_add ",  # inside its transaction
    r"replace .*load\.json",  # the payouts are about to be landed
    r"replace .*CURRENT",  # the version is about to be switched
    r"done ",  # the outbox is about to be emptied
)
"""Steps of a closing, the first of each kind."""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with ``base``: a company whose pay is to be closed."""
    root = tmp_path / "base"
    root.mkdir()
    Payer.make(root, Database(f"sqlite:///{root}/{FILE}")).database.close()
    return tmp_path


def kill(folder: Path, project: Path, moments: list[int]) -> None:
    command = [sys.executable, "-m", "tests.faults.closing", str(folder), *map(str, moments)]
    subprocess.run(command, cwd=project, check=True)


def steps_of(folder: Path, project: Path) -> list[str]:
    kill(folder, project, [0])
    return (folder / "steps").read_text().splitlines()


def first(steps: list[str], milestone: str) -> int:
    """Number of the first step of a kind, from where the closing itself begins."""
    begins = next(number for number, step in enumerate(steps, 1) if step.startswith("write "))
    return next(n for n, step in enumerate(steps, 1) if n >= begins and re.match(milestone, step))


def check(folder: Path, moment: int) -> bool:
    """Whether the month is closed; either way it is whole, and goes on to the same end."""
    payer = Payer.copied(folder / str(moment), folder / f"{moment}-after", LATER.replace(day=20))
    closed = periods.closed_periods(payer.database)
    assert payer.payouts() in ([], PAID if closed else [])
    if closed:
        assert replay(payer.root, payer.database, ADMIN, JANUARY).same
        publish(payer.company.store, payer.database, SETTINGS, payer.company.tick())
    else:
        payer.close(JANUARY)
    assert payer.payouts() == PAID
    assert publish(payer.company.store, payer.database, SETTINGS, payer.company.tick()) is None
    assert payer.close(FEBRUARY).adjustments == 0
    assert [path.name for path in sorted((payer.root / "closed").iterdir())] == ["2026-01-01", "2026-02-01"]
    assert Store.open(payer.root).current() is not None
    return bool(closed)


def test_a_kill_at_some_moments(folder: Path, project: Path) -> None:
    steps = steps_of(folder, project)
    moments = sorted({first(steps, milestone) for milestone in MILESTONES})
    kill(folder, project, moments)
    committed = first(steps, "_add ")
    assert [check(folder, moment) for moment in moments] == [moment > committed for moment in moments]


@pytest.mark.long
def test_a_kill_at_every_moment(folder: Path, project: Path) -> None:
    steps = steps_of(folder, project)
    moments = list(range(1, len(steps) + 1))
    kill(folder, project, moments)
    committed = first(steps, "_add ")
    assert [check(folder, moment) for moment in moments] == [moment > committed for moment in moments]
