"""Attainment on real data against queries over the raw files, written without the project's tables.

The pinned numbers were computed by these queries once; both the queries and the pins must hold.
"""

from __future__ import annotations

import csv
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import pytest

from metrics.ask import ask
from metrics.catalogue import METRICS
from metrics.peers import ranking
from metrics.periods import calendar_of, view_of
from metrics.remarks import small_quotas
from warehouse.access import OWNER, Viewer
from warehouse.engine import Session, base

AS_OF = date(2020, 5, 31)
MONTHLY = (("measure", "monthly_target"),)


@pytest.fixture(scope="module")
def raw(adventureworks: Path) -> duckdb.DuckDBPyConnection:
    """The raw files as tables: sales, quotas by calendar quarter, and monthly targets in dollars."""
    connection = duckdb.connect()
    connection.execute(f"""
        CREATE TABLE sales AS SELECT SalesOrderNumber AS number, OrderDate AS day, EmployeeKey AS rep,
          SalesTerritoryKey AS territory, ProductKey AS product, SalesAmount::DECIMAL(18, 4) AS amount
        FROM read_csv('{adventureworks}/FactResellerSales.csv', nullstr = 'NULL',
                      types = {{'SalesAmount': 'DECIMAL(18,4)'}});
        CREATE TABLE keyed AS SELECT column1 AS rep, column2 AS datekey, column5::DECIMAL(18, 4) AS amount
        FROM read_csv('{adventureworks}/dw_FactSalesQuota.psv', delim = '|', header = false,
                      types = {{'column5': 'DECIMAL(18,4)'}});
        -- The twelve distinct keys, in order, are the calendar quarters from 2017Q3 on.
        CREATE TABLE quotas AS SELECT k.rep, k.amount, DATE '2017-07-01' + INTERVAL (3 * (n.place - 1)) MONTH AS start
        FROM keyed k JOIN (SELECT datekey, dense_rank() OVER (ORDER BY datekey) AS place
                           FROM (SELECT DISTINCT datekey FROM keyed)) n USING (datekey);
    """)
    text = (adventureworks / "MS_ResellerSalesTargets.csv").read_text(encoding="utf-16")
    people = dict(_people(adventureworks))
    targets = [
        (people[row[1]], date(int(row[0]), month, 1), Decimal(row[month + 1]) * 1000)
        for row in (_quoted(line) for line in text.splitlines()[1:])
        for month in range(1, 13)
        if row[month + 1] != "-"
    ]
    connection.execute("CREATE TABLE targets (rep BIGINT, month DATE, amount DECIMAL(18, 4))")
    connection.executemany("INSERT INTO targets VALUES (?, ?, ?)", targets)
    return connection


def _quoted(line: str) -> list[str]:
    return [cell.replace(",", "").strip() for cell in next(csv.reader([line]))]


def _people(folder: Path) -> list[tuple[str, int]]:
    lines = (folder / "dw_DimEmployee.psv").read_text(encoding="utf-8", errors="replace").splitlines()
    fields = [line.split("|") for line in lines]
    return [(f[3], int(f[1])) for f in fields if f[27] == "Sales"]


def asked(session: Session, name: str, by: list[str], period: str, **more: Any) -> dict[Any, dict[str, Any]]:
    view = view_of(calendar_of(session), period, AS_OF, **more)
    found = ask(METRICS[name], by, view=view, session=session, viewer=OWNER).to_pylist()
    return {tuple(row[key] for key in by): row for row in found}


def test_every_cent_of_every_order_arrives(real: Session, raw: duckdb.DuckDBPyConnection) -> None:
    ((amount, orders),) = raw.execute("SELECT sum(amount), count(DISTINCT number) FROM sales").fetchall()
    assert (amount, orders) == (Decimal("77548570.2000"), 3616)
    found = asked(real, "credited", [], "2017-07-01..2020-06-30")
    assert found[()]["credited"] == Decimal("77548570.20")
    assert real.version.rows("opportunities") == 3616


def test_all_rep_quarters_of_the_quarterly_quota(real: Session, raw: duckdb.DuckDBPyConnection) -> None:
    expected = raw.execute("""
        WITH s AS (SELECT rep, date_trunc('quarter', day)::DATE AS start, sum(amount) AS amount FROM sales GROUP BY ALL)
        SELECT q.rep::VARCHAR, q.start::DATE, coalesce(s.amount, 0), q.amount
        FROM quotas q LEFT JOIN s ON s.rep = q.rep AND s.start = q.start""").fetchall()
    assert len(expected) == 163
    found = asked(real, "quota_attainment", ["rep", "quarter"], "2017-07-01..2020-06-30")
    names = {p.start: p.id for p in calendar_of(real).all("quarter")}
    ours = {key: (row["top"], row["bottom"]) for key, row in found.items() if row["bottom"] is not None}
    assert ours == {(rep, names[start]): (top, bottom) for rep, start, top, bottom in expected}


def test_all_rep_months_of_the_monthly_target(real: Session, raw: duckdb.DuckDBPyConnection) -> None:
    # People with reports carry a number for their team; everybody else one of their own.
    expected = raw.execute("""
        SELECT rep::VARCHAR, month, amount FROM targets
        WHERE rep NOT IN (272, 277, 290, 294) AND month BETWEEN '2017-07-01' AND '2020-06-30'""").fetchall()
    found = asked(real, "quota", ["rep", "month"], "2017-07-01..2020-06-30", where=MONTHLY)
    names = {p.start: p.id for p in calendar_of(real).all("month")}
    ours = {key: row["quota"] for key, row in found.items()}
    assert ours == {(rep, names[month]): amount for rep, month, amount in expected}


@pytest.mark.parametrize(
    ("rep", "quarter", "sold", "quota"),
    [
        ("281", "FY2018-Q1", "304755.49", "367000"),
        ("290", "FY2020-Q4", "2456.79", "1000"),
        ("272", "FY2020-Q4", "139815.25", "187000"),
        ("291", "FY2020-Q3", "778979.74", "883000"),
    ],
)
def test_pinned_rep_quarters(
    real: Session, raw: duckdb.DuckDBPyConnection, rep: str, quarter: str, sold: str, quota: str
) -> None:
    row = asked(real, "quota_attainment", ["rep"], quarter)[(rep,)]
    period = calendar_of(real).named(quarter)
    (top,) = raw.execute(
        "SELECT sum(amount) FROM sales WHERE rep = ? AND day >= ? AND day < ?",
        [int(rep), period.start, period.end],
    ).fetchone()
    (bottom,) = raw.execute(
        "SELECT amount FROM quotas WHERE rep = ? AND start = ?", [int(rep), period.start]
    ).fetchone()
    assert (row["top"], row["bottom"]) == (top, bottom)
    assert (row["top"], row["bottom"]) == (Decimal(sold), Decimal(quota))


def test_a_territory_and_the_company_by_year(real: Session, raw: duckdb.DuckDBPyConnection) -> None:
    (canada,) = raw.execute(
        "SELECT sum(amount) FROM sales WHERE territory = 6 AND day BETWEEN '2018-07-01' AND '2019-06-30'"
    ).fetchone()
    assert (
        asked(real, "credited", ["territory"], "FY2019")[("6",)]["credited"]
        == canada
        == Decimal("5627350.71")
    )
    (company,) = raw.execute(
        "SELECT sum(amount) FROM sales WHERE day BETWEEN '2018-07-01' AND '2019-06-30'"
    ).fetchone()
    (target,) = raw.execute(
        "SELECT sum(amount) FROM quotas WHERE start BETWEEN '2018-07-01' AND '2019-06-30'"
    ).fetchone()
    row = asked(real, "quota_attainment", [], "FY2019")[()]
    assert (row["top"], row["bottom"]) == (company, target) == (Decimal("27979779.5300"), target)


def test_the_vice_president_has_a_target_and_no_own_sales(
    real: Session, raw: duckdb.DuckDBPyConnection
) -> None:
    (sold,) = raw.execute(
        "SELECT sum(amount) FROM sales WHERE day BETWEEN '2018-07-01' AND '2019-06-30'"
    ).fetchone()
    (target,) = raw.execute(
        "SELECT sum(amount) FROM targets WHERE rep = 277 AND month BETWEEN '2018-07-01' AND '2019-06-30'"
    ).fetchone()
    row = asked(real, "quota_attainment", ["manager"], "FY2019", where=MONTHLY)[("277",)]
    assert (row["top"], row["bottom"]) == (sold, target) == (Decimal("27979779.5300"), Decimal(24600000))
    # As a seller he is not there at all, rather than at 0 %.
    assert ("277",) not in asked(real, "quota_attainment", ["rep"], "FY2019", where=MONTHLY)


def test_a_manager_sees_the_own_team_and_nobody_else(real: Session) -> None:
    view = view_of(calendar_of(real), "FY2020", AS_OF)
    alberts = Viewer("290", frozenset({"rep", "manager"}))
    found = ask(METRICS["quota_attainment"], ["rep"], view=view, session=real, viewer=alberts)
    assert found["rep"].to_pylist() == ["290", "291", "292", "295"]


def test_the_quarter_that_is_not_over_is_in_progress(real: Session) -> None:
    period = calendar_of(real).named("FY2020-Q4")
    assert period.state(AS_OF) == "in_progress"
    assert (AS_OF - period.start).days + 1 == 61
    assert period.length == 91
    row = asked(real, "run_rate_attainment_linear", [], "FY2020-Q4")[()]
    whole = asked(real, "quota_attainment", [], "FY2020-Q4")[()]
    assert float(row["bottom"]) == pytest.approx(float(whole["bottom"]) * 61 / 91, abs=0.01)


def test_the_quota_of_a_thousand_is_remarked_and_not_ranked(real: Session) -> None:
    view = view_of(calendar_of(real), "FY2020-Q4", AS_OF)
    small = small_quotas(view, real, OWNER)
    assert "290" in small
    places = ranking(
        METRICS["quota_attainment"],
        view=view,
        session=real,
        viewer=OWNER,
        eligible=lambda row: row["rep"] not in small,
    )
    alberts = next(row for row in places.rows if row.rep == "290")
    assert alberts.rank is None
    assert alberts.value == pytest.approx(2.45679)
    assert places.rows[0].rep != "290"


def test_commission_rates_came_along(real: Session, adventureworks: Path) -> None:
    lines = (adventureworks / "oltp_SalesPerson.tsv").read_text(encoding="utf-8").splitlines()
    rates = sorted(Decimal(line.split("\t")[4]) for line in lines)
    rows = real.run(base("plan_assignments").select("rep_id", "rate"))
    assert sorted(rows["rate"].to_pylist()) == rates
