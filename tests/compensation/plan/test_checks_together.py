"""What can only be seen when several parts of a plan are looked at together."""

from __future__ import annotations

from tests.compensation.plan.texts import changed, plan, wrong

TIERS = '[{ from = 0, to = 1000, rate = 0.01 }, { from = 1000, rate = "2 %" }]'  # fmt: skip


def line_of(text: str, part: str) -> int:
    return text[: text.index(part)].count("\n") + 1


CIRCLE = """
plan = "p"
valid_from = 2026-01-01
[measures.m]
[[components]]
id = "a"
pays = "rate"
rate = 0.1
measure = "m"
modifiers = [{ kind = "linkage", component = "b", at_least = 1 }]
[[components]]
id = "b"
pays = "rate"
rate = 0.1
measure = "m"
modifiers = [{ kind = "linkage", component = "c", at_least = 1 }]
[[components]]
id = "c"
pays = "rate"
rate = 0.1
measure = "m"
modifiers = [{ kind = "linkage", component = "a", at_least = 1 }]
"""


def test_a_circle_of_linkages_is_said_once_with_the_way_round():
    assert wrong(CIRCLE) == [
        "line 10: the linkages go round in a circle (a → b → c → a). Take one of them out."
    ]
    assert wrong(changed('component = "a"', 'component = "b"', CIRCLE)) == [
        "line 16: the linkages go round in a circle (b → c → b). Take one of them out."
    ]


def test_linkages_that_meet_without_a_circle_are_fine():
    text = changed('[{ kind = "linkage", component = "a", at_least = 1 }]', "[]", CIRCLE)
    text = changed('[{ kind = "linkage", component = "b",', '[{ kind = "linkage", component = "c",', text)
    assert wrong(text) == []


def test_nobody_is_credited_twice_with_one_transaction():
    twice = changed(
        "levels = 2\n",
        'levels = 2\n[credit_rules.own]\nkind = "direct"\n[credit_rules.x]\nkind = "overlay"\n',
    )
    text = changed('credits = ["team", "direct"]', 'credits = ["own", "direct", "x"]', twice)
    place = line_of(text, "credits =")
    assert wrong(text) == [
        (
            f"line {place}: “own” and “direct” both credit direct transactions, so each would count twice, more than "
            "100 %. Keep one, or tell them apart with roles or where."
        )
    ]
    apart = changed(
        'kind = "direct"\n',
        'kind = "direct"\nroles = ["seller"]\n[credit_rules.direct]\nroles = ["manager"]\n',
        text,
    )
    assert wrong(apart) == []


def test_assignments_of_one_person_may_follow_but_not_overlap():
    second = (
        '[[assignments]]\nrep = "ana"\nrole = "manager"\nfrom = 2026-08-01\ntarget_incentive = 1\n[[cases]]'
    )
    assert wrong(changed("[[cases]]", second)) == []
    text = changed("[[cases]]", second.replace("2026-08-01", "2026-07-31"))
    place = line_of(text, 'rep = "ana"\nrole = "manager"')
    assert wrong(text) == [
        (
            f"line {place - 1}: “ana” is on the plan twice at once, since 2026-07-31. "
            "End one assignment before the other starts."
        )
    ]


def test_weights_are_summed_by_role_and_day():
    assert wrong(changed('id = "mbo"', 'id = "mbo"\nroles = ["seller"]'))[0].endswith(
        "the weights of manager add up to 70 %, not 100 %. Correct the components’ weights."
    )
    late = changed("weight = 0.3\nvalid_from = 2026-05-01", "weight = 0.3\nvalid_from = 2026-06-01")
    assert wrong(late)[0].endswith(
        "the weights of seller add up to 70 %, not 100 %. Correct the components’ weights."
    )


def test_multiples_of_another_rate_may_be_above_one():
    text = changed(TIERS, "[{ from = 0, rate = 1 }, { from = 1000, rate = 2 }]\nrate = 0.05")
    assert plan(text).components[0].tiers[1].rate == 2
