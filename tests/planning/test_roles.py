from __future__ import annotations

from datetime import date
from threading import Barrier, Thread
from typing import Any

import pytest

from planning import audit, outbox
from planning.refusals import Refused
from planning.roles import (
    assign_role,
    end_grant,
    give_grant,
    grants,
    grants_table,
    holders,
    revoke_role,
    roles_of,
    withdraw_grant,
)
from tests.planning.stories import LATER, NOW, START
from warehouse.database import Database
from warehouse.database.models import Grant
from warehouse.tables import OPEN_END


def test_roles_are_given_and_taken_with_a_trail(database: Database):
    assign_role(database, "p1", "manager", by="a1", now=NOW, reason="promoted")
    assign_role(database, "p1", "executive", by="a1", now=NOW)
    assign_role(database, "p2", "rep", by="a1", now=NOW)
    assert roles_of(database, "p1") == {"manager", "executive"}
    revoke_role(database, "p1", "manager", by="a1", now=LATER)
    assert holders(database) == {"p1": {"executive"}, "p2": {"rep"}}
    trail = [(c.entity_id, c.field, c.old_value, c.new_value) for c in audit.history(database, "roles", "p1")]
    assert trail[0] == ("p1", "role", "manager", None)
    assert sorted(trail[1:]) == [("p1", "role", None, "executive"), ("p1", "role", None, "manager")]


def test_a_stranger_holds_no_role(database: Database):
    assert roles_of(database, "nobody") == frozenset()


def test_giving_a_role_twice_leaves_one_and_one_trail_row(database: Database):
    assign_role(database, "p1", "rep", by="a1", now=NOW)
    assign_role(database, "p1", "rep", by="a1", now=NOW)
    assert len(audit.history(database, "roles")) == 1


@pytest.mark.parametrize(
    ("person", "role", "code"),
    [("p1", "emperor", "bad_role"), ("p1", "owner", "bad_role"), ("p@example.org", "rep", "key_is_email")],
)
def test_an_unknown_role_and_an_address_are_refused(database: Database, person: str, role: str, code: str):
    with pytest.raises(Refused) as caught:
        assign_role(database, person, role, by="a1", now=NOW)
    assert caught.value.code == code
    assert holders(database) == {}


def test_a_role_that_is_not_held_cannot_be_taken(database: Database):
    with pytest.raises(Refused, match="p1 does not hold the role rep"):
        revoke_role(database, "p1", "rep", by="a1", now=NOW)


def test_the_last_administrator_stays(database: Database):
    assign_role(database, "a1", "administrator", by="a1", now=NOW)
    with pytest.raises(Refused, match="last administrator"):
        revoke_role(database, "a1", "administrator", by="a1", now=NOW)
    assert roles_of(database, "a1") == {"administrator"}


def test_two_administrators_cannot_remove_each_other_at_once(database: Database):
    for person in ("a1", "a2"):
        assign_role(database, person, "administrator", by="a1", now=NOW)
    together, results = Barrier(2), []

    def remove(who: str, whom: str) -> None:
        together.wait()
        try:
            revoke_role(database, whom, "administrator", by=who, now=NOW)
            results.append("removed")
        except Refused as refused:
            results.append(refused.code)

    threads = [Thread(target=remove, args=pair) for pair in (("a1", "a2"), ("a2", "a1"))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(results) == ["last_administrator", "removed"]
    assert len(holders(database)) == 1


def grant(
    database: Database, viewer: str = "v", rep: str = "r", reason: str = "deputy", **more: Any
) -> Grant:
    return give_grant(database, viewer, rep, reason=reason, by="a1", now=NOW, **{"valid_from": START, **more})


def test_a_grant_reaches_the_table_that_visibility_is_built_from(database: Database):
    row = grant(database)
    grant(database, "v", "r2", valid_to=date(2026, 2, 1))
    assert grants_table(database).to_pylist() == [
        {"viewer_id": "v", "rep_id": "r", "valid_from": START, "valid_to": OPEN_END},
        {"viewer_id": "v", "rep_id": "r2", "valid_from": START, "valid_to": date(2026, 2, 1)},
    ]
    assert {p.table for p in outbox.pending(database)} == {"visibility", "changes"}
    assert (
        audit.history(database, "grants", row.grant_id)[0].new_value
        == "v sees r from 2026-01-01 to 9999-12-31"
    )


def test_a_grant_can_end_on_a_day_or_be_taken_back_altogether(database: Database):
    ended, gone = grant(database), grant(database, "v2")
    end_grant(database, ended.grant_id, date(2026, 3, 1), by="a1", now=LATER)
    withdraw_grant(database, gone.grant_id, by="a1", now=LATER, reason="a mistake")
    assert [(g.viewer_id, g.valid_to) for g in grants(database)] == [("v", date(2026, 3, 1))]
    last = audit.history(database, "grants", gone.grant_id)[0]
    assert (last.old_value, last.new_value, last.reason) == (
        "v2 sees r from 2026-01-01 to 9999-12-31",
        None,
        "a mistake",
    )


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"viewer": "r"}, "grant_to_oneself"),
        ({"reason": " "}, "reason_missing"),
        ({"valid_to": START}, "period_backwards"),
        ({"rep": "r@example.org"}, "key_is_email"),
        ({"viewer": ""}, "nobody"),
    ],
)
def test_a_grant_that_cannot_be_is_refused(database: Database, changes: dict[str, Any], code: str):
    with pytest.raises(Refused) as caught:
        grant(database, **changes)
    assert caught.value.code == code
    assert (grants(database), outbox.pending_count(database)) == ([], 0)


def test_a_grant_that_is_gone_is_said_to_be_gone(database: Database):
    row = grant(database)
    with pytest.raises(Refused, match="not after its start"):
        end_grant(database, row.grant_id, START, by="a1", now=NOW)
    withdraw_grant(database, row.grant_id, by="a1", now=NOW)
    for again in (lambda: withdraw_grant(database, row.grant_id, by="a1", now=NOW),):
        with pytest.raises(Refused, match="does not exist any more"):
            again()
