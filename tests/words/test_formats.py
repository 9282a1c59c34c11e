from __future__ import annotations

import math
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from words import formats
from words.catalogue import LANGUAGES

NARROW, SPACE = "\u202f", "\xa0"
LANGUAGE = st.sampled_from(sorted(LANGUAGES))


@pytest.mark.parametrize(
    ("value", "currency", "language", "text"),
    [
        ("1234.5", "USD", "en", "$1,234.50"),
        ("1234.5", "EUR", "fr", f"1{NARROW}234,50{SPACE}€"),
        ("-1234.5", "EUR", "en", "−€1,234.50"),
        ("0.005", "EUR", "en", "€0.01"),
        ("-0.001", "EUR", "en", "€0.00"),
        ("1234.5", "JPY", "en", "¥1,235"),
        ("123456789012345678.1250", "USD", "en", "$123,456,789,012,345,678.13"),
    ],
)
def test_money_is_exact_and_rounds_half_up(value: str, currency: str, language: str, text: str):
    assert formats.money(Decimal(value), currency, language) == text


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("950", "$950"), ("1234", "$1.2K"), ("999949", "$999.9K"), ("999950", "$1M"), ("-2345678901", "−$2.3B"),
        ("0", "$0"), ("12.345", "$12.3"), ("999.6", "$1K"),
    ],
)  # fmt: skip
def test_compact_money_has_one_decimal_of_its_unit(value: str, text: str):
    assert formats.money(Decimal(value), "USD", "en", compact=True) == text


def test_compact_money_in_french_and_in_a_language_that_counts_by_ten_thousand():
    assert formats.money(Decimal(1_234_567), "EUR", "fr", compact=True) == f"1,2{SPACE}M{SPACE}€"
    assert formats.money(Decimal(1_234_567), "JPY", "ja", compact=True) == "￥123.5万"


def test_whole_and_signed_money():
    assert formats.money(Decimal("1234.50"), "EUR", "en", whole=True) == "€1,235"
    assert formats.money(Decimal(5), "EUR", "en", signed=True) == "+€5.00"
    assert formats.money(Decimal(0), "EUR", "en", signed=True) == "€0.00"


@pytest.mark.parametrize("value", [None, math.nan, math.inf, -math.inf, Decimal("NaN")])
@pytest.mark.parametrize("unit", formats.UNITS)
def test_what_is_undefined_is_a_dash_and_never_zero(value: float | Decimal | None, unit: str):
    assert formats.figure(value, unit, "EUR", "en") == "—"
    assert formats.change(value, unit, "EUR", "en") == "—"


@given(st.decimals(-(10**13), 10**13, places=4, allow_nan=False), LANGUAGE)
def test_money_reads_back_to_the_cent(value: Decimal, language: str):
    text = formats.money(value, "EUR", language)
    digits = "".join(c for c in text if c.isdigit())
    assert int(digits) == abs(formats._round(value, 2)).scaleb(2)
    assert ("−" in text) == (formats._round(value, 2) < 0)


@pytest.mark.parametrize(
    ("value", "language", "text"),
    [
        (0.873, "en", "87.3%"), (0.873, "fr", f"87,3{SPACE}%"), (0.8725, "en", "87.3%"), (500, "en", "50,000.0%"),
        (-0.0001, "en", "0.0%"), (-0.12, "en", "−12.0%"), (Decimal("0.99949"), "en", "99.9%"),
    ],
)  # fmt: skip
def test_percent_has_one_decimal(value: float | Decimal, language: str, text: str):
    assert formats.percent(value, language).replace(NARROW, SPACE) == text


def test_attainment_just_below_quota_never_reads_as_quota_by_truncation():
    assert formats.percent(Decimal("0.9994"), "en") == "99.9%"
    assert formats.percent(0.05, "en", places=0, signed=True) == "+5%"


def test_times_points_days_and_numbers():
    assert formats.times(2.35, "en") == "2.4×"
    assert formats.points(0.032, "en") == "+3.2 pts"
    assert formats.points(-0.0321, "fr") == "−3,2 pts"
    assert formats.days(1, "en") == "1 day"
    assert formats.days(42.0, "fr") == f"42{SPACE}jours"
    assert formats.days(1.5, "en") == "1.5 days"
    assert formats.number(1234.567, "en") == "1,234.57"
    assert formats.number(7, "en", signed=True) == "+7"
    assert formats.number(1_234_567, "en", compact=True) == "1.2M"


def test_a_change_of_a_ratio_is_in_points_and_others_carry_a_sign():
    assert formats.change(0.1, "percent", "EUR", "en") == "+10.0 pts"
    assert formats.change(3, "days", "EUR", "en") == "+3 days"
    assert formats.change(Decimal(-3), "count", "EUR", "en") == "−3"
    assert formats.change(Decimal(1200), "money", "EUR", "en", compact=True) == "+€1.2K"


def test_an_unknown_unit_is_refused():
    with pytest.raises(ValueError, match="furlongs"):
        formats.figure(1, "furlongs", "EUR", "en")
    with pytest.raises(ValueError, match="furlongs"):
        formats.column_format("furlongs", "EUR")


def test_dates_put_the_day_first_and_name_the_month():
    day = date(2026, 3, 31)
    assert formats.date(day, "en") == "31 Mar 2026"
    assert formats.date(day, "fr") == "31 mars 2026"
    assert formats.day_month(day, "en") == "31 Mar"
    assert formats.day_month(day, "fr") == "31 mars"
    assert formats.moment(datetime(2026, 3, 31, 14, 5, tzinfo=UTC), "en") == "31 Mar 2026, 14:05"
    assert formats.date(None, "en") == formats.moment(None, "en") == "—"


@pytest.mark.parametrize(
    ("name", "english", "french"),
    [
        ("FY2026", "FY2026", "EF2026"),
        ("FY2026-Q1", "Q1 FY2026", "T1 EF2026"),
        ("FY2026-M01", "M1 FY2026", "M1 EF2026"),
        ("2026-W07", "Week 7, 2026", "Semaine 7, 2026"),
        ("2026-03-31", "31 Mar 2026", "31 mars 2026"),
        ("West", "West", "West"),
    ],
)
def test_periods_read_as_people_write_them(name: str, english: str, french: str):
    assert formats.period(name, "en") == english
    assert formats.period(name, "fr") == french


def test_how_long_ago():
    now = datetime(2026, 1, 1, 12, tzinfo=UTC)
    assert formats.ago(now - timedelta(hours=2), now, "en") == "2 hours ago"
    assert formats.ago(now - timedelta(hours=2), now, "fr") == "il y a 2 heures"
    assert formats.ago(now - timedelta(seconds=20), now, "en") == "just now"
    assert formats.ago(None, now, "en") == "—"
    assert formats.duration(timedelta(days=3), "en") == "3 days"


def test_columns_of_a_table():
    assert formats.column_format("money", "EUR") == {"format": "euro"}
    assert formats.column_format("money", "CHF") == {"format": "localized"}
    assert formats.column_format("percent", "EUR") == {"format": "percent", "step": 0.001}


@pytest.mark.parametrize("language", sorted(LANGUAGES))
def test_the_locale_of_a_chart_is_whole(language: str):
    locale = formats.vega_locale(language)
    assert len(locale["time"]["days"]) == 7
    assert len(locale["time"]["months"]) == len(locale["time"]["shortMonths"]) == 12
    assert locale["number"]["decimal"] != locale["number"]["thousands"]


def test_a_french_week_begins_its_list_on_sunday_as_charts_want_it():
    assert formats.vega_locale("fr")["time"]["days"][0] == "dimanche"
