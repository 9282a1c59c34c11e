"""Each thing that can be wrong with a file gets a sentence naming file, row and field; good rows load."""

from __future__ import annotations

import gzip
import json
import struct
import zipfile
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import xlsxwriter

from tests.connectors.files.loading import deals, load, refused

GOOD = "G,Ann,5,2026-03-01\n"
HEAD = "id,rep,amount,date\n"


def _sales(folder: Path, rows: str, encoding: str = "utf-8") -> None:
    (folder / "sales.csv").write_text(HEAD + rows, encoding=encoding, newline="")


def _one_bad(folder: Path, row: str, sentence: str, code: str) -> None:
    """Row 2 is set aside with this sentence; row 3 loads."""
    _sales(folder, row + "\n" + GOOD)
    loaded = load(deals(), folder)
    assert loaded.column("opportunities", "opportunity_id") == ["G"]
    assert [(i.code, i.table, i.file, i.row, i.severity) for i in loaded.issues] == [
        (code, "opportunities", "sales.csv", 2, "row")
    ]
    assert loaded.sentences[0].startswith(sentence)


@pytest.mark.parametrize(
    ("row", "sentence", "code"),
    [
        (
            "A,x,twelve,2026-01-31",
            "sales.csv, row 2: amount is “twelve”, which is not an amount.",
            "bad_amount",
        ),
        (
            "A,x,NaN,2026-01-31",
            "sales.csv, row 2: amount is “NaN”, which is not a finite number.",
            "not_finite",
        ),
        ("A,x,-inf,2026-01-31", "sales.csv, row 2: amount is “-inf”, which is not a finite", "not_finite"),
        ("A,x,1e30,2026-01-31", "sales.csv, row 2: amount is “1e30”, which is more than", "amount_too_large"),
        (
            "A,x,123456789012345678,2026-01-31",
            "sales.csv, row 2: amount is “123456789012345678”, which is more than an amount can hold",
            "amount_too_large",
        ),
        ("A,x,1,31/01/2026", "sales.csv, row 2: date is “31/01/2026”, which is not a date", "bad_date"),
        ("A,x,1,0000-00-00", "sales.csv, row 2: date is “0000-00-00”, which is not a date", "bad_date"),
        (",x,1,2026-01-31", "sales.csv, row 2: id is empty, but every row needs one.", "missing_value"),
        ("A,x,1", "sales.csv, row 2: the row has 3 fields where 4 were expected.", "ragged_row"),
        ("A,x,1,2026-01-31,9", "sales.csv, row 2: the row has 5 fields where 4 were expected.", "ragged_row"),
    ],
)
def test_a_bad_row_is_set_aside_and_the_good_one_loads(tmp_path, row, sentence, code):
    _one_bad(tmp_path, row, sentence, code)


def test_a_set_aside_row_keeps_its_source_for_download(tmp_path):
    _sales(tmp_path, 'A,"x, y",oops,2026-01-31\n' + GOOD)
    raw = json.loads(load(deals(), tmp_path).issues[0].raw)
    assert raw == {"id": "A", "rep": "x, y", "amount": "oops", "date": "2026-01-31"}


def test_years_1_and_2999_are_days_and_left_to_the_check_of_the_build(tmp_path):
    """What a company's years are is a setting, so the build judges it; file and row go with the row."""
    _sales(tmp_path, "A,x,1,0001-01-01\nB,x,1,2999-12-31\n" + GOOD)
    rows = load(deals(), tmp_path).tables["opportunities"]
    assert [(r["close_on"].year, r["_file"], r["_row"]) for r in rows] == [
        (1, "sales.csv", 2),
        (2999, "sales.csv", 3),
        (2026, "sales.csv", 4),
    ]


def test_a_day_in_the_far_future_does_not_become_the_day_the_data_stands_at(tmp_path):
    _sales(tmp_path, "B,x,1,2999-12-31\n" + GOOD)
    loaded = load(deals(), tmp_path)
    assert loaded.as_of is not None
    assert loaded.as_of.isoformat() == "2026-03-01"


def test_a_missing_file(tmp_path):
    assert refused(deals(), tmp_path) == ["sales.csv is missing. Put it in the folder and load again."]


def test_a_missing_optional_file_is_only_noted(tmp_path):
    loaded = load(deals(file="optional = true"), tmp_path)
    assert loaded.tables["opportunities"] == []
    assert [(i.code, i.severity) for i in loaded.issues] == [("missing_file", "warning")]


def test_a_missing_column(tmp_path):
    (tmp_path / "sales.csv").write_text("id,rep,value,date\n", encoding="utf-8")
    assert refused(deals(), tmp_path) == [
        (
            "sales.csv has no column “amount” (it has id, rep, value, date). "
            "Add it, or name the right column in the mapping, and load again."
        )
    ]


def test_everything_that_is_missing_is_said_at_once(tmp_path):
    (tmp_path / "sales.csv").write_text("id,rep\n", encoding="utf-8")
    assert len(refused(deals(), tmp_path)) == 2


@pytest.mark.parametrize("content", [b"", b"\n\n", b"\xef\xbb\xbf"])
def test_an_empty_file(tmp_path, content):
    (tmp_path / "sales.csv").write_bytes(content)
    assert refused(deals(), tmp_path) == ["sales.csv holds no rows. Export it again and load again."]


def test_a_header_without_rows_is_noted(tmp_path):
    _sales(tmp_path, "")
    loaded = load(deals(file=""), tmp_path)
    assert (loaded.tables["opportunities"], loaded.sentences) == (
        [],
        ["sales.csv holds no rows. Export it again and load again."],
    )


def test_a_stated_encoding_that_is_wrong_for_the_whole_file(tmp_path):
    _sales(tmp_path, GOOD)
    assert refused(deals(file='encoding = "utf-16"'), tmp_path) == [
        "sales.csv cannot be read as utf-16. State its encoding in the mapping and load again."
    ]


def test_an_encoding_nobody_knows(tmp_path):
    _sales(tmp_path, GOOD)
    assert "cannot be read as klingon" in refused(deals(file='encoding = "klingon"'), tmp_path)[0]


def test_a_stated_encoding_that_is_wrong_for_one_row(tmp_path):
    """The row and the field with the foreign bytes are named, the others load."""
    text = (
        (HEAD + "A,x,1,2026-01-31\n").encode() * 1 + "B,José,2,2026-01-31\n".encode("cp1252") + GOOD.encode()
    )
    (tmp_path / "sales.csv").write_bytes(text)
    loaded = load(deals(file='encoding = "utf-8"'), tmp_path)
    assert loaded.column("opportunities", "opportunity_id") == ["A", "G"]
    assert loaded.sentences == [
        (
            "sales.csv, row 3: rep is “Jos\ufffd”, with characters that are not utf-8. "
            "State the file's encoding in the mapping and load again."
        )
    ]


def test_utf8_read_as_something_older_is_noted(tmp_path):
    _sales(tmp_path, "A,José,1,2026-01-31\n")
    loaded = load(deals(file='encoding = "cp1252"'), tmp_path)
    assert "sales.csv was read as cp1252, but its bytes look like UTF-8" in loaded.sentences[0]


def test_a_file_cut_in_half(tmp_path):
    _sales(tmp_path, GOOD + "H,Bea,7,2026-03-02\nI,Ca")
    loaded = load(deals(), tmp_path)
    assert loaded.column("opportunities", "opportunity_id") == ["G", "H"]
    assert loaded.sentences == [
        (
            "sales.csv, row 4: the row ends in the middle, with 2 of 4 fields; the file looks cut off. "
            "Fetch it again and load again."
        )
    ]


def test_a_file_cut_inside_quotation_marks(tmp_path):
    _sales(tmp_path, GOOD + 'H,"Be')
    loaded = load(deals(), tmp_path)
    assert loaded.column("opportunities", "opportunity_id") == ["G"]
    assert loaded.sentences[0].startswith("sales.csv, row 3: a quotation mark is opened and not closed")


def test_a_quotation_mark_left_open_costs_one_row(tmp_path):
    rows = "".join(f"N{n},x,1,2026-01-31\n" for n in range(3000))
    _sales(tmp_path, 'A,"x,1,2026-01-31\n' + rows)
    loaded = load(deals(), tmp_path)
    assert len(loaded.tables["opportunities"]) == 3000
    assert [(i.code, i.row) for i in loaded.issues] == [("open_quote", 2)]
    assert loaded.column("opportunities", "_row")[:2] == [3, 4]


def test_utf16_cut_in_the_middle_of_a_character(tmp_path):
    (tmp_path / "sales.csv").write_bytes((HEAD + GOOD + "H,Bea").encode("utf-16")[:-1])
    loaded = load(deals(), tmp_path)
    assert loaded.column("opportunities", "opportunity_id") == ["G"]
    assert [(i.code, i.row) for i in loaded.issues] == [("cut_row", 3)]


def test_a_gzip_file_cut_in_half(tmp_path):
    rows = "".join(f"N{n},x,{n * 7919 % 10007},2026-01-31\n" for n in range(60_000))
    packed = gzip.compress((HEAD + rows).encode())
    (tmp_path / "sales.csv.gz").write_bytes(packed[: len(packed) * 9 // 10])
    loaded = load(deals("sales.csv.gz"), tmp_path)
    kept = loaded.column("opportunities", "_row")
    cut = [i for i in loaded.issues if i.code == "cut_file"]
    assert len(kept) > 1000
    assert kept == list(range(2, len(kept) + 2))
    assert cut[0].sentence.startswith("sales.csv.gz ends in the middle, after row ")
    assert cut[0].row is not None
    assert kept[-1] <= cut[0].row <= kept[-1] + 1


def test_a_gzip_file_that_is_none(tmp_path):
    (tmp_path / "sales.csv.gz").write_bytes(b"not packed at all")
    assert refused(deals("sales.csv.gz"), tmp_path)[0].startswith("sales.csv.gz is cut off or damaged")


def test_a_gzip_bomb_is_refused(tmp_path):
    (tmp_path / "sales.csv.gz").write_bytes(gzip.compress((HEAD + GOOD * 400_000).encode(), 9))
    sentences = refused(deals("sales.csv.gz", "max_unpacked_mb = 1"), tmp_path)
    assert sentences[0].startswith("sales.csv.gz unpacks to ")


@pytest.mark.parametrize("share", [0.3, 0.9])
def test_a_parquet_file_cut_in_half(tmp_path, share):
    path = tmp_path / "sales.parquet"
    pq.write_table(pa.table({"id": ["A"] * 1000}), path)
    path.write_bytes(path.read_bytes()[: int(path.stat().st_size * share)])
    assert refused(deals("sales.parquet"), tmp_path)[0].startswith("sales.parquet is cut off or damaged")


def test_a_workbook_cut_in_half(tmp_path):
    path = tmp_path / "sales.xlsx"
    _workbook(path, [["id", "rep", "amount", "date"], ["A", "x", 1, "2026-01-31"]])
    path.write_bytes(path.read_bytes()[:2000])
    assert refused(deals("sales.xlsx"), tmp_path)[0].startswith("sales.xlsx is cut off or damaged")


def test_a_small_workbook_that_unpacks_to_132_mb_is_refused(tmp_path):
    """It is measured before it is parsed, so nothing of that size is ever held."""
    path = tmp_path / "sales.xlsx"
    _workbook(path, [["id", "rep", "amount", "date"], ["A", "x", 1, "2026-01-31"]])
    filler = b"<!--" + b" " * 1_000_000 + b"-->"
    with zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        archive.writestr("xl/worksheets/sheet9.xml", filler * 132)
    assert path.stat().st_size < 450_000
    sentence = refused(deals("sales.xlsx"), tmp_path)[0]
    assert sentence.startswith("sales.xlsx unpacks to 132 MB, more than the 100 MB")
    assert "Save it as CSV" in sentence


def test_the_limit_of_workbooks_can_be_set(tmp_path):
    path = tmp_path / "sales.xlsx"
    _workbook(
        path, [["id", "rep", "amount", "date"], *([f"A{n}", "x", n, "2026-01-31"] for n in range(60_000))]
    )
    assert "unpacks to" in refused(deals("sales.xlsx", "max_unpacked_mb = 1"), tmp_path)[0]
    assert len(load(deals("sales.xlsx", "max_unpacked_mb = 50"), tmp_path).tables["opportunities"]) == 60_000


def test_a_workbook_that_states_a_smaller_size_than_it_has_is_refused(tmp_path):
    """The sizes in the zip's directory are not believed: what comes out is counted."""
    path = tmp_path / "sales.xlsx"
    _workbook(path, [["id"], *(["x" * 30 + str(n)] for n in range(20_000))])
    packed = path.read_bytes()
    with zipfile.ZipFile(path) as archive:
        for info in archive.infolist():
            packed = packed.replace(struct.pack("<L", info.file_size), struct.pack("<L", 100))
    path.write_bytes(packed)
    with zipfile.ZipFile(path) as archive:
        assert sum(info.file_size for info in archive.infolist()) < 10_000
    sentence = refused(deals("sales.xlsx", "max_unpacked_mb = 1"), tmp_path)[0]
    assert "unpacks to" in sentence or "damaged" in sentence


def test_a_sheet_with_one_far_cell_is_refused(tmp_path):
    book = xlsxwriter.Workbook(tmp_path / "sales.xlsx")
    sheet = book.add_worksheet()
    sheet.write(0, 0, "id")
    sheet.write(1_048_575, 16_383, "far")
    book.close()
    assert "more than 20000000 cells" in refused(deals("sales.xlsx"), tmp_path)[0]


def test_a_table_of_which_no_row_can_be_used_fails_and_leaves_the_last_version(tmp_path):
    _sales(tmp_path, 'A,x,"1,5",2026-01-31\nB,x,"2,5",2026-01-31\n')
    assert refused(deals(), tmp_path) == [
        (
            "sales.csv: none of its 2 rows could be used for opportunities. "
            "Correct the rows or the mapping and load again."
        )
    ]


def test_a_file_outside_the_folder_is_never_opened(tmp_path):
    inside = tmp_path / "inside"
    inside.mkdir()
    _sales(tmp_path, GOOD)
    (inside / "sales.csv").symlink_to(tmp_path / "sales.csv")
    assert "sales.csv is missing" in refused(deals(), inside)[0]


def test_binary_rubbish_is_refused_or_set_aside_never_loaded(tmp_path):
    (tmp_path / "sales.csv").write_bytes(bytes(range(256)) * 40)
    assert "has no column" in refused(deals(), tmp_path)[0]


def _workbook(path: Path, rows: list[list[object]]) -> None:
    book = xlsxwriter.Workbook(path)
    sheet = book.add_worksheet()
    for number, row in enumerate(rows):
        sheet.write_row(number, 0, row)
    book.close()
