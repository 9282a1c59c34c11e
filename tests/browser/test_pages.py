"""Every page × each role: it opens, says what it should, and holds nothing that role may not see.

This is the pages' part of the access matrix. Each page is opened once for each role; what the server
sent for it is kept too, so a name that is sent and not drawn is found as well.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import cache

import pytest
from playwright.sync_api import Browser, Error

from tests.browser import driving
from tests.browser.people import ROLES, SWITCH, Sight, everybody
from tests.browser.seeing import PAGES, PAY, Seen, closed_to, visit
from tests.browser.server import Server

Look = Callable[[str, str], Seen]
CASES = [
    (role, page)
    for role in ROLES
    for page in PAGES
    # Everybody opens their statement; the other pages of pay are opened by who runs pay and refused to who may not.
    if page not in PAY[1:] or role in {"manager", "compensation_admin"}
]
CLOSED = "This page is not open to your role. Ask an administrator if you need it."
NAMED = {
    "plan_designer": "a column or metric",  # the plan's own text
    "metric_catalogue": "a column or metric",  # what a metric is called on the command line
    "data_sources": ("a column or metric", "the key of a person"),  # what stood in a file, as it stood there
}


@pytest.fixture(scope="module")
def look(chrome: Browser, demo_server: Server) -> Iterator[Look]:
    """A page as a role sees it, in English; opened once."""
    contexts = {role: driving.context(chrome) for role in ROLES}

    @cache
    def once(role: str, page: str) -> Seen | Exception:
        tab = visit(contexts[role], demo_server.url)
        try:
            return tab.open(page, as_=ROLES[role], lang="en")
        except Error as error:  # kept as well, so that a page that hangs is waited for once
            return error
        finally:
            tab.page.close()

    def seen(role: str, page: str) -> Seen:
        found = once(role, page)
        assert isinstance(found, Seen), f"{page} did not come to rest for {role}: {found}"
        return found

    yield seen
    for context in contexts.values():
        context.close()


@pytest.mark.parametrize(("role", "page"), CASES)
def test_it_opens_with_its_title_and_nothing_is_broken(role: str, page: str, look: Look):
    seen = look(role, page)
    assert (seen.exceptions, seen.alerts, seen.console) == (0, (), ())
    assert "Traceback" not in seen.text
    assert PAGES[page] in seen.text
    # Pages that are for some roles only say so to the others, and to nobody else.
    assert (CLOSED in seen.text) == closed_to(page, role)


@pytest.mark.parametrize(("role", "page"), CASES)
def test_it_speaks_to_readers_and_not_to_machines(role: str, page: str, look: Look):
    assert [found for found in look(role, page).raw if not found.startswith(NAMED.get(page, "-"))] == []


@pytest.mark.parametrize(("role", "page"), CASES)
def test_it_holds_no_name_the_role_may_not_see(
    role: str, page: str, look: Look, sight: Callable[[str], Sight]
):
    seen, allowed = look(role, page), sight(ROLES[role])
    assert seen.holds(allowed.foreign_names) == set()


@pytest.mark.parametrize(("role", "page"), CASES)
def test_no_name_and_no_key_the_role_may_not_see_is_even_sent(
    role: str, page: str, look: Look, sight: Callable[[str], Sight]
):
    seen, allowed = look(role, page), sight(ROLES[role])
    # The viewer switch of a demo company offers its six people to everybody.
    assert seen.was_sent(allowed.foreign_names - SWITCH) == set()
    assert seen.was_sent(allowed.foreign_keys - set(ROLES.values())) == set()
    assert seen.was_sent(frozenset(SWITCH)) == SWITCH  # else nothing that was sent was looked at


@pytest.mark.parametrize(("role", "page"), CASES)
def test_no_other_machine_is_asked_for_anything(role: str, page: str, look: Look):
    assert look(role, page).elsewhere == frozenset()


@pytest.mark.parametrize("role", ["manager", "vice_president", "executive"])
@pytest.mark.parametrize("page", ["overview", "attainment", "leaderboard"])
def test_leaders_find_their_people_by_name(role: str, page: str, look: Look, sight: Callable[[str], Sight]):
    """The names that are looked for do occur where they may: the tests above can fail."""
    assert len(look(role, page).holds(sight(ROLES[role]).names)) >= 2


def test_roles_see_different_companies(demo_server: Server, sight: Callable[[str], Sight]):
    everyone = everybody(demo_server.store)
    seen = {role: len(sight(key).names) for role, key in ROLES.items()}
    assert seen["rep"] == 1 < seen["manager"] < seen["vice_president"] < seen["executive"] == len(everyone)
    assert seen["administrator"] == seen["compensation_admin"] == len(everyone)


def test_two_people_at_the_same_moment_see_their_own(
    demo_server: Server, chrome: Browser, sight: Callable[[str], Sight]
):
    """Pages are run in threads of one process: both are asked for before either has come."""
    people = [driving.context(chrome) for _ in range(2)]
    tabs = [visit(person, demo_server.url) for person in people]
    for tab, role in zip(tabs, ("rep", "executive"), strict=True):
        tab.page.goto(
            driving.address(demo_server.url, "attainment", as_=ROLES[role], lang="en"), wait_until="commit"
        )
    mine, theirs = (tab.look() for tab in tabs)
    own = sight(ROLES["rep"])
    assert "Noor Lindqvist" in mine.text
    assert mine.was_sent(own.foreign_names - SWITCH) == set()
    assert len(theirs.was_sent(own.foreign_names - SWITCH)) > 10
    for person in people:
        person.close()
