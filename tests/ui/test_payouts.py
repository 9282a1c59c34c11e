"""The payouts page's model: totals, who stands out, the comparison, whose turn it is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pyarrow as pa
import pytest

from compensation.run import BALANCES, LINES, TRACE, Run
from metrics.periods import Calendar
from planning.refusals import Refused
from tests.ui.test_statement import (
    CALENDAR,
    FEB,
    FEBRUARY,
    JAN,
    JANUARY,
    MARCH,
    PLAN,
    RECORDED,
    TODAY,
    line,
    months,
    paid,
)
from ui import payouts
from ui.payouts_close import consequences
from ui.payouts_expense import summed
from ui.people import Names
from workflows.pay.exceptions import Payee, payees
from workflows.pay.reviewing import Review

Rows = Sequence[dict[str, Any]]
NAMES = Names({"r1": "Ann", "r2": "Bob"})


def made(lines: list[dict[str, Any]], before: Rows = (), recorded: Rows = ()) -> Review:
    run = Run(pa.Table.from_pylist(lines, schema=LINES), TRACE.empty_table(), BALANCES.empty_table())
    earlier = pa.Table.from_pylist(list(before), schema=LINES)
    rows = pa.Table.from_pylist(list(recorded), schema=RECORDED)
    return Review(JANUARY, run, (PLAN,), None, earlier, rows, closed=False, why_not=None, over=True)


LINES_OF_JANUARY = [
    line("50"),
    line("20", line_id="h", kind="held"),
    line("5", line_id="d", kind="draw"),
    line("-7", line_id="c", rep="r2", kind="clawback"),
    line("3", line_id="e", rep="r2", currency="EUR"),
    line("0", line_id="z", rep="r3"),
]


def test_totals_are_by_group_and_currency_and_held_pay_is_not_payable():
    found = made(LINES_OF_JANUARY, [line("24", pay_start=date(2025, 12, 1))])
    sums = payouts.totals(found, payees(found))
    assert sums.payable == {"USD": Decimal(48), "EUR": Decimal(3)}
    assert (sums.held, sums.draws, sums.clawbacks) == (
        {"USD": Decimal(20)},
        {"USD": Decimal(5)},
        {"USD": Decimal(-7)},
    )
    assert sums.adjustments == {}
    assert (sums.before["USD"], sums.payees, sums.lines) == (Decimal(24), 2, 4)


@pytest.mark.parametrize(
    ("more", "status"),
    [
        ({}, "next"),
        ({"closed": True}, "closed"),
        ({"over": False}, "running"),
        ({"why_not": Refused("close_in_order", start="a", next="b")}, "later"),
    ],
)
def test_a_month_is_closed_next_running_or_later(more: dict[str, Any], status: str):
    found = replace(made([]), **more)
    assert payouts.status_of(found) == status
    assert bool(payouts.why_not(found, "en")) == (status in ("running", "later"))


def test_months_reach_back_to_the_first_plan_and_the_next_to_close_leads():
    listed = payouts.months_of(CALENDAR, (PLAN,), TODAY)
    assert [month.id for month in listed] == [MARCH.id, FEBRUARY.id, JANUARY.id]
    assert payouts.usual_month(listed, None, TODAY) == FEBRUARY
    assert payouts.usual_month(listed, FEB, TODAY) == FEBRUARY
    assert payouts.usual_month(listed, JAN, TODAY) == JANUARY
    assert payouts.usual_month(listed, MARCH.start, TODAY) == FEBRUARY
    assert payouts.months_of(Calendar(tuple(months())), (), TODAY) == [MARCH]


def payee(rep: str, payable: int, *codes: str) -> Payee:
    return Payee(rep, "USD", ("field",), Decimal(payable), Decimal(0), Decimal(10), None, 1, codes)  # type: ignore[arg-type]


def test_those_that_stand_out_most_come_first():
    rows = [
        payee("a", 9),
        payee("b", 5, "changed"),
        payee("c", 1, "negative"),
        payee("d", 7, "new", "changed"),
    ]
    assert [each.rep for each in payouts.shown(rows, None)] == ["c", "d", "b", "a"]
    assert [each.rep for each in payouts.shown(rows, "changed")] == ["d", "b"]


def test_rows_say_names_plans_and_why():
    (row,) = payouts.payee_rows([payee("r1", 5, "negative", "changed")], NAMES, {"field": "Field Sales Plan"})
    assert (row["name"], row["plan"], row["why"]) == ("Ann", "Field Sales Plan", "Below zero, Large change")
    assert row["change"] == -0.5
    columns = payouts.payee_columns([payee("r1", 5)], currencies=False, recorded=False)
    assert not {"currency", "recorded", "held"} & set(columns)


def test_the_comparison_names_the_line_and_the_largest_difference_leads():
    found = made(
        [line("50"), line("1", line_id="b", rep="r2")],
        recorded=[paid("60"), paid("4", rep_id="r2", payout_id="q")],
    )
    rows = payouts.compared_rows(found, found.compared.rows, NAMES, "en")
    assert [(row["name"], row["component"], row["period"], row["difference"]) for row in rows] == [
        ("Ann", "Commission", "January 2026", Decimal(-10)),
        ("Bob", "Commission", "January 2026", Decimal(-3)),
    ]


def test_what_was_published_from_here_is_not_another_source():
    own = made([line("50")], recorded=[paid("50", source_system="compensation")])
    assert not own.paid_elsewhere
    assert made([line("50")], recorded=[paid("50")]).paid_elsewhere


def test_closing_says_what_is_frozen_and_who_pays():
    said = consequences(made(LINES_OF_JANUARY))
    assert said[0].startswith("€3.00 for 1 payee in 1 line")
    assert said[1].startswith("$48.00 for 2 payees in 3 lines")
    assert any("published" in text for text in said)
    assert any(
        "Another source pays" in text for text in consequences(made([line("50")], recorded=[paid("50")]))
    )
    assert "closed empty" in consequences(made([]))[0]


def test_the_expense_schedule_is_summed_by_month_and_currency():
    figures = dict.fromkeys(
        ("opening", "capitalised", "recovered", "amortised", "impaired", "closing", "expensed", "expense"),
        Decimal(2),
    )
    rows = [
        {"month_start": JAN, "plan_id": "a", "component_id": component, "currency": currency, **figures}
        for component, currency in (("x", "USD"), ("y", "USD"), ("x", "EUR"))
    ]
    table = pa.Table.from_pylist(rows)
    assert [(row["currency"], row["closing"]) for row in summed(table)] == [
        ("EUR", Decimal(2)),
        ("USD", Decimal(4)),
    ]
