import json
from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from compensation.plan.model import Draw, Policy
from tests.compensation import hand_made
from tests.compensation.hand_made import balances, by_month, line, on, paid

KINDS = ("draw", "recovery", "forgiveness")


def recoverable(amount=1500, **more) -> Draw:
    return Draw("recoverable", Decimal(amount), **more)


def run_of(draw, *earned, assignments=None, year=2026, **more):
    """Months from January with so much earned each."""
    plan = hand_made.plan(draw=draw, assignments=assignments or [on()], **more)
    lines = [line(month, amount, year=year) for month, amount in enumerate(earned, 1) if amount is not None]
    return paid(plan, lines, end=date(2026, len(earned) + 1, 1) if len(earned) < 12 else hand_made.NEXT)


def test_recoverable_draw_comes_back_out_of_what_is_above_it():
    run = run_of(recoverable(), 500, 3000)
    assert by_month(run) == {1: 1500, 2: 2000}
    assert balances(run) == {1: 1000}


def test_non_recoverable_draw_is_paid_for_good():
    run = run_of(Draw("non_recoverable", Decimal(1500)), 500, 3000)
    assert by_month(run) == {1: 1500, 2: 3000}
    assert balances(run) == {}


def test_recovery_never_brings_pay_below_the_minimum():
    run = run_of(recoverable(), 500, 2000, 1000)
    assert by_month(run) == {1: 1500, 2: 1500, 3: 1500}
    assert balances(run) == {1: 1000, 2: 500, 3: 1000}


def test_recovery_may_start_later():
    run = run_of(recoverable(recover_after=3), 500, 3000, 3000, 3000)
    assert by_month(run) == {1: 1500, 2: 3000, 3: 3000, 4: 2000}


def test_recovery_takes_at_most_a_share_of_what_is_above():
    run = run_of(recoverable(recover_share=Fraction(1, 2)), 500, 2500, 2500)
    assert by_month(run) == {1: 1500, 2: 2000, 3: 2000}


def test_recovery_takes_at_most_an_amount_a_month():
    run = run_of(recoverable(recover_at_most=Decimal(300)), 500, 9000, 9000, 9000, 9000)
    assert by_month(run, "recovery") == {2: -300, 3: -300, 4: -300, 5: -100}


def test_a_share_that_is_no_whole_cent_recovers_less_not_more():
    run = run_of(recoverable(recover_share=Fraction(1, 3)), 500, Decimal("1500.05"))
    assert by_month(run, "recovery") == {2: Decimal("-0.01")}


def test_what_is_old_is_forgiven_and_moves_no_money():
    run = run_of(recoverable(forgive_after=2), 500, 1500, 1600, 5000)
    assert by_month(run) == {1: 1500, 2: 1500, 3: 1500, 4: 5000}
    assert balances(run) == {1: 1000, 2: 1000}
    forgiven = [row for row in run.lines.to_pylist() if row["kind"] == "forgiveness"]
    assert [(row["pay_start"], row["amount"]) for row in forgiven] == [(date(2026, 3, 1), 0)]
    assert json.loads(forgiven[0]["reason"])["forgiven"] == "900.0000"


def test_the_oldest_is_recovered_first():
    run = run_of(recoverable(forgive_after=2), 500, 500, 2500, 1500)
    # March recovers January's 1,000 whole, so only February's is left to forgive in April.
    assert balances(run) == {1: 1000, 2: 2000, 3: 1000}
    assert [
        json.loads(row["reason"])["forgiven"] for row in run.lines.to_pylist() if row["kind"] == "forgiveness"
    ] == ["1000.0000"]


def test_months_without_earnings_are_drawn_too():
    assert by_month(run_of(recoverable(), None, None, 1500)) == {1: 1500, 2: 1500, 3: 1500}


def test_a_share_of_the_target_incentive():
    draw = Draw("non_recoverable", share=Fraction(1, 2))
    run = run_of(draw, 100, assignments=[on(target_incentive=Decimal(60_001))])
    assert by_month(run, "draw") == {1: Decimal("2400.04")}  # 60,001 ÷ 24 = 2,500.0416…


def test_days_on_the_plan_count():
    run = run_of(recoverable(3100), None, assignments=[on(start=date(2026, 1, 11))])
    assert by_month(run) == {1: 2100}


def test_without_proration_a_day_is_a_month():
    run = run_of(
        recoverable(3100), None, assignments=[on(start=date(2026, 1, 11))], policy=Policy(proration="none")
    )
    assert by_month(run) == {1: 3100}


def test_two_seats_in_a_month_are_added_by_their_days():
    seats = [
        on(end=date(2026, 1, 11), target_incentive=Decimal(37_200)),
        on(start=date(2026, 1, 11), target_incentive=Decimal(74_400)),
    ]
    run = run_of(Draw("non_recoverable", share=Fraction(1)), None, assignments=seats)
    assert by_month(run) == {1: 1000 + 4200}
    whole = run_of(
        Draw("non_recoverable", share=Fraction(1)), None, assignments=seats, policy=Policy(proration="none")
    )
    assert by_month(whole) == {1: 6200}


def test_nothing_is_drawn_after_leaving():
    assert by_month(run_of(recoverable(3100), None, None, assignments=[on(left=date(2026, 1, 16))])) == {
        1: 1500
    }


def test_only_the_first_full_months_after_hire():
    seat = on(start=date(2026, 1, 20), hired=date(2026, 1, 20))
    run = run_of(recoverable(1000, months_after_hire=2), None, None, None, None, assignments=[seat])
    assert by_month(run) == {2: 1000, 3: 1000}


@pytest.mark.parametrize(
    ("hired", "drawn"),
    [
        (date(2025, 12, 31), {1: 1000, 2: 1000, 3: 1000}),
        (date(2025, 11, 1), {1: 1000, 2: 1000}),
        (date(2025, 9, 30), {}),
        (None, {}),
    ],
)
def test_hires_before_the_calendar_starts(hired, drawn):
    run = run_of(recoverable(1000, months_after_hire=3), *[None] * 5, assignments=[on(hired=hired)])
    assert by_month(run, "draw") == drawn


def test_after_the_minimum_ends_everything_earned_pays_it_back():
    seat = on(hired=date(2025, 12, 15))
    run = run_of(recoverable(1000, months_after_hire=1), 0, 400, 700, assignments=[seat])
    assert by_month(run) == {1: 1000, 3: 100}


def test_only_some_components_count_against_it():
    plan = hand_made.plan(
        draw=Draw("non_recoverable", Decimal(1500), components=("commission",)), assignments=[on()]
    )
    run = paid(plan, [line(1, 500), line(1, 5000, component="bonus")], end=date(2026, 2, 1))
    assert by_month(run, "draw") == {1: 1000}
    assert [row["component_id"] for row in run.lines.to_pylist() if row["kind"] == "draw"] == ["commission"]


def test_a_draw_of_the_whole_plan_says_so():
    assert {
        row["component_id"] for row in run_of(recoverable(), 0).lines.to_pylist() if row["kind"] == "draw"
    } == {"draw"}


def test_balances_reach_back_before_the_months_asked_for():
    plan = hand_made.plan(draw=recoverable(), assignments=[on()])
    run = paid(plan, [line(1, 500), line(2, 3000)], start=date(2026, 2, 1), end=date(2026, 3, 1))
    assert by_month(run) == {2: 2000}
    assert [row["month_start"] for row in run.balances.to_pylist()] == [date(2026, 2, 1)]


def test_a_new_version_of_the_plan_takes_the_balance_over():
    old = hand_made.plan(draw=recoverable(), assignments=[on()], valid_to=date(2026, 3, 1))
    new = hand_made.plan(draw=recoverable(2000), assignments=[on()], version=2, valid_from=date(2026, 3, 1))
    lines = [line(1, 500), line(2, 1500), line(3, 2400, version=2)]
    run = paid((old, new), lines, end=date(2026, 4, 1))
    assert by_month(run) == {1: 1500, 2: 1500, 3: 2000}
    assert balances(run) == {1: 1000, 2: 1000, 3: 600}
    assert {row["plan_version"] for row in run.lines.to_pylist() if row["kind"] == "recovery"} == {2}


def test_a_version_without_a_draw_still_recovers_what_is_owed():
    old = hand_made.plan(draw=recoverable(), assignments=[on()], valid_to=date(2026, 2, 1))
    new = hand_made.plan(assignments=[on()], version=2, valid_from=date(2026, 2, 1))
    run = paid((old, new), [line(1, 500), line(2, 1200, version=2)], end=date(2026, 3, 1))
    assert by_month(run) == {1: 1500, 2: 200}


def test_people_and_currencies_are_kept_apart():
    plan = hand_made.plan(
        draw=recoverable(), assignments=[on(currency="USD"), on("ben", currency="JPY")], currency="payee"
    )
    lines = [
        line(1, 500),
        line(1, 100, rep="ben", currency="JPY"),
        line(2, 3000),
        line(2, 1600, rep="ben", currency="JPY"),
    ]
    run = paid(plan, lines, end=date(2026, 3, 1))
    assert by_month(run) == {1: 1500, 2: 2000}
    assert by_month(run, rep="ben") == {1: 1500, 2: 1500}
    assert balances(run, rep="ben") == {1: 1400, 2: 1300}
    assert {row["currency"] for row in run.balances.to_pylist() if row["rep"] == "ben"} == {"JPY"}


def test_a_yen_has_no_cents():
    plan = hand_made.plan(
        draw=Draw("recoverable", Decimal(1000), recover_share=Fraction(1, 3)),
        assignments=[on()],
        currency="JPY",
    )
    run = paid(plan, [line(1, 500, currency="JPY"), line(2, 1100, currency="JPY")], end=date(2026, 3, 1))
    assert by_month(run, "recovery") == {2: -33}


MONEY = st.integers(-200_000, 900_000).map(lambda cents: Decimal(cents).scaleb(-2))
DRAWS = st.builds(
    Draw,
    kind=st.sampled_from(["recoverable", "non_recoverable"]),
    amount=st.integers(0, 400_000).map(lambda cents: Decimal(cents).scaleb(-2)),
    recover_after=st.integers(0, 4),
    recover_share=st.fractions(0, 1, max_denominator=7),
    recover_at_most=st.none() | st.integers(0, 100_000).map(lambda cents: Decimal(cents).scaleb(-2)),
    forgive_after=st.none() | st.integers(1, 5),
)


def slowly(draw: Draw, earned) -> tuple[list[Decimal], list[Decimal]]:
    """Payment and balance month by month for one person, written straight from the rules."""
    debts: list[list] = []  # [month, amount]
    paid_out, owed = [], []
    for month, amount in enumerate(earned):
        top_up = max(draw.amount - amount, Decimal(0)) if draw.amount > 0 else Decimal(0)
        above = max(amount - draw.amount, Decimal(0))
        allowed = Fraction(above) * draw.recover_share
        if draw.recover_at_most is not None:
            allowed = min(allowed, Fraction(draw.recover_at_most))
        allowed = Decimal(int(allowed * 100)).scaleb(-2)
        taken = Decimal(0)
        for debt in debts:
            if month - debt[0] >= draw.recover_after:
                part = min(debt[1], allowed - taken)
                debt[1] -= part
                taken += part
        if draw.kind == "recoverable":
            debts.append([month, top_up])
        if draw.forgive_after is not None:
            debts = [debt for debt in debts if month - debt[0] < draw.forgive_after]
        paid_out.append(amount + top_up - taken)
        owed.append(sum((debt[1] for debt in debts), Decimal(0)))
    return paid_out, owed


@settings(max_examples=60, deadline=None)
@given(DRAWS, st.lists(MONEY, min_size=1, max_size=9))
def test_it_agrees_with_one_person_by_hand(draw, earned):
    run = run_of(draw, *earned)
    paid_out, owed = slowly(draw, earned)
    assert by_month(run) == {month: amount for month, amount in enumerate(paid_out, 1) if amount}
    assert balances(run) == {month: amount for month, amount in enumerate(owed, 1) if amount}


@settings(max_examples=60, deadline=None)
@given(DRAWS, st.lists(MONEY, min_size=1, max_size=9))
def test_the_balance_is_never_negative_and_follows_from_the_lines(draw, earned):
    run = run_of(draw, *earned)
    rows = run.lines.to_pylist()
    drawn, recovered = (
        sum((r["amount"] for r in rows if r["kind"] == kind), Decimal(0)) for kind in KINDS[:2]
    )
    forgiven = sum(
        (Decimal(json.loads(r["reason"])["forgiven"]) for r in rows if r["kind"] == "forgiveness"), Decimal(0)
    )
    assert all(row["draw_balance"] >= 0 for row in run.balances.to_pylist())
    last = run.balances.to_pylist()[-1]["draw_balance"] if len(run.balances) else Decimal(0)
    assert last == (drawn + recovered - forgiven if draw.kind == "recoverable" else 0)


@settings(max_examples=40, deadline=None)
@given(DRAWS.filter(lambda draw: draw.amount > 0), st.lists(MONEY, min_size=1, max_size=6))
def test_nobody_is_paid_less_than_the_minimum(draw, earned):
    paid_in = by_month(run_of(draw, *earned))
    assert all(paid_in.get(month, 0) >= draw.amount for month in range(1, len(earned) + 1))


def test_months_that_have_not_begun_draw_nothing():
    plan = hand_made.plan(draw=recoverable(), assignments=[on()])
    assert by_month(paid(plan, [line(1, 0)], as_of=date(2026, 2, 1))) == {1: 1500, 2: 1500}
