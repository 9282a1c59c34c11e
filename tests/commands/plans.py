"""Plans for the small company: sellers earn 10 % of their bookings, mia 1 % of her team's.

| month of 2026 | ann | bob | cat | dan | mia |
|---|---|---|---|---|---|
| January | 60.00 (D1) | | | | 6.00 |
| February | | | 100.00 (D3) | 1.00 (D9: 1.001) | |
| March | 7.00 (D2) | 3.00 (D2) | | | 1.00 |
| April | | 30.00 (D4) | | | |

Bob left mia's team on 1 April, so D4 is not her team's.
"""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from tests.metrics.small_company import AS_OF
from tests.support import NOW, RowsConnector, day, session_of
from warehouse.access import OWNER
from warehouse.database import open_database
from warehouse.settings import Settings
from warehouse.store import Store
from workflows.pay.deciding import publish_plan
from workflows.refresh import load

SELLERS = """\
plan = "sales"
name = "Sales Plan"
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
rate = 0.10
"""
LEADERS = """\
plan = "lead"
name = "Leadership Plan"
version = 1
valid_from = 2026-01-01
currency = "USD"

[measures.bookings]
of = "amount"

[credit_rules.team]
kind = "roll_up"

[[components]]
id = "team"
name = "Team commission"
pays = "rate"
measure = "bookings"
period = "month"
rate = 0.01
credits = ["team"]
"""
ON = {"ann": "sales", "bob": "sales", "cat": "sales", "dan": "sales", "mia": "lead"}


def pay_by_plan(root: Path) -> None:
    """People on plans, and the plans in force, in the small company's store."""
    rows = [
        {"rep_id": rep, "plan_id": plan, "currency": "USD", "valid_from": day("2026-01-01")}
        for rep, plan in ON.items()
    ]
    store = Store.open(root)
    load(RowsConnector({"plan_assignments": rows}, AS_OF, name="pay"), store, Settings(), NOW)
    now = datetime.now(UTC)
    for text in (SELLERS, LEADERS):
        publish_plan(store, open_database(root), session_of(root), OWNER, text, now)
