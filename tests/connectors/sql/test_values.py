from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest

from connectors.sql.values import Bad, converter
from warehouse.tables import Kind

PARIS = ZoneInfo("Europe/Paris")
LATE = datetime(2026, 3, 31, 23, 30, tzinfo=UTC)  # already April in Paris


@pytest.mark.parametrize(
    ("kind", "given", "wanted"),
    [
        (Kind.KEY, 7, "7"),
        (Kind.KEY, Decimal("7.00"), "7"),
        (Kind.KEY, 7.0, "7"),
        (Kind.KEY, Decimal("7.50"), "7.50"),
        (Kind.KEY, UUID(int=1), "00000000-0000-0000-0000-000000000001"),
        (Kind.TEXT, date(2026, 3, 31), "2026-03-31"),
        (Kind.TEXT, True, "true"),
        (Kind.MONEY, Decimal("1.23456"), Decimal("1.2346")),
        (Kind.MONEY, Decimal("0.00005"), Decimal("0.0000")),
        (Kind.MONEY, " 12.5 ", Decimal("12.5")),
        (Kind.MONEY, "1e3", Decimal(1000)),
        (Kind.MONEY, 12, Decimal(12)),
        (Kind.MONEY, -0.1, Decimal("-0.1")),
        (Kind.SHARE, "0.3333333333", Decimal("0.333333")),
        (Kind.RATE, Decimal("1.123456789"), Decimal("1.12345679")),
        (Kind.NUMBER, Decimal("0.5"), 0.5),
        (Kind.NUMBER, "2", 2.0),
        (Kind.INTEGER, Decimal("3.00"), 3),
        (Kind.INTEGER, 3.0, 3),
        (Kind.FLAG, 1, True),
        (Kind.FLAG, "No", False),
        (Kind.FLAG, Decimal(0), False),
        (Kind.FLAG, "t", True),
        (Kind.DATE, "2026-03-31", date(2026, 3, 31)),
        (Kind.DATE, datetime(2026, 3, 31, 23, 30), date(2026, 3, 31)),  # noqa: DTZ001
        (Kind.DATE, LATE, date(2026, 4, 1)),
        (Kind.DATE, "2026-03-31T23:30:00Z", date(2026, 4, 1)),
        (Kind.STAMP, datetime(2026, 3, 31, 12), datetime(2026, 3, 31, 10, tzinfo=UTC)),  # noqa: DTZ001
        (Kind.STAMP, "2026-03-31 12:00:00.5", datetime(2026, 3, 31, 10, 0, 0, 500000, tzinfo=UTC)),
        (Kind.STAMP, LATE.astimezone(timezone(timedelta(hours=5))), LATE),
        (Kind.STAMP, date(2026, 1, 1), datetime(2025, 12, 31, 23, tzinfo=UTC)),
    ],
)
def test_a_value_becomes(kind: Kind, given: object, wanted: object):
    found = converter(kind, PARIS)(given)
    assert found == wanted
    assert type(found) is type(wanted)


@pytest.mark.parametrize(
    ("kind", "given", "code"),
    [
        (Kind.KEY, b"\x00\x01", "wrong_kind"),
        (Kind.TEXT, {"a": 1}, "wrong_kind"),
        (Kind.MONEY, "1,50", "bad_amount"),
        (Kind.MONEY, True, "bad_amount"),
        (Kind.MONEY, Decimal("NaN"), "not_finite"),
        (Kind.MONEY, float("inf"), "not_finite"),
        (Kind.MONEY, Decimal("1e14"), "amount_too_large"),
        (Kind.SHARE, 1000, "amount_too_large"),
        (Kind.NUMBER, "many", "bad_number"),
        (Kind.NUMBER, float("nan"), "not_finite"),
        (Kind.INTEGER, 2.5, "bad_whole_number"),
        (Kind.INTEGER, Decimal("NaN"), "bad_whole_number"),
        (Kind.INTEGER, 2**63, "bad_whole_number"),
        (Kind.FLAG, "maybe", "bad_flag"),
        (Kind.FLAG, 2, "bad_flag"),
        (Kind.DATE, "31/03/2026", "bad_date"),
        (Kind.DATE, 20260331, "bad_date"),
        (Kind.STAMP, "soon", "bad_date"),
        (Kind.STAMP, datetime(1, 1, 1), "bad_date"),  # noqa: DTZ001 - midnight of year 1 in Paris is in no year
    ],
)
def test_a_value_that_cannot_be_is_named(kind: Kind, given: object, code: str):
    with pytest.raises(Bad, match=f"^{code}$"):
        converter(kind, PARIS)(given)
