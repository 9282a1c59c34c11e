"""A link is the page: what is chosen stands in the address, and whoever opens it looks with their own eyes."""

from __future__ import annotations

import re
from collections.abc import Callable
from urllib.parse import parse_qs, urlsplit

from playwright.sync_api import Page, expect

from tests.browser.conftest import Opens
from tests.browser.driving import rest
from tests.browser.people import ROLES, Sight
from tests.browser.seeing import read
from tests.browser.server import Server

CHOICES = [
    ("period", re.compile("Q1 FY2027"), "period", "FY2027-Q1"),
    ("compare", "Last year", "compare", "last_year"),
    ("region", "EMEA", "region", "EMEA"),
    ("grain", "Year", "period", "FY2027"),
]
UNKNOWN = "is not known here; it was left out"


def query(page: Page) -> dict[str, str]:
    return {name: values[0] for name, values in parse_qs(urlsplit(page.url).query).items()}


def choose(page: Page, key: str, option: str | re.Pattern[str]) -> None:
    """Pick an option of a filter by what it says."""
    page.locator(f".st-key-filter-{key} input").click()
    page.get_by_role("option", name=option).first.click()


def told(page: Page) -> str:
    """What the page says, without how long ago it was loaded and what only screen readers are told of a list."""
    return re.sub(r"(?m)loaded [^\n]+|^\d+ options available\.\n+", "", read(page))


def test_a_filter_writes_an_id_into_the_address_and_the_address_opens_the_same_page(
    demo_server: Server, opens: Opens
):
    mine = opens(demo_server)
    before = mine.open("attainment", lang="en").text
    for key, option, name, value in CHOICES:
        choose(mine.page, key, option)
        mine.page.wait_for_url(re.compile(f"[?&]{name}={re.escape(value)}(&|$)"))
        after = told(mine.page)
        assert after != before
        before = after
    theirs = opens(demo_server)
    theirs.page.goto(mine.page.url)
    assert told(theirs.page) == after


def test_the_back_button_opens_what_was_there_before(demo_server: Server, opens: Opens):
    tab = opens(demo_server)
    tab.open("overview", lang="en", period="FY2026")
    first = told(tab.page)
    choose(tab.page, "period", re.compile("FY2025"))
    tab.page.wait_for_url(re.compile("period=FY2025"))
    assert told(tab.page) != first
    tab.page.go_back()
    expect(tab.page.get_by_text("FY2026 · finished")).to_be_visible()
    assert told(tab.page) == first


def test_what_is_chosen_follows_to_the_next_page(demo_server: Server, opens: Opens):
    tab = opens(demo_server)
    tab.open("overview", lang="en", region="West", compare="last_year", as_=ROLES["vice_president"])
    tab.page.get_by_test_id("stSidebarNavLink").filter(has_text="Leaderboard").click()
    tab.page.wait_for_url(re.compile("/leaderboard"))
    expect(tab.page.get_by_role("heading", name="Leaderboard")).to_be_visible()
    rest(tab.page)
    wanted = {"region": "West", "compare": "last_year", "as": ROLES["vice_president"], "lang": "en"}
    assert wanted.items() <= query(tab.page).items()


def test_a_rep_who_opens_a_managers_link_sees_only_their_own(
    demo_server: Server, opens: Opens, sight: Callable[[str], Sight]
):
    manager = opens(demo_server).open(
        "attainment", as_=ROLES["vice_president"], manager=ROLES["manager"], lang="en"
    )
    own = sight(ROLES["rep"])
    assert manager.holds(own.foreign_names)
    seen = opens(demo_server).open(
        "attainment", as_=ROLES["rep"], manager=ROLES["manager"], level="reps", lang="en"
    )
    assert UNKNOWN in seen.text
    assert "Noor Lindqvist" in seen.text
    assert seen.holds(own.foreign_names) == set()
    assert seen.was_sent(own.foreign_names - sight(ROLES["executive"]).foreign_names) <= {
        "Marta Okafor", "Tomas Iyer", "Helena Adeyemi", "Ravi Solberg", "Ines Kimura",
    }  # fmt: skip


def test_a_link_to_a_person_shows_nothing_of_them_to_who_may_not_look(
    demo_server: Server, opens: Opens, sight: Callable[[str], Sight]
):
    other = min(sight(ROLES["rep"]).foreign_keys - set(ROLES.values()))
    shown = opens(demo_server).open("attainment", as_=ROLES["rep"], rep=other, lang="en")
    plain = opens(demo_server).open("attainment", as_=ROLES["rep"], lang="en")
    assert UNKNOWN in shown.text
    assert shown.holds(sight(ROLES["rep"]).foreign_names) == set()
    figures = re.compile(r"\$[\d.,]+[KM]?")
    assert figures.findall(shown.text) == figures.findall(plain.text)


def test_the_language_of_a_link_wins_over_the_browsers(demo_server: Server, opens: Opens):
    french = opens(demo_server, locale="fr-CA")
    assert "Vue d’ensemble" in french.open("overview").text
    assert "Vue d’ensemble" not in french.open("overview", lang="en").text
