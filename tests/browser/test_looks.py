"""On a phone and at a desk, by day and by night."""

from __future__ import annotations

import pytest

from tests.browser.conftest import Opens
from tests.browser.driving import DESK, PHONE
from tests.browser.looks import background, faint, off_the_side
from tests.browser.people import ROLES
from tests.browser.seeing import PAGES
from tests.browser.server import Server

WHITE, NIGHT = (255, 255, 255), (14, 17, 23)
NARROW = [("overview", "rep"), ("overview", "manager"), ("attainment", "executive"), ("leaderboard", "rep"), ("data_sources", "administrator"), ("metric_catalogue", "rep")]  # fmt: skip


@pytest.mark.parametrize(("page", "role"), NARROW)
def test_on_a_phone_nothing_runs_off_the_side(page: str, role: str, demo_server: Server, opens: Opens):
    tab = opens(demo_server, PHONE)
    seen = tab.open(page, as_=ROLES[role], lang="en")
    assert PAGES[page] in seen.text
    assert (seen.exceptions, seen.alerts) == (0, ())
    assert off_the_side(tab.page) == []


def test_something_that_runs_off_the_side_would_be_found(demo_server: Server, opens: Opens):
    tab = opens(demo_server, PHONE)
    tab.open("metric_catalogue", lang="en")
    tab.page.evaluate(
        "() => { document.querySelector('h1').style.cssText = 'width: 600px; min-width: 600px'; }"
    )
    assert off_the_side(tab.page) != []


@pytest.mark.parametrize(("dark", "colour"), [(False, WHITE), (True, NIGHT)], ids=["light", "dark"])
@pytest.mark.parametrize(("page", "role"), [("overview", "executive"), ("attainment", "rep")])
def test_by_day_and_by_night_words_stand_out(
    page: str, role: str, dark: bool, colour: tuple[int, ...], demo_server: Server, opens: Opens
):
    tab = opens(demo_server, DESK, dark=dark)
    seen = tab.open(page, as_=ROLES[role], lang="en")
    assert (seen.exceptions, seen.alerts) == (0, ())
    assert background(tab.page) == colour
    assert tab.page.locator("[data-testid='stVegaLiteChart'] svg").count() >= 1
    assert faint(tab.page) == []


def test_faint_words_would_be_found(demo_server: Server, opens: Opens):
    tab = opens(demo_server, DESK, dark=True)
    tab.open("metric_catalogue", lang="en")
    tab.page.evaluate("() => { document.querySelector('h1').style.color = 'rgb(40, 44, 52)'; }")
    assert any("Metric catalogue" in words for words in faint(tab.page))
