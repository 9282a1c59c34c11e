"""The demo company's own business rules, sent with its data."""

from __future__ import annotations

from typing import Any

COMPANY = "Halyard Systems"
RAMPS: dict[str, list[str]] = {
    "standard": ["0", "0.25", "0.5", "0.5", "0.75", "0.75"],
    "enterprise": ["0", "0", "0.25", "0.25", "0.5", "0.5", "0.75", "0.75", "0.75"],
}
SETTINGS: dict[str, Any] = {
    "company": COMPANY,
    "currency": "USD",
    "time_zone": "America/New_York",
    "fiscal_start_month": 2,
    "calendar": "months",
    "measures": {"bookings": {"credits": "bookings", "default": True, "title": "Bookings"}},
    "ramps": RAMPS,
    "small_quota_share": 0.2,
    "peer_group_minimum": 5,
}
"""Values for ``warehouse.settings.Settings.from_dict``."""
