"""Writing Parquet in a stream: many small tables in, one file of even row groups out."""

from __future__ import annotations

import os
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

ROW_GROUP = 131_072
"""Rows of one group, so also about how many rows a writer holds in memory."""


class Writer:
    """One Parquet file being written; ``close`` makes it whole and safe on disk."""

    def __init__(self, path: Path, schema: pa.Schema) -> None:
        """Open ``path`` for rows of ``schema``."""
        self.path = path
        self.schema = schema
        self.rows = 0
        self._writer = pq.ParquetWriter(path, schema, compression="zstd", compression_level=1)
        self._waiting: list[pa.Table] = []
        self._count = 0

    @property
    def is_open(self) -> bool:
        """Whether rows can still be added."""
        return bool(self._writer.is_open)

    def add(self, rows: pa.Table) -> None:
        """Append ``rows``, which have the writer's columns."""
        self._waiting.append(rows.select(self.schema.names))
        self._count += rows.num_rows
        self.rows += rows.num_rows
        if self._count >= ROW_GROUP:
            self._flush()

    def _flush(self) -> None:
        if self._waiting:
            rows = pa.concat_tables(self._waiting).cast(self.schema)
            self._writer.write_table(rows, row_group_size=ROW_GROUP)
        self._waiting, self._count = [], 0

    def close(self) -> int:
        """Write what is waiting, finish the file and flush it to disk; rows in the file."""
        self._flush()
        self._writer.close()
        sync(self.path)
        return self.rows

    def abandon(self) -> None:
        """Close the file without finishing it well; nobody reads it."""
        self._waiting = []
        self._writer.close()


def sync(path: Path) -> None:
    """Flush a file, or the entries of a folder, to disk."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def write_text(path: Path, text: str) -> None:
    """Write a small file so that readers see the old text or the new, never a part of it."""
    half = path.with_name(f"{path.name}.{os.getpid()}.tmp")
    with half.open("w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    os.replace(half, path)  # noqa: PTH105 - the atomic switch, named as such
    sync(path.parent)
