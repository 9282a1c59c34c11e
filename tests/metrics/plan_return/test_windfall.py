"""Windfalls of the paid company: cat's one deal of 1,000 is more than her whole quota of 800; ann's 600 is not (1,000)."""

from __future__ import annotations

from decimal import Decimal

import pytest

from metrics.ask import ask
from metrics.catalogue import METRICS
from metrics.view import MetricError
from tests.metrics.plan_return.test_cost import numbers, total, view
from warehouse.access import OWNER
from warehouse.engine import Session


def test_all_of_cat_s_pay_is_a_windfall(paid: Session) -> None:
    shares = numbers(paid, "windfall_share", "rep")
    assert (shares["cat"], shares["ann"], shares["mia"]) == (1.0, 0.0, 0.0)
    row = total(paid, "windfall_share")
    assert (row["top"], row["bottom"]) == (Decimal(6000), Decimal(26700))


def test_by_component_and_filtered(paid: Session) -> None:
    found = ask(
        METRICS["windfall_share"], ["component"], view=view(paid), session=paid, viewer=OWNER
    ).to_pylist()
    assert {row["component"]: row["top"] for row in found} == {
        "commission": Decimal(6000), "bonus": Decimal(0), "override": Decimal(0),
    }  # fmt: skip
    one = total(paid, "windfall_share", where=(("component", "commission"),))
    assert one["windfall_share"] == pytest.approx(6000 / 16500)


def test_nothing_paid_has_no_share(paid: Session) -> None:
    row = total(paid, "windfall_share", where=(("rep", "dan"),))
    assert (row["windfall_share"], row["top"]) == (None, None)


def test_quotas_want_whole_months(paid: Session) -> None:
    with pytest.raises(MetricError, match="whole ones"):
        total(paid, "windfall_share", "2026-01-15..2026-02-10")
