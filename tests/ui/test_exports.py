"""Exports are stamped, exact, and harmless in a spreadsheet."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from datetime import date
from decimal import Decimal

import pytest
import python_calamine

from ui import exports
from ui.exports import Sheet, TooManyRows, to_csv, to_excel
from ui.speech import _
from ui.stamp import Line

ROWS = Sheet(
    ("Name", "Credited", "On"),
    [("=cmd|' /C calc'!A0", Decimal("1234567.8900"), date(2026, 3, 31)), ("@sum", Decimal("-0.1000"), None), ("http://x.y", None, None)],
)  # fmt: skip
STAMP = [Line("Company", "Halyard"), Line("Asked by", "=evil")]


def test_csv_holds_the_stamp_the_titles_and_exact_amounts():
    rows = list(csv.reader(io.StringIO(to_csv(ROWS, STAMP).decode("utf-8-sig"))))
    assert rows[:3] == [["# Company: Halyard"], ["# Asked by: =evil"], ["Name", "Credited", "On"]]
    assert rows[3][1:] == ["1234567.89", "2026-03-31"]
    assert rows[4] == ["'@sum", "-0.1", ""]


def test_no_csv_cell_of_text_starts_a_formula():
    rows = list(csv.reader(io.StringIO(to_csv(ROWS, STAMP).decode("utf-8-sig"))))
    assert rows[3][0] == "'=cmd|' /C calc'!A0"


def test_a_workbook_holds_text_as_text_and_the_stamp_on_a_sheet_of_its_own(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(exports, "_", lambda message, **_: message)
    content = to_excel(ROWS, STAMP)
    book = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(content))
    rows, about = (book.get_sheet_by_name(name).to_python() for name in ("Rows", "About"))
    assert rows[1] == ["=cmd|' /C calc'!A0", 1234567.89, date(2026, 3, 31)]
    assert about == [["Company", "Halyard"], ["Asked by", "=evil"]]


def test_a_workbook_holds_no_formula_and_no_link(monkeypatch: pytest.MonkeyPatch):
    import zipfile

    monkeypatch.setattr(exports, "_", lambda message, **_: message)
    with zipfile.ZipFile(io.BytesIO(to_excel(ROWS, STAMP))) as book:
        text = book.read("xl/worksheets/sheet1.xml").decode()
    assert "<f>" not in text
    assert "hyperlink" not in text


def test_more_rows_than_a_worksheet_holds_are_refused_with_a_sentence(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(exports, "EXCEL_ROWS", 2)
    monkeypatch.setattr(exports, "_", lambda message, **fields: message.format(**fields))
    with pytest.raises(TooManyRows, match="2 rows"):
        to_excel(ROWS, STAMP)


def test_what_is_made_when_a_button_is_pressed_is_in_the_page_s_language(monkeypatch: pytest.MonkeyPatch):
    made: list[Callable[[], bytes]] = []
    monkeypatch.setattr(exports, "language", lambda: "fr")
    monkeypatch.setattr(exports.st, "download_button", lambda *_, data, **__: made.append(data))
    exports.buttons("key", "file", lambda: (ROWS, [Line(_("As of"), "x")]))
    csv_made, excel_made = (data() for data in made)
    assert csv_made.decode("utf-8-sig").startswith("# Arrêté au: x")
    book = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(excel_made))
    assert book.sheet_names == ["Lignes", "À propos"]
