# ruff: noqa: DTZ001 - workbooks know no time zones
"""Workbooks and Parquet files: native numbers and days mean what they say, whatever the mapping's forms."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import xlsxwriter

from connectors.files.preview import preview
from tests.connectors.files.loading import deals, load, refused

FORMS = [
    "",
    'date_format = "D.M.YYYY"',
    'decimal = ","',
    'decimal = ","\nthousands = "."',
    'date_format = "DD/MM/YYYY"',
]


def _book(path: Path, **sheets: list[list[object]]) -> None:
    book = xlsxwriter.Workbook(path, {"default_date_format": "dd/mm/yyyy"})
    for name, rows in sheets.items():
        sheet = book.add_worksheet(name)
        for number, row in enumerate(rows):
            sheet.write_row(number, 0, row)
    book.close()


@pytest.mark.parametrize("file", FORMS)
def test_native_values_of_a_workbook(tmp_path, file):
    _book(
        tmp_path / "sales.xlsx",
        Sales=[
            ["id", "rep", "amount", "date"],
            [1001, "José", 1234.5, date(2026, 1, 31)],
            [],
            ["B", "x", 7, datetime(2026, 2, 1)],
        ],
    )
    loaded = load(deals("sales.xlsx", file), tmp_path)
    assert loaded.sentences == []
    assert loaded.column("opportunities", "opportunity_id") == ["1001", "B"]
    assert loaded.column("opportunities", "amount") == [Decimal("1234.5"), Decimal(7)]
    assert loaded.column("opportunities", "close_on") == [date(2026, 1, 31), date(2026, 2, 1)]
    assert loaded.column("opportunities", "_row") == [2, 4]


def test_a_text_amount_in_a_workbook_names_its_row(tmp_path):
    _book(
        tmp_path / "sales.xlsx",
        Sales=[
            ["Report"],
            [],
            ["id", "rep", "amount", "date"],
            ["A", "x", "n/a", date(2026, 1, 1)],
            ["B", "x", 1, date(2026, 1, 1)],
        ],
    )
    loaded = load(deals("sales.xlsx", "header = 3"), tmp_path)
    assert loaded.sentences[0].startswith("sales.xlsx, row 4: amount is “n/a”, which is not an amount")


def test_another_sheet_is_named(tmp_path):
    _book(
        tmp_path / "sales.xlsx",
        Notes=[["hello"]],
        Deals=[["id", "rep", "amount", "date"], ["A", "x", 1, date(2026, 1, 1)]],
    )
    assert len(load(deals("sales.xlsx", 'sheet = "Deals"'), tmp_path).tables["opportunities"]) == 1
    assert refused(deals("sales.xlsx", 'sheet = "Dels"'), tmp_path) == [
        "sales.xlsx cannot be read: it has no sheet “Dels”; its sheets are Notes, Deals."
    ]
    assert preview(tmp_path / "sales.xlsx").sheets == ("Notes", "Deals")


def test_an_empty_workbook(tmp_path):
    _book(tmp_path / "sales.xlsx", Sheet1=[])
    assert refused(deals("sales.xlsx"), tmp_path) == [
        "sales.xlsx holds no rows. Export it again and load again."
    ]


@pytest.mark.parametrize("file", FORMS)
def test_native_values_of_a_parquet_file(tmp_path, file):
    rows = pa.table(
        {
            "id": pa.array([1001, 1002]),
            "rep": pa.array(["José", "x"]).dictionary_encode(),
            "amount": pa.array([Decimal("1234.50"), None], pa.decimal128(12, 2)),
            "date": pa.array([date(2026, 1, 31), date(2026, 2, 1)]),
        }
    )
    pq.write_table(rows, tmp_path / "sales.parquet")
    loaded = load(deals("sales.parquet", file), tmp_path)
    assert loaded.sentences == []
    assert loaded.column("opportunities", "amount") == [Decimal("1234.5"), None]
    assert loaded.column("opportunities", "close_on") == [date(2026, 1, 31), date(2026, 2, 1)]
    assert loaded.column("opportunities", "_row") == [1, 2]


def test_not_a_number_in_a_parquet_file_is_named(tmp_path):
    rows = pa.table(
        {
            "id": ["A", "B"],
            "rep": ["x", "x"],
            "amount": [float("nan"), 2.5],
            "date": [datetime(2026, 1, 1)] * 2,
        }
    )
    pq.write_table(rows, tmp_path / "sales.parquet")
    loaded = load(deals("sales.parquet"), tmp_path)
    assert loaded.sentences == [
        "sales.parquet, row 1: amount is “nan”, which is not a finite number. Correct it and load again."
    ]
    assert loaded.column("opportunities", "close_on") == [date(2026, 1, 1)]


def test_lists_in_a_parquet_file_are_refused(tmp_path):
    pq.write_table(pa.table({"id": [["A"]]}), tmp_path / "sales.parquet")
    assert "its column “id” holds lists or records" in refused(deals("sales.parquet"), tmp_path)[0]


def test_an_error_in_a_cell_is_not_taken_for_an_empty_one(tmp_path):
    book = xlsxwriter.Workbook(tmp_path / "sales.xlsx")
    sheet = book.add_worksheet()
    sheet.write_row(0, 0, ["id", "rep", "amount", "date"])
    sheet.write_row(1, 0, ["A", "x", None, "2026-01-01"])
    sheet.write_formula(1, 2, "=1/0", None, "#DIV/0!")
    sheet.write_row(2, 0, ["B", "x", 5, "2026-01-01"])
    book.close()
    loaded = load(deals("sales.xlsx"), tmp_path)
    assert loaded.sentences[0].startswith("sales.xlsx, row 2: amount is “#DIV/0!”, which is not an amount")


def test_a_locked_workbook_is_said_to_be_one(tmp_path):
    (tmp_path / "sales.xlsx").write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 4096)
    assert refused(deals("sales.xlsx"), tmp_path) == [
        (
            "sales.xlsx cannot be read: it is locked with a password, or in the format of before 2007; "
            "save it as .xlsx without a password."
        )
    ]


def test_a_new_workbook_under_an_old_name_is_measured_too(tmp_path):
    _book(tmp_path / "sales.xlsx", Sales=[["id"], *([f"row {n} of many"] for n in range(60_000))])
    (tmp_path / "sales.xlsx").rename(tmp_path / "sales.xls")
    assert "unpacks to" in refused(deals("sales.xls", "max_unpacked_mb = 1"), tmp_path)[0]
