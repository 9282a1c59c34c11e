"""Why a closed month would pay something else today: which transactions came late, changed or went."""

from __future__ import annotations

import json
from collections.abc import Iterable

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from compensation.money.fine import units
from compensation.run import Run

_OF = ["rep", "plan_id", "component_id", "period_start", "currency", "adjusts"]
_SAME = ["key", "kind", "transaction_id", "deal_id", "credited_rep", "rule"]
_WHAT = ["amount", "credited", "date"]


def reasons(recomputed: Run, frozen: Run, keys: pa.Table) -> list[str]:
    """For each key, a JSON object with ``transactions`` and ``moved``.

    A transaction's ``what`` is late (counted now, not then), removed (then, not now) or corrected (its amount,
    credit or date differ); ``kind`` is that of the line it belongs to, so a late clawback is a cancellation that
    became known late.
    """
    sides = [_rows(frozen, keys, 0), _rows(recomputed, keys, 1)]
    both = pa.concat_tables(sides)
    if not len(both):
        return [_text([], 0)] * len(keys)
    wanted = [("side", "min"), ("side", "max"), ("earned", "min"), ("earned", "max")]
    wanted += [(name, how) for name in _WHAT for how in ("min", "max")]
    found = both.group_by(_SAME).aggregate(wanted)
    found = found.append_column("what", pa.array(_what(found)))
    found = found.sort_by(
        [("key", "ascending"), ("transaction_id", "ascending"), ("credited_rep", "ascending")]
    )
    return list(_texts(found, len(keys)))


def _rows(run: Run, keys: pa.Table, side: int) -> pa.Table:
    """Trace rows of the lines that belong to some key, each transaction of a key, kind and rule summed."""
    kept = pc.not_equal(run.lines["kind"], "held")
    lines = run.lines.filter(kept).select(["line_id", "kind", *_OF[:-1], "pay_start"])
    lines = lines.rename_columns(["line_id", "kind", *_OF])
    number = pc.index_in(_joined(lines), _joined(keys))
    lines = lines.append_column("key", number).filter(pc.is_valid(number))
    at = pc.index_in(run.trace["line_id"], lines["line_id"].combine_chunks())
    inside = pc.and_(pc.is_valid(at), pc.not_equal(run.trace["transaction_id"], ""))
    trace, at = run.trace.filter(inside), at.filter(inside)
    columns = {name: trace[name] for name in _SAME[2:]}
    columns |= {name: lines[name].take(at) for name in ("key", "kind")}
    columns |= {"date": trace["date"]}
    columns |= {name: pa.array(units(trace[name])) for name in ("amount", "credited", "earned")}
    sums = [("amount", "sum"), ("credited", "sum"), ("earned", "sum"), ("date", "min")]
    one = pa.table(columns).group_by(_SAME).aggregate(sums)
    plain = one.rename_columns([name.removesuffix("_sum").removesuffix("_min") for name in one.column_names])
    plain = plain.select([*_SAME, "amount", "credited", "earned", "date"])
    return plain.append_column("side", pa.array(np.full(len(plain), side)))


def _joined(table: pa.Table) -> pa.Array:
    """A key's columns as one text."""
    joined = pc.binary_join_element_wise(*(pc.cast(table[name], pa.string()) for name in _OF), "\x1f")
    return joined.combine_chunks() if isinstance(joined, pa.ChunkedArray) else joined


def _what(found: pa.Table) -> list[str]:
    first, last = (found[name].to_numpy() for name in ("side_min", "side_max"))
    changed = np.zeros(len(found), bool)
    for name in _WHAT:
        changed |= pc.not_equal(found[f"{name}_min"], found[f"{name}_max"]).to_numpy()
    moved = pc.not_equal(found["earned_min"], found["earned_max"]).to_numpy()
    names = np.select(
        [first == 1, last == 0, changed, moved], ["late", "removed", "corrected", "moved"], default="same"
    )
    return [str(name) for name in names]


def _texts(found: pa.Table, keys: int) -> Iterable[str]:
    listed: list[list[dict[str, str]]] = [[] for _ in range(keys)]
    moved = [0] * keys
    for row in found.select(["key", "kind", "transaction_id", "deal_id", "what"]).to_pylist():
        if row["what"] == "moved":
            moved[row["key"]] += 1
        elif row["what"] != "same":
            names = {"transaction": row["transaction_id"], "deal": row["deal_id"]}
            listed[row["key"]].append(names | {"what": row["what"], "kind": row["kind"]})
    return (_text(rows, count) for rows, count in zip(listed, moved, strict=True))


def _text(transactions: list[dict[str, str]], moved: int) -> str:
    return json.dumps({"transactions": transactions, "moved": moved})
