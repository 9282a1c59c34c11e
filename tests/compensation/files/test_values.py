from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from compensation.files import values


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("1234.5", "1234.5"),
        ("1,234.50", "1234.50"),
        ("-4000", "-4000"),
        ("+0.0001", "0.0001"),
        (".5", "0.5"),
        ("99999999999999.9999", "99999999999999.9999"),
    ],
)
def test_an_amount_is_read_exactly(text: str, value: str):
    assert values.amount(text) == Decimal(value)


@pytest.mark.parametrize(
    "text",
    ["", "12,34", "1.234,50", "1 000", "$5", "1e3", "nan", "0.00001", "100000000000000", "--1", "١٢", "."],
)
def test_what_is_no_amount_is_none(text: str):
    assert values.amount(text) is None


@pytest.mark.parametrize(
    ("text", "value"), [("0.7", "0.7"), ("70%", "0.7"), ("70 %", "0.7"), ("33.3333%", "0.333333"), ("1", "1")]
)
def test_a_share_is_a_number_or_a_percentage(text: str, value: str):
    assert values.share(text) == Decimal(value)


@pytest.mark.parametrize("text", ["%", "seventy", "0.3333333", "33.33333%"])
def test_what_is_no_share_or_too_fine_is_none(text: str):
    assert values.share(text) is None


def test_a_day_may_carry_a_time():
    assert values.day("2026-03-31") == date(2026, 3, 31)
    assert values.day("2026-03-31T23:59:59Z") == date(2026, 3, 31)


@pytest.mark.parametrize("text", ["31.03.2026", "2026-02-30", "20260331", "2026-3-1", "today"])
def test_other_days_are_none(text: str):
    assert values.day(text) is None


def test_column_names_are_compared_loosely():
    assert values.column(" Term-Months ") == values.column("term months") == "term_months"
