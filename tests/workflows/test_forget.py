from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from sqlalchemy import text

from planning import audit
from planning.calls import Call, submit_call
from planning.quotas import set_quota
from planning.roles import give_grant
from tests.postgres import database, new_url, server
from tests.support import RowsConnector
from tests.workflows.decisions import END, SETTINGS, START, TABLES_SENT, TARGET, TODAY, Company
from warehouse.database import Database
from warehouse.issues import DataIssue
from warehouse.landing import Landing
from warehouse.people import People
from workflows.forget import CannotForget, Forgotten, forget
from workflows.publish_decisions import publish
from workflows.refresh import load

__all__ = ["database", "new_url"]
TRACES = (b"ann lee", b"lee, ann", b"ann.lee@example.org", b"ann.lee%40example.org")
RAW = {"Owner": "Ann", "Family": "Lee", "Amount": "12,x"}


@dataclass
class NoisyConnector(RowsConnector):
    """A source with bad rows that repeat a name, and a note that does too."""

    def read(self, landing: Landing, cursor: Mapping[str, str]) -> None:
        for value, raw in (("12,x", json.dumps(RAW)), ("7,y", '{"Owner": "Bob Best", "Amount": "7,y"}')):
            landing.set_aside(DataIssue("bad_amount", "quotas", "quotas.csv", 9, "amount", value, "", raw))
        landing.set_aside(DataIssue("unknown_rep", "quotas", "q.csv", 3, "rep", "Lee, Ann", "", ""))
        super().read(landing, cursor)


def noisy(company: Company) -> None:
    source = NoisyConnector(TABLES_SENT, TODAY)
    load(source, company.store, SETTINGS, company.tick(), people=People(company.database))


@pytest.fixture
def company(database: Database, tmp_path: Path) -> Company:
    """A company whose store and database mention Ann Lee wherever text is kept."""
    made = Company.make(tmp_path / "store", database)
    noisy(made)
    give_grant(database, "r2", "r1", valid_from=START, reason="Ann Lee is away", by="m1", now=made.tick())
    set_quota(
        database, TARGET, Decimal(100), "USD", seen=0, by="m1", now=made.tick(), reason="asked by ANN  LEE"
    )
    note = "see mailto:ann.lee%40example.org, or Lee, Ann"
    call = Call("r1", "rep", START, END, "commit")
    at = made.tick()
    submit_call(database, call, Decimal(90), "USD", seen=0, by="r1", now=at, settings=SETTINGS, note=note)
    publish(made.store, database, SETTINGS, made.tick())
    return made


def go(company: Company, who: str = "r1") -> Forgotten:
    return forget(company.store, company.database, who, SETTINGS, company.tick(), by="m1")


def contents(company: Company) -> Iterator[tuple[str, bytes]]:
    """Every file of the store and the database, raw; of Parquet also every value."""
    for path in company.store.root.rglob("*"):
        if path.is_file():
            yield path.name, path.read_bytes()
        if path.suffix == ".parquet":
            yield f"{path.name} (values)", repr(pq.read_table(path).to_pylist()).encode()
    yield from database_files(company.database)


def database_files(held: Database) -> Iterator[tuple[str, bytes]]:
    if held.file:
        for path in held.file.parent.glob(f"{held.file.name}*"):
            yield path.name, path.read_bytes()
        return
    with held.engine.connect() as connection:
        number = connection.scalar(text("SELECT oid FROM pg_database WHERE datname = current_database()"))
    super_ = held.engine.execution_options(isolation_level="AUTOCOMMIT")
    with super_.connect() as connection:
        connection.execute(text("CHECKPOINT"))
    for path in (server().folder / "data" / "base" / str(number)).iterdir():
        yield f"postgresql {path.name}", path.read_bytes()


def traces(company: Company) -> set[str]:
    return {name for name, content in contents(company) for trace in TRACES if trace in content.lower()}


def test_no_byte_of_name_or_address_is_left(company: Company):
    before = traces(company)
    assert len(before) >= 4, "the test would see them"
    found = go(company)
    assert traces(company) == set()
    assert found.remaining == ()
    assert (found.key, found.tables, found.issue_files) == (
        "r1",
        ("changes", "forecast_submissions", "opportunities"),
        2,
    )
    assert found.database_rows >= 4


def test_others_are_left_alone(company: Company):
    go(company)
    assert People(company.database).names() == {"m1": "Maud Mills", "r2": "Bob Best"}
    issues = company.store.issues(company.store.current(), "rows").to_pylist()
    assert any("Bob Best" in issue["raw"] for issue in issues)


def test_numbers_and_keys_stay(company: Company):
    columns = {
        "opportunities": ("owner_id", "amount_reporting"),
        "quotas": ("rep_id", "amount", "version"),
        "quota_months": ("rep_id", "amount_reporting"),
        "visibility": ("viewer_id", "rep_id", "reason"),
        "forecast_submissions": ("rep_id", "amount"),
    }
    before = {table: company.rows(table, *names) for table, names in columns.items()}
    aside = company.store.current().sources["rows"].set_aside
    go(company)
    assert {table: company.rows(table, *names) for table, names in columns.items()} == before
    assert company.store.current().sources["rows"].set_aside == aside > 0
    assert company.rows("opportunities", "name") == [("Pens for r1",)]
    assert company.rows("forecast_submissions", "note") == [("see mailto:r1, or r1",)]


def test_a_later_load_does_not_bring_them_back(company: Company):
    go(company)
    company.load({table: rows for table, rows in TABLES_SENT.items() if table != "opportunities"})
    assert traces(company) == set()
    assert People(company.database).by_email("ann.lee@example.org") is None


def test_by_address_is_the_same(company: Company):
    assert go(company, "Ann.Lee@example.org").key == "r1"
    assert traces(company) == set()


def test_the_audit_trail_says_who_forgot_whom_by_key(company: Company):
    go(company)
    row = audit.history(company.database, "people", "r1")[0]
    assert (row.changed_by, row.field, row.new_value) == ("m1", "forgotten", "True")


def test_forgetting_twice_changes_nothing(company: Company):
    go(company)
    before = company.digests()
    assert go(company).tables == ()
    assert company.digests() == before
    assert len(audit.history(company.database, "people", "r1")) == 1


def test_a_crash_on_the_way_is_mended_by_doing_it_again(company: Company, monkeypatch: pytest.MonkeyPatch):
    def crash(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    for place in (
        "workflows.forget.erasure.retire_issues",
        "workflows.forget.refresh.publish",
        "workflows.forget.People.forget",
    ):
        with monkeypatch.context() as patched, pytest.raises(KeyboardInterrupt):
            patched.setattr(place, crash)
            go(company)
    assert traces(company)
    assert go(company).remaining == ()
    assert traces(company) == set()


@pytest.mark.parametrize("who", ["nobody", "nobody@example.org"])
def test_a_stranger_is_said_to_be_one_and_nothing_changes(company: Company, who: str):
    before = company.store.current().id
    with pytest.raises(CannotForget, match="Nobody"):
        go(company, who)
    assert company.store.current().id == before


def test_a_key_that_is_a_name_is_refused_with_what_to_do(company: Company):
    reps = [{"rep_id": "Ann Lee", "name": "Ann Lee", "active": True}]
    company.load({**TABLES_SENT, "reps": [*TABLES_SENT["reps"], *reps]})
    with pytest.raises(CannotForget, match="another key for people"):
        go(company, "Ann Lee")


def test_what_lies_elsewhere_in_the_store_is_named(company: Company):
    (company.store.root / "attain.toml").write_text("# written by Ann Lee\n")
    assert go(company).remaining == ("attain.toml",)
