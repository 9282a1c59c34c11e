"""Metrics of pay on Spark over the same parts give the same answers as DuckDB."""

from __future__ import annotations

import pytest

from metrics.ask import ask
from metrics.catalogue import METRICS
from metrics.periods import calendar_of, view_of
from tests.metrics.plan_return.paid_company import paid_company
from tests.metrics.small_company import AS_OF
from tests.support import session_of
from warehouse.access import OWNER

pytestmark = pytest.mark.long

QUESTIONS = [
    ("payout_cost", ("team",)),
    ("payout_index", ("component",)),
    ("eligible_earning", ("component",)),
    ("plan_credited", ("component",)),
    ("quota_to_ote", ("rep",)),
    ("compensation_cost_of_sales", ("manager",)),
    ("windfall_share", ("rep",)),
]


@pytest.fixture(scope="module")
def stores(tmp_path_factory: pytest.TempPathFactory):
    root = tmp_path_factory.mktemp("spark-pay") / "store"
    return paid_company(root), session_of(root, "spark")


@pytest.mark.parametrize(("name", "by"), QUESTIONS)
def test_same_answer_on_both(stores, name: str, by: tuple[str, ...]) -> None:
    duck, spark = stores
    view = view_of(calendar_of(duck), "FY2026-Q1", AS_OF)
    one = ask(METRICS[name], by, view=view, session=duck, viewer=OWNER)
    other = ask(METRICS[name], by, view=view, session=spark, viewer=OWNER)
    assert one.num_rows > 0
    assert one.schema.names == other.schema.names
    assert one.to_pylist() == other.to_pylist()
