from __future__ import annotations

from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from compensation.plan import model
from compensation.plan.reading import PlanError, plan_of, read
from tests.compensation.plan.texts import FULL, changed, plan, wrong

MINIMAL = """\
plan = "p"
valid_from = 2026-01-01
[measures.bookings]
[[components]]
id = "c"
pays = "rate"
measure = "bookings"
rate = 0.1
"""


def test_the_least_a_plan_says():
    found = plan(MINIMAL)

    assert (found.id, found.version, found.name, found.currency) == ("p", 1, "p", "payee")
    assert (found.valid_to, found.policy, found.draw) == (model.OPEN_END, model.Policy(), None)
    assert set(found.credit_rules) == {"direct", "split", "overlay", "roll_up"}
    assert found.components == (
        model.Component(
            id="c", name="C", pays=model.Pays.RATE, measure="bookings", period=model.Period.MONTH,
            rate=Fraction(1, 10), group="commission",
        ),
    )  # fmt: skip


def test_head_and_policy():
    found = plan()
    assert (found.id, found.name, found.version) == ("field", "Field Sales Plan", 2)
    assert (found.valid_from, found.valid_to) == (date(2026, 2, 1), date(2027, 2, 1))
    assert found.policy == model.Policy("half_even", "transaction", "period_end", "none", Decimal(250000), 2)
    assert found.text == FULL


def test_measures_and_credit_rules():
    found = plan()
    assert found.measures["bookings"] == model.Measure("bookings")
    assert found.measures["new_margin"] == model.Measure(
        "new_margin", "margin",
        (
            model.Condition("type", ("new",)),
            model.Condition("family", ("Platform", "Data")),
            model.Condition("families", (), Decimal(2), Decimal(5)),
        ),
        "bookings",
    )  # fmt: skip
    assert found.credit_rules["team"] == model.CreditRule(
        "team",
        "roll_up",
        Fraction(1, 2),
        Fraction(1),
        ("manager",),
        2,
        (model.Condition("region", ("West",)),),
    )


def test_a_component_with_tiers_and_all_that_follows():
    found = plan().components[0]
    assert found.tiers == (
        model.Tier(Fraction(0), Fraction(1, 100), None, Fraction(1000)),
        model.Tier(Fraction(1000), Fraction(2, 100)),
    )
    assert (found.reading, found.per, found.accumulate, found.edge) == ("whole", "period", "quarter", "lower")
    assert found.caps == model.Caps(Decimal(5000), Decimal(20000), Decimal(80000))
    assert (found.hold, found.clawback) == (model.Hold("paid"), model.Clawback("pro_rata", 12))
    assert (found.rollout, found.pilot) == ({"East Commercial": date(2026, 5, 1)}, "staggered")
    assert [modifier.kind for modifier in found.modifiers] == ["multiplier", "gate"]
    assert found.modifiers[0].steps == (
        model.Step(Fraction(0), Fraction(4, 5)), model.Step(Fraction(9, 10), Fraction(1)),
    )  # fmt: skip


def test_a_curve_may_hold_fractions_and_cliffs():
    bonus = plan().components[1]
    assert bonus.curve == model.Curve(
        tuple(
            model.Point(Fraction(at), Fraction(pays))
            for at, pays in [("7/10", "2/5"), ("1", "1"), ("1", "6/5"), ("5/3", "2")]
        ),
        Fraction(1, 2),
    )
    assert bonus.modifiers[0].times == Fraction(1, 2)


def test_draw_assignment_and_case():
    found = plan()
    assert found.draw == model.Draw(
        "recoverable", None, Fraction(1, 2), 3, ("commission",), 1, Fraction(1, 2), Decimal(1000), 12
    )
    assert found.assignments[0] == model.Assignment(
        "ana", date(2026, 2, 1), date(2026, 8, 1), "seller", "West", "mo", "USD", Decimal(60000), Decimal(60000),
        Fraction(8, 100), {"bookings": Decimal(1200000), "sensors": Decimal(40)}, date(2025, 3, 1), date(2026, 9, 1),
    )  # fmt: skip
    assert found.cases[0].expect == (
        {"component": "commission", "period": date(2026, 2, 1), "kind": "earning", "amount": Decimal(2)},
        {"month": date(2026, 4, 1), "kind": "held", "amount": Decimal(2)},
        {"kind": "payable", "amount": Decimal(164)},
    )
    assert found.cases[0].line == FULL[: FULL.index("[[cases]]")].count("\n") + 1


@pytest.mark.parametrize(
    ("written", "share"),
    [("0.05", "1/20"), ('"5 %"', "1/20"), ('"5%"', "1/20"), ('"1/3"', "1/3"), ("1", "1"), ("5e-3", "1/200"),
     ("0.1234567890123456789", "1234567890123456789/10000000000000000000")],
)  # fmt: skip
def test_rates_are_exact(written: str, share: str):
    assert plan(changed("rate = 0.1", f"rate = {written}", MINIMAL)).components[0].rate == Fraction(share)


@pytest.mark.parametrize(
    ("old", "new", "sentence"),
    [
        ("version = 2", 'version = "two"', "version is “two”; write a whole number, at least 1."),
        ("version = 2", "version = true", "version is “true”; write a whole number, at least 1."),
        ('currency = "USD"\nroles', 'currency = "usd"\nroles', "currency is “usd”; write a code of three capitals"),
        ("rounding =", "roundin =", "policy, roundin is not known here; did you mean “rounding”?"),
        ('rounding = "half_even"', 'rounding = "halfup"',
         "policy, rounding is “halfup”; write one of half_up, half_even, down, up (perhaps half_up)."),
        ("first_month = 2", "first_month = 13", "policy, first_month is “13”; write a whole number from 1 to 12."),
        ('of = "margin"', 'of = "profit"', "measures, new_margin, of is “profit”; write one of amount, margin,"),
        ("{ at_least = 2, below = 5 }", "{ atleast = 2 }",
         "measures, new_margin, where, families, atleast is not known here; did you mean “at_least”?"),
        ("{ at_least = 2, below = 5 }", "{}",
         "measures, new_margin, where, families, at_least is missing; write at_least = 2, below = 5, or both."),
        ('kind = "roll_up"', 'kind = "rollup"', "credit_rules, team, kind is “rollup”; write one of direct, split,"),
        ("pay = 0.5", "pay = -0.5", "credit_rules, team, pay is -0.5, below zero. Write 0 or more."),
        ('pays = "per_unit"', 'pays = "unit"', "components 4, pays is “unit”; write one of rate, target,"),
        ("rate = 12.5", "rate = nan", "components 4, rate is “NaN”; write a number such as 0.05,"),
        ("rate = 12.5", "rate = 0x10", None),
        ('rate = "2 %"', 'rate = "2 per cent"', "components 1, tiers 2, rate is “2 per cent”; write a number such"),
        ('rate = "2 %"', "rate = -0.02", "components 1, tiers 2, rate is -0.02, below zero. Write 0 or more."),
        ("from = 1000, rate", "fron = 1000, rate", "components 1, tiers 2, from is missing; write from = 0."),
        ("deal = 5000", "deal = 0", "components 1, caps, deal is a cap of zero or less"),
        ("deal = 5000", "deal = 5000.00001", "components 1, caps, deal is “5000.00001”; write an amount of 0 or"),
        ('until = "paid"', 'until = "cancelled"', "components 1, hold, until is “cancelled”; write the name of"),
        ('"pro_rata", months = 12', '"full"', "components 1, clawback, months is missing; write months = 12."),
        ("= 2026-05-01 }", '= "May" }', "components 1, rollout, East Commercial is “May”; write the first day in"),
        ("[1, 1], [1, 1.2]", '[1, 1], [1, "x"]', "components 2, curve 3 is “[1, x]”; write a point such as"),
        ("[1, 1], [1, 1.2]", "[1, 1], 5", "components 2, curve 3 is “5”; write a point such as [0.7, 0.4]"),
        ("prizes = [5000, 3000]", "prizes = [5000, -1]", "components 5, spif, prizes is “[5000, -1]”; write a list of"),
        ('kind = "recoverable"', 'kind = "loan"', "draw, kind is “loan”; write one of recoverable, non_recoverable"),
        ("from = 2026-02-01\nto", 'from = "2026-02-01"\nto', "assignments 1, from is “2026-02-01”; write a day without"),
        ("target_incentive = 60000\nrate", "target_incentive = -60000\nrate",
         "assignments 1, target_incentive is “…”; write an amount of 0 or more"),
        ("amount = 2 }, {", "amont = 2 }, {", "cases 1, pays 1, amount is missing; write amount = 100."),
        ("total = 164", "totl = 164", "cases 1, totl is not known here; did you mean “total”?"),
        ("deals = [{ date", "deals = [5, { date", "cases 1, deals is “[5,"),
    ],
)  # fmt: skip
def test_every_wrong_value_is_named_with_its_line(old: str, new: str, sentence: str | None):
    found = wrong(changed(old, new))
    if sentence is None:
        assert found == []
    else:
        place = f"line {FULL[: FULL.index(old)].count(chr(10)) + 1}: "
        assert [line for line in found if line.startswith(place + sentence)], found


def test_all_problems_come_at_once_in_the_order_of_the_lines():
    text = changed("version = 2", "version = 0")
    text = changed("first_month = 2", "first_month = 0", text)
    text = changed('rate = "2 %"', "rate = -1", text)
    assert [line.split(":")[0] for line in wrong(text)] == ["line 3", "line 15", "line 39"]


def test_a_plan_without_an_effective_date_is_refused():
    found = wrong(MINIMAL.replace("valid_from = 2026-01-01\n", ""))
    assert found == ["p: the plan has no effective date. Write valid_from = 2026-01-01 near the top."]


@pytest.mark.parametrize(
    ("text", "line"),
    [("plan = ", 1), ("a = 1\na = 2\n", 2), ('x = "', 1), ("a = 1\nb = 2026-02-30\n", 2), ("\n\n[", 3)],
)
def test_what_is_no_toml_is_named_with_its_line(text: str, line: int):
    (found,) = wrong(text)
    assert found.startswith(f"line {line}: the text cannot be read as TOML (")


def test_an_empty_text_names_all_that_is_missing():
    assert [line.split(" is missing")[0] for line in wrong("")] == [
        "p: the plan has no effective date. Write valid_from = 2026-01-01 near the top.", "line 1: plan",
        "line 1: components",
    ]  # fmt: skip


def test_a_plan_that_cannot_be_used_can_be_raised():
    with pytest.raises(PlanError, match="no effective date") as raised:
        plan_of("")
    assert len(raised.value.problems) == 3
    assert plan_of(FULL).id == "field"


def test_a_byte_order_mark_and_windows_line_ends_do_no_harm():
    found, problems = read("\ufeff" + FULL.replace("\n", "\r\n"))
    assert (problems, found is not None and found.components == plan().components) == ([], True)


VALUES = st.recursive(
    st.sampled_from(
        ["1", "-1", "0.5", "nan", '"x"', "true", "2026-01-01", '"payee"', "1e99", "10:00:00", '""']
    ),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3).map(lambda each: f"[{', '.join(each)}]"),
        st.lists(inner, max_size=2).map(
            lambda each: "{" + ", ".join(f"k{n} = {v}" for n, v in enumerate(each)) + "}"
        ),
    ),
    max_leaves=4,
)


@settings(max_examples=300, deadline=None)
@given(st.integers(0, FULL.count("\n") - 1), VALUES)
def test_any_value_anywhere_is_read_or_refused_but_never_fails(line: int, value: str):
    lines = FULL.splitlines()
    key, equals, _ = lines[line].partition(" = ")
    lines[line] = f"{key}{equals}{value}" if equals else lines[line]
    found, problems = read("\n".join(lines))
    assert (found is None) == bool(problems)
