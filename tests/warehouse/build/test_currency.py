"""Amounts are converted by the last rate known, and never lost in silence."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from tests.warehouse.build.conftest import Company
from warehouse.settings import Settings


def rate(day: date, source: str, target: str, value: str) -> dict[str, Any]:
    return {"date": day, "from_currency": source, "to_currency": target, "rate": value}


def credit(key: str, amount: str, currency: str | None, day: date = date(2026, 2, 10)) -> dict[str, Any]:
    return {"credit_id": key, "rep_id": "A", "amount": amount, "currency": currency, "credited_on": day}


def test_the_last_rate_on_or_before_the_day_counts(company: Company):
    company.reps("A").add(
        "exchange_rates",
        rate(date(2026, 1, 1), "EUR", "USD", "1.10"),
        rate(date(2026, 2, 1), "EUR", "USD", "1.20"),
    )
    company.add(
        "credits",
        credit("c1", "100", "EUR", date(2026, 1, 1)),
        credit("c2", "100", "EUR", date(2026, 1, 31)),
        credit("c3", "100", "EUR", date(2026, 2, 1)),
        credit("c4", "100", "EUR", date(2026, 3, 31)),
    )
    amounts = company.build().column("credits", "amount_reporting")
    assert amounts == [Decimal(110), Decimal(110), Decimal(120), Decimal(120)]


def test_pair_then_inverse_then_through_another_currency(company: Company):
    day = date(2026, 1, 1)
    company.reps("A").add(
        "exchange_rates",
        rate(day, "EUR", "USD", "1.25"),
        rate(day, "USD", "EUR", "0.5"),  # not used: the pair is given as such
        rate(day, "USD", "GBP", "0.8"),
        rate(day, "CHF", "EUR", "1.04"),
    )
    company.add("credits", credit("c1", "8", "EUR"), credit("c2", "8", "GBP"), credit("c3", "10", "CHF"))
    amounts = company.build().column("credits", "amount_reporting")
    assert amounts == [Decimal(10), Decimal(10), Decimal(13)]  # 10 × 1.04 × 1.25


def test_converted_amounts_are_rounded_half_up_and_own_ones_not_at_all(company: Company):
    company.reps("A").add("exchange_rates", rate(date(2026, 1, 1), "EUR", "USD", "1.005"))
    company.add(
        "credits",
        credit("c1", "1.00", "EUR"),  # 1.005
        credit("c2", "-1.00", "EUR"),
        credit("c3", "2.0249", "USD"),
        credit("c4", "2.0249", None),  # no currency: the reporting one
    )
    built = company.build()
    assert built.column("credits", "amount_reporting") == [
        Decimal("1.01"),
        Decimal("-1.01"),
        Decimal("2.0249"),
        Decimal("2.0249"),
    ]
    assert built.column("credits", "currency")[3] == "USD"


def test_the_reporting_currency_s_minor_unit_counts(company: Company):
    company.settings = Settings(currency="JPY")
    company.reps("A").add("exchange_rates", rate(date(2026, 1, 1), "USD", "JPY", "150.5"))
    company.add("credits", credit("c1", "1.01", "USD"))  # 152.005
    assert company.build().column("credits", "amount_reporting") == [Decimal(152)]


@pytest.mark.parametrize(
    ("table", "row", "day"),
    [
        ("opportunities", {"opportunity_id": "o", "owner_id": "A"}, "2026-02-10"),
        ("credits", {"credit_id": "c", "rep_id": "A"}, "2026-02-10"),
        (
            "quotas",
            {
                "quota_id": "q",
                "rep_id": "A",
                "period_start": date(2026, 1, 1),
                "period_end": date(2026, 2, 1),
            },
            "2026-01-01",
        ),
    ],
)
def test_an_amount_without_a_rate_is_set_aside(company: Company, table: str, row: dict[str, Any], day: str):
    company.reps("A").add("exchange_rates", rate(date(2026, 3, 1), "EUR", "USD", "1.1"))
    built = company.add(table, row | {"amount": "5", "currency": "EUR"}).build()
    assert built.rows(table) == built.rows("credits") == built.rows("quota_months") == []
    assert built.found("no_rate") == [(f"{table}.csv", 2, "currency", "EUR")]
    assert day in built.issues[0].sentence


def test_no_amount_stays_no_amount_and_needs_no_rate(company: Company):
    company.reps("A").add(
        "opportunities",
        {"opportunity_id": "o", "owner_id": "A", "amount": None, "currency": "EUR", "is_won": False},
    )
    built = company.build()
    assert built.column("opportunities", "amount_reporting") == [None]
    assert built.issues == []


def test_rates_nobody_can_mean_are_set_aside(company: Company):
    company.reps("A").add(
        "exchange_rates",
        rate(date(2026, 1, 1), "EUR", "USD", "1.1"),
        rate(date(2026, 1, 2), "EUR", "USD", "0"),
        rate(date(2026, 1, 3), "EUR", "USD", "-1"),
    )
    built = company.add("credits", credit("c", "10", "EUR")).build()
    assert [f[1] for f in built.found("bad_rate")] == [3, 4]
    assert built.column("credits", "amount_reporting") == [Decimal(11)]


def test_an_amount_too_large_once_converted_is_set_aside(company: Company):
    company.reps("A").add("exchange_rates", rate(date(2026, 1, 1), "EUR", "USD", "1000"))
    built = company.add("credits", credit("c", "99999999999999", "EUR")).build()
    assert [f[2] for f in built.found("amount_too_large")] == ["amount"]
    assert built.rows("credits") == []


def test_weighted_is_the_deal_s_own_probability_or_its_stage_s(company: Company):
    company.reps("A").add("stages", {"stage_id": "s", "default_probability": 0.25})
    deal = {"owner_id": "A", "amount": "100.10", "is_closed": False, "is_won": False}
    company.add(
        "opportunities",
        deal | {"opportunity_id": "o1", "probability": 0.333, "stage_id": "s"},
        deal | {"opportunity_id": "o2", "stage_id": "s"},
        deal | {"opportunity_id": "o3"},
    )
    weighted = company.build().column("opportunities", "weighted_reporting")
    assert weighted == [Decimal("33.33"), Decimal("25.03"), None]  # 33.3333, 25.025
