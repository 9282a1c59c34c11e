"""Worked cases others have published about draws, holds and clawbacks, paid by the whole engine.

Each test names its source. Where a source gives what was earned, deals are made to earn it at 10 %.
"""

from datetime import date
from decimal import Decimal

import pytest

from tests.compensation.engine import deal, owed_by_month, pay_by_month, plan_of, run_of

ANA = '\n[[assignments]]\nrep = "ana"\nfrom = 2026-01-01\n'


def commission(more="", rate="0.1"):
    return f"""
[[components]]
id = "commission"
name = "Commission"
pays = "rate"
measure = "bookings"
period = "month"
rate = {rate}
{more}
"""


def drawn(draw, *earned):
    """Months from January that earn so much, with a draw."""
    plan = plan_of(f"\n[draw]\n{draw}\n{ANA}{commission()}")
    deals = [deal(month, Decimal(amount) * 10) for month, amount in enumerate(earned, 1) if amount]
    return run_of(plan, deals, end=date(2026, len(earned) + 1, 1))


# Xactly, “The Non-Recoverable Draw Against Commission”, https://www.xactlycorp.com/blog/non-recoverable-draw/


def test_xactly_recoverable_draw():
    run = drawn('kind = "recoverable"\namount = 1500', 500, 3000)
    assert pay_by_month(run) == {1: 1500, 2: 2000}
    assert owed_by_month(run) == {1: 1000}


def test_xactly_non_recoverable_draw():
    assert pay_by_month(drawn('kind = "non_recoverable"\namount = 1500', 500, 3000)) == {1: 1500, 2: 3000}


# Siebel Incentive Compensation Administration Guide, Plan Design, table 4 “Recoverable Draw Scenario”,
# https://docs.oracle.com/cd/E05553_01/books/InCompAdm/InCompAdmPlanDesign8.html
# The table's positive balances are what was earned above the draw; they carry over nothing.


def test_siebel_recoverable_draw_over_six_months():
    run = drawn('kind = "recoverable"\namount = 2000', 2750, 3000, 1500, 2375, 3000, 2750)
    assert pay_by_month(run) == {1: 2750, 2: 3000, 3: 2000, 4: 2000, 5: 2875, 6: 2750}
    assert owed_by_month(run) == {3: 500, 4: 125}


# Siebel Incentive Compensation Administration Guide, “Creating a Draw for a Compensation Plan”,
# https://docs.oracle.com/cd/E05553_01/books/InCompAdm/InCompAdmPlanDesign24.html


def test_siebel_draw_tops_up_to_its_amount():
    run = drawn('kind = "non_recoverable"\namount = 2000', 800)
    assert pay_by_month(run, "draw") == {1: 1200}
    assert pay_by_month(run) == {1: 2000}


# Oracle Fusion Cloud, “Example of Incentive Compensation Draw and Recovery”,
# https://docs.oracle.com/en/cloud/saas/sales/facmi/example-of-incentive-compensation-draw-and-recovery.html


def test_oracle_draw_before_its_recovery_starts():
    run = drawn('kind = "recoverable"\namount = 1000\nrecover_after = 3', 500, 700, 400)
    assert pay_by_month(run, "draw") == {1: 500, 2: 300, 3: 600}
    assert pay_by_month(run) == {1: 1000, 2: 1000, 3: 1000}
    assert owed_by_month(run) == {1: 500, 2: 800, 3: 1400}


# QuotaPath help, “How to View Non-Recoverable Draws”,
# https://help.quotapath.com/en/articles/15532965-how-to-view-non-recoverable-draws


@pytest.mark.parametrize(("kind", "owed"), [("non_recoverable", {}), ("recoverable", {1: 1800})])
def test_quotapath_draw_of_5000(kind, owed):
    run = drawn(f'kind = "{kind}"\namount = 5000', 3200)
    assert pay_by_month(run, "draw") == {1: 1800}
    assert pay_by_month(run) == {1: 5000}
    assert owed_by_month(run) == owed


# Remuner, “What is a non-recoverable draw?”, https://www.remuner.com/?p=7940


def test_remuner_non_recoverable_draw():
    assert pay_by_month(drawn('kind = "non_recoverable"\namount = 2000', 1500, 3000)) == {1: 2000, 2: 3000}


# Oracle Customer Connect, “How to pay 50/50 on order/on payment collection?”,
# https://community.oracle.com/CustomerConnect/discussion/701407/how-to-pay-50-50-on-order-on-payment-collection


def test_oracle_half_on_order_half_on_collection():
    half = commission('times = 0.5\nhold = { until = "paid" }').replace('"commission"', '"collected"')
    plan = plan_of(ANA + commission("times = 0.5") + half)
    invoices = [deal(1, 5000, "invoice-1"), deal(1, 5000, "invoice-2")]
    paid = [
        {"event": "paid", "deal": name, "date": date(2026, month, 5), "amount": ""}
        for name, month in (("invoice-1", 2), ("invoice-2", 4))
    ]
    run = run_of(plan, invoices + paid)
    assert pay_by_month(run) == {1: 500, 2: 250, 4: 250}
    assert sum(pay_by_month(run).values()) == 1000


# Insurance glossary “Chargeback”: nine months advanced in March, 612; lapsed after four, 5 × 68 comes back,
# https://www.getinsureleads.com/glossary/chargeback


def test_insurance_advance_of_nine_months_lapses_after_four():
    plan = plan_of(ANA + commission('clawback = { kind = "pro_rata", months = 9 }'))
    gone = {"event": "cancelled", "deal": "policy", "date": date(2026, 7, 1), "amount": ""}
    assert pay_by_month(run_of(plan, [deal(3, 6120, "policy", day=1), gone])) == {3: 612, 7: -340}


# Earn Base glossary, “Chargeback”: 4,000 in full, cancelled three months later within twelve,
# https://www.earnba.se/glossary/commission-chargeback


def test_insurance_chargeback_in_full():
    plan = plan_of(ANA + commission('clawback = { kind = "full", months = 12 }'))
    gone = {"event": "cancelled", "deal": "policy", "date": date(2026, 5, 10), "amount": ""}
    assert pay_by_month(run_of(plan, [deal(2, 40_000, "policy"), gone])) == {2: 4000, 5: -4000}


# Zepys, “How to handle refunds and clawbacks with agents”: cancelled after six of twelve months, half comes back,
# https://staging.zepys.com/learn/how-to-handle-refunds-and-clawbacks-with-agents
# Core8, “Clawbacks and early exit”: 10,000 earned, half of it clawed back,
# https://docs.core8.co/commission-plan-patterns/clawbacks-and-early-exit


def test_half_the_term_gives_half_the_commission_back():
    plan = plan_of(ANA + commission('clawback = { kind = "pro_rata", months = 12 }'))
    gone = {"event": "cancelled", "deal": "a", "date": date(2026, 7, 10), "amount": ""}
    assert pay_by_month(run_of(plan, [deal(1, 100_000, "a"), gone])) == {1: 10_000, 7: -5_000}
