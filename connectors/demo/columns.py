"""Columns made by the million: NumPy in, Arrow out, no loop over rows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from warehouse.tables import TABLES, UNASSIGNED, Kind

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]
Shorts = npt.NDArray[np.int16]  # numbers of people by territory and day, which would be large otherwise
Bytes = npt.NDArray[np.int8]


def generator(seed: int, *tags: int | str) -> np.random.Generator:
    """A random stream of its own for each part of the company, whatever the order of the work."""
    words = [
        sum(ord(letter) * 257**k for k, letter in enumerate(tag)) if isinstance(tag, str) else tag
        for tag in tags
    ]
    return np.random.default_rng([seed, *words])


def prefixed(prefix: str, numbers: Ints) -> pa.Array:
    """Ids such as O1000042."""
    return pc.binary_join_element_wise(prefix, pa.array(numbers).cast(pa.string()), "")


def picked(words: Sequence[str | None] | pa.Array, codes: Ints) -> pa.Array:
    """Words by their number; NULL where the number is negative."""
    known = words if isinstance(words, pa.Array) else pa.array(words, pa.string())
    return known.take(pa.array(codes, mask=codes < 0))


def keys(words: Sequence[str], codes: Ints) -> pa.Array:
    """Keys by their number; unassigned where the number is negative."""
    return pa.array([*words, UNASSIGNED], pa.string()).take(pa.array(np.where(codes < 0, len(words), codes)))


def scaled(values: Ints, kind: pa.DataType, missing: Flags | None = None) -> pa.Array:
    """Whole numbers, already in units of the last decimal place, as exact decimals."""
    words = np.empty((len(values), 2), dtype=np.int64)
    words[:, 0] = values
    words[:, 1] = words[:, 0] >> 63
    valid = None if missing is None else pa.array(~missing).buffers()[1]
    return pa.Array.from_buffers(kind, len(values), [valid, pa.py_buffer(words)])


def money(cents: Ints, missing: Flags | None = None) -> pa.Array:
    """Cents as money."""
    return scaled(np.asarray(cents) * 100, pa.decimal128(18, 4), missing)


def share(millionths: Ints, missing: Flags | None = None) -> pa.Array:
    """Millionths as a share."""
    return scaled(millionths, pa.decimal128(9, 6), missing)


def money_words(cents: Ints, missing: Flags | None = None) -> pa.Array:
    """Cents as text with two decimals."""
    return scaled(cents, pa.decimal128(18, 2), missing).cast(pa.string())


def made(table: str, columns: Mapping[str, object]) -> pa.Table:
    """A table in the canonical landing schema; what is not given is empty."""
    entry = TABLES[table]
    schema = entry.landing
    given = {name: _array(values, schema.field(name).type) for name, values in columns.items()}
    rows = len(next(iter(given.values())))
    given.setdefault("source_id", _joined([given[name] for name in entry.key]))
    arrays = [
        given.get(field.name, _empty(entry.by_name[field.name].kind, field.type, rows)) for field in schema
    ]
    return pa.Table.from_arrays(arrays, schema=schema)


def _array(values: object, kind: pa.DataType) -> pa.Array:
    return values if isinstance(values, pa.Array) else pa.array(values, kind)


def _joined(parts: list[pa.Array]) -> pa.Array:
    return (
        parts[0]
        if len(parts) == 1
        else pc.binary_join_element_wise(*[p.cast(pa.string()) for p in parts], "|")
    )


def _empty(kind: Kind, arrow: pa.DataType, rows: int) -> pa.Array:
    fills = {Kind.KEY: UNASSIGNED, Kind.FLAG: False}
    return pa.repeat(pa.scalar(fills[kind], arrow), rows) if kind in fills else pa.nulls(rows, arrow)
