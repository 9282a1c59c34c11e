"""The mapping language at work: each test shows the file, the mapping and the rows that come out."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from tests.connectors.files.loading import DEALS_OF_A, TWO_FILES, deals_of, load, mapping_of, refused, write


@pytest.mark.parametrize(
    ("condition", "kept"),
    [
        ('is = "x"', "1"),
        ('is_not = "x"', "23"),
        ('in = ["x", "y"]', "12"),
        ('not_in = ["x", "y"]', "3"),
        ("empty = true", "3"),
        ("empty = false", "12"),
    ],
)
def test_rows_are_chosen_by_text(tmp_path, condition, kept):
    rows = deals_of(tmp_path, "id,c\n1,x\n2,y\n3,\n", "", more=f'where = [{{ column = "c", {condition} }}]')
    assert "".join(str(row["opportunity_id"]) for row in rows) == kept


@pytest.mark.parametrize(
    ("condition", "kept"),
    [
        ('column = "n", at_least = 10', "2"),
        ('column = "n", at_most = 9.5', "1"),
        ('column = "d", at_least = 2026-02-01', "2"),
    ],
)
def test_rows_are_chosen_by_number_or_day(tmp_path, condition, kept):
    text = "id,n,d\n1,9.5,2026-01-31\n2,10,2026-02-01\n3,,\n"
    rows = deals_of(tmp_path, text, "", more=f"where = [{{ {condition} }}]")
    assert "".join(str(row["opportunity_id"]) for row in rows) == kept


def test_signs_of_nothing(tmp_path):
    (tmp_path / "a.csv").write_text("id,v\n1,NULL\n2,-\n3,\n4,5\n", encoding="utf-8")
    mapping = mapping_of(
        DEALS_OF_A.format(more="", columns='amount = "v"'),
        '[files.a]\npath = "a.csv"\nnull = ["NULL", "-"]\n',
    )
    assert load(mapping, tmp_path).column("opportunities", "amount") == [None, None, None, Decimal(5)]


def test_a_join_finds_columns_and_never_multiplies_rows(tmp_path):
    """The file of people holds a key twice: the first row is used, and the second is named."""
    write(tmp_path, b="nr,key\n7,A\n8,B\n7,C\n")
    more = 'joins = [{ file = "b", on = { person = "nr" } }]'
    write(tmp_path, a="id,person,v\n1,7,5\n2,8,6\n3,9,7\n4,,8\n")
    loaded = load(
        mapping_of(DEALS_OF_A.format(more=more, columns='owner_id = "b.key"\namount = "v"'), TWO_FILES),
        tmp_path,
    )
    rows = [(r["opportunity_id"], r["owner_id"]) for r in loaded.tables["opportunities"]]
    assert rows == [("1", "A"), ("2", "B"), ("4", "unassigned")]
    assert loaded.sentences == [
        ("b.csv, row 4: nr “7” was there before; the first such row is used. Keep one of them."),
        "a.csv, row 4: person “9” is nowhere in b. Add it there, or correct it, and load again.",
    ]


@pytest.mark.parametrize(("missing", "severities"), [("warn", ["warning"]), ("ignore", [])])
def test_a_join_may_do_without(tmp_path, missing, severities):
    write(tmp_path, b="nr,key\n7,A\n", a="id,person\n1,7\n2,9\n")
    more = f'joins = [{{ file = "b", on = {{ person = "nr" }}, prefix = "p.", missing = "{missing}" }}]'
    loaded = load(mapping_of(DEALS_OF_A.format(more=more, columns='owner_id = "p.key"'), TWO_FILES), tmp_path)
    assert loaded.column("opportunities", "owner_id") == ["A", "unassigned"]
    assert [issue.severity for issue in loaded.issues] == severities


def test_joins_follow_one_another(tmp_path):
    write(tmp_path, b="nr,boss\n7,8\n8,9\n", a="id,person\n1,7\n")
    more = (
        'joins = [{ file = "b", on = { person = "nr" }, prefix = "p." }, '
        '{ file = "b", on = { "p.boss" = "nr" }, prefix = "q." }]'
    )
    loaded = load(
        mapping_of(DEALS_OF_A.format(more=more, columns='owner_id = "q.boss"'), TWO_FILES), tmp_path
    )
    assert loaded.column("opportunities", "owner_id") == ["9"]


QUOTAS = """
[[tables]]
fills = "quotas"
from = "a"
unpivot = { columns = ["M*"], name = "month", value = "target" }
[tables.columns]
quota_id = { template = "{rep}-{month}" }
rep_id = "rep"
period_start = { date = { year = "year", month = "month" } }
period_end = { date = { year = "year", month = "month" }, shift_months = 1 }
amount = { column = "target", scale = 1000 }
"""


def test_wide_to_long(tmp_path):
    write(tmp_path, a="rep,year,M01,M02,M12\nAda,2026,5,,7\nTom,2026,,x,1\n")
    loaded = load(mapping_of(QUOTAS, '[files.a]\npath = "a.csv"\n'), tmp_path)
    got = {(r["rep_id"], r["period_start"], r["period_end"], r["amount"]) for r in loaded.tables["quotas"]}
    assert got == {
        ("Ada", date(2026, 1, 1), date(2026, 2, 1), Decimal(5000)),
        ("Ada", date(2026, 12, 1), date(2027, 1, 1), Decimal(7000)),
        ("Tom", date(2026, 12, 1), date(2027, 1, 1), Decimal(1000)),
    }
    assert loaded.sentences[0].startswith("a.csv, row 3: M02 is “x”, which is not an amount")
    assert {row["measure"] for row in loaded.tables["quotas"]} == {"bookings"}
    assert {row["scope"] for row in loaded.tables["quotas"]} == {"rep"}


def test_lines_become_one_deal_an_order(tmp_path):
    text = (
        "id,rep,d,v\nS1,A,2026-01-05,10.10\nS2,B,2026-01-06,5\nS1,A,2026-01-05,20.20\nS1,C,2026-01-05,oops\n"
    )
    columns = (
        'owner_id = { column = "rep", take = "same" }\n'
        'close_on = { column = "d", take = "max" }\namount = { column = "v", take = "sum" }\n'
        'name = { column = "rep", take = "last" }\nprobability = { take = "count" }'
    )
    rows = deals_of(tmp_path, text, columns, more='group_by = ["opportunity_id"]')
    got = [(r["opportunity_id"], r["owner_id"], r["amount"], r["probability"], r["_row"]) for r in rows]
    assert got == [("S1", "A", Decimal("30.3"), 2.0, 2), ("S2", "B", Decimal(5), 1.0, 3)]


def test_rows_of_a_group_that_do_not_agree_are_named(tmp_path):
    write(tmp_path, a="id,rep\nS1,A\nS1,B\nS2,B\n", b="x\n1\n")
    tables = DEALS_OF_A.format(
        more='group_by = ["opportunity_id"]', columns='owner_id = { column = "rep", take = "same" }'
    )
    loaded = load(mapping_of(tables, TWO_FILES), tmp_path)
    assert loaded.column("opportunities", "owner_id") == ["A", "B"]
    assert loaded.sentences == [
        "a.csv, row 2: rep is not the same in all rows of S1; “A”, the first, was used."
    ]


def test_reps_from_the_distinct_values_of_two_files(tmp_path):
    write(tmp_path, a="who\nAda\nTom\nAda\n", b="who\nTom\nEve\n")
    one = '[[tables]]\nfills = "reps"\nfrom = "{file}"\ngroup_by = ["rep_id"]\n{more}\n[tables.columns]\nrep_id = "who"\n'
    tables = one.format(file="a", more="") + one.format(file="b", more="only_new = true")
    loaded = load(mapping_of(tables, TWO_FILES), tmp_path)
    assert sorted(loaded.column("reps", "rep_id")) == ["Ada", "Eve", "Tom"]
    assert set(loaded.column("reps", "active")) == {True}


TIMELINE = """
[[tables]]
fills = "assignments"
from = "a"
[tables.columns]
rep_id = "rep"
manager_id = "boss"
valid_from = "from"
valid_to = "to"
[[tables]]
fills = "assignments"
from = "b"
[tables.columns]
rep_id = "rep"
territory_id = "place"
valid_from = "from"
valid_to = "to"
"""


def test_managers_and_territories_of_two_files_are_laid_over_each_other(tmp_path):
    """Ada's manager changes in March, her territory in February; in June she has none."""
    write(
        tmp_path,
        a="rep,boss,from,to\nAda,Bo,2026-01-01,2026-03-01\nAda,Cy,2026-03-01,\n",
        b="rep,place,from,to\nAda,North,2026-01-01,2026-02-01\nAda,South,2026-02-01,2026-06-01\n",
    )
    rows = load(mapping_of(TIMELINE, TWO_FILES), tmp_path).tables["assignments"]
    got = sorted((r["valid_from"], r["valid_to"], r["manager_id"], r["territory_id"]) for r in rows)
    assert got == [
        (date(2026, 1, 1), date(2026, 2, 1), "Bo", "North"),
        (date(2026, 2, 1), date(2026, 3, 1), "Bo", "South"),
        (date(2026, 3, 1), date(2026, 6, 1), "Cy", "South"),
        (date(2026, 6, 1), date(9999, 12, 31), "Cy", "unassigned"),
    ]


def test_two_managers_at_once_stay_two_rows_for_the_build_to_name(tmp_path):
    write(
        tmp_path,
        a="rep,boss,from,to\nAda,Bo,2026-01-01,\nAda,Cy,2026-03-01,\n",
        b="rep,place,from,to\nAda,North,2026-01-01,\n",
    )
    rows = load(mapping_of(TIMELINE, TWO_FILES), tmp_path).tables["assignments"]
    got = sorted((r["valid_from"], r["manager_id"], r["territory_id"]) for r in rows)
    assert got == [
        (date(2026, 1, 1), "Bo", "North"),
        (date(2026, 3, 1), "Bo", "North"),
        (date(2026, 3, 1), "Cy", "North"),
    ]


def test_a_gap_between_two_assignments_stays_a_gap(tmp_path):
    write(
        tmp_path,
        a="rep,boss,from,to\nAda,Bo,2026-01-01,2026-02-01\nAda,Bo,2026-04-01,\n",
        b="rep,place,from,to\nEve,North,2026-01-01,\n",
    )
    rows = load(mapping_of(TIMELINE, TWO_FILES), tmp_path).tables["assignments"]
    got = sorted((r["rep_id"], r["valid_from"], r["valid_to"]) for r in rows)
    assert got == [
        ("Ada", date(2026, 1, 1), date(2026, 2, 1)),
        ("Ada", date(2026, 4, 1), date(9999, 12, 31)),
        ("Eve", date(2026, 1, 1), date(9999, 12, 31)),
    ]


def test_a_value_that_is_not_listed_is_named(tmp_path):
    write(tmp_path, a="id,c\n1,A\n2,Z\n", b="x\n")
    tables = DEALS_OF_A.format(more="", columns='stage_id = { column = "c", lookup = "codes" }')
    loaded = load(mapping_of(tables, '[lookups.codes]\nA = "won"\n' + TWO_FILES), tmp_path)
    assert loaded.column("opportunities", "stage_id") == ["won"]
    assert loaded.sentences == [
        (
            "a.csv, row 3: c is “Z”, which is not in the list “codes” of the mapping. "
            "Add it there, or correct it, and load again."
        )
    ]


def test_conditions_that_nothing_meets_are_said(tmp_path):
    write(tmp_path, a="id,c\n1,A\n", b="x\n")
    tables = DEALS_OF_A.format(more='where = [{ column = "c", is = "a" }]', columns="")
    loaded = load(mapping_of(tables, TWO_FILES), tmp_path)
    assert loaded.sentences == [
        "a.csv: no row meets the conditions for opportunities. Check “where” in the mapping."
    ]


def test_without_any_day_the_mapping_must_state_one(tmp_path):
    write(tmp_path, a="id\n1\n", b="x\n")
    mapping = mapping_of(DEALS_OF_A.format(more="", columns=""), TWO_FILES).replace(
        "as_of = 2026-06-30\n", ""
    )
    assert load(mapping, tmp_path).as_of == date(2026, 6, 30)  # the day of the load


def test_nothing_of_a_mapping_reaches_sql_bare(tmp_path):
    """Names and values with quotes, braces and SQL in them are just names and values."""
    column = "x\"'; DROP TABLE rows; --"
    write(tmp_path, a=f'id,"{column.replace(chr(34), chr(34) * 2)}"\n1,v\n', b="x\n")
    spec = "name = { column = '''" + column + "''' }\nstage_id = { value = \"'); SELECT 1; --\" }"
    rows = load(mapping_of(DEALS_OF_A.format(more="", columns=spec), TWO_FILES), tmp_path).tables[
        "opportunities"
    ]
    assert (rows[0]["name"], rows[0]["stage_id"]) == ("v", "'); SELECT 1; --")


def test_a_damaged_joined_file_is_named_before_anything_is_loaded(tmp_path):
    write(tmp_path, a="id,person\n1,7\n", b="other\n1\n")
    more = 'joins = [{ file = "b", on = { person = "nr" } }]'
    sentences = refused(
        mapping_of(DEALS_OF_A.format(more=more, columns='owner_id = "b.key"'), TWO_FILES), tmp_path
    )
    assert [sentence[:32] for sentence in sentences] == [
        "b.csv has no column “nr” (it has",
        "b.csv has no column “key” (it ha",
    ]
