"""Which files make up the application; shared by the set-up scripts and the architecture tests."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

PROJECT = Path(__file__).resolve().parent.parent

ROOMS = (
    "pages",
    "ui",
    "workflows",
    "metrics",
    "compensation",
    "planning",
    "connectors",
    "warehouse",
    "charts",
    "words",
    "commands",
)
"""The folders of run-time code, from the screen down, then those that stand beside."""

FRONT_DOORS = ("app.py", "manage.py")


def room_files(project: Path = PROJECT) -> Iterator[Path]:
    """Every Python file of every room, absolute paths, in a stable order."""
    for room in ROOMS:
        yield from sorted((project / room).rglob("*.py"))


def application_files(project: Path = PROJECT) -> Iterator[Path]:
    """Every Python file that runs in production: the rooms and the two front doors."""
    yield from room_files(project)
    yield from (project / name for name in FRONT_DOORS if (project / name).exists())


def module_name(path: Path, project: Path = PROJECT) -> str:
    """Dotted import name of a file: ``warehouse/build/__init__.py`` is ``warehouse.build``."""
    parts = path.relative_to(project).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)
