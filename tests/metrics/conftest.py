"""Stores the metric tests read; each is loaded once."""

from __future__ import annotations

import pytest

from tests.metrics.small_company import small_company
from tests.support import NOW, session_of
from warehouse.engine import Session
from workflows.demo import load_demo


@pytest.fixture(scope="session")
def small(tmp_path_factory: pytest.TempPathFactory) -> Session:
    """The small company of ``tests.metrics.small_company``."""
    return small_company(tmp_path_factory.mktemp("small") / "store")


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Session:
    """A demo company of modest size."""
    root = tmp_path_factory.mktemp("demo") / "store"
    load_demo(NOW, opportunities=6000, root=root)
    return session_of(root)


@pytest.fixture(scope="session", params=["small", "demo"])
def checked(request: pytest.FixtureRequest) -> Session:
    """Every store at hand, one after the other."""
    session: Session = request.getfixturevalue(request.param)
    return session
