"""Money of another currency, and where it is rounded, through the whole calculation."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from fractions import Fraction

import pyarrow as pa
import pytest

from compensation.calculate import calculate
from compensation.inputs import RATES
from compensation.plan.model import (
    Period,
    Policy,
)
from compensation.problems import sentence
from tests.compensation.made import (
    START,
    amounts,
    ana,
    component,
    inputs,
    order,
    plan,
    run,
    sold,
    table,
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


def rates(*found):
    names = ("date", "from_currency", "to_currency", "rate")
    return pa.Table.from_pylist([dict(zip(names, each, strict=True)) for each in found], schema=RATES)


EUR = rates((date(2026, 1, 1), "EUR", "USD", Decimal("1.5")), (date(2026, 1, 20), "EUR", "USD", Decimal(2)))


@pytest.mark.parametrize(("policy", "paid"), [("transaction", 15), ("period_end", 20)])
def test_money_is_converted_at_the_rate_of_the_transaction_s_day_or_the_period_s_end(policy, paid):
    sales = table(sold(("2026-01-10", 100)), "EUR")
    one = plan(RATE, policy=Policy(currency_on=policy))
    assert amounts(calculate(order(one), inputs(sales, rates=EUR)))[0] == paid


def test_a_pair_given_the_other_way_round_is_inverted_and_a_missing_rate_is_a_problem():
    people = [ana(currency="EUR")]
    one = plan(RATE, people=people, currency="payee")
    found = calculate(order(one), inputs(sold(("2026-01-10", 100), ("2026-01-25", 100)), rates=EUR))
    assert amounts(found)[0] == Decimal("11.67")  # 66.67 and 50.00 credited
    early = calculate(order(one), inputs(sold(("2026-01-10", 100)), rates=EUR.slice(1)))
    assert [sentence(each) for each in early.problems] == [
        "There is no exchange rate from USD to EUR on or before 2026-01-10, so what needs it is left out. Load the rate."
    ]
    assert amounts(early)[0] == 0


def test_a_currency_without_cents_is_paid_whole():
    one = plan(replace(RATE, rate=Fraction("0.1")), currency="JPY", people=[ana()])
    found = run(one, table([Deal("t", "ana", START, Decimal(1234))], "JPY"))
    assert amounts(found)[0] == 123


@pytest.mark.parametrize(("at", "paid"), [("line", "0.03"), ("transaction", "0.05")])
def test_rounding_once_a_line_or_each_transaction(at, paid):
    sales = sold(*[("2026-01-10", "0.05")] * 5)
    assert amounts(run(plan(RATE, policy=Policy(round_at=at)), sales))[0] == Decimal(paid)


def test_a_person_whose_currency_nobody_says_is_a_problem():
    both = pa.concat_tables([table(sold((START, 1))), table([Deal("x", "ana", START, Decimal(1))], "EUR")])
    found = run(plan(RATE, currency="payee"), both)
    assert codes(found) == ["payee_currency"]
    assert len(found.lines) == 0
