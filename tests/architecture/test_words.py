"""The tree speaks only of itself: no folder of the machine it was written on, no package index."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from scripts.tree import ROOMS

FOLDERS = (*ROOMS, "tests", "scripts", "docs", "examples", "benchmarks", ".ci", ".streamlit")

# Put together from pieces, so that this file does not find itself.
_ROOTS = "|".join(("work", "home", "root", "tmp", "Users"))  # noqa: FLY002 - reads as a list of names
MACHINE = re.compile(rf"(?<![\w.}})\]$*-])/(?:{_ROOTS})/[\w.$-]")
INDEX = re.compile(
    "|".join(
        (
            r"\bpypi" + r"\.org",
            "pythonhosted" + r"\.org",
            "index" + "-url",
            "find" + "-links",
            "trusted" + "-host",
            "npmjs" + r"\.",
            r"\bartifactory\b",
        )
    ),
    re.IGNORECASE,
)


def texts(project: Path) -> Iterator[tuple[str, str]]:
    """Name and text of every text file that belongs to the project."""
    files = [path for path in project.iterdir() if path.is_file() and path.name != ".git"]
    files += [path for folder in FOLDERS for path in (project / folder).rglob("*") if path.is_file()]
    for path in sorted(files):
        if "__pycache__" in path.parts or path.suffix in {".parquet", ".png", ".xlsx", ".mo", ".sqlite"}:
            continue
        yield path.relative_to(project).as_posix(), path.read_text(encoding="utf-8", errors="replace")


def offences(name: str, text: str) -> list[str]:
    """Lines that name a folder of some machine or the host of a package index."""
    return [
        f"{name}:{number} {line.strip()[:100]}"
        for number, line in enumerate(text.splitlines(), start=1)
        if MACHINE.search(line) or INDEX.search(line)
    ]


def test_no_file_names_a_machine_or_an_index(project: Path):
    found = [offence for name, text in texts(project) for offence in offences(name, text)]
    assert found == []


@pytest.mark.parametrize(
    "line",
    [
        "STORE = '" + "/home" + "/someone/attain'",
        "data: " + "/tmp" + "/files/x.csv",
        "cp " + "/work" + "/a b",
        "(" + "/root" + "/.cache)",
        "pip install --index" + "-url https://example.com/simple",
        "https://" + "pypi" + ".org/simple",
    ],
)
def test_an_offence_is_seen(line: str):
    assert offences("file", f"first\n{line}\n") == [f"file:2 {line}"]


@pytest.mark.parametrize(
    "line", ["src/work/ing", "docs/home/page", "$HOME/tmp/x", "https://example.com/home/a"]
)
def test_a_path_inside_something_is_none(line: str):
    assert offences("file", line) == []
