from datetime import date
from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as st

from compensation.plan.model import Clawback, Hold
from tests.compensation import hand_made
from tests.compensation.hand_made import balances, by_month, inputs, line, paid, part, sale

HELD = hand_made.plan(hold=Hold("paid"))


def earned(run, line_id):
    return sum((row["earned"] for row in run.trace.to_pylist() if row["line_id"] == line_id), Decimal(0))


def one(*sales, month=1, plan=HELD, **more):
    """A month's line of the sales, a tenth of each."""
    of = line(month, sum(each["amount"] for each in sales) / 10)
    return paid(plan, [of], [part(of, each, each["amount"] / 10) for each in sales], inputs(*sales), **more)


def test_what_is_not_released_is_held_and_not_paid():
    run = one(sale("a", amount=1000), sale("b", amount=500, released_on=date(2026, 1, 20)))
    assert by_month(run) == {1: 50}
    assert by_month(run, "held") == {1: 100}
    assert set(balances(run, "held").values()) == {100}


def test_release_is_paid_in_the_month_of_its_event():
    run = one(sale(released_on=date(2026, 3, 5)))
    assert by_month(run) == {3: 100}
    assert by_month(run, "held") == {1: 100}
    assert balances(run, "held") == {1: 100, 2: 100}


def test_a_release_before_the_line_is_paid_holds_nothing():
    run = one(sale(released_on=date(2025, 12, 5), day=date(2025, 12, 1)))
    assert [row["kind"] for row in run.lines.to_pylist()] == ["earning"]


def test_the_parts_of_each_line_add_up_to_it():
    run = one(
        sale("a", amount=1000), sale("b", amount=500, released_on=date(2026, 2, 2)), sale("c", amount=70)
    )
    rows = run.lines.to_pylist()
    assert sorted(row["kind"] for row in rows) == ["earning", "held", "released"]
    assert all(earned(run, row["line_id"]) == row["amount"] for row in rows)
    assert len({row["line_id"] for row in rows}) == 3


def test_nothing_is_credited_twice():
    run = one(sale(released_on=date(2026, 2, 2)))
    assert sum(row["credited"] for row in run.trace.to_pylist()) == 1000
    assert [row["credited"] for row in run.lines.to_pylist() if row["kind"] != "earning"] == [None, None]


def test_an_event_that_is_not_known_yet_releases_nothing():
    run = one(sale(released_on=date(2026, 3, 5)), as_of=date(2026, 3, 4))
    assert by_month(run) == {}


def test_a_reversal_waits_with_its_deal():
    run = one(sale("a", deal="d"), sale("b", deal="d", amount=-400))
    assert by_month(run) == {}
    assert by_month(run, "held") == {1: 60}


def test_a_reversal_counts_once_its_deal_is_released():
    run = one(sale("a", deal="d", released_on=date(2026, 2, 1)), sale("b", deal="d", amount=-400))
    assert by_month(run) == {2: 60}


def test_a_reversal_of_nothing_counts_at_once():
    assert by_month(one(sale("b", deal="d", amount=-400))) == {1: -40}


def test_releases_of_one_month_share_a_line():
    run = one(*(sale(name, released_on=date(2026, 2, day)) for day, name in enumerate("abc", 1)))
    assert [row["amount"] for row in run.lines.to_pylist() if row["kind"] == "released"] == [300]


def test_only_components_that_hold_are_held():
    of, other = line(1, 100), line(1, 7, component="bonus")
    deal = sale()
    run = paid(HELD, [of, other], [part(of, deal, 100), part(other, deal, 7)], inputs(deal))
    assert by_month(run) == {1: 7}


def test_what_no_transaction_explains_is_paid_at_once():
    of, deal = line(1, 130), sale()
    run = paid(HELD, [of], [part(of, deal, 100)], inputs(deal))
    assert by_month(run) == {1: 30}


def test_a_true_up_without_a_transaction_waits_for_nothing():
    of, deal = line(1, 130), sale()
    true_up = part(of, deal, 30, transaction_id="", deal_id="", rule="to_date")
    run = paid(HELD, [of], [part(of, deal, 100), true_up], inputs(deal))
    assert by_month(run) == {1: 30}


def test_held_pay_of_a_cancelled_deal_is_forfeited():
    plan = hand_made.plan(hold=Hold("paid"), clawback=Clawback("full", 12))
    run = one(sale(cancelled_on=date(2026, 2, 10), released_on=date(2026, 4, 1)), plan=plan)
    assert by_month(run) == {}
    assert by_month(run, "held") == {1: 100, 2: -100}
    assert balances(run, "held") == {1: 100}


def test_released_and_cancelled_in_one_month_is_paid_and_taken_back():
    plan = hand_made.plan(hold=Hold("paid"), clawback=Clawback("pro_rata", 12))
    run = one(sale(cancelled_on=date(2026, 4, 10), released_on=date(2026, 4, 2)), plan=plan)
    assert by_month(run, "released") == {4: 100}
    assert by_month(run, "clawback") == {4: -75}
    assert by_month(run, "held") == {1: 100}


def test_the_used_part_of_a_cancelled_deal_is_still_released():
    plan = hand_made.plan(hold=Hold("paid"), clawback=Clawback("pro_rata", 12))
    run = one(sale(cancelled_on=date(2026, 4, 10), released_on=date(2026, 6, 1)), plan=plan)
    assert by_month(run, "held") == {1: 100, 4: -75}
    assert by_month(run) == {6: 25}
    assert balances(run, "held") == {1: 100, 2: 100, 3: 100, 4: 25, 5: 25}


def test_the_line_tells_who_earned_it_when():
    run = one(sale(released_on=date(2026, 3, 5)))
    released = next(row for row in run.lines.to_pylist() if row["kind"] == "released")
    assert released["period_start"] == date(2026, 1, 1)
    assert released["earned_on"] == date(2026, 1, 31)
    assert released["pay_start"] == date(2026, 3, 1)


DAYS = st.dates(date(2026, 1, 1), date(2026, 12, 31))
SALES = st.lists(
    st.tuples(st.integers(-90_000, 900_000), st.none() | DAYS, st.none() | DAYS, st.sampled_from("wxyz")),
    min_size=1,
    max_size=8,
)


@settings(max_examples=80, deadline=None)
@given(SALES, st.sampled_from([None, Clawback("full", 6), Clawback("pro_rata", 12)]))
def test_nothing_is_lost_between_held_and_released(rows, clawback):
    """Earned = paid + still held, less what came back or was forfeited; the balance says the same."""
    sales = [
        sale(
            f"t{at}",
            deal=deal,
            amount=Decimal(cents).scaleb(-1),
            released_on=released,
            cancelled_on=cancelled,
        )
        for at, (cents, released, cancelled, deal) in enumerate(rows)
    ]
    of = line(1, sum(Decimal(cents).scaleb(-2) for cents, *_ in rows))
    parts = [part(of, each, Decimal(cents).scaleb(-2)) for each, (cents, *_) in zip(sales, rows, strict=True)]
    run = paid(hand_made.plan(hold=Hold("paid"), clawback=clawback), [of], parts, inputs(*sales))
    total = {kind: sum(by_month(run, kind).values()) for kind in ("earning", "held", "released", "clawback")}
    lost = -sum(row["amount"] for row in run.lines.to_pylist() if row["kind"] == "held" and row["amount"] < 0)
    if clawback is None:
        assert total["earning"] + total["held"] == of["amount"]
    last = run.balances.to_pylist()[-1]["held"] if len(run.balances) else Decimal(0)
    assert last == total["held"] - total["released"]
    assert total["clawback"] <= 0 <= lost
    assert all(earned(run, row["line_id"]) == row["amount"] for row in run.lines.to_pylist())
