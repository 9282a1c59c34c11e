"""Pay as the plans say against pay as another system recorded it, line by line."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from decimal import Decimal

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from compensation.inputs import MONEY
from compensation.money.fine import Ints, money, units

KEYS = ["rep", "component_id", "period_start", "currency"]
STATUSES = ("equal", "different", "only_here", "only_there")
"""``only_here``: the plans pay something that was not recorded; ``only_there``: the other way round."""

ROWS = pa.schema(
    [
        pa.field("rep", pa.string(), nullable=False),
        pa.field("component_id", pa.string(), nullable=False),
        pa.field("period_start", pa.date32(), nullable=False),
        pa.field("currency", pa.string(), nullable=False),
        pa.field("modelled", MONEY),  # NULL: nothing here
        pa.field("recorded", MONEY),  # NULL: nothing there
        pa.field("difference", MONEY, nullable=False),  # modelled − recorded
        pa.field("status", pa.string(), nullable=False),
    ]
)
WIDE = pa.decimal128(38, 4)
TOTALS = pa.schema(
    [
        pa.field("currency", pa.string(), nullable=False),
        pa.field("status", pa.string(), nullable=False),  # "total" for all of a currency
        pa.field("rows", pa.int64(), nullable=False),
        pa.field("modelled", WIDE, nullable=False),
        pa.field("recorded", WIDE, nullable=False),
        pa.field("difference", WIDE, nullable=False),
    ]
)


@dataclass(frozen=True)
class Reconciliation:
    """Every match (ROWS, sorted by key) and the control totals (TOTALS) by currency and status."""

    rows: pa.Table
    totals: pa.Table

    @property
    def agrees(self) -> bool:
        """Whether every row is equal."""
        return all(status == "equal" for status in pc.unique(self.rows["status"]).to_pylist())


def reconcile(
    lines: pa.Table,
    recorded: pa.Table,
    *,
    kinds: Collection[str] | None = None,
    tolerance: Decimal = Decimal(0),
) -> Reconciliation:
    """Match lines (LINES) with recorded payouts on payee, component, period and currency.

    ``recorded`` has the columns rep_id, component_id, period_start, amount, currency and kind, as the canonical
    payouts do. Several lines of a key are summed on both sides; what is held is not pay, and a sum of 0 that the
    other side does not have is no difference. ``kinds`` compares only some kinds. Amounts that differ by no more
    than ``tolerance`` are equal; the difference is still shown.
    """
    here = _summed(lines, "rep", kinds)
    there = _summed(recorded, "rep_id", kinds)
    both = pa.concat_tables([_side(here, "modelled"), _side(there, "recorded")])
    wanted = [(name, how) for name in ("modelled", "recorded") for how in ("sum", "count")]
    found = both.group_by(KEYS).aggregate(wanted).sort_by([(key, "ascending") for key in KEYS])
    rows = _rows(found, int(tolerance.scaleb(4)))
    return Reconciliation(rows, _totals(rows))


def _summed(table: pa.Table, person: str, kinds: Collection[str] | None) -> pa.Table:
    """Pay by key in ten-thousandths; sums of 0 are kept only where the other side has the key."""
    kind = pc.fill_null(table["kind"], "earning")
    kept = pc.not_equal(kind, "held") if kinds is None else pc.is_in(kind, pa.array(list(kinds), pa.string()))
    rows = table.filter(kept)
    names = dict(zip(KEYS, [rows[person], *(rows[name] for name in KEYS[1:])], strict=True))
    return pa.table(names | {"units": units(rows["amount"].cast(MONEY))})


def _side(rows: pa.Table, name: str) -> pa.Table:
    found = rows.group_by(KEYS).aggregate([("units", "sum")])
    other = "recorded" if name == "modelled" else "modelled"
    values = {key: found[key] for key in KEYS}
    values |= {name: found["units_sum"].cast(pa.int64()), other: pa.nulls(len(found), pa.int64())}
    return pa.table(
        [values[column] for column in (*KEYS, "modelled", "recorded")], [*KEYS, "modelled", "recorded"]
    )


def _rows(found: pa.Table, tolerance: int) -> pa.Table:
    here, there = (_ints(pc.fill_null(found[f"{name}_sum"], 0)) for name in ("modelled", "recorded"))
    no_line, no_record = (_ints(found[f"{name}_count"]) == 0 for name in ("modelled", "recorded"))
    nothing = (no_line & (there == 0)) | (no_record & (here == 0))
    status = np.select(
        [no_record, no_line, np.abs(here - there) <= tolerance],
        ["only_here", "only_there", "equal"],
        default="different",
    )
    values = {key: found[key] for key in KEYS}
    values |= {
        "modelled": money(here, no_line),
        "recorded": money(there, no_record),
        "difference": money(here - there),
        "status": pa.array([str(each) for each in status], pa.string()),
    }
    table = pa.table([values[each.name] for each in ROWS], schema=ROWS)
    return table.filter(pa.array(~nothing))


def _ints(column: pa.ChunkedArray) -> Ints:
    return np.asarray(column).astype(np.int64)


def _totals(rows: pa.Table) -> pa.Table:
    """By currency and status, and of each currency; statuses in the order of ``STATUSES``."""
    at = rows.column_names.index("status")
    whole = rows.set_column(at, ROWS.field("status"), pa.repeat("total", len(rows)))
    wanted = [("rep", "count"), *((name, "sum") for name in ("modelled", "recorded", "difference"))]
    both = [each.group_by(["currency", "status"]).aggregate(wanted) for each in (rows, whole)]
    found = pa.concat_tables(both)
    place = pc.index_in(found["status"], pa.array([*STATUSES, "total"]))
    found = found.append_column("place", place).sort_by([("currency", "ascending"), ("place", "ascending")])
    values = {"currency": found["currency"], "status": found["status"], "rows": found["rep_count"]}
    for name in ("modelled", "recorded", "difference"):
        values[name] = pc.fill_null(found[f"{name}_sum"].cast(WIDE), Decimal("0.0000"))
    return pa.table([values[each.name] for each in TOTALS], schema=TOTALS)
