"""Role × language × page × size × light and dark, every combination: the long run."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import cache

import pytest
from playwright.sync_api import Browser, BrowserContext

from tests.browser import driving
from tests.browser.driving import DESK, PHONE
from tests.browser.languages import found
from tests.browser.looks import background, faint, off_the_side
from tests.browser.people import ROLES, SWITCH, Sight
from tests.browser.seeing import PAGES, closed_to, visit
from tests.browser.server import Server
from words.catalogue import translator

SIZES = {"1440": DESK, "390": PHONE}
OTHER = {"en": "fr", "fr": "en"}
CLOSED = "This page is not open to your role. Ask an administrator if you need it."
Contexts = Callable[[str, bool], BrowserContext]

pytestmark = pytest.mark.long


@pytest.fixture(scope="module")
def contexts(chrome: Browser) -> Iterator[Contexts]:
    """One browser for each look."""
    made: list[BrowserContext] = []

    @cache
    def of(size: str, dark: bool) -> BrowserContext:
        made.append(driving.context(chrome, SIZES[size], dark=dark))
        return made[-1]

    yield of
    for each in made:
        each.close()


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("language", ["en", "fr"])
@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("role", ROLES)
def test_every_page_for_everybody_in_every_look(
    role: str, page: str, language: str, size: str, theme: str,
    demo_server: Server, contexts: Contexts, sight: Callable[[str], Sight],
):  # fmt: skip
    words, own = translator(language), sight(ROLES[role])
    tab = visit(contexts(size, theme == "dark"), demo_server.url)
    try:
        seen = tab.open(page, as_=ROLES[role], lang=language)
        assert words(PAGES[page]) in seen.text
        assert (seen.exceptions, seen.alerts, seen.console, seen.elsewhere) == (0, (), (), frozenset())
        assert (words(CLOSED) in seen.text) == closed_to(page, role)
        assert seen.holds(own.foreign_names) == set()
        assert seen.was_sent(own.foreign_names - SWITCH) == set()
        assert found(OTHER[language], seen.text) == set()
        assert off_the_side(tab.page) == []
        assert background(tab.page) == ((14, 17, 23) if theme == "dark" else (255, 255, 255))
        assert faint(tab.page) == []
    finally:
        tab.page.close()
