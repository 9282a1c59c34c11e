from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from compensation.money.months import elapsed, number
from compensation.plan.model import Clawback, Policy
from compensation.problems import sentence
from tests.compensation import hand_made
from tests.compensation.hand_made import by_month, inputs, line, paid, part, sale

FULL = hand_made.plan(clawback=Clawback("full", 12))
PRO_RATA = hand_made.plan(clawback=Clawback("pro_rata", 12))


def one(*sales, plan=PRO_RATA, month=1, rate=10, **more):
    of = line(month, sum(each["amount"] for each in sales) / rate)
    return paid(plan, [of], [part(of, each, each["amount"] / rate) for each in sales], inputs(*sales), **more)


def test_half_comes_back_after_half_the_term():
    run = one(sale(amount=100_000, cancelled_on=date(2026, 7, 1)))
    assert by_month(run) == {1: 10_000, 7: -5_000}


def test_all_comes_back_within_the_months():
    assert by_month(one(sale(cancelled_on=date(2026, 12, 31)), plan=FULL)) == {1: 100, 12: -100}


def test_nothing_comes_back_after_the_months():
    deal = sale(day=date(2025, 3, 10), cancelled_on=date(2026, 3, 10))
    assert by_month(one(deal, plan=FULL)) == {1: 100}


def test_without_months_all_comes_back_at_any_time():
    deal = sale(day=date(2023, 3, 10), cancelled_on=date(2026, 3, 10))
    assert by_month(one(deal, plan=hand_made.plan(clawback=Clawback("full")))) == {1: 100, 3: -100}


def test_the_deal_s_own_term_goes_before_the_plan_s():
    assert by_month(one(sale(term_months=24, cancelled_on=date(2026, 7, 1)))) == {1: 100, 7: -75}


def test_nothing_comes_back_after_the_term():
    assert by_month(one(sale(day=date(2025, 1, 1), cancelled_on=date(2026, 1, 1)))) == {1: 100}


def test_months_begun_do_not_count_as_used():
    assert by_month(one(sale(day=date(2026, 1, 15), cancelled_on=date(2026, 4, 14)))) == {
        1: 100,
        4: Decimal("-83.33"),
    }


@pytest.mark.parametrize(
    ("rounding", "back"),
    [("half_up", "-16.67"), ("down", "-16.66"), ("up", "-16.67"), ("half_even", "-16.67")],
)
def test_rounding_is_the_plan_s(rounding, back):
    plan = hand_made.plan(clawback=Clawback("pro_rata", 6), policy=Policy(rounding=rounding))
    assert by_month(one(sale(cancelled_on=date(2026, 6, 1)), plan=plan), "clawback") == {6: Decimal(back)}


def test_a_deal_cancelled_before_it_is_paid_comes_back_with_the_payment():
    run = one(sale(day=date(2026, 1, 5), cancelled_on=date(2026, 2, 10)), month=3, plan=FULL)
    assert by_month(run, "clawback") == {3: -100}
    assert by_month(run) == {}


def test_a_sale_after_the_cancellation_stays():
    run = one(
        sale("a", deal="d", cancelled_on=date(2026, 1, 10)),
        sale("b", deal="d", day=date(2026, 1, 20)),
        plan=FULL,
    )
    assert by_month(run) == {1: 100}


def test_other_deals_stay():
    run = one(sale("a", cancelled_on=date(2026, 2, 1)), sale("b", amount=500), plan=FULL)
    assert by_month(run) == {1: 150, 2: -100}


def test_everybody_on_the_deal_gives_back_their_own():
    first, second = line(1, 70), line(1, 30, rep="ben")
    deals = [sale(rep="ana", cancelled_on=date(2026, 2, 1)), sale(rep="ben", cancelled_on=date(2026, 2, 1))]
    parts = [part(first, deals[0], 70), part(second, deals[1], 30)]
    run = paid(FULL, [first, second], parts, inputs(*deals))
    assert by_month(run) == {1: 70, 2: -70}
    assert by_month(run, rep="ben") == {1: 30, 2: -30}


def test_a_reversal_with_the_cancellation_counts_as_come_back():
    run = one(
        sale("a", deal="d", cancelled_on=date(2026, 1, 20)),
        sale("b", deal="d", day=date(2026, 1, 20), amount=-1000),
    )
    assert by_month(run) == {}
    assert by_month(run, "clawback") == {}


def test_a_reversal_before_it_lowers_what_can_come_back():
    run = one(
        sale("a", deal="d", cancelled_on=date(2026, 7, 1)),
        sale("b", deal="d", day=date(2026, 1, 20), amount=-200),
    )
    assert by_month(run) == {1: 80, 7: -40}


def test_a_cancellation_that_is_not_known_yet_takes_nothing():
    assert by_month(one(sale(cancelled_on=date(2026, 7, 1)), as_of=date(2026, 6, 30))) == {1: 100}


def test_without_any_term_nothing_comes_back_and_it_is_said():
    run = one(sale("t9", cancelled_on=date(2026, 7, 1)), plan=hand_made.plan(clawback=Clawback("pro_rata")))
    assert by_month(run) == {1: 100}
    (problem,) = run.problems
    assert sentence(problem).startswith(
        "Transaction “t9” was cancelled, but neither it nor the plan says how many"
    )


def test_clawback_lines_are_dated_in_the_month_they_are_taken():
    run = one(sale(cancelled_on=date(2026, 7, 1)))
    back = next(row for row in run.lines.to_pylist() if row["kind"] == "clawback")
    assert (back["pay_start"], back["earned_on"]) == (date(2026, 7, 1), date(2026, 7, 31))
    assert back["period_start"] == date(2026, 1, 1)


@pytest.mark.parametrize(
    ("start", "end", "months"),
    [
        ("2026-01-01", "2026-07-01", 6),
        ("2026-01-15", "2026-02-14", 0),
        ("2026-01-15", "2026-02-15", 1),
        ("2026-01-31", "2026-02-28", 1),
        ("2028-01-31", "2028-02-28", 0),
        ("2028-01-31", "2028-02-29", 1),
        ("2026-03-31", "2026-04-29", 0),
        ("2025-12-31", "2026-12-30", 11),
        ("2026-05-05", "2026-05-05", 0),
    ],
)
def test_whole_months_between_days(start, end, months):
    days = (hand_made.pa.array([date.fromisoformat(day)]) for day in (start, end))
    assert elapsed(
        *(hand_made.pa.compute.cast(day, hand_made.pa.int32()).to_numpy().astype("int64") for day in days)
    ) == [months]


def test_a_day_s_number():
    assert number(date(1970, 1, 2)) == 1


DAYS = st.dates(date(2026, 1, 1), date(2026, 12, 31))
ROWS = st.lists(
    st.tuples(
        st.integers(-90_000, 900_000), DAYS, st.none() | DAYS, st.sampled_from("wxy"), st.integers(1, 30)
    ),
    min_size=1,
    max_size=9,
)


@settings(max_examples=120, deadline=None)
@given(
    ROWS,
    st.sampled_from(["full", "pro_rata"]),
    st.integers(1, 14),
    st.sampled_from(["half_up", "up", "down"]),
)
def test_no_deal_gives_back_more_than_it_was_paid(rows, kind, within, rounding):
    sales = [
        sale(
            f"t{at}",
            deal=deal,
            day=day,
            amount=Decimal(cents).scaleb(-2),
            cancelled_on=gone,
            term_months=term,
        )
        for at, (cents, day, gone, deal, term) in enumerate(rows)
    ]
    of = line(12, sum(each["amount"] for each in sales))
    plan = hand_made.plan(clawback=Clawback(kind, within), policy=Policy(rounding=rounding))
    run = paid(plan, [of], [part(of, each, each["amount"]) for each in sales], inputs(*sales))
    paid_for: dict[str, Decimal] = {}
    back: dict[str, Decimal] = {}
    taken = {row["line_id"] for row in run.lines.to_pylist() if row["kind"] == "clawback"}
    for row in run.trace.to_pylist():
        book = back if row["line_id"] in taken else paid_for
        book[row["deal_id"]] = book.get(row["deal_id"], Decimal(0)) + row["earned"]
    assert all(0 <= -amount <= max(paid_for[deal], 0) for deal, amount in back.items())
    assert all(row["earned"] * 100 == int(row["earned"] * 100) for row in run.trace.to_pylist())
