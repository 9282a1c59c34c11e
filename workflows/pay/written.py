"""Months as people write them, without a calendar."""

from __future__ import annotations

import re
from datetime import date

from metrics.view import MetricError

_MONTH = re.compile(r"(\d{4})-(\d{2})")


def month_of(text: str, day: int = 1) -> date | None:
    """A day of the month written ``2026-03``; None when it is written otherwise.

    Raises:
        MetricError: a month that is none.
    """
    found = _MONTH.fullmatch(text)
    if not found:
        return None
    year, month = int(found[1]), int(found[2])
    if not (1 <= month <= 12 and year > 0):
        raise MetricError(f"“{text}” is not a month. Write it as 2026-03.")
    return date(year, month, day)
