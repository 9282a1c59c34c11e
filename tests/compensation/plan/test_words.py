from __future__ import annotations

import re
import string
from fractions import Fraction
from pathlib import Path

import pytest

from compensation.plan import diff, words
from compensation.plan.model import Plan
from compensation.plan.saying import ENGLISH, Money, Number, Said
from compensation.plan.sentences import TEMPLATES
from tests.compensation.plan.texts import FULL, changed, plan

TIERS = '[{ from = 0, to = 1000, rate = 0.01 }, { from = 1000, rate = "2 %" }]'  # fmt: skip


def said(of: Plan, number: int) -> list[str]:
    return [words.sentence(each) for each in words.component_says(of, of.components[number])]


def test_what_the_whole_plan_says():
    assert [words.sentence(each) for each in words.plan_says(plan())] == [
        "Field Sales Plan, version 2, is in force from 2026-02-01 until before 2027-02-01.",
        "It is for seller, manager.",
        "Everybody is paid in USD.",
        "All components together pay at most 250,000.00 USD a fiscal year.",
        "Amounts are rounded for each transaction, to the cent, halves to the even cent.",
        "Every month pays at least 50 % of a twelfth of the yearly target incentive (draw).",
        "The draw is paid for the first 3 full months after hire.",
        "What counts against the draw: commission.",
        "The draw is recovered from later pay above it: 50 % of that pay.",
        "Months that pass before recovery starts: 1.",
        "At most 1,000.00 USD is recovered in a month.",
        "What was not recovered after 12 months is forgiven.",
    ]


def test_a_component_with_tiers():
    assert said(plan(), 0) == [
        "It measures bookings: the amount of deals.",
        "Each quarter it pays by tiers; the rate of the tier reached holds for everything.",
        "The running total starts again each quarter.",
        "From 0.00 USD to 1,000.00 USD: 1 %.",
        "From 1,000.00 USD on: 2 %.",
        "A value exactly on an edge belongs to the lower tier.",
        "Own deals count.",
        "Shared deals count with one’s share.",
        "It is multiplied by what the attainment of new_margin reaches:",
        "from 0 %: times 0.8",
        "from 90 %: times 1",
        "It pays nothing unless the value of sensors reaches 3.",
        "At most 5,000.00 USD for one deal.",
        "At most 20,000.00 USD a period.",
        "At most 80,000.00 USD a fiscal year.",
        "What is earned is paid once the deal is paid.",
        "If the deal is cancelled, the unused part of its term comes back; a deal that names no term counts as 12 months.",
        "It is for seller only.",
        "East Commercial has it from 2026-05-01.",
        "Teams get it one after the other, as a trial.",
    ]


def test_a_component_with_a_curve():
    assert said(plan(), 1) == [
        "It measures bookings: the amount of deals.",
        "Each quarter it pays 70 % of the target incentive times the share that attainment reaches.",
        "Below 70 % attainment it pays nothing.",
        "At 70 % attainment it pays 40 %.",
        "From there it goes straight to 100 % at 100 %.",
        "At 100 % it jumps from 100 % to 120 %.",
        "From there it goes straight to 200 % at 166.6667 %.",
        "Above 166.6667 % each further percentage point pays 0.5 points more.",
        "It is reckoned for the year to date, and what earlier periods paid is taken off.",
        "Deals of everybody below count with 50 % for pay and 100 % for quota (team).",
        "team is for manager only.",
        "team reaches 2 levels up.",
        "team counts only where region is West.",
        "Own deals count.",
        "It is multiplied by 0.5 unless the attainment of commission reaches 100 %.",
        "It is in force from 2026-05-01.",
    ]


def test_the_others():
    assert (
        said(plan(), 2)[0]
        == "Each year it pays 30 % of the target incentive times the score of the objectives."
    )
    assert said(plan(), 3)[:2] == [
        "It measures sensors: units sold.", "Each month it pays 12.50 USD each.",
    ]  # fmt: skip
    assert "The best receive 5,000.00 USD, 3,000.00 USD, in the order of rank." in said(plan(), 4)


@pytest.mark.parametrize(
    ("old", "new", "sentence"),
    [
        (TIERS, "[{ from = 5, rate = 0.01 }]", "Below 5.00 USD it pays nothing."),
        (TIERS, TIERS + '\nrate = "payee"\ntimes = 2', "The tiers are multiples of 2 times one’s own rate."),
        (TIERS, TIERS + '\nrate = "payee"', "From 1,000.00 USD on: 0.02 times."),
        (TIERS, TIERS + '\nbasis = "attainment"', "From 0 % to 100,000 %: 1 %."),
        ('reading = "whole"', 'reading = "unsplit"', "The running total after the deal decides its rate."),
        ('accumulate = "quarter"\n', 'accumulate = "none"\n', "Each period’s deals go through the tiers together."),
        ('kind = "pro_rata", months = 12', 'kind = "full", months = 6', "All of it comes back if the deal is cancelled within 6 months."),
        ('kind = "pro_rata", months = 12', 'kind = "pro_rata"', "If the deal is cancelled, the unused part of its term comes back."),
        ('measure = "bookings"\nperiod = "quarter"\ntiers', 'measure = "new_margin"\nperiod = "quarter"\ntiers',
         ("It measures new_margin: the margin of deals, where type is new, family is one of Platform, Data, families is at "
         "least 2 and below 5.")),
    ],
)  # fmt: skip
def test_each_turn_of_a_component(old: str, new: str, sentence: str):
    assert sentence in said(plan(changed(old, new)), 0)


def test_every_template_is_used_somewhere(project: Path):
    text = (project / "compensation" / "plan" / "words.py").read_text(encoding="utf-8")
    made = {"of", "way", "each", "rounded", "tiers", "runs", "tier", "rate_at", "spif", "credit", "cap", "clawback", "pilot",
            "is", "over", "event"}  # fmt: skip
    unused = [
        name
        for name in TEMPLATES
        if f'"{name}"' not in text and not any(name.startswith(f"{prefix}_") for prefix in made)
    ]
    assert unused == []
    assert list(TEMPLATES) == sorted(TEMPLATES)


def test_sentences_can_be_translated_down_to_the_last_word():
    def shout(template: str) -> str:
        return re.sub(
            r"\{\w+\}|.", lambda match: match[0] if len(match[0]) > 1 else match[0].upper(), template
        )

    one = words.component_says(plan(), plan().components[0])[1]
    assert words.sentence(one, translate=shout).startswith("EACH QUARTER IT PAYS BY TIERS;")


def test_numbers_of_a_plain_page():
    assert [ENGLISH.share(Fraction(text)) for text in ("1/3", "0.125", "12")] == [
        "33.3333 %",
        "12.5 %",
        "1,200 %",
    ]
    assert [ENGLISH.money(Money(Fraction(text), "EUR")) for text in ("1234", "0.125")] == [
        "1,234.00 EUR",
        "0.125 EUR",
    ]
    assert ENGLISH.number(Fraction(1_000_000)) == "1,000,000"


def changes(text: str) -> list[str]:
    return [diff.sentence(each) for each in diff.changes(plan(), plan(text))]


@pytest.mark.parametrize(
    ("old", "new", "sentences"),
    [
        ("version = 2", "version = 3", ["Plan: version changes from 2 to 3."]),
        ('rate = "2 %"', "rate = 0.025", ["Component “commission”: tiers 2, rate changes from 2 % to 2.5 %."]),
        ("deal = 5000, ", "", ["Component “commission”: caps, deal is taken out (was 5,000.00)."]),
        ('edge = "lower"\n', "", ["Component “commission”: edge changes from lower to upper."]),
        ("year_cap = 250000\n", "", ["Plan: policy, year_cap is taken out (was 250,000.00)."]),
        ('id = "pieces"', 'id = "units"',
         ["Component “pieces” is taken out.", "Component “units” is new."]),
        ('type = "new", ', 'type = ["new", "renewal"], ', ["Measure “new_margin”: where, type changes from new to new, renewal."]),
        ("at_least = 2, below = 5", "at_least = 3", ["Measure “new_margin”: where, families changes from ≥ 2, < 5 to ≥ 3."]),
        ("levels = 2\n", "", ["Credit rule “team”: levels changes from 2 to 0."]),
        ("sensors = 40", "sensors = 50", ["Assignment “ana 2026-02-01”: quotas, sensors changes from 40.00 to 50.00."]),
        ("beyond = 0.5\n", "", ["Component “bonus”: curve, beyond changes from 0.5 to 0."]),
        ('{ kind = "held", month', '{ kind = "released", month', ["Case “first”: expect changes from"]),
        ("East Commercial", "West Commercial", [
            "Component “commission”: rollout, East Commercial is taken out (was 2026-05-01).",
            "Component “commission”: rollout, West Commercial is new: 2026-05-01."]),
        ("# nothing", "# nothing", []),
    ],
)  # fmt: skip
def test_what_changed_between_two_versions(old: str, new: str, sentences: list[str]):
    found = changes(changed(old, new, FULL + "\n# nothing\n"))
    assert [line.startswith(said) for line, said in zip(found, sentences, strict=True)] == [True] * len(
        found
    ), found


def test_another_order_of_the_components_is_said():
    pieces = FULL[FULL.index('[[components]]\nid = "pieces"') : FULL.index('[[components]]\nid = "spif"')]
    text = FULL.replace(pieces, "").replace(
        '[[components]]\nid = "commission"', f'{pieces}[[components]]\nid = "commission"'
    )
    assert changes(text) == ["The components are in another order: pieces, commission, bonus, mbo, spif."]


@pytest.mark.parametrize("table", [TEMPLATES, diff.TEMPLATES])
def test_templates_hold_plain_fields_only(table: dict[str, str]):
    names = [
        name
        for text in table.values()
        for _, name, _, _ in string.Formatter().parse(text)
        if name is not None
    ]
    assert [name for name in names if not name.isidentifier()] == []


def test_a_sentence_without_its_field_is_a_mistake():
    with pytest.raises(KeyError):
        words.sentence(Said("cap_deal", (("sum", Number(Fraction(1))),)))
