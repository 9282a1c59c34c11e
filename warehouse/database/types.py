"""Column types that mean the same on SQLite and on PostgreSQL."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from sqlalchemy import DateTime, Dialect, Numeric, String
from sqlalchemy.types import TypeDecorator, TypeEngine

PLACES = Decimal("0.0001")
LARGEST = Decimal(10) ** 14
"""Amounts are DECIMAL(18,4): smaller than this in size."""


def exact_money(value: Decimal | int) -> Decimal:
    """The amount with four decimal places; ValueError when it would have to be rounded or cut."""
    if isinstance(value, float):
        message = f"{value!r} is a float; an amount of money must be a Decimal."
        raise ValueError(message)  # noqa: TRY004 - callers handle one kind of bad amount
    try:
        amount = Decimal(value).quantize(PLACES)
    except InvalidOperation as error:
        message = f"{value} is not an amount of money."
        raise ValueError(message) from error
    if not amount.is_finite() or abs(amount) >= LARGEST:
        message = f"{value} is not an amount this database can hold."
        raise ValueError(message)
    if amount != value:
        message = f"{value} has more than four decimal places."
        raise ValueError(message)
    return amount


class Money(TypeDecorator[Decimal]):
    """DECIMAL(18,4). SQLite would keep a float, so it keeps the digits as text there."""

    impl = Numeric(18, 4)
    cache_ok = True

    @property
    def python_type(self) -> type[Decimal]:
        """What a value is in Python."""
        return Decimal

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        """Text on SQLite, NUMERIC elsewhere."""
        kind = String(24) if dialect.name == "sqlite" else Numeric(18, 4)
        return dialect.type_descriptor(kind)

    def process_bind_param(self, value: Decimal | None, dialect: Dialect) -> Any:
        """Refuse what is not exact."""
        if value is None:
            return None
        amount = exact_money(value)
        return str(amount) if dialect.name == "sqlite" else amount

    def process_result_value(self, value: Any, dialect: Dialect) -> Decimal | None:  # noqa: ARG002
        """Always a Decimal with four places."""
        return None if value is None else Decimal(value).quantize(PLACES)


class Stamp(TypeDecorator[datetime]):
    """An instant in UTC. SQLite has no zone, so it is taken off going in and put back coming out."""

    impl = DateTime(timezone=True)
    cache_ok = True

    @property
    def python_type(self) -> type[datetime]:
        """What a value is in Python."""
        return datetime

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Refuse a time without a zone: it could be any instant."""
        if value is None:
            return None
        if value.tzinfo is None:
            message = f"{value} has no time zone."
            raise ValueError(message)
        instant = value.astimezone(UTC)
        return instant.replace(tzinfo=None) if dialect.name == "sqlite" else instant

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        """Always aware, in UTC."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)
