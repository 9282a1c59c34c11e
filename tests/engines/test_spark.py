"""Attainment on Spark over the same parts gives the same answers as DuckDB, with no change in metrics."""

from __future__ import annotations

import pytest

from metrics.ask import ask
from metrics.catalogue import METRICS
from metrics.periods import calendar_of, view_of
from tests.metrics.small_company import AS_OF, small_company
from tests.support import session_of
from warehouse.access import OWNER, Viewer

QUESTIONS = [
    ("quota_attainment", ("rep",), OWNER),
    ("quota_attainment", ("rep", "quarter"), OWNER),
    ("quota_attainment", ("manager",), OWNER),
    ("run_rate_attainment", ("team",), OWNER),
    ("reps_at_quota", (), OWNER),
    ("quota_attainment", ("rep",), Viewer("mia", frozenset({"manager", "rep"}))),
]


@pytest.fixture(scope="module")
def stores(tmp_path_factory: pytest.TempPathFactory):
    root = tmp_path_factory.mktemp("spark") / "store"
    return small_company(root), session_of(root, "spark")


@pytest.mark.parametrize(("name", "by", "viewer"), QUESTIONS)
def test_same_answer_on_both(stores, name: str, by: tuple[str, ...], viewer: Viewer) -> None:
    duck, spark = stores
    period = "FY2026-Q1" if by == ("rep",) else "FY2026-Q2"
    view = view_of(calendar_of(duck), period, AS_OF, where=(("region", "West"),) if by == ("rep",) else ())
    one = ask(METRICS[name], by, view=view, session=duck, viewer=viewer)
    other = ask(METRICS[name], by, view=view, session=spark, viewer=viewer)
    assert one.num_rows > 0
    assert one.schema.names == other.schema.names
    assert one.to_pylist() == other.to_pylist()


def test_values_are_quoted_for_spark(stores) -> None:
    _, spark = stores
    view = view_of(calendar_of(spark), "FY2026-Q1", AS_OF, where=(("team", "Mia's team"),))
    found = ask(METRICS["credited"], ["team"], view=view, session=spark, viewer=OWNER).to_pylist()
    assert [row["team"] for row in found] == ["Mia's team"]
    odd = view_of(calendar_of(spark), "FY2026-Q1", AS_OF, where=(("team", "a\\' OR 1=1 --"),))
    assert ask(METRICS["credited"], ["team"], view=odd, session=spark, viewer=OWNER).num_rows == 0
