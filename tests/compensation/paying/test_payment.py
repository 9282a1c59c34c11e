from dataclasses import replace
from datetime import date
from decimal import Decimal

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from compensation.calculate import calculate
from compensation.inputs import Order
from compensation.money.fine import dates, days, money, unit_of, units
from compensation.paying.payment import pay
from compensation.plan.model import Clawback, Draw, Hold
from tests.compensation import hand_made
from tests.compensation.engine import deal, plan_of, run_of, run_with_inputs
from tests.compensation.hand_made import by_month, inputs, line, lines_of, on, paid, part, sale, trace_of


def test_a_plan_without_anything_after_earning_passes_untouched():
    lines, trace = lines_of([line(1, 5), line(2, 7)]), trace_of([])
    order = Order((hand_made.plan(),), hand_made.YEAR, hand_made.NEXT, hand_made.NEXT)
    run = pay(hand_made.plan(), lines, trace, inputs(), order)
    assert run.lines is lines
    assert run.trace is trace
    assert len(run.balances) == 0


def test_only_the_months_asked_for_are_given_with_their_trace():
    first, second, deals = line(1, 5), line(2, 7), [sale("a"), sale("b")]
    run = paid(
        hand_made.plan(),
        [first, second],
        [part(first, deals[0], 5), part(second, deals[1], 7)],
        start=date(2026, 2, 1),
    )
    assert by_month(run) == {2: 7}
    assert run.trace["transaction_id"].to_pylist() == ["b"]


@pytest.mark.parametrize(
    "plan",
    [
        hand_made.plan(hold=Hold()),
        hand_made.plan(clawback=Clawback("full")),
        hand_made.plan(draw=Draw("recoverable")),
    ],
)
def test_no_lines_no_pay(plan):
    run = paid(plan, [])
    assert (len(run.lines), len(run.trace), len(run.balances)) == (0, 0, 0)


def test_what_happens_after_earning_meets_in_one_month():
    """A release counts as earned for the draw, and what is taken back counts against it."""
    draw = Draw("recoverable", Decimal(100))
    plan = hand_made.plan(hold=Hold(), clawback=Clawback("full", 12), draw=draw, assignments=[on()])
    deal_ = sale(amount=3000, released_on=date(2026, 2, 3), cancelled_on=date(2026, 3, 3))
    of = line(1, 300)
    run = paid(plan, [of], [part(of, deal_, 300)], inputs(deal_), end=date(2026, 4, 1))
    assert by_month(run, "draw") == {1: 100, 3: 400}
    assert by_month(run, "recovery") == {2: -100}
    assert by_month(run) == {1: 100, 2: 200, 3: 100}


PLAN = """
[draw]
kind = "recoverable"
amount = 400
recover_share = 0.5
forgive_after = 3
[[assignments]]
rep = "ana"
from = 2026-01-01
[[assignments]]
rep = "ben"
from = 2026-02-11
[[components]]
id = "commission"
name = "Commission"
pays = "rate"
measure = "bookings"
period = "month"
rate = 0.1
hold = { until = "paid" }
clawback = { kind = "pro_rata", months = 12 }
[[components]]
id = "bonus"
name = "Bonus"
pays = "rate"
measure = "bookings"
period = "quarter"
tiers = [{ from = 0, rate = 0.01 }, { from = 5000, rate = 0.03 }]
clawback = { kind = "full", months = 6 }
"""
DEALS = st.lists(
    st.tuples(
        st.integers(1, 8),
        st.integers(1, 28),
        st.integers(1, 9000),
        st.sampled_from(["ana", "ben"]),
        st.none() | st.tuples(st.integers(1, 12), st.integers(1, 28)),
        st.none() | st.tuples(st.integers(1, 12), st.integers(1, 28)),
    ),
    min_size=1,
    max_size=7,
)


def rows_of(deals):
    for at, (month, day, amount, rep, released, cancelled) in enumerate(deals):
        yield deal(month, amount, f"d{at}", day, rep=rep)
        for event, when in (("paid", released), ("cancelled", cancelled)):
            if when and when >= (month, day):
                yield {"event": event, "deal": f"d{at}", "date": date(2026, *when), "amount": "", "rep": rep}


@settings(max_examples=25, deadline=None)
@given(DEALS, st.randoms(use_true_random=False))
def test_the_order_of_the_input_never_matters(deals, random):
    plan = plan_of(PLAN)
    run, given_inputs = run_with_inputs(plan, rows_of(deals))
    order = list(range(len(given_inputs.transactions)))
    random.shuffle(order)
    shuffled = replace(given_inputs, transactions=given_inputs.transactions.take(order))
    again = calculate(Order((plan,), hand_made.YEAR, hand_made.NEXT, date(2026, 12, 31)), shuffled)
    assert again.digest == run.digest
    assert again.balances.equals(run.balances)


@settings(max_examples=25, deadline=None)
@given(DEALS, st.integers(1, 12))
def test_a_month_alone_pays_what_it_pays_in_the_year(deals, month):
    plan, rows = plan_of(PLAN), list(rows_of(deals))
    whole = run_of(plan, rows)
    start, end = date(2026, month, 1), date(2026 + month // 12, month % 12 + 1, 1)
    _, given_inputs = run_with_inputs(plan, rows)
    alone = calculate(Order((plan,), start, end, date(2026, 12, 31)), given_inputs)

    def month_of(run):
        kept = [row for row in run.lines.to_pylist() if row["pay_start"] == start]
        return sorted((row["line_id"], row["kind"], row["amount"]) for row in kept)

    assert month_of(alone) == month_of(whole)
    owed = [row for row in whole.balances.to_pylist() if row["month_start"] == start]
    assert [row for row in alone.balances.to_pylist() if row["draw_balance"] or row["held"]] == [
        row for row in owed if row["draw_balance"] or row["held"]
    ]


@settings(max_examples=25, deadline=None)
@given(DEALS)
def test_every_line_is_the_sum_of_its_trace_or_has_none(deals):
    run = run_of(plan_of(PLAN), rows_of(deals))
    sums: dict[str, object] = {}
    for row in run.trace.to_pylist():
        sums[row["line_id"]] = sums.get(row["line_id"], 0) + row["earned"]
    for row in run.lines.to_pylist():
        if row["kind"] in ("earning", "held", "released", "clawback"):
            assert sums.get(row["line_id"], 0) == row["amount"]
    assert len({row["line_id"] for row in run.lines.to_pylist()}) == len(run.lines)


# -- money as whole numbers


@given(st.lists(st.none() | st.integers(-(10**18) + 1, 10**18 - 1), max_size=9))
def test_money_survives_the_way_there_and_back(values):
    exact = [None if value is None else Decimal(value).scaleb(-4) for value in values]
    column = hand_made.pa.array(exact, hand_made.pa.decimal128(18, 4))
    assert units(column).tolist() == [value or 0 for value in values]
    assert units(hand_made.pa.chunked_array([column[:2], column[2:]])).tolist() == [
        value or 0 for value in values
    ]
    there = money(units(column), np.array([value is None for value in values], bool))
    assert there.to_pylist() == exact


def test_days_survive_the_way_there_and_back():
    column = hand_made.pa.array([date(1969, 12, 31), None, date(2026, 2, 28)])
    assert days(column, -7).tolist() == [-1, -7, 20_512]
    assert dates(np.array([-1, 20_512])).to_pylist() == [date(1969, 12, 31), date(2026, 2, 28)]


@pytest.mark.parametrize(("currency", "unit"), [("USD", 100), ("JPY", 10_000), ("KWD", 10)])
def test_a_currency_s_minor_unit(currency, unit):
    assert unit_of(currency) == unit
