"""Money of one currency in another."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import numpy as np
import pyarrow as pa
import pytest

from compensation.inputs import RATES
from compensation.money.currency import Converter
from compensation.money.months import number
from compensation.problems import sentence

NAMES = ["EUR", "JPY", "USD"]
EUR, JPY, USD = range(3)


def converter(*rows, rounding="half_up"):
    names = ("date", "from_currency", "to_currency", "rate")
    table = pa.Table.from_pylist([dict(zip(names, row, strict=True)) for row in rows], schema=RATES)
    found = Converter.of(table)
    found.rounding = rounding
    return found


def converted(found, amount, source, target, day):
    values, known = found.convert(
        np.array([int(Decimal(str(amount)) * 10_000)]),
        np.array([source]),
        np.array([target]),
        np.array([number(day)]),
        NAMES,
    )
    return Decimal(int(values[0])) / 10_000, bool(known[0])


JAN, FEB, MAR = (date(2026, month, 1) for month in (1, 2, 3))
ROWS = (
    (MAR, "EUR", "USD", Decimal("1.25")),
    (JAN, "EUR", "USD", Decimal("1.1")),
    (JAN, "USD", "JPY", Decimal(155)),
)


@pytest.mark.parametrize(
    ("day", "rate"), [(JAN, "1.1"), (FEB, "1.1"), (MAR, "1.25"), (date(2027, 1, 1), "1.25")]
)
def test_the_rate_of_a_day_is_the_latest_on_or_before_it(day, rate):
    assert converted(converter(*ROWS), 100, EUR, USD, day) == (100 * Decimal(rate), True)


def test_the_other_way_round_is_the_inverse_unless_it_is_given():
    assert converted(converter(*ROWS), 100, USD, EUR, FEB) == (Decimal("90.91"), True)
    given = converter(*ROWS, (JAN, "USD", "EUR", Decimal("0.9")))
    assert converted(given, 100, USD, EUR, FEB) == (90, True)


@pytest.mark.parametrize(("rounding", "paid"), [("half_up", 2), ("half_even", 2), ("down", 1), ("up", 2)])
def test_rounded_to_the_minor_unit_of_the_target(rounding, paid):
    assert converted(converter(*ROWS, rounding=rounding), "0.01", USD, JPY, FEB) == (paid, True)


def test_the_same_currency_is_left_as_it_is():
    assert converted(converter(), "1.2345", USD, USD, JAN) == (Decimal("1.2345"), True)


def test_what_lacks_a_rate_is_told_once_with_its_first_day():
    found = converter(*ROWS)
    for day in (MAR, FEB):
        assert converted(found, 1, EUR, JPY, day) == (0, False)
    assert converted(found, 1, EUR, USD, date(2025, 12, 31)) == (0, False)
    assert [sentence(each).split(",")[0] for each in found.problems()] == [
        "There is no exchange rate from EUR to JPY on or before 2026-02-01",
        "There is no exchange rate from EUR to USD on or before 2025-12-31",
    ]


def test_exact_for_amounts_beyond_64_bits_of_arithmetic():
    rows = converter((JAN, "EUR", "USD", Decimal("1.23456789")))
    assert converted(rows, 10**12, EUR, USD, JAN) == (Decimal(1234567890000), True)
