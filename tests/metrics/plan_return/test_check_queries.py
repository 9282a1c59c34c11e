"""Every metric of pay against its hand-written query, on the paid company and on the demo company."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import pytest

from connectors.demo import truths
from metrics.ask import ask
from metrics.catalogue import METRICS
from metrics.periods import calendar_of
from metrics.view import View
from tests.metrics.plan_return.paid_company import OPEN
from warehouse.access import OWNER
from warehouse.engine import Session
from warehouse.tables import TABLES

QUERIES = Path(__file__).parent / "check_queries"
ELSEWHERE = {
    "payout_concentration": "test_other_queries.py",  # reports and studies over people
    "payout_distribution": "test_other_queries.py",
    "pay_for_performance": "test_other_queries.py",
    "bunching": "test_other_queries.py",
    "pull_forward": "test_other_queries.py",
    "windfall_share": "test_other_queries.py",
}
Opened = Sequence[tuple[Any, ...]]


def test_every_metric_of_pay_has_a_check_query() -> None:
    written = {path.stem for path in QUERIES.glob("[a-z]*.sql")}
    assert written | set(ELSEWHERE) == {name for name, metric in METRICS.items() if metric.pay}
    other = (Path(__file__).parent / "test_other_queries.py").read_text(encoding="utf-8")
    assert all(f"def test_{name}" in other for name in ELSEWHERE)


@pytest.mark.parametrize("company", ["paid", "demo"])
@pytest.mark.parametrize("name", sorted(path.stem for path in QUERIES.glob("[a-z]*.sql")))
def test_metric_equals_its_query(name: str, company: str, request: pytest.FixtureRequest) -> None:
    session: Session = request.getfixturevalue(company)
    view = everything(session)
    text = (QUERIES / f"{name}.sql").read_text(encoding="utf-8")
    by = text.splitlines()[0].removeprefix("-- by ").split(", ")
    found = ask(METRICS[name], by, view=view, session=session, viewer=OWNER).to_pylist()
    ours = {tuple(row[key] for key in by): (row["top"], row["bottom"]) for row in found}
    values = {"start": view.start, "end": view.end, "as_of": view.as_of}
    rows = plain(session).execute(text, {k: v for k, v in values.items() if f"${k}" in text}).fetchall()
    theirs = {row[: len(by)]: row[len(by) :] for row in rows}
    assert ours.keys() == theirs.keys()
    wrong = {key: (ours[key], theirs[key]) for key in ours if not same(ours[key], theirs[key])}
    assert not wrong
    assert ours, "a store without a single row checks nothing"


def everything(session: Session) -> View:
    """All the data's years."""
    years = [p for p in calendar_of(session).all("year") if p.start <= session.version.as_of]
    return View(years[1].start, years[-1].end, session.version.as_of)


def plain(session: Session) -> duckdb.DuckDBPyConnection:
    """A connection that knows only the parts, and what the queries stand on."""
    connection = duckdb.connect()
    for table in TABLES:
        files = [str(session.root / part.path) for part in session.version.tables.get(table, ())]
        if files:
            connection.execute(f'CREATE VIEW "{table}" AS SELECT * FROM read_parquet({files})')
    connection.execute(
        "CREATE TABLE opened (plan TEXT, component TEXT, role TEXT, team TEXT, first DATE, last DATE, weight DOUBLE, "
        "period TEXT, own BOOLEAN)"
    )
    rows = demo_opened(connection) if "demo" in session.version.sources else [(*row, True) for row in OPEN]
    connection.executemany("INSERT INTO opened VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)", rows)
    for name in ("_stakes", "_bases"):
        connection.execute((QUERIES / f"{name}.sql").read_text(encoding="utf-8"))
    return connection


def demo_opened(connection: duckdb.DuckDBPyConnection) -> Opened:
    """What is open to whom in the demo company, from docs/demo-company.md and not from the plans' texts."""
    first, second, end = date(2021, 2, 1), date(2022, 5, 1), date(9999, 12, 31)
    assert [row[0] for row in connection.execute("SELECT DISTINCT valid_from FROM plans ORDER BY 1").fetchall()] == [
        first, second,
    ]  # fmt: skip
    seller = "account_executive"
    rows: list[tuple[Any, ...]] = [
        ("leadership", "team_bonus", role, "", first, end, 1.0, "quarter", False)
        for role in ("manager", "vice_president", "chief_revenue_officer")
    ]
    rows.append(
        ("leadership", "overlay_commission", "product_specialist", "", first, end, 1.0, "month", True)
    )
    for plan, commission, period in (
        ("commercial", "field_commission", "month"), ("enterprise", "enterprise_commission", "quarter"),
    ):  # fmt: skip
        rows.append((plan, commission, seller, "", first, second, 1.0, period, True))
        rows.append((plan, commission, seller, "", second, end, 0.44, period, True))
        for number, team in enumerate(truths.TEAMS):
            for component, weight, quarters, wave in (
                ("new_logo_bonus", 0.11, (None, 7, 11, 15), truths.healthy_wave(number)),
                ("bundle_bonus", 0.45, (None, 5, 9, 13), truths.dead_wave(number)),
            ):
                if quarters[wave] is not None:
                    rows.append(
                        (
                            plan,
                            component,
                            seller,
                            team,
                            _quarter(quarters[wave]),
                            end,
                            weight,
                            "quarter",
                            True,
                        )
                    )
    rows.append(("enterprise", "accelerator", seller, "", first, end, 0.0, "quarter", True))
    return rows


def _quarter(number: int | None) -> date:
    """First day of a quarter, counted from February 2021."""
    assert number is not None
    months = 1 + 3 * number
    return date(2021 + months // 12, months % 12 + 1, 1)


def same(ours: tuple[Any, Any], theirs: tuple[Any, ...]) -> bool:
    return all(_close(a, b) for a, b in zip(ours, theirs, strict=True))


def _close(a: Any, b: Any) -> bool:
    if a is None or b is None:
        return a is None and b is None
    # What was at stake is rounded to 1/100 of a cent a row; payouts, credits and quotas are exact.
    if isinstance(b, float):
        return abs(float(a) - b) <= max(0.01, 1e-9 * abs(b))
    return bool(a == b)
