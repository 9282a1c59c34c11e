"""Parquet files. A row's number is its place in the file, from 1: there is no header row."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from pyarrow import parquet

from connectors.files.reading import ROW, Block, Report, Unreadable, cut_off, places
from connectors.files.spec import FileSpec
from warehouse.issues import DataIssue

_ROWS = 100_000


class Columnar:
    """One Parquet file."""

    def __init__(self, path: Path, spec: FileSpec) -> None:
        """Open ``path``; raises ``Unreadable`` for a damaged file or one with nested columns."""
        self.path, self.spec = path, spec
        try:
            with parquet.ParquetFile(path) as file:
                self.schema, self.total = file.schema_arrow, file.metadata.num_rows
        except (pa.ArrowException, OSError) as error:
            raise Unreadable(self._issue("broken_file", _first_line(error))) from error
        nested = [field.name for field in self.schema if pa.types.is_nested(field.type)]
        if nested:
            raise Unreadable(self._issue("cannot_read", f"its column “{nested[0]}” holds lists or records"))
        self.columns = tuple(self.schema.names)
        self.notes: tuple[DataIssue, ...] = ()

    def blocks(self, report: Report) -> Iterator[Block]:
        """The rows; see ``Reader.blocks``. Damage met on the way ends the file with a warning."""
        done = 0
        try:
            with parquet.ParquetFile(self.path) as file:
                for batch in file.iter_batches(batch_size=_ROWS):
                    rows = self._rows(batch, done)
                    done += batch.num_rows
                    yield Block(rows, done, self.total)
        except (pa.ArrowException, OSError) as error:
            report(cut_off(self.path.name, done, _first_line(error)))

    def _rows(self, batch: pa.RecordBatch, done: int) -> pa.Table:
        numbers = pa.array(np.arange(done + 1, done + 1 + batch.num_rows))
        texts = [self._texts(column) for column in batch.columns]
        return pa.table([*texts, numbers], names=[*places(self.columns), ROW])

    def _texts(self, column: pa.Array) -> pa.Array:
        kind = column.type
        if pa.types.is_dictionary(kind):
            return self._texts(column.dictionary_decode())
        if pa.types.is_binary(kind) or pa.types.is_large_binary(kind):
            return pc.cast(column, pa.string(), safe=False)
        if pa.types.is_timestamp(kind):
            return _instants(column)
        texts = pc.cast(column, pa.string())
        written_with_point = pa.types.is_floating(kind) or pa.types.is_decimal(kind)
        if written_with_point and self.spec.decimal != ".":
            return pc.replace_substring(texts, ".", self.spec.decimal)
        return texts

    def _issue(self, code: str, detail: str) -> DataIssue:
        return DataIssue(code, file=self.path.name, detail=detail, severity="load")


def _instants(column: pa.Array) -> pa.Array:
    """Instants as ISO text; without a zone, midnight is a day."""
    if column.type.tz:
        return pc.strftime(column.cast(pa.timestamp("s", tz="UTC"), safe=False), "%Y-%m-%dT%H:%M:%SZ")
    seconds = column.cast(pa.timestamp("s"), safe=False)
    whole = pc.equal(column, pc.floor_temporal(column, unit="day"))
    return pc.if_else(whole, pc.strftime(seconds, "%Y-%m-%d"), pc.strftime(seconds, "%Y-%m-%d %H:%M:%S"))


def _first_line(error: Exception) -> str:
    return str(error).splitlines()[0][:200] if str(error) else type(error).__name__
