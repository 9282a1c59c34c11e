"""Worked cases others have published about splits, accelerators, curves and proration, through the whole engine."""

from datetime import date
from decimal import Decimal

import pytest

from tests.compensation.engine import deal, pay_by_month, plan_of, run_of


def component(body, period="year"):
    return f"""
[[components]]
id = "pay"
name = "Pay"
measure = "bookings"
period = "{period}"
{body}
"""


def assigned(more="", rep="ana", start="2026-01-01"):
    return f'\n[[assignments]]\nrep = "{rep}"\nfrom = {start}\n{more}\n'


def total(plan, deals, rep="ana", end=date(2027, 1, 1)):
    return sum(pay_by_month(run_of(plan, deals, end=end), rep=rep).values())


# SparrowGenie, “The Strategic Advantage of Split Commission: A Complete Guide”,
# https://www.sparrowgenie.com/sales-commission-models/split-commission


@pytest.mark.parametrize(
    ("amount", "rate", "shares", "paid"),
    [
        (100_000, "0.08", {"sdr": "20%", "ae": "80%"}, {"sdr": 1600, "ae": 6400}),
        (250_000, "0.1", {"bd": "15%", "sc": "25%", "ae": "60%"}, {"bd": 3750, "sc": 6250, "ae": 15_000}),
    ],
)
def test_split_between_roles(amount, rate, shares, paid):
    people = "".join(assigned(rep=rep) for rep in shares)
    plan = plan_of(people + component(f'pays = "rate"\nrate = {rate}'))
    deals = [deal(3, amount, f"d-{rep}", deal="d", rep=rep, split=share) for rep, share in shares.items()]
    assert {rep: total(plan, deals, rep) for rep in shares} == paid


# Hyperbots glossary, “Accelerator commission”: 200,000 at 5 % and 60,000 above quota at 8 %,
# https://www.hyperbots.com/glossary/accelerator-commission


def test_accelerator_above_quota():
    tiers = (
        'pays = "rate"\nbasis = "attainment"\ntiers = [{ from = 0, rate = 0.05 }, { from = 1, rate = 0.08 }]'
    )
    plan = plan_of(assigned("quotas = { bookings = 200000 }") + component(tiers))
    assert total(plan, [deal(2, 150_000), deal(5, 110_000)]) == 14_800


# Excel Forum, “Excel formulas and functions”, thread 861932: quarterly quota of 100,000, 5 % to it, 6 % to 125,000, 7 % beyond,
# https://excelforum.com/excel-formulas-and-functions/861932-vlookup-for-multiple-results-without-duplicates-prev-thread.html


def test_two_accelerators_in_a_quarter():
    tiers = "[{ from = 0, rate = 0.05 }, { from = 100000, rate = 0.06 }, { from = 125000, rate = 0.07 }]"
    plan = plan_of(assigned() + component(f'pays = "rate"\ntiers = {tiers}', "quarter"))
    assert total(plan, [deal(1, 90_000), deal(3, 60_000)]) == 5_000 + 1_500 + 1_750


# Salesforce Trailhead, “Use Marginal Payout Rule Functions”: 145,000 closed, then a deal of 20,000 pays 1,100,
# https://trailhead.salesforce.com/it/content/learn/modules/salesforce-spiff-marginal-payout-rules/use-marginal-payout-rule-functions


def test_a_deal_across_a_tier_s_edge():
    tiers = "[{ from = 0, rate = 0.04 }, { from = 150000, rate = 0.06 }, { from = 250000, rate = 0.08 }]"
    plan = plan_of(assigned() + component(f'pays = "rate"\ntiers = {tiers}'))
    run = run_of(plan, [deal(2, 145_000, "before"), deal(3, 20_000, "new")])
    assert [row["earned"] for row in run.trace.to_pylist() if row["transaction_id"] == "new"] == [1100]


# Richard Lawrence, “Experiments with scenarios around tiered sales commissions”,
# https://gist.github.com/richardlawrence/1138036


@pytest.mark.parametrize(("sold", "earned"), [(6000, 620), (4000, 400), (5000, 500)])
def test_ten_per_cent_and_twelve_above_five_thousand(sold, earned):
    tiers = "[{ from = 0, rate = 0.1 }, { from = 5000, rate = 0.12 }]"
    assert (
        total(plan_of(assigned() + component(f'pays = "rate"\ntiers = {tiers}')), [deal(1, sold)]) == earned
    )


# Oracle Fusion Cloud, “Equal Tier Values”: exactly 50,000 is paid at the higher tier's 3 %,
# https://docs.oracle.com/en/cloud/saas/sales/facmi/equal-tier-values.html


@pytest.mark.parametrize(("edge", "rate"), [("upper", "0.03"), ("lower", "0.02")])
def test_an_amount_on_the_edge(edge, rate):
    tiers = "[{ from = 0, rate = 0.01 }, { from = 25000, rate = 0.02 }, { from = 50000, rate = 0.03 }]"
    body = f'pays = "rate"\nreading = "whole"\nedge = "{edge}"\ntiers = {tiers}'
    assert total(plan_of(assigned() + component(body)), [deal(1, 50_000)]) == 50_000 * Decimal(rate)


# Bonus Pay Calc, “Bonus payout curve explained (with formula)”: threshold 70 %, 10,000 at quota, twice the slope
# above it, at most 20,000, https://bonuspaycalc.com/guides/bonus-payout-curve-explained.html


@pytest.mark.parametrize(
    ("sold", "paid"), [(69_999, 0), (85_000, 5_000), (100_000, 10_000), (120_000, 14_000), (160_000, 20_000)]
)
def test_threshold_target_and_accelerated_slope(sold, paid):
    body = 'pays = "target"\nweight = 1.0\ncurve = [[0.7, 0.0], [1.0, 1.0], [1.5, 2.0]]'
    terms = "target_incentive = 10000\nquotas = { bookings = 100000 }"
    assert total(plan_of(assigned(terms) + component(body)), [deal(6, sold)]) == paid


# Salary.com, “Calculating Prorated Bonuses and 13th Month Bonuses”: 20,000 a year, hired for the last 92 of 365
# days or left after 180 of them; the source rounds the share to three decimals before it multiplies (5,040 and
# 9,860), https://salary.com/blog/calculating-prorated-bonuses-and-13th-month-bonuses


@pytest.mark.parametrize(
    ("start", "more", "exact", "published"),
    [("2026-10-01", "", "5041.10", 5_040), ("2026-01-01", "to = 2026-06-30", "9863.01", 9_860)],
)
def test_a_year_s_bonus_by_days(start, more, exact, published):
    body = 'pays = "target"\nweight = 1.0\ncurve = [[0.0, 1.0], [1.0, 1.0]]'
    terms = f"target_incentive = 20000\nquotas = {{ bookings = 100000 }}\n{more}"
    plan = plan_of(assigned(terms, start=start) + component(body))
    found = total(plan, [deal(int(start[5:7]), 100_000)])
    assert found == Decimal(exact)
    assert round(found / 20_000, 3) * 20_000 == published
