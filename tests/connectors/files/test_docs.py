"""docs/mappings.md names everything the language has, and its example is one."""

from __future__ import annotations

import re
from dataclasses import fields
from pathlib import Path

import pytest

from connectors.files import read_mapping
from connectors.files.spec import (
    CASES,
    DATE_PARTS,
    FORMATS,
    MISSING,
    OPERATIONS,
    SNAPS,
    TAKES,
    ColumnSpec,
    FileSpec,
    Join,
    Mapping,
    TableSpec,
    Unpivot,
)

PARTS = (FileSpec, ColumnSpec, TableSpec, Join, Unpivot, Mapping)
OTHERWISE = {"source": "from", "tables": "[[tables]]", "files": "[files.", "lookups": "[lookups."}


def _text(project: Path) -> str:
    return (project / "docs" / "mappings.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("part", PARTS, ids=lambda part: part.__name__)
def test_every_key_is_described(project, part):
    text = _text(project)
    missing = [
        f.name
        for f in fields(part)
        if not re.search(rf"\b{re.escape(OTHERWISE.get(f.name, f.name))}", text)
        and OTHERWISE.get(f.name, "¬") not in text
    ]
    assert missing == []


def test_every_choice_is_described(project):
    text = _text(project)
    choices = [*FORMATS[1:], *SNAPS, *TAKES, *CASES, *DATE_PARTS, *OPERATIONS, *MISSING[1:]]
    assert [choice for choice in choices if f"`{choice}" not in text and f'"{choice}"' not in text] == []


def test_the_example_is_a_mapping(project):
    example = re.search(r"```toml\n(\[source\].*?)```", _text(project), re.DOTALL)
    assert example is not None
    assert read_mapping(example.group(1)).entities == ("opportunities",)
