"""Ranks among peers: whom one may not see wears a mask, everywhere; and the board on a wall."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest

from tests.browser.conftest import Opens
from tests.browser.people import ROLES, SWITCH, Sight
from tests.browser.server import Server

ROW = re.compile(r"^(?P<rank>\d+=?)\t(?P<name>[^\t]+)\t(?P<moved>[▲▼] \d+|=|new)?\t(?P<value>[^\t]+)$")
PAY = re.compile(
    r"\b(?:pay|paid|payouts?|commissions?|incentives?|bonus|earned|earnings|draw|clawback)\b", re.IGNORECASE
)


@pytest.mark.parametrize(
    "way", ["attainment", *(pytest.param(way, marks=pytest.mark.long) for way in ("value", "improvement"))]
)
def test_a_rep_stands_among_masked_colleagues(
    way: str, demo_server: Server, opens: Opens, sight: Callable[[str], Sight]
):
    seen = opens(demo_server).open("leaderboard", as_=ROLES["rep"], rank=way, lang="en")
    own = sight(ROLES["rep"])
    assert "A colleague" in seen.text
    assert "Noor Lindqvist" in seen.text
    assert seen.holds(own.foreign_names) == set()
    assert seen.was_sent(own.foreign_names - SWITCH) == set()
    assert seen.was_sent(own.foreign_keys - set(ROLES.values())) == set()


def test_a_manager_reads_the_names_of_their_team_and_masks_for_the_others(
    demo_server: Server, opens: Opens, sight: Callable[[str], Sight]
):
    seen = opens(demo_server).open("leaderboard", as_=ROLES["manager"], lang="en")
    own = sight(ROLES["manager"])
    assert "A colleague" in seen.text
    assert len(seen.holds(own.names)) >= 3
    assert seen.was_sent(own.foreign_names - SWITCH) == set()


@pytest.mark.parametrize("role", ["rep", "executive"])
def test_on_a_wall_there_is_the_board_and_nothing_else(
    role: str, demo_server: Server, opens: Opens, sight: Callable[[str], Sight]
):
    tab = opens(demo_server)
    seen = tab.open("leaderboard", as_=ROLES[role], tv="1", lang="en")
    page = tab.page
    assert (seen.exceptions, seen.alerts) == (0, ())
    for hidden in ("stSidebar", "stSidebarNav", "stSelectbox", "stHeader"):
        assert page.get_by_test_id(hidden).filter(visible=True).count() == 0, hidden
    assert page.get_by_role("button").filter(visible=True).count() == 0
    rows = page.locator(".tv tr").all_inner_texts()
    assert 3 <= len(rows) <= 10
    found = [ROW.match(row) for row in rows]
    assert all(found), rows
    assert {match["value"][-1] for match in found if match} == {"%"}
    assert PAY.search(seen.text) is None
    assert re.search(r"last updated \d+ \w+ \d{4}", seen.text)
    assert seen.holds(sight(ROLES[role]).foreign_names) == set()


def test_on_a_wall_the_letters_are_large(demo_server: Server, opens: Opens):
    tab = opens(demo_server, (1920, 1080))
    tab.open("leaderboard", tv="1", lang="en")
    sizes = tab.page.locator(".tv td:nth-child(2)").evaluate_all(
        "cells => cells.map(cell => parseFloat(getComputedStyle(cell).fontSize))"
    )
    assert min(sizes) >= 32
    assert tab.page.evaluate("() => document.querySelector('.tv').getBoundingClientRect().bottom") <= 1080
