"""Plan return and the plan designer through a real browser: from the verdict to a deal, and from a slider into force."""

from __future__ import annotations

from pathlib import Path

from playwright.sync_api import Page, expect

from tests.browser.conftest import Opens
from tests.browser.driving import DESK, PHONE, rest
from tests.browser.looks import off_the_side
from tests.browser.people import ROLES
from tests.browser.server import Server
from tests.browser.test_exports import downloaded, rows_of
from workflows.opening import open_place
from workflows.pay.inputs import book
from workflows.who import demo_viewer

BUNDLE = "Bundle bonus"


def press(page: Page, name: str) -> None:
    page.get_by_role("button", name=name).first.click()
    page.wait_for_timeout(300)
    rest(page)


def versions(store: Path, plan_id: str) -> list[int]:
    place = open_place(store)
    session = place.session()
    plans, _ = book(session, demo_viewer(place, session, ROLES["compensation_admin"]))
    return [plan.version for plan in plans if plan.id == plan_id]


def test_a_component_opens_with_its_verdict_its_payouts_and_its_scorecard_comes_down(
    demo_server: Server, opens: Opens
):
    tab = opens(demo_server, DESK)
    seen = tab.open("plan_return", as_=ROLES["executive"], component="bundle_bonus", lang="en")
    assert (seen.exceptions, seen.alerts, seen.console) == (0, (), ())
    assert BUNDLE in seen.text
    assert "This comparison would notice an increase of" in seen.text
    assert "a difference, not a return" not in seen.text
    assert seen.elsewhere == frozenset()
    assert off_the_side(tab.page) == []
    assert "amount" not in tab.page.url
    stamped, rows = rows_of(downloaded(tab.page, "scorecard-table-csv"))
    assert BUNDLE in {row["Component"] for row in rows}
    assert stamped


def test_a_rep_is_sent_nothing_of_plan_return(demo_server: Server, opens: Opens):
    seen = opens(demo_server).open("plan_return", as_=ROLES["rep"], lang="en")
    assert "This page is not open to your role" in seen.text
    assert seen.was_sent(frozenset({BUNDLE, "costs without return", "Payout index"})) == set()


def test_a_slider_a_draft_and_a_version_in_force_from_the_next_quarter_on(
    own_demo_server: Server, opens: Opens
):
    tab = opens(own_demo_server, PHONE, dark=True)
    page = tab.page
    seen = tab.open("plan_designer", as_=ROLES["compensation_admin"], text="commercial.2", lang="en")
    assert (seen.exceptions, seen.alerts) == (0, ())
    page.get_by_role("radio", name="Sliders").or_(page.get_by_role("button", name="Sliders")).first.click()
    rest(page)
    page.get_by_role("slider").nth(2).press("ArrowLeft")
    expect(page.get_by_text("3 of 4 cases pass")).to_be_visible()
    assert off_the_side(page) == []
    press(page, "Let the cases expect what the plan pays now")
    press(page, "Save as draft")
    assert versions(own_demo_server.store, "commercial") == [1, 2]  # a draft is in force nowhere
    press(page, "Publish …")
    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_text("all its 4 cases pass")).to_be_visible()
    dialog.get_by_role("button", name="Publish version 3").click()
    expect(page.get_by_text("Version 3 is published")).to_be_visible()
    rest(page)
    assert versions(own_demo_server.store, "commercial") == [1, 2, 3]
