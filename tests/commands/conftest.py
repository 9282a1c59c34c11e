"""Runs commands in this process, on a store of their own."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from pathlib import Path

import pytest

from commands.cli import main
from planning.roles import assign_role
from tests.commands.plans import pay_by_plan
from tests.metrics.small_company import small_company
from tests.support import NOW
from warehouse.database import open_database

ROLES_GIVEN = {"vera": "executive", "dan": "compensation_admin", "max": "administrator"}


@dataclass(frozen=True)
class Said:
    """What a command gave back."""

    code: int
    out: str
    err: str


class Terminal:
    """Types commands at a store and reads what they say."""

    def __init__(self, root: Path, capture: pytest.CaptureFixture[str]) -> None:
        self.root = root
        self._capture = capture

    def __call__(self, *words: object) -> Said:
        self._capture.readouterr()
        code = main([str(word) for word in words])
        said = self._capture.readouterr()
        return Said(code, said.out, said.err)

    def ok(self, *words: object) -> str:
        """Standard output of a command that has to go well."""
        said = self(*words)
        assert said.code == 0, said.err
        return said.out


@pytest.fixture(scope="session")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store with the small company, some of whose people hold roles; read only."""
    root = tmp_path_factory.mktemp("commands") / "store"
    small_company(root)
    for person, role in ROLES_GIVEN.items():
        assign_role(open_database(root), person, role, by="owner", now=NOW)
    return root


@pytest.fixture
def terminal(made: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Terminal:
    """A terminal at the shared store: for commands that only read."""
    monkeypatch.setenv("ATTAIN_STORE", str(made))
    return Terminal(made, capsys)


@pytest.fixture
def own(
    made: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Terminal:
    """A terminal at a copy of the store: for commands that change it."""
    root = tmp_path / "store"
    shutil.copytree(made, root)
    monkeypatch.setenv("ATTAIN_STORE", str(root))
    return Terminal(root, capsys)


@pytest.fixture(scope="session")
def paying(made: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same store with plans in force and people on them; read only."""
    root = tmp_path_factory.mktemp("paying") / "store"
    shutil.copytree(made, root)
    pay_by_plan(root)
    return root


@pytest.fixture
def payroll(paying: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Terminal:
    """A terminal at the store that pays: for commands that only read."""
    monkeypatch.setenv("ATTAIN_STORE", str(paying))
    return Terminal(paying, capsys)


@pytest.fixture
def paid(
    paying: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Terminal:
    """A terminal at a copy of it: for closing."""
    root = tmp_path / "store"
    shutil.copytree(paying, root)
    monkeypatch.setenv("ATTAIN_STORE", str(root))
    return Terminal(root, capsys)


@pytest.fixture
def empty(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Terminal:
    """A terminal where there is no store yet."""
    root = tmp_path / "new"
    monkeypatch.setenv("ATTAIN_STORE", str(root))
    return Terminal(root, capsys)
