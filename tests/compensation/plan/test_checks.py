"""What the parts of a plan say about each other, each rule broken once in a plan that holds otherwise."""

from __future__ import annotations

import pytest

from tests.compensation.plan.texts import FULL, changed, wrong

TIERS = '[{ from = 0, to = 1000, rate = 0.01 }, { from = 1000, rate = "2 %" }]'  # fmt: skip
WHERE = 'where = { region = "West" }\n'


def line_of(text: str, part: str) -> int:
    return text[: text.index(part)].count("\n") + 1


@pytest.mark.parametrize(
    ("old", "new", "part", "sentence"),
    [
        (
            "valid_to = 2027-02-01",
            "valid_to = 2026-02-01",
            "valid_to",
            "valid_to is 2026-02-01, not after the day the plan",
        ),
        (
            TIERS,
            "[{ from = 0, to = 1000, rate = 0 }, { from = 900, rate = 0 }]",
            "tiers =",
            "components 1, tiers 2 starts at 900, where the tier before it still holds (up to 1000). Let one end",
        ),
        (
            TIERS,
            "[{ from = 5, rate = 0 }, { from = 5, rate = 0 }]",
            "tiers =",
            "components 1, tiers 2 starts at 5, where the tier before it still holds (up to 5).",
        ),
        (
            TIERS,
            "[{ from = 0, to = 1000, rate = 0 }, { from = 1000.5, rate = 0 }]",
            "tiers =",
            "components 1, tiers 2 starts at 1000.5, but the tier before it ends at 1000, so what lies between is in no tier.",
        ),
        (
            TIERS,
            "[{ from = 5, to = 5, rate = 0 }]",
            "tiers =",
            "components 1, tiers 1 ends at 5, not after its start.",
        ),
        (
            TIERS,
            "[{ from = 5 }]",
            "tiers =",
            "components 1, tiers 1, rate is missing; write what this tier pays,",
        ),
        (
            TIERS,
            "[{ from = 5, rate = 0, amount = 1 }]",
            "tiers =",
            "components 1, tiers 1, amount has no use here, for the",
        ),
        (
            TIERS,
            "[{ from = 5, rate = 5 }]",
            "tiers =",
            "components 1, tiers 1, rate is 5, more than 100 % of what is sold.",
        ),
        (
            'reading = "whole"',
            'reading = "interpolated"',
            "tiers =",
            "components 1, tiers 1, amount is missing; write what",
        ),
        (
            'reading = "whole"',
            'reading = "interpolated"',
            "tiers =",
            "components 1, tiers 2, to is missing; write where the",
        ),
        (
            'accumulate = "quarter"',
            'accumulate = "quarter"\nrate = 7',
            "rate = 7",
            "components 1, rate is 7, more than 100 %",
        ),
        (
            'measure = "bookings"\nperiod = "quarter"\ntiers',
            'measure = "boking"\nperiod = "quarter"\ntiers',
            'measure = "boking"',
            "components 1, measure names “boking”, which the plan does not have; did you mean “bookings”?",
        ),
        (
            'credits = ["team", "direct"]',
            'credits = ["squad"]',
            "credits =",
            "components 2, credits names “squad”, which the",
        ),
        (
            'measure = "bookings"\nperiod = "quarter"\ntiers',
            'measure = "bookings"\nperiod = "year"\ntiers',
            'accumulate = "q',
            "components 1, accumulate is “quarter”; write a time at least as long as the component’s period.",
        ),
        (
            "curve = [[0.7, 0.4], [1, 1],",
            "curve = [[0.7, 0.4], [0.6, 1],",
            "curve =",
            "components 2, curve 2 goes back to 0.6. Write the points in order of attainment",
        ),
        (
            "[1, 1], [1, 1.2]",
            "[1, 1], [1, 1.2], [1, 1.3]",
            "curve =",
            "components 2, curve 4 goes back to 1.",
        ),
        (
            "[1, 1], [1, 1.2]",
            "[1, 1], [1, 0.9]",
            "curve =",
            "components 2, curve 3 pays less at 1 than before it",
        ),
        (
            'curve = [[0.7, 0.4], [1, 1], [1, 1.2], ["5/3", 2]]\nbeyond = 0.5\n',
            "",
            '[[components]]\nid = "bonus"',
            "components 2, curve is missing; write points such as",
        ),
        (
            'id = "mbo"',
            'id = "mbo"\ncurve = [[0, 0]]\nrate = 0.5',
            "rate = 0.5",
            'components 3, rate has no use here, for a component that pays = "objective".',
        ),
        (
            "rate = 12.5\n",
            "",
            '[[components]]\nid = "pieces"',
            "components 4, rate is missing; write a rate, or tiers.",
        ),
        ("weight = 0.7", "weight = 0.6", "weight = 0.6", "the weights of seller add up to 90 %, not 100 %."),
        (
            "weight = 0.7\n",
            "",
            '[[components]]\nid = "bonus"',
            "components 2, weight is missing; write its share of the target incentive",
        ),
        (
            'id = "mbo"',
            'id = "bonus"',
            'id = "bonus"\npays = "objective"',
            "components 3, id “bonus” is used twice.",
        ),
        ('id = "spif"', 'id = "draw"', 'id = "draw"', "components 5, id “draw” is used twice."),
        (
            'pilot = "staggered"\nroles = ["seller"]',
            'roles = ["seler"]',
            'roles = ["seler"]',
            "components 1, roles names “seler”, which the plan does not have; did you mean “seller”?",
        ),
        (
            'roles = ["manager"]\nwhere',
            'roles = ["boss"]\nwhere',
            'roles = ["boss"]',
            "credit_rules, team, roles names “boss”, which the plan does not have; there is manager, seller.",
        ),
        (
            "at_least = 3\n",
            "at_least = 3\ntimes = 2\n",
            "times = 2",
            "components 1, modifiers 2, times has no use here, for a g",
        ),
        (
            "at_least = 3\n",
            "",
            '[[components.modifiers]]\nkind = "gate"',
            "components 1, modifiers 2, at_least is missing; write what a gate goes by.",
        ),
        (
            "{ at = 0.9, times = 1 }",
            "{ at = 0, times = 1 }",
            "steps =",
            "components 1, modifiers 1, steps 2 starts at 0, where the tier before it still holds (up to 0).",
        ),
        (
            'component = "commission"\nat_least',
            'component = "comission"\nat_least',
            'component = "comission"',
            "components 2, modifiers 1, component names “comission”, which the plan does not have; did you mean “commission”?",
        ),
        (
            'component = "commission"\nat_least',
            'component = "mbo"\nat_least',
            'component = "mbo"',
            "components 2, modifiers 1, component is “mbo”; write a component that has a measure.",
        ),
        (
            'component = "commission"\nat_least',
            'component = "bonus"\nat_least',
            '[[components.modifiers]]\nkind = "linkage"',
            "the linkages go round in a circle (bonus → bonus).",
        ),
        (
            "prizes = [5000, 3000]",
            "prizes = []",
            "spif = {",
            "components 5, spif, prizes is missing; write the prizes",
        ),
        (
            'share = "rank", prizes',
            'share = "pro_rata", prizes',
            "spif = {",
            "components 5, spif, budget is missing; write",
        ),
        (
            'share = "rank", prizes',
            "budget = 5, prizes",
            "spif = {",
            "components 5, spif, prizes has no use here, unless share",
        ),
        (
            "share = 0.5\nmonths",
            "share = 0.5\namount = 10\nmonths",
            "amount = 10",
            "draw, amount is missing; write either amount",
        ),
        (
            'kind = "recoverable"',
            'kind = "non_recoverable"',
            "recover_after",
            "draw, recover_after has no use here, for a draw",
        ),
        (
            'components = ["commission"]\nrecover',
            'components = ["comm"]\nrecover',
            'components = ["comm"]',
            "draw, components names “comm”, which the plan does not have;",
        ),
        (
            WHERE,
            WHERE + '[credit_rules.own]\nkind = "direct"\npay = 1.5\n',
            "pay = 1.5",
            "credit_rules, own, pay is 150 %, more than 100 % of each transaction.",
        ),
        (
            "to = 2026-08-01",
            "to = 2026-02-01",
            "to = 2026-02-01",
            "assignments 1, to is 2026-02-01, not after the day the",
        ),
        (
            "left = 2026-09-01",
            "left = 2026-02-01",
            "left = 2026-02-01",
            "“ana” left on 2026-02-01, before this assignment starts. Take the assignment out",
        ),
        (
            "hired = 2025-03-01",
            "hired = 2026-10-01",
            "left =",
            "assignments 1, left is “2026-09-01”; write a day after hired.",
        ),
        (
            "to = 2026-08-01",
            "to = 2026-01-31",
            "from = 2026-02-01\nto",
            "the assignment of “ana” lies outside the plan’s own days",
        ),
        (
            'role = "seller"',
            'role = "sales"',
            'role = "sales"',
            "“sales” is not among the plan’s roles (seller, manager).",
        ),
        (
            "{ bookings = 1200000, sensors",
            "{ boking = 1200000, sensors",
            "quotas = { boking",
            "assignments 1, quotas, boking names “boking”, which the plan does not have; did you mean “bookings”?",
        ),
        (
            "{ bookings = 1200000, sensors",
            "{ sensors",
            "quotas = { sensors",
            "“ana” has no bookings, which the component “commission” pays by.",
        ),
        (
            'manager = "mo"',
            'manager = "ana"',
            'manager = "ana"',
            "assignments 1, manager is “ana”; write somebody else.",
        ),
        (
            "target_incentive = 60000\nrate",
            "rate",
            '[[assignments]]\nrep = "ana"',
            "“ana” has no target_incentive, which the component “bonus” pays by. Add it.",
        ),
        (
            "rate = 12.5",
            'rate = "payee"\n[[assignments]]\nrep = "ben"\nfrom = 2026-02-01\ntarget_incentive = 5',
            '[[assignments]]\nrep = "ben"',
            "“ben” has no rate, which the component “pieces” pays by. Add it.",
        ),
        (
            'component = "commission", period',
            'component = "comission", period',
            "pays = [{",
            "cases 1, pays 1, component names “comission”, which the plan does not have; did you mean “commission”?",
        ),
        (
            "split = 0.7 }",
            'component = "bonus" }',
            "deals = [{",
            "cases 1, deals 1, component names “bonus”, which the plan does not have; there is mbo.",
        ),
        (
            "payee = { target",
            'payee = { role = "boss", target',
            "payee = {",
            "“boss” is not among the plan’s roles",
        ),
        ("payee = {", "payees = []\npayee = {", "payees", "cases 1, payees has no use here, beside payee."),
        ("total = 164\n", "", "", None),
    ],
)
def test_each_rule(old: str, new: str, part: str, sentence: str | None):
    text = changed(old, new)
    found = wrong(text)
    if sentence is None:
        assert found == []
        return
    expected = f"line {line_of(text, part)}: {sentence}"
    assert [line for line in found if line.startswith(expected)], (expected, found)


def test_the_plan_that_says_everything_is_right():
    assert wrong(FULL) == []
