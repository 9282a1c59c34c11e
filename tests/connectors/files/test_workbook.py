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

FORMS = ["", 'decimal = ","', 'decimal = ","\nthousands = "."', 'date_format = "DD/MM/YYYY"']


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
