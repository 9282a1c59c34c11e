"""The metric of docs/adding-a-metric.md, made from the page's own code and checked as the page says."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from metrics.ask import ask, records
from metrics.base import Metric
from metrics.periods import calendar_of, view_of
from metrics.view import View
from tests.metrics.small_company import small_company
from tests.metrics.test_check_queries import query
from warehouse.access import OWNER
from warehouse.engine import Session


@pytest.fixture(scope="module")
def page(project: Path) -> str:
    return (project / "docs" / "adding-a-metric.md").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def session(tmp_path_factory: pytest.TempPathFactory) -> Session:
    return small_company(tmp_path_factory.mktemp("small") / "store")


@pytest.fixture(scope="module")
def metric(page: str) -> Metric:
    names: dict[str, Any] = {}
    (code,) = re.findall(r"```python\n(.*?)```", page, flags=re.DOTALL)
    exec(code, names)  # noqa: S102 - the page's own code is what is tested
    return names["shared_share"]


@pytest.fixture(scope="module")
def quarter(session: Session) -> View:
    return view_of(calendar_of(session), "FY2026-Q1", session.version.as_of)


def test_the_golden_case_is_what_the_metric_says(page: str, metric: Metric, session: Session, quarter: View):
    table = re.findall(r"^\| (\w+) \| ([\d.]+) \| ([\d.]+) \| ([\d.]+) % \|$", page, flags=re.MULTILINE)
    found = ask(metric, ["rep"], view=quarter, session=session, viewer=OWNER).to_pylist()
    said = [
        (row["rep"], float(row["top"]), float(row["bottom"]), f"{100 * row['shared_share']:.1f}")
        for row in found
    ]
    assert said == [(rep, float(top), float(bottom), share) for rep, top, bottom, share in table]


def test_the_second_query_agrees_and_the_first_does_not(
    page: str, metric: Metric, session: Session, quarter: View, tmp_path: Path
):
    ours = {
        (row["rep"], row["quarter"]): (row["top"], row["bottom"])
        for row in ask(metric, ["rep", "quarter"], view=quarter, session=session, viewer=OWNER).to_pylist()
    }
    first, second = re.findall(r"```sql\n(.*?)```", page, flags=re.DOTALL)
    agrees = []
    for text in (first, second):
        path = tmp_path / "query.sql"
        path.write_text(text, encoding="utf-8")
        theirs = {(row[0], row[1]): (row[2], row[3]) for row in query(session, path, quarter)}
        agrees.append(theirs == ours)
    assert agrees == [False, True]


def test_its_records_are_the_shared_credits(metric: Metric, session: Session, quarter: View):
    found = records(metric, view=quarter, session=session, viewer=OWNER).to_pylist()
    assert {(row["rep_id"], row["opportunity_id"]) for row in found} == {("ann", "D2"), ("bob", "D2")}
