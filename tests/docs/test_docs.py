"""The docs are complete, and every link in them leads somewhere."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from metrics.catalogue import METRICS
from scripts import docs

LINK = re.compile(r"\[[^\]]*\]\(([^)#\s]+)(?:#[^)]*)?\)")
DECISION_LINES = 40


def pages(project: Path) -> list[Path]:
    return [*project.glob("*.md"), *sorted((project / "docs").rglob("*.md"))]


def test_catalogue_is_what_the_definitions_say():
    """Run `make docs` when this fails."""
    assert docs.CATALOGUE.read_text(encoding="utf-8") == docs.catalogue()


@pytest.mark.parametrize("name", sorted(METRICS))
def test_every_metric_says_what_it_means(name: str):
    metric = METRICS[name]
    assert metric.title
    assert metric.doc
    assert metric.formula
    assert f"## {name}\n" in docs.catalogue()
    assert set(metric.choices) <= set(docs.CHOICES)


def test_links_lead_somewhere(project: Path):
    dead = [
        f"{page.relative_to(project)}: {target}"
        for page in pages(project)
        for target in LINK.findall(page.read_text(encoding="utf-8"))
        if "://" not in target and not (page.parent / target).exists()
    ]
    assert dead == []


def test_every_decision_is_listed_and_short(project: Path):
    folder = project / "docs" / "decisions"
    listed = (folder / "README.md").read_text(encoding="utf-8")
    for page in folder.glob("0*.md"):
        assert f"({page.name})" in listed
        assert len(page.read_text(encoding="utf-8").splitlines()) < DECISION_LINES


def test_every_target_a_page_names_is_in_the_makefile(project: Path):
    makefile = (project / "Makefile").read_text(encoding="utf-8")
    targets = set(re.findall(r"^([a-z-]+):", makefile, flags=re.MULTILINE))
    named = {
        target
        for page in pages(project)
        for target in re.findall(r"`make ([a-z-]+)", page.read_text(encoding="utf-8"))
    }
    assert named <= targets
