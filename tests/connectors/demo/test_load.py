"""Through the landing and the build: only what is wrong on purpose is named; size does not change that."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime
from pathlib import Path

import pyarrow.compute as pc
import pyarrow.parquet as pq

from connectors.demo import SETTINGS, DemoConnector
from connectors.demo.company import DEFAULT_AS_OF, Company
from connectors.demo.draw import stream
from connectors.demo.truths import FAULTS
from warehouse.settings import Settings
from warehouse.store import Store
from workflows.refresh import load

NOW = datetime(2026, 6, 17, 12, tzinfo=UTC)


def test_only_the_planted_problems_are_named(tmp_path: Path) -> None:
    store = Store.create(tmp_path / "store", "demo", NOW)
    report = load(DemoConnector(opportunities=4_000), store, Settings(), NOW)
    issues = pq.read_table(report.issues_path)
    found = Counter(zip(issues["code"].to_pylist(), issues["table"].to_pylist(), strict=True))
    assert found == Counter(FAULTS)
    assert report.version.as_of == DEFAULT_AS_OF
    assert report.version.settings["company"] == SETTINGS["company"]
    assert set(issues["file"].to_pylist()) == {
        "late deals.csv",
        "late deal lines.csv",
        "telephone log.csv",
        "quotas.csv",
    }


def test_a_larger_company_is_streamed_in_small_parts() -> None:
    """200,000 deals arrive to the last one, in monthly parts that stay far below the whole."""
    company = Company(11, 200_000, DEFAULT_AS_OF)
    deals, largest, ids = 0, 0, set()
    for name, rows in stream(company, only=("opportunities", "opportunity_lines")):
        if name == "opportunities":
            deals += rows.num_rows
            largest = max(largest, rows.num_rows)
            ids.add(pc.min(rows["opportunity_id"]).as_py())
            assert pc.count_distinct(rows["opportunity_id"]).as_py() == rows.num_rows
    assert deals == 200_000
    assert largest < 200_000 * 0.03
    assert len(ids) == len(company.months)
