"""The tree keeps the rules, and every rule catches what it is there for."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from scripts.tree import FRONT_DOORS, ROOMS
from tests.architecture import rules

PLANTED = [
    (rules.every_folder_is_a_package, "warehouse/attic/box.py", "'''Unseen.'''\n"),
    (rules.every_folder_is_a_package, "connectors/a/b/c/box.py", "'''Unseen.'''\n"),
    (rules.pages_live_in_subfolders, "pages/leak.py", "'''Served without sign-in?'''\n"),
    (rules.pages_are_short, "pages/performance/endless.py", "x = 1\n" * 61),
    (rules.pages_are_short, "app.py", "x = 1\n" * 40),
    (rules.files_are_of_one_concern, "metrics/everything.py", "x = 1\n" * 400),
    (rules.files_are_of_one_concern, "tests/test_everything.py", "x = 1\n" * 400),
    (rules.front_doors_keep_to_their_rooms, "app.py", "import commands\n"),
    (rules.front_doors_keep_to_their_rooms, "app.py", "from ibis import memtable\n"),
    (rules.front_doors_keep_to_their_rooms, "manage.py", "def main():\n    import ui.filters\n"),
    (rules.front_doors_keep_to_their_rooms, "manage.py", "from pages import performance\n"),
    (rules.front_doors_keep_to_their_rooms, "manage.py", "import streamlit as st\n"),
    (rules.imports_are_visible, "metrics/sly.py", "import importlib\nimportlib.import_module('ui')\n"),
    (rules.imports_are_visible, "metrics/sly.py", "__import__(f'{name}.filters')\n"),
    (rules.the_clock_is_read_at_the_top, "metrics/late.py", "import datetime\ndatetime.date.today()\n"),
    (
        rules.the_clock_is_read_at_the_top,
        "workflows/late.py",
        "from time import time\nimport time\ntime.time()\n",
    ),
    (rules.the_clock_is_read_at_the_top, "warehouse/late.py", "import ibis\nibis.now()\n"),
    (rules.the_clock_is_read_at_the_top, "warehouse/late.py", "SQL = 'select * where day < CURRENT_DATE'\n"),
    (rules.the_clock_is_read_at_the_top, "planning/late.py", "from sqlalchemy import func\nX = func.now()\n"),
    (rules.public_functions_say_their_types, "charts/bare.py", "def draw(rows) -> dict: ...\n"),
    (rules.public_functions_say_their_types, "charts/bare.py", "class A:\n    def b(self): ...\n"),
]


@pytest.mark.parametrize("rule", rules.RULES, ids=lambda rule: rule.__name__)
def test_tree_keeps_the_rule(rule: rules.Rule, project: Path):
    assert rule(project) == []


@pytest.fixture
def skeleton(tmp_path: Path) -> Path:
    for room in (*ROOMS, "pages/performance", "tests"):
        (tmp_path / room).mkdir(parents=True)
        (tmp_path / room / "__init__.py").write_text('"""A room."""\n')
    for door in FRONT_DOORS:
        (tmp_path / door).write_text('"""A front door."""\n')
    return tmp_path


@pytest.mark.parametrize("rule", rules.RULES, ids=lambda rule: rule.__name__)
def test_clean_skeleton_breaks_no_rule(rule: rules.Rule, skeleton: Path):
    assert rule(skeleton) == []


@pytest.mark.parametrize(("rule", "path", "text"), PLANTED)
def test_rule_catches_a_planted_violation(rule: rules.Rule, path: str, text: str, skeleton: Path):
    planted = skeleton / path
    planted.parent.mkdir(parents=True, exist_ok=True)
    planted.write_text(text)

    found = rule(skeleton)

    place = path.rpartition("/")[0] if rule is rules.every_folder_is_a_package else path
    assert any(place in sentence for sentence in found)


def test_every_rule_has_a_planted_violation():
    assert {rule for rule, _, _ in PLANTED} == set(rules.RULES)


def test_a_folder_that_holds_only_folders_is_seen(skeleton: Path):
    shutil.copytree(skeleton / "words", skeleton / "warehouse" / "outer" / "inner")
    assert rules.every_folder_is_a_package(skeleton) == ["warehouse/outer has no __init__.py"]


def test_a_sentence_about_the_clock_reads_no_clock(skeleton: Path):
    (skeleton / "metrics" / "told.py").write_text('"""Never uses current_date."""\n')
    assert rules.the_clock_is_read_at_the_top(skeleton) == []


def test_a_computed_name_within_the_room_is_allowed(skeleton: Path):
    (skeleton / "commands" / "find.py").write_text("import_module(f'commands.{name}_command')\n")
    assert rules.imports_are_visible(skeleton) == []
