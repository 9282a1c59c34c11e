"""The small company with plans and pay for its first quarter of 2026 (90 days); small enough to check by hand.

Plan ``field`` (sellers): commission, weight 0.8, and bonus, weight 0.2, by quarter, and an accelerator without weight. The bonus
is open to Mia's team from 1 February. Plan ``lead`` has no text and one component, override, by month. Plan ``bare`` has no text and
two components without weights. A euro is worth 1.10 dollars, from 1 March 1.20.

| person | plan | from | target a year | at target in Q1 | base a year |
|---|---|---|---|---|---|
| ann | field | 1 Jan | 36,500 | 9,000: commission 3,100 + 2,240 + 2,480, bonus 560 + 620 | 73,000 |
| bob | field | 1 Jan | 36,500 | the same | |
| cat | field | 1 Jan | €18,250 | €4,500 = 5,400: commission, no bonus in Max's team | €36,500 |
| eve | field | 1 Jan to 19 Feb, then gone | 3,650 | 500: commission | |
| mia | lead | 1 Jan | 36,500 | 9,000: override | 73,000 |
| max | lead | 1 Jan to 14 Feb | 36,500 | 4,500: override | |
| dan | bare | 1 Jan | 365 | 90: unassigned | |

| paid | component | earned | kind | amount |
|---|---|---|---|---|
| ann | commission | 31 Mar | earning | 9,000 |
| ann | commission | 31 Jan | draw | 300 |
| ann | commission | 31 Mar | recovery | −100 |
| ann | bonus | 31 Mar | earning | 500 |
| bob | commission | 31 Mar | earning | 1,000 |
| bob | commission | 31 Mar | clawback | −100 |
| cat | commission | 31 Mar | earning | €5,000 = 6,000 |
| eve | commission | 31 Mar | earning | 400, six weeks after she left |
| mia | override | 31 Jan, 28 Feb, 31 Mar | earning | 2,000, 2,500, 3,000 |
| max | override | 31 Jan, 28 Feb | earning | 1,500, 700 |
| mia | override | 30 Apr | earning | 1,000 |
| bob | commission | 30 Apr | adjustment | 50 |

Cost of the quarter: ann 9,700, bob 900, cat 6,000, eve 400, mia 7,500, max 2,200; 26,700 in all.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from tests.metrics.small_company import AS_OF, SETTINGS
from tests.metrics.small_company import TABLES as SMALL
from tests.support import day, load_rows, session_of
from warehouse.engine import Session

FIELD = """
plan = "field"
name = "Field"
version = 1
valid_from = 2026-01-01
roles = ["seller"]

[[components]]
id = "commission"
pays = "rate"
period = "quarter"
weight = 0.8

[[components]]
id = "bonus"
pays = "rate"
period = "quarter"
weight = 0.2
rollout = { "Mia's team" = 2026-02-01 }

[[components]]
id = "accelerator"
pays = "rate"
period = "quarter"
basis = "attainment"
tiers = [{ from = 0, rate = 0 }, { from = 1, rate = 0.05 }]
"""


def _plan(plan: str, text: str | None) -> dict[str, Any]:
    return {"plan_id": plan, "version": 1, "name": plan, "terms": text, "valid_from": day("2026-01-01")}


def _component(plan: str, component: str, period: str, weight: float | None) -> dict[str, Any]:
    return {"plan_id": plan, "component_id": component, "period": period, "weight": weight, "kind": "bonus"}


def _stake(
    plan: str, rep: str, target: float, base: float = 0, currency: str = "USD", until: str | None = None
) -> dict[str, Any]:
    return {
        "plan_id": plan,
        "rep_id": rep,
        "target_incentive": target,
        "base_salary": base,
        "currency": currency,
        "valid_from": day("2026-01-01"),
        "valid_to": day(until) if until else None,
    }


_STARTS = {"2026-03-31": "2026-01-01"}
"""Quarters; whatever else is earned on the last day of a month is for that month."""


def _paid(
    rep: str,
    component: str,
    earned: str,
    amount: float,
    kind: str = "earning",
    currency: str = "USD",
    plan: str = "field",
) -> dict[str, Any]:
    start = (
        day(earned).replace(day=1) if component == "override" else day(_STARTS.get(earned, earned[:8] + "01"))
    )
    return {
        "payout_id": f"{rep}-{component}-{earned}-{kind}",
        "rep_id": rep,
        "plan_id": plan,
        "component_id": component,
        "period_start": start,
        "period_end": day(earned).fromordinal(day(earned).toordinal() + 1),
        "earned_on": day(earned),
        "kind": kind,
        "amount": amount,
        "currency": currency,
    }


_EVE = {"rep_id": "eve", "name": "Eve", "role": "seller", "hire_date": day("2025-01-01"), "active": False}

TABLES: dict[str, list[dict[str, Any]]] = {
    **{name: list(rows) for name, rows in SMALL.items()},
    "reps": [*SMALL["reps"], _EVE],
    "assignments": [
        *SMALL["assignments"],
        {
            "rep_id": "eve",
            "manager_id": "max",
            "team_id": "Max's team",
            "territory_id": "south",
            "role": "seller",
            "valid_from": day("2026-01-01"),
            "valid_to": day("2026-02-20"),
        },
    ],
    "plans": [_plan("field", FIELD), _plan("lead", None), _plan("bare", "no plan text")],
    "plan_components": [
        _component("field", "commission", "quarter", 0.8),
        _component("field", "bonus", "quarter", 0.2),
        _component("field", "accelerator", "quarter", None),
        _component("lead", "override", "month", None),
        _component("bare", "x", "month", None),
        _component("bare", "y", "month", None),
    ],
    "plan_assignments": [
        _stake("field", "ann", 36_500, 73_000),
        _stake("field", "bob", 36_500),
        _stake("field", "cat", 18_250, 36_500, currency="EUR"),
        _stake("field", "eve", 3_650, until="2026-02-20"),
        _stake("lead", "mia", 36_500, 73_000),
        _stake("lead", "max", 36_500, until="2026-02-15"),
        _stake("bare", "dan", 365),
    ],
    "payouts": [
        _paid("ann", "commission", "2026-03-31", 9_000),
        _paid("ann", "commission", "2026-01-31", 300, "draw"),
        _paid("ann", "commission", "2026-03-31", -100, "recovery"),
        _paid("ann", "bonus", "2026-03-31", 500),
        _paid("bob", "commission", "2026-03-31", 1_000),
        _paid("bob", "commission", "2026-03-31", -100, "clawback"),
        _paid("cat", "commission", "2026-03-31", 5_000, currency="EUR"),
        _paid("eve", "commission", "2026-03-31", 400),
        _paid("mia", "override", "2026-01-31", 2_000, plan="lead"),
        _paid("mia", "override", "2026-02-28", 2_500, plan="lead"),
        _paid("mia", "override", "2026-03-31", 3_000, plan="lead"),
        _paid("max", "override", "2026-01-31", 1_500, plan="lead"),
        _paid("max", "override", "2026-02-28", 700, plan="lead"),
        _paid("mia", "override", "2026-04-30", 1_000, plan="lead"),
        _paid("bob", "commission", "2026-04-30", 50, "adjustment"),
    ],
    "exchange_rates": [
        {"date": day(on), "from_currency": "EUR", "to_currency": "USD", "rate": rate}
        for on, rate in (("2025-12-31", 1.1), ("2026-03-01", 1.2))
    ],
}

OPEN = [
    # plan, component, role, team, first, last, weight, period: written out again from the plans above
    ("field", "commission", "seller", "", "2026-01-01", "9999-12-31", 0.8, "quarter"),
    ("field", "bonus", "seller", "Mia's team", "2026-02-01", "9999-12-31", 0.2, "quarter"),
    ("field", "accelerator", "seller", "", "2026-01-01", "9999-12-31", 0.0, "quarter"),
    ("lead", "override", "", "", "2026-01-01", "9999-12-31", 0.0, "month"),
    ("bare", "x", "", "", "2026-01-01", "9999-12-31", 0.0, "month"),
    ("bare", "y", "", "", "2026-01-01", "9999-12-31", 0.0, "month"),
]


def paid_company(root: Path, **settings: Any) -> Session:
    """The company above in a store at ``root``."""
    load_rows(root, TABLES, AS_OF, **{**SETTINGS, **settings})
    return session_of(root)
