"""The calculation as a whole: which lines there are, when, for whom, and what they say."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from fractions import Fraction

import pyarrow as pa
import pytest

from compensation.calculate import calculate
from compensation.inputs import ASSIGNMENTS, HIERARCHY, QUOTAS, Inputs
from compensation.plan.model import (
    Accumulate,
    Basis,
    Condition,
    CreditRule,
    Draw,
    Measure,
    Pays,
    Period,
    Policy,
)
from compensation.problems import sentence
from compensation.run import LINES, TRACE
from tests.compensation.made import (
    END,
    START,
    amounts,
    ana,
    component,
    curve,
    inputs,
    order,
    plan,
    run,
    sold,
    table,
    tiers,
)
from tests.compensation.oracle import Deal

RATE = component(rate=Fraction("0.1"), period=Period.MONTH)


def rows(found, **where):
    """Lines as dicts, by period, that have these values."""
    lines = sorted(
        found.lines.to_pylist(), key=lambda row: (row["rep"], row["component_id"], row["period_start"])
    )
    return [row for row in lines if all(row[name] == value for name, value in where.items())]


def codes(found):
    return [problem.code for problem in found.problems]


def test_tables_have_their_declared_columns():
    found = run(plan(RATE), sold(("2026-02-01", 100)))
    assert found.lines.schema.equals(LINES)
    assert found.trace.schema.equals(TRACE)


def test_everybody_has_a_line_for_every_period_in_force_even_of_nothing():
    people = [ana(), ana(rep="ben", start=date(2026, 3, 15), end=date(2026, 5, 1))]
    found = run(plan(RATE, people=people), [])
    assert len(rows(found, rep="ana")) == 12
    assert [row["period_start"].month for row in rows(found, rep="ben")] == [3, 4]
    assert set(found.lines["amount"].to_pylist()) == {0}


def test_a_line_appears_with_the_month_its_period_ends_in():
    found = calculate(
        order(plan(component(rate=Fraction("0.1"))), end=date(2026, 6, 1)), inputs(sold(("2026-02-01", 100)))
    )
    assert [row["pay_start"] for row in rows(found)] == [date(2026, 3, 1)]


@pytest.mark.parametrize(
    ("as_of", "count", "earned_on"), [("2026-02-10", 1, "2026-02-10"), ("2026-06-10", 2, "2026-03-31")]
)
def test_a_period_in_progress_has_its_line_so_far_and_a_later_one_none(as_of, count, earned_on):
    one = plan(component(rate=Fraction("0.1")))
    sales = sold(("2026-02-01", 100), ("2026-02-20", 100))
    found = rows(calculate(order(one, as_of=date.fromisoformat(as_of)), inputs(sales)))
    assert len(found) == count
    assert found[0]["earned_on"] == date.fromisoformat(earned_on)
    assert found[0]["amount"] == 10 * count  # what is after the day is not counted


def test_line_ids_differ_and_do_not_depend_on_the_months_asked_for():
    one, sales = plan(RATE, replace(RATE, id="two")), inputs(sold(("2026-02-01", 100)))
    whole = calculate(order(one), sales).lines
    assert len(set(whole["line_id"].to_pylist())) == len(whole) == 24
    half = calculate(order(one, start=date(2026, 7, 1)), sales).lines
    assert set(half["line_id"].to_pylist()) < set(whole["line_id"].to_pylist())


def test_a_person_on_two_rates_in_one_month_has_a_line_for_each():
    first = ana(rate=Fraction("0.1"), end=date(2026, 2, 15))
    found = run(
        plan(replace(RATE, rate="payee"), people=[first, ana(rate=Fraction("0.2"), start=date(2026, 2, 15))]),
        sold(("2026-02-14", 100), ("2026-02-15", 100)),
    )
    assert [row["amount"] for row in rows(found, period_start=date(2026, 2, 1))] == [10, 20]


def test_terms_changed_inside_a_period_share_its_attainment_and_split_its_target_by_days():
    one = component(pays=Pays.TARGET, weight=Fraction(1), curve=curve((0, 0), (1, 1)))
    people = [ana(end=date(2026, 2, 1)), ana(start=date(2026, 2, 1), target_incentive=Decimal(120_000))]
    found = rows(run(plan(one, people=people), sold(("2026-01-05", 150_000))), period_start=START)
    assert [row["attainment"] for row in found] == [0.5, 0.5]
    assert [row["amount"] for row in found] == [
        Decimal("2583.33"),  # 60,000 / 4 × 31 / 90 × 50 %
        Decimal("9833.33"),  # 120,000 / 4 × 59 / 90 × 50 %
    ]


@pytest.mark.parametrize(
    ("change", "share"),
    [
        ({"hired": date(2026, 2, 1)}, Fraction(59, 90)),
        ({"left": date(2026, 2, 1)}, Fraction(31, 90)),
        ({}, 1),
    ],
)
def test_target_and_quota_are_prorated_by_days(change, share):
    one = component(pays=Pays.TARGET, weight=Fraction(1, 2), curve=curve((0, 1), (1, 1)))
    found = rows(run(plan(one, people=[ana(**change)]), []), period_start=START)[0]
    assert found["target"] == round(
        Decimal(7500 * share.numerator) / share.denominator if share != 1 else Decimal(7500), 2
    )
    assert found["quota"] == round(
        Decimal(300_000 * Fraction(share).numerator) / Fraction(share).denominator, 2
    )


def test_running_totals_go_on_where_a_version_follows_another():
    old = component(tiers=tiers((0, "0.1"), (1000, "0.2")), period=Period.MONTH, accumulate=Accumulate.YEAR)
    new = replace(old, tiers=tiers((0, "0.1"), (1000, "0.3")))
    versions = [plan(old), replace(plan(new), version=2, valid_from=date(2026, 7, 1))]
    sales = inputs(sold(("2026-06-30", 900), ("2026-07-01", 200)))
    found = calculate(order(*versions), sales)
    assert [row["amount"] for row in rows(found, plan_version=1)] == [0, 0, 0, 0, 0, 90]
    assert [row["amount"] for row in rows(found, plan_version=2)][:2] == [10 + 30, 0]


def test_earlier_months_are_reckoned_for_what_is_to_date_but_not_given():
    one = component(tiers=tiers((0, "0.1"), (1000, "0.2")), period=Period.MONTH, accumulate=Accumulate.YEAR)
    given = inputs(sold(("2026-01-10", 1000), ("2026-05-10", 100)))
    found = rows(calculate(order(plan(one), start=date(2026, 5, 1), end=date(2026, 6, 1)), given))
    assert [(row["amount"], row["to_date"], row["paid_before"]) for row in found] == [(20, 120, 100)]


def test_year_to_date_pays_the_function_less_what_was_paid():
    one = component(
        pays=Pays.TARGET, weight=Fraction(1), curve=curve(("0.5", 0), (1, 1)), accumulate=Accumulate.YEAR
    )
    found = run(plan(one), sold(("2026-02-01", 300_000), ("2026-11-01", 700_000)))
    kept = [(row["amount"], row["to_date"], row["paid_before"]) for row in rows(found)]
    assert kept == [(15_000, 15_000, 0), (-15_000, 0, 15_000), (0, 0, 0), (40_000, 40_000, 0)]
    trace = {row["transaction_id"] or row["rule"]: row["earned"] for row in found.trace.to_pylist()}
    assert trace == {"t000": 15_000, "to_date": -15_000, "t001": 40_000}


# ------------------------------------------------------------------ credits


def test_pay_and_quota_credit_differ_by_rule():
    rules = {"overlay": CreditRule("overlay", "overlay", pay=Fraction(1, 2), quota=Fraction(1, 4))}
    sale = Deal("t", "ana", date(2026, 2, 1), Decimal(1000), kind="overlay")
    one = component(rate=Fraction("0.1"), credits=("overlay",))
    found = rows(run(plan(one, credit_rules=rules), [sale]))[0]
    assert (found["amount"], found["credited"], found["quota_credited"]) == (50, 500, 250)


def test_managers_are_credited_along_the_hierarchy_of_the_day_once_a_transaction():
    people = [ana(manager="ben"), ana(rep="ben", manager="cho"), ana(rep="cho")]
    one = component(rate=Fraction("0.01"), credits=("direct", "team"), period=Period.YEAR)
    rules = {"team": CreditRule("team", "roll_up", levels=1)}
    sales = [*sold(("2026-02-01", 100000)), Deal("b", "ben", date(2026, 2, 1), Decimal(10000))]
    found = run(plan(one, people=people, credit_rules=rules), sales)
    assert [row["amount"] for row in rows(found)] == [1000, 1100, 100]
    credited = {(row["credited_rep"], row["rule"]) for row in found.trace.to_pylist()}
    assert credited == {("ana", "direct"), ("ana", "team"), ("ben", "direct"), ("ben", "team")}


def test_hierarchy_and_quotas_of_the_store():
    hierarchy = pa.Table.from_pylist(
        [
            {"rep": "ana", "manager": "ben", "valid_from": date(2020, 1, 1), "valid_to": date(2026, 3, 1)},
            {"rep": "ana", "manager": "cho", "valid_from": date(2026, 3, 1), "valid_to": date(9999, 12, 31)},
        ],
        schema=HIERARCHY,
    )
    quota = {"measure": "bookings", "currency": "USD", "start": START, "end": END}
    quotas = pa.Table.from_pylist(
        [
            {"rep": rep, "scope": scope, "amount": Decimal(amount)} | quota
            for rep, scope, amount in [("ben", "team", 365_000), ("ben", "rep", 1), ("cho", "team", 730_000)]
        ],
        schema=QUOTAS,
    )
    assigned = pa.Table.from_pylist(
        [
            {
                "plan_id": "field",
                "rep": rep,
                "valid_from": START,
                "valid_to": END,
                "currency": "USD",
                "target_incentive": Decimal(40_000),
            }
            for rep in ("ben", "cho")
        ],
        schema=ASSIGNMENTS,
    )
    one = component(pays=Pays.TARGET, weight=Fraction(1), credits=("roll_up",), curve=curve((0, 0), (1, 1)))
    given = inputs(
        sold(("2026-02-28", 45_000), ("2026-03-01", 45_000)),
        hierarchy=hierarchy,
        quotas=quotas,
        assignments=assigned,
    )
    found = calculate(order(plan(one, people=[]), end=date(2026, 4, 1)), given)
    assert [(row["quota"], row["amount"]) for row in rows(found)] == [(90_000, 5_000), (180_000, 2_500)]


def test_conditions_pick_transactions_and_unknown_ones_are_a_problem():
    measures = {
        "new": Measure("new", where=(Condition("type", ("new",)),)),
        "long": Measure("long", where=(Condition("term_months", at_least=Decimal(12), below=Decimal(24)),)),
        "odd": Measure("odd", where=(Condition("colour", ("red",)),)),
        "bad": Measure("bad", where=(Condition("type", at_least=Decimal(1)),)),
    }
    sales = table(
        [Deal("a", "ana", START, Decimal(10)), Deal("b", "ana", START, Decimal(100), type="renewal")],
        term_months={"a": 12, "b": 24},
    )
    parts = [component(id=name, measure=name, rate=Fraction(1), period=Period.YEAR) for name in measures]
    found = run(plan(*parts, measures=measures), sales)
    assert {row["component_id"]: row["amount"] for row in rows(found)} == {
        "new": 10,
        "long": 10,
        "odd": 0,
        "bad": 0,
    }
    assert codes(found) == ["condition_field", "condition_order"]


def test_margin_that_is_missing_is_a_problem():
    sales = table(sold((START, 100), (START, 50)), margin={"t000": Decimal(40)})
    found = run(
        plan(component(measure="m", rate=Fraction(1)), measures={"m": Measure("m", of="margin")}), sales
    )
    assert amounts(found)[0] == 40
    assert [sentence(each) for each in found.problems] == [
        "1 transactions of “pay” have no margin and count as 0. Add it."
    ]


def test_rollout_by_the_team_of_the_day():
    sales = table(
        sold(("2026-01-10", 100), ("2026-02-10", 10), ("2026-03-10", 1)),
        team={"t001": "East", "t002": "West"},
    )
    one = replace(RATE, rate=Fraction(1), rollout={"East": date(2026, 2, 1)})
    assert sum(amounts(run(plan(one, people=[ana(team="East")]), sales))) == 10
    west = run(plan(one, people=[ana(team="West")]), sales)
    assert [(row["period_start"].month, row["amount"]) for row in rows(west)] == [
        (2, 10)
    ]  # sold while in the East
    assert len(run(plan(one, people=[ana(team="East")]), []).lines) == 11


def test_target_incentive_counts_from_when_the_own_team_has_the_component():
    one = component(
        pays=Pays.TARGET, weight=Fraction(1), curve=curve((0, 0), (1, 1)), rollout={"East": date(2026, 5, 1)}
    )
    sales = table(sold(("2026-05-10", 300_000)), team={"t000": "East"})
    east = rows(run(plan(one, people=[ana(team="East")]), sales))
    assert [row["target"] for row in east] == [Decimal("10054.95"), 15_000, 15_000]  # 61 of 91 days first
    west = rows(run(plan(one, people=[ana(team="West", quotas={"bookings": Decimal(9)})]), sales))
    assert [(row["target"], row["amount"]) for row in west] == [(0, 0)]


def test_roles_of_components_rules_and_plan():
    people = [ana(role="seller"), ana(rep="ben", role="manager"), ana(rep="cho", role="guest")]
    rules = {"direct": CreditRule("direct", "direct", roles=("seller",))}
    one = replace(RATE, roles=("seller", "manager"))
    sales = [*sold(("2026-01-10", 100)), Deal("b", "ben", START, Decimal(100))]
    found = run(plan(one, people=people, credit_rules=rules, roles=("seller", "manager")), sales)
    assert {row["rep"]: row["amount"] for row in rows(found, period_start=START)} == {"ana": 10, "ben": 0}
    assert codes(found) == ["payee_role"]


# ------------------------------------------------------------------ problems


def test_attainment_without_a_quota_is_a_problem_and_earns_nothing():
    one = component(tiers=tiers((0, "0.1"), (1, "0.2")), basis=Basis.ATTAINMENT)
    found = run(plan(one, people=[ana(quotas={})]), sold((START, 100)))
    assert codes(found) == ["quota_missing"]
    line = rows(found)[0]
    assert (line["amount"], line["attainment"], line["quota"]) == (0, None, None)


def test_a_transaction_that_is_there_twice_counts_once():
    sale = table(sold((START, 100)))
    found = run(plan(RATE), pa.concat_tables([sale, sale]))
    assert codes(found) == ["transaction_repeated"]
    assert amounts(found)[0] == 10


def test_two_assignments_at_once_are_a_problem_and_the_later_start_wins():
    people = [ana(rate=Fraction("0.1")), ana(rate=Fraction("0.2"), start=date(2026, 2, 1))]
    found = run(plan(replace(RATE, rate="payee"), people=people), sold(("2026-03-01", 100)))
    assert codes(found) == ["payee_twice"]
    assert [row["amount"] for row in rows(found, period_start=date(2026, 3, 1))] == [20]


def test_months_without_a_calendar_are_a_problem():
    found = calculate(order(plan(RATE), end=date(2029, 1, 1)), inputs([]))
    assert codes(found) == ["no_calendar"]


def test_every_problem_has_a_sentence_and_tells_no_pay():
    one = component(tiers=tiers((0, "0.1")), basis=Basis.ATTAINMENT)
    found = run(plan(one, people=[ana(quotas={}), ana(quotas={})]), sold((START, "987.65")))
    assert found.problems
    assert all("—" not in sentence(each) and "987" not in sentence(each) for each in found.problems)


def test_inputs_without_periods_take_the_plan_s_fiscal_year():
    one = plan(component(rate=Fraction("0.1")), policy=Policy(first_month=2))
    given = Inputs(table(sold(("2026-02-10", 100))), inputs([]).periods.slice(0, 0))
    found = rows(calculate(order(one), given))
    assert [row["period_start"] for row in found][1:3] == [date(2026, 2, 1), date(2026, 5, 1)]


# ------------------------------------------------------------------ the trace


def test_the_trace_says_where_each_transaction_stood():
    one = component(tiers=tiers((0, "0.1"), ("0.5", "0.2")), basis=Basis.ATTAINMENT)
    found = run(plan(one), sold(("2026-01-10", 120_000), ("2026-01-11", 60_000), ("2026-01-12", 1)))
    second = next(row for row in found.trace.to_pylist() if row["transaction_id"] == "t001")
    assert (second["before"], second["after"]) == (120_000, 180_000)
    assert (second["attainment_before"], second["attainment_after"]) == (0.4, 0.6)
    assert (second["tier_from"], second["tier_to"], second["earned"]) == (0, 1, 9_000)


@pytest.mark.parametrize("draw", [None, Draw("recoverable", amount=Decimal(5))])
def test_the_trace_can_be_handed_over_as_it_is_made(draw):
    one = plan(RATE, replace(RATE, id="second"), draw=draw)
    given, found = inputs(sold(("2026-01-10", 100))), []
    whole = calculate(order(one), given)
    streamed = calculate(order(one), given, found.append)
    assert len(streamed.trace) == 0
    assert streamed.lines.equals(whole.lines)
    assert pa.concat_tables(found).to_pylist() == whole.trace.to_pylist()


def test_a_plan_without_anybody_has_no_lines():
    assert len(run(plan(RATE, people=[]), sold((START, 100))).lines) == 0
