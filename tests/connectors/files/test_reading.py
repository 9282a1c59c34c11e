"""Text files of many kinds arrive as the same rows, each with the row number a person sees."""

from __future__ import annotations

import csv
import gzip
import io
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from connectors.files import delimited
from connectors.files.delimited import Delimited
from connectors.files.preview import preview
from connectors.files.reading import ROW
from connectors.files.spec import FileSpec
from tests.connectors.files.loading import deals, load

ROWS = "id,rep,amount,date\nA,José,10.50,2026-01-31\nB,Zoë,2000,2026-02-28\n"


def _both(folder: Path, file: str = "") -> None:
    loaded = load(deals(file=file), folder)
    assert loaded.sentences == []
    assert loaded.column("opportunities", "amount") == [Decimal("10.5000"), Decimal(2000)]
    assert loaded.column("opportunities", "owner_id") == ["José", "Zoë"]
    assert loaded.column("opportunities", "close_on") == [date(2026, 1, 31), date(2026, 2, 28)]
    assert loaded.column("opportunities", "_row") == [2, 3]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32"])
def test_an_encoding_is_found_out(tmp_path, encoding):
    (tmp_path / "sales.csv").write_text(ROWS, encoding=encoding)
    _both(tmp_path)


@pytest.mark.parametrize("encoding", ["cp1252", "latin-1", "iso-8859-15", "mac-roman", "cp850"])
def test_an_older_encoding_is_stated(tmp_path, encoding):
    (tmp_path / "sales.csv").write_text(ROWS, encoding=encoding)
    _both(tmp_path, f'encoding = "{encoding}"')


def test_a_guessed_encoding_is_said(tmp_path):
    (tmp_path / "sales.csv").write_text(ROWS, encoding="cp1252")
    loaded = load(deals(), tmp_path)
    assert loaded.column("opportunities", "owner_id") == ["José", "Zoë"]
    assert "sales.csv was read as Windows-1252" in loaded.sentences[0]


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_a_delimiter_and_line_ends_are_found_out(tmp_path, delimiter, end):
    text = ROWS.replace(",", delimiter).replace("\n", end)
    (tmp_path / "sales.csv").write_bytes(text.encode())
    _both(tmp_path)


def test_an_unusual_delimiter_is_stated(tmp_path):
    (tmp_path / "sales.csv").write_text(ROWS.replace(",", "~"), encoding="utf-8")
    _both(tmp_path, 'delimiter = "~"')


def test_excels_own_hint_of_the_delimiter_is_a_row(tmp_path):
    (tmp_path / "sales.csv").write_text("sep=;\n" + ROWS.replace(",", ";"), encoding="utf-8")
    assert load(deals(), tmp_path).column("opportunities", "_row") == [3, 4]


def test_no_header(tmp_path):
    (tmp_path / "sales.csv").write_text(ROWS.split("\n", 1)[1], encoding="utf-8")
    loaded = load(deals(file='header = false\ncolumns = ["id", "rep", "amount", "date"]'), tmp_path)
    assert loaded.column("opportunities", "_row") == [1, 2]


def test_a_header_further_down(tmp_path):
    (tmp_path / "sales.csv").write_text("Sales report\n\n" + ROWS, encoding="utf-8")
    loaded = load(deals(file="header = 3"), tmp_path)
    assert loaded.column("opportunities", "_row") == [4, 5]


def test_a_gzip_file(tmp_path):
    (tmp_path / "sales.csv.gz").write_bytes(gzip.compress(ROWS.encode()))
    assert load(deals("sales.csv.gz"), tmp_path).column("opportunities", "_row") == [2, 3]


def test_several_files_of_one_pattern(tmp_path):
    (tmp_path / "sales-1.csv").write_text(ROWS, encoding="utf-8")
    (tmp_path / "sales-2.csv").write_text("date,id,amount,rep\n2026-03-01,C,3,Ann\n", encoding="utf-8")
    rows = load(deals("sales-*.csv"), tmp_path).tables["opportunities"]
    assert [(r["opportunity_id"], r["owner_id"], r["_file"], r["_row"]) for r in rows] == [
        ("A", "José", "sales-1.csv", 2),
        ("B", "Zoë", "sales-1.csv", 3),
        ("C", "Ann", "sales-2.csv", 2),
    ]


def test_header_names_need_not_agree_in_case_or_spaces(tmp_path):
    (tmp_path / "sales.csv").write_text(ROWS.replace("id,rep", " ID , Rep"), encoding="utf-8")
    assert load(deals(), tmp_path).column("opportunities", "opportunity_id") == ["A", "B"]


def test_row_numbers_count_quoted_line_breaks_and_blank_lines(tmp_path):
    text = 'id,rep,amount,date\nA,"José\nLuis",1,2026-01-31\n\nB,Zoë,oops,2026-02-28\nC,Ann,3,2026-03-01\n'
    (tmp_path / "sales.csv").write_text(text, encoding="utf-8")
    loaded = load(deals(), tmp_path)
    assert loaded.column("opportunities", "_row") == [2, 6]
    assert loaded.sentences == [
        "sales.csv, row 5: amount is “oops”, which is not an amount. Correct it and load again."
    ]


def test_a_quotation_mark_inside_a_field_is_text(tmp_path):
    text = 'id,rep,amount,date\nA,5" pipe,1,2026-01-31\nB,"5"" pipe",2,2026-01-31\nC,Ann,3,2026-03-01\n'
    (tmp_path / "sales.csv").write_text(text, encoding="utf-8")
    loaded = load(deals(), tmp_path)
    assert loaded.column("opportunities", "owner_id") == ['5" pipe', '5" pipe', "Ann"]
    assert loaded.column("opportunities", "_row") == [2, 3, 4]


def test_empty_fields_after_the_last_column_do_no_harm(tmp_path):
    (tmp_path / "sales.csv").write_text(ROWS.replace("31\n", "31,,\n"), encoding="utf-8")
    _both(tmp_path)


def test_duplicate_and_empty_column_names_are_told_apart(tmp_path):
    (tmp_path / "x.csv").write_text("a,A,a,,\n1,2,3,4,5\n", encoding="utf-8")
    assert preview(tmp_path / "x.csv").columns == ("a", "A", "a (2)", "column 4", "column 5")


def test_a_preview_shows_rows_as_they_are_read(tmp_path):
    (tmp_path / "x.csv").write_text("a;b\n1;\n\n2;x\n", encoding="utf-8")
    shown = preview(tmp_path / "x.csv", rows=2)
    assert (shown.delimiter, shown.encoding, shown.rows, shown.numbers) == (
        ";",
        "utf-8",
        (("1", ""), ("2", "x")),
        (2, 4),
    )


@pytest.mark.parametrize(
    ("file", "written", "amount"),
    [
        ("", "$12.5", "12.5"),
        ("", "1e3", "1000"),
        ("", "(12.50)", "-12.5"),
        ("", "12-", "-12"),
        ('thousands = ","', '"1,234,567.89"', "1234567.89"),
        ('thousands = ","', "12.5", "12.5"),
        ('thousands = " "', "1 234 567.89", "1234567.89"),
        ('thousands = " "', "1\u00a0234", "1234"),
        ('thousands = "\'"', "1'234.5", "1234.5"),
        ('decimal = ","', '"12,5"', "12.5"),
        ('decimal = ","\nthousands = "."', '"1.234,50 €"', "1234.5"),
        ('decimal = ","\nthousands = "."', "1.234", "1234"),
        ('decimal = ","\nthousands = " "', '"1\u202f234,50"', "1234.5"),
    ],
)
def test_numbers_as_people_write_them(tmp_path, file, written, amount):
    (tmp_path / "sales.csv").write_text(f"id,rep,amount,date\nA,x,{written},2026-01-31\n", encoding="utf-8")
    loaded = load(deals(file=file), tmp_path)
    assert loaded.sentences == []
    assert loaded.column("opportunities", "amount") == [Decimal(amount)]


@pytest.mark.parametrize(
    ("file", "written"),
    [
        ("", '"1,234"'),
        ("", "12,5"),
        ("", "12 EUR"),
        ("", "--5"),
        ("", "1.2.3"),
        ('thousands = ","', '"1,23"'),
        ('decimal = ","', "12.5"),
        ('decimal = ","\nthousands = "."', "1.23"),
    ],
)
def test_numbers_that_could_mean_something_else_are_set_aside(tmp_path, file, written):
    written = written if written.startswith('"') else f'"{written}"'
    text = f"id,rep,amount,date\nA,x,{written},2026-01-31\nB,x,1,2026-01-31\n"
    (tmp_path / "sales.csv").write_text(text, encoding="utf-8")
    loaded = load(deals(file=file), tmp_path)
    assert loaded.column("opportunities", "opportunity_id") == ["B"]
    assert [issue.code for issue in loaded.issues] == ["bad_amount"]


@pytest.mark.parametrize(
    ("form", "written"),
    [
        ("", "2026-01-31"),
        ("", "2026-01-31 23:59:59"),
        ("", "2026-01-31T08:00:00Z"),
        ("", "2026/1/31"),
        ("", "20260131"),
        ("DD/MM/YYYY", "31/01/2026"),
        ("DD/MM/YYYY", "2026-01-31"),
        ("YYYY-DD-MM", "2026-31-01"),
        ("D/M/YYYY", "31/1/2026"),
        ("MM/DD/YYYY", "01/31/2026"),
        ("DD.MM.YY", "31.01.26"),
        ("DD MMM YYYY", "31 Jan 2026"),
        ("%d-%b-%Y", "31-Jan-2026"),
        ("DD/MM/YYYY hh:mm", "31/01/2026 08:30"),
    ],
)
def test_days_as_people_write_them(tmp_path, form, written):
    (tmp_path / "sales.csv").write_text(f"id,rep,amount,date\nA,x,1,{written}\n", encoding="utf-8")
    loaded = load(deals(file=f'date_format = "{form}"' if form else ""), tmp_path)
    assert loaded.column("opportunities", "close_on") == [date(2026, 1, 31)]


@pytest.mark.parametrize(
    "written", ["31/01/2026", "2026-02-30", "infinity", "epoch", "soon", "2026", "46053"]
)
def test_what_is_not_a_day_is_set_aside(tmp_path, written):
    text = f"id,rep,amount,date\nA,x,1,{written}\nB,x,1,2026-01-31\n"
    (tmp_path / "sales.csv").write_text(text, encoding="utf-8")
    loaded = load(deals(), tmp_path)
    assert loaded.sentences[0].startswith(f"sales.csv, row 2: date is “{written}”, which is not a date")
    assert len(loaded.tables["opportunities"]) == 1


FIELD = st.text(st.characters(blacklist_categories=["Cs", "Cc"], whitelist_characters='\n"'), max_size=8)


@settings(max_examples=60, deadline=None)
@given(
    rows=st.lists(st.lists(FIELD, min_size=3, max_size=3), min_size=1, max_size=25), size=st.integers(5, 60)
)
def test_any_rows_come_back_with_their_line_whatever_the_size_of_the_blocks(tmp_path_factory, rows, size):
    """What Python's csv module writes and numbers, this reads and numbers, in blocks of any size."""
    path = tmp_path_factory.mktemp("any") / "any.csv"
    written = io.StringIO()
    writer = csv.writer(written, lineterminator="\n", quoting=csv.QUOTE_ALL)
    writer.writerow("abc")
    expected = []
    for row in rows:
        expected.append((written.getvalue().count("\n") + 1, row))
        writer.writerow(row)
    path.write_text(written.getvalue(), encoding="utf-8", newline="")
    before = delimited.BLOCK, delimited._SMALL
    delimited.BLOCK, delimited._SMALL = size * 3, size
    try:
        reader = Delimited(path, FileSpec("any", "any.csv", delimiter=","))
        issues: list[object] = []
        got = [
            (row[ROW], [row["c0"], row["c1"], row["c2"]])
            for block in reader.blocks(issues.append)
            for row in block.rows.to_pylist()
        ]
    finally:
        delimited.BLOCK, delimited._SMALL = before
    assert issues == []
    assert got == expected
