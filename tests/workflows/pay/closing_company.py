"""Three people, a plan decided in the application, four months of deals: what the closing tests need.

| deal | closed | owner | amount |
|---|---|---|---|
| o1 | 2026-01-10 | r1 | 1,000.00 |
| o2 | 2026-02-05 | r1 | 2,000.00 |
| o3 | 2026-02-20 | r2 | 100.50 |
| o4 | 2026-03-03 | r1 | 500.00 |
| o5 | 2026-04-09 | r2 | 700.00 |

The plan pays 5 % of a month's bookings. The data stands at 16 May 2026. ``c1`` runs pay, ``v1`` is an
executive, ``m1`` leads ``r1``.
"""

from __future__ import annotations

import shutil
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow as pa

from planning.roles import assign_role
from tests.workflows.decisions import NOW, REPS, Company
from warehouse.access import Viewer
from warehouse.database import FILE, Database
from warehouse.engine import Session, chosen_engine
from warehouse.store import Store
from workflows.pay.close import Closing, close
from workflows.pay.deciding import publish_plan

PLAN = """\
plan = "field"
name = "Field Sales Plan"
version = 1
valid_from = 2026-01-01
currency = "USD"

[measures.bookings]
of = "amount"

[[components]]
id = "commission"
name = "Commission"
pays = "rate"
measure = "bookings"
period = "month"
rate = 0.05

[[cases]]
name = "five per cent"
deals = [ { date = 2026-01-10, amount = 1000 } ]
pays = [ { component = "commission", period = 2026-01-10, amount = 50 } ]
"""
RICHER = (
    PLAN.replace("version = 1", "version = 2")
    .replace("rate = 0.05", "rate = 0.10")
    .replace("amount = 50", "amount = 100")
)
RICHER_FROM_MARCH = RICHER.replace("2026-01-01", "2026-03-01").replace("2026-01-10", "2026-03-10")

ADMIN = Viewer("c1", frozenset({"compensation_admin"}))
EXECUTIVE = Viewer("v1", frozenset({"executive"}))
MANAGER = Viewer("m1", frozenset({"rep", "manager"}))
SELLER = Viewer("r1", frozenset({"rep"}))
OTHER = Viewer("r2", frozenset({"rep"}))
JANUARY, FEBRUARY, MARCH, APRIL, MAY = (date(2026, month, 1) for month in (1, 2, 3, 4, 5))

LATER = NOW + timedelta(days=1)
Deal = tuple[str, date, str, str]
DEALS: tuple[Deal, ...] = (
    ("o1", date(2026, 1, 10), "r1", "1000"),
    ("o2", date(2026, 2, 5), "r1", "2000"),
    ("o3", date(2026, 2, 20), "r2", "100.50"),
    ("o4", date(2026, 3, 3), "r1", "500"),
    ("o5", date(2026, 4, 9), "r2", "700"),
)


def tables(deals: Sequence[Deal] = DEALS, more: Mapping[str, Any] | None = None) -> dict[str, Any]:
    """Everything a source sends."""
    people = [*REPS, {"rep_id": "c1", "active": True}, {"rep_id": "v1", "active": True}]
    return {
        "reps": people,
        "assignments": [
            {"rep_id": "r1", "manager_id": "m1", "team_id": "West", "valid_from": JANUARY},
            {"rep_id": "r2", "team_id": "East", "valid_from": JANUARY},
        ],
        "plan_assignments": [
            {
                "plan_id": "field",
                "rep_id": rep,
                "target_incentive": 1200,
                "currency": "USD",
                "valid_from": JANUARY,
            }
            for rep in ("r1", "r2")
        ],
        "opportunities": [
            {
                "opportunity_id": key,
                "owner_id": owner,
                "amount": Decimal(amount),
                "currency": "USD",
                "close_on": day,
                "is_closed": True,
                "is_won": True,
            }
            for key, day, owner, amount in deals
        ],
        **(more or {}),
    }


@dataclass
class Payer:
    """A company whose pay is run."""

    company: Company

    @classmethod
    def make(cls, root: Path, database: Database, plan: str | None = PLAN) -> Payer:
        """Loaded, with roles and the plan in force."""
        payer = cls(Company.make(root, database, tables()))
        assign_role(database, "c1", "compensation_admin", by="owner", now=payer.company.tick())
        assign_role(database, "v1", "executive", by="owner", now=payer.company.tick())
        if plan:
            payer.publish(plan)
        return payer

    @classmethod
    def copied(cls, base: Path, root: Path, now: datetime) -> Payer:
        """A copy of a company whose database is in its store, going on from an instant."""
        shutil.copytree(base, root)
        return cls(Company(Store.open(root), Database(f"sqlite:///{root}/{FILE}"), now))

    @property
    def root(self) -> Path:
        return self.company.store.root

    @property
    def database(self) -> Database:
        return self.company.database

    def session(self) -> Session:
        version = self.company.store.current()
        assert version is not None
        return Session(self.root, version, chosen_engine())

    def publish(self, plan: str, **more: Any) -> None:
        now = self.company.tick()
        publish_plan(self.company.store, self.database, self.session(), ADMIN, plan, now, **more)

    def load(self, deals: Sequence[Deal], **more: Any) -> None:
        self.company.load(tables(deals, more))

    def close(self, month: date, viewer: Viewer = ADMIN, **more: Any) -> Closing:
        now = self.company.tick()
        return close(self.company.store, self.database, self.session(), viewer, month, now, **more)

    def payouts(self) -> list[tuple[Any, ...]]:
        """Published payouts: rep, component, first day of the period, kind, amount."""
        return self.company.rows("payouts", "rep_id", "component_id", "period_start", "kind", "amount")


def amounts(lines: pa.Table) -> list[tuple[str, str, Decimal]]:
    """Rep, kind and amount of lines that pay something, sorted."""
    rows = lines.select(["rep", "kind", "amount"]).to_pylist()
    return sorted((row["rep"], row["kind"], row["amount"]) for row in rows if row["amount"])
