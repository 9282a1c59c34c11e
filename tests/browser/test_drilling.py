"""From teams to people to records, by clicking."""

from __future__ import annotations

import re
from decimal import Decimal

import pytest
from playwright.sync_api import Locator, Page, expect

from metrics.ask import ask
from metrics.attainment import quota_attainment
from metrics.periods import calendar_of
from metrics.view import View
from tests.browser.conftest import Opens
from tests.browser.driving import rest
from tests.browser.people import ROLES
from tests.browser.seeing import read
from tests.browser.server import Server
from words import formats
from workflows.opening import open_place
from workflows.who import demo_viewer

GRID = 'canvas[data-testid="data-grid-canvas"]'
ROW = 35  # pixels, of a table


def click_row(page: Page, table: Locator, number: int) -> None:
    """Pick a row of a table, from 1, by the mark at its left."""
    canvas = table.locator(GRID)
    canvas.scroll_into_view_if_needed()
    place = canvas.bounding_box()
    assert place is not None
    page.mouse.click(place["x"] + 18, place["y"] + ROW * (number + 0.5))


def cells(table: Locator, number: int) -> list[str]:
    """What a row of a table says, from 1."""
    row = table.locator(f"{GRID} [role=row][aria-rowindex='{number + 1}'] [role=gridcell]")
    return row.all_text_contents()


def click_bar(page: Page, name: str) -> None:
    """Click somewhere on the row of a bullet chart that belongs to a name."""
    chart = page.locator(".st-key-bars [data-testid='stVegaLiteChart']")
    label = chart.locator("svg text", has_text=re.compile(f"^{re.escape(name)}$")).first
    row, whole = label.bounding_box(), chart.bounding_box()
    assert row is not None
    assert whole is not None
    page.mouse.click(whole["x"] + whole["width"] * 0.6, row["y"] + row["height"] / 2)


def test_a_click_on_a_bar_opens_the_team_then_a_person_and_the_crumbs_lead_back(
    demo_server: Server, opens: Opens
):
    tab = opens(demo_server)
    tab.open("attainment", as_=ROLES["vice_president"], lang="en")
    click_bar(tab.page, "Marta Okafor")
    tab.page.wait_for_url(re.compile("manager=R013"))
    rest(tab.page)
    click_bar(tab.page, "Noor Lindqvist")
    tab.page.wait_for_url(re.compile("rep=R024"))
    seen = tab.look()
    assert "Noor Lindqvist:" in seen.text  # the sentence above the headline
    assert seen.alerts == ()
    tab.page.locator(".st-key-crumbs").get_by_text("Marta Okafor").click()
    tab.page.wait_for_url(lambda url: "manager=R013" in url and "rep=" not in url)
    expect(tab.page.locator(".st-key-bars")).to_contain_text("Noor Lindqvist")
    tab.page.locator(".st-key-crumbs").get_by_text("My team").click()
    tab.page.wait_for_url(lambda url: "manager=" not in url)


def test_a_click_on_a_row_of_the_table_opens_the_person(demo_server: Server, opens: Opens):
    tab = opens(demo_server)
    tab.open("attainment", as_=ROLES["manager"], lang="en")
    table = tab.page.locator(".st-key-table")
    first = cells(table, 1)
    click_row(tab.page, table, 1)
    tab.page.wait_for_url(re.compile(r"rep=R\d+"))
    rest(tab.page)
    expect(tab.page.locator(".st-key-crumbs")).to_contain_text(next(text for text in first if text))


def test_a_row_of_the_leaderboard_leads_to_the_person(demo_server: Server, opens: Opens):
    tab = opens(demo_server)
    tab.open("leaderboard", as_=ROLES["executive"], lang="en")
    click_row(tab.page, tab.page.locator(".st-key-places"), 1)
    link = tab.page.get_by_role("link", name=re.compile("Open "))
    name = link.inner_text().partition("Open ")[2].strip()
    link.click()
    tab.page.wait_for_url(re.compile(r"/attainment.*rep=R\d+"))
    expect(tab.page.locator(".st-key-crumbs")).to_contain_text(name)


def test_a_colleague_under_a_mask_leads_nowhere(demo_server: Server, opens: Opens):
    tab = opens(demo_server)
    tab.open("leaderboard", as_=ROLES["rep"], lang="en")
    click_row(tab.page, tab.page.locator(".st-key-places"), 1)
    expect(tab.page.get_by_text("You do not see this colleague’s numbers.")).to_be_visible()
    assert tab.page.get_by_role("link", name=re.compile("Open ")).count() == 0


@pytest.mark.parametrize(
    "role", ["rep", *(pytest.param(role, marks=pytest.mark.long) for role in ("manager", "executive"))]
)
def test_an_explanation_shows_the_formula_with_its_numbers_and_the_records_behind_it(
    role: str, demo_server: Server, opens: Opens
):
    row, records = answer(demo_server, role)
    tab = opens(demo_server)
    tab.open("overview", as_=ROLES[role], lang="en")
    tab.page.locator(".st-key-explain-quota_attainment-card button:visible").click()
    dialog = tab.page.get_by_role("dialog")
    expect(dialog).to_contain_text("records, together")
    rest(tab.page)
    said = read(tab.page)
    top, bottom = (formats.money(row[side], "USD", "en") for side in ("top", "bottom"))
    assert f"{top} ÷ {bottom} = {formats.percent(row['quota_attainment'], 'en')}" in said
    assert "Credited sales over quota." in said
    assert f"{formats.number(records, 'en')} records, together {top}" in said
    headers = dialog.locator(f"{GRID} [role=columnheader]")
    for at, header in enumerate(("Credited on", "Rep", "Credited (USD)")):
        expect(headers.nth(at)).to_have_text(header)


def answer(server: Server, role: str) -> tuple[dict[str, Decimal], int]:
    """The headline number as the metrics answer it, and how many credits are behind it."""
    from metrics.ask import records_count

    place = open_place(server.store)
    session = place.session()
    viewer = demo_viewer(place, session, ROLES[role])
    quarter = calendar_of(session).of("quarter", session.version.as_of)
    where = {"rep": (("rep", ROLES[role]),), "manager": (("manager", ROLES[role]),)}.get(role, ())
    view = View(quarter.start, quarter.end, session.version.as_of, where)
    by = ["manager"] if role == "manager" else []
    rows = ask(quota_attainment, by, view=view, session=session, viewer=viewer).to_pylist()
    mine = next(row for row in rows if not by or row["manager"] == ROLES[role])
    return mine, records_count(quota_attainment, view=view, session=session, viewer=viewer, part="top")
