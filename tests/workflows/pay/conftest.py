"""A company whose pay is run: made once, copied for each test."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.workflows.pay.closing_company import LATER, Payer
from warehouse.database import FILE, Database


@pytest.fixture(scope="session")
def paying(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The store of the company, its database in it, nothing closed; read only."""
    root = tmp_path_factory.mktemp("paying") / "store"
    root.mkdir()
    made = Payer.make(root, Database(f"sqlite:///{root}/{FILE}"))
    made.database.close()
    return root


@pytest.fixture
def payer(paying: Path, tmp_path: Path) -> Payer:
    """A company of one's own."""
    return Payer.copied(paying, tmp_path / "store", LATER)
