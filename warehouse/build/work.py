"""The scratch database of one build: relations of the canonical tables on the way to parts.

Of each table ``t`` there are three relations, each built on the one before:

* ``raw_t``  every row of every landing, numbered by ``_n`` in the order of sources and rows;
* ``good_t`` the rows that were not set aside, with references that lead nowhere put right;
* ``out_t``  the columns of the published parts, derived ones too.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa

from warehouse.settings import Settings
from warehouse.tables import TABLES, UNASSIGNED, Kind, Table

MEMORY_SHARE = 0.4
"""Part of the machine's memory a build may use before it spills to disk."""

_PREFIX = ".build-"

Progress = Any
"""``warehouse.landing.Progress`` or None."""


@dataclass
class Work:
    """A DuckDB connection with what every step of a build needs to know."""

    con: duckdb.DuckDBPyConnection
    folder: Path
    settings: Settings
    as_of: date
    built: set[str] = field(default_factory=set)  # tables that come from landings in this build
    absent: set[str] = field(default_factory=set)  # tables no source sends

    @property
    def latest(self) -> date:
        """The last day a row may be dated."""
        year = self.as_of.year + self.settings.latest_years_ahead
        leap = (self.as_of.month, self.as_of.day) == (2, 29)
        return self.as_of.replace(year=year, day=28 if leap else self.as_of.day)

    def run(self, sql: str, parameters: Sequence[object] = ()) -> None:
        """Execute a statement."""
        self.con.execute(sql, list(parameters))

    def rows(self, sql: str, parameters: Sequence[object] = ()) -> list[tuple[Any, ...]]:
        """All rows of a query; for small results only."""
        return self.con.execute(sql, list(parameters)).fetchall()

    def value(self, sql: str) -> Any:
        """The first value of a query's only row."""
        return self.rows(sql)[0][0]

    def arrow(self, sql: str) -> pa.Table:
        """A query's result as an Arrow table."""
        return self.con.sql(sql).to_arrow_table()

    def note(self, table: str, found: str, severity: str, *, empties: bool = False) -> int:
        """Record what a check found, and set the rows aside or put the field right.

        ``found`` is a query of ``_n, code, field, value, detail`` over the rows of ``raw_<table>``.
        Severity "row" takes the rows out of ``good_<table>``. With ``empties``, a "warning" keeps
        the row with ``field`` emptied: "unassigned" for a key, NULL for anything else.
        Returns the number of issues.
        """
        self.run(f"CREATE OR REPLACE TEMP TABLE found AS {found}")
        count: int = self.value("SELECT count(*) FROM found")
        if count:
            self._keep_issues(table, severity)
            if severity == "row":
                self.run(f"INSERT INTO aside_{table} SELECT DISTINCT _n FROM found")
            elif empties:
                self.run(f"INSERT INTO fix_{table} SELECT DISTINCT _n, field FROM found")
            self.define_good(TABLES[table])
        return count

    def _keep_issues(self, table: str, severity: str) -> None:
        columns = ", ".join(f'"{name}"' for name in sent(TABLES[table]))
        self.run(
            f"""INSERT INTO issues
            SELECT r.source_system, f.code, '{table}', coalesce(r._file, ''), r._row, f.field,
                   coalesce(left(CAST(f.value AS VARCHAR), 200), ''), coalesce(f.detail, ''),
                   CAST(to_json(r.line) AS VARCHAR), '{severity}'
            FROM found f JOIN (
                SELECT _n, source_system, _file, _row, struct_pack({_packed(columns)}) AS line
                FROM raw_{table} WHERE _n IN (SELECT _n FROM found)
            ) r USING (_n)"""
        )

    def define_good(self, table: Table) -> None:
        """(Re)define ``good_<table>``: without the rows set aside, with the fields put right."""
        name = table.name
        fixed = {row[0] for row in self.rows(f"SELECT DISTINCT field FROM fix_{name}")}
        columns = ", ".join(
            _fixed(table, column) if column in fixed else f'"{column}"' for column in sent(table)
        )
        aside = self.value(f"SELECT count(*) FROM aside_{name}")
        where = f"WHERE _n NOT IN (SELECT _n FROM aside_{name})" if aside else ""
        self.run(
            f"CREATE OR REPLACE VIEW good_{name} AS "
            f"SELECT {columns}, source_system, load_id, _file, _row, _n FROM raw_{name} {where}"
        )


def quoted(text: str) -> str:
    """A text as an SQL literal."""
    return "'" + text.replace("'", "''") + "'"


def parquet(*paths: Path, numbered: bool = False) -> str:
    """SQL of the rows of Parquet files, ``numbered`` by ``file_row_number``.

    Folder names such as "year=2026" on the way to a file say nothing about its rows.
    """
    files = ", ".join(quoted(str(path)) for path in paths)
    return (
        f"read_parquet([{files}], hive_partitioning = false{', file_row_number = true' if numbered else ''})"
    )


def sent(table: Table) -> list[str]:
    """Columns of a table's landing file, without personal ones."""
    return [name for name in table.landing.names if not table.by_name[name].personal]


def _packed(columns: str) -> str:
    return ", ".join(f"{name} := {name}" for name in columns.split(", "))


def _fixed(table: Table, column: str) -> str:
    empty = f"'{UNASSIGNED}'" if table.by_name[column].kind is Kind.KEY else "NULL"
    bad = f"_n IN (SELECT _n FROM fix_{table.name} WHERE field = '{column}')"
    return f'CASE WHEN {bad} THEN {empty} ELSE "{column}" END AS "{column}"'


@contextmanager
def workspace(root: Path, settings: Settings, as_of: date) -> Iterator[Work]:
    """A fresh scratch database in a temporary folder under ``root``, removed afterwards.

    The folder lies in the store so that finished parts can be moved into place. What a build that
    was killed left behind is removed first: the caller holds the store's lock.
    """
    for left in root.glob(f"{_PREFIX}*"):
        shutil.rmtree(left, ignore_errors=True)
    folder = Path(tempfile.mkdtemp(prefix=_PREFIX, dir=root))
    con = duckdb.connect(config={"memory_limit": f"{_memory()}MB", "temp_directory": str(folder / "spill")})
    try:
        con.execute("SET TimeZone = 'UTC'; SET preserve_insertion_order = false")
        con.execute("SET autoinstall_known_extensions = false")  # a build never goes to the network
        work = Work(con, folder, settings, as_of)
        work.run(_ISSUES)
        yield work
    finally:
        con.close()
        shutil.rmtree(folder, ignore_errors=True)


def _memory() -> int:
    """Megabytes a build may hold in memory."""
    total = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    return int(total * MEMORY_SHARE / 1_000_000)


_ISSUES = """CREATE TABLE issues (
    source VARCHAR, code VARCHAR, "table" VARCHAR, file VARCHAR, row BIGINT, field VARCHAR,
    value VARCHAR, detail VARCHAR, raw VARCHAR, severity VARCHAR)"""


def typed(table: Table, column: str) -> str:
    """SQL type of a column."""
    return _SQL[table.by_name[column].kind]


_SQL = {
    Kind.KEY: "VARCHAR",
    Kind.TEXT: "VARCHAR",
    Kind.MONEY: "DECIMAL(18,4)",
    Kind.SHARE: "DECIMAL(9,6)",
    Kind.RATE: "DECIMAL(18,8)",
    Kind.NUMBER: "DOUBLE",
    Kind.INTEGER: "BIGINT",
    Kind.FLAG: "BOOLEAN",
    Kind.DATE: "DATE",
    Kind.STAMP: "TIMESTAMP WITH TIME ZONE",
}


def finish(work: Work, table: str, derived: dict[str, str], source: str, *, alias: str = "t") -> None:
    """Define ``out_<table>``: its published columns, in order and typed.

    ``derived`` maps a column to the SQL that computes it; every other column comes from ``alias``
    in the FROM clause ``source``.
    """
    spec = TABLES[table]
    columns = [_typed_column(spec, name, derived.get(name, f'{alias}."{name}"')) for name in spec.arrow.names]
    work.run(f"CREATE OR REPLACE VIEW out_{table} AS SELECT {', '.join(columns)} FROM {source}")


def _typed_column(spec: Table, name: str, expression: str) -> str:
    return f'CAST({expression} AS {typed(spec, name)}) AS "{name}"'
