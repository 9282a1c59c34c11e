"""Money columns as whole numbers of a ten-thousandth, and back: exact, and fast over millions of rows.

``MONEY`` is DECIMAL(18,4), so every value times 10,000 fits a 64-bit integer. A currency's minor unit
(a cent) is a whole number of these units: 100 where a currency has two decimals.
"""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from compensation.inputs import MONEY
from warehouse.minor_units import minor

Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]
SCALE = 10_000
"""Units in one of a currency's main unit."""

_PLACES = 4


def units(column: pa.ChunkedArray | pa.Array) -> Ints:
    """A MONEY column in ten-thousandths; NULL counts as 0."""
    chunks = column.chunks if isinstance(column, pa.ChunkedArray) else [column]
    parts = [_units(chunk) for chunk in chunks]
    return np.concatenate(parts) if parts else np.zeros(0, np.int64)


def _units(column: pa.Array) -> Ints:
    """The low word of each 128-bit value: the high one only repeats the sign."""
    assert column.type == MONEY
    words = np.frombuffer(column.buffers()[1], np.int64)
    low = words[2 * column.offset : 2 * (column.offset + len(column)) : 2]
    return np.where(column.is_valid().to_numpy(zero_copy_only=False), low, 0) if column.null_count else low


def money(values: Ints, missing: Bools | None = None) -> pa.Array:
    """Ten-thousandths as a MONEY column; NULL where ``missing``."""
    words = np.empty((len(values), 2), np.int64)
    words[:, 0] = values
    words[:, 1] = values >> 63
    array = pa.Array.from_buffers(MONEY, len(values), [None, pa.py_buffer(words)])
    return array if missing is None else pc.if_else(pa.array(missing), pa.scalar(None, MONEY), array)


def unit_of(currency: str) -> int:
    """A currency's minor unit in ten-thousandths."""
    return int(10 ** (_PLACES - minor(currency)))


def units_of(currencies: pa.ChunkedArray | pa.Array) -> Ints:
    """The minor unit of each row's currency, in ten-thousandths."""
    codes, names = codes_of(currencies)
    return np.array([unit_of(name) for name in names] or [1], np.int64)[codes]


def codes_of(column: pa.ChunkedArray | pa.Array) -> tuple[Ints, list[str]]:
    """A text column as numbers and the texts they stand for, in order of the alphabet; NULL reads as ''."""
    flat = column.combine_chunks() if isinstance(column, pa.ChunkedArray) else column
    encoded = pc.fill_null(flat, "").dictionary_encode()
    if isinstance(encoded, pa.ChunkedArray):
        encoded = encoded.combine_chunks()
    names = encoded.dictionary.to_pylist()
    order = sorted(range(len(names)), key=names.__getitem__)
    place = np.empty(max(len(names), 1), np.int64)
    place[order] = np.arange(len(names))
    return place[encoded.indices.to_numpy(zero_copy_only=False)], [names[at] for at in order]


def sums(values: Ints, group: Ints, groups: int) -> Ints:
    """Exact sums of values by group number."""
    out = np.zeros(groups, np.int64)
    np.add.at(out, group, values)
    return out


def days(column: pa.ChunkedArray | pa.Array, missing: int) -> Ints:
    """A date column as days since 1970-01-01; NULL reads as ``missing``."""
    numbers = pc.fill_null(pc.cast(column, pa.int32()), missing)
    return np.asarray(numbers).astype(np.int64)


def dates(numbers: Ints) -> pa.Array:
    """Days since 1970-01-01 as a date column."""
    return pa.array(numbers.astype("datetime64[D]"))
