from __future__ import annotations

import shutil
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from planning import outbox
from planning.calls import Call, submit_call
from planning.quotas import Target, set_quota, withdraw_quota
from planning.roles import assign_role, give_grant, withdraw_grant
from tests.postgres import database, new_url
from tests.workflows.decisions import END, SETTINGS, START, TARGET, TODAY, Company
from warehouse.database import Database
from workflows.publish_decisions import Published, pending_count, publish

__all__ = ["database", "new_url"]
HUNDRED = Decimal(100)


@pytest.fixture
def company(database: Database, tmp_path: Path) -> Company:
    return Company.make(tmp_path / "store", database)


def go(company: Company, *, whole: bool = False) -> Published | None:
    return publish(company.store, company.database, SETTINGS, company.tick(), whole=whole)


def set_target(company: Company, amount: Decimal = HUNDRED, target: Target = TARGET, seen: int = 0) -> None:
    set_quota(company.database, target, amount, "USD", seen=seen, by="m1", now=company.tick())


def test_a_target_reaches_the_next_version_with_what_follows_from_it(company: Company):
    set_target(company)
    assert pending_count(company.database) == 2  # the quota and its audit rows
    done = go(company)
    assert done.decisions == 2
    assert pending_count(company.database) == 0
    assert ("r1", HUNDRED, "planning") in company.rows("quotas", "rep_id", "amount", "source_system")
    months = [row for row in company.rows("quota_months", "rep_id", "amount_reporting") if row[0] == "r1"]
    assert sum(amount for _, amount in months) == HUNDRED
    assert len(company.rows("changes", "change_id")) == 3


def test_other_tables_keep_their_parts(company: Company):
    set_target(company)
    go(company)
    before = company.store.current()
    set_target(company, Decimal(120), seen=1)
    done = go(company)
    assert done.tables == {"quotas", "changes"}
    version = done.version
    for table in ("opportunities", "credits", "reps", "assignments"):
        assert version.tables.get(table) == before.tables.get(table), table
    assert version.digest("quotas") != before.digest("quotas")


def test_nothing_waiting_publishes_nothing(company: Company):
    before = company.store.current().id
    assert go(company) is None
    assert company.store.current().id == before


def test_a_decision_waits_until_something_is_loaded(database: Database, tmp_path: Path):
    company = Company.make(tmp_path / "store", database, {})
    set_target(company)
    assert go(company) is None
    assert pending_count(database) == 2
    company.load()
    assert go(company).decisions == 2
    assert ("r1", HUNDRED) in company.rows("quotas", "rep_id", "amount")


def test_a_change_and_a_withdrawal_replace_the_earlier_version(company: Company):
    set_target(company)
    set_target(company, Decimal(120), seen=1)
    go(company)
    rows = company.rows("quotas", "rep_id", "version", "amount", "is_current")
    assert [row for row in rows if row[0] == "r1"] == [
        ("r1", 1, HUNDRED, False),
        ("r1", 2, Decimal(120), True),
    ]
    withdraw_quota(company.database, TARGET, seen=2, by="m1", now=company.tick(), reason="a mistake")
    go(company)
    assert [row for row in company.rows("quota_months", "rep_id") if row == ("r1",)] == []


def test_an_imported_target_is_replaced_and_can_be_withdrawn(company: Company):
    imported = replace(TARGET, rep_id="r2", quota_id="file-1")
    set_target(company, Decimal(450), imported, seen=1)
    go(company)
    months = company.rows("quota_months", "rep_id", "amount_reporting")
    assert sum(amount for rep, amount in months if rep == "r2") == Decimal(450)
    withdraw_quota(company.database, imported, seen=2, by="m1", now=company.tick(), reason="left")
    go(company)
    assert company.rows("quota_months", "rep_id") == []


def test_a_call_is_published(company: Company):
    call = Call("r1", "rep", START, END, "commit")
    at = company.tick()
    submit_call(company.database, call, HUNDRED, "USD", seen=0, by="r1", now=at, settings=SETTINGS)
    go(company)
    found = company.rows("forecast_submissions", "rep_id", "category", "amount_reporting", "submitted_on")
    assert found == [("r1", "commit", HUNDRED, TODAY)]


def test_a_grant_reaches_visibility_and_leaves_it_again(company: Company):
    row = give_grant(
        company.database,
        "r2",
        "r1",
        valid_from=date(2026, 1, 1),
        reason="deputy",
        by="m1",
        now=company.tick(),
    )
    go(company)
    granted = ("r2", "r1", "grant")
    assert granted in company.rows("visibility", "viewer_id", "rep_id", "reason")
    company.load()
    assert granted in company.rows("visibility", "viewer_id", "rep_id", "reason"), "a load keeps grants"
    withdraw_grant(company.database, row.grant_id, by="m1", now=company.tick())
    go(company)
    assert granted not in company.rows("visibility", "viewer_id", "rep_id", "reason")


def test_a_role_reaches_the_audit_trail(company: Company):
    assign_role(company.database, "m1", "manager", by="a1", now=company.tick())
    go(company)
    assert company.rows("changes", "entity", "new_value") == [("roles", "manager")]


def test_a_crash_between_publication_and_mark_loses_and_changes_nothing(
    company: Company, monkeypatch: pytest.MonkeyPatch
):
    set_target(company)

    def crash(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched, pytest.raises(KeyboardInterrupt):
        patched.setattr(outbox, "done", crash)
        go(company)
    published = company.digests()
    assert pending_count(company.database) == 2
    assert ("r1", HUNDRED) in company.rows("quotas", "rep_id", "amount")
    assert go(company).decisions == 2
    assert company.digests() == published
    assert pending_count(company.database) == 0


def test_a_crash_before_the_publication_leaves_the_last_version_and_the_decision(
    company: Company, monkeypatch: pytest.MonkeyPatch
):
    set_target(company)
    before = company.store.current().id

    def crash(*_: object) -> None:
        raise OSError("the disk is full")

    with monkeypatch.context() as patched, pytest.raises(OSError, match="full"):
        patched.setattr(type(company.store), "publish", crash)
        go(company)
    assert company.store.current().id == before
    assert pending_count(company.database) == 2
    assert go(company).decisions == 2


def test_what_is_decided_while_publishing_waits_for_the_next_time(
    company: Company, monkeypatch: pytest.MonkeyPatch
):
    set_target(company)
    taking = outbox.take

    def take_and_decide(from_: Database) -> outbox.Taken:
        taken = taking(from_)
        set_target(company, Decimal(200), replace(TARGET, rep_id="r2"))
        return taken

    with monkeypatch.context() as patched:
        patched.setattr(outbox, "take", take_and_decide)
        assert go(company).decisions == 2
    assert pending_count(company.database) == 2
    assert go(company).decisions == 2
    assert ("r2", Decimal(200)) in company.rows("quotas", "rep_id", "amount")


def test_a_new_store_gets_the_decisions_that_were_published_to_an_old_one(company: Company):
    set_target(company)
    go(company)
    shutil.rmtree(company.store.root)
    again = Company.make(company.store.root, company.database)
    assert ("r1", HUNDRED) not in again.rows("quotas", "rep_id", "amount")
    assert go(again).decisions == 0
    assert ("r1", HUNDRED) in again.rows("quotas", "rep_id", "amount")
    assert go(again) is None


def test_everything_can_be_published_again_without_changing_anything(company: Company):
    set_target(company)
    go(company)
    before = company.digests()
    assert go(company, whole=True).decisions == 0
    assert company.digests() == before
