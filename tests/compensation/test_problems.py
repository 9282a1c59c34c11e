from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

from compensation.problems import TEMPLATES, problem, sentence, sentences


def codes_used(project: Path) -> set[str]:
    """Codes that some file of the room gives to ``problem``, ``note`` or ``add`` as a text."""
    found = set()
    for path in (project / "compensation").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and node.args and isinstance(node.args[0], ast.Constant):
                name = getattr(node.func, "id", getattr(node.func, "attr", ""))
                if name in ("problem", "Problem"):
                    found.add(node.args[0].value)
    return found


def test_every_code_has_a_sentence(project: Path):
    assert sorted(codes_used(project) - set(TEMPLATES)) == []


def test_sentences_are_sorted_and_end():
    assert list(TEMPLATES) == sorted(TEMPLATES)
    unended = {code for code, text in TEMPLATES.items() if not re.search(r"[.!?]$|\{detail\}$", text)}
    assert unended == set()


def test_fields_are_filled_in():
    found = problem("missing_value", file="a.csv", row=3, field="rep")
    assert sentence(found) == "a.csv, row 3: rep is empty, but this row needs one. Fill it in."
    assert sentences([found, found]).count("\n") == 1


def test_a_field_nobody_gave_is_a_dash():
    assert sentence(problem("missing_column", file="a.csv")) == "a.csv has no column “—”. Add it."


def test_a_code_without_a_sentence_is_refused():
    with pytest.raises(KeyError):
        problem("no_such_code")
