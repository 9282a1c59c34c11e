"""What always holds, whatever the plan and the deals: each test is named by its invariant."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from compensation.money.rounding import divide
from compensation.plan.model import Accumulate, Basis, Caps, Edge, Pays, Period, Policy, Reading, Spif, Tier
from tests.compensation.made import (
    START,
    amounts,
    ana,
    component,
    curve,
    earned,
    inputs,
    order,
    plan,
    run,
    sold,
)
from tests.compensation.oracle import Deal

CENT = Decimal("0.01")
cents = st.integers(1, 5_000_000).map(lambda n: Decimal(n) / 100)
days = st.integers(0, 364).map(lambda n: START + timedelta(days=n))
deals = st.lists(st.tuples(days, cents), min_size=1, max_size=12)
rising = st.lists(st.integers(0, 300), min_size=3, max_size=3).map(sorted)
edges = st.lists(st.integers(1, 400), min_size=2, max_size=2, unique=True).map(sorted)
few = settings(max_examples=30, deadline=None)


def stepped(starts, rates, reading=Reading.MARGINAL):
    parts = zip([0, *starts], rates, strict=True)
    return tuple(Tier(Fraction(100 * start), Fraction(rate, 1000)) for start, rate in parts)


def paid(one, sales, **more):
    return sum(amounts(run(plan(one, **more), sold(*sales))))


@few
@given(deals, cents, edges, rising, st.sampled_from([Reading.MARGINAL, Reading.WHOLE]))
def test_payout_is_monotone_when_rates_are(sales, extra, starts, rates, reading):
    one = component(tiers=stepped(starts, rates), reading=reading, period=Period.YEAR)
    more = [*sales, (date(2026, 12, 31), extra)]
    assert paid(one, more) >= paid(one, sales)


@few
@given(
    edges,
    st.lists(st.integers(0, 300), min_size=3, max_size=3),
    st.integers(0, 1),
    st.sampled_from(list(Edge)),
)
def test_marginal_tiers_are_continuous(starts, rates, which, edge):
    one = component(tiers=stepped(starts, rates), period=Period.YEAR, edge=edge)
    at = Decimal(100 * starts[which])
    below, on, above = (paid(one, [(START, at + step)]) for step in (-CENT, Decimal(0), CENT))
    assert on - below <= CENT
    assert above - on <= CENT


@few
@given(edges, rising)
def test_whole_amount_tiers_jump_by_the_notch(starts, rates):
    one = component(tiers=stepped(starts, rates), reading=Reading.WHOLE, period=Period.YEAR)
    at = Decimal(100 * starts[1])
    notch = paid(one, [(START, at)]) - paid(one, [(START, at - CENT)])
    assert abs(notch - at * (rates[2] - rates[1]) / 1000) <= CENT


YEARLY = {
    "tiers": component(
        tiers=(Tier(Fraction(0), Fraction("0.011")), Tier(Fraction("0.01"), Fraction("0.0237"))),
        basis=Basis.ATTAINMENT,
        accumulate=Accumulate.YEAR,
    ),
    "whole": component(
        tiers=stepped([30, 90], [7, 13, 29]), reading=Reading.WHOLE, accumulate=Accumulate.YEAR
    ),
    "curve": component(
        pays=Pays.TARGET,
        weight=Fraction("0.37"),
        curve=curve(("0.02", "0.4"), (1, 1), ("1.5", 2)),
        accumulate=Accumulate.YEAR,
    ),
    "rate": component(rate=Fraction("0.0371"), accumulate=Accumulate.YEAR),
}


@few
@given(st.sampled_from(sorted(YEARLY)), deals, st.sampled_from(list(Period)), st.randoms())
def test_year_to_date_increments_sum_to_the_function_of_the_total(name, sales, period, dice):
    """For any cut of the year into periods, and any days the same deals fall on."""
    once = paid(replace(YEARLY[name], period=Period.YEAR), sales)
    moved = [(START + timedelta(days=dice.randrange(365)), amount) for _, amount in sales]
    assert paid(replace(YEARLY[name], period=period), moved) == once


@few
@given(cents, st.lists(st.integers(1, 1000), min_size=1, max_size=6), st.sampled_from([1, -1]))
def test_splits_conserve_cents(amount, weights, sign):
    millionths = [weight * 1_000_000 // sum(weights) for weight in weights]
    millionths[0] += 1_000_000 - sum(millionths)
    people = [f"p{n}" for n in range(len(weights))]
    shared = [
        Deal("t", rep, START, amount * sign, Fraction(share, 1_000_000), "split", deal="d")
        for rep, share in zip(people, millionths, strict=True)
    ]
    one = component(rate=Fraction(1), period=Period.YEAR)
    found = run(plan(one, people=[ana(rep=rep) for rep in people]), shared)
    assert sum(found.trace["credited"].to_pylist()) == amount * sign
    exact = [amount * share / 1_000_000 for share in millionths]
    got = dict(zip(found.trace["credited_rep"].to_pylist(), found.trace["credited"].to_pylist(), strict=True))
    assert all(abs(sign * got[rep] - part) < CENT for rep, part in zip(people, exact, strict=True))


@few
@given(
    deals,
    st.sampled_from([*sorted(YEARLY), "unsplit"]),
    st.sampled_from(["half_up", "half_even", "up", "down"]),
)
def test_a_reversal_nets_to_zero(sales, name, rounding):
    unsplit = component(
        tiers=stepped([30, 90], [7, 13, 29]), reading=Reading.UNSPLIT, accumulate=Accumulate.YEAR
    )
    one = replace(YEARLY.get(name, unsplit), period=Period.YEAR)
    last = (date(2026, 12, 30), Decimal("1234.56"))
    back = (date(2026, 12, 31), Decimal("-1234.56"))
    policy, earlier = (
        Policy(rounding=rounding),
        [(min(day, date(2026, 12, 29)), amount) for day, amount in sales],
    )
    assert paid(one, [*earlier, last, back], policy=policy) == paid(one, earlier, policy=policy)


@few
@given(deals, cents, cents, cents)
def test_caps_are_never_exceeded(sales, deal, period, year):
    one = component(rate=Fraction("0.9"), caps=Caps(deal, period, year))
    found = run(plan(one, policy=Policy(year_cap=year / 2)), sold(*sales))
    rows = found.lines.to_pylist()
    assert all(row["earned"] <= deal for row in found.trace.to_pylist())
    assert all(row["amount"] <= period for row in rows)
    assert sum(row["amount"] for row in rows) <= year / 2
    assert all(row["before_modifiers"] - row["amount"] == row["capped"] for row in rows)


@few
@given(deals, deals, cents, st.sampled_from(["first_come", "pro_rata", "rank"]))
def test_budgets_are_never_exceeded(first, second, budget, share):
    prizes = (Decimal(70_000), Decimal(30_000)) if share == "rank" else ()
    one = component(pays=Pays.SPIF, rate=Fraction("0.2"), spif=Spif(budget, share, prizes))
    sales = sold(*first) + [replace(deal, id=f"b{deal.id}") for deal in sold(*second, rep="ben")]
    found = run(plan(one, people=[ana(), ana(rep="ben")]), sales)
    spent: dict[date, Decimal] = {}
    for row in found.lines.to_pylist():
        spent[row["period_start"]] = spent.get(row["period_start"], Decimal(0)) + row["amount"]
        assert row["amount"] >= 0
    assert all(total <= budget for total in spent.values())


@few
@given(deals, st.randoms(), st.sampled_from(sorted(YEARLY)))
def test_the_order_of_rows_never_matters(sales, dice, name):
    one = plan(YEARLY[name], people=[ana(), ana(rep="ben")])
    mine = sold(*sales) + [replace(deal, id=f"b{deal.id}", rep="ben") for deal in sold(*sales[:3])]
    shuffled = dice.sample(mine, len(mine))
    assert run(one, mine).digest == run(one, shuffled).digest
    assert earned(run(one, mine)) == earned(run(one, shuffled))


@few
@given(deals, st.sampled_from(sorted(YEARLY)), st.sampled_from(list(Period)), st.booleans())
def test_parts_of_the_trace_sum_to_the_line(sales, name, period, capped):
    one = replace(YEARLY[name], period=period, caps=Caps(period=Decimal(50)) if capped else Caps())
    found = run(plan(one), sold(*sales))
    parts: dict[str, Decimal] = {}
    for row in found.trace.to_pylist():
        parts[row["line_id"]] = parts.get(row["line_id"], Decimal(0)) + row["earned"]
    for row in found.lines.to_pylist():
        assert parts.get(row["line_id"], Decimal(0)) == row["amount"]


@few
@given(deals, st.integers(1, 11), st.sampled_from(sorted(YEARLY)))
def test_months_asked_for_one_by_one_give_the_year(sales, cut, name):
    """An order of some months gives the same lines as the order of the whole year."""
    from compensation.calculate import calculate

    one, given_ = plan(replace(YEARLY[name], period=Period.MONTH)), inputs(sold(*sales))
    whole = calculate(order(one), given_).lines.to_pylist()
    day = date(2026, cut + 1, 1)
    parts = [calculate(order(one, end=day), given_), calculate(order(one, start=day), given_)]
    assert sorted(map(repr, whole)) == sorted(repr(row) for part in parts for row in part.lines.to_pylist())


@few
@given(
    st.lists(st.integers(-(10**30), 10**30), min_size=1, max_size=20),
    st.integers(1, 10**25),
    st.sampled_from(["half_up", "half_even", "up", "down"]),
)
def test_rounding_is_exact_at_any_size(tops, bottom, how):
    found = divide(np.array(tops, dtype=object), bottom, how)
    mirrored = divide(np.array([-top for top in tops], dtype=object), bottom, how)
    for top, value, other in zip(tops, found.tolist(), mirrored.tolist(), strict=True):
        error = Fraction(top, bottom) - value
        assert other == -value
        assert abs(error) < 1 if how in ("up", "down") else abs(error) <= Fraction(1, 2)
        assert error * top >= 0 or how != "down"
        assert error * top <= 0 or how != "up"


@pytest.mark.parametrize("size", [10**6, 10**12])
def test_large_amounts_are_as_exact_as_small_ones(size):
    one = component(
        pays=Pays.TARGET, weight=Fraction(1, 3), curve=curve((0, 0), ("0.7", "0.333333")), period=Period.YEAR
    )
    person = ana(target_incentive=Decimal(size), quotas={"bookings": Decimal(7 * size)})
    found = amounts(run(plan(one, people=[person]), sold(("2026-03-01", 3 * size))))
    exact = Fraction(size, 3) * Fraction(3, 7) / Fraction(7, 10) * Fraction(333_333, 1_000_000)
    cents_ = divide(np.array([exact.numerator * 100], object), exact.denominator, "half_up").tolist()
    assert found == [Decimal(cents_[0]) / 100]


def test_pairs_of_rising_deals_never_lower_the_running_pay():
    """A ladder of deals through a curve with a cliff: what is earned to date never falls."""
    one = component(
        pays=Pays.TARGET, weight=Fraction(1), curve=curve(("0.5", "0.4"), (1, 1)), period=Period.YEAR
    )
    sums = [paid(one, [(START, 40_000 * n)]) for n in range(1, 40)]
    assert all(later >= earlier for earlier, later in pairwise(sums))
    assert sums[0] == 0
    assert sums[-1] == 60_000
