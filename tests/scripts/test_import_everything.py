"""What is not in requirements.txt is hidden from the import check."""

from __future__ import annotations

from pathlib import Path

import pytest

from scripts import import_everything as check
from scripts.requirements import RUN_TIME, normal, pinned


def test_tools_are_hidden_and_the_run_time_is_not():
    hidden = check.outside(frozenset(pinned(RUN_TIME)))
    assert {"pytest", "hypothesis", "playwright", "mypy"} <= hidden
    assert hidden.isdisjoint({"streamlit", "ibis", "duckdb", "dateutil", "yaml_is_not_here", "sqlalchemy"})


def test_a_hidden_module_cannot_be_imported():
    finder = check.Hidden(frozenset({"pytest"}))
    with pytest.raises(ModuleNotFoundError, match=r"pytest\.mark is not in requirements\.txt"):
        finder.find_spec("pytest.mark", None)
    assert finder.find_spec("pytester", None) is None


def test_imports_inside_functions_are_found(tmp_path: Path):
    path = tmp_path / "a.py"
    path.write_text("import a.b\n\ndef f():\n    from c.d import e\n    from . import g\n")
    assert list(check.imports_of(path)) == ["a.b", "c.d"]


def test_names_compare_as_an_index_compares_them(tmp_path: Path):
    path = tmp_path / "r.txt"
    path.write_text("-r other.txt\nTyping_Extensions==1.0  # via x\nzope.interface[a]==2\n# c==3\n")
    assert pinned(path) == {"typing-extensions": "1.0", "zope-interface": "2"}
    assert normal("Foo__Bar.baz") == "foo-bar-baz"
