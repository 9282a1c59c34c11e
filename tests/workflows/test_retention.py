from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from planning import audit, outbox
from planning.quotas import set_quota
from tests.postgres import database, new_url
from tests.workflows.decisions import SETTINGS, TABLES_SENT, TARGET, TODAY, Company
from tests.workflows.test_forget import NoisyConnector
from warehouse.database import Database
from warehouse.issues import DataIssue, LoadFailed
from warehouse.landing import Landing
from warehouse.people import People
from warehouse.settings import SettingsError
from workflows.publish_decisions import publish
from workflows.refresh import load
from workflows.retention import retire

__all__ = ["database", "new_url"]


class FailingConnector(NoisyConnector):
    """A source whose file is gone."""

    def read(self, landing: Landing, cursor: Mapping[str, str]) -> None:
        landing.set_aside(DataIssue("missing_file", file="quotas.csv", severity="load"))
        super().read(landing, cursor)


@pytest.fixture
def company(database: Database, tmp_path: Path) -> Company:
    made = Company.make(tmp_path / "store", database)
    people = People(database)
    load(NoisyConnector(TABLES_SENT, TODAY), made.store, SETTINGS, made.tick(), people=people)
    with pytest.raises(LoadFailed):
        load(FailingConnector(TABLES_SENT, TODAY), made.store, SETTINGS, made.tick(), people=people)
    set_quota(database, TARGET, Decimal(100), "USD", seen=0, by="m1", now=made.tick())
    publish(made.store, database, SETTINGS, made.tick())
    return made


def go(company: Company, days: float, **layers: int) -> dict[str, int]:
    settings = SETTINGS.over({"retention": layers})
    return retire(company.store, company.database, settings, company.now + timedelta(days=days))


def said(company: Company) -> list[str]:
    issues = company.store.issues(company.store.current(), "rows").to_pylist()
    return [issue["value"] + issue["raw"] for issue in issues if issue["value"] or issue["raw"]]


def test_nothing_goes_before_its_time(company: Company):
    assert go(company, 29, set_aside=30, landing=30, audit=30, outbox=30) == {
        "audit": 0,
        "landing": 0,
        "outbox": 0,
        "set_aside": 0,
    }
    assert said(company)


def test_each_layer_goes_when_its_time_has_come(company: Company):
    aside = company.store.current().sources["rows"].set_aside
    gone = go(company, 31, set_aside=30, landing=30, audit=30, outbox=30)
    assert gone["landing"] == 1
    assert gone["audit"] == 3
    assert gone["outbox"] == 2
    assert gone["set_aside"] >= 1
    assert said(company) == []
    assert company.store.failures() == {}
    assert audit.history(company.database) == []
    assert [row.table for row in outbox.pending(company.database)] == ["changes"]
    assert company.store.current().sources["rows"].set_aside == aside


def test_the_shortened_trail_is_published(company: Company):
    go(company, 31, audit=30)
    publish(company.store, company.database, SETTINGS, company.tick())
    assert company.rows("changes", "change_id") == []


def test_a_layer_without_days_is_kept(company: Company):
    assert go(company, 9999, outbox=1) == {"outbox": 2}
    assert said(company)
    assert audit.history(company.database)


@pytest.mark.parametrize(("layers", "sentence"), [({"moon": 3}, "not a layer"), ({"audit": -1}, "0 or more")])
def test_a_setting_that_cannot_be_is_refused(company: Company, layers: dict[str, int], sentence: str):
    with pytest.raises(SettingsError, match=sentence):
        go(company, 1, **layers)
