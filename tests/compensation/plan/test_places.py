from __future__ import annotations

import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from compensation.plan.places import line_of, places

TEXT = '''\
# a remark with [brackets] and = signs
plan = "a # no remark \\" here"
a.b."c d" = 1
[one]
listed = [1, # first
  2, { z = 1, y.x = [3] } ]
"q.r" = """
[not.a.heading]
k = 1 """""
'single' = \'\'\'
x = 1\'\'\'
after = 2
[[many]]
id = 1
[[many.inner]]
id = 2
[[many]]
id = 3
[many.table]
day = 2026-01-01 10:00:00
[[many.inner]]
id = 4
"\\u00e9" = 5
'''


def test_lines_of_everything():
    found = places(TEXT)
    assert {path: found[path] for path in EXPECTED} == EXPECTED


EXPECTED = {
    ("plan",): 2, ("a", "b", "c d"): 3, ("one", "listed", 0): 5, ("one", "listed", 1): 6,
    ("one", "listed", 2, "z"): 6, ("one", "listed", 2, "y", "x", 0): 6, ("one", "q.r"): 7, ("one", "single"): 10,
    ("one", "after"): 12, ("many", 0): 13, ("many", 0, "id"): 14, ("many", 0, "inner", 0, "id"): 16,
    ("many", 1, "id"): 18, ("many", 1, "table", "day"): 20, ("many", 1, "inner", 0, "id"): 22,
    ("many", 1, "inner", 0, "é"): 23,
}  # fmt: skip


def paths(value: Any, path: tuple[str | int, ...] = ()) -> Iterator[tuple[str | int, ...]]:
    """Every path ``tomllib`` finds."""
    yield path
    inside = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, each in inside:
        yield from paths(each, (*path, key))


def test_it_finds_exactly_what_tomllib_finds():
    assert set(places(TEXT)) == set(paths(tomllib.loads(TEXT))) - {()}


def test_in_every_toml_file_of_the_project(project: Path):
    files = [*project.glob("*.toml"), *project.glob("examples/**/*.toml")]
    assert len(files) > 5
    for file in files:
        text = file.read_text(encoding="utf-8")
        assert set(places(text)) == set(paths(tomllib.loads(text))) - {()}, file


@pytest.mark.parametrize(
    ("path", "line"), [(("one", "none"), 4), (("many", 1, "table", "x", 3), 19), (("none",), 1)]
)
def test_what_is_not_there_stands_where_the_nearest_thing_around_it_does(
    path: tuple[str | int, ...], line: int
):
    assert line_of(places(TEXT), path) == line
