"""Who is let in before sign-in is set up: whoever sits at this machine, and nobody else."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.browser.conftest import Opens
from tests.browser.people import Sight, everybody
from tests.browser.proxy import forwarding
from tests.browser.seeing import PAGES, Seen
from tests.browser.server import Server, serve

CLOSED = "Attain answers on this machine only until sign-in is set up."


def assert_shut(seen: Seen, store: Path) -> None:
    """Nothing but the refusal: no name, no figure, no page to go to."""
    assert CLOSED in seen.text
    assert seen.holds(everybody(store)) == set()
    assert seen.was_sent(everybody(store)) == set()
    assert "Quota attainment" not in seen.text
    assert "stSidebarNavLink" not in seen.html


@pytest.fixture(scope="module")
def wide_open(demo_store: Path) -> Iterator[Server]:
    """A server that listens on every address, without sign-in."""
    with serve(demo_store, address="0.0.0.0") as server:
        yield server
        assert not server.complaints, server.output


@pytest.mark.parametrize("page", PAGES)
def test_a_server_open_to_others_refuses_everybody(page: str, wide_open: Server, opens: Opens):
    assert_shut(opens(wide_open).open(page, lang="en"), wide_open.store)


@pytest.mark.parametrize("header", ["X-Forwarded-For", "Forwarded", "X-Real-IP"])
def test_a_visitor_who_comes_through_a_proxy_is_refused(header: str, demo_server: Server, opens: Opens):
    with forwarding(demo_server.url, header, "10.1.2.3") as url:
        through = Server(url, demo_server.store, demo_server.process, demo_server.log)
        assert_shut(opens(through).open("overview", lang="en"), demo_server.store)


def test_a_name_that_somebody_resolves_to_this_machine_is_refused(demo_server: Server, opens: Opens):
    with forwarding(demo_server.url, "Host", "attain.example.com") as url:
        through = Server(url, demo_server.store, demo_server.process, demo_server.log)
        assert_shut(opens(through).open("overview", lang="en"), demo_server.store)


def test_a_proxy_that_says_nothing_of_itself_is_let_through(
    demo_server: Server, opens: Opens, sight: Callable[[str], Sight]
):
    """The proxy of these tests carries pages: what is refused above is refused for its header."""
    with forwarding(demo_server.url, "X-Nothing", "at all") as url:
        through = Server(url, demo_server.store, demo_server.process, demo_server.log)
        seen = opens(through).open("overview", lang="en")
    assert "Quota attainment" in seen.text


def test_own_data_on_this_machine_has_one_owner_and_no_viewer_switch(own_server: Server, opens: Opens):
    tab = opens(own_server)
    seen = tab.open("overview", as_="ann", lang="en")
    assert "You see everything as the local owner" in seen.text
    assert "Look as" not in seen.text
    assert "Stale" in seen.text  # loaded in May 2026 and not since


def test_nobody_is_told_more_than_a_page_by_the_server(demo_server: Server, opens: Opens):
    tab = opens(demo_server)
    answer = tab.page.goto(demo_server.url)
    assert answer is not None
    sent = answer.headers
    assert sent["x-frame-options"] == "SAMEORIGIN"
    assert sent["x-content-type-options"] == "nosniff"
    assert "frame-ancestors 'self'" in sent["content-security-policy"]
    assert sent["referrer-policy"] == "same-origin"
