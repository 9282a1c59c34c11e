"""From dropped files to figures on screen, in one's own store, the demo company untouched."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import serving
from tests.browser.driving import open_page, rest, text_of
from tests.driven import ROLES
from warehouse.store import Store

pytestmark = pytest.mark.browser

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


@pytest.fixture
def files(tmp_path: Path) -> list[str]:
    folder = tmp_path / "files"
    folder.mkdir()
    for name, text in (("people", PEOPLE), ("sales", SALES), ("quotas", QUOTAS)):
        (folder / f"{name}.csv").write_text(text, encoding="utf-8")
    return [str(path) for path in sorted(folder.iterdir())]


def test_own_files_become_attainment_beside_the_demo_company(
    page: Page, demo_root: Path, tmp_path: Path, files: list[str]
):
    import shutil

    root = tmp_path / "store"
    shutil.copytree(demo_root, root)
    with serving(root, tmp_path / "log.txt") as server:
        open_page(page, server, "data_sources", as_=ROLES["administrator"])
        page.locator('input[type="file"]').first.set_input_files(files)
        page.get_by_text("4. Try it, then load").wait_for()
        rest(page)
        page.get_by_role("button", name="Try without loading").click()
        page.get_by_text("This can be loaded.").wait_for()
        rest(page)
        page.locator(".st-key-load-import button").click()
        page.get_by_text("Open the overview").wait_for()
        assert re.search(r"\d+ rows are loaded; 1 row was set aside", text_of(page))
        page.get_by_text("Open the overview").click()
        page.wait_for_url(re.compile("store=own"))
        expect(page.get_by_text("You see everything as the local owner")).to_be_visible()
        rest(page)
        # 105,000.50 of 150,000.00, by hand.
        expect(page.locator('[data-testid="stMetricValue"]').first).to_have_text("70.0%")
    assert Store.open(root).kind == "demo"
    assert Store.open(tmp_path / "store-own").kind == "own"
    assert Store.open(root).current() == Store.open(demo_root).current()


def test_files_nobody_can_read_are_named_and_nothing_is_loaded(page: Page, server: str, tmp_path: Path):
    path = tmp_path / "sales.csv"
    path.write_bytes(b"")
    open_page(page, server, "data_sources", as_=ROLES["administrator"])
    page.locator('input[type="file"]').first.set_input_files(str(path))
    page.get_by_text("sales.csv holds no rows").wait_for()
