"""The import benchmark at a tiny scale: every figure comes out, well formed."""

from __future__ import annotations

import json
from pathlib import Path

from benchmarks import imports
from benchmarks.figures import Figure, at_most, less_than


def test_every_figure_comes_out(tmp_path: Path) -> None:
    folder = imports.files(2000, tmp_path)
    lines = [json.loads(figure.line()) for figure in imports.figures(folder, 2000, 1)]
    assert [line["name"] for line in lines] == [
        "imports.whole.rows_per_second",
        "imports.landed.rows_per_second",
        "imports.duckdb.rows_per_second",
        "imports.whole.to_duckdb",
        "imports.landed.to_duckdb",
        "imports.whole.peak_memory",
    ]
    assert all(line["value"] > 0 and line["unit"] for line in lines)


def test_a_figure_holds_by_its_value() -> None:
    assert Figure("a", 1.1, "×", at_most(1.1)).holds is True
    assert Figure("a", 1.1001, "×", at_most(1.1)).holds is False
    assert Figure("a", 1.0, "×", less_than(1.0)).holds is False
    assert Figure("a", 1.0, "×").holds is None
    assert json.loads(Figure("a", 0.5, "×", at_most(1.1)).line())["holds"] is True
