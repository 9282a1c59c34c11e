from __future__ import annotations

import json

import pytest

from benchmarks.figures import Figure, at_most, less_than


@pytest.mark.parametrize(
    ("value", "aim", "holds"),
    [
        (1.0, at_most(1.0), True),
        (1.001, at_most(1.0), False),
        (0.999, less_than(1.0), True),
        (1.0, less_than(1.0), False),
        (5.0, None, None),
    ],
)
def test_whether_an_aim_holds_follows_from_the_value(value, aim, holds) -> None:
    assert Figure("a.figure", value, "×", aim).holds is holds


def test_a_figure_is_one_line_of_json() -> None:
    line = Figure("a.figure", 1.234567, "×", at_most(1.1)).line()
    assert "\n" not in line
    assert json.loads(line) == {
        "name": "a.figure", "value": 1.2346, "unit": "×", "aim": "≤ 1.10", "holds": False,
    }  # fmt: skip


def test_a_line_agrees_with_itself() -> None:
    """What is printed is what is held against the aim, also just beside the bound."""
    found = json.loads(Figure("a.figure", 1.1000001, "×", at_most(1.1)).line())
    assert (found["value"], found["holds"]) == (1.1, True)
