"""Functions are short: half of them at most 8 lines, nine in ten at most 25."""

from __future__ import annotations

import ast
import statistics
from collections.abc import Iterator
from pathlib import Path

from scripts.tree import application_files

MEDIAN = 8
NINE_IN_TEN = 25


def lengths(text: str) -> Iterator[int]:
    """Lines of every function of a file, from ``def`` to its last line, docstring included."""
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.end_lineno:
            yield node.end_lineno - node.lineno + 1


def percentile(values: list[int], share: float) -> int:
    """Smallest value that at least ``share`` of the values do not exceed."""
    return sorted(values)[max(0, -int(-share * len(values) // 1) - 1)]


def test_functions_are_short(project: Path):
    found = [
        (lines, path.relative_to(project).as_posix())
        for path in application_files(project)
        for lines in lengths(path.read_text(encoding="utf-8"))
    ]
    values = [lines for lines, _ in found]
    longest = sorted(found, reverse=True)[:10]

    assert statistics.median(values) <= MEDIAN, longest
    assert percentile(values, 0.9) <= NINE_IN_TEN, longest


def test_lengths_count_from_def_to_the_last_line():
    assert list(lengths('@cached\ndef a():\n    """Two."""\n    return 1\n\nx = 2\n')) == [3]


def test_percentile_is_a_value_that_occurs():
    assert percentile(list(range(1, 11)), 0.9) == 9
    assert percentile([5], 0.9) == 5
    assert percentile([1, 2, 3], 0.9) == 3
