"""Pay through a real browser: a rep's statement and question, a review, downloads, and nothing of anybody else."""

from __future__ import annotations

import re
from collections.abc import Callable
from decimal import Decimal

import pytest
from playwright.sync_api import expect

from metrics.periods import calendar_of
from tests.browser.conftest import Opens
from tests.browser.driving import DESK, PATIENCE, PHONE, rest
from tests.browser.looks import faint, off_the_side
from tests.browser.people import ROLES, SWITCH, Sight
from tests.browser.server import Server
from tests.browser.test_exports import downloaded, rows_of
from warehouse.access import Viewer
from words import formats
from workflows.opening import open_place
from workflows.pay.recorded import recorded
from workflows.who import demo_viewer

MONTH = "FY2027-M03"  # a month that ends a quarter


def paid(server: Server, rep: str = "") -> list[dict[str, object]]:
    """The month's payouts, of one person or of all."""
    place = open_place(server.store)
    session = place.session()
    viewer: Viewer = demo_viewer(place, session, ROLES["compensation_admin"])
    month = calendar_of(session).named(MONTH)
    return list(recorded(session, viewer, month.start, month.end, rep).to_pylist())


def amounts(rows: list[dict[str, object]]) -> set[str]:
    """Amounts as a page or a table would send them."""
    return {
        formats.number(row["amount"], "en", places=2) for row in rows if Decimal(str(row["amount"])) >= 1000
    }


def test_a_manager_is_sent_their_own_pay_and_nobody_elses(
    demo_server: Server, opens: Opens, sight: Callable[[str], Sight]
):
    tab = opens(demo_server)
    seen = tab.open("my_statement", as_=ROLES["manager"], month=MONTH, lang="en")
    own = paid(demo_server, ROLES["manager"])
    total = formats.money(sum(Decimal(str(row["amount"])) for row in own), "USD", "en")
    assert total in seen.text
    assert "Team bonus" in seen.text
    assert (seen.exceptions, seen.alerts, seen.raw) == (0, (), [])
    others = amounts(paid(demo_server)) - amounts(own)
    assert len(others) > 20
    assert seen.was_sent(frozenset(others)) == set()
    assert seen.was_sent(sight(ROLES["manager"]).foreign_names - SWITCH) == set()


def test_a_line_opens_its_deals_and_comes_down_exact(demo_server: Server, opens: Opens):
    tab = opens(demo_server)
    tab.open("my_statement", as_=ROLES["manager"], month=MONTH, lang="en")
    tab.page.get_by_text(re.compile("deals? behind it")).first.click()
    rest(tab.page)
    key = tab.page.locator("[class*='st-key-deals-'][class*='-csv']").first.get_attribute("class") or ""
    found = re.search(r"st-key-(\S+-csv)", key)
    assert found
    stamp, rows = rows_of(downloaded(tab.page, found[1]))
    own = paid(demo_server, ROLES["manager"])
    assert abs(
        sum(Decimal(row["Earned"]) for row in rows) - sum(Decimal(str(row["amount"])) for row in own)
    ) < Decimal("0.01")
    assert [line for line in stamp if line.startswith("# Asked by: ")]


def test_a_question_is_asked_and_answered_and_the_month_closed_and_handed_to_payroll(
    own_demo_server: Server, opens: Opens
):
    tab = opens(own_demo_server)
    tab.open("my_statement", as_=ROLES["manager"], month=MONTH, lang="en")
    tab.page.get_by_role("button", name="Question this line").first.click()
    tab.page.get_by_role("textbox", name="What looks wrong?").fill("Is the Lagoon deal in?")
    tab.page.get_by_role("button", name="Send").click()
    expect(tab.page.get_by_text("Is the Lagoon deal in?")).to_be_visible(timeout=PATIENCE)
    expect(tab.page.get_by_role("dialog")).to_have_count(0, timeout=PATIENCE)
    seen = tab.open("payouts", as_=ROLES["compensation_admin"], month=MONTH, lang="en")
    assert (seen.exceptions, seen.alerts, seen.raw) == (0, (), [])
    rows = paid(own_demo_server)
    dollars = sum((Decimal(str(row["amount"])) for row in rows if row["currency"] == "USD"), Decimal(0))
    assert formats.money(dollars, "USD", "en", whole=True) in seen.text
    tab.page.get_by_role("button", name="Close April 2026").click()
    expect(tab.page.get_by_role("dialog")).to_contain_text("Another source pays this month", timeout=PATIENCE)
    tab.page.get_by_role("button", name="Close for good").click()
    expect(tab.page.get_by_text("what changes later is paid as an adjustment")).to_be_visible(
        timeout=PATIENCE
    )
    _stamp, sent = rows_of(downloaded(tab.page, "payroll-csv"))
    assert sum(Decimal(row["Amount"]) for row in sent if row["Currency"] == "USD") == dollars
    assert {row["Payee"] for row in sent} == {row["rep_id"] for row in rows if row["amount"]}
    tab.page.get_by_role("radio", name=re.compile("Questions")).click()
    tab.page.get_by_role("textbox", name="Answer").fill("It is.")
    tab.page.get_by_role("button", name="Answer").click()
    expect(tab.page.get_by_text("No open questions.")).to_be_visible(timeout=PATIENCE)


@pytest.mark.parametrize(("page", "role"), [("my_statement", "rep"), ("payouts", "compensation_admin")])
def test_on_a_phone_at_night_everything_is_there_and_can_be_read(
    page: str, role: str, demo_server: Server, opens: Opens
):
    tab = opens(demo_server, PHONE, dark=True)
    seen = tab.open(page, as_=ROLES[role], month=MONTH, lang="en")
    assert (seen.exceptions, seen.alerts) == (0, ())
    assert off_the_side(tab.page) == []
    assert faint(tab.page) == []


def test_words_stand_out_by_day(demo_server: Server, opens: Opens):
    tab = opens(demo_server, DESK)
    tab.open("my_statement", as_=ROLES["rep"], month=MONTH, lang="en")
    assert faint(tab.page) == []
