"""How far an incremental query has come, as text that keeps the value's type."""

from __future__ import annotations

import json
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from connectors.sql.spec import Query

_TYPES: dict[str, Any] = {
    "date": date.fromisoformat,
    "datetime": datetime.fromisoformat,
    "Decimal": Decimal,
    "float": float,
    "int": int,
    "str": str,
}


class UnusableCursor(ValueError):
    """A cursor column that is neither a time nor a number."""


def write(query: Query, value: Any, before: str) -> str:
    """The cursor after a load: the largest value ever seen; ``before`` when nothing was read."""
    if value is None:
        return before
    kind = type(value).__name__
    if kind not in _TYPES or (isinstance(value, str) and not _is_time(value)):
        raise UnusableCursor(kind)
    known = read(query, before)
    latest = value if known is None else max(value, known)
    text = latest.isoformat() if isinstance(latest, date) else str(latest)
    return json.dumps({"query": query.digest, "type": kind, "value": text})


def read(query: Query, text: str) -> Any:
    """The value the last load came to; None at the first load, or when the query has changed since."""
    if not text:
        return None
    kept = json.loads(text)
    return _TYPES[kept["type"]](kept["value"]) if kept["query"] == query.digest else None


def start(query: Query, value: Any) -> Any:
    """Where to read from: the cursor less the overlap."""
    if isinstance(value, datetime):
        return value - query.overlap
    if isinstance(value, date):
        return value - max(query.overlap, timedelta(days=1))
    if isinstance(value, str):
        return _text_start(query, value)
    return value - query.overlap_count


def _is_time(text: str) -> bool:
    try:
        datetime.fromisoformat(text)
    except ValueError:
        return False
    return True


def _text_start(query: Query, value: str) -> str:
    """SQLite keeps instants as text: the same form, cut at the second so that it sorts before."""
    moment = datetime.fromisoformat(value).replace(tzinfo=None) - query.overlap
    if len(value) <= 10:
        return moment.date().isoformat()
    return moment.isoformat(sep=value[10], timespec="seconds")
