"""Writes an answer as CSV, JSON or Parquet; money stays exact in all three."""

from __future__ import annotations

import csv
import io
import json
import re
import sys
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from words.safe import spreadsheet_safe

FORMATS = ("csv", "json", "parquet")
_EXACT = re.compile(r'"\\u0000(-?\d+(?:\.\d+)?)"')


def write(table: pa.Table, form: str, out: Path | None) -> None:
    """Write a table to a file, or to standard output without one."""
    data = encoded(table, form)
    if out is not None:
        out.write_bytes(data)
    else:
        sys.stdout.buffer.write(data)
        sys.stdout.flush()


def encoded(table: pa.Table, form: str) -> bytes:
    """The table in one of ``FORMATS``."""
    if form == "parquet":
        sink = io.BytesIO()
        pq.write_table(table, sink)
        return sink.getvalue()
    return (_csv(table) if form == "csv" else _json(table)).encode()


def _csv(table: pa.Table) -> str:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(table.column_names)
    columns = [table[name].to_pylist() for name in table.column_names]
    writer.writerows([_cell(value) for value in row] for row in zip(*columns, strict=True))
    return text.getvalue()


def _cell(value: Any) -> Any:
    if isinstance(value, Decimal):
        return plain(value)
    return spreadsheet_safe(value) if isinstance(value, str) else value


def plain(value: Decimal) -> str:
    """An amount with two places, or as many as it has."""
    short = value.quantize(Decimal("0.01"))
    return format(short if short == value else value.normalize(), "f")


def _json(table: pa.Table) -> str:
    text = json.dumps(table.to_pylist(), default=_json_value, ensure_ascii=True, indent=1)
    # A decimal is written as the number it is; through a float it could lose its last cents.
    return _EXACT.sub(r"\1", text) + "\n"


def _json_value(value: object) -> str:
    if isinstance(value, Decimal):
        return "\x00" + plain(value)
    if isinstance(value, date | datetime):
        return value.isoformat()
    raise TypeError(f"an answer cannot hold {type(value).__name__}")
