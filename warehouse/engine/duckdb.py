"""DuckDB in the process: one database a store, one cursor a query."""

from __future__ import annotations

import threading
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import duckdb
import pyarrow as pa

from warehouse.tables import TABLES
from warehouse.versions import Version


@dataclass(frozen=True)
class DuckEngine:
    """Reads Parquet parts with DuckDB; safe to use from many threads."""

    name: str = "duckdb"
    dialect: str = "duckdb"

    def run(self, sql: str, root: Path, version: Version) -> pa.Table:
        """Answer ``sql`` on a fresh cursor over the version's parts."""
        cursor = _database(root.resolve()).cursor_for(version)
        try:
            return cursor.sql(sql).to_arrow_table()
        finally:
            cursor.close()


class _Database:
    """An in-memory DuckDB that may read one store's folder and nothing else."""

    def __init__(self, root: Path) -> None:
        self._root = root
        self._lock = threading.Lock()
        self._known: set[str] = set()
        self._connection = duckdb.connect()
        # Order matters: with external access off first, even the store's own files are refused.
        self._connection.execute("SET allowed_directories = [?]", [f"{root}/"])
        self._connection.execute("SET enable_external_access = false")
        self._connection.execute("SET parquet_metadata_cache = true")

    def cursor_for(self, version: Version) -> duckdb.DuckDBPyConnection:
        """A cursor on which the canonical tables are those of ``version``."""
        schema = _schema_name(version)
        with self._lock:
            if schema not in self._known:
                self._create(schema, version)
            cursor = self._connection.cursor()
        cursor.execute(f'USE memory."{schema}"')
        return cursor

    def _create(self, schema: str, version: Version) -> None:
        self._connection.execute(f'CREATE SCHEMA IF NOT EXISTS "{schema}"')
        for table in TABLES:
            self._connection.execute(
                f'CREATE OR REPLACE VIEW "{schema}"."{table}" AS {self._select(table, version)}'
            )
        self._known.add(schema)

    def _select(self, table: str, version: Version) -> str:
        columns = ", ".join(f'"{name}"' for name in TABLES[table].arrow.names)
        parts = [str(self._root / part.path).replace("'", "''") for part in version.tables.get(table, ())]
        if parts:
            files = ", ".join(f"'{path}'" for path in parts)
            return f"SELECT {columns} FROM read_parquet([{files}])"
        empty = ", ".join(f'NULL::{_sql_type(f.type)} AS "{f.name}"' for f in TABLES[table].arrow)
        return f"SELECT {empty} WHERE false"


@cache
def _database(root: Path) -> _Database:
    return _Database(root)


def _schema_name(version: Version) -> str:
    return "v_" + "".join(c if c.isalnum() else "_" for c in version.id)


def _sql_type(arrow: pa.DataType) -> str:
    if pa.types.is_decimal(arrow):
        return f"DECIMAL({arrow.precision},{arrow.scale})"
    names = {
        "string": "VARCHAR",
        "double": "DOUBLE",
        "int64": "BIGINT",
        "bool": "BOOLEAN",
        "date32[day]": "DATE",
    }
    return names.get(str(arrow), "TIMESTAMPTZ")
