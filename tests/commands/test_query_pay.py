"""``query`` for metrics of pay: every one answers, explains itself and shows nobody anything of somebody else."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest

from metrics.catalogue import METRICS
from planning.roles import assign_role
from tests.commands.conftest import ROLES_GIVEN, Terminal
from tests.metrics.plan_return.paid_company import paid_company
from tests.support import NOW
from warehouse.database import open_database

PAY = sorted(name for name, metric in METRICS.items() if metric.pay)
Q1 = ("--period", "FY2026-Q1")
SEES = {"ann": {"ann"}, "mia@example.com": {"mia"}}
"""Whose pay they see where managers are not granted their reports'."""


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("paid") / "store"
    paid_company(root)
    for person, role in ROLES_GIVEN.items():
        assign_role(open_database(root), person, role, by="owner", now=NOW)
    return root


@pytest.fixture
def paid(store: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Terminal:
    monkeypatch.setenv("ATTAIN_STORE", str(store))
    return Terminal(store, capsys)


def rows(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text)))


@pytest.mark.parametrize("metric", PAY)
def test_every_metric_of_pay_is_explained(metric: str, paid: Terminal):
    told = paid.ok("query", metric, "--explain", *Q1)
    assert f"{metric} = " in told
    assert METRICS[metric].formula in told


@pytest.mark.parametrize("who", SEES)
def test_answers_and_records_hold_only_own_pay(who: str, paid: Terminal):
    for metric in ("payout_cost", "payout_index", "earnings"):
        found = rows(paid.ok("query", metric, "--by", "rep", "--viewer", who, *Q1))
        assert {row["rep"] for row in found} == SEES[who]
        behind = rows(paid.ok("query", metric, "--records", "--viewer", who, *Q1))
        assert {row["rep_id"] for row in behind} <= SEES[who]


@pytest.mark.parametrize("metric", PAY)
def test_strangers_are_refused(metric: str, paid: Terminal):
    said = paid("query", metric, "--viewer", "stranger@example.com")
    assert (said.code, said.out) == (1, "")


def test_a_compensation_admin_sees_all_of_it(paid: Terminal):
    found = rows(paid.ok("query", "payout_cost", "--by", "rep", "--viewer", "dan", *Q1))
    assert {row["rep"] for row in found} == {"ann", "bob", "cat", "eve", "max", "mia"}


def test_readings_are_stated(paid: Terminal):
    asked = ("query", "compensation_cost_of_sales", "--explain", "--choice", "whose_pay=leaders", *Q1)
    told = paid.ok(*asked)
    assert "whose_pay = leaders" in told
    assert "base_pay = out" in told
    assert "top $9,700.00, bottom $1,710.01" in told


def test_a_metric_asked_for_what_it_does_not_know_says_so(paid: Terminal):
    said = paid("query", "payout_cost", "--by", "product")
    assert said.code == 1
    assert "payout_cost does not know product" in said.err
