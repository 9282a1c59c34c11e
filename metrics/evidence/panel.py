"""A panel: what each team sold a seat in each period, and when which component was in force for it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import numpy as np
import numpy.typing as npt
import pyarrow as pa

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]

NEARLY = 0.1
"""Exposure up to this share counts as none, from its complement on as full; cells between are left out."""


class PanelError(ValueError):
    """Columns that make no panel; the message says which."""


@dataclass(frozen=True, eq=False)
class Panel:
    """Teams by periods. ``outcome`` is a logarithm, so effects add up as relative changes."""

    units: tuple[str, ...]
    periods: tuple[str, ...]
    outcome: Floats  # (units, periods): log of sales a seat; NaN: not a usable cell
    treated: Flags  # (units, periods)
    others: Floats = field(default_factory=lambda: np.empty((0, 0, 0)))  # (names, units, periods), 0 to 1
    other_names: tuple[str, ...] = ()
    seasons: int = 4  # periods in a year
    empty: int = 0  # cells with people and no sales, which have no logarithm

    @property
    def usable(self) -> Flags:
        """Cells that have an outcome."""
        return np.isfinite(self.outcome)

    @property
    def starts(self) -> Ints:
        """First treated period of each unit; the number of periods for those that never are."""
        return np.where(self.treated.any(axis=1), self.treated.argmax(axis=1), len(self.periods))

    @property
    def exposed(self) -> Flags:
        """Usable treated cells."""
        return self.treated & self.usable

    def with_outcome(self, outcome: Floats) -> Panel:
        """The same rollout with other outcomes."""
        return replace(self, outcome=outcome)


def panel_of(rows: pa.Table, others: Sequence[str] = (), *, seasons: int = 4) -> Panel:
    """A panel from one row a unit and period.

    Args:
        rows: ``unit``, ``period`` (text that sorts in time), ``booked`` (money), ``seats`` (people, 0 where
            nobody was there), ``exposure`` (0 to 1: how much of the cell had the component) and a column of
            exposure for each of ``others``. Missing rows are cells without people.
        others: names of components whose own rollout is held constant.
        seasons: periods in a year.

    Raises:
        PanelError: a column is missing, or a unit has two rows for a period.
    """
    missing = {"unit", "period", "booked", "seats", "exposure", *others} - set(rows.column_names)
    if missing:
        raise PanelError(f"The panel has no column {min(missing)}.")
    units, at_unit = np.unique(np.asarray(rows["unit"].to_pylist(), dtype=str), return_inverse=True)
    periods, at_period = np.unique(np.asarray(rows["period"].to_pylist(), dtype=str), return_inverse=True)
    shape = (len(units), len(periods))
    place = (at_unit, at_period)
    if len(np.unique(at_unit * shape[1] + at_period)) < rows.num_rows:
        raise PanelError("The panel has two rows for one unit and period.")

    def grid(name: str) -> Floats:
        found = np.zeros(shape)
        found[place] = rows[name].to_numpy().astype(np.float64)
        return found

    booked, seats, exposure = grid("booked"), grid("seats"), grid("exposure")
    known = (booked > 0) & (seats > 0) & ((exposure <= NEARLY) | (exposure >= 1 - NEARLY))
    return Panel(
        tuple(map(str, units)),
        tuple(map(str, periods)),
        np.log(
            np.where(known, booked, 1.0) / np.where(known, seats, 1.0),
            where=known,
            out=np.full(shape, np.nan),
        ),
        exposure >= 1 - NEARLY,
        np.stack([grid(name) for name in others]) if others else np.empty((0, *shape)),
        tuple(others),
        seasons,
        int(((booked <= 0) & (seats > 0)).sum()),
    )
