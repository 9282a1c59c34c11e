"""Every metric against its hand-written query, on every store at hand."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import pytest

from metrics.ask import ask
from metrics.base import Unit
from metrics.catalogue import METRICS
from metrics.periods import calendar_of
from metrics.view import View
from warehouse.access import OWNER
from warehouse.engine import Session
from warehouse.tables import TABLES

QUERIES = Path(__file__).parent / "check_queries"
ELSEWHERE = {
    "over_assignment": "test_other_queries.py",  # by manager
    "headcount": "test_other_queries.py",  # a stock, not by quarter
    "attainment_spread": "test_other_queries.py",  # a report over reps
    "concentration": "test_other_queries.py",
}


def test_every_metric_has_a_check_query() -> None:
    written = {path.stem for path in QUERIES.glob("*.sql")}
    performance = {
        name for name, metric in METRICS.items() if not metric.pay
    }  # pay: tests/metrics/plan_return
    assert written | set(ELSEWHERE) == performance
    other = (Path(__file__).parent / "test_other_queries.py").read_text(encoding="utf-8")
    assert all(f"def test_{name}" in other for name in ELSEWHERE)


@pytest.mark.parametrize("name", sorted(path.stem for path in QUERIES.glob("*.sql")))
def test_metric_equals_its_query(name: str, checked: Session) -> None:
    calendar = calendar_of(checked)
    years = [p for p in calendar.all("year") if p.start <= checked.version.as_of]
    view = View(years[1].start, years[-1].end, checked.version.as_of)
    found = ask(METRICS[name], ["rep", "quarter"], view=view, session=checked, viewer=OWNER)
    ours = {(row["rep"], row["quarter"]): (row["top"], row["bottom"]) for row in found.to_pylist()}
    theirs = {(row[0], row[1]): (row[2], row[3]) for row in query(checked, QUERIES / f"{name}.sql", view)}
    assert ours.keys() == theirs.keys()
    wrong = {
        key: (ours[key], theirs[key]) for key in ours if not same(ours[key], theirs[key], METRICS[name].unit)
    }
    assert not wrong
    assert ours, "a store without a single row checks nothing"


def query(session: Session, path: Path, view: View) -> list[tuple[Any, ...]]:
    """Rows of a check query, on a connection of its own that knows only the parts."""
    connection = duckdb.connect()
    for table in TABLES:
        files = [str(session.root / part.path) for part in session.version.tables.get(table, ())]
        if files:
            connection.execute(f'CREATE VIEW "{table}" AS SELECT * FROM read_parquet({files})')
    text = path.read_text(encoding="utf-8")
    values = {"start": view.start, "end": view.end, "as_of": view.as_of}
    return connection.execute(text, {k: v for k, v in values.items() if f"${k}" in text}).fetchall()


def same(ours: tuple[Any, Any], theirs: tuple[Any, Any], unit: Unit) -> bool:
    return all(_close(a, b, unit) for a, b in zip(ours, theirs, strict=True))


def _close(a: Any, b: Any, unit: Unit) -> bool:
    if a is None or b is None:
        return a is None and b is None
    if isinstance(a, Decimal) and isinstance(b, Decimal):
        return a == b
    # The part of a quota that is due is rounded per month to 1/100 of a cent; everything else is exact.
    return abs(float(a) - float(b)) <= max(0.0002, 1e-9 * abs(float(b)))
