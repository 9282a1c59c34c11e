"""Exports: CSV and Excel, built when asked for, stamped, and harmless in a spreadsheet."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import pyarrow as pa
import streamlit as st
import xlsxwriter

from ui.speech import _, language, speaking
from ui.stamp import Line
from words.safe import spreadsheet_safe

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
EXCEL_ROWS = 1_048_576 - 1


class TooManyRows(ValueError):
    """More rows than a worksheet holds; the message says to take CSV."""


@dataclass(frozen=True)
class Sheet:
    """What is exported: titled columns of plain values."""

    titles: tuple[str, ...]
    rows: Sequence[Sequence[Any]]


def sheet_of(
    table: pa.Table, titles: dict[str, str], text: Callable[[str, Any], Any] = lambda _, v: v
) -> Sheet:
    """Columns of a table in the order of ``titles``; ``text`` turns keys into names."""
    columns = [[text(name, value) for value in table[name].to_pylist()] for name in titles]
    return Sheet(tuple(titles.values()), list(zip(*columns, strict=True)))


def to_csv(sheet: Sheet, stamp: Sequence[Line]) -> bytes:
    """CSV as spreadsheets read it; the stamp stands above the header, each line with a “#”."""
    buffer = io.StringIO()
    writer = csv.writer(buffer)
    for line in stamp:
        writer.writerow([f"# {line.what}: {line.value}"])
    writer.writerow([spreadsheet_safe(title) for title in sheet.titles])
    writer.writerows([_plain(value) for value in row] for row in sheet.rows)
    return buffer.getvalue().encode("utf-8-sig")


def _plain(value: Any) -> Any:
    if isinstance(value, str):
        return spreadsheet_safe(value)
    if isinstance(value, datetime | date):
        return value.isoformat()
    return format(value.normalize(), "f") if isinstance(value, Decimal) else value


def to_excel(sheet: Sheet, stamp: Sequence[Line]) -> bytes:
    """A workbook with the rows and, on a second sheet, the stamp; text never becomes a formula or link.

    Raises:
        TooManyRows: a worksheet cannot hold them.
    """
    if len(sheet.rows) > EXCEL_ROWS:
        raise TooManyRows(_("Excel holds {n} rows at the most; take CSV instead.", n=EXCEL_ROWS))
    buffer = io.BytesIO()
    options = {
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "in_memory": True,
        "remove_timezone": True,
    }
    with xlsxwriter.Workbook(buffer, options) as book:
        _write_rows(book, sheet)
        about = book.add_worksheet(_("About"))
        about.set_column(0, 1, 28)
        for at, line in enumerate(stamp):
            about.write_string(at, 0, line.what)
            about.write_string(at, 1, line.value)
    return buffer.getvalue()


def _write_rows(book: xlsxwriter.Workbook, sheet: Sheet) -> None:
    bold, day = book.add_format({"bold": True}), book.add_format({"num_format": "yyyy-mm-dd"})
    page = book.add_worksheet(_("Rows"))
    page.set_column(0, len(sheet.titles) - 1, 18)
    page.freeze_panes(1, 0)
    for column, title in enumerate(sheet.titles):
        page.write_string(0, column, title, bold)
    for number, row in enumerate(sheet.rows, start=1):
        for column, value in enumerate(row):
            _write(page, number, column, value, day)


def _write(page: Any, row: int, column: int, value: Any, day: Any) -> None:
    if isinstance(value, str):
        page.write_string(row, column, value)
    elif isinstance(value, datetime | date):
        page.write_datetime(row, column, value, day)
    elif value is not None and not (isinstance(value, float) and value != value):  # noqa: PLR0124 - NaN
        page.write(row, column, float(value) if isinstance(value, Decimal) else value)


def buttons(key: str, file: str, make: Callable[[], tuple[Sheet, Sequence[Line]]]) -> None:
    """Two download buttons; nothing is computed before one is pressed, and then in the page's language."""
    spoken = language()
    with st.container(horizontal=True, key=f"{key} buttons"):
        st.download_button(
            "CSV",
            data=lambda: speaking(spoken, lambda: to_csv(*make())),
            file_name=f"{file}.csv",
            mime="text/csv",
            on_click="ignore",
            icon=":material/download:",
            key=f"{key} csv",
            help=_("All rows, as text"),
        )
        st.download_button(
            "Excel",
            data=lambda: speaking(spoken, lambda: to_excel(*make())),
            file_name=f"{file}.xlsx",
            mime=XLSX,
            on_click="ignore",
            icon=":material/download:",
            key=f"{key} xlsx",
            help=_("All rows, as a workbook"),
        )
