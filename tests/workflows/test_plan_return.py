"""Verdicts of a store: rollouts, sales and cost joined, for those who may see everybody's pay."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import ibis
import pytest

from connectors.demo import truths
from metrics.evidence.verdict import Outcome
from metrics.evidence.words import sentence
from tests.small_demo import small_demo
from tests.support import NOW, session_of
from warehouse.access import OWNER, AccessDenied, Viewer
from warehouse.engine import Session, base
from workflows.demo import load_demo
from workflows.pay.inputs import book
from workflows.plan_return import ComponentVerdict, verdicts

DEAD, HEALTHY = truths.DEAD_COMPONENT, truths.HEALTHY_COMPONENT


@pytest.fixture(scope="module")
def session(tmp_path_factory: pytest.TempPathFactory) -> Session:
    return session_of(small_demo(tmp_path_factory))


@pytest.fixture(scope="module")
def found(session) -> dict[str, ComponentVerdict]:
    return {one.component: one for one in verdicts(session, OWNER)}


def test_every_component_of_every_plan_is_judged_once(session, found) -> None:
    named = {component.id for plan in book(session, OWNER)[0] for component in plan.components}
    assert set(found) == named
    assert found[DEAD].plans == ("commercial", "enterprise")


def test_dearest_first(session) -> None:
    costs = [one.verdict.money.cost for one in verdicts(session, OWNER)]
    assert costs == sorted(costs, reverse=True)


def test_the_rollout_of_the_plan_is_what_is_compared(found) -> None:
    for name in (DEAD, HEALTHY):
        sample = found[name].verdict.sample
        assert (sample.teams, sample.with_it, sample.periods) == (12, 9, 21)
        assert sample.left_out <= 2, "a small company has a team that sold nothing for a quarter"
        assert found[name].verdict.grade == "A"
        assert found[name].pilot == "staggered"


def test_nobody_is_accused_who_should_not_be(found) -> None:
    assert found[HEALTHY].verdict.outcome is not Outcome.COSTS
    accused = {name for name, one in found.items() if one.verdict.outcome is Outcome.COSTS}
    assert accused <= {DEAD}


def test_what_everybody_always_had_is_not_judged(found) -> None:
    for name in set(found) - {DEAD, HEALTHY}:
        assert found[name].verdict.outcome is Outcome.UNKNOWN
        assert found[name].verdict.grade == "E"


def test_cost_is_what_was_paid_in_finished_quarters(session, found) -> None:
    paid = base("payouts")
    paid = paid.filter(~paid.is_deleted, paid.earned_on < ibis.date("2026-05-01"))
    sums = paid.group_by("component_id").aggregate(cost=paid.amount_reporting.cast("float64").sum())
    for row in session.run(sums).to_pylist():
        cost = found[row["component_id"]].verdict.money.cost
        # Movers are paid for the team they left by the plan of the team they are in.
        assert cost == pytest.approx(row["cost"], rel=0.03), row["component_id"]


def test_a_margin_can_be_given(session, found) -> None:
    other = {one.component: one for one in verdicts(session, OWNER, margin=0.9)}
    mine, theirs = found[DEAD].verdict.break_even, other[DEAD].verdict.break_even
    assert mine is not None
    assert theirs is not None
    assert 0.3 < (found[DEAD].verdict.money.margin or 0) < 0.4
    assert theirs < mine


def test_undeclared_it_is_no_pilot(session) -> None:
    plans = [
        replace(plan, components=tuple(replace(c, pilot="") for c in plan.components))
        for plan in book(session, OWNER)[0]
    ]
    grades = {one.component: one.verdict.grade for one in verdicts(session, OWNER, plans=plans)}
    assert grades[DEAD] in {"B", "E"}
    assert grades[HEALTHY] in {"B", "E"}


def test_only_those_who_see_everybodys_pay_get_an_answer(session, found) -> None:
    for viewer in truths.DEMO_VIEWERS:
        who = Viewer(viewer.key, frozenset({viewer.role}))
        if viewer.role in {"rep", "manager"}:
            with pytest.raises(AccessDenied):
                verdicts(session, who)
        else:
            assert {one.component: one.verdict for one in verdicts(session, who)} == {
                name: one.verdict for name, one in found.items()
            }
    with pytest.raises(AccessDenied):
        verdicts(session, Viewer("", frozenset()))


def test_a_store_without_plans_has_no_verdicts(session) -> None:
    assert verdicts(session, OWNER, plans=()) == []


def test_plans_of_leaders_alone_have_no_sellers_to_compare(session) -> None:
    leaders = [plan for plan in book(session, OWNER)[0] if plan.id == "leadership"]
    (bonus,) = (one for one in verdicts(session, OWNER, plans=leaders) if one.component == "team_bonus")
    assert bonus.verdict.outcome is Outcome.UNKNOWN
    assert bonus.verdict.money.cost > 0


@pytest.mark.long
def test_the_whole_demo_company(tmp_path: Path) -> None:
    """The dead component is found, the healthy one earns its cost; the words begin with what could be noticed."""
    load_demo(NOW, root=tmp_path / "store")
    found = {one.component: one.verdict for one in verdicts(session_of(tmp_path / "store"), OWNER)}
    assert found[DEAD].outcome is Outcome.COSTS
    assert found[HEALTHY].outcome is Outcome.EARNS
    assert {v.outcome for name, v in found.items() if name not in {DEAD, HEALTHY}} == {Outcome.UNKNOWN}
    assert sentence(found[DEAD].said[0]).startswith("This comparison would notice an increase of ")
