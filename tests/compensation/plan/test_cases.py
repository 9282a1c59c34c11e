"""Cases, with a calculation that stands in: every transaction pays a tenth, a held half among it."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pyarrow as pa

from compensation.inputs import Inputs, Order
from compensation.plan.cases import failures, run_cases
from compensation.plan.model import Plan
from compensation.problems import problem, sentence
from compensation.run import BALANCES, LINES, TRACE, Run
from tests.compensation.plan.texts import changed, plan

PLAN = """\
plan = "p"
valid_from = 2026-01-01
roles = ["seller"]
[policy]
first_month = 2
[measures.m]
where = { vertical = "bank" }
[[components]]
id = "c"
pays = "rate"
measure = "m"
period = "quarter"
rate = 0.1
[[cases]]
name = "one"
deals = [{ date = 2026-03-10, amount = 100.50, split = "50 %" }, { date = 2026-05-01, amount = 10 }]
pays = [{ component = "c", period = 2026-04-30, amount = 10.05 }]
"""


class Tenth:
    """Pays a tenth of every transaction, in its own month, once as earning and once as held."""

    def __init__(self, *problems: Any) -> None:
        self.asked: list[tuple[Order, Inputs]] = []
        self.problems = problems

    def __call__(self, order: Order, inputs: Inputs) -> Run:
        self.asked.append((order, inputs))
        quarters = [row for row in inputs.periods.to_pylist() if row["kind"] == "quarter"]
        rows = []
        for number, sale in enumerate(inputs.transactions.to_pylist()):
            quarter = next(each for each in quarters if each["start"] <= sale["date"] < each["end"])
            for kind in ("earning", "held"):
                rows.append(
                    {
                        "line_id": f"{number}{kind}", "rep": sale["rep"], "plan_id": "p", "plan_version": 1,
                        "component_id": "c", "period_start": quarter["start"], "period_end": quarter["end"],
                        "pay_start": sale["date"].replace(day=1), "earned_on": sale["date"], "kind": kind,
                        "amount": sale["amount"] / 10, "currency": sale["currency"],
                    }
                )  # fmt: skip
        lines = pa.Table.from_pylist(rows, schema=LINES)
        return Run(lines, TRACE.empty_table(), BALANCES.empty_table(), tuple(self.problems))


def sentences(of: Plan, calculate: Tenth) -> list[str]:
    return [sentence(each) for each in failures(of, calculate)]


def test_a_case_that_holds_passes():
    (result,) = run_cases(plan(PLAN), Tenth())
    assert (result.passed, result.differences, result.problems) == (True, (), ())


def test_the_calculation_gets_the_deals_alone_with_the_payee_on_the_plan():
    calculate = Tenth()
    run_cases(plan(PLAN), calculate)
    ((order, inputs),) = calculate.asked

    (alone,) = order.plans
    assert (alone.cases, [each.rep for each in alone.assignments]) == ((), ["someone"])
    payee = alone.assignments[0]
    assert (payee.start, payee.role, payee.currency) == (date(2026, 1, 1), "seller", "USD")
    assert inputs.transactions.select(["rep", "kind", "amount", "share"]).to_pylist() == [
        {"rep": "someone", "kind": "split", "amount": Decimal("100.5"), "share": Decimal("0.5")},
        {"rep": "someone", "kind": "direct", "amount": Decimal(10), "share": Decimal(1)},
    ]
    assert inputs.transactions["vertical"].to_pylist() == [None, None], "a column the plan's conditions name"


def test_whole_periods_around_the_deals_are_reckoned():
    calculate = Tenth()
    run_cases(plan(PLAN), calculate)
    order = calculate.asked[0][0]
    assert (order.start, order.end, order.as_of) == (date(2026, 2, 1), date(2026, 8, 1), date(2026, 8, 1))


def test_a_case_may_say_the_months_itself():
    calculate = Tenth()
    run_cases(
        plan(changed('name = "one"', 'name = "one"\nfrom = 2026-03-01\nto = 2026-06-01', PLAN)), calculate
    )
    order = calculate.asked[0][0]
    assert (order.start, order.end) == (date(2026, 3, 1), date(2026, 6, 1))


def test_a_difference_names_the_case_and_both_amounts():
    text = changed("amount = 10.05", "amount = 1010.05", PLAN)
    assert sentences(plan(text), Tenth()) == [
        (
            "Case “one” (line 14): c, period of 2026-04-30 should pay 1,010.05, but the plan pays 10.05. "
            "Correct the plan or the case."
        )
    ]


def test_lines_are_chosen_by_month_kind_rep_and_total():
    pays = """pays = [
        { month = 2026-05-31, amount = 1 }, { component = "c", kind = "held", amount = 11.05 },
        { rep = "nobody", amount = 0 }, { kind = "draw", amount = 0 }, { kind = "payable", amount = 11.05 },
    ]
    total = 11.05"""
    text = changed('pays = [{ component = "c", period = 2026-04-30, amount = 10.05 }]', pays, PLAN)
    assert sentences(plan(text), Tenth()) == []
    off = (
        text.replace("amount = 11.05", "amount = 2")
        .replace("amount = 1 }", "amount = 2 }")
        .replace("= 0 }", "= 3 }")
    )
    said = [line.split(": ")[1].split(". ")[0] for line in sentences(plan(off), Tenth())]
    assert said == [
        "month of 2026-05-31 should pay 2.00, but the plan pays 1.00".replace(
            "month", "everything, month", 1
        ),
        "c, held should pay 2.00, but the plan pays 11.05",
        "nobody should pay 3.00, but the plan pays 0.00",
        "everything, draw should pay 3.00, but the plan pays 0.00",
        "everything should pay 2.00, but the plan pays 11.05",
    ]


def test_a_bad_deal_is_named_and_nothing_is_calculated():
    calculate = Tenth()
    text = changed("amount = 10 }", 'amount = "ten" }', PLAN)
    assert sentences(plan(text), calculate) == [
        (
            "case “one”, row 2: amount is “ten”, which is not an amount with at most four decimals and a point between. "
            "Correct it."
        )
    ]
    assert calculate.asked == []


def test_what_the_calculation_could_not_do_fails_the_case():
    calculate = Tenth(problem("missing_column", file="x", field="y"))
    assert sentences(plan(PLAN), calculate) == ["x has no column “y”. Add it."]


def test_several_payees_and_their_terms():
    calculate = Tenth()
    payees = 'payees = [{ rep = "ana", rate = 0.08, currency = "EUR", quotas = { m = 12 } }, { rep = "ben", from = 2026-03-01 }]'
    run_cases(plan(changed('name = "one"', f'name = "one"\n{payees}', PLAN)), calculate)
    order, inputs = calculate.asked[0]
    ana, ben = order.plans[0].assignments

    assert (ana.rate, ana.currency, ana.quotas) == (Fraction(8, 100), "EUR", {"m": Decimal(12)})
    assert (ben.start, ben.currency) == (date(2026, 3, 1), "USD")
    assert set(inputs.transactions["rep"].to_pylist()) == {"ana"}, "deals without a rep are the first payee's"
    assert set(inputs.transactions["currency"].to_pylist()) == {"EUR"}


def test_a_case_without_deals_is_reckoned_where_the_plan_starts():
    calculate = Tenth()
    text = changed(
        'deals = [{ date = 2026-03-10, amount = 100.50, split = "50 %" }, { date = 2026-05-01, amount = 10 }]\n',
        "",
        PLAN,
    )
    text = changed("period = 2026-04-30, amount = 10.05", "amount = 0", text)
    assert sentences(plan(text), calculate) == []
    assert calculate.asked[0][0].start == date(2025, 11, 1), "the fiscal quarter that holds 1 January"
