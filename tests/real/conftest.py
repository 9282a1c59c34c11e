"""The AdventureWorks store, loaded once by the shipped mapping."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from connectors.files import FilesConnector, load_mapping
from tests.support import session_of
from warehouse.engine import Session
from warehouse.settings import Settings
from warehouse.store import Store
from workflows.refresh import LoadReport, load

NOW = datetime(2020, 6, 1, 6, 0, tzinfo=UTC)


@pytest.fixture(scope="session")
def loaded(
    adventureworks: Path, project: Path, tmp_path_factory: pytest.TempPathFactory
) -> tuple[Path, LoadReport]:
    """Root of a store that holds the files, and the report of the load."""
    root = tmp_path_factory.mktemp("adventureworks") / "store"
    mapping = load_mapping(project / "examples" / "adventureworks" / "mapping.toml")
    store = Store.create(root, "own", NOW)
    return root, load(FilesConnector(mapping, adventureworks), store, Settings(), NOW)


@pytest.fixture(scope="session")
def real(loaded: tuple[Path, LoadReport]) -> Session:
    """The store's version."""
    return session_of(loaded[0])
