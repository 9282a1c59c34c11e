"""The example that ships with the project, run from its own files."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pyarrow.compute as pc
import pyarrow.parquet as pq
import pytest
from sqlalchemy import create_engine, text

from connectors.sql import SqlConnector, load
from warehouse.database import Database
from warehouse.people import People
from warehouse.settings import Settings
from warehouse.store import Store
from workflows import refresh

NOW = datetime(2026, 4, 15, 9, tzinfo=UTC)


@pytest.fixture
def example(project: Path) -> Path:
    return project / "examples" / "sql"


def fill(url: str, script: Path) -> None:
    engine = create_engine(url.replace("postgresql://", "postgresql+psycopg://"))
    with engine.begin() as connection:
        for statement in script.read_text().split(";\n"):
            if statement.strip():
                connection.execute(text(statement.replace(":", r"\:")))
    engine.dispose()


def test_the_example_gives_attainment_and_loading_it_again_changes_nothing(
    new_url: Callable[[], str], tmp_path: Path, example: Path
):
    url = new_url()
    fill(url, example / "company.sql")
    connector = SqlConnector(
        load(example / "mapping.toml"), date(2026, 4, 15), tmp_path, {"COMPANY_DATABASE_URL": url}
    )
    store = Store.create(tmp_path / "store", "own", NOW)
    people = People(Database(f"sqlite:///{tmp_path}/people.sqlite"))
    first = refresh.load(connector, store, Settings(), NOW, people=people)
    assert {table: counts["kept"] for table, counts in first.counts.items()} == {
        "assignments": 3,
        "credits": 4,
        "quotas": 4,
        "reps": 3,
    }
    credits_ = pq.read_table(store.path(first.version.tables["credits"][0]).parent)
    assert pc.sum(credits_["amount_reporting"]).as_py() == Decimal("9791.00")
    assert people.names()["2"] == "Ann Lee"
    again = refresh.load(connector, store, Settings(), NOW + timedelta(hours=1), people=people)
    assert not again.changed
    assert again.counts["credits"] == {"read": 1, "kept": 4, "set_aside": 0}
