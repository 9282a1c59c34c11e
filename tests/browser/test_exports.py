"""What is downloaded, and names that would do something: text stays text, on screen and in a spreadsheet."""

from __future__ import annotations

import csv
import io
import re
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest
import python_calamine
from playwright.sync_api import Page, expect

from metrics.ask import ask
from metrics.attainment import quota_attainment
from metrics.view import View
from tests.browser.companies import FORMULAS, NAMES, hostile_company
from tests.browser.conftest import Opens
from tests.browser.server import Server, serve
from tests.metrics.small_company import AS_OF
from tests.support import day, session_of
from warehouse.access import OWNER

Q1 = {"period": "2026-01-01..2026-03-31", "lang": "en"}
VIEW = View(day("2026-01-01"), day("2026-04-01"), AS_OF)
FORMULA = re.compile(r"^[=+@\t\r\n]|^-(?!\d)")


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """The company of ``tests.browser.companies``, served."""
    root = tmp_path_factory.mktemp("hostile") / "store"
    hostile_company(root)
    with serve(root) as server:
        yield server
        assert not server.complaints, server.output


def downloaded(page: Page, key: str) -> bytes:
    """The file a download button gives."""
    with page.expect_download() as waiting:
        page.locator(f".st-key-{key} button:visible").click()
    return Path(waiting.value.path()).read_bytes()


def rows_of(text: bytes) -> tuple[list[str], list[dict[str, str]]]:
    """The stamp and the rows of an exported CSV."""
    lines = list(csv.reader(io.StringIO(text.decode("utf-8-sig"))))
    stamp = [line[0] for line in lines if line and line[0].startswith("#")]
    titles, *rows = lines[len(stamp) :]
    return stamp, [dict(zip(titles, row, strict=True)) for row in rows]


def test_the_table_comes_down_as_csv_exact_stamped_and_harmless(hostile: Server, opens: Opens):
    tab = opens(hostile)
    tab.open("attainment", **Q1)
    stamp, rows = rows_of(downloaded(tab.page, "attainment-table-csv"))
    assert not [cell for row in rows for cell in row.values() if FORMULA.match(cell)]
    answer = ask(
        quota_attainment, ["rep"], view=VIEW, session=session_of(hostile.store), viewer=OWNER
    ).to_pylist()
    wanted = {
        (f"'{NAMES[row['rep']]}" if row["rep"] in FORMULAS else NAMES[row["rep"]]): row for row in answer
    }
    assert {row["Name"] for row in rows} == set(wanted)
    assert len(FORMULAS & {row["rep"] for row in answer}) == 3
    for row in rows:
        for title, side in (("Credited", "top"), ("Quota", "bottom")):
            value = wanted[row["Name"]][side]
            assert row[title] == ("" if value is None else format(value.normalize(), "f"))
    assert [line for line in stamp if line.startswith("# Days: 1 Jan 2026 to 31 Mar 2026")]
    assert [line for line in stamp if line.startswith("# Asked by: ")]


def test_the_table_comes_down_as_a_workbook_without_formulas(hostile: Server, opens: Opens):
    tab = opens(hostile)
    tab.open("attainment", **Q1)
    content = downloaded(tab.page, "attainment-table-xlsx")
    with zipfile.ZipFile(io.BytesIO(content)) as book:
        sheets = [book.read(name).decode() for name in book.namelist() if "worksheets/sheet" in name]
    assert not [sheet for sheet in sheets if "<f>" in sheet or "<hyperlink" in sheet]
    rows, about = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(content)).sheet_names
    assert (rows, about) == ("Rows", "About")
    read = (
        python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(content))
        .get_sheet_by_name(rows)
        .to_python()
    )
    assert {NAMES[key] for key in FORMULAS} <= {row[0] for row in read}


def test_the_leaderboard_and_the_records_come_down_harmless_too(hostile: Server, opens: Opens):
    tab = opens(hostile)
    tab.open("leaderboard", **Q1)
    _stamp, places = rows_of(downloaded(tab.page, "leaderboard-csv"))
    assert f"'{NAMES['ann']}" in {row["Name"] for row in places}
    assert not [cell for row in places for cell in row.values() if FORMULA.match(cell)]
    tab.page.locator(".st-key-explain-quota_attainment-board button:visible").click()
    expect(tab.page.get_by_role("dialog")).to_contain_text("records, together")
    _stamp, records = rows_of(downloaded(tab.page, "records-quota_attainment-top-csv"))
    assert f"'{NAMES['ann']}" in {row["Rep"] for row in records}
    assert sum(float(row["Credited (USD)"]) for row in records) == 1710.01  # D1, D2, D3 and D9, by hand
    assert not [cell for row in records for cell in row.values() if FORMULA.match(cell)]


@pytest.mark.parametrize(
    ("page", "rep"),
    [
        ("overview", ""),
        ("attainment", "ann"),
        *(
            pytest.param(page, rep, marks=pytest.mark.long)
            for page, rep in (("attainment", ""), ("leaderboard", ""), ("attainment", "bob"))
        ),
    ],
)
def test_names_are_shown_as_they_are_and_do_nothing(page: str, rep: str, hostile: Server, opens: Opens):
    tab = opens(hostile)
    seen = tab.open(page, rep=rep, **Q1)
    assert NAMES[rep or "ann"] in seen.text.replace("\u2060", "")
    assert seen.elsewhere == frozenset()
    assert (seen.exceptions, seen.alerts) == (0, ())
    assert tab.page.locator("[href*='evil'], [src*='evil'], [onerror]").count() == 0
    assert tab.page.locator("[data-testid='stMain'] .katex").count() == 0
