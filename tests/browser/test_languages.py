"""Pages in French and in English: each says its own sentences and none of the other's."""

from __future__ import annotations

import pytest

from tests.browser.conftest import Opens
from tests.browser.languages import found
from tests.browser.people import ROLES
from tests.browser.seeing import PAGES
from tests.browser.server import Server
from words.catalogue import translator

CASES = [
    ("overview", "rep"),
    ("overview", "executive"),
    ("leaderboard", "manager"),
    ("data_sources", "administrator"),
]
OTHER = {"en": "fr", "fr": "en"}


@pytest.mark.parametrize("language", ["en", "fr"])
@pytest.mark.parametrize(("page", "role"), CASES)
def test_a_page_speaks_one_language(page: str, role: str, language: str, demo_server: Server, opens: Opens):
    seen = opens(demo_server).open(page, as_=ROLES[role], lang=language)
    assert translator(language)(PAGES[page]) in seen.text
    assert (seen.exceptions, seen.alerts, seen.console) == (0, (), ())
    assert len(found(language, seen.text)) >= 3
    assert found(OTHER[language], seen.text) == set()
