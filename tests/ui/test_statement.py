"""A statement's model: which state it is in, what it says of each line, and what does not agree."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise
from typing import Any

import pyarrow as pa

from charts.base import Style
from compensation.inputs import MONEY
from compensation.plan.reading import plan_of
from compensation.plan.saying import Money, Number, say
from compensation.problems import problem
from compensation.run import BALANCES, LINES, TRACE, Run
from metrics.periods import Calendar, Period
from planning.refusals import Refused
from ui import pay_items, told
from ui.statement import differences, months_of, page, state_of, strip, usual_month
from workflows.pay.personal import Personal, Waiting

JAN, FEB, MAR = date(2026, 1, 1), date(2026, 2, 1), date(2026, 3, 1)
TODAY = date(2026, 3, 10)
PLAN = plan_of(
    """
plan = "field"
name = "Field Sales Plan"
version = 1
valid_from = 2026-01-01
currency = "USD"
[measures.bookings]
of = "amount"
[[components]]
id = "commission"
name = "Commission"
pays = "rate"
measure = "bookings"
period = "month"
rate = 0.05
""",
    "plan.toml",
)
RECORDED = pa.schema(
    [(name, pa.string()) for name in ("payout_id", "rep_id", "plan_id", "component_id", "kind", "currency", "source_system")]
    + [(name, pa.date32()) for name in ("period_start", "period_end", "earned_on", "paid_on")]
    + [("amount", MONEY)]
)  # fmt: skip


def months(count: int = 15) -> list[Period]:
    """Calendar months from January 2025."""
    starts = [date(2025 + at // 12, at % 12 + 1, 1) for at in range(count + 1)]
    return [Period("month", f"FY{a.year}-M{a.month:02d}", a, b) for a, b in pairwise(starts)]


CALENDAR = Calendar(tuple(months()))
JANUARY, FEBRUARY, MARCH = months()[12:15]


def line(amount: str, **more: Any) -> dict[str, Any]:
    plain = dict.fromkeys(LINES.names) | {
        "line_id": "l1", "rep": "r1", "plan_id": "field", "plan_version": 1, "component_id": "commission",
        "period_start": JAN, "period_end": FEB, "pay_start": JAN, "earned_on": date(2026, 1, 31), "kind": "earning",
        "amount": Decimal(amount), "currency": "USD", "credited": Decimal(1000), "quota": Decimal(3000),
        "quota_credited": Decimal(1000), "attainment": 1 / 3, "rate": 0.05, "before_modifiers": Decimal(amount),
        "factor": 1.0, "capped": Decimal(0), "modifiers": "[]",
    }  # fmt: skip
    return plain | more


def trace(line_id: str, earned: str, **more: Any) -> dict[str, Any]:
    return dict.fromkeys(TRACE.names) | {
        "line_id": line_id, "transaction_id": "t1", "deal_id": "d1", "credited_rep": "r1", "rule": "direct",
        "date": date(2026, 1, 5), "amount": Decimal(1000), "share": 1.0, "credited": Decimal(1000),
        "earned": Decimal(earned),
    } | more  # fmt: skip


def paid(amount: str, **more: Any) -> dict[str, Any]:
    return {
        "payout_id": "p1", "rep_id": "r1", "plan_id": "field", "component_id": "commission", "kind": "earning",
        "currency": "USD", "source_system": "payroll", "period_start": JAN, "period_end": FEB,
        "earned_on": date(2026, 1, 31), "paid_on": None, "amount": Decimal(amount),
    } | more  # fmt: skip


def made(lines: list[dict[str, Any]], recorded: list[dict[str, Any]] = [], **more: Any) -> Personal:  # noqa: B006 - only read
    run = Run(
        pa.Table.from_pylist(lines, schema=LINES),
        pa.Table.from_pylist(more.pop("trace", []), schema=TRACE),
        pa.Table.from_pylist(more.pop("balances", []), schema=BALANCES),
        more.pop("problems", ()),
    )
    rows = pa.Table.from_pylist(recorded, schema=RECORDED)
    return Personal("r1", more.pop("month", JANUARY), run, (PLAN,), rows, more.pop("waiting", ()), False)


def test_what_was_recorded_is_the_headline_and_the_plans_explain_it():
    shown = page(made([line("50")], [paid("60", paid_on=date(2026, 2, 25))]), TODAY, "en")
    assert (shown.state, shown.total, shown.computed) == ("paid", {"USD": Decimal(60)}, {"USD": Decimal(50)})
    assert (shown.paid_on, shown.sources) == ((date(2026, 2, 25),), ("payroll",))
    (apart,) = shown.differences
    assert (apart.title, apart.period, apart.modelled, apart.recorded) == (
        "Commission",
        "January 2026",
        Decimal(50),
        Decimal(60),
    )


def test_pay_that_agrees_has_no_difference():
    assert differences(made([line("50")], [paid("50")]), "en") == ()


def test_a_payout_no_line_explains_is_a_difference_too():
    (apart,) = differences(made([], [paid("50")]), "en")
    assert (apart.modelled, apart.recorded) == (None, Decimal(50))


def test_months_without_recorded_pay_are_computed_running_or_nothing():
    assert state_of(made([line("50")]), TODAY) == "computed"
    assert state_of(made([line("50")], month=MARCH), TODAY) == "running"
    assert state_of(made([]), TODAY) == "nothing"
    assert state_of(made([], problems=(problem("no_rate", source="EUR"),)), TODAY) == "computed"
    assert page(made([line("50")]), TODAY, "en").differences == ()


def test_held_and_forgiven_lines_are_told_and_not_counted():
    held = line("20", line_id="l1|held|2026-01-01", kind="held")
    forgiven = line("5", line_id="x", kind="forgiveness", reason=json.dumps({"forgiven": "5"}))
    shown = page(made([line("50"), held, forgiven]), TODAY, "en")
    assert shown.total == {"USD": Decimal(50)}
    assert [item.kind for item in shown.items] == ["earning", "held", "forgiveness"]


def test_a_line_says_its_steps_in_the_readers_language_and_leaves_the_headline_out():
    (item,) = page(made([line("50")], trace=[trace("l1", "50")]), TODAY, "en").items
    assert item.steps == ("Credited 1,000.00 of quota 3,000.00: 33.3%.", "5% of 1,000.00 = $50.00.")
    assert (item.title, item.period, item.amount) == ("Commission", "January 2026", Decimal(50))
    (french,) = page(made([line("50")], trace=[trace("l1", "50")]), TODAY, "fr").items
    assert "50,00" in french.steps[1]
    assert french.period == "janvier 2026"


def test_lines_that_pay_nothing_come_last_and_only_earnings_of_nothing_are_told():
    rows = [
        line("0", line_id="a"),
        line("50"),
        line("0", line_id="c", kind="clawback"),
        line("90", line_id="b"),
    ]
    assert [item.line_id for item in page(made(rows), TODAY, "en").items] == ["b", "l1", "a"]


def test_the_deals_behind_a_line_add_up_and_leave_out_what_says_nothing():
    rows = [
        trace("l1", "20"),
        trace("l1", "30", transaction_id="t2", deal_id="d2", share=0.5, tier_from=0, tier_to=1),
    ]
    (item,) = page(made([line("50")], trace=rows), TODAY, "en").items
    cells = pay_items.deal_rows(item, {"d1": ("Pens", "Acme")})
    assert [(row["deal"], row["account"], row["tier"]) for row in cells] == [
        ("Pens", "Acme", ""),
        ("d2", "", "1 → 2"),
    ]
    assert sum(row["earned"] for row in cells) == item.amount
    assert {"share", "tier"} <= set(pay_items.deal_columns(item))
    plain = replace(item, deals=item.deals[:1])
    assert not {"share", "tier", "after"} & set(pay_items.deal_columns(plain))


def test_balances_of_the_month_and_what_waits_are_carried():
    balance = {
        "rep": "r1",
        "plan_id": "field",
        "draw_balance": Decimal(300),
        "held": Decimal(0),
        "currency": "USD",
    }
    waits = Waiting("field", "commission", "d1", "paid", JAN, Decimal(20), "USD")
    given = made(
        [line("50")],
        balances=[balance | {"month_start": JAN}, balance | {"month_start": FEB}],
        waiting=(waits,),
    )
    shown = page(given, TODAY, "en")
    assert [(each.plan, each.draw) for each in shown.balances] == [("Field Sales Plan", Decimal(300))]
    assert shown.waiting == (waits,)


def test_amounts_in_several_currencies_are_never_added_up():
    rows = [line("50"), line("7", line_id="b", currency="EUR")]
    assert page(made(rows), TODAY, "en").total == {"USD": Decimal(50), "EUR": Decimal(7)}
    assert pay_items.written({"EUR": Decimal(7), "USD": Decimal(50)}) == "$50.00 + €7.00"


def test_months_go_back_to_the_first_pay_and_a_year_at_the_least():
    assert [m.id for m in months_of(CALENDAR, None, TODAY)][::11] == ["FY2026-M03", "FY2025-M04"]
    assert months_of(CALENDAR, (date(2025, 1, 31), JAN), TODAY)[-1].id == "FY2025-M01"
    assert usual_month(months_of(CALENDAR, None, TODAY), None) == MARCH
    days = (date(2025, 6, 30), date(2026, 1, 31))
    assert usual_month(months_of(CALENDAR, days, TODAY), days) == JANUARY


def test_the_strip_shows_a_year_with_the_open_month_apart():
    listed = list(reversed(months()))
    rows = pa.Table.from_pylist([paid("60"), paid("40", earned_on=date(2025, 12, 31))], schema=RECORDED)
    chart = strip(rows, listed, MARCH, {"USD": Decimal(9)}, Style("en", "USD", "light"))
    bars = {row["key"]: row for row in chart.spec["data"]["values"]}
    assert len(bars) == 12
    assert (bars["FY2026-M01"]["amount"], bars["FY2025-M12"]["amount"], bars["FY2026-M02"]["text"]) == (
        60.0,
        40.0,
        "—",
    )
    assert (bars["FY2026-M03"]["open"], bars["FY2026-M03"]["chosen"]) == (True, True)
    assert chart.takeaway == "$50 a month on average"


def test_sentences_are_written_with_the_readers_numbers():
    spoken = told.Spoken("en")
    assert spoken.share(Fraction("0.0445")) == "4.45%"
    assert spoken.share(Fraction(1, 3)) == "33.3333%"
    assert spoken.money(Money(Decimal("12.5"), "EUR")) == "€12.50"
    assert spoken.money(Money(Decimal("0.0375"), "EUR")) == "0.0375 EUR"
    assert spoken.money(Money(Decimal(12))) == "12.00"
    assert spoken.number(Fraction(3, 2)) == "1.5"
    assert told.step(say("part_released", amount=Money(Decimal(5), "USD"), month=FEB), {}, "en") == (
        "$5.00 of it was released with the month of February 2026."
    )
    assert told.step(
        say("modified", name="margin", factor=Number(Fraction(4, 5)), reached=Fraction(9, 10)), {}, "en"
    ) == ("× 0.8 for margin (reached 90%).")


def test_problems_and_refusals_are_sentences():
    assert told.problem(problem("no_rate", source="EUR", target="USD", day="2026-01-05"), "en").startswith(
        "There is no exchange rate from EUR to USD"
    )
    assert "—" in told.problem(problem("no_rate", source="EUR"), "en")
    assert told.refusal(Refused("close_in_order", start="a", next="b"), "en").startswith("Months are closed")


def test_a_deal_that_starts_below_the_first_mark_says_only_where_it_ends():
    rows = [trace("l1", "20", tier_from=None, tier_to=0), trace("l1", "30", tier_from=1, tier_to=1)]
    (item,) = page(made([line("50")], trace=rows), TODAY, "en").items
    assert [row["tier"] for row in pay_items.deal_rows(item, {})] == ["→ 1", "2"]
