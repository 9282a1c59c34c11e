from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from charts.base import Style
from metrics.evidence.linear import Estimate
from metrics.evidence.money import Money
from metrics.evidence.verdict import Method, Outcome, Sample, Verdict
from metrics.evidence.words import TEMPLATES, said
from ui import plan_return, verdict_words
from workflows.plan_return import ComponentVerdict

STYLE, FRENCH = Style("en", "USD"), Style("fr", "USD")
SAMPLE = Sample(12, 9, 21, 250, 100, 2)


def verdict(outcome: Outcome, cost: float, low: float | None = None, **more: object) -> Verdict:
    """A verdict as ``judge`` would hand it over."""
    sure = outcome is not Outcome.UNKNOWN
    found = Verdict(
        outcome, "A" if sure else "E", Method.STAGGERED if sure else Method.NONE, 0.1 if sure else None, low, 0.2,
        0.15, 0.01, 0.2, (-1.5, -1.2, -0.8) if sure else None, Money(cost, 100.0, 0.3), SAMPLE, None, (), None, None,
        (said("mde_unknown"), said(outcome.value), said("pilot_needed")),
    )  # fmt: skip
    return replace(found, **more)  # type: ignore[arg-type]


def judged(
    key: str, name: str, *rest: object, plans: tuple[str, ...] = ("field",), **more: object
) -> ComponentVerdict:
    return ComponentVerdict(key, name, plans, "", verdict(*rest, **more))  # type: ignore[arg-type]


COSTLY = judged("bundle", "Bundle bonus", Outcome.COSTS, 11_038_438.0, -0.14)
GOOD = judged("logo", "New-logo bonus", Outcome.EARNS, 2_649_323.0, 0.12)
DARK = judged("plain", "Commission", Outcome.UNKNOWN, 14_988_305.0)


def test_the_headline_names_what_costs_without_return_first_and_then_what_earns_its_cost():
    told = plan_return.headline([GOOD, DARK, COSTLY], STYLE)
    assert told == "Bundle bonus costs $11M and returns nothing we can find; New-logo bonus earns its cost"


def test_what_brings_something_but_too_little_is_not_said_to_bring_nothing():
    some = judged("bundle", "Bundle bonus", Outcome.COSTS, 1e6, 0.01)
    assert plan_return.headline([some], STYLE) == "Bundle bonus costs $1M, more than it brings back"


@pytest.mark.parametrize("found", [[], [DARK]])
def test_without_a_sure_verdict_nothing_is_accused(found):
    told = plan_return.headline(found, STYLE)
    assert "costs" not in told
    assert "earns" not in told


def test_the_scatter_holds_identified_estimates_alone_and_the_others_stand_apart():
    chart = plan_return.scatter([DARK, COSTLY, GOOD], STYLE)
    assert {row["key"] for row in chart.spec["data"]["values"]} == {"bundle", "logo"}
    apart = plan_return.apart([DARK, COSTLY, GOOD], "en")
    assert [(each.key, each.name) for each in apart] == [("plain", "Commission")]
    assert apart[0].change == TEMPLATES["pilot_needed"]


def test_break_even_is_one_margin_brought_for_each_unit_of_cost():
    row = plan_return.scatter([COSTLY], STYLE).spec["data"]["values"][0]
    assert (row["low"], row["brought"], row["high"]) == pytest.approx((-0.5, -0.2, 0.2))


def test_two_components_of_one_name_are_told_apart_by_their_plans():
    other = judged("plain2", "Commission", Outcome.UNKNOWN, 1.0, plans=("enterprise",))
    names = plan_return.named([DARK, other, GOOD])
    assert names == {
        "plain": "Commission (field)",
        "plain2": "Commission (enterprise)",
        "logo": "New-logo bonus",
    }


def test_the_smallest_effect_is_said_first_and_what_would_change_it_apart():
    says, changes = verdict_words.sentences(COSTLY.verdict, "en")
    assert says == [TEMPLATES["mde_unknown"], TEMPLATES["costs_without_return"]]
    assert changes == [TEMPLATES["pilot_needed"]]


def test_verdicts_speak_french():
    says, _ = verdict_words.sentences(COSTLY.verdict, "fr")
    assert says[1] != TEMPLATES["costs_without_return"]
    assert verdict_words.one(said("mde", mde=0.154), "fr").count("15,4") == 1


def test_every_sentence_of_what_would_change_it_exists():
    assert set(TEMPLATES) >= verdict_words.CHANGES


def test_checks_before_the_start_are_told_with_their_intervals():
    from metrics.evidence.staggered import Checks

    flat = Estimate(effect=0.0, low=-0.02, high=0.02, p=0.9, mde=0.03, freedom=8.0)
    told = verdict_words.before_the_start(replace(COSTLY.verdict, checks=Checks(None, flat)), "en")
    assert len(told) == 1
    assert "90 % interval" in told[0]
    assert verdict_words.before_the_start(COSTLY.verdict, "en") == []
    assert np.isfinite(flat.relative.effect)
