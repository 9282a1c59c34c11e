"""How pay is spread: 9,700, 7,500, 6,000, 2,200, 900 and 400."""

from __future__ import annotations

from decimal import Decimal

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from metrics.ask import ask
from metrics.catalogue import METRICS
from metrics.plan_return.spread import LORENZ, ON_CURVE, lorenz, on_curve
from tests.metrics.plan_return.test_cost import COST, total, view
from warehouse.access import OWNER
from warehouse.engine import Session


def test_the_best_paid_tenth_of_six_people_is_part_of_one(paid: Session) -> None:
    row = total(paid, "payout_concentration")
    assert row["top"] == Decimal(5820)  # 0.6 of a person
    assert row["payout_concentration"] == pytest.approx(5820 / 26700)
    pairs = sum(abs(a - b) for a in COST.values() for b in COST.values())
    assert row["gini"] == pytest.approx(pairs / (2 * 6 * 26700))
    assert row["people"] == 6


def test_nobody_paid_has_no_concentration(paid: Session) -> None:
    row = total(paid, "payout_concentration", where=(("rep", "dan"),))
    assert (row["payout_concentration"], row["people"]) == (None, 0)


def _answer(values: list[int]) -> pa.Table:
    money = [Decimal(v) for v in values]
    return pa.table(
        {"rep": [f"r{n}" for n in range(len(values))], "payout_cost": pa.array(money, pa.decimal128(38, 4))}
    )


def test_lorenz_by_hand() -> None:
    found = lorenz(_answer([60, 10, 30]))
    assert found["people"].to_pylist() == pytest.approx([0, 1 / 3, 2 / 3, 1])
    assert found["pay"].to_pylist() == pytest.approx([0, 0.1, 0.4, 1])
    assert lorenz(_answer([])).schema == LORENZ
    assert lorenz(_answer([0, -5])).num_rows == 0


@given(st.lists(st.integers(1, 10**9), min_size=1, max_size=40))
def test_the_lorenz_curve_encloses_the_gini_coefficient(values: list[int]) -> None:
    found = lorenz(_answer(values))
    people, pay = (np.array(found[name].to_pylist()) for name in ("people", "pay"))
    assert (np.diff(pay) >= -1e-12).all()
    assert (pay <= people + 1e-9).all()
    under = float(np.trapezoid(pay, people))
    n, total_ = len(values), sum(values)
    pairs = sum(abs(a - b) for a in values for b in values) / (2 * n * total_)
    assert 1 - 2 * under == pytest.approx(pairs, abs=1e-9)


def test_distribution_against_target(paid: Session) -> None:
    # Indexes: ann 1.0778, bob 0.1, cat 1.1111, dan 0, eve 0.8, max 0.4889, mia 0.8333.
    row = total(paid, "payout_distribution")
    assert row["payout_distribution"] == pytest.approx(0.8)
    assert row["people"] == 7
    assert row["unpaid"] == pytest.approx(1 / 7)
    assert row["above_target"] == pytest.approx(2 / 7)
    assert row["top"] == pytest.approx(9700 / 9000 + 0.4 * (6000 / 5400 - 9700 / 9000))
    assert row["top_decile_to_median"] == pytest.approx(row["top"] / 0.8)


def test_where_people_landed_on_the_curve(paid: Session) -> None:
    found = on_curve(view(paid, where=(("plan", "field"),)), paid, OWNER)
    assert found.schema == ON_CURVE
    rows = {row["rep"]: (row["attainment"], row["payout_index"]) for row in found.to_pylist()}
    assert rows["cat"] == (1.25, pytest.approx(6000 / 5400))
    assert set(rows) == {"ann", "bob", "cat"}  # eve has no quota, mia's plan is another


def test_by_manager_each_group_is_its_own(paid: Session) -> None:
    found = ask(
        METRICS["payout_distribution"], ["plan"], view=view(paid), session=paid, viewer=OWNER
    ).to_pylist()
    assert {row["plan"]: row["people"] for row in found} == {"field": 4, "lead": 2, "bare": 1}
