"""One value of a database as one canonical value, exactly; ``Bad`` says what is wrong with it."""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from datetime import UTC, date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from warehouse.tables import Kind

Convert = Callable[[Any], Any]
_NUMBER = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d{1,3})?")
_YES, _NO = {"1", "true", "t", "yes", "y"}, {"0", "false", "f", "no", "n"}
_PLACES = {
    Kind.MONEY: (Decimal("1e-4"), 14),
    Kind.SHARE: (Decimal("1e-6"), 3),
    Kind.RATE: (Decimal("1e-8"), 10),
}


class Bad(ValueError):
    """A value that cannot be used; the message is the code of the issue."""


def converter(kind: Kind, zone: ZoneInfo) -> Convert:
    """The function for a kind of column. It is never called with None."""
    if kind in _PLACES:
        places, digits = _PLACES[kind]
        return lambda value: to_decimal(value, places, digits)
    if kind is Kind.DATE:
        return lambda value: to_day(value, zone)
    if kind is Kind.STAMP:
        return lambda value: to_stamp(value, zone)
    plain: dict[Kind, Convert] = {Kind.FLAG: to_flag, Kind.INTEGER: to_integer, Kind.NUMBER: to_number}
    return plain.get(kind, to_text)


def to_text(value: Any) -> str:
    """Text as it is; whole numbers without decimals, so that 7 and 7.00 are one key."""
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (Decimal, float)):
        return str(_whole(value)) if math.isfinite(value) and value == int(value) else str(value)
    if isinstance(value, (int, date, UUID)):
        return str(value)
    raise Bad("wrong_kind")


def exact(value: Any) -> Decimal:
    """A number with every digit it was sent with; a float with the digits it is written with."""
    if isinstance(value, bool) or not isinstance(value, (int, float, str, Decimal)):
        raise Bad("bad_amount")
    if isinstance(value, str) and not _NUMBER.fullmatch(value.strip()):
        raise Bad(
            "not_finite" if value.strip().lower() in ("nan", "inf", "-inf", "infinity") else "bad_amount"
        )
    number = Decimal(repr(value) if isinstance(value, float) else value)
    if not number.is_finite():
        raise Bad("not_finite")
    return number


def to_decimal(value: Any, places: Decimal, digits: int) -> Decimal:
    """A decimal with the canonical places, rounded half to even if it has more."""
    number = exact(value)
    if abs(number) >= Decimal(10) ** digits:
        raise Bad("amount_too_large")
    return number.quantize(places)


def to_number(value: Any) -> float:
    """A finite double."""
    try:
        return float(exact(value))
    except (Bad, OverflowError) as error:
        raise Bad("not_finite" if str(error) == "not_finite" else "bad_number") from error


def to_integer(value: Any) -> int:
    """A whole number of 64 bits."""
    try:
        number = exact(int(value) if isinstance(value, bool) else value)
        whole = _whole(number)
    except (Bad, InvalidOperation) as error:
        raise Bad("bad_whole_number") from error
    if whole != number or abs(whole) >= 2**63:
        raise Bad("bad_whole_number")
    return whole


def to_flag(value: Any) -> bool:
    """Yes or no, however the database writes it."""
    word = to_text(value).strip().lower()
    if word in _YES | _NO:
        return word in _YES
    raise Bad("bad_flag")


def to_day(value: Any, zone: ZoneInfo) -> date:
    """A day; of an instant with a zone, the day in the mapping's time zone."""
    found = _time(value)
    if isinstance(found, datetime):
        return (found.astimezone(zone) if found.tzinfo else found).date()
    return found


def to_stamp(value: Any, zone: ZoneInfo) -> datetime:
    """An instant in UTC; one without a zone is in the mapping's time zone, a day is its midnight."""
    found = _time(value)
    if not isinstance(found, datetime):
        found = datetime(found.year, found.month, found.day)  # noqa: DTZ001 - the zone follows
    try:
        return (found if found.tzinfo else found.replace(tzinfo=zone)).astimezone(UTC)
    except OverflowError as error:
        raise Bad("bad_date") from error


def _time(value: Any) -> date:
    if isinstance(value, date):
        return value
    if not isinstance(value, str):
        raise Bad("bad_date")
    try:
        return _written(value.strip())
    except ValueError as error:
        raise Bad("bad_date") from error


def _written(text: str) -> date:
    return date.fromisoformat(text) if len(text) <= 10 else datetime.fromisoformat(text)


def _whole(value: Decimal | float) -> int:
    return int(value)
