"""Months as people write them."""

from __future__ import annotations

from datetime import date

from metrics.periods import calendar_of
from metrics.view import MetricError
from warehouse.engine import Session
from workflows.pay.written import month_of


def span(session: Session, text: str) -> tuple[date, date]:
    """First day, and the day after the last, of ``2026-03``, ``FY2026-M03``, ``FY2026-Q1`` or ``FY2026``.

    Where fiscal months are not calendar months, ``2026-03`` is the one that holds the 15th.

    Raises:
        MetricError: no such period, or a week.
    """
    calendar = calendar_of(session)
    middle = month_of(text, 15)
    period = calendar.of("month", middle) if middle else calendar.named(text)
    if period.grain == "week":
        raise MetricError(f"Pay is computed for whole months: {text} is a week.")
    return period.start, period.end
