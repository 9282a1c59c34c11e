"""A draft beside the plan in force, on the demo company."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from fractions import Fraction

import numpy as np
import pytest

from compensation.plan.model import Accumulate, Plan
from compensation.plan.reading import plan_of
from compensation.what_if.sliders import moved, sliders
from planning.plans import plan_drafts
from planning.refusals import Refused
from tests.small_demo import small_demo
from tests.support import session_of
from warehouse.access import OWNER, AccessDenied, Viewer
from warehouse.database import Database, open_database
from warehouse.engine import Session
from workflows.pay.inputs import book
from workflows.pay.run import run
from workflows.what_if import DRAFT, NOW, WhatIf, before, keep, plan_now, what_if
from workflows.what_if_past import NothingToTry, attainments, span

TIME = datetime(2026, 6, 1, tzinfo=UTC)
FEW = {"draws": 800}
REP = Viewer("R024", frozenset({"rep"}))
ADMIN = Viewer("admin", frozenset({"compensation_admin"}))


@pytest.fixture(scope="module")
def session(tmp_path_factory: pytest.TempPathFactory) -> Session:
    return session_of(small_demo(tmp_path_factory))


def draft(plan: Plan, path: str, value: str) -> Plan:
    slider = next(one for one in sliders(plan) if one.path == path)
    return plan_of(moved(plan.text, slider, Fraction(value)))


@pytest.fixture(scope="module")
def tried(session) -> WhatIf:
    """The healthy bonus of the enterprise plan at half of the rate instead of 41 %."""
    plan = plan_now(session, OWNER, "enterprise")
    return what_if(session, OWNER, draft(plan, "components.new_logo_bonus.times", "0.5"), assumptions=FEW)


def test_only_the_component_that_was_changed_pays_otherwise(tried) -> None:
    changed = {name for name, (now, then) in tried.replay.by_component.items() if now != then}
    assert changed == {"new_logo_bonus"}
    now, then = tried.replay.by_component["new_logo_bonus"]
    assert float(then / now) == pytest.approx(0.5 / 0.41, rel=1e-4)
    assert [change.path for change in tried.changes] == [("components", "new_logo_bonus", "times")]


def test_the_replay_of_the_plan_in_force_is_what_was_paid(session, tried) -> None:
    """On the quarters replayed, the enterprise plan's payouts of the store, to the cent."""
    plans = [plan for plan in book(session, OWNER)[0] if plan.id == "enterprise"]
    made = run(session, OWNER, tried.span.start, tried.span.end, book=plans)
    paid: dict[str, Decimal] = {}
    for row in made.lines.to_pylist():
        paid[row["rep"]] = paid.get(row["rep"], Decimal(0)) + row["amount"]
    ours: dict[str, Decimal] = {}
    for row in tried.replay.lines[NOW].to_pylist():
        ours[row["rep"]] = ours.get(row["rep"], Decimal(0)) + row["amount"]
    assert ours == paid


def test_people_sum_to_the_cost_and_gainers_come_first(tried) -> None:
    people = tried.people()
    assert sum(people["now"].to_pylist()) == tried.replay.cost[0]
    assert sum(people["draft"].to_pylist()) == tried.replay.cost[1]
    changes = people["change"].to_pylist()
    assert changes == sorted(changes, reverse=True)
    assert min(changes) >= 0, "nobody loses by a higher rate"


def test_nobody_loses_by_a_higher_rate_in_any_draw(tried) -> None:
    simulated = tried.simulation
    assert (simulated.difference(DRAFT, NOW) > 0).all()
    assert not simulated.less[DRAFT].any()
    assert tried.people()["share_less"].to_pylist() == [0.0] * tried.people().num_rows


def test_the_simulation_is_near_the_replay(tried) -> None:
    """Chance moves it, and accelerators make chance dear; but it is the same plan over the same sales."""
    now = float(tried.replay.cost[0])
    assert tried.simulation.outcomes[NOW].mean == pytest.approx(now, rel=0.25)


def test_what_is_assumed_is_said(tried) -> None:
    assumed = tried.assumptions
    assert (assumed.draws, assumed.source("draws")) == (800, "given")
    assert (assumed.source("spread"), assumed.source("market"), assumed.source("floor")) == ("estimated",) * 3
    assert assumed.source("growth") == "default"
    assert assumed.quarters >= 8


def test_drafts_that_change_nothing_differ_by_nothing(session, tried) -> None:
    same = what_if(session, OWNER, tried.plan, assumptions=FEW)
    assert not same.simulation.difference(DRAFT, NOW).any()
    assert same.replay.cost[0] == same.replay.cost[1]
    assert not same.changes


def test_several_drafts_can_be_tried_on_one_past(session, tried) -> None:
    found = before(session, OWNER, tried.plan)
    again = what_if(session, OWNER, tried.draft, assumptions=FEW, found=found)
    assert np.array_equal(again.simulation.outcomes[DRAFT].cost, tried.simulation.outcomes[DRAFT].cost)
    runs = len(found.runs)
    what_if(session, OWNER, tried.draft, assumptions=FEW, found=found)
    assert len(found.runs) == runs, "nothing is calculated twice"


def test_a_draw_is_left_out_of_the_simulation_and_named(session) -> None:
    plan = plan_now(session, OWNER, "commercial")
    assert what_if(session, OWNER, plan, assumptions=FEW).left_out == ("draw",)


def test_a_leaders_bonus_moves_with_the_team(session) -> None:
    plan = plan_now(session, OWNER, "leadership")
    found = what_if(session, OWNER, draft(plan, "components.team_bonus.curve.0.0", "0.8"), assumptions=FEW)
    assert (found.simulation.difference(DRAFT, NOW) <= 0.01).all()
    assert found.simulation.more[DRAFT].max() == 0
    assert found.simulation.less[DRAFT].max() > 0


def test_days_can_be_chosen_and_are_made_whole_quarters(session, tried) -> None:
    first = tried.span.quarters[1]
    found = what_if(session, OWNER, tried.draft, start=first.start, end=first.end, assumptions=FEW)
    assert [period.id for period in found.span.quarters] == [first.id]
    assert found.replay.cost[0] < tried.replay.cost[0]


def test_a_plan_to_date_is_tried_from_the_years_first_day(session, tried) -> None:
    part = replace(tried.plan.components[0], accumulate=Accumulate.YEAR)
    to_date = replace(tried.plan, components=(part,))
    found = span(session, (to_date,))
    assert found.start == found.years[0].start
    assert len(found.quarters) >= 4


def test_a_plan_that_is_not_in_force_has_nothing_to_be_compared_with(session, tried) -> None:
    with pytest.raises(NothingToTry, match="“other”"):
        what_if(session, OWNER, replace(tried.draft, id="other"))


def test_who_does_not_see_everybodys_pay_tries_nothing(session, tried) -> None:
    with pytest.raises(AccessDenied):
        what_if(session, REP, tried.draft)
    with pytest.raises(AccessDenied):
        before(session, REP, tried.draft)


def test_history_is_every_finished_quarter_of_everybody_with_a_quota(session, tried) -> None:
    history, credited = attainments(session, OWNER, tried.span.quarters)
    assert len(history.rep) == len(credited) == len(history.attainment)
    assert set(history.quarter.tolist()) == {0, 1, 2, 3}
    assert (history.attainment >= 0).all()


# Drafts ------------------------------------------------------------------------------------------


@pytest.fixture
def database(tmp_path) -> Database:
    return open_database(tmp_path, {})


def test_a_draft_is_kept_and_in_force_nowhere(session, tried, database) -> None:
    texts: Mapping[str, str] = {plan.id: plan.text for plan in book(session, OWNER)[0]}
    kept = keep(database, ADMIN, tried.draft.text, now=TIME)
    assert not kept.checked.problems or "case" in " ".join(kept.checked.problems).lower()
    assert [row.terms for row in plan_drafts(database)] == [tried.draft.text]
    assert {plan.id: plan.text for plan in book(session, OWNER)[0]} == texts


def test_a_draft_somebody_else_changed_is_not_overwritten(tried, database) -> None:
    kept = keep(database, ADMIN, tried.draft.text, now=TIME)
    first = kept.draft.made_at
    keep(
        database,
        ADMIN,
        "# other\n",
        now=datetime(2026, 6, 2, tzinfo=UTC),
        draft_id=kept.draft.draft_id,
        seen=first,
    )
    with pytest.raises(Refused):
        keep(database, ADMIN, tried.draft.text, now=TIME, draft_id=kept.draft.draft_id, seen=first)


def test_only_who_runs_pay_keeps_drafts(tried, database) -> None:
    for viewer in (REP, Viewer("boss", frozenset({"executive"}))):
        with pytest.raises(AccessDenied):
            keep(database, viewer, tried.draft.text, now=TIME)
    assert not plan_drafts(database)
