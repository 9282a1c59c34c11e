import json
from datetime import date
from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as st

from compensation.after.adjust import adjustments
from compensation.run import BALANCES, LINES, Run
from tests.compensation.hand_made import line, lines_of, part, sale, trace_of

JUNE = date(2026, 6, 1)
NONE = LINES.empty_table()


def run(lines, parts=()) -> Run:
    return Run(lines_of(lines), trace_of(parts), BALANCES.empty_table())


def found(recomputed, frozen, earlier=NONE, into=JUNE, **more):
    rows = adjustments(recomputed, frozen, earlier, into, **more).to_pylist()
    return [(row["rep"], row["adjusts"].month, row["amount"]) for row in rows]


def test_equal_months_need_none():
    same = run([line(1, 100), line(2, 50)])
    assert found(same, same) == []


def test_the_difference_is_paid_in_the_open_month():
    rows = adjustments(run([line(1, 130)]), run([line(1, 100)]), NONE, JUNE).to_pylist()
    (row,) = rows
    assert (row["amount"], row["kind"], row["pay_start"], row["adjusts"]) == (
        30,
        "adjustment",
        JUNE,
        date(2026, 1, 1),
    )
    assert (row["component_id"], row["period_start"], row["currency"]) == (
        "commission",
        date(2026, 1, 1),
        "USD",
    )


def test_what_was_paid_too_much_is_taken_back():
    assert found(run([]), run([line(1, 100)])) == [("ana", 1, -100)]


def test_somebody_new_is_paid():
    assert found(run([line(1, 100), line(1, 70, rep="ben")]), run([line(1, 100)])) == [("ben", 1, 70)]


def test_open_months_are_not_adjusted():
    assert found(run([line(6, 100), line(7, 100)]), run([])) == []


def test_only_closed_months_when_they_are_named():
    new = run([line(1, 100), line(2, 100), line(3, 100)])
    assert found(new, run([]), closed=[date(2026, 2, 1)]) == [("ana", 2, 100)]


def test_held_pay_is_not_owed():
    assert found(run([line(1, 0), line(1, 100, kind="held", line_id="h")]), run([line(1, 0)])) == []


def test_what_was_put_right_before_is_not_again():
    frozen, now = run([line(1, 100)]), run([line(1, 130)])
    first = adjustments(now, frozen, NONE, date(2026, 3, 1))
    assert found(now, frozen, first) == []
    assert found(run([line(1, 90)]), frozen, first) == [("ana", 1, -40)]


def test_an_adjustment_among_the_frozen_lines_counts_once():
    frozen, now = run([line(1, 100)]), run([line(1, 130)])
    first = adjustments(now, frozen, NONE, date(2026, 3, 1))
    later = Run(lines_of([*frozen.lines.to_pylist(), *first.to_pylist()]), frozen.trace, frozen.balances)
    assert found(now, later) == []
    assert found(now, later, first) == []


def test_a_line_s_id_follows_from_what_it_is():
    new, old = run([line(1, 130)]), run([line(1, 100)])
    ids = [
        adjustments(new, old, NONE, into)["line_id"].to_pylist() for into in (JUNE, JUNE, date(2026, 7, 1))
    ]
    assert ids[0] == ids[1] != ids[2]


def why(recomputed, frozen):
    (row,) = adjustments(recomputed, frozen, NONE, JUNE).to_pylist()
    return json.loads(row["reason"])


def test_reasons_name_late_corrected_and_removed_transactions():
    old, new = line(1, 300), line(1, 330)
    kept, gone = part(old, sale("kept"), 100), part(old, sale("gone"), 100)
    before = part(old, sale("fixed", amount=1000), 100)
    after = part(new, sale("fixed", amount=2000), 200)
    late = part(new, sale("late"), 30)
    told = why(run([new], [kept, after, late]), run([old], [kept, gone, before]))
    assert {(each["transaction"], each["what"]) for each in told["transactions"]} == {
        ("gone", "removed"),
        ("fixed", "corrected"),
        ("late", "late"),
    }
    assert told["moved"] == 0


def test_others_that_moved_are_counted():
    old, new = line(1, 100), line(1, 150)
    told = why(
        run([new], [part(new, sale("a"), 120), part(new, sale("b"), 30)]),
        run([old], [part(old, sale("a"), 100)]),
    )
    assert [each["transaction"] for each in told["transactions"]] == ["b"]
    assert told["moved"] == 1


def test_a_cancellation_that_became_known_late_is_told_as_such():
    paid, back = line(1, 100), line(3, -50, kind="clawback", line_id="c")
    deal = sale("t", deal="d")
    told = why(
        run([paid, back], [part(paid, deal, 100), part(back, deal, -50)]),
        run([paid], [part(paid, deal, 100)]),
    )
    assert told["transactions"] == [{"transaction": "t", "deal": "d", "what": "late", "kind": "clawback"}]


def test_changed_terms_name_no_transaction():
    old, new = line(1, 100), line(1, 90)
    told = why(run([new], [part(new, sale("a"), 90)]), run([old], [part(old, sale("a"), 100)]))
    assert told == {"transactions": [], "moved": 1}


AMOUNTS = st.lists(
    st.integers(-5000, 5000).map(lambda cents: Decimal(cents).scaleb(-2)), min_size=4, max_size=4
)


@settings(max_examples=50, deadline=None)
@given(st.lists(AMOUNTS, min_size=2, max_size=5))
def test_after_any_number_of_corrections_what_was_paid_is_what_is_owed(versions):
    frozen = run([line(month, amount) for month, amount in enumerate(versions[0], 1)])
    earlier = NONE
    for at, amounts in enumerate(versions[1:]):
        now = run([line(month, amount) for month, amount in enumerate(amounts, 1)])
        more = adjustments(now, frozen, earlier, date(2026, 6 + at, 1))
        earlier = lines_of([*earlier.to_pylist(), *more.to_pylist()])
    paid = sum(frozen.lines["amount"].to_pylist()) + sum(earlier["amount"].to_pylist())
    assert paid == sum(versions[-1])
