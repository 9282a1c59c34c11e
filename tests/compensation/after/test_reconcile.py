from datetime import date
from decimal import Decimal

import pyarrow as pa
from hypothesis import given, settings
from hypothesis import strategies as st

from compensation.after.reconcile import reconcile
from compensation.inputs import MONEY
from tests.compensation.hand_made import line, lines_of

RECORDED = pa.schema(
    [
        ("rep_id", pa.string()),
        ("component_id", pa.string()),
        ("period_start", pa.date32()),
        ("amount", MONEY),
        ("currency", pa.string()),
        ("kind", pa.string()),
    ]
)


def record(amount, month=1, rep="ana", **more):
    settled = {
        "rep_id": rep,
        "component_id": "commission",
        "period_start": date(2026, month, 1),
        "amount": None if amount is None else Decimal(str(amount)),
        "currency": "USD",
        "kind": "earning",
    }
    return settled | more


def of(lines, records, **more):
    return reconcile(lines_of(lines), pa.Table.from_pylist(list(records), schema=RECORDED), **more)


def status(lines, records, **more):
    return [row["status"] for row in of(lines, records, **more).rows.to_pylist()]


def test_each_status():
    lines = [line(1, 100), line(2, 100), line(3, 100)]
    records = [record(100), record(90, 2), record(70, 4)]
    found = of(lines, records)
    assert [(r["period_start"].month, r["status"], r["difference"]) for r in found.rows.to_pylist()] == [
        (1, "equal", 0),
        (2, "different", 10),
        (3, "only_here", 100),
        (4, "only_there", -70),
    ]
    assert not found.agrees


def test_nothing_on_a_side_is_empty_not_zero():
    rows = of([line(1, 100)], [record(70, 2)]).rows.to_pylist()
    assert [(row["modelled"], row["recorded"]) for row in rows] == [(100, None), (None, 70)]


def test_several_lines_of_a_key_are_summed():
    lines = [line(1, 60), line(1, 40, line_id="x", kind="adjustment")]
    assert status(lines, [record(30), record(70)]) == ["equal"]


def test_held_pay_is_not_compared():
    assert status([line(1, 0), line(1, 100, line_id="h", kind="held")], [record(100)]) == ["different"]


def test_a_zero_line_nobody_recorded_is_no_difference():
    assert status([line(1, 0)], []) == []
    assert status([], [record(0)]) == []
    assert status([line(1, 0)], [record(5)]) == ["different"]


def test_a_tolerance_makes_small_differences_equal():
    found = of([line(1, 100)], [record("99.99")], tolerance=Decimal("0.01"))
    assert found.agrees
    assert found.rows["difference"].to_pylist() == [Decimal("0.0100")]
    assert status([line(1, 100)], [record("99.98")], tolerance=Decimal("0.01")) == ["different"]


def test_only_some_kinds():
    lines = [line(1, 100), line(1, 50, line_id="d", kind="draw")]
    assert status(lines, [record(100)], kinds=["earning"]) == ["equal"]


def test_a_record_without_a_kind_is_an_earning():
    assert status([line(1, 100)], [record(100, kind=None)], kinds=["earning"]) == ["equal"]


def test_currencies_are_not_compared_with_each_other():
    assert status([line(1, 100)], [record(100, currency="EUR")]) == ["only_there", "only_here"]


def test_control_totals_come_to_both_sides():
    lines = [line(1, 100), line(2, 100), line(3, 5, currency="EUR")]
    found = of(lines, [record(100), record(90, 2), record(70, 4)])
    assert [tuple(row.values()) for row in found.totals.to_pylist()] == [
        ("EUR", "only_here", 1, 5, 0, 5),
        ("EUR", "total", 1, 5, 0, 5),
        ("USD", "equal", 1, 100, 100, 0),
        ("USD", "different", 1, 100, 90, 10),
        ("USD", "only_there", 1, 0, 70, -70),
        ("USD", "total", 3, 200, 260, -60),
    ]


def test_nothing_with_nothing_agrees():
    assert of([], []).agrees


AMOUNT = st.integers(-999, 999).map(lambda cents: Decimal(cents).scaleb(-2))
KEYS = st.tuples(AMOUNT, st.integers(1, 3), st.sampled_from("ab"))


@settings(max_examples=60, deadline=None)
@given(st.lists(KEYS, max_size=8), st.lists(KEYS, max_size=8))
def test_totals_are_what_both_sides_come_to(here, there):
    lines = [line(month, amount, rep=rep, line_id=str(at)) for at, (amount, month, rep) in enumerate(here)]
    found = of(lines, [record(amount, month, rep) for amount, month, rep in there])
    whole = [row for row in found.totals.to_pylist() if row["status"] == "total"]
    assert sum(row["modelled"] for row in whole) == sum(amount for amount, *_ in here)
    assert sum(row["recorded"] for row in whole) == sum(amount for amount, *_ in there)
    assert sum(row["difference"] for row in whole) == sum(r["difference"] for r in found.rows.to_pylist())
