"""``payouts``: from two plain files without a store, and of the store: run, close, export, compare, replay."""

from __future__ import annotations

import csv
import io
import json
import shutil
from decimal import Decimal
from pathlib import Path

import pytest
from python_calamine import CalamineWorkbook

from tests.commands.conftest import Terminal
from tests.commands.plans import SELLERS

SALES = "rep,date,amount\nana,2026-01-20,200\nana,2026-02-10,1500\nben,2026-02-11,100.10\n"
RICHER = SELLERS.replace("version = 1", "version = 2").replace("0.10", "0.20")


def rows(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text)))


def paid_by(text: str) -> dict[tuple[str, str], str]:
    return {(row["rep"], row["pay_start"]): row["amount"] for row in rows(text) if Decimal(row["amount"])}


def written(folder: Path, **files: str) -> dict[str, Path]:
    paths = {name: folder / f"{name}.{'toml' if name == 'plan' else 'csv'}" for name in files}
    for name, text in files.items():
        paths[name].write_text(text, encoding="utf-8")
    return paths


# ------------------------------------------------------------------------------ without a store


def test_two_files_are_paid_without_a_store(empty: Terminal, tmp_path: Path):
    files = written(tmp_path, plan=SELLERS, sales=SALES)
    out, trace = tmp_path / "pay.csv", tmp_path / "why.json"
    said = empty(
        "payouts", "--plan", files["plan"], "--transactions", files["sales"], "--out", out, "--trace", trace
    )
    assert (said.code, said.out) == (0, "")
    assert "2026-01-01 to 2026-02-28" in said.err
    assert "USD: $180.01 in 3 lines for 2 people" in said.err
    assert paid_by(out.read_text()) == {
        ("ana", "2026-01-01"): "20.00",
        ("ana", "2026-02-01"): "150.00",
        ("ben", "2026-02-01"): "10.01",
    }
    lines = json.loads(trace.read_text())
    (line,) = [line for line in lines if line["amount"] == "150.00"]
    assert [deal["earned"] for deal in line["transactions"]] == ["150.00"]
    assert any("1,500.00" in words for words in line["words"])
    assert not empty.root.exists()


def test_the_months_asked_for_are_paid(empty: Terminal, tmp_path: Path):
    files = written(tmp_path, plan=SELLERS, sales=SALES)
    asked = ("payouts", "--plan", files["plan"], "--transactions", files["sales"])
    assert set(paid_by(empty.ok(*asked, "--from", "2026-02", "--to", "2026-02"))) == {
        ("ana", "2026-02-01"),
        ("ben", "2026-02-01"),
    }
    assert set(paid_by(empty.ok(*asked, "--to", "2026-01"))) == {("ana", "2026-01-01")}
    assert set(paid_by(empty.ok(*asked, "--from", "2026-02", "--to", "2026-12"))) == {
        ("ana", "2026-02-01"),
        ("ben", "2026-02-01"),
    }


def test_a_quarter_in_progress_is_paid_as_far_as_the_file_goes(empty: Terminal, tmp_path: Path):
    files = written(tmp_path, plan=SELLERS.replace('period = "month"', 'period = "quarter"'), sales=SALES)
    asked = ("payouts", "--plan", files["plan"], "--transactions", files["sales"])
    found = {
        row["rep"]: (row["period_end"], row["earned_on"], row["amount"]) for row in rows(empty.ok(*asked))
    }
    assert found == {
        "ana": ("2026-04-01", "2026-02-28", "170.00"),
        "ben": ("2026-04-01", "2026-02-28", "10.01"),
    }


def test_the_order_of_the_rows_does_not_matter(empty: Terminal, tmp_path: Path):
    head, *lines = SALES.splitlines()
    files = written(tmp_path, plan=SELLERS, sales=SALES, turned="\n".join([head, *reversed(lines)]))
    asked = ("payouts", "--plan", files["plan"], "--transactions")
    assert empty.ok(*asked, files["sales"]) == empty.ok(*asked, files["turned"])


def test_a_plan_alone_is_checked(empty: Terminal, tmp_path: Path):
    case = '\n[[cases]]\nname = "one"\ndeals = [ { date = 2026-01-10, amount = 100 } ]\n'
    right = SELLERS + case + 'pays = [ { component = "commission", period = 2026-01-10, amount = 10 } ]\n'
    files = written(tmp_path, plan=right)
    told = empty.ok("payouts", "--plan", files["plan"])
    assert "Sales Plan, version 1, from 2026-01-01: 1 components." in told
    assert "All 1 cases come out as the plan says." in told
    files["plan"].write_text(right.replace("amount = 10 }", "amount = 11 }"))
    said = empty("payouts", "--plan", files["plan"])
    assert said.code == 2
    assert "Case “one”" in said.err


@pytest.mark.parametrize(
    ("plan", "sales", "sentence"),
    [
        (SELLERS.replace("valid_from = 2026-01-01\n", ""), SALES, "the plan has no effective date"),
        (SELLERS.replace("0.10", "-0.10"), SALES, "line 16: "),
        (SELLERS.replace('"bookings"\nperiod', '"booking"\nperiod'), SALES, "booking"),
        ("plan = ", SALES, "cannot be read as TOML"),
        (SELLERS, SALES.replace("1500", "lots"), "sales.csv, row 3: amount is “lots”"),
        (SELLERS, SALES.replace("2026-02-11", "11/02/2026"), "sales.csv, row 4: date is “11/02/2026”"),
        (SELLERS, SALES.replace("rep,", "who,"), "sales.csv has no column “rep”"),
        (SELLERS, SALES.replace("amount\n", "amount,currency\n").replace("200\n", "200,JPY\n"), "JPY"),
    ],
)
def test_what_is_wrong_is_a_sentence_and_nothing_is_written(
    plan: str, sales: str, sentence: str, empty: Terminal, tmp_path: Path
):
    files = written(tmp_path, plan=plan, sales=sales)
    out, trace = tmp_path / "pay.csv", tmp_path / "why.json"
    out.write_text("what was there before")
    said = empty(
        "payouts", "--plan", files["plan"], "--transactions", files["sales"], "--out", out, "--trace", trace
    )
    assert said.code == 2
    assert sentence in said.err
    assert said.err.endswith("Nothing was written.\n")
    assert "Traceback" not in said.err
    assert out.read_text() == "what was there before"
    assert {path.name for path in tmp_path.iterdir()} == {"plan.toml", "sales.csv", "pay.csv"}


def test_every_problem_is_said_not_only_the_first(empty: Terminal, tmp_path: Path):
    files = written(tmp_path, plan=SELLERS, sales=SALES.replace("200", "x").replace("1500", "y"))
    said = empty("payouts", "--plan", files["plan"], "--transactions", files["sales"])
    assert len([line for line in said.err.splitlines() if line.startswith("sales.csv, row")]) == 2


@pytest.mark.parametrize(
    "words",
    [
        (),
        ("--transactions", "SALES"),
        ("--plan", "PLAN", "--transactions", "SALES", "--period", "2026-01"),
        ("--plan", "PLAN", "--from", "2026-01"),
        ("--plan", "PLAN", "--out", "x.csv"),
        ("--plan", "PLAN", "--transactions", "SALES", "--from", "January"),
        ("--plan", "PLAN", "--transactions", "SALES", "--to", "2026-13"),
        ("--plan", "PLAN", "--transactions", "SALES", "--from", "2026-03", "--to", "2026-02"),
        ("--plan", "PLAN", "--transactions", "SALES", "--out", "pay.doc"),
        ("--plan", "PLAN", "--transactions", "SALES", "--out", "nowhere/pay.csv"),
        ("--plan", "PLAN", "--close"),
        ("--close",),
        ("--export", "x.csv"),
        ("--period", "2026-01", "--close", "--plan", "PLAN"),
        ("--period", "2026-01", "--close", "--replay"),
        ("--period", "2026-01", "--export", "x.pdf"),
        ("--period", "2026-01", "--names"),
        ("--period", "2026-01", "--publish"),
        ("--period", "2026-01", "--reason", "x"),
    ],
)
def test_options_that_do_not_go_together_give_two(
    words: tuple[str, ...], empty: Terminal, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.chdir(tmp_path)
    files = written(tmp_path, plan=SELLERS, sales=SALES)
    given = {"PLAN": files["plan"], "SALES": files["sales"]}
    with pytest.raises(SystemExit) as ended:
        empty("payouts", *(given.get(word, word) for word in words))
    assert ended.value.code == 2
    assert {path.name for path in tmp_path.iterdir()} == {"plan.toml", "sales.csv"}


def test_a_file_that_is_not_there_is_named(empty: Terminal, tmp_path: Path):
    said = empty("payouts", "--plan", tmp_path / "none.toml")
    assert said.code == 1
    assert "none.toml: No such file" in said.err


# ------------------------------------------------------------------------------ of the store


def test_a_month_a_quarter_and_a_year_are_paid(payroll: Terminal):
    assert paid_by(payroll.ok("payouts", "--period", "2026-01")) == {
        ("ann", "2026-01-01"): "60.00",
        ("mia", "2026-01-01"): "6.00",
    }
    assert paid_by(payroll.ok("payouts", "--period", "FY2026-Q1")) == {
        ("ann", "2026-01-01"): "60.00",
        ("ann", "2026-03-01"): "7.00",
        ("bob", "2026-03-01"): "3.00",
        ("cat", "2026-02-01"): "100.00",
        ("dan", "2026-02-01"): "1.00",
        ("mia", "2026-01-01"): "6.00",
        ("mia", "2026-03-01"): "1.00",
    }
    assert ("bob", "2026-04-01") in paid_by(payroll.ok("payouts", "--period", "FY2026"))


@pytest.mark.parametrize("period", ["2026-13", "FY1990", "2026-W07", "spring"])
def test_a_period_that_is_none_is_refused(period: str, payroll: Terminal):
    said = payroll("payouts", "--period", period)
    assert said.code == 1
    assert period in said.err


def test_another_plan_is_tried_and_nothing_changes(payroll: Terminal, tmp_path: Path):
    files = written(tmp_path, plan=RICHER)
    tried = paid_by(payroll.ok("payouts", "--period", "2026-01", "--plan", files["plan"]))
    assert tried == {("ann", "2026-01-01"): "120.00", ("mia", "2026-01-01"): "6.00"}
    assert paid_by(payroll.ok("payouts", "--period", "2026-01"))["ann", "2026-01-01"] == "60.00"


def test_a_plan_is_brought_into_force(paid: Terminal, tmp_path: Path):
    files = written(tmp_path, plan=RICHER.replace("2026-01-01", "2026-03-01"))
    told = paid.ok("payouts", "--plan", files["plan"], "--publish")
    assert told == "Sales Plan is in force from 2026-03-01, as version 2 of sales.\n"
    found = paid_by(paid.ok("payouts", "--period", "FY2026-Q1"))
    assert (found["ann", "2026-01-01"], found["ann", "2026-03-01"]) == ("60.00", "14.00")
    again = paid("payouts", "--plan", files["plan"], "--publish")
    assert again.code == 1
    assert "Write version = 3" in again.err


def test_a_month_is_closed_exported_and_replayed(paid: Terminal, tmp_path: Path):
    export = tmp_path / "payroll.csv"
    told = paid.ok("payouts", "--period", "2026-01", "--close", "--export", export, "--names")
    assert "2026-01-01 to 2026-01-31 is closed" in told
    assert "USD: $66.00 in 2 lines for 2 people" in told
    assert [(r["Payee"], r["Name"], r["Amount"]) for r in rows(export.read_text("utf-8-sig"))] == [
        ("ann", "Ann", "60.00"),
        ("mia", "Mia", "6.00"),
    ]
    totals = rows((tmp_path / "payroll-totals.csv").read_text("utf-8-sig"))
    assert [(t["Group"], t["Payees"], t["Amount"]) for t in totals] == [
        ("earnings", "2", "66.00"),
        ("total", "2", "66.00"),
    ]
    again = paid("payouts", "--period", "2026-01", "--close")
    assert again.code == 1
    assert "is closed already" in again.err
    replayed = paid("payouts", "--period", "2026-01", "--replay")
    assert replayed.code == 0
    assert "the same comes out" in replayed.err
    assert paid_by(replayed.out)["ann", "2026-01-01"] == "60.00"


def test_excel_holds_rows_and_control_totals(paid: Terminal, tmp_path: Path):
    export = tmp_path / "payroll.xlsx"
    paid.ok("payouts", "--period", "2026-02", "--close")
    paid.ok("payouts", "--period", "2026-02", "--export", export)
    book = CalamineWorkbook.from_path(export)
    assert book.sheet_names == ["Payroll", "Control totals"]
    assert [row[1] for row in book.get_sheet_by_name("Payroll").to_python()[1:]] == ["cat", "dan"]
    assert [row[-1] for row in book.get_sheet_by_name("Control totals").to_python()[1:]] == [101.0, 101.0]


@pytest.mark.parametrize("what", [("--replay",), ("--export", "x.csv")])
def test_an_open_month_is_neither_exported_nor_replayed(
    what: tuple[str, ...], payroll: Terminal, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.chdir(tmp_path)
    said = payroll("payouts", "--period", "2026-01", *what)
    assert said.code == 2
    assert "2026-01 is not closed yet" in said.err
    assert list(tmp_path.iterdir()) == []


def test_more_than_a_month_is_not_closed(payroll: Terminal):
    said = payroll("payouts", "--period", "FY2026-Q1", "--close")
    assert said.code == 1
    assert "more than one month" in said.err


def test_a_month_that_is_not_over_is_not_closed(payroll: Terminal):
    said = payroll("payouts", "--period", "2026-05", "--close")
    assert said.code == 2
    assert "FY2026-M05 is not over: the data stands at 2026-05-15" in said.err


def test_without_payouts_from_elsewhere_there_is_nothing_to_compare(payroll: Terminal):
    said = payroll("payouts", "--period", "2026-01", "--reconcile")
    assert said.code == 2
    assert "No other source pays 2026-01-01 to 2026-01-31" in said.err


def test_a_plan_may_come_before_anything_is_loaded(empty: Terminal, tmp_path: Path, project: Path):
    folder = project / "examples" / "simple"
    files = written(tmp_path, plan=SELLERS)
    empty.ok("import", folder / "mapping.toml", "--data", folder)
    assert "as version 1 of sales" in empty.ok("payouts", "--plan", files["plan"], "--publish")


def test_closed_months_come_back_with_a_backup(
    paid: Terminal, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    paid.ok("payouts", "--period", "2026-01", "--close")
    before = paid.ok("query", "credited", "--by", "rep")
    paid.ok("backup", tmp_path / "saved.tar")
    monkeypatch.setenv("ATTAIN_STORE", str(tmp_path / "back"))
    paid.ok("restore", tmp_path / "saved.tar")
    assert paid.ok("query", "credited", "--by", "rep") == before
    assert "the same comes out" in paid("payouts", "--period", "2026-01", "--replay").err
    assert paid("payouts", "--period", "2026-01", "--close").code == 1
    assert "is closed" in paid.ok("payouts", "--period", "2026-02", "--close")


def test_what_months_were_computed_from_can_be_retired(paid: Terminal, tmp_path: Path):
    paid.ok("payouts", "--period", "2026-01", "--close")
    (paid.root / "attain.toml").write_text("[retention]\nclosed = 0\n")
    assert paid.ok("retire").split() == ["closed", "6", "removed"]
    said = paid("payouts", "--period", "2026-01", "--replay")
    assert said.code == 1
    assert "not kept any more" in said.err
    paid.ok("payouts", "--period", "2026-01", "--export", tmp_path / "payroll.csv")


def test_a_closed_month_without_its_folder_is_bad(paid: Terminal):
    paid.ok("payouts", "--period", "2026-01", "--close")
    assert "1 months are closed, the last ends before 2026-02-01" in paid.ok("doctor")
    shutil.rmtree(paid.root / "closed")
    said = paid("doctor")
    assert said.code == 1
    assert "1 closed months are without their folder in closed/, first 2026-01-01" in said.out
    replayed = paid("payouts", "--period", "2026-01", "--replay")
    assert replayed.code == 1
    assert "Restore it from a backup" in replayed.err
