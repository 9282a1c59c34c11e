"""The mapping language at work: each test shows the file, the mapping and the rows that come out."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

import pytest

from tests.connectors.files.loading import load, refused


def _write(folder: Path, **files: str) -> None:
    for name, text in files.items():
        (folder / f"{name}.csv").write_text(text, encoding="utf-8")


def _mapping(tables: str, files: str = "") -> str:
    return f'[source]\nname = "test"\nas_of = 2026-06-30\n{files}\n{tables}'


FILES = '[files.a]\npath = "a.csv"\n[files.b]\npath = "b.csv"\n'
DEALS = '[[tables]]\nfills = "opportunities"\nfrom = "a"\n{more}\n[tables.columns]\nopportunity_id = "id"\n{columns}'


def _deals(folder: Path, text: str, columns: str, more: str = "", head: str = "") -> list[dict[str, object]]:
    """Deals made from one file ``a.csv`` (and ``b.csv`` when it is there)."""
    _write(folder, a=text)
    if not (folder / "b.csv").exists():
        _write(folder, b="x\n1\n")
    mapping = _mapping(DEALS.format(more=more, columns=columns), head + FILES)
    return load(mapping, folder).tables["opportunities"]


@pytest.mark.parametrize(
    ("spec", "amount"),
    [
        ('"v"', "12.5"),
        ('{ column = "v", scale = 1000 }', "12500"),
        ('{ column = "v", scale = 0.01 }', "0.125"),
        ('{ column = "v", scale = -1 }', "-12.5"),
        ("{ value = 7 }", "7"),
        ("{ value = 7.25, scale = 2 }", "14.5"),
        ('{ column = "none", default = 3 }', "3"),
        ('{ column = "none", default = 3, scale = 1000 }', "3"),
        ('{ column = "code", lookup = "prices" }', "99"),
        ('{ column = "code", lookup = "prices", scale = 2 }', "198"),
        ('{ column = "other", lookup = "prices", default = 1 }', "1"),
    ],
)
def test_an_amount_is_made(tmp_path, spec, amount):
    rows = _deals(
        tmp_path, "id,v,none,code,other\n1,12.5,,A,Z\n", f"amount = {spec}", head="[lookups.prices]\nA = 99\n"
    )
    assert rows[0]["amount"] == Decimal(amount)


@pytest.mark.parametrize(
    ("spec", "text"),
    [
        ('"Name"', "Ada"),
        ('{ template = "{Name}-{n}" }', "Ada-7"),
        ('{ template = "{Name}-{empty}" }', None),
        ('{ template = "{_file}:{_row}" }', "a.csv:2"),
        ('{ column = "Name", case = "upper" }', "ADA"),
        ('{ value = "it\'s" }', "it's"),
        ('{ column = "empty", default = "none" }', "none"),
    ],
)
def test_a_text_is_made(tmp_path, spec, text):
    assert _deals(tmp_path, "id,Name,n,empty\n1, Ada ,7,\n", f"name = {spec}")[0]["name"] == text


@pytest.mark.parametrize(
    ("spec", "day"),
    [
        ('{ column = "d", snap = "month_start" }', "2026-05-01"),
        ('{ column = "d", snap = "nearest_month" }', "2026-06-01"),
        ('{ column = "d", shift_months = 13 }', "2027-06-30"),
        ('{ column = "d", shift_months = -3 }', "2026-02-28"),
        ('{ column = "d", shift_days = 1 }', "2026-06-01"),
        ('{ column = "d", snap = "nearest_month", shift_months = 1, shift_days = -1 }', "2026-06-30"),
        ("{ value = 2026-02-03 }", "2026-02-03"),
        ('{ column = "e", default = 9999-12-31, shift_months = 73 }', "9999-12-31"),
        ('{ column = "fr", date_format = "DD/MM/YYYY" }', "2026-04-03"),
        ('{ date = { year = "y" } }', "2026-01-01"),
        ('{ date = { year = "y", month = "m" } }', "2026-07-01"),
        ('{ date = { year = "y", month = "m", day = "n" } }', "2026-07-09"),
        ('{ date = { year = "y", month = "m" }, shift_months = 1 }', "2026-08-01"),
        ("{ date = { year = 2030, month = 4 } }", "2030-04-01"),
        ('{ date = { year = "ym", month = "ym" } }', "2026-11-01"),
        ('{ date = { year = "y", quarter = "q" } }', "2026-01-01"),
        ('{ date = { year = "yq", quarter = "yq" } }', "2025-10-01"),
    ],
)
def test_a_day_is_made(tmp_path, spec, day):
    """With a quarter, year and quarter are fiscal: this company's year starts in July."""
    text = "id,d,e,fr,y,m,n,ym,q,yq\n1,2026-05-31,,03/04/2026,2026,M07,9,2026-11,Q3,FY2026-Q2\n"
    rows = _deals(tmp_path, text, f"close_on = {spec}", head="[settings]\nfiscal_start_month = 7\n")
    assert rows[0]["close_on"] == date.fromisoformat(day)


@pytest.mark.parametrize(
    ("written", "month"),
    [("7", 7), ("07", 7), ("M07", 7), ("July", 7), ("Jul", 7), ("juil.", 7), ("août", 8), ("Mois 12", 12),
     ("2026-03", 3), ("03/2026", 3), ("Dec 2026", 12), ("2026-03-01", 3)],
)  # fmt: skip
def test_a_month_as_people_write_it(tmp_path, written, month):
    rows = _deals(tmp_path, f"id,m\n1,{written}\n", 'close_on = { date = { year = 2026, month = "m" } }')
    assert rows[0]["close_on"] == date(2026, month, 1)


def test_a_wrong_month_names_its_column(tmp_path):
    _write(tmp_path, a="id,y,m\n1,2026,13\n2,2026,1\n", b="x\n")
    columns = 'close_on = { date = { year = "y", month = "m" } }'
    loaded = load(_mapping(DEALS.format(more="", columns=columns), FILES), tmp_path)
    assert loaded.sentences[0].startswith("a.csv, row 2: y, m is “2026 13”, which is not a date")
    assert loaded.column("opportunities", "opportunity_id") == ["2"]


@pytest.mark.parametrize(
    ("written", "flag"),
    [("yes", True), ("TRUE", True), ("oui", True), ("1", True), ("x", True), ("no", False), ("0", False),
     ("Faux", False), ("", False)],
)  # fmt: skip
def test_yes_and_no(tmp_path, written, flag):
    assert _deals(tmp_path, f"id,f\n1,{written}\n", 'is_won = "f"')[0]["is_won"] is flag


def test_an_instant_is_local_time_of_the_file_unless_it_says_otherwise(tmp_path):
    _write(tmp_path, a="id,t,d\n1,2026-07-01 09:30:00,2026-07-01\n2,2026-07-01T09:30:00+02:00,2026-07-01\n")
    mapping = _mapping(
        '[[tables]]\nfills = "activities"\nfrom = "a"\n[tables.columns]\nactivity_id = "id"\n'
        'started_at = "t"\nstarted_on = "d"',
        '[files.a]\npath = "a.csv"\ntime_zone = "America/New_York"\n',
    )
    assert load(mapping, tmp_path).column("activities", "started_at") == [
        datetime(2026, 7, 1, 13, 30, tzinfo=UTC),
        datetime(2026, 7, 1, 7, 30, tzinfo=UTC),
    ]


def test_shares_may_be_percentages(tmp_path):
    _write(tmp_path, a="id,s\n1,0.125\n2,12.5 %\n3,40%\n")
    mapping = _mapping(
        '[[tables]]\nfills = "opportunity_splits"\nfrom = "a"\n[tables.columns]\nsplit_id = "id"\nshare = "s"',
        '[files.a]\npath = "a.csv"\n',
    )
    assert load(mapping, tmp_path).column("opportunity_splits", "share") == [
        Decimal("0.125"),
        Decimal("0.125"),
        Decimal("0.4"),
    ]


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
    rows = _deals(tmp_path, "id,c\n1,x\n2,y\n3,\n", "", more=f'where = [{{ column = "c", {condition} }}]')
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
    rows = _deals(tmp_path, text, "", more=f"where = [{{ {condition} }}]")
    assert "".join(str(row["opportunity_id"]) for row in rows) == kept


def test_signs_of_nothing(tmp_path):
    (tmp_path / "a.csv").write_text("id,v\n1,NULL\n2,-\n3,\n4,5\n", encoding="utf-8")
    mapping = _mapping(
        DEALS.format(more="", columns='amount = "v"'), '[files.a]\npath = "a.csv"\nnull = ["NULL", "-"]\n'
    )
    assert load(mapping, tmp_path).column("opportunities", "amount") == [None, None, None, Decimal(5)]


def test_a_join_finds_columns_and_never_multiplies_rows(tmp_path):
    """The file of people holds a key twice: the first row is used, and the second is named."""
    _write(tmp_path, b="nr,key\n7,A\n8,B\n7,C\n")
    more = 'joins = [{ file = "b", on = { person = "nr" } }]'
    _write(tmp_path, a="id,person,v\n1,7,5\n2,8,6\n3,9,7\n4,,8\n")
    loaded = load(
        _mapping(DEALS.format(more=more, columns='owner_id = "b.key"\namount = "v"'), FILES), tmp_path
    )
    rows = [(r["opportunity_id"], r["owner_id"]) for r in loaded.tables["opportunities"]]
    assert rows == [("1", "A"), ("2", "B"), ("4", "unassigned")]
    assert loaded.sentences == [
        ("b.csv, row 4: nr “7” was there before; the first such row is used. Keep one of them."),
        "a.csv, row 4: person “9” is nowhere in b. Add it there, or correct it, and load again.",
    ]


@pytest.mark.parametrize(("missing", "severities"), [("warn", ["warning"]), ("ignore", [])])
def test_a_join_may_do_without(tmp_path, missing, severities):
    _write(tmp_path, b="nr,key\n7,A\n", a="id,person\n1,7\n2,9\n")
    more = f'joins = [{{ file = "b", on = {{ person = "nr" }}, prefix = "p.", missing = "{missing}" }}]'
    loaded = load(_mapping(DEALS.format(more=more, columns='owner_id = "p.key"'), FILES), tmp_path)
    assert loaded.column("opportunities", "owner_id") == ["A", "unassigned"]
    assert [issue.severity for issue in loaded.issues] == severities


def test_joins_follow_one_another(tmp_path):
    _write(tmp_path, b="nr,boss\n7,8\n8,9\n", a="id,person\n1,7\n")
    more = (
        'joins = [{ file = "b", on = { person = "nr" }, prefix = "p." }, '
        '{ file = "b", on = { "p.boss" = "nr" }, prefix = "q." }]'
    )
    loaded = load(_mapping(DEALS.format(more=more, columns='owner_id = "q.boss"'), FILES), tmp_path)
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
    _write(tmp_path, a="rep,year,M01,M02,M12\nAda,2026,5,,7\nTom,2026,,x,1\n")
    loaded = load(_mapping(QUOTAS, '[files.a]\npath = "a.csv"\n'), tmp_path)
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
    rows = _deals(tmp_path, text, columns, more='group_by = ["opportunity_id"]')
    got = [(r["opportunity_id"], r["owner_id"], r["amount"], r["probability"], r["_row"]) for r in rows]
    assert got == [("S1", "A", Decimal("30.3"), 2.0, 2), ("S2", "B", Decimal(5), 1.0, 3)]


def test_rows_of_a_group_that_do_not_agree_are_named(tmp_path):
    _write(tmp_path, a="id,rep\nS1,A\nS1,B\nS2,B\n", b="x\n1\n")
    tables = DEALS.format(
        more='group_by = ["opportunity_id"]', columns='owner_id = { column = "rep", take = "same" }'
    )
    loaded = load(_mapping(tables, FILES), tmp_path)
    assert loaded.column("opportunities", "owner_id") == ["A", "B"]
    assert loaded.sentences == [
        "a.csv, row 2: rep is not the same in all rows of S1; “A”, the first, was used."
    ]


def test_reps_from_the_distinct_values_of_two_files(tmp_path):
    _write(tmp_path, a="who\nAda\nTom\nAda\n", b="who\nTom\nEve\n")
    one = '[[tables]]\nfills = "reps"\nfrom = "{file}"\ngroup_by = ["rep_id"]\n{more}\n[tables.columns]\nrep_id = "who"\n'
    tables = one.format(file="a", more="") + one.format(file="b", more="only_new = true")
    loaded = load(_mapping(tables, FILES), tmp_path)
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
    _write(
        tmp_path,
        a="rep,boss,from,to\nAda,Bo,2026-01-01,2026-03-01\nAda,Cy,2026-03-01,\n",
        b="rep,place,from,to\nAda,North,2026-01-01,2026-02-01\nAda,South,2026-02-01,2026-06-01\n",
    )
    rows = load(_mapping(TIMELINE, FILES), tmp_path).tables["assignments"]
    got = sorted((r["valid_from"], r["valid_to"], r["manager_id"], r["territory_id"]) for r in rows)
    assert got == [
        (date(2026, 1, 1), date(2026, 2, 1), "Bo", "North"),
        (date(2026, 2, 1), date(2026, 3, 1), "Bo", "South"),
        (date(2026, 3, 1), date(2026, 6, 1), "Cy", "South"),
        (date(2026, 6, 1), date(9999, 12, 31), "Cy", "unassigned"),
    ]


def test_two_managers_at_once_stay_two_rows_for_the_build_to_name(tmp_path):
    _write(
        tmp_path,
        a="rep,boss,from,to\nAda,Bo,2026-01-01,\nAda,Cy,2026-03-01,\n",
        b="rep,place,from,to\nAda,North,2026-01-01,\n",
    )
    rows = load(_mapping(TIMELINE, FILES), tmp_path).tables["assignments"]
    got = sorted((r["valid_from"], r["manager_id"], r["territory_id"]) for r in rows)
    assert got == [
        (date(2026, 1, 1), "Bo", "North"),
        (date(2026, 3, 1), "Bo", "North"),
        (date(2026, 3, 1), "Cy", "North"),
    ]


def test_a_gap_between_two_assignments_stays_a_gap(tmp_path):
    _write(
        tmp_path,
        a="rep,boss,from,to\nAda,Bo,2026-01-01,2026-02-01\nAda,Bo,2026-04-01,\n",
        b="rep,place,from,to\nEve,North,2026-01-01,\n",
    )
    rows = load(_mapping(TIMELINE, FILES), tmp_path).tables["assignments"]
    got = sorted((r["rep_id"], r["valid_from"], r["valid_to"]) for r in rows)
    assert got == [
        ("Ada", date(2026, 1, 1), date(2026, 2, 1)),
        ("Ada", date(2026, 4, 1), date(9999, 12, 31)),
        ("Eve", date(2026, 1, 1), date(9999, 12, 31)),
    ]


def test_a_value_that_is_not_listed_is_named(tmp_path):
    _write(tmp_path, a="id,c\n1,A\n2,Z\n", b="x\n")
    tables = DEALS.format(more="", columns='stage_id = { column = "c", lookup = "codes" }')
    loaded = load(_mapping(tables, '[lookups.codes]\nA = "won"\n' + FILES), tmp_path)
    assert loaded.column("opportunities", "stage_id") == ["won"]
    assert loaded.sentences == [
        (
            "a.csv, row 3: c is “Z”, which is not in the list “codes” of the mapping. "
            "Add it there, or correct it, and load again."
        )
    ]


def test_conditions_that_nothing_meets_are_said(tmp_path):
    _write(tmp_path, a="id,c\n1,A\n", b="x\n")
    tables = DEALS.format(more='where = [{ column = "c", is = "a" }]', columns="")
    loaded = load(_mapping(tables, FILES), tmp_path)
    assert loaded.sentences == [
        "a.csv: no row meets the conditions for opportunities. Check “where” in the mapping."
    ]


def test_without_any_day_the_mapping_must_state_one(tmp_path):
    _write(tmp_path, a="id\n1\n", b="x\n")
    mapping = _mapping(DEALS.format(more="", columns=""), FILES).replace("as_of = 2026-06-30\n", "")
    assert load(mapping, tmp_path).as_of == date(2026, 6, 30)  # the day of the load


def test_nothing_of_a_mapping_reaches_sql_bare(tmp_path):
    """Names and values with quotes, braces and SQL in them are just names and values."""
    column = "x\"'; DROP TABLE rows; --"
    _write(tmp_path, a=f'id,"{column.replace(chr(34), chr(34) * 2)}"\n1,v\n', b="x\n")
    spec = "name = { column = '''" + column + "''' }\nstage_id = { value = \"'); SELECT 1; --\" }"
    rows = load(_mapping(DEALS.format(more="", columns=spec), FILES), tmp_path).tables["opportunities"]
    assert (rows[0]["name"], rows[0]["stage_id"]) == ("v", "'); SELECT 1; --")


def test_a_damaged_joined_file_is_named_before_anything_is_loaded(tmp_path):
    _write(tmp_path, a="id,person\n1,7\n", b="other\n1\n")
    more = 'joins = [{ file = "b", on = { person = "nr" } }]'
    sentences = refused(_mapping(DEALS.format(more=more, columns='owner_id = "b.key"'), FILES), tmp_path)
    assert [sentence[:32] for sentence in sentences] == [
        "b.csv has no column “nr” (it has",
        "b.csv has no column “key” (it ha",
    ]
