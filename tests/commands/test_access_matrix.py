"""Role × metric × way of answering: whoever asks gets rows of the people they may see, and no others.

Who may see whom is written down here a second time, by hand, for 15 May 2026 of the small company.
"""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from metrics.catalogue import METRICS
from tests.commands.conftest import Terminal

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


def key_of(metric: str) -> str:
    return "manager" if metric in BY_MANAGER else "rep"


def people(text: str, column: str) -> set[str]:
    return {row[column] for row in csv.DictReader(io.StringIO(text))} - {"unassigned"}


@pytest.mark.parametrize("role", SEES)
@pytest.mark.parametrize("metric", sorted(METRICS))
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
@pytest.mark.parametrize("metric", sorted(METRICS))
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


@pytest.mark.parametrize("metric", sorted(METRICS))
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
