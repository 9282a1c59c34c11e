"""Six people, three quarters, every hard case of attainment once; small enough to check by hand.

Fiscal years are calendar years, 2026-05-15 is today: Q2 is on its day 45 of 91.

* vera leads mia and max; ann and bob sell for mia, cat for max. Bob moves to max on 1 April.
* Ann shares deal D2 with bob 70/30; cat has an overlay of 50 % on it, which is no booking.
* Cat has no quota in Q2 2026, bob sells nothing in Q1 2026, dan sold once and has no quota at all.
* Mia carries a team number of her own: 1,200 in Q1 2026; the territory South one of 700 in Q2.
* Ann was hired on 10 January 2026 and ramps: 0, 25, 50, 75 %, then all.

| deal | closed | owner | amount | credits |
|---|---|---|---|---|
| D0 | 2025-05-10 | ann | 400 | ann 400 |
| D1 | 2026-01-20 | ann | 600 | ann 600 |
| D2 | 2026-03-31 | ann | 100 | ann 70, bob 30, (cat 50 overlay) |
| D3 | 2026-02-10 | cat | 1000 | cat 1000 |
| D4 | 2026-04-10 | bob | 300 | bob 300 |
| D5 | 2026-05-15 | cat | 50 | cat 50 |
| D6 | 2026-05-16 | ann | 999 | after today: not yet |
| D7 | 2026-03-01 | ann | 5000 | lost |
| D8 | 2026-03-02 | ann | 7000 | deleted |
| D9 | 2026-02-20 | dan | 10.01 | dan 10.01 |
"""

from __future__ import annotations

from pathlib import Path

from tests.support import day, load_rows, session_of
from warehouse.engine import Session

AS_OF = day("2026-05-15")


def _assign(
    rep: str,
    manager: str,
    team: str,
    territory: str,
    start: str,
    end: str | None = None,
    ramp: str | None = None,
):
    return {
        "rep_id": rep,
        "manager_id": manager,
        "team_id": team,
        "territory_id": territory,
        "role": "manager" if rep in {"vera", "mia", "max"} else "seller",
        "ramp_schedule": ramp,
        "valid_from": day(start),
        "valid_to": day(end) if end else None,
    }


def _quota(
    rep: str, quarter: int, amount: float, scope: str = "rep", measure: str = "bookings", year: int = 2026
):
    start = day(f"{year}-{3 * quarter - 2:02d}-01")
    end = day(f"{year}-{3 * quarter + 1:02d}-01") if quarter < 4 else day(f"{year + 1}-01-01")
    return {
        "quota_id": f"{scope}-{rep}-{year}-{quarter}-{measure}",
        "version": 1,
        "scope": scope,
        "rep_id": rep,
        "measure": measure,
        "period_start": start,
        "period_end": end,
        "amount": amount,
        "currency": "USD",
    }


def _deal(key: str, owner: str, closed: str, amount: float, *, won: bool = True, deleted: bool = False):
    return {
        "opportunity_id": key,
        "name": key,
        "account_id": "acme",
        "owner_id": owner,
        "pipeline_id": "new",
        "stage_id": "won" if won else "lost",
        "amount": amount,
        "currency": "USD",
        "probability": 1.0 if won else 0.0,
        "created_on": day("2025-01-02"),
        "close_on": day(closed),
        "is_closed": True,
        "is_won": won,
        "is_deleted": deleted,
    }


TABLES = {
    "reps": [
        {
            "rep_id": rep,
            "name": rep.title(),
            "email": f"{rep}@example.com",
            "role": "seller",
            "hire_date": day(hired),
            "active": True,
        }
        for rep, hired in {
            "vera": "2020-01-01",
            "mia": "2020-01-01",
            "max": "2020-01-01",
            "ann": "2026-01-10",
            "bob": "2021-01-01",
            "cat": "2021-01-01",
            "dan": "2021-01-01",
        }.items()
    ],
    "assignments": [
        _assign("vera", "unassigned", "Company", "unassigned", "2020-01-01"),
        _assign("mia", "vera", "Mia's team", "unassigned", "2020-01-01"),
        _assign("max", "vera", "Max's team", "unassigned", "2020-01-01"),
        _assign("ann", "mia", "Mia's team", "north", "2020-01-01", ramp="standard"),
        _assign("bob", "mia", "Mia's team", "north", "2021-01-01", "2026-04-01"),
        _assign("bob", "max", "Max's team", "south", "2026-04-01"),
        _assign("cat", "max", "Max's team", "south", "2021-01-01"),
        _assign("dan", "max", "Max's team", "south", "2021-01-01"),
    ],
    "territories": [
        {"territory_id": "north", "name": "North", "region_id": "West", "valid_from": day("2020-01-01")},
        {"territory_id": "south", "name": "South", "region_id": "East", "valid_from": day("2020-01-01")},
    ],
    "accounts": [{"account_id": "acme", "name": "Acme", "owner_id": "ann", "segment": "Enterprise"}],
    "products": [
        {"product_id": "p1", "name": "Widget", "family_id": "Widgets"},
        {"product_id": "p2", "name": "Gadget", "family_id": "Gadgets"},
    ],
    "stages": [
        {
            "stage_id": "won",
            "pipeline_id": "new",
            "name": "Won",
            "position": 9,
            "is_won": True,
            "is_closed": True,
        },
        {
            "stage_id": "lost",
            "pipeline_id": "new",
            "name": "Lost",
            "position": 10,
            "is_won": False,
            "is_closed": True,
        },
    ],
    "opportunities": [
        _deal("D0", "ann", "2025-05-10", 400),
        _deal("D1", "ann", "2026-01-20", 600),
        _deal("D2", "ann", "2026-03-31", 100),
        _deal("D3", "cat", "2026-02-10", 1000),
        _deal("D4", "bob", "2026-04-10", 300),
        _deal("D5", "cat", "2026-05-15", 50),
        _deal("D6", "ann", "2026-05-16", 999),
        _deal("D7", "ann", "2026-03-01", 5000, won=False),
        _deal("D8", "ann", "2026-03-02", 7000, deleted=True),
        _deal("D9", "dan", "2026-02-20", 10.01),
    ],
    "opportunity_splits": [
        {"split_id": "s1", "opportunity_id": "D2", "rep_id": "ann", "kind": "revenue", "share": 0.7},
        {"split_id": "s2", "opportunity_id": "D2", "rep_id": "bob", "kind": "revenue", "share": 0.3},
        {"split_id": "s3", "opportunity_id": "D2", "rep_id": "cat", "kind": "overlay", "share": 0.5},
    ],
    "opportunity_lines": [
        {"line_id": "l1", "opportunity_id": "D1", "product_id": "p1", "amount": 450, "currency": "USD"},
        {"line_id": "l2", "opportunity_id": "D1", "product_id": "p2", "amount": 150, "currency": "USD"},
    ],
    "quotas": [
        _quota("ann", 1, 1000),
        _quota("bob", 1, 500),
        _quota("cat", 1, 800),
        _quota("ann", 2, 1000),
        _quota("bob", 2, 600),
        _quota("ann", 2, 500, year=2025),
        _quota("mia", 1, 1200, scope="team"),
        {**_quota("unassigned", 2, 700, scope="territory"), "territory_id": "south"},
    ],
}

SETTINGS = {"ramps": {"standard": ["0", "0.25", "0.5", "0.75"]}, "peer_group_minimum": 3}


def small_company(root: Path) -> Session:
    """The company above in a store at ``root``."""
    load_rows(root, TABLES, AS_OF, **SETTINGS)
    return session_of(root)
