"""The demo company's plans: text that reads, whose cases hold, and that says what its tables say."""

from __future__ import annotations

from datetime import date

import pyarrow as pa
import pytest

from compensation.calculate import calculate
from compensation.plan.cases import failures
from compensation.plan.model import OPEN_END, Plan
from compensation.plan.reading import plan_of
from connectors.demo import draw, truths
from connectors.demo.axis import Axis
from connectors.demo.company import DEFAULT_AS_OF
from connectors.demo.outcomes import component_starts

DAYS = [DEFAULT_AS_OF, date(2024, 2, 1), date(2028, 2, 29)]


@pytest.fixture(scope="module", params=DAYS, ids=str)
def tables(request: pytest.FixtureRequest) -> dict[str, pa.Table]:
    return draw(7, 2_000, request.param, only=("plans", "plan_components", "plan_assignments"))


@pytest.fixture(scope="module")
def plans(tables: dict[str, pa.Table]) -> list[Plan]:
    return [plan_of(row["terms"]) for row in tables["plans"].to_pylist()]


def test_every_text_says_what_its_row_says(tables: dict[str, pa.Table], plans: list[Plan]) -> None:
    said = [(plan.id, plan.version, plan.name, plan.valid_from) for plan in plans]
    assert said == [
        (row["plan_id"], row["version"], row["name"], row["valid_from"])
        for row in tables["plans"].to_pylist()
    ]
    assert {plan.valid_to for plan in plans} == {OPEN_END}, "a later version ends an earlier one"


def test_every_plan_carries_cases_and_they_hold(plans: list[Plan]) -> None:
    assert min(len(plan.cases) for plan in plans) >= 1
    assert [problem for plan in plans for problem in failures(plan, calculate)] == []


def test_the_latest_version_has_the_components_of_the_table(
    tables: dict[str, pa.Table], plans: list[Plan]
) -> None:
    latest = {plan.id: plan for plan in plans}
    said = {
        (plan.id, each.id, each.name, each.group, each.period.value, float(each.weight))
        for plan in latest.values()
        for each in plan.components
    }
    rows = tables["plan_components"].to_pylist()
    assert {(plan, component, name, period, weight) for plan, component, name, _, period, weight in said} == {
        (row["plan_id"], row["component_id"], row["name"], row["period"], float(row["weight"]))
        for row in rows
    }
    groups = {(plan, component): group for plan, component, _, group, _, _ in said}
    assert all(row["kind"] in (groups[row["plan_id"], row["component_id"]], "commission") for row in rows)


def test_everybody_is_on_a_plan_for_their_role(tables: dict[str, pa.Table], plans: list[Plan]) -> None:
    ids = {plan.id for plan in plans}
    assert set(tables["plan_assignments"]["plan_id"].to_pylist()) == ids


def test_the_bonuses_reach_the_teams_on_the_day_the_deals_feel_it(
    tables: dict[str, pa.Table], plans: list[Plan]
) -> None:
    del tables
    axis_ = {plan.valid_from: plan for plan in plans if plan.version == 2}
    assert len(axis_) == 1
    for plan in (plan for plan in plans if plan.version == 2):
        first = min(plan.valid_from for plan in plans)
        axis = Axis(date(first.year + 5, 6, 17))
        assert axis.first == first
        for name, healthy in ((truths.HEALTHY_COMPONENT, True), (truths.DEAD_COMPONENT, False)):
            (component,) = [each for each in plan.components if each.id == name]
            starts = component_starts(axis, healthy=healthy)
            wanted = {
                team: axis.day(int(start))
                for team, start in zip(truths.TEAMS, starts, strict=True)
                if start < axis.length
            }
            assert dict(component.rollout) == wanted
            assert component.pilot == "staggered"
