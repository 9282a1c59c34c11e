from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal

import pytest
from sqlalchemy.exc import StatementError

from warehouse.database import Database
from warehouse.database.models import OutboxRow, Quota
from warehouse.database.types import exact_money

NOON = datetime(2026, 3, 31, 12, tzinfo=UTC)


def quota(amount: Decimal, at: datetime = NOON) -> Quota:
    return Quota(
        quota_id="q",
        version=1,
        scope="rep",
        rep_id="r1",
        measure="bookings",
        period_start=date(2026, 1, 1),
        period_end=date(2026, 4, 1),
        amount=amount,
        currency="EUR",
        made_by="p",
        made_at=at,
    )


@pytest.mark.parametrize(
    "amount", ["0", "0.1", "0.0001", "-12.3456", "99999999999999.9999", "123456789012.34", "1E+3"]
)
def test_an_amount_comes_back_to_the_last_place(database: Database, amount: str):
    with database.write() as session:
        session.add(quota(Decimal(amount)))
    with database.read() as session:
        found = session.get_one(Quota, ("q", 1)).amount
    assert found == Decimal(amount)
    assert found.as_tuple().exponent == -4


@pytest.mark.parametrize("amount", [Decimal("0.00001"), Decimal("1e14"), Decimal("NaN"), Decimal("inf"), 0.5])
def test_an_amount_that_would_be_rounded_or_cut_is_refused(amount: Decimal):
    with pytest.raises(ValueError, match=r"decimal places|cannot|can hold|not an amount|float"):
        exact_money(amount)


def test_a_float_never_reaches_the_database(database: Database):
    with pytest.raises(StatementError, match="float"), database.write() as session:
        session.add(quota(0.5))


def test_an_instant_comes_back_in_utc_whatever_zone_it_was_given_in(database: Database):
    paris = timezone(timedelta(hours=2))
    with database.write() as session:
        session.add(quota(Decimal(1), datetime(2026, 3, 31, 23, 30, 0, 123456, tzinfo=paris)))
    with database.read() as session:
        found = session.get_one(Quota, ("q", 1)).made_at
    assert found == datetime(2026, 3, 31, 21, 30, 0, 123456, tzinfo=UTC)
    assert found.utcoffset() == timedelta(0)


def test_a_time_without_a_zone_is_refused(database: Database):
    with pytest.raises(StatementError, match="no time zone"), database.write() as session:
        session.add(OutboxRow(entity="quotas", entity_id="q", made_at=datetime(2026, 1, 1)))  # noqa: DTZ001
