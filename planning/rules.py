"""Checks that every kind of edit shares. Each raises ``Refused`` or returns the value as it is kept."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from decimal import Decimal

from sqlalchemy import select
from sqlalchemy.orm import Session

from planning.refusals import Refused
from warehouse.database.models import ClosedPeriod
from warehouse.database.types import exact_money
from warehouse.tables import UNASSIGNED


def amount(value: Decimal | int | None) -> Decimal:
    """A finite amount, not negative, that can be kept exactly."""
    if value is None:
        raise Refused("amount_missing")
    try:
        exact = exact_money(value)
    except ValueError as error:
        raise Refused("amount_not_exact", value=value) from error
    if exact < 0:
        raise Refused("amount_negative", value=value)
    return exact


def currency(value: str) -> str:
    """A three-letter code."""
    if not (len(value) == 3 and value.isascii() and value.isalpha() and value.isupper()):
        raise Refused("bad_currency", value=value)
    return value


def one_of(code: str, value: str, known: Collection[str]) -> str:
    """A value from a list; ``code`` names the refusal."""
    if value not in known:
        raise Refused(code, value=value, known=", ".join(known))
    return value


def person(key: str) -> str:
    """A person key, never an e-mail address: audit and history must not hold those."""
    if "@" in key:
        raise Refused("key_is_email")
    if not key or key == UNASSIGNED:
        raise Refused("nobody")
    return key


def period(start: date, end: date) -> None:
    """A half-open period of at least one day."""
    if not start < end:
        raise Refused("period_backwards", start=start, end=end)


def still_open(session: Session, kind: str, start: date, end: date) -> None:
    """No closed period of this kind overlaps."""
    query = select(ClosedPeriod).where(
        ClosedPeriod.kind == kind, ClosedPeriod.period_start < end, ClosedPeriod.period_end > start
    )
    closed = session.scalars(query).first()
    if closed:
        raise Refused("period_closed", start=closed.period_start, end=closed.period_end)
