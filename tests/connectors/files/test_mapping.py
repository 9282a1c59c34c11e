"""A mapping that cannot be is refused with every reason, each with its line, section and key."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from connectors.files import MappingError, dump_mapping, load_mapping, read_mapping
from connectors.files.dates import to_strptime, to_words

GOOD = """[source]
name = "test"

[files.sales]
path = "sales.csv"

[[tables]]
fills = "opportunities"
from = "sales"

[tables.columns]
opportunity_id = "id"
amount = { column = "amount" }
"""

FOLDER = Path(__file__).resolve().parents[3] / "examples"
EXAMPLES = [FOLDER / name / "mapping.toml" for name in ("adventureworks", "simple")]


@pytest.mark.parametrize(
    ("old", "new", "sentence"),
    [
        ('name = "test"', "", "line 1, [source], name: is missing; write name = “my-company”"),
        ('name = "test"', 'name = "my company"', "line 2, [source], name: is “my company”; use letters"),
        ('name = "test"', 'nam = "test"', "line 2, [source], nam: is not known here; known: as_of, name, title"),
        ('path = "sales.csv"', "", "line 4, [files.sales], path: is missing"),
        ('path = "sales.csv"', "path = 3", "line 5, [files.sales], path: is 3; write a text in quotes"),
        ('path = "sales.csv"', 'path = "../sales.csv"', "line 5, [files.sales], path: is “../sales.csv”; name a file inside"),
        ('path = "sales.csv"', 'path = "/etc/passwd"', "line 5, [files.sales], path: is “/etc/passwd”; name a file inside"),
        ('path = "sales.csv"', 'path = "s.csv"\nheder = 1', "line 6, [files.sales], heder: is not known here"),
        ('path = "sales.csv"', 'path = "s.csv"\ndecimal = ";"', "line 6, [files.sales], decimal: is “;”; write one of ., ,"),
        ('path = "sales.csv"', 'path = "s.csv"\nthousands = "."\ndecimal = "."', "line 6, [files.sales], thousands: is the same"),
        ('path = "sales.csv"', 'path = "s.csv"\nheader = -1', "line 6, [files.sales], header: is -1; write true, false"),
        ('path = "sales.csv"', 'path = "s.csv"\ncolumns = ["a"]', "line 6, [files.sales], columns: name the columns here only"),
        ('path = "sales.csv"', 'path = "s.csv"\ndate_format = "soon"', "line 6, [files.sales], date_format: “soon” is not a date form"),
        ('path = "sales.csv"', 'path = "s.csv"\nformat = "pdf"', "line 6, [files.sales], format: is “pdf”; write one of auto"),
        ('fills = "opportunities"', 'fills = "deals"', "line 8, [tables 1 (deals)], fills: there is no table “deals”"),
        ('fills = "opportunities"', 'fills = "days"', "line 8, [tables 1 (days)], fills: there is no table “days”"),
        ('from = "sales"', 'from = "sale"', "line 9, [tables 1 (opportunities)], from: there is no [files.sale]; known: sales"),
        ('opportunity_id = "id"', "", "line 11, [tables 1 (opportunities), columns]: opportunities needs the column “opportunity_id”"),
        ('opportunity_id = "id"', 'opportunity_id = "id"\namonut = "v"', "line 13, [tables 1 (opportunities), columns], amonut: opportunities has no column “amonut”"),
        ('{ column = "amount" }', '{ column = "amount", scal = 2 }', "line 13, [tables 1 (opportunities), columns.amount], scal: is not known here"),
        ('{ column = "amount" }', '{ column = "amount", value = 2 }', "line 13, [tables 1 (opportunities), columns.amount], column: say from what: exactly one"),
        ('{ column = "amount" }', '{ column = "amount", scale = "2" }', "line 13, [tables 1 (opportunities), columns.amount], scale: is '2'; write a number"),
        ('{ column = "amount" }', '{ column = "amount", snap = "nearest_month" }', "line 13, [tables 1 (opportunities), columns], amount: date, snap and shift are for days"),
        ('{ column = "amount" }', '{ column = "amount", lookup = "x" }', "line 13, [tables 1 (opportunities), columns], amount: there is no [lookups.x]"),
        ('{ column = "amount" }', '{ column = "amount", take = "sum" }', "line 13, [tables 1 (opportunities), columns], amount: take is for columns that are not in group_by"),
        ('{ column = "amount" }', '{ template = "x" }', None),
        ('from = "sales"', 'from = "sales"\ngroup_by = ["opportunity_id"]', "line 14, [tables 1 (opportunities), columns], amount: say how the rows of a group become one"),
        ('from = "sales"', 'from = "sales"\ngroup_by = ["x"]', "line 10, [tables 1 (opportunities)], group_by: “x” is not one of this table's columns"),
        ('from = "sales"', 'from = "sales"\nwhere = [{ column = "x" }]', "line 10, [tables 1 (opportunities), where], where: give exactly one of"),
        ('from = "sales"', 'from = "sales"\nwhere = [{ column = "x", in = "y" }]', "line 10, [tables 1 (opportunities), where], in: in and not_in take a list"),
        ('from = "sales"', 'from = "sales"\njoins = [{ file = "reps", on = { a = "b" } }]', "line 10, [tables 1 (opportunities)], joins: there is no [files.reps]"),
        ('from = "sales"', 'from = "sales"\njoins = [{ file = "sales" }]', "line 10, [tables 1 (opportunities), joins], on: write on ="),
        ("[files.sales]", "[settings]\nfiscal_start_month = 13\n[files.sales]", "line 4, [settings]: fiscal_start_month is 13"),
        ("[files.sales]", "[setings]\nx = 1\n[files.sales]", "line 4, [mapping], setings: is not known here"),
        ("[[tables]]", "[tables]", "line 7, [mapping], tables: write one [[tables]] section"),
        ("[source]", "[source", "line 1, [mapping]: is not TOML"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_said_with_its_place(old, new, sentence):
    text = GOOD.replace(old, new, 1)
    assert text != GOOD
    with pytest.raises(MappingError) as refused:
        read_mapping(text)
    if sentence:
        assert sentence.replace("“my-company”", '"my-company"') in str(refused.value)


def test_every_problem_is_named_not_only_the_first():
    with pytest.raises(MappingError) as refused:
        read_mapping(GOOD.replace('"sales.csv"', "3").replace('name = "test"', "name = 4"))
    assert len(refused.value.problems) >= 2


def test_a_mapping_that_is_not_there(tmp_path):
    with pytest.raises(MappingError, match=r"none.toml.*cannot be read"):
        load_mapping(tmp_path / "none.toml")


def test_a_mapping_in_another_encoding(tmp_path):
    (tmp_path / "m.toml").write_bytes("é".encode("cp1252"))
    with pytest.raises(MappingError, match="is not UTF-8 text"):
        load_mapping(tmp_path / "m.toml")


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.parent.name)
def test_the_examples_are_read_and_written_and_read_again(path):
    mapping = load_mapping(path)
    assert read_mapping(dump_mapping(mapping)) == mapping


def test_writing_keeps_everything():
    text = GOOD.replace(
        'from = "sales"',
        'from = "sales"\ngroup_by = ["opportunity_id"]\n'
        'where = [{ column = "s", in = ["a", "b"] }, { column = "d", at_least = 2026-01-01 }]\n'
        'joins = [{ file = "sales", on = { a = "b" }, prefix = "p.", missing = "warn", where = [{ column = "s", is = "x" }] }]\n'
        'unpivot = { columns = ["M*"], name = "m", value = "v" }',
    ).replace(
        '{ column = "amount" }', '{ column = "v", scale = 0.001, default = 0, take = "sum" }\nclose_on = '
        '{ date = { year = "y", month = 3 }, shift_days = -1, take = "same" }',
    )  # fmt: skip
    mapping = read_mapping(
        text.replace("[source]", '[lookups.x]\na = 1\n\n[settings]\ncurrency = "EUR"\n\n[source]')
    )
    assert read_mapping(dump_mapping(mapping)) == mapping
    assert dump_mapping(replace(mapping, title="t")) != dump_mapping(mapping)


@pytest.mark.parametrize(
    ("people", "machine"),
    [
        ("DD/MM/YYYY", "%d/%m/%Y"),
        ("D.M.YY", "%-d.%-m.%y"),
        ("DD MMM YYYY hh:mm:ss", "%d %b %Y %H:%M:%S"),
        ("%Y%m", "%Y%m"),
    ],
)
def test_date_forms(people, machine):
    assert to_strptime(people) == machine
    assert to_strptime(to_words(machine)) == machine
