"""The shipped AdventureWorks mapping on the real files, against queries over the raw files.

The expected values come from DuckDB's own CSV reader and from the files' documentation, not from
the code under test.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import pytest

from connectors.files import load_mapping
from connectors.files.propose import propose
from connectors.files.validate import validate
from tests.connectors.files.loading import Loaded, load
from warehouse.engine import Session
from workflows.refresh import LoadReport

Row = Mapping[str, Any]
OPEN = date(9999, 12, 31)


@pytest.fixture(scope="module")
def landed(adventureworks: Path, project: Path, tmp_path_factory: pytest.TempPathFactory) -> Loaded:
    """What the mapping makes of the files, before any build."""
    folder = tmp_path_factory.mktemp("files")
    for path in adventureworks.iterdir():
        (folder / path.name).write_bytes(path.read_bytes())
    return load(load_mapping(project / "examples" / "adventureworks" / "mapping.toml"), folder)


def _raw(folder: Path, query: str) -> list[tuple[Any, ...]]:
    """A query over the raw files: ``{file}`` stands for a file read as text."""
    with duckdb.connect() as connection:
        return connection.execute(
            query.replace("$sales", f"read_csv('{folder}/FactResellerSales.csv', all_varchar=true)")
        ).fetchall()


def test_nothing_is_set_aside_and_nothing_doubted(landed: Loaded) -> None:
    assert landed.sentences == []


def test_every_order_arrives_to_the_cent(landed: Loaded, adventureworks: Path) -> None:
    expected = _raw(
        adventureworks,
        "SELECT SalesOrderNumber, sum(SalesAmount::DECIMAL(18,4)), min(OrderDate)::DATE, min(EmployeeKey), "
        "min(SalesTerritoryKey), min(ResellerKey) FROM $sales GROUP BY 1 ORDER BY 1",
    )
    rows = landed.tables["opportunities"]
    ours = sorted(
        (r["opportunity_id"], r["amount"], r["close_on"], r["owner_id"], r["territory_id"], r["account_id"])
        for r in rows
    )
    assert ours == expected
    assert len(ours) == 3616
    assert sum(row["amount"] for row in rows) == Decimal("77548570.20")
    assert all(row["is_won"] and row["is_closed"] and row["currency"] == "USD" for row in rows)


def test_every_line_arrives(landed: Loaded, adventureworks: Path) -> None:
    ((lines, quantity, amount, cost, without),) = _raw(
        adventureworks,
        "SELECT count(*), sum(OrderQuantity::INT), sum(SalesAmount::DECIMAL(18,4)), "
        "sum(nullif(TotalProductCost, 'NULL')::DECIMAL(18,4)), count(*) FILTER (TotalProductCost = 'NULL') FROM $sales",
    )
    rows = landed.tables["opportunity_lines"]
    assert len(rows) == len({row["line_id"] for row in rows}) == lines == 57_851
    assert sum(row["quantity"] for row in rows) == quantity
    assert sum(row["amount"] for row in rows) == amount == Decimal("77548570.20")
    assert sum(row["cost"] for row in rows if row["cost"] is not None) == cost
    assert sum(row["cost"] is None for row in rows) == without == 76


def test_the_eighteen_people_of_sales_and_their_managers(landed: Loaded) -> None:
    reps = {row["rep_id"]: row for row in landed.tables["reps"]}
    assert len(reps) == 18
    assert (reps["281"]["hire_date"], reps["281"]["role"], reps["281"]["active"]) == (
        date(2017, 6, 29),
        "account_executive",
        True,
    )
    boss = {row["rep_id"]: row["manager_id"] for row in landed.tables["assignments"]}
    assert {rep for rep, manager in boss.items() if manager == "290"} == {"291", "292", "295"}
    assert {rep for rep, manager in boss.items() if manager == "277"} == {"272", "290", "294"}
    assert {rep for rep, manager in boss.items() if manager == "294"} == {"296"}
    assert boss["277"] == "unassigned"
    assert len(boss) == 18


def test_who_held_which_territory_from_when_to_when(landed: Loaded) -> None:
    held = {
        (row["rep_id"], row["territory_id"], row["valid_from"], row["valid_to"])
        for row in landed.tables["assignments"]
        if row["territory_id"] != "unassigned"
    }
    first = date(2017, 7, 1)
    assert held == {
        ("281", "2", first, date(2019, 1, 1)),
        ("281", "3", date(2019, 1, 1), OPEN),
        ("282", "4", first, OPEN),
        ("283", "3", first, date(2019, 1, 1)),
        ("283", "2", date(2019, 1, 1), OPEN),
        ("284", "6", first, OPEN),
        ("285", "5", first, OPEN),
        ("286", "1", first, date(2018, 11, 1)),
        ("287", "4", first, OPEN),
        ("288", "6", first, date(2018, 7, 1)),
        ("288", "10", date(2018, 7, 1), OPEN),
        ("289", "1", first, OPEN),
        ("293", "1", date(2018, 11, 1), OPEN),
        ("296", "9", date(2019, 7, 1), OPEN),
        ("295", "8", date(2019, 7, 1), OPEN),
        ("291", "6", date(2018, 7, 1), OPEN),
        ("292", "7", date(2018, 7, 1), OPEN),
    }


def test_nobody_sells_before_having_a_manager_or_after(landed: Loaded) -> None:
    """Each sale falls into exactly one assignment of its rep."""
    spans: dict[str, list[Row]] = {}
    for row in landed.tables["assignments"]:
        spans.setdefault(row["rep_id"], []).append(row)
    for deal in landed.tables["opportunities"]:
        found = [s for s in spans[deal["owner_id"]] if s["valid_from"] <= deal["close_on"] < s["valid_to"]]
        assert len(found) == 1, deal


def test_the_quarterly_quotas_are_twelve_quarters(landed: Loaded, adventureworks: Path) -> None:
    lines = (adventureworks / "dw_FactSalesQuota.psv").read_text().splitlines()
    keys = sorted({line.split("|")[2] for line in lines})
    quarters = [date(2017 + (6 + 3 * n) // 12, (6 + 3 * n) % 12 + 1, 1) for n in range(13)]
    expected = set()
    for fields in (line.split("|") for line in lines):
        place = keys.index(fields[2])
        expected.add((fields[1], quarters[place], quarters[place + 1], Decimal(fields[5]), "rep"))
    rows = [row for row in landed.tables["quotas"] if row["measure"] == "quarterly_quota"]
    assert {
        (r["rep_id"], r["period_start"], r["period_end"], r["amount"], r["scope"]) for r in rows
    } == expected
    assert len(rows) == len(expected) == 163


def test_the_monthly_targets_in_dollars(landed: Loaded, adventureworks: Path) -> None:
    people = {}
    for fields in (
        line.split("|")
        for line in (adventureworks / "dw_DimEmployee.psv").read_text(encoding="utf-8").splitlines()
    ):
        if fields[27] == "Sales":
            people[fields[3]] = fields[1]
    expected = {}
    for line in (
        (adventureworks / "MS_ResellerSalesTargets.csv").read_text(encoding="utf-16").splitlines()[1:]
    ):
        year, person, *months = line.split(",")
        for month, amount in enumerate(months, start=1):
            if amount != "-":
                expected[people[person], date(int(year), month, 1)] = Decimal(amount) * 1000
    rows = [row for row in landed.tables["quotas"] if row["measure"] == "monthly_target"]
    assert {(r["rep_id"], r["period_start"]): r["amount"] for r in rows} == expected
    assert len(rows) == len(expected)
    assert {r["rep_id"] for r in rows if r["scope"] == "team"} == {"272", "277", "290", "294"}
    assert {r["rep_id"] for r in rows if r["scope"] == "rep"}.isdisjoint({"272", "277", "290", "294"})


def test_the_commission_rates(landed: Loaded) -> None:
    rates = {row["rep_id"]: (row["rate"], row["valid_from"]) for row in landed.tables["plan_assignments"]}
    assert len(rates) == 17
    assert rates["291"] == (Decimal("0.02"), date(2018, 7, 1))
    assert rates["281"] == (Decimal("0.012"), date(2017, 7, 1))
    assert rates["272"][0] == 0


def test_territories_products_and_resellers(landed: Loaded) -> None:
    places = {row["territory_id"]: (row["name"], row["region_id"]) for row in landed.tables["territories"]}
    assert len(places) == 10
    assert places["10"] == ("United Kingdom", "Europe")
    assert len(landed.tables["accounts"]) == 701
    assert (
        next(row["region"] for row in landed.tables["accounts"] if row["account_id"] == "176") == "Saarland"
    )
    assert len(landed.tables["products"]) == 397


def test_the_day_and_the_settings(landed: Loaded) -> None:
    assert landed.as_of == date(2020, 5, 31)
    assert landed.settings["fiscal_start_month"] == 7
    assert [name for name, m in landed.settings["measures"].items() if m.get("default")] == [
        "quarterly_quota"
    ]


def test_the_published_version_holds_every_cent(
    loaded: tuple[Path, LoadReport], real: Session, adventureworks: Path
) -> None:
    """Through the build: the published parts, read without any of the project's code."""
    root, report = loaded
    paths = [str(root / part.path) for part in report.version.tables["opportunities"]]
    with duckdb.connect() as connection:
        got = connection.execute(
            "SELECT owner_id, sum(amount_reporting), count(*) FROM read_parquet($1) GROUP BY 1 ORDER BY 1",
            [paths],
        ).fetchall()
    expected = _raw(
        adventureworks,
        "SELECT EmployeeKey, sum(SalesAmount::DECIMAL(18,4)), count(DISTINCT SalesOrderNumber) FROM $sales GROUP BY 1 ORDER BY 1",
    )
    assert got == expected
    assert all(counts["set_aside"] == 0 for counts in report.counts.values())
    assert real.version.id == report.version.id


def test_a_dry_run_says_the_same(adventureworks: Path, project: Path, landed: Loaded) -> None:
    report = validate(load_mapping(project / "examples" / "adventureworks" / "mapping.toml"), adventureworks)
    assert report.possible
    assert report.issue_count == 0
    assert report.rows == {table: len(rows) for table, rows in landed.tables.items()}


def test_the_files_with_headers_are_understood_without_a_mapping(adventureworks: Path) -> None:
    names = ["FactResellerSales.csv", "MS_ResellerSalesTargets.csv", "Product.csv", "Resellers.csv"]
    found = propose(adventureworks, names)
    assert {guess.file: guess.role for guess in found.files} == dict(
        zip(names, ["sales", "quotas", "products", "accounts"], strict=True)
    )
    report = validate(found.mapping, adventureworks)
    assert report.rows["opportunities"] == 3616
    assert report.rows["quotas"] == 809
