import csv
import io
import itertools
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from python_calamine import CalamineWorkbook

from compensation.after.payroll import GROUPS, Titles, payroll, to_csv, to_excel
from compensation.run import KINDS
from tests.compensation.hand_made import line, lines_of

NUMBERS = itertools.count()
JANUARY = date(2026, 1, 1)


def of(amount, kind="earning", rep="ana", **more):
    return line(1, amount, rep=rep, kind=kind, line_id=f"l{next(NUMBERS)}", **more)


def rows(*lines, **more):
    found = payroll(lines_of(lines), JANUARY, **more).rows.to_pylist()
    return [(row["rep"], row["currency"], row["group"], row["amount"], row["lines"]) for row in found]


def totals(*lines):
    found = payroll(lines_of(lines), JANUARY).totals.to_pylist()
    return [tuple(row.values()) for row in found]


def test_a_row_a_payee_currency_and_group():
    found = rows(
        of(100),
        of(20, "released"),
        of(-30, "recovery"),
        of(1500, "draw"),
        of(7, rep="ben"),
        of(9, currency="EUR"),
    )
    assert found == [
        ("ana", "EUR", "earnings", 9, 1),
        ("ana", "USD", "draws", 1470, 2),
        ("ana", "USD", "earnings", 120, 2),
        ("ben", "USD", "earnings", 7, 1),
    ]


def test_what_is_held_or_of_another_month_is_not_exported():
    assert rows(of(100, "held"), of(5, pay_start=date(2026, 2, 1)), of(0, "forgiveness"), of(0)) == []


def test_what_cancels_out_keeps_its_row():
    assert rows(of(100), of(-100)) == [("ana", "USD", "earnings", 0, 2)]


def test_every_kind_that_moves_money_has_a_group():
    assert set(KINDS) - set(GROUPS) == {"held", "forgiveness"}


def test_control_totals():
    found = totals(of(100), of(20, rep="ben"), of(-30, "clawback"), of(9, currency="EUR"))
    assert found == [
        ("EUR", "earnings", 1, 1, 1, 9),
        ("EUR", "total", 1, 1, 1, 9),
        ("USD", "clawbacks", 1, 1, 1, -30),
        ("USD", "earnings", 2, 2, 2, 120),
        ("USD", "total", 2, 3, 3, 90),
    ]


def test_names_stand_beside_keys():
    found = payroll(lines_of([of(1), of(1, rep="ben")]), JANUARY, {"ana": "Ana Lund"}).rows
    assert found["name"].to_pylist() == ["Ana Lund", ""]


def test_csv_is_harmless_and_exact():
    export = payroll(
        lines_of([of("1234.5", rep="=cmd|x"), of(900, rep="b", currency="JPY")]), JANUARY, {"b": "@b"}
    )
    table = list(csv.reader(io.StringIO(to_csv(export.rows, Titles().rows).decode("utf-8-sig"))))
    assert table == [
        ["Month", "Payee", "Name", "Currency", "Group", "Amount", "Lines"],
        ["2026-01-01", "'=cmd|x", "", "USD", "earnings", "1234.50", "1"],
        ["2026-01-01", "b", "'@b", "JPY", "earnings", "900", "1"],
    ]


def test_a_negative_amount_stays_a_number():
    export = payroll(lines_of([of("-12.30", "clawback")]), JANUARY)
    assert b",-12.30," in to_csv(export.rows, Titles().rows)


def test_excel_holds_rows_and_totals():
    export = payroll(lines_of([of("1234.5", rep="=A1")]), JANUARY)
    book = CalamineWorkbook.from_filelike(io.BytesIO(to_excel(export)))
    assert book.sheet_names == ["Payroll", "Control totals"]
    assert book.get_sheet_by_name("Payroll").to_python()[1] == [
        JANUARY,
        "=A1",
        "",
        "USD",
        "earnings",
        1234.5,
        1.0,
    ]
    assert book.get_sheet_by_name("Control totals").to_python()[2] == ["USD", "total", 1.0, 1.0, 1.0, 1234.5]


def test_titles_may_be_translated():
    export = payroll(lines_of([of(1)]), JANUARY)
    book = CalamineWorkbook.from_filelike(io.BytesIO(to_excel(export, Titles(sheets=("Paie", "Totaux")))))
    assert book.sheet_names == ["Paie", "Totaux"]


def test_an_empty_month_is_an_empty_export():
    export = payroll(lines_of([]), JANUARY)
    assert (len(export.rows), len(export.totals)) == (0, 0)
    assert to_excel(export)


LINE = st.tuples(
    st.integers(-10_000, 10_000).map(lambda cents: Decimal(cents).scaleb(-2)),
    st.sampled_from(KINDS),
    st.sampled_from("abc"),
    st.sampled_from(["USD", "EUR"]),
)


@settings(max_examples=60, deadline=None)
@given(st.lists(LINE, max_size=12))
def test_rows_and_totals_both_come_to_the_lines(given_lines):
    lines = [of(amount, kind, rep, currency=currency) for amount, kind, rep, currency in given_lines]
    export = payroll(lines_of(lines), JANUARY)
    for currency in ("USD", "EUR"):
        paid = sum(row["amount"] for row in lines if row["currency"] == currency and row["kind"] in GROUPS)
        assert sum(r["amount"] for r in export.rows.to_pylist() if r["currency"] == currency) == paid
        whole = [t for t in export.totals.to_pylist() if t["currency"] == currency and t["group"] == "total"]
        assert sum(t["amount"] for t in whole) == paid
        assert sum(t["rows"] for t in whole) == sum(
            r["currency"] == currency for r in export.rows.to_pylist()
        )


@pytest.mark.parametrize("kind", KINDS)
def test_each_kind_is_exported_as_it_is_paid(kind):
    assert sum(row[3] for row in rows(of(5, kind))) == (5 if kind in GROUPS else 0)
