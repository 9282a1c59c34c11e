"""What open deals add to somebody's pay, by the exact calculation."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import pyarrow as pa
import pytest

from compensation.calculate import calculate
from compensation.inputs import PERIODS, TRANSACTIONS, Inputs, Order
from compensation.plan.model import Basis
from compensation.plan.reading import plan_of
from compensation.what_if.estimate import estimate

EXAMPLES = Path(__file__).parents[3] / "examples" / "plans"
TIERS = plan_of((EXAMPLES / "quarterly-tiers.toml").read_text(encoding="utf-8"))
"""Ana: quarter's quota 300,000, target rate 5 %, 7.5 % above the quota, 10 % above one and a half times it."""
AS_OF = date(2026, 2, 20)


def deal(name: str, day: date, amount: int, rep: str = "ana", **more) -> dict[str, object]:
    fixed = {
        "transaction_id": name,
        "deal_id": name,
        "rep": rep,
        "kind": "direct",
        "date": day,
        "currency": "USD",
    }
    return {**fixed, "amount": Decimal(amount), "share": Decimal(1), **more}


def table(*rows: dict[str, object]) -> pa.Table:
    return pa.Table.from_pylist(list(rows), schema=TRANSACTIONS)


SOLD = table(deal("won", date(2026, 1, 20), 250_000))


def estimated(*deals: dict[str, object], plan=TIERS, sold=SOLD):
    order = Order((plan,), date(2026, 1, 1), date(2026, 4, 1), AS_OF)
    return estimate(order, Inputs(sold, PERIODS.empty_table()), table(*deals), "ana", calculate)


def test_a_deal_that_crosses_the_quota_earns_both_rates() -> None:
    """To date 250,000; 50,000 more reach the quota at 5 %, the other 120,000 earn 7.5 %: 2,500 + 9,000."""
    found = estimated(deal("open", date(2026, 3, 10), 170_000))
    assert found.more == {"USD": Decimal(11_500)}
    (part,) = found.parts
    assert (part.earned, part.tier_from, part.tier_to, part.crosses) == (Decimal(11_500), 0, 1, True)
    assert part.attainment_before == pytest.approx(250 / 300)
    assert part.attainment_after == pytest.approx(1.4)
    (change,) = found.changes
    assert (change.before, change.after) == (Decimal(12_500), Decimal(24_000))


def test_the_next_step_says_how_far_it_is_and_what_it_pays() -> None:
    """420,000 of 450,000, where the rate goes from one and a half to two times the target's."""
    (step,) = estimated(deal("open", date(2026, 3, 10), 170_000)).next_steps
    assert (step.edge, step.basis, step.to_go) == (Fraction("1.5"), Basis.ATTAINMENT, Decimal(30_000))
    assert (step.rate_now, step.rate_then) == (Fraction("1.5"), Fraction(2))


def test_above_the_last_tier_there_is_no_next_step() -> None:
    assert not estimated(deal("open", date(2026, 3, 10), 400_000)).next_steps


def test_deals_earn_in_the_order_they_close() -> None:
    first, second = deal("b", date(2026, 3, 1), 50_000), deal("a", date(2026, 3, 5), 100_000)
    found = estimated(second, first)
    assert [(part.transaction_id, part.earned) for part in found.parts] == [
        ("b", Decimal(2500)),
        ("a", Decimal(7500)),
    ]
    assert sum(part.earned for part in found.parts) == found.more["USD"]


def test_a_deal_in_a_later_quarter_starts_at_zero_again() -> None:
    found = estimated(deal("open", date(2026, 5, 4), 100_000))
    (part,) = found.parts
    assert (part.period_start, part.earned, part.attainment_before) == (date(2026, 4, 1), Decimal(5000), 0)


def test_what_is_paid_includes_the_cap() -> None:
    found = estimated(deal("open", date(2026, 3, 10), 10_000_000))
    assert found.paid_after == {"USD": Decimal(40_000)}
    assert found.more == {"USD": Decimal(40_000 - 12_500)}


def test_somebody_elses_deal_adds_nothing() -> None:
    found = estimated(deal("open", date(2026, 3, 10), 170_000, rep="ben"))
    assert found.more == {"USD": Decimal(0)}
    assert not found.parts


def test_without_deals_nothing_changes() -> None:
    found = estimated()
    assert found.more == {"USD": Decimal(0)}
    assert found.paid_before == found.paid_after == {"USD": Decimal(12_500)}


def test_held_pay_is_earned_but_not_paid() -> None:
    text = TIERS.text.replace("caps = { period = 40000 }", 'hold = { until = "paid" }')
    plan = replace(plan_of(text), cases=())
    found = estimated(deal("open", date(2026, 3, 10), 50_000), plan=plan)
    assert found.more == {"USD": Decimal(2500)}
    assert found.paid_after.get("USD", Decimal(0)) == 0


def test_columns_that_are_not_given_are_empty() -> None:
    few = table(deal("open", date(2026, 3, 10), 50_000)).select(
        ["transaction_id", "deal_id", "rep", "kind", "date", "amount", "share", "currency"]
    )
    order = Order((TIERS,), date(2026, 1, 1), date(2026, 4, 1), AS_OF)
    found = estimate(order, Inputs(SOLD, PERIODS.empty_table()), few, "ana", calculate)
    assert found.more == {"USD": Decimal(2500)}
