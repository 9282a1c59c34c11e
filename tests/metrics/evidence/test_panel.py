"""A panel from rows."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pytest

from metrics.evidence.panel import PanelError, panel_of

ROWS = [
    {"unit": "b", "period": "2", "booked": 400.0, "seats": 2.0, "exposure": 1.0, "other": 0.5},
    {"unit": "b", "period": "1", "booked": 100.0, "seats": 1.0, "exposure": 0.0, "other": 0.0},
    {"unit": "a", "period": "1", "booked": 50.0, "seats": 1.0, "exposure": 0.05, "other": 1.0},
    {"unit": "a", "period": "2", "booked": 60.0, "seats": 1.0, "exposure": 0.4, "other": 1.0},
    {"unit": "a", "period": "3", "booked": 0.0, "seats": 1.0, "exposure": 1.0, "other": 1.0},
]


def test_rows_become_a_grid_of_logarithms_a_seat() -> None:
    panel = panel_of(pa.Table.from_pylist(ROWS), ("other",))
    assert (panel.units, panel.periods) == (("a", "b"), ("1", "2", "3"))
    assert panel.outcome[1, :2] == pytest.approx(np.log([100.0, 200.0]))
    assert panel.outcome[0, 0] == pytest.approx(np.log(50.0)), "nearly nothing is nothing"
    assert not panel.treated[0, 0]
    assert panel.others[0, 1, 1] == 0.5


def test_cells_half_exposed_empty_or_absent_are_not_usable() -> None:
    panel = panel_of(pa.Table.from_pylist(ROWS))
    assert panel.usable.tolist() == [[True, False, False], [True, True, False]]
    assert panel.empty == 1, "nobody there is not the same as nothing sold"


def test_starts_are_first_treated_periods() -> None:
    assert panel_of(pa.Table.from_pylist(ROWS)).starts.tolist() == [2, 1]


def test_a_row_twice_or_a_column_missing_is_refused() -> None:
    with pytest.raises(PanelError, match="two rows"):
        panel_of(pa.Table.from_pylist([*ROWS, ROWS[0]]))
    with pytest.raises(PanelError, match="seats"):
        panel_of(pa.Table.from_pylist(ROWS).drop_columns(["seats"]))
