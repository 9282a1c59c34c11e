"""Stores the metric tests read; each is loaded once."""

from __future__ import annotations

import pytest

from tests.metrics.small_company import small_company
from warehouse.engine import Session


@pytest.fixture(scope="session")
def small(tmp_path_factory: pytest.TempPathFactory) -> Session:
    """The small company of ``tests.metrics.small_company``."""
    return small_company(tmp_path_factory.mktemp("small") / "store")


@pytest.fixture(scope="session", params=["small"])
def checked(request: pytest.FixtureRequest) -> Session:
    """Every store at hand, one after the other."""
    session: Session = request.getfixturevalue(request.param)
    return session
