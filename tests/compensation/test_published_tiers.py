"""Published worked cases about tiers and splits, through the whole engine."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest

from compensation.plan.model import Accumulate, Basis, Pays, Per, Period, Reading, Tier
from tests.compensation.made import amounts, ana, component, earned, plan, run, sold, table, tiers
from tests.compensation.oracle import Deal

# Oracle Fusion Cloud, “Examples of Calculating Earnings Using Step Rates”,
# https://docs.oracle.com/en/cloud/saas/sales/facmi/examples-of-calculating-earnings-using-step-rates.html
# and “Examples of Calculating Earnings Using Interpolated Rates”,
# https://docs.oracle.com/en/cloud/saas/sales/facmi/examples-of-calculating-earnings-using-interpolated-rates.html

DEALS = sold(
    ("2026-01-01", 200),
    ("2026-01-02", 300),
    ("2026-01-15", 1500),
    ("2026-02-01", 1200),
    ("2026-02-15", 2000),
    ("2026-03-01", 4500),
)
STEPS = tuple(
    Tier(Fraction(start), Fraction(rate), end=Fraction(end))
    for start, end, rate in [
        (0, 1000, "0.01"),
        (1000, 3000, "0.02"),
        (3000, 8000, "0.03"),
        (8000, 20000, "0.05"),
    ]
)
AMOUNTS = tiers(
    (0, 1000, 10), (1000, 3000, 40), (3000, 8000, 100), (8000, 20000, 2000), reading=Reading.INTERPOLATED
)


def test_transactions_one_by_one_through_steps():
    found = run(plan(component(tiers=STEPS, accumulate=Accumulate.NONE)), DEALS)
    assert earned(found) == [2, 3, 20, 14, 30, 95]
    assert amounts(found)[0] == 164


def test_transactions_one_by_one_through_interpolated_tiers():
    one = component(tiers=AMOUNTS, accumulate=Accumulate.NONE, reading=Reading.INTERPOLATED)
    found = run(plan(one), DEALS)
    assert earned(found) == [2, 3, 20, 14, 30, 80]
    assert amounts(found)[0] == 149


@pytest.mark.parametrize("per", list(Per))
def test_cumulative_transactions_through_steps(per):
    assert amounts(run(plan(component(tiers=STEPS, per=per)), DEALS))[0] == 285


def test_months_that_accumulate_over_the_quarter_pay_the_same():
    monthly = component(tiers=STEPS, period=Period.MONTH, per=Per.PERIOD, accumulate=Accumulate.QUARTER)
    assert sum(amounts(run(plan(monthly), DEALS))) == 285


# Oracle Fusion Cloud, “Options for Splitting Attainment Numbers Across Rate Tiers”,
# https://docs.oracle.com/en/cloud/saas/sales/facmi/options-for-splitting-attainment-numbers-across-rate-tiers.html

FLAT = tiers((0, "0.01"), (10_000, "0.02"), (50_000, "0.03"), (100_000, "0.04"))


@pytest.mark.parametrize(("sale", "rate"), [(5_000, "0.01"), (15_000, "0.02"), (60_000, "0.03")])
def test_rate_that_is_not_split(sale, rate):
    found = run(plan(component(tiers=FLAT, reading=Reading.WHOLE)), sold(("2026-02-01", sale)))
    assert amounts(found)[0] == sale * Decimal(rate)


@pytest.mark.parametrize(("sale", "paid"), [(5_000, 50), (15_000, 100 + 100), (60_000, 100 + 800 + 300)])
def test_rate_that_is_split_in_steps(sale, paid):
    assert amounts(run(plan(component(tiers=FLAT)), sold(("2026-02-01", sale))))[0] == paid


@pytest.mark.parametrize(("share", "paid"), [(12, 480), (25, 1_000), (50, 3_000), (75, 5_500)])
def test_amounts_by_attainment_earned_pro_rata(share, paid):
    parts = ((0, 25, 1000), (25, 50, 2000), (50, 100, 5000), (100, 999, 6000))
    rows = tiers(
        *((Fraction(a, 100), Fraction(b, 100), m) for a, b, m in parts), reading=Reading.INTERPOLATED
    )
    one = component(tiers=rows, reading=Reading.INTERPOLATED, basis=Basis.ATTAINMENT)
    found = run(plan(one), sold(("2026-02-01", 3_000 * share)))
    assert amounts(found)[0] == paid


# Oracle Fusion Cloud 24B, “Report Split Rates in Calculation”: 2,500 pays a blended 1.6 %,
# https://docs.oracle.com/en/cloud/saas/readiness/sales/24b/salm-24b/24B-spm-wn-f31649.htm


def test_blended_rate():
    rows = tiers((0, "0.01"), (1_000, "0.02"), (5_000, "0.03"), (10_000, 0))
    found = run(plan(component(tiers=rows)), sold(("2026-02-01", 2_500)))
    assert amounts(found)[0] == 40
    assert found.lines["rate"].to_pylist()[0] == pytest.approx(0.016)


# MyTime, “Tiered Commission by Revenue: Amount Above Earned Breakdown” (its tiers end a cent below the next),
# https://help.mytime.com/hc/en-us/articles/360046956372-Tiered-Commission-by-Revenue-Amount-Above-Earned-Breakdown


def test_pay_cycles_start_again():
    rows = tiers((0, "0.25"), (500, "0.3"), (3_000, "0.4"))
    deals = sold(("2026-01-10", 400), ("2026-02-10", 100), ("2026-03-10", 1_500), ("2026-04-10", 5_000))
    found = amounts(run(plan(component(tiers=rows, period=Period.MONTH)), deals))
    assert found[:4] == [100, 25, 425, 1675]


# Epicor Eclipse, “Tiered Commission Plan Details”: 44.00 by tiers, 66.00 at the highest tier's rate on everything,
# http://159.66.236.10:2080/Eclipse-Help/CHUI/!SSL!/WebHelp/mergedProjects/PRICE/PRICE_CON_TieredCommissionPlanDetails.htm


@pytest.mark.parametrize(("reading", "paid"), [(Reading.MARGINAL, 44), (Reading.WHOLE, 66)])
def test_gross_profit_by_tiers_and_at_one_rate(reading, paid):
    rows = tiers((0, "0.02"), (200, "0.03"), (500, "0.04"), (1_000, "0.055"))
    assert amounts(run(plan(component(tiers=rows, reading=reading)), sold(("2026-02-01", 1_200))))[0] == paid


# Meevo, “Commission Scales”, https://docs.meevo.com/multi-location/MoreInfo/CommissionScale.htm


@pytest.mark.parametrize(
    ("reading", "sale", "paid"), [(Reading.WHOLE, 125, "18.75"), (Reading.MARGINAL, 325, "51.25")]
)
def test_straight_and_sliding_scales(reading, sale, paid):
    rows = tiers((0, "0.1"), (100, "0.15"), (200, "0.2"), (300, "0.25"))
    found = run(plan(component(tiers=rows, reading=reading)), sold(("2026-02-01", sale)))
    assert amounts(found)[0] == Decimal(paid)


# Mike Salkin, “Commission Calculation Examples” (without the minimum of 1,000), http://www.mikesalkin.com/examples.txt


@pytest.mark.parametrize(
    ("sale", "paid"), [(100_000, 1_000), (200_000, 2_000), (400_000, 3_500), (800_000, 5_500)]
)
def test_falling_rate(sale, paid):
    rows = tiers((0, "0.01"), (300_000, "0.005"))
    assert amounts(run(plan(component(tiers=rows)), sold(("2026-02-01", sale))))[0] == paid


# Prowi glossary, “Split commission”: 60/40 of 100,000 and of 80,000 at 10 %, https://prowi.io/en/glossary/split-commission;
# 70/30 of 80,000 at 10 % pays 5,600 and 2,400.


@pytest.mark.parametrize(
    ("amount", "shares", "paid"),
    [
        (100_000, ("0.6", "0.4"), [6_000, 4_000]),
        (80_000, ("0.6", "0.4"), [4_800, 3_200]),
        (80_000, ("0.7", "0.3"), [5_600, 2_400]),
    ],
)
def test_two_people_share_a_deal(amount, shares, paid):
    people = [ana(), ana(rep="ben")]
    deals = [
        Deal("d", who.rep, date(2026, 2, 1), Decimal(amount), Fraction(share), "split", deal="d")
        for who, share in zip(people, shares, strict=True)
    ]
    found = run(plan(component(rate=Fraction("0.1"), period=Period.YEAR), people=people), table(deals))
    assert amounts(found) == paid


# Awin, commission groups of a merchant: so much a sale by how many sales a month,
# https://ui.awin.com/merchant-profile/23514/commission-groups (rates of the order value, on the order that reaches them)


def test_the_order_that_reaches_a_tier_is_paid_whole_at_its_rate():
    rows = tiers((0, "0.2"), (51, "0.3"))
    one = component(
        measure="deals", tiers=rows, reading=Reading.UNSPLIT, pays=Pays.PER_UNIT, period=Period.YEAR
    )
    deals = sold(*[(date(2026, 1, 1 + n % 28), 100) for n in range(52)])
    assert amounts(run(plan(one), deals)) == [Decimal("0.2") * 50 + Decimal("0.3") * 2]
