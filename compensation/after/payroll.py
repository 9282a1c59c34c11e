"""What payroll is handed: one row a payee, currency and group of kinds, and totals to check it by."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import xlsxwriter

from compensation.inputs import MONEY
from warehouse.minor_units import minor
from words.safe import spreadsheet_safe

GROUPS: Mapping[str, str] = {
    "earning": "earnings",
    "released": "earnings",
    "true_up": "earnings",
    "draw": "draws",
    "recovery": "draws",
    "clawback": "clawbacks",
    "adjustment": "adjustments",
}
"""Which group each kind of line is paid under. What is held is not paid, and forgiveness moves no money."""

ROWS = pa.schema(
    [
        pa.field("pay_start", pa.date32(), nullable=False),
        pa.field("rep", pa.string(), nullable=False),
        pa.field("name", pa.string(), nullable=False),
        pa.field("currency", pa.string(), nullable=False),
        pa.field("group", pa.string(), nullable=False),
        pa.field("amount", MONEY, nullable=False),
        pa.field("lines", pa.int64(), nullable=False),
    ]
)
TOTALS = pa.schema(
    [
        pa.field("currency", pa.string(), nullable=False),
        pa.field("group", pa.string(), nullable=False),  # "total" for all of a currency
        pa.field("payees", pa.int64(), nullable=False),
        pa.field("rows", pa.int64(), nullable=False),
        pa.field("lines", pa.int64(), nullable=False),
        pa.field("amount", pa.decimal128(38, 4), nullable=False),
    ]
)


@dataclass(frozen=True)
class Payroll:
    """One month's export: rows (ROWS) and control totals (TOTALS), both sorted."""

    rows: pa.Table
    totals: pa.Table


def payroll(lines: pa.Table, month: date, names: Mapping[str, str] | None = None) -> Payroll:
    """What is paid with the month that starts on ``month``.

    ``names`` gives people's names by key; without one, a row has the key alone. Lines of 0 are left out, a payee
    whose lines of a group cancel out keeps a row of 0. A total is what the lines come to, summed apart from the
    rows, so that a row lost on the way shows.
    """
    paid = _paid(lines, month)
    keys = ["rep", "currency", "group"]
    found = paid.group_by(keys).aggregate([("amount", "sum"), ("amount", "count")])
    found = found.sort_by([(key, "ascending") for key in keys])
    known = names or {}
    columns = {
        "pay_start": pa.repeat(pa.scalar(month, pa.date32()), len(found)),
        "name": pa.array([known.get(rep, "") for rep in found["rep"].to_pylist()], pa.string()),
        "amount": found["amount_sum"].cast(MONEY),
        "lines": found["amount_count"],
        **{key: found[key] for key in keys},
    }
    return Payroll(pa.table([columns[each.name] for each in ROWS], schema=ROWS), _totals(paid))


def _paid(lines: pa.Table, month: date) -> pa.Table:
    """The month's lines that move money, with their group."""
    inside = pc.and_(pc.equal(lines["pay_start"], month), pc.is_in(lines["kind"], pa.array(list(GROUPS))))
    rows = lines.filter(pc.and_(inside, pc.not_equal(lines["amount"], Decimal(0)))).select(
        ["rep", "currency", "kind", "amount"]
    )
    at = pc.index_in(rows["kind"], pa.array(list(GROUPS)))
    return rows.append_column("group", pa.array(list(GROUPS.values()), pa.string()).take(at))


def _totals(paid: pa.Table) -> pa.Table:
    """Totals by currency and group, and of each currency."""
    of_all = paid.set_column(paid.column_names.index("group"), "group", pa.repeat("total", len(paid)))
    tables = [_total(each) for each in (paid, of_all)]
    found = pa.concat_tables(tables)
    last = pc.equal(found["group"], "total")
    found = found.append_column("last", last).sort_by(
        [(name, "ascending") for name in ("currency", "last", "group")]
    )
    return found.select(TOTALS.names).cast(TOTALS)


def _total(paid: pa.Table) -> pa.Table:
    wanted = [("rep", "count_distinct"), ("amount", "count"), ("amount", "sum")]
    found = paid.group_by(["currency", "group"]).aggregate(wanted)
    pairs = _pairs(paid).group_by(["currency", "group"]).aggregate([("rep", "count")])
    keys = pc.binary_join_element_wise(pairs["currency"], pairs["group"], "|")
    at = pc.index_in(
        pc.binary_join_element_wise(found["currency"], found["group"], "|"), keys.combine_chunks()
    )
    return pa.table(
        {
            "currency": found["currency"],
            "group": found["group"],
            "payees": found["rep_count_distinct"],
            "rows": pairs["rep_count"].take(at),
            "lines": found["amount_count"],
            "amount": found["amount_sum"].cast(TOTALS.field("amount").type),
        }
    )


def _pairs(paid: pa.Table) -> pa.Table:
    """What becomes a row of its own."""
    kinds = pa.array(list(GROUPS))
    group = pa.array(list(GROUPS.values()), pa.string()).take(pc.index_in(paid["kind"], kinds))
    rows = paid.select(["rep", "currency", "group"]).append_column("paid_as", group)
    return rows.group_by(["rep", "currency", "group", "paid_as"]).aggregate([])


@dataclass(frozen=True)
class Titles:
    """Column and sheet titles, in whatever language the reader has."""

    rows: tuple[str, ...] = ("Month", "Payee", "Name", "Currency", "Group", "Amount", "Lines")
    totals: tuple[str, ...] = ("Currency", "Group", "Payees", "Rows", "Lines", "Amount")
    sheets: tuple[str, str] = field(default=("Payroll", "Control totals"))


def to_csv(rows: pa.Table, titles: tuple[str, ...]) -> bytes:
    """A table of the export as CSV: amounts in the currency's own decimals, text that starts no formula."""
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\n")
    writer.writerow([spreadsheet_safe(title) for title in titles])
    for row in rows.to_pylist():
        writer.writerow([_cell(value, row["currency"]) for value in row.values()])
    return buffer.getvalue().encode("utf-8-sig")


def _cell(value: Any, currency: str) -> Any:
    if isinstance(value, Decimal):
        return f"{_plain(value, currency):f}"
    if isinstance(value, date):
        return value.isoformat()
    return spreadsheet_safe(value) if isinstance(value, str) else value


def _plain(value: Decimal, currency: str) -> Decimal:
    """An amount in the currency's own decimals, more only if it has them."""
    short = value.quantize(Decimal(1).scaleb(-minor(currency)))
    return short if short == value else value


def to_excel(export: Payroll, titles: Titles | None = None) -> bytes:
    """The export as a workbook: the rows, and the control totals on a second sheet; text never becomes a formula."""
    said = titles or Titles()
    buffer = io.BytesIO()
    options = {"strings_to_formulas": False, "strings_to_urls": False, "in_memory": True}
    with xlsxwriter.Workbook(buffer, options) as book:
        for sheet, table, names in zip(
            said.sheets, (export.rows, export.totals), (said.rows, said.totals), strict=True
        ):
            _sheet(book, sheet, table, names)
    return buffer.getvalue()


def _sheet(book: xlsxwriter.Workbook, name: str, table: pa.Table, titles: tuple[str, ...]) -> None:
    page = book.add_worksheet(name)
    day, bold = book.add_format({"num_format": "yyyy-mm-dd"}), book.add_format({"bold": True})
    page.set_column(0, len(titles) - 1, 16)
    page.freeze_panes(1, 0)
    page.write_row(0, 0, titles, bold)
    for number, row in enumerate(table.to_pylist(), start=1):
        for column, value in enumerate(row.values()):
            _write(page, number, column, value, day)


def _write(page: Any, row: int, column: int, value: Any, day: Any) -> None:
    if isinstance(value, date):
        page.write_datetime(row, column, value, day)
    elif isinstance(value, str):
        page.write_string(row, column, value)
    else:
        page.write_number(row, column, value)
