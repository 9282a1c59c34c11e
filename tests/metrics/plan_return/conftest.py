"""Stores the tests of pay read; each is loaded once."""

from __future__ import annotations

import pytest

from tests.metrics.plan_return.paid_company import paid_company
from warehouse.engine import Session


@pytest.fixture(scope="session")
def paid(tmp_path_factory: pytest.TempPathFactory) -> Session:
    """The small company with pay."""
    return paid_company(tmp_path_factory.mktemp("paid") / "store")


@pytest.fixture(scope="session")
def granted(tmp_path_factory: pytest.TempPathFactory) -> Session:
    """The same where managers see the pay of the time a rep was theirs."""
    return paid_company(tmp_path_factory.mktemp("granted") / "store", manager_sees_pay=True)
