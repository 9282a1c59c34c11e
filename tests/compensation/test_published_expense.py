"""Worked cases others have published about commission as a cost of obtaining contracts (ASC 340-40, IFRS 15)."""

from datetime import date
from decimal import Decimal

from compensation.after.expense import schedule
from compensation.after.expense_costs import Policy, costs
from tests.compensation.engine import deal, plan_of, run_with_inputs
from tests.compensation.hand_made import months

PLAN = """
[[assignments]]
rep = "ana"
from = 2026-01-01
[[components]]
id = "commission"
name = "Commission"
pays = "rate"
measure = "bookings"
period = "month"
rate = 0.1
"""
SIX_YEARS = months(date(2026, 1, 1), date(2032, 1, 1))


def scheduled(deals, policy=None):
    """The schedule of January's deals, each of which earns a tenth."""
    run, given = run_with_inputs(plan_of(PLAN), deals)
    found = costs(run, given, policy or Policy())
    return schedule(found, SIX_YEARS, policy).to_pylist()


# Velocity, “How to Book Capitalization and Amortization for Costs to Obtain a Contract Journal Entry”: 3,000 over a
# customer life of five years is 50 a month,
# http://velocityhq.com/journal-entries/how-to-book-capitalization-and-amortization-for-costs-to-obtain-a-contract-journal-entry


def test_three_thousand_over_five_years():
    found = scheduled([deal(1, 30_000, term_months=12)], Policy(benefit_months=60))
    assert found[0]["capitalised"] == 3_000
    assert [row["amortised"] for row in found] == [50] * 60
    assert found[-1]["closing"] == 0


# KDesk Accounting, “How to Capitalize Sales Commissions Under ASC 606 (With Excel Walkthrough)”: 15,000 over 36
# months, 3,000 of 6 months expensed at once, 8,000 over 24 months; monthly amortisation = commission ÷ months,
# https://kdeskaccounting.com/posts/how-to-capitalize-sales-commissions-asc-606


def test_a_register_of_three_deals():
    deals = [
        deal(1, 150_000, "acme", term_months=36),
        deal(1, 30_000, "beta", term_months=6),
        deal(1, 80_000, "gamma", term_months=24),
    ]
    first, *_, last = scheduled(deals)
    assert (first["capitalised"], first["expensed"]) == (23_000, 3_000)
    assert first["amortised"] == Decimal("416.67") + Decimal("333.33")
    assert first["closing"] == 23_000 - 750
    assert (last["month_start"], last["closing"]) == (date(2028, 12, 1), 0)


# FASB ASC 340-40-25-4, as told by BillingPlatform, “Contract Costs Under ASC 340-40: Capitalizing Commissions and
# Fulfillment Costs”: a year or less may be expensed when incurred, https://billingplatform.com/?p=12620
# IFRS 15 paragraph 94 says the same, https://annualreporting.info/intfinrepstan/ifrs-15-contract-costs-2/


def test_a_year_or_less_may_be_expensed():
    (row,) = scheduled([deal(1, 30_000, term_months=12)])
    assert (row["expensed"], row["capitalised"]) == (3_000, 0)
    kept = scheduled([deal(1, 30_000, term_months=12)], Policy(at_once_up_to=0))
    assert [each["amortised"] for each in kept] == [250] * 12


# Xoxoday Compass glossary, “ASC 340”: 5,000 for a three-year contract is spread over the three years,
# https://compass-xoxoday.webflow.io/glossary/asc-340
# FASB ASC 340-40-35-3 (Deloitte, “13.4 Amortization and Impairment of Contract Costs”,
# https://dart.deloitte.com/USDART/home/codification/revenue/asc606-10/roadmap-revenue-recognition/chapter-13-contract-costs/13-4-amortization-impairment-contract-costs):
# what the contract no longer brings in is written off.


def test_five_thousand_over_three_years_and_its_loss():
    sold = deal(1, 50_000, "a", term_months=36)
    years = [
        sum(r["amortised"] for r in scheduled([sold]) if r["month_start"].year == y)
        for y in (2026, 2027, 2028)
    ]
    assert years == [Decimal("1666.67"), Decimal("1666.66"), Decimal("1666.67")]
    lost = scheduled([sold, {"event": "cancelled", "deal": "a", "date": date(2026, 12, 31), "amount": ""}])
    assert sum(row["amortised"] for row in lost) == Decimal("1527.78")
    assert (lost[-1]["month_start"], lost[-1]["impaired"], lost[-1]["closing"]) == (
        date(2026, 12, 1),
        5_000 - Decimal("1527.78"),
        0,
    )
