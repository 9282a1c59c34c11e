"""How one canonical value is made: each test shows the cell, what the mapping says of it, and the value."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from tests.connectors.files.loading import DEALS_OF_A, TWO_FILES, deals_of, load, mapping_of, write


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
    rows = deals_of(
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
    assert deals_of(tmp_path, "id,Name,n,empty\n1, Ada ,7,\n", f"name = {spec}")[0]["name"] == text


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
    rows = deals_of(tmp_path, text, f"close_on = {spec}", head="[settings]\nfiscal_start_month = 7\n")
    assert rows[0]["close_on"] == date.fromisoformat(day)


@pytest.mark.parametrize(
    ("written", "month"),
    [("7", 7), ("07", 7), ("M07", 7), ("July", 7), ("Jul", 7), ("juil.", 7), ("août", 8), ("Mois 12", 12),
     ("2026-03", 3), ("03/2026", 3), ("Dec 2026", 12), ("2026-03-01", 3)],
)  # fmt: skip
def test_a_month_as_people_write_it(tmp_path, written, month):
    rows = deals_of(tmp_path, f"id,m\n1,{written}\n", 'close_on = { date = { year = 2026, month = "m" } }')
    assert rows[0]["close_on"] == date(2026, month, 1)


def test_a_wrong_month_names_its_column(tmp_path):
    write(tmp_path, a="id,y,m\n1,2026,13\n2,2026,1\n", b="x\n")
    columns = 'close_on = { date = { year = "y", month = "m" } }'
    loaded = load(mapping_of(DEALS_OF_A.format(more="", columns=columns), TWO_FILES), tmp_path)
    assert loaded.sentences[0].startswith("a.csv, row 2: y, m is “2026 13”, which is not a date")
    assert loaded.column("opportunities", "opportunity_id") == ["2"]


@pytest.mark.parametrize(
    ("written", "flag"),
    [("yes", True), ("TRUE", True), ("oui", True), ("1", True), ("x", True), ("no", False), ("0", False),
     ("Faux", False), ("", False)],
)  # fmt: skip
def test_yes_and_no(tmp_path, written, flag):
    assert deals_of(tmp_path, f"id,f\n1,{written}\n", 'is_won = "f"')[0]["is_won"] is flag


def test_an_instant_is_local_time_of_the_file_unless_it_says_otherwise(tmp_path):
    write(tmp_path, a="id,t,d\n1,2026-07-01 09:30:00,2026-07-01\n2,2026-07-01T09:30:00+02:00,2026-07-01\n")
    mapping = mapping_of(
        '[[tables]]\nfills = "activities"\nfrom = "a"\n[tables.columns]\nactivity_id = "id"\n'
        'started_at = "t"\nstarted_on = "d"',
        '[files.a]\npath = "a.csv"\ntime_zone = "America/New_York"\n',
    )
    assert load(mapping, tmp_path).column("activities", "started_at") == [
        datetime(2026, 7, 1, 13, 30, tzinfo=UTC),
        datetime(2026, 7, 1, 7, 30, tzinfo=UTC),
    ]


def test_shares_may_be_percentages(tmp_path):
    write(tmp_path, a="id,s\n1,0.125\n2,12.5 %\n3,40%\n")
    mapping = mapping_of(
        '[[tables]]\nfills = "opportunity_splits"\nfrom = "a"\n[tables.columns]\nsplit_id = "id"\nshare = "s"',
        '[files.a]\npath = "a.csv"\n',
    )
    assert load(mapping, tmp_path).column("opportunity_splits", "share") == [
        Decimal("0.125"),
        Decimal("0.125"),
        Decimal("0.4"),
    ]
