"""Commissions of Adventure Works to the cent: sales × each person's CommissionPct by fiscal year.

The expected amounts come from the raw files alone. Sales know a person by one number and commission rates by
another; who is who is found here again, by the sequences of quotas that both kinds of files hold.
"""

from __future__ import annotations

import tomllib
from collections import defaultdict
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path

import duckdb
import pytest

from compensation.plan.reading import plan_of
from metrics.periods import calendar_of
from warehouse.access import OWNER, Viewer
from warehouse.engine import Session
from workflows.pay.from_files import pay
from workflows.pay.run import run

CENT = Decimal("0.01")
YEARS = {2018: Decimal("203171.09"), 2019: Decimal("389504.71"), 2020: Decimal("465764.24")}
Amounts = dict[str, Decimal]


@pytest.fixture(scope="module")
def rates(adventureworks: Path) -> Amounts:
    """Commission rate by the number that sales use."""
    quotas = _lines(adventureworks / "dw_FactSalesQuota.psv", "|")
    history = _lines(adventureworks / "oltp_SalesPersonQuotaHistory.tsv", "\t")
    by_sales = _sequences((row[1], row[6], row[5]) for row in quotas)
    by_person = _sequences((row[1], row[2], row[3]) for row in history)
    same = {
        person: [rep for rep, seen in by_sales.items() if seen == own] for person, own in by_person.items()
    }
    assert all(len(found) == 1 for found in same.values())
    people = _lines(adventureworks / "oltp_SalesPerson.tsv", "\t")
    return {same[row[0]][0]: Decimal(row[4]) for row in people}


def _lines(path: Path, delimiter: str) -> list[list[str]]:
    return [line.split(delimiter) for line in path.read_text(encoding="utf-8").splitlines()]


def _sequences(rows) -> dict[str, tuple[Decimal, ...]]:
    """Amounts in the order of their days, by person."""
    found: defaultdict[str, list[tuple[str, Decimal]]] = defaultdict(list)
    for person, day, amount in rows:
        found[person].append((day, Decimal(amount).normalize()))
    return {person: tuple(amount for _, amount in sorted(own)) for person, own in found.items()}


@pytest.fixture(scope="module")
def expected(adventureworks: Path, rates: Amounts) -> dict[tuple[int, str], Decimal]:
    """What each person earned in each fiscal year, from July to June."""
    rows = duckdb.sql(f"""
        SELECT year(OrderDate + INTERVAL 6 MONTH), EmployeeKey::VARCHAR, sum(SalesAmount)
        FROM read_csv('{adventureworks}/FactResellerSales.csv', nullstr = 'NULL',
                      types = {{'SalesAmount': 'DECIMAL(18,4)'}}) GROUP BY ALL""").fetchall()
    return {
        (year, rep): (sold * rates.get(rep, Decimal(0))).quantize(CENT, ROUND_HALF_UP)
        for year, rep, sold in rows
    }


def bounds(session: Session, year: int) -> tuple[date, date]:
    period = calendar_of(session).named(f"FY{year}")
    return period.start, period.end


@pytest.mark.parametrize("year", YEARS)
def test_every_commission_to_the_cent(
    year: int, real: Session, expected: dict[tuple[int, str], Decimal], rates: Amounts
) -> None:
    found = run(real, OWNER, *bounds(real, year))
    assert found.problems == ()
    lines = found.lines.to_pylist()
    ours = {line["rep"]: line["amount"] for line in lines}
    assert len(ours) == len(lines)
    theirs = {rep: amount for (y, rep), amount in expected.items() if y == year}
    assert {rep for rep, amount in theirs.items() if amount} <= set(ours)
    assert ours == {rep: theirs.get(rep, Decimal(0)) for rep in ours}
    assert sum(ours.values()) == YEARS[year]
    assert len(rates) == 17


def test_the_parts_of_the_orders_add_up_to_each_line(real: Session) -> None:
    found = run(real, OWNER, *bounds(real, 2019))
    parts: defaultdict[str, Decimal] = defaultdict(Decimal)
    for row in found.trace.to_pylist():
        parts[row["line_id"]] += row["earned"]
    assert {line["line_id"]: line["amount"] for line in found.lines.to_pylist() if line["amount"]} == {
        key: amount for key, amount in parts.items() if amount
    }
    assert len([amount for amount in parts.values() if amount]) == 12


@pytest.mark.parametrize("rep", ["281", "290"])
def test_one_person_alone_gets_the_same(rep: str, real: Session) -> None:
    start, end = bounds(real, 2019)
    whole = run(real, OWNER, start, end).lines.to_pylist()
    alone = run(real, Viewer(rep, frozenset({"rep"})), start, end).lines.to_pylist()
    assert alone == [line for line in whole if line["rep"] == rep]
    assert len(alone) == 1


def test_the_same_from_two_plain_files(
    adventureworks: Path, project: Path, expected: dict[tuple[int, str], Decimal], rates: Amounts
) -> None:
    plan = (project / "examples" / "adventureworks" / "commission.toml").read_text(encoding="utf-8")
    on = [
        f'[[assignments]]\nrep = "{rep}"\nfrom = 2017-07-01\nrate = "{rate}"\ncurrency = "USD"\n'
        for rep, rate in sorted(rates.items())
    ]
    rows = duckdb.sql(f"""
        SELECT EmployeeKey::VARCHAR, OrderDate::DATE, sum(SalesAmount), SalesOrderNumber
        FROM read_csv('{adventureworks}/FactResellerSales.csv', nullstr = 'NULL',
                      types = {{'SalesAmount': 'DECIMAL(18,4)'}}) GROUP BY ALL""").fetchall()
    text = "\n".join(["rep,date,amount,id", *(",".join(map(str, row)) for row in rows)])
    paid = pay(plan + "\n" + "\n".join(on), "commission.toml", text, "orders.csv")
    assert paid.problems == ()
    ours = {
        (line["period_end"].year, line["rep"]): line["amount"]
        for line in paid.run.lines.to_pylist()
        if line["amount"]
    }
    assert ours == {key: amount for key, amount in expected.items() if amount}


def test_the_mapping_carries_the_plan_of_the_file(project: Path) -> None:
    folder = project / "examples" / "adventureworks"
    mapping = tomllib.loads((folder / "mapping.toml").read_text(encoding="utf-8"))
    (table,) = [table for table in mapping["tables"] if table["fills"] == "plans"]
    text = (folder / "commission.toml").read_text(encoding="utf-8")
    assert table["columns"]["terms"]["value"] == text
    assert len(plan_of(text).cases) == 2
