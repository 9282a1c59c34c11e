"""Stores for every test here: the demo company, and the small one whose numbers are checked by hand."""

from __future__ import annotations

from pathlib import Path

import pytest

from charts.base import Style
from metrics.periods import calendar_of
from metrics.view import View
from tests.metrics.small_company import AS_OF, small_company
from tests.small_demo import small_demo
from ui.desk import Desk
from ui.model import Making
from ui.people import Names
from ui.question import Question, Scope
from warehouse.access import OWNER
from workflows.opening import open_place

NAMES = Names({key: key.title() for key in ("vera", "mia", "max", "ann", "bob", "cat", "dan")})


@pytest.fixture(scope="session")
def demo_root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return small_demo(tmp_path_factory)


@pytest.fixture(scope="session")
def small_desk(tmp_path_factory: pytest.TempPathFactory) -> Desk:
    """The small company, looked at by its owner."""
    root = tmp_path_factory.mktemp("small-desk") / "store"
    small_company(root)
    place = open_place(root)
    return Desk(place, place.session(), OWNER, "owner", "Owner")


def making(
    desk: Desk,
    period: str,
    *,
    compare: str = "previous",
    scope: Scope | None = None,
    language: str = "en",
) -> Making:
    """What a part of a page about a period is computed from, asked on 15 May 2026."""
    found = calendar_of(desk.reading).named(period)
    view = View(found.start, found.end, AS_OF, compare=compare)  # type: ignore[arg-type]
    question = Question(view, found, scope or Scope("company"), "bookings", "Small Company")
    return Making(question, desk, NAMES, Style(language, "USD"))
