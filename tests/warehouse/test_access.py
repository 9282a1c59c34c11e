"""The door: role × table, generated from the tables themselves, checked against a second reading of the rules."""

from __future__ import annotations

import dataclasses
from datetime import date

import pytest

from tests.metrics.small_company import AS_OF, SETTINGS
from tests.metrics.small_company import TABLES as ROWS
from tests.support import day, load_rows, session_of
from warehouse.access import OWNER, ROLES, STRANGER, AccessDenied, CompanyTables, Tables, Viewer
from warehouse.engine import Session
from warehouse.tables import TABLES, Concern

PAY = {
    "plans": [
        {"plan_id": "p1", "version": 1, "name": "Plan", "valid_from": day("2020-01-01")},
        {"plan_id": "p2", "version": 1, "name": "Other", "valid_from": day("2020-01-01")},
    ],
    "plan_components": [
        {"plan_id": "p1", "component_id": "c", "name": "Commission"},
        {"plan_id": "p2", "component_id": "c", "name": "Commission"},
    ],
    "plan_assignments": [
        {"plan_id": "p1", "rep_id": "bob", "rate": 0.01, "valid_from": day("2021-01-01")},
        {"plan_id": "p2", "rep_id": "cat", "rate": 0.02, "valid_from": day("2021-01-01")},
    ],
    "payouts": [
        {
            "payout_id": f"{rep}-{month}",
            "rep_id": rep,
            "plan_id": plan,
            "component_id": "c",
            "period_start": day(f"2026-{month:02d}-01"),
            "period_end": day(f"2026-{month + 1:02d}-01"),
            "earned_on": day(f"2026-{month:02d}-15"),
            "kind": "earning",
            "amount": 10,
            "currency": "USD",
        }
        for rep, plan in (("bob", "p1"), ("cat", "p2"))
        for month in (3, 4)
    ],
}


@pytest.fixture(scope="module")
def session(tmp_path_factory: pytest.TempPathFactory) -> Session:
    root = tmp_path_factory.mktemp("access") / "store"
    load_rows(root, {**ROWS, **PAY}, AS_OF, **SETTINGS)
    return session_of(root)


def sees(session: Session, viewer: Viewer, table: str, column: str, as_of: date = AS_OF) -> list[str]:
    tables = Tables(viewer, session, as_of)
    return sorted(tables.run(tables.table(table))[column].to_pylist())


def seller(key: str) -> Viewer:
    return Viewer(key, frozenset({"rep"}))


def leader(key: str) -> Viewer:
    return Viewer(key, frozenset({"rep", "manager"}))


@pytest.mark.parametrize("table", sorted(TABLES))
def test_a_stranger_sees_no_row_of_any_table(session: Session, table: str) -> None:
    tables = Tables(STRANGER, session, AS_OF)
    assert tables.verdict(table).scope == "none"
    assert tables.run(tables.table(table)).num_rows == 0
    unknown_role = Tables(Viewer("ann", frozenset({"visitor"})), session, AS_OF)
    assert unknown_role.run(unknown_role.table(table)).num_rows == 0


EXPECTED = {
    # role: (open, performance, pay, administration)
    "rep": ("all", "some", "some", "none"),
    "manager": ("all", "some", "some", "none"),
    "executive": ("all", "all", "all", "none"),
    "compensation_admin": ("all", "all", "all", "none"),
    "administrator": ("all", "all", "all", "all"),
    "owner": ("all", "all", "all", "all"),
}


def test_every_role_is_in_the_matrix() -> None:
    assert set(EXPECTED) == set(ROLES)


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("table", sorted(TABLES))
def test_role_by_table(session: Session, role: str, table: str) -> None:
    place = {Concern.OPEN: 0, Concern.PERFORMANCE: 1, Concern.PAY: 2, Concern.ADMINISTRATION: 3}
    verdict = Tables(Viewer("bob", frozenset({role})), session, AS_OF).verdict(table)
    assert verdict.scope == EXPECTED[role][place[TABLES[table].concern]]
    assert verdict.reason


@pytest.mark.parametrize("table", sorted(name for name, t in TABLES.items() if t.person))
@pytest.mark.parametrize("key", ["ann", "bob", "cat", "dan", "mia", "max", "vera", "nobody"])
def test_nobody_sees_a_row_of_somebody_they_may_not(session: Session, table: str, key: str) -> None:
    """Row by row, against the org chart of the small company written out again."""
    below = {"mia": {"ann"}, "max": {"bob", "cat", "dan"}, "vera": {"ann", "bob", "cat", "dan", "mia", "max"}}
    allowed = ({key} | below.get(key, set())) - {"nobody"}
    if TABLES[table].concern is Concern.PAY:
        allowed = {key} - {"nobody"}
    viewer = leader(key) if key in below else seller(key)
    seen = set(sees(session, viewer, table, TABLES[table].person))
    assert seen <= allowed
    everything = set(sees(session, OWNER, table, TABLES[table].person))
    assert seen == everything & allowed, "and whoever they may see is not lost"


def test_every_performance_and_pay_table_names_its_person() -> None:
    unnamed = {
        name for name, t in TABLES.items() if t.concern in {Concern.PERFORMANCE, Concern.PAY} and not t.person
    }
    assert unnamed == {"plans", "plan_components"}  # seen through the assignments to them


def test_a_manager_sees_the_whole_history_of_a_rep_who_moved_in(session: Session) -> None:
    assert "bob" in sees(session, leader("max"), "credits", "rep_id")  # earned under mia, too
    assert "bob" not in sees(session, leader("max"), "credits", "rep_id", day("2026-03-15"))


def test_pay_of_a_mover_is_seen_only_for_the_own_time_and_only_where_granted(session: Session) -> None:
    assert sees(session, leader("max"), "payouts", "payout_id") == []
    settings = {**session.version.settings, "manager_sees_pay": True}
    granted = dataclasses.replace(session, version=dataclasses.replace(session.version, settings=settings))
    assert sees(granted, leader("max"), "payouts", "payout_id") == ["bob-4", "cat-3", "cat-4"]
    assert sees(granted, leader("mia"), "payouts", "payout_id") == ["bob-3"]
    assert sees(granted, seller("bob"), "payouts", "payout_id") == ["bob-3", "bob-4"]


def test_a_rep_reads_only_the_plans_they_are_on(session: Session) -> None:
    assert sees(session, seller("bob"), "plans", "plan_id") == ["p1"]
    assert sees(session, seller("cat"), "plan_components", "plan_id") == ["p2"]
    assert sees(session, seller("ann"), "plans", "plan_id") == []


def test_a_roll_up_shows_only_managers_seen_whole(session: Session) -> None:
    tables = Tables(leader("mia"), session, AS_OF)
    above = set(tables.run(tables.hierarchy())["viewer_id"].to_pylist())
    assert above == {"mia"}, "vera's total would be a part presented as the whole"


def test_company_aggregates_never_reach_pay(session: Session) -> None:
    company = CompanyTables(seller("ann"), session, AS_OF)
    assert company.run(company.table("credits")).num_rows > 3
    for table in ("payouts", "plan_assignments", "plans", "changes", "drafts"):
        assert company.run(company.table(table)).num_rows == 0
    stranger = CompanyTables(STRANGER, session, AS_OF)
    assert stranger.run(stranger.table("credits")).num_rows == 0


def test_only_reference_data_can_be_looked_up(session: Session) -> None:
    tables = Tables(seller("ann"), session, AS_OF)
    with pytest.raises(AccessDenied):
        tables.lookup("payouts")
    stranger = Tables(STRANGER, session, AS_OF)
    assert stranger.run(stranger.lookup("accounts")).num_rows == 0


def test_a_key_with_quotes_is_only_a_key(session: Session) -> None:
    odd = Viewer("' OR '1'='1", frozenset({"rep"}))
    assert sees(session, odd, "credits", "rep_id") == []
