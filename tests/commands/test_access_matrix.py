"""Role × metric × way of answering: whoever asks gets rows of the people they may see, and no others.

Who may see whom is written down here a second time, by hand, for 15 May 2026 of the small company.
"""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from metrics.catalogue import METRICS
from tests.commands.conftest import Terminal
from tests.commands.plans import SELLERS

EVERYBODY = {"vera", "mia", "max", "ann", "bob", "cat", "dan"}
SEES = {
    # role: (who holds it, whom they see)
    "rep": ("ann", {"ann"}),
    "rep without deals this year": ("bob", {"bob"}),
    "manager": ("mia@example.com", {"mia", "ann"}),
    "executive": ("vera@example.com", EVERYBODY),
    "compensation_admin": ("dan", EVERYBODY),
    "administrator": ("max", EVERYBODY),
}
BY_MANAGER = {"over_assignment"}  # asked by manager only
PERFORMANCE = sorted(name for name, metric in METRICS.items() if not metric.pay)  # pay: test_query_pay.py


def key_of(metric: str) -> str:
    return "manager" if metric in BY_MANAGER else "rep"


def people(text: str, column: str) -> set[str]:
    return {row[column] for row in csv.DictReader(io.StringIO(text))} - {"unassigned"}


@pytest.mark.parametrize("role", SEES)
@pytest.mark.parametrize("metric", PERFORMANCE)
def test_answers_hold_only_people_one_may_see(metric: str, role: str, terminal: Terminal, tmp_path: Path):
    who, seen = SEES[role]
    key = key_of(metric)
    asked = ("query", metric, "--by", key)
    allowed = people(terminal.ok(*asked), key) & seen

    assert people(terminal.ok(*asked, "--viewer", who), key) == allowed
    out = tmp_path / "answer.parquet"
    terminal.ok(*asked, "--viewer", who, "--format", "parquet", "--out", out)
    assert set(pq.read_table(out)[key].to_pylist()) - {"unassigned"} == allowed


@pytest.mark.parametrize("role", SEES)
@pytest.mark.parametrize("metric", PERFORMANCE)
@pytest.mark.parametrize("part", ["top", "bottom"])
def test_records_hold_only_people_one_may_see(metric: str, role: str, part: str, terminal: Terminal):
    who, seen = SEES[role]
    asked = ("query", metric, "--records", "--part", part)
    allowed = people(terminal.ok(*asked), "rep_id") & seen
    assert people(terminal.ok(*asked, "--viewer", who), "rep_id") == allowed


@pytest.mark.parametrize("role", SEES)
def test_naming_somebody_else_in_a_filter_opens_nothing(role: str, terminal: Terminal):
    who, seen = SEES[role]
    for other in sorted(EVERYBODY - seen):
        asked = ("query", "credited", "--where", f"rep={other}", "--viewer", who)
        assert terminal.ok(*asked) == "credited,top,bottom\n,,\n"
        assert people(terminal.ok(*asked, "--records"), "rep_id") == set()


@pytest.mark.parametrize("role", SEES)
def test_numbers_of_the_people_one_sees_are_the_same_for_everybody(role: str, terminal: Terminal):
    who, seen = SEES[role]
    asked = ("query", "quota_attainment", "--by", "rep,quarter")
    whole = [line for line in terminal.ok(*asked).splitlines()[1:] if line.split(",")[0] in seen]
    assert terminal.ok(*asked, "--viewer", who).splitlines()[1:] == whole
    assert whole


@pytest.mark.parametrize("metric", PERFORMANCE)
@pytest.mark.parametrize("who", ["stranger@example.com", "zed", "owner", "unassigned"])
def test_strangers_are_refused(metric: str, who: str, terminal: Terminal, tmp_path: Path):
    out = tmp_path / "answer.csv"
    said = terminal("query", metric, "--by", key_of(metric), "--viewer", who, "--out", out)
    assert (said.code, said.out) == (1, "")
    assert not out.exists()


@pytest.mark.parametrize("role", SEES)
def test_access_show_names_each_table_with_a_reason(role: str, terminal: Terminal):
    who, _ = SEES[role]
    told = terminal.ok("access", "show", who)
    seen = dict(line.split()[:2] for line in told.splitlines()[1:])
    passes = role in {"executive", "compensation_admin", "administrator"}
    assert seen["opportunities"] == seen["payouts"] == ("all" if passes else "some")
    assert seen["changes"] == ("all" if role == "administrator" else "none")


# ------------------------------------------------------------------------------------------- pay

PAID = {"ann", "bob", "cat", "dan", "mia"}
PAY_OF = {
    # role: whose pay it shows
    "rep": {"ann"},
    "rep without deals this year": {"bob"},
    "manager": {"mia"},
    "executive": PAID,
    "compensation_admin": PAID,
    "administrator": PAID,
}
BEHIND = {"rep": {"ann"}, "rep without deals this year": {"bob"}, "manager": {"mia", "ann", "bob"}}
"""Whose deals one's own pay follows from; everybody's for the others."""
RUNS = {"compensation_admin", "administrator"}
PAY = ("payouts", "--period", "FY2026-Q1")


@pytest.mark.parametrize("role", SEES)
@pytest.mark.parametrize("form", ["csv", "json", "parquet"])
def test_pay_is_ones_own_or_everybodys(role: str, form: str, payroll: Terminal, tmp_path: Path):
    who, _ = SEES[role]
    assert people(payroll.ok(*PAY, "--viewer", who), "rep") == PAY_OF[role]
    out, trace = tmp_path / f"pay.{form}", tmp_path / "why.json"
    assert payroll.ok(*PAY, "--viewer", who, "--out", out, "--trace", trace) == ""
    lines = json.loads(trace.read_text())
    assert {line["rep"] for line in lines} == PAY_OF[role]
    behind = {deal["credited_rep"] for line in lines for deal in line["transactions"]}
    assert behind <= BEHIND.get(role, EVERYBODY)
    found = {
        "csv": lambda: people(out.read_text(), "rep"),
        "parquet": lambda: set(pq.read_table(out)["rep"].to_pylist()),
    }
    read = found.get(form, lambda: {row["rep"] for row in json.loads(out.read_text())})
    assert read() == PAY_OF[role]


@pytest.mark.parametrize("role", SEES)
def test_ones_own_pay_is_what_everybodys_says(role: str, payroll: Terminal):
    who, _ = SEES[role]
    whole = payroll.ok(*PAY).splitlines()
    own = payroll.ok(*PAY, "--viewer", who).splitlines()
    assert sorted(own[1:]) == sorted(line for line in whole[1:] if line.split(",")[1] in PAY_OF[role])
    assert len(own) > 1


@pytest.mark.parametrize("role", SEES)
@pytest.mark.parametrize("what", ["--close", "--reconcile", "--export", "--publish", "--plan"])
def test_only_those_who_run_pay_do_more_than_read(role: str, what: str, paid: Terminal, tmp_path: Path):
    who, _ = SEES[role]
    plan, out = tmp_path / "plan.toml", tmp_path / "x.csv"
    plan.write_text(SELLERS.replace("version = 1", "version = 2").replace("0.10", "0.20"))
    month = ("payouts", "--period", "2026-01")
    words = {
        "--close": (*month, "--close", "--out", out),
        "--reconcile": (*month, "--reconcile", "--out", out),
        "--export": (*month, "--export", out),
        "--publish": ("payouts", "--plan", plan, "--publish"),
        "--plan": (*month, "--plan", plan, "--out", out),
    }[what]
    said = paid(*words, "--viewer", who)
    refused = said.code == 1 and (
        "is for people who run pay" in said.err or "shows everybody's pay" in said.err
    )
    assert refused == (role not in (RUNS | {"executive"} if what == "--plan" else RUNS))
    if refused:
        assert (said.out, out.exists()) == ("", False)
        assert "sales" in paid.ok(*month)
        assert "0.1" in paid.ok(*month)
        assert not (paid.root / "closed").exists()


@pytest.mark.parametrize("who", ["stranger@example.com", "zed", "owner", "unassigned"])
@pytest.mark.parametrize("more", [(), ("--close",), ("--replay",), ("--reconcile",)])
def test_strangers_are_paid_nothing(who: str, more: tuple[str, ...], payroll: Terminal, tmp_path: Path):
    out = tmp_path / "pay.csv"
    said = payroll("payouts", "--period", "2026-01", *more, "--viewer", who, "--out", out)
    assert (said.code, said.out, out.exists()) == (1, "", False)
