"""``query``: formats, records, explanations, periods and refusals, on the small company."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from metrics.catalogue import METRICS
from tests.commands.conftest import Terminal

Q1 = ("--period", "FY2026-Q1")


def rows(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text)))


def test_csv_holds_keys_name_top_and_bottom(terminal: Terminal):
    said = terminal("query", "quota_attainment", "--by", "rep", *Q1)
    assert said.code == 0
    found = rows(said.out)
    assert list(found[0]) == ["rep", "quota_attainment", "top", "bottom"]
    assert {row["rep"]: (row["quota_attainment"], row["top"], row["bottom"]) for row in found} == {
        "ann": ("0.67", "670.00", "1000.00"),
        "bob": ("0.06", "30.00", "500.00"),
        "cat": ("1.25", "1000.00", "800.00"),
        "dan": ("", "10.01", ""),
    }
    assert "2026-01-01 to 2026-03-31, as of 2026-05-15" in said.err


def test_all_formats_hold_the_same_exact_money(terminal: Terminal, tmp_path: Path):
    ask = ("query", "credited", "--by", "rep", *Q1)
    plain = {row["rep"]: row["credited"] for row in rows(terminal.ok(*ask))}
    text = terminal.ok(*ask, "--format", "json")
    assert '"credited": 10.01' in text
    assert {row["rep"]: f"{row['credited']:.2f}" for row in json.loads(text)} == plain
    out = tmp_path / "answer.parquet"
    assert terminal.ok(*ask, "--format", "parquet", "--out", out) == ""
    table = pq.read_table(out)
    assert str(table.schema.field("credited").type) == "decimal128(38, 4)"
    assert {row["rep"]: f"{row['credited']:.2f}" for row in table.to_pylist()} == plain


def test_a_file_that_cannot_be_written_is_named(terminal: Terminal, tmp_path: Path):
    said = terminal("query", "credited", "--out", tmp_path / "nowhere" / "x.csv")
    assert said.code == 1
    assert "nowhere" in said.err


def test_records_are_the_rows_behind_the_number(terminal: Terminal):
    found = rows(terminal.ok("query", "quota_attainment", "--records", "--where", "rep=ann", *Q1))
    assert sorted((row["opportunity_id"], row["amount_reporting"]) for row in found) == [
        ("D1", "150.00"),
        ("D1", "450.00"),
        ("D2", "70.00"),
    ]
    targets = rows(
        terminal.ok("query", "quota_attainment", "--records", "--part", "bottom", "--where", "rep=ann", *Q1)
    )
    assert sum(float(row["amount_reporting"]) for row in targets) == 1000


def test_explain_writes_money_and_percentages_as_people_do(terminal: Terminal):
    told = terminal.ok("query", "quota_attainment", "--explain", "--by", "rep", "--where", "rep=ann", *Q1)
    assert "Quota attainment: rep ann\n" in told
    assert "quota_attainment = 67.0%   (credited ÷ quota; top $670.00, bottom $1,000.00)" in told
    assert "Period 2026-01-01 to 2026-03-31, as of 2026-05-15." in told
    assert "Filter: rep = ann." in told
    assert "credit_by = effective" in told
    counted = terminal.ok("query", "reps_at_quota", "--explain", *Q1)
    assert "top 1, bottom 3" in counted


def test_explain_tells_the_comparison_and_names(terminal: Terminal):
    asked = ("query", "quota_attainment", "--explain", "--by", "rep", "--names", "--compare", "previous")
    told = terminal.ok(*asked, "--where", "rep=ann", "--period", "FY2026-Q2")
    assert "rep Ann" in told
    # On day 45 of the quarter before, 14 February, ann had sold 600 of 1,000.
    assert "before 60.0%, change −60.0 pts" in told


@pytest.mark.parametrize(
    "metric", sorted(name for name, m in METRICS.items() if not m.pay)
)  # pay: test_query_pay.py
def test_every_metric_is_explained(metric: str, terminal: Terminal):
    told = terminal.ok("query", metric, "--explain", "--by", "manager", "--where", "manager=mia", *Q1)
    assert f"{metric} = " in told
    assert METRICS[metric].formula in told


def test_a_period_among_the_filters_narrows_the_view(terminal: Terminal):
    by_filter = terminal("query", "credited", "--by", "rep", "--where", "quarter=FY2026-Q1")
    assert by_filter.out == terminal.ok("query", "credited", "--by", "rep", *Q1)
    two = ("--where", "quarter=FY2026-Q1", "--where", "quarter=FY2026-Q2")
    found = rows(terminal.ok("query", "credited", "--by", "quarter", *two))
    assert [(row["quarter"], row["credited"]) for row in found] == [
        ("FY2026-Q1", "1710.01"),
        ("FY2026-Q2", "350.00"),
    ]


def test_comparison_adds_columns(terminal: Terminal):
    found = rows(terminal.ok("query", "credited", "--compare", "previous", "--period", "FY2026-Q2"))
    # By the same day of the quarter before: day 45 of it is 14 February.
    assert found == [
        {
            "credited": "350.00",
            "top": "350.00",
            "bottom": "",
            "credited_before": "1600.00",
            "top_before": "1600.00",
            "bottom_before": "",
            "change": "-1250.00",
        }
    ]


def test_the_as_of_day_is_looked_back_to(terminal: Terminal):
    asked = ("query", "credited", "--as-of", "2026-01-31", *Q1)
    assert rows(terminal.ok(*asked))[0]["credited"] == "600.00"


def test_a_choice_changes_the_reading(terminal: Terminal):
    asked = ("query", "quota", "--by", "manager", *Q1)
    own = {row["manager"]: row["quota"] for row in rows(terminal.ok(*asked))}
    summed = {
        r["manager"]: r["quota"] for r in rows(terminal.ok(*asked, "--choice", "target_of=sum_of_reps"))
    }
    assert (own["mia"], summed["mia"]) == ("1200.00", "1500.00")


def test_names_stand_beside_keys(terminal: Terminal):
    found = rows(terminal.ok("query", "credited", "--by", "rep", "--names", "--viewer", "ann@example.com"))
    assert [(row["rep"], row["rep_name"]) for row in found] == [("ann", "Ann")]


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("nosuch",), "There is no metric “nosuch”"),
        (("credited", "--by", "colour"), "There is no dimension “colour”"),
        (("quota", "--by", "account"), "quota does not know account"),
        (("credited", "--where", "rep"), "write it as KEY=VALUE"),
        (("credited", "--choice", "credit_by=luck"), "credit_by: effective or moves_with_rep"),
        (("credited", "--period", "FY1900"), "There is no period “FY1900”"),
        (("credited", "--period", "2026-13-01..2026-14-01"), "write days as 2026-01-01..2026-03-31"),
        (("credited", "--period", "2026-03-01..2026-01-01"), "ends before it starts"),
        (("credited", "--engine", "abacus"), "duckdb, spark"),
        (("credited", "--viewer", "nobody@example.com"), "Nobody here is known as nobody@example.com"),
        (("credited", "--viewer", "zed"), "Nobody here is known as zed"),
        (("credited", "--viewer", "owner"), "Nobody here is known as owner"),
    ],
)
def test_a_question_without_an_answer_is_refused(words: tuple[str, ...], sentence: str, terminal: Terminal):
    said = terminal("query", *words)
    assert (said.code, said.out) == (1, "")
    assert sentence in said.err


def test_an_empty_answer_says_so(terminal: Terminal):
    said = terminal("query", "credited", "--where", "rep=nobody", *Q1)
    assert said.code == 0
    assert "Nothing is there to answer with" in said.err
    assert "Nothing is there" not in terminal("query", "credited", *Q1).err


def test_without_a_period_everything_is_looked_at_and_can_be_compared(terminal: Terminal):
    said = terminal("query", "credited", "--by", "quarter", "--compare", "last_year")
    found = {row["quarter"]: row for row in rows(said.out)}
    assert "2025-01-01 to 2026-06-30" in said.err
    assert found["FY2025-Q2"]["credited"] == "400.00"
    # D0 of 10 May 2025 lies before the same day, day 45, of that quarter.
    assert (found["FY2026-Q2"]["credited"], found["FY2026-Q2"]["credited_before"]) == ("350.00", "400.00")
    assert rows(terminal.ok("query", "pace", "--by", "quarter"))[-1]["quarter"] == "FY2026-Q2"
