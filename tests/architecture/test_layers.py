"""The import linter's contracts hold, and catch each violation planted in a copy of the tree."""

from __future__ import annotations

import shutil
import subprocess
import sys
import tomllib
from dataclasses import dataclass
from pathlib import Path

import pytest

from scripts.tree import ROOMS

LINTER = Path(sys.executable).parent / "lint-imports"
SIBLINGS = ("metrics", "compensation", "planning", "connectors")
BELOW_UI = ("workflows", *SIBLINGS, "warehouse", "charts", "words", "commands")


@dataclass(frozen=True)
class Plant:
    """An import that must be caught: written into ``room``, naming ``target``."""

    contract: str
    room: str
    target: str

    @property
    def module(self) -> str:
        words = ("planted", self.contract, self.target)
        return "_".join(words).replace("-", "_").replace(".", "_")

    @property
    def line(self) -> str:
        return f"{self.room}.{self.module} -> {self.target}"


PLANTS = (
    # each layer reaches for the one above
    Plant("layers", "ui", "pages"),
    Plant("layers", "workflows", "ui"),
    *(Plant("layers", room, "workflows") for room in SIBLINGS),
    *(Plant("layers", "warehouse", room) for room in SIBLINGS),
    # the siblings reach for each other
    *(Plant("layers", one, other) for one in SIBLINGS for other in SIBLINGS if one != other),
    *(Plant("beside", "charts", room) for room in ("warehouse", "metrics", "ui")),
    *(Plant("words", "words", room) for room in ("charts", "warehouse")),
    *(Plant("commands", "commands", room) for room in ("pages", "ui")),
    *(Plant("no-commands", room, "commands") for room in ROOMS if room != "commands"),
    *(Plant("streamlit", room, "streamlit") for room in BELOW_UI),
    *(Plant("drawing", room, "plotly") for room in ROOMS if room != "charts"),
    Plant("drawing", "workflows", "altair"),
    Plant("drawing", "ui", "vl_convert"),
    *(Plant("engines", "pages", library) for library in ("ibis", "sqlalchemy", "duckdb")),
    *(Plant("tables", room, "warehouse.tables") for room in ("metrics", "workflows", "ui", "pages")),
)


def lint(folder: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [str(LINTER), "--no-cache"], cwd=folder, capture_output=True, text=True, check=False
    )


@pytest.fixture(scope="module")
def copy(project: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("copy")
    shutil.copy(project / "pyproject.toml", folder)
    for room in ROOMS:
        shutil.copytree(project / room, folder / room, ignore=shutil.ignore_patterns("__pycache__"))
    return folder


def test_layers_hold(project: Path):
    done = lint(project)
    assert done.returncode == 0, done.stdout


@pytest.fixture(scope="module")
def report(copy: Path) -> str:
    """What the linter says of a copy that holds every violation at once."""
    for plant in PLANTS:
        path = copy / plant.room / f"{plant.module}.py"
        path.write_text(f'"""Planted."""\n\nimport {plant.target}\n')
    done = lint(copy)
    assert done.returncode == 1, done.stdout + done.stderr
    return done.stdout


@pytest.mark.parametrize(
    "plant", PLANTS, ids=lambda plant: f"{plant.contract}: {plant.room} > {plant.target}"
)
def test_planted_import_is_caught(plant: Plant, report: str):
    assert plant.line in report


def test_every_contract_has_a_planted_violation(project: Path):
    settings = tomllib.loads((project / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["importlinter"]
    assert {contract["id"] for contract in settings["contracts"]} == {plant.contract for plant in PLANTS}


def test_the_linter_looks_at_every_room(project: Path):
    settings = tomllib.loads((project / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["importlinter"]
    assert set(settings["root_packages"]) == set(ROOMS)
