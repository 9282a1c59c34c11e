"""The demo company with all its deals and what pay needs, loaded once a run."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path

from connectors.demo import SETTINGS
from connectors.demo.company import DEFAULT_AS_OF, DEFAULT_OPPORTUNITIES, Company
from connectors.demo.draw import FIXED, stream
from tests.support import session_of
from warehouse.engine import Session
from warehouse.landing import Landing
from warehouse.settings import Settings
from warehouse.store import Store
from workflows.refresh import load

NEEDED = (
    *FIXED,
    "opportunities",
    "opportunity_splits",
    "opportunity_lines",
    "quotas",
    "plan_assignments",
    "payouts",
)


class PaidDemo:
    """The demo company without its activities, changes and calls, which no pay depends on."""

    name = "demo"
    entities = NEEDED

    def read(self, landing: Landing, cursor: Mapping[str, str]) -> None:
        del cursor
        for table, rows in stream(Company(7, DEFAULT_OPPORTUNITIES, DEFAULT_AS_OF), NEEDED):
            landing.add(table, rows)
        landing.seal(as_of=DEFAULT_AS_OF, settings=SETTINGS)


def paid_demo(root: Path) -> Session:
    """The company in a store at ``root``."""
    now = datetime(2026, 6, 17, 12, tzinfo=UTC)
    load(PaidDemo(), Store.create(root, "demo", now), Settings(), now)
    return session_of(root)
