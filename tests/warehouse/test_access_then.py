"""What a roll-up and a credit may see beyond today's team and one's own deals, and no more than that."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.metrics.small_company import AS_OF, SETTINGS
from tests.metrics.small_company import TABLES as ROWS
from tests.support import day, load_rows, session_of
from warehouse.access import OWNER, STRANGER, AccessDenied, CompanyTables, Tables, Viewer
from warehouse.engine import Session
from warehouse.tables import TABLES, Concern

REP, LEADER = frozenset({"rep"}), frozenset({"rep", "manager"})
PERFORMANCE = sorted(name for name, table in TABLES.items() if table.concern is Concern.PERFORMANCE)
CHANGES = [
    {
        "change_id": f"c-{deal}",
        "opportunity_id": deal,
        "field": "amount",
        "old_value": "1",
        "new_value": "2",
        "changed_on": day("2026-03-01"),
        "origin": "native",
    }
    for deal in ("D2", "D4")
]

ALONE = {
    "credit_id": "alone",
    "rep_id": "bob",
    "measure": "bookings",
    "kind": "direct",
    "credited_on": day("2026-03-01"),
    "amount": 5,
    "basis": "recorded",
}
LOST = {"line_id": "lost", "product_id": "p1", "amount": 1}


@pytest.fixture(scope="module")
def session(tmp_path_factory: pytest.TempPathFactory) -> Session:
    root = tmp_path_factory.mktemp("then") / "store"
    more = {
        "opportunity_changes": CHANGES,
        "credits": [ALONE],
        "opportunity_lines": [*ROWS["opportunity_lines"], LOST],
    }
    load_rows(root, {**ROWS, **more}, AS_OF, **SETTINGS)
    return session_of(root)


def credits_then(session: Session, viewer: Viewer) -> set[tuple[str, str]]:
    tables = Tables(viewer, session, AS_OF)
    found = tables.run(tables.when_theirs("credits").select("rep_id", "opportunity_id"))
    return {(row["rep_id"], row["opportunity_id"]) for row in found.to_pylist()}


def test_a_manager_reads_what_somebody_sold_while_theirs_and_nothing_later(session: Session) -> None:
    """Bob left mia's team on 1 April: D2 in March was sold for her, D4 in April was not."""
    tables = Tables(Viewer("mia", LEADER), session, AS_OF)
    today = set(tables.run(tables.table("credits"))["rep_id"].to_pylist())
    assert today == {"ann"}
    found = credits_then(session, Viewer("mia", LEADER))
    assert ("bob", "D2") in found
    assert ("bob", "D4") not in found
    assert {rep for rep, _ in found} == {"ann", "bob"}


def test_a_manager_still_reads_all_history_of_those_who_are_theirs_now(session: Session) -> None:
    assert ("bob", "D2") in credits_then(session, Viewer("max", LEADER))


def test_a_rep_reads_only_their_own(session: Session) -> None:
    assert {rep for rep, _ in credits_then(session, Viewer("bob", REP))} == {"bob"}


def test_rows_with_days_of_their_own_come_where_the_days_meet(session: Session) -> None:
    tables = Tables(Viewer("mia", LEADER), session, AS_OF)
    found = tables.run(tables.when_theirs("assignments"))
    teams = {(row["rep_id"], row["team_id"]) for row in found.to_pylist()}
    assert ("bob", "Mia's team") in teams
    assert ("bob", "Max's team") not in teams
    assert "bob" in tables.run(tables.when_theirs("reps"))["rep_id"].to_pylist()


@pytest.mark.parametrize("name", PERFORMANCE)
def test_nobody_reads_less_than_the_table_or_twice_the_same(session: Session, name: str) -> None:
    for viewer in (Viewer("mia", LEADER), Viewer("vera", LEADER), Viewer("cat", REP)):
        tables = Tables(viewer, session, AS_OF)
        ids = tables.run(tables.table(name))["source_id"].to_pylist()
        then = tables.run(tables.when_theirs(name))["source_id"].to_pylist()
        assert set(ids) <= set(then)
        assert len(then) == len(set(then))


@pytest.mark.parametrize("name", ["opportunities", "opportunity_lines", "opportunity_changes"])
def test_only_deals_somebody_seen_is_credited_with_are_described(session: Session, name: str) -> None:
    for viewer in (Viewer("bob", REP), Viewer("mia", LEADER), Viewer("nobody", REP)):
        tables = Tables(viewer, session, AS_OF)
        deals = {deal for _, deal in credits_then(session, viewer)}
        found = set(tables.run(tables.credited(name))["opportunity_id"].to_pylist())
        everything = Tables(OWNER, session, AS_OF)
        every = set(everything.run(everything.table(name))["opportunity_id"].to_pylist())
        assert found == (deals - {"unassigned"}) & every


def test_a_partner_reads_the_deal_of_a_colleague_and_no_other_of_theirs(session: Session) -> None:
    tables = Tables(Viewer("bob", REP), session, AS_OF)
    found = tables.run(tables.credited("opportunities"))
    assert dict(zip(found["opportunity_id"].to_pylist(), found["owner_id"].to_pylist(), strict=True)) == {
        "D2": "ann",
        "D4": "bob",
    }


def test_a_credit_without_a_deal_opens_no_deal(session: Session) -> None:
    """Rows whose deal nobody knows all carry the same word; it is nobody's key."""
    tables = Tables(Viewer("bob", REP), session, AS_OF)
    everybody = Tables(OWNER, session, AS_OF)
    assert "lost" in everybody.run(everybody.table("opportunity_lines"))["line_id"].to_pylist()
    assert ("bob", "unassigned") in credits_then(session, Viewer("bob", REP))
    tables = Tables(Viewer("bob", REP), session, AS_OF)
    assert tables.run(tables.credited("opportunity_lines")).num_rows == 0


def test_who_sees_everything_reads_the_table_itself(session: Session) -> None:
    for tables in (Tables(OWNER, session, AS_OF), CompanyTables(Viewer("bob", REP), session, AS_OF)):
        assert (
            tables.run(tables.when_theirs("credits")).num_rows == tables.run(tables.table("credits")).num_rows
        )
        assert tables.run(tables.credited("opportunities")).num_rows > 8


def test_a_stranger_reads_nothing(session: Session) -> None:
    tables = Tables(STRANGER, session, AS_OF)
    assert tables.run(tables.when_theirs("credits")).num_rows == 0
    assert tables.run(tables.credited("opportunities")).num_rows == 0


def test_pay_and_what_is_no_deal_are_refused(session: Session) -> None:
    tables = Tables(OWNER, session, AS_OF + timedelta(days=1))
    for name in ("payouts", "plan_assignments", "plans", "changes", "products"):
        with pytest.raises(AccessDenied):
            tables.when_theirs(name)
    for name in ("payouts", "credits", "reps"):
        with pytest.raises(AccessDenied):
            tables.credited(name)
