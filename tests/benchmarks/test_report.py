from __future__ import annotations

import json

import pytest

from benchmarks.figures import Figure, at_most
from benchmarks.report import PAGE, table, write, written
from scripts.bench import names

TWO = "<!-- measured: one -->\nearlier\n<!-- end: one -->\nbetween\n<!-- measured: two -->\nkept\n<!-- end: two -->\n"


def line(name: str, value: float) -> dict[str, object]:
    return json.loads(Figure(name, value, "×", at_most(1.1)).line())


def test_a_benchmark_replaces_its_own_rows_alone() -> None:
    page = written(TWO, [line("one.ratio", 1.2)], "A machine.")
    assert "earlier" not in page
    assert "A machine." in page
    assert "| one.ratio | 1.20 × | ≤ 1.10 | **no** |" in page
    assert page.endswith("between\n<!-- measured: two -->\nkept\n<!-- end: two -->\n")
    assert written(page, [line("one.ratio", 1.2)], "A machine.") == page, "writing twice changes nothing"


def test_a_figure_without_an_aim_holds_to_nothing() -> None:
    rows = table([json.loads(Figure("one.time", 1234.5, "ms").line())])
    assert rows.splitlines()[-1] == "| one.time | 1,234 ms |  |  |"


def test_only_figures_are_read(tmp_path) -> None:
    page = tmp_path / "page.md"
    page.write_text(TWO, encoding="utf-8")
    assert write(["made the environment\n", json.dumps(line("one.ratio", 1.0)) + "\n"], page) == 0
    assert "| yes |" in page.read_text(encoding="utf-8")
    assert write(["nothing\n"], page) == 1


@pytest.mark.parametrize("name", names())
def test_the_page_has_a_place_for_every_benchmark(name) -> None:
    text = PAGE.read_text(encoding="utf-8")
    assert text.count(f"<!-- measured: {name} -->") == text.count(f"<!-- end: {name} -->") == 1
