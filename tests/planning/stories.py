"""What the planning tests share: a quarter, a target, an instant."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

from planning.calls import Call
from planning.quotas import Target
from warehouse.settings import Settings

NOW = datetime(2026, 3, 31, 12, tzinfo=UTC)
LATER = NOW + timedelta(hours=1)
START, END = date(2026, 1, 1), date(2026, 4, 1)
TARGET = Target("rep", "bookings", START, END, rep_id="r1")
CALL = Call("r1", "rep", START, END, "commit")
HUNDRED = Decimal(100)
SETTINGS = Settings()
