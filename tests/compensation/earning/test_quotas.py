"""Quotas of a stretch of time, by days where rows are longer."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from fractions import Fraction

import pyarrow as pa
import pytest

from compensation.calculate import calculate
from compensation.inputs import QUOTAS, RATES
from compensation.plan.model import Accumulate, Basis, Pays, Period
from tests.compensation.made import END, START, ana, component, curve, inputs, order, plan, sold, tiers

YEAR = (START, END)


def handed_out(*rows):
    names = ("start", "end", "amount", "measure", "scope", "currency")
    defaults = (None, None, None, "bookings", "rep", "USD")
    full = [(*row, *defaults[len(row) :]) for row in rows]
    return pa.Table.from_pylist(
        [{"rep": "ana"} | dict(zip(names, row, strict=True)) for row in full], schema=QUOTAS
    )


def quotas(*rows, people=None, **changes):
    one = component(**{"pays": Pays.TARGET, "weight": Fraction(1), "curve": curve((0, 0), (1, 1))} | changes)
    given = inputs(sold((START, 1)), quotas=handed_out(*rows), rates=EUR)
    found = calculate(order(plan(one, people=people or [ana(quotas={})])), given).lines
    return found.sort_by("period_start")["quota"].to_pylist()


EUR = pa.Table.from_pylist(
    [{"date": START, "from_currency": "EUR", "to_currency": "USD", "rate": Decimal("1.5")}], schema=RATES
)


def test_rows_inside_a_period_are_summed_and_longer_ones_shared_by_days():
    rows = [(START, date(2026, 2, 1), Decimal(100)), (date(2026, 2, 1), date(2026, 4, 1), Decimal(50))]
    assert quotas(*rows) == [150, None, None, None]
    assert quotas((*YEAR, Decimal(36_500))) == [9_000, 9_100, 9_200, 9_200]


def test_a_share_by_days_is_rounded_to_the_cent_once():
    assert quotas((*YEAR, Decimal(100)), (*YEAR, Decimal(100)))[0] == Decimal("49.32")  # 200 × 90 / 365


def test_the_year_to_date_sums_what_has_passed_and_tiers_look_at_the_whole_year():
    rows = [(*YEAR, Decimal(36_500))]
    assert quotas(*rows, accumulate=Accumulate.YEAR) == [9_000, 18_100, 27_300, 36_500]
    tiered = {
        "pays": Pays.RATE,
        "tiers": tiers((0, "0.1")),
        "basis": Basis.ATTAINMENT,
        "accumulate": Accumulate.YEAR,
    }
    assert quotas(*rows, **tiered) == [36_500] * 4


def test_other_scopes_measures_and_currencies():
    assert quotas((*YEAR, Decimal(365), "bookings", "team"))[0] is None
    assert quotas((*YEAR, Decimal(365), "units"))[0] is None
    assert quotas((*YEAR, Decimal(365), "bookings", "team"), credits=("roll_up",))[0] == 90
    assert quotas((*YEAR, Decimal(365), "bookings", "rep", "EUR"))[0] == 135


def test_a_yearly_quota_of_a_file_is_cut_into_periods_and_prorated():
    person = ana(quotas={"bookings": Decimal(1200)}, start=date(2026, 2, 1), end=date(2026, 5, 1))
    assert quotas(people=[person]) == [Decimal("196.67"), Decimal("98.90")]  # 300 × 59 / 90 and 300 × 30 / 91
    assert quotas(people=[person], period=Period.MONTH) == [100, 100, 100]


@pytest.mark.parametrize("size", [10**5, 10**13])
def test_large_quotas_do_not_overflow(size):
    assert quotas((*YEAR, Decimal(365 * size // 1000)), period=Period.MONTH)[0] == 31 * size // 1000
