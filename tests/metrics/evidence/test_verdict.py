"""Verdicts: what may be said on which evidence, and in which words."""

from __future__ import annotations

from math import inf
from string import Formatter

import numpy as np
import pytest

from benchmarks.demo_panels import DEAD, HEALTHY, drawn
from benchmarks.few_teams import PERIODS, TEAMS, Rollout
from metrics.evidence.money import Money
from metrics.evidence.verdict import Method, Outcome, judge
from metrics.evidence.words import TEMPLATES, Said, said, sentence
from tests.metrics.evidence.panels import ALWAYS, AT_ONCE, NEVER, ONE_TEAM, WAVES, drifting, made

DEAR = Money(120.0, 1000.0, 0.3)  # pays at 67 % more
CHEAP = Money(1.0, 1000.0, 0.3)  # pays at 0.3 % more
MIDDLING = Money(20.0, 1000.0, 0.3)  # pays at 7 % more
HALF = Rollout("half", (PERIODS // 2,) * 6 + (PERIODS,) * 6)


def codes(verdict) -> list[str]:
    return [one.code for one in verdict.said]


def test_costs_without_return_when_even_the_upper_end_does_not_pay() -> None:
    verdict = judge(made(), DEAR)
    assert (verdict.outcome, verdict.grade, verdict.method) == (Outcome.COSTS, "B", Method.STAGGERED)
    assert verdict.high is not None
    assert verdict.high < 0.67
    assert verdict.component_return is not None
    assert verdict.component_return[2] < 0


def test_earns_its_cost_when_even_the_lower_end_pays() -> None:
    verdict = judge(made(effect=0.4), CHEAP)
    assert verdict.outcome is Outcome.EARNS
    assert verdict.component_return is not None
    assert verdict.component_return[0] > 0


def test_between_the_two_nothing_is_said() -> None:
    verdict = judge(made(effect=np.log(1.07)), MIDDLING)
    assert verdict.outcome is Outcome.UNKNOWN
    assert {"longer", "more_teams"} & set(codes(verdict))


@pytest.mark.parametrize("pilot", ["random", "staggered"])
def test_a_declared_pilot_is_grade_a(pilot) -> None:
    verdict = judge(made(), DEAR, pilot=pilot)
    assert verdict.grade == "A"
    assert f"pilot_{pilot}" in codes(verdict)
    assert (verdict.permuted_p is not None) == (pilot == "random")
    assert "pilot_would_help" not in codes(verdict)


def test_a_pilot_of_an_unknown_kind_is_refused() -> None:
    with pytest.raises(ValueError, match="random or staggered"):
        judge(made(), DEAR, pilot="somehow")


def test_teams_that_drifted_before_give_no_verdict_unless_it_was_a_pilot() -> None:
    verdict = judge(drifting(0.05), DEAR)
    assert (verdict.outcome, verdict.grade) == (Outcome.UNKNOWN, "E")
    assert "checks_failed" in codes(verdict)
    warned = judge(drifting(0.05), DEAR, pilot="staggered")
    assert warned.grade == "A"
    assert "pilot_check_failed" in codes(warned)


def test_one_team_alone_is_held_against_a_mixture() -> None:
    verdict = judge(made(ONE_TEAM, effect=0.9, size=0.3), CHEAP)
    assert (verdict.outcome, verdict.grade, verdict.method) == (Outcome.EARNS, "C", Method.SYNTHETIC)


def test_everybody_at_once_is_before_and_after() -> None:
    verdict = judge(made(AT_ONCE, size=0.2), DEAR)
    assert (verdict.outcome, verdict.grade, verdict.method) == (Outcome.COSTS, "D", Method.BEFORE_AFTER)
    assert "before_after_only" in codes(verdict)


@pytest.mark.parametrize(
    ("rollout", "reason"),
    [
        (ALWAYS, "always_in_force"),
        (NEVER, "never_in_force"),
        (Rollout("some_always", (0,) * 4 + (PERIODS,) * 8), "no_before"),
        (Rollout("soon", (3,) * 6 + (PERIODS,) * 6), "checks_impossible"),
        (Rollout("few", (2, PERIODS) + (PERIODS,) * (TEAMS - 2)), "few_teams"),
    ],
    ids=lambda case: getattr(case, "name", case),
)
def test_an_association_never_gives_a_verdict(rollout, reason) -> None:
    """Whatever the numbers say: neither return nor its absence."""
    for effect in (-3.0, 3.0):
        for money in (DEAR, CHEAP):
            verdict = judge(made(rollout, effect=effect, size=0.1), money)
            assert (verdict.outcome, verdict.grade) == (Outcome.UNKNOWN, "E")
            assert verdict.component_return is None
            assert reason in codes(verdict)
            assert codes(verdict)[0] == "mde_unknown"


def test_rollouts_that_are_the_same_cannot_be_told_apart() -> None:
    verdict = judge(made(effect=0.4), CHEAP, same_rollout=("twin",))
    assert verdict.outcome is Outcome.UNKNOWN
    assert Said("same_rollout", (("others", "twin"),)) in verdict.said


def test_many_cells_without_sales_are_no_basis() -> None:
    panel = made(effect=0.4)
    panel = type(panel)(**{**panel.__dict__, "empty": 20})
    assert "empty_cells" in codes(judge(panel, CHEAP))


def test_without_a_margin_there_is_no_break_even_and_no_verdict() -> None:
    verdict = judge(made(effect=0.4), Money(1.0, 1000.0, None))
    assert verdict.outcome is Outcome.UNKNOWN
    assert {"margin_unknown", "give_margin"} <= set(codes(verdict))


def test_what_can_never_pay_is_said() -> None:
    verdict = judge(made(effect=0.4), Money(400.0, 1000.0, 0.3))
    assert (verdict.outcome, verdict.break_even) == (Outcome.COSTS, inf)
    assert "never_pays" in codes(verdict)


def test_the_margin_that_turns_the_verdict_turns_it() -> None:
    panel = made(HALF, effect=0.4)
    verdict = judge(panel, Money(20.0, 1000.0, 0.3))
    turning = dict(next(one for one in verdict.said if one.code == "margin_below").fields)["margin"]
    assert isinstance(turning, float)
    assert judge(panel, Money(20.0, 1000.0, turning * 1.01)).outcome is Outcome.EARNS
    assert judge(panel, Money(20.0, 1000.0, turning * 0.99)).outcome is Outcome.UNKNOWN


@pytest.mark.parametrize(
    "rollout", [WAVES, ALWAYS, NEVER, ONE_TEAM, AT_ONCE], ids=lambda rollout: rollout.name
)
def test_the_smallest_effect_comes_first_then_the_verdict(rollout) -> None:
    verdict = judge(made(rollout), DEAR)
    assert codes(verdict)[0] in {"mde", "mde_unknown"}
    assert codes(verdict)[1] == verdict.outcome.value
    for one in verdict.said:
        assert "{" not in sentence(one)
        assert "nan" not in sentence(one)
        assert "inf" not in sentence(one).lower().replace("in force", "")


def test_judging_twice_gives_the_same() -> None:
    assert judge(made(), DEAR, pilot="random") == judge(made(), DEAR, pilot="random")


def test_the_demo_company_is_judged_rightly() -> None:
    """The planted dead component is found, the one that works is not accused; both as told and undeclared."""
    company = drawn(7)
    for pilot, grade in (("staggered", "A"), ("", "B")):
        dead = judge(company.panel(DEAD), company.money(DEAD), pilot=pilot)
        healthy = judge(company.panel(HEALTHY), company.money(HEALTHY), pilot=pilot)
        assert (dead.outcome, dead.grade) == (Outcome.COSTS, grade)
        assert (healthy.outcome, healthy.grade) == (Outcome.EARNS, grade)
        assert dead.mde is not None
        assert dead.break_even is not None
        assert dead.mde < dead.break_even, "it was able to notice what would have paid"


def test_templates_are_sorted_and_their_sentences_end() -> None:
    assert list(TEMPLATES) == sorted(TEMPLATES)
    assert all(text.endswith(".") for text in TEMPLATES.values())
    with pytest.raises(KeyError):
        said("nothing_of_the_kind")


def test_shares_are_written_as_told_and_templates_can_be_others() -> None:
    one = said("effect", effect=0.123, low=-0.02, high=0.3)
    assert sentence(one) == "Sales a seat change by 12.3 % (90 % interval −2.0 % to 30.0 %)."
    french = {"effect": "{effect} ({low} à {high})"}
    assert sentence(one, french, lambda share: f"{share:.0%}") == "12% (-2% à 30%)"
    assert {name for _, name, _, _ in Formatter().parse(TEMPLATES["effect"]) if name} == {
        "effect",
        "low",
        "high",
    }
