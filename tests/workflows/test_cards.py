"""Recommendation cards on the demo company, and on verdicts made up for the purpose."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from fractions import Fraction
from typing import Any

import pytest

from compensation.plan.model import Caps, Component, Pays, Period, Plan, Reading, Tier
from compensation.plan.reading import plan_of, read
from compensation.plan.saying import Said, say
from compensation.plan.shape import Stake
from metrics.evidence.verdict import Outcome
from tests.small_demo import small_demo
from tests.support import session_of
from warehouse.access import OWNER, AccessDenied, Viewer
from warehouse.engine import Session
from workflows import card_risks
from workflows.card_proposals import Action, proposals
from workflows.card_risks import Level, cheapest_test, gaming
from workflows.card_words import TEMPLATES, sentence
from workflows.cards import Card, cards
from workflows.plan_return import ComponentVerdict, verdicts
from workflows.what_if import before, plan_now


@pytest.fixture(scope="module")
def session(tmp_path_factory: pytest.TempPathFactory) -> Session:
    return session_of(small_demo(tmp_path_factory))


@pytest.fixture(scope="module")
def judged(session) -> Mapping[str, ComponentVerdict]:
    return {one.component: one for one in verdicts(session, OWNER)}


def as_if(verdict: ComponentVerdict, **fields: Any) -> ComponentVerdict:
    return replace(verdict, verdict=replace(verdict.verdict, **fields))


@pytest.fixture(scope="module")
def verdict_of_bundle(judged) -> ComponentVerdict:
    return as_if(judged["bundle_bonus"], outcome=Outcome.COSTS, grade="A")


@pytest.fixture(scope="module")
def found(session, judged, verdict_of_bundle) -> list[Card]:
    known = [*(one for one in judged.values() if one.component != "bundle_bonus"), verdict_of_bundle]
    return cards(session, OWNER, "enterprise", judged=known, draws=800)


def test_what_costs_without_return_comes_first_and_is_to_be_dropped(found) -> None:
    card = found[0]
    assert (card.proposal.action, card.component_id) == (Action.DROP, "bundle_bonus")
    assert [one.proposal.action for one in found].count(Action.DROP) == 1
    assert card.change < 0 == card.gainers < card.losers
    assert card.then.median < card.now.median
    assert card.then.p95 < card.now.p95
    assert sentence(card.flip.said).startswith("It saves ")
    assert card.gaming.level is Level.LOW


def test_a_change_costs_what_its_replay_and_its_draws_say(found) -> None:
    for card in found:
        assert card.replayed[1] - card.replayed[0] == card.change
        assert (card.change < 0) == (card.change_median < 0), sentence(card.proposal.title)
        assert card.change_p95 >= card.change_median
        assert not card.problems


def test_every_card_can_be_read(found) -> None:
    for card in found:
        said = [card.proposal.title, *card.why, card.flip.said, *card.gaming.reasons, card.test.said]
        assert all("{" not in sentence(one) and sentence(one) for one in said)


def test_a_spif_is_proposed_with_a_text_that_can_be_read(found) -> None:
    card = next(one for one in found if one.proposal.action is Action.SPIF)
    draft, problems = read(card.proposal.text)
    assert draft is not None, problems
    assert draft.components[-1].id == "spif"
    assert card.change > 0
    assert card.losers == 0 < card.gainers
    assert sentence(card.flip.said).startswith("It costs ")
    assert card.gaming.level is Level.MEDIUM


def test_the_text_of_a_rate_says_what_was_tried(found) -> None:
    rates = [one for one in found if one.proposal.action is Action.RATE]
    assert rates
    for card in rates:
        draft, _ = read(card.proposal.text)
        assert draft is not None
        assert draft.components == card.proposal.plan.components


def test_a_card_is_for_who_sees_everybodys_pay(session) -> None:
    with pytest.raises(AccessDenied):
        cards(session, Viewer("R024", frozenset({"rep"})), "enterprise")


@pytest.mark.parametrize(("fields", "up"), [
    ({"outcome": Outcome.EARNS}, True),
    ({"outcome": Outcome.UNKNOWN, "grade": "B", "low": 0.02}, True),
    ({"outcome": Outcome.UNKNOWN, "grade": "E", "low": 0.02}, False),
    ({"outcome": Outcome.UNKNOWN, "grade": "B", "low": -0.02}, False),
])  # fmt: skip
def test_a_rate_goes_up_only_where_the_component_is_known_to_work(session, judged, fields, up) -> None:
    plan = plan_now(session, OWNER, "enterprise")
    known = {"new_logo_bonus": as_if(judged["new_logo_bonus"], **fields)}
    made = {
        one.component_id: one
        for one in proposals(plan, known, before(session, OWNER, plan))
        if one.action is Action.RATE
    }
    assert made["new_logo_bonus"].title.template == ("rate_up" if up else "rate_down")


# Gaming ------------------------------------------------------------------------------------------

FLAT = Component("c", "C", Pays.RATE, "bookings", Period.QUARTER, rate=Fraction("0.05"))
STAKE = Stake(Fraction(100_000), Fraction(5000), Fraction(1))


def reasons(now: Component | None, then: Component, margin: float | None = 0.3) -> list[str]:
    return [one.template for one in card_risks._reasons(now, then, STAKE, margin)]


def test_a_lower_rate_invites_nothing() -> None:
    assert reasons(FLAT, replace(FLAT, rate=Fraction("0.04"))) == []


def test_a_new_jump_is_a_reason_to_move_deals() -> None:
    tiers = (Tier(Fraction(0), Fraction("0.05")), Tier(Fraction(100_000), Fraction("0.07")))
    whole = replace(FLAT, rate="", tiers=tiers, reading=Reading.WHOLE)
    assert "gaming_notch" in reasons(FLAT, whole)
    assert "gaming_notch" not in reasons(whole, whole)


def test_a_rate_above_the_margin_is_named() -> None:
    assert "gaming_margin" in reasons(FLAT, replace(FLAT, rate=Fraction("0.4")))
    assert "gaming_margin" not in reasons(FLAT, replace(FLAT, rate=Fraction("0.4")), margin=None)


def test_an_edge_that_moves_is_a_matter_of_timing() -> None:
    tiers = (Tier(Fraction(0), Fraction("0.05")), Tier(Fraction(100_000), Fraction("0.05")))
    moved = (tiers[0], replace(tiers[1], start=Fraction(90_000)))
    assert reasons(replace(FLAT, rate="", tiers=tiers), replace(FLAT, rate="", tiers=moved)) == [
        "gaming_timing"
    ]


def test_what_is_dropped_cannot_be_gamed(session, found) -> None:
    drop = found[0].proposal
    past = before(session, OWNER, found[0].plan)
    assert gaming(found[0].plan, drop, None, past, 0.3).level is Level.LOW


# Tests -------------------------------------------------------------------------------------------


def test_a_larger_change_is_noticed_sooner(session, found) -> None:
    plan = found[0].plan
    past = before(session, OWNER, plan)
    tests = [cheapest_test(plan, past, needed, None) for needed in (5.0, 0.5, 1e-6)]
    assert tests[0].quarters == card_risks.SHORTEST
    assert tests[1].quarters is None or tests[1].quarters >= tests[0].quarters
    assert tests[2].quarters is None
    assert tests[2].said.template == "test_too_small"
    assert tests[0].teams_with >= 2


def test_with_few_teams_there_are_no_lots_to_draw(session, found) -> None:
    nobody: Plan = replace(found[0].plan, id="nobody")
    past = before(session, OWNER, found[0].plan)
    assert cheapest_test(nobody, past, 0.5, None).said == say("test_few_teams")


def test_words_are_sorted_and_complete() -> None:
    assert list(TEMPLATES) == sorted(TEMPLATES)
    assert sentence(Said("gaming_gone")) == "Nothing is left to be gamed."


def test_a_dropped_component_leaves_a_draft_to_be_finished(found) -> None:
    """The weights that are left no longer add up; the draft can be kept and says so."""
    draft, problems = read(found[0].proposal.text)
    assert draft is None
    assert any("weight" in problem.code for problem in problems)
    assert Caps() == plan_of(found[0].plan.text).components[0].caps
