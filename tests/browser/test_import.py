"""From dropped files to figures on screen: in an own store, and beside a demo company that stays as it is."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Opens
from tests.browser.driving import rest
from tests.browser.people import ROLES
from tests.browser.seeing import read
from tests.browser.server import Server
from warehouse.store import Store

PEOPLE = """Email,Name,Manager,Team,Start date
ana@example.com,Ana Ruiz,boss@example.com,North,2024-01-01
bob@example.com,Bob Lee,boss@example.com,North,2024-01-01
boss@example.com,Bo Boss,,North,2024-01-01
"""
SALES = """Order number,Order date,Sales rep email,Customer,Amount
O1,2026-01-15,ana@example.com,Acme,60000.50
O2,2026-02-20,ana@example.com,Bolt,15000
O3,2026-03-31,bob@example.com,Acme,30000
O4,2026-02-01,bob@example.com,Cord,ten
"""
QUOTAS = """Rep email,Quarter start,Quota
ana@example.com,2026-01-01,100000
bob@example.com,2026-01-01,50000
"""
Q1 = "2026-01-01..2026-03-31"
BAD = "sales.csv, row 5: Amount is “ten”, which is not"


@pytest.fixture
def files(tmp_path: Path) -> list[str]:
    """Three files, one row of which is wrong."""
    folder = tmp_path / "files"
    folder.mkdir()
    for name, text in (("people", PEOPLE), ("sales", SALES), ("quotas", QUOTAS)):
        (folder / f"{name}.csv").write_text(text, encoding="utf-8")
    return [str(path) for path in sorted(folder.iterdir())]


def drop(page: Page, files: list[str]) -> None:
    """Drop files and wait for the mapping that is proposed."""
    page.locator("input[type='file']").first.set_input_files(files)
    page.get_by_text("4. Try it, then load").wait_for()
    rest(page)


def press(page: Page, key: str) -> None:
    page.locator(f".st-key-{key} button:visible").click()


def test_own_files_become_attainment(empty_server: Server, opens: Opens, files: list[str]):
    tab = opens(empty_server)
    assert "Nothing has been loaded into this store yet." in tab.open("overview", lang="en").text
    tab.page.get_by_test_id("stMain").get_by_role("link", name="Load files").click()
    expect(tab.page.get_by_role("heading", name="Data sources")).to_be_visible()
    rest(tab.page)

    drop(tab.page, files)
    looked = read(tab.page)
    for shown in (
        "people.csv",
        "sales.csv",
        "quotas.csv",
        "Ana Ruiz",
        "Deals, from sales",
        "Quotas, from quotas",
    ):
        assert shown in looked, shown

    press(tab.page, "try-import")
    expect(tab.page.get_by_text("This can be loaded.")).to_be_visible()
    assert Store.open(empty_server.store).current() is None  # trying loads nothing
    tab.page.get_by_text(re.compile(r"\d+ things? to look at")).click()
    expect(tab.page.get_by_text(BAD)).to_be_visible()

    press(tab.page, "load-import")
    expect(tab.page.get_by_text(re.compile(r"\d+ rows are loaded; 1 row was set aside"))).to_be_visible(
        timeout=60_000
    )
    tab.page.get_by_role("link", name="Open the overview").click()
    expect(tab.page.get_by_role("heading", name="Overview")).to_be_visible()

    # By hand, without the row whose amount is a word: 105,000.50 of 150,000; Ana 75,000.50 of 100,000.
    company = tab.open("overview", period=Q1, lang="en")
    expect(tab.page.get_by_test_id("stMetricValue").first).to_have_text("70.0%")
    assert "$105K" in company.text
    seen = tab.open("attainment", period=Q1, level="reps", lang="en")
    for shown in ("Ana Ruiz", "75.0%", "Bob Lee", "60.0%"):
        assert shown in seen.text, shown
    assert "1 row set aside" in seen.text
    assert "You see everything as the local owner" in seen.text
    assert BAD in tab.open("data_sources", lang="en").text
    assert not seen.was_sent(frozenset({"ana@example.com", "bob@example.com"}))


def test_start_with_my_data_says_where_files_go_and_the_demo_company_stays(
    own_demo_server: Server, opens: Opens, files: list[str]
):
    root = own_demo_server.store
    own, before = root.with_name("store-own"), Store.open(root).current()
    tab = opens(own_demo_server)
    tab.open("overview", as_=ROLES["rep"], lang="en")
    tab.page.get_by_test_id("stSidebar").get_by_role("link", name="Start with my data").click()
    told = tab.page.get_by_text(
        "Your files go into a store of their own, “store-own”, beside the demo company."
    )
    expect(told).to_be_visible()
    assert not own.exists()
    drop(tab.page, files)
    press(tab.page, "try-import")
    expect(tab.page.get_by_text("This can be loaded.")).to_be_visible()
    press(tab.page, "load-import")
    tab.page.get_by_role("link", name="Open the overview").click()
    tab.page.wait_for_url(re.compile("store=own"))
    expect(tab.page.get_by_text("You see everything as the local owner")).to_be_visible()
    rest(tab.page)
    assert "Noor Lindqvist" not in read(tab.page)
    assert (Store.open(root).kind, Store.open(own).kind) == ("demo", "own")
    assert Store.open(root).current() == before
    tab.page.get_by_test_id("stSidebar").get_by_text("Demo", exact=True).click()
    tab.page.wait_for_url(lambda url: "store=own" not in url)
    expect(tab.page.get_by_test_id("stSidebar").get_by_text("Look as")).to_be_visible()


@pytest.mark.parametrize(
    ("name", "content", "sentence"),
    [
        ("sales.csv", b"", "sales.csv holds no rows"),
        ("book.xlsx", b"PK\x03\x04 cut in half", "book.xlsx"),
    ],
    ids=["empty", "cut in half"],
)
def test_files_nobody_can_read_are_named_and_nothing_is_loaded(
    name: str, content: bytes, sentence: str, own_server: Server, opens: Opens, tmp_path: Path
):
    before = Store.open(own_server.store).current()
    path = tmp_path / name
    path.write_bytes(content)
    tab = opens(own_server)
    tab.open("data_sources", lang="en")
    tab.page.locator("input[type='file']").first.set_input_files(str(path))
    alert = tab.page.get_by_test_id("stAlertContentError")
    expect(alert.first).to_contain_text(sentence)
    assert tab.page.locator(".st-key-load-import").count() == 0
    assert Store.open(own_server.store).current() == before


def test_a_mapping_that_cannot_work_loads_nothing_and_keeps_the_last_version(
    own_server: Server, opens: Opens, tmp_path: Path
):
    """The files hold no people: every sale belongs to somebody nobody knows."""
    before = Store.open(own_server.store).current()
    path = tmp_path / "notes.csv"
    path.write_text("Colour,Smell\nred,rose\n", encoding="utf-8")
    tab = opens(own_server)
    tab.open("data_sources", lang="en")
    tab.page.locator("input[type='file']").first.set_input_files(str(path))
    tab.page.get_by_text("3. Check what each column means").wait_for()
    rest(tab.page)
    if tab.page.locator(".st-key-try-import").count():
        press(tab.page, "try-import")
        expect(tab.page.get_by_text("Nothing can be loaded like this")).to_be_visible()
    assert tab.page.locator(".st-key-load-import").count() == 0
    assert tab.page.get_by_test_id("stAlert").count() >= 1
    assert Store.open(own_server.store).current() == before
