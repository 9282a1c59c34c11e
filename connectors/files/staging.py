"""Joined files, staged in DuckDB with one row a key, so that a join never multiplies rows."""

from __future__ import annotations

from collections.abc import Callable

import duckdb
import pyarrow as pa

from connectors.files.compile import BLOCK, condition
from connectors.files.convert import clean
from connectors.files.needs import joined_columns
from connectors.files.opening import Source
from connectors.files.reading import Report
from connectors.files.scope import Staged
from connectors.files.spec import Join, TableSpec
from warehouse.issues import DataIssue

Execute = Callable[[str], duckdb.DuckDBPyConnection]


def stage(
    con: duckdb.DuckDBPyConnection, name: str, table: TableSpec, join: Join, source: Source, report: Report
) -> Staged:
    """Stage the columns of a joined file that a table needs; its repeated keys are reported.

    ``report`` takes the rows of the joined file that cannot be read, too.
    """
    columns = joined_columns(table, join)
    position = {column: number for number, column in enumerate(columns)}
    _fill(con, name, columns, source, report)
    where = [condition(f"v{position[c.column]}", c) for c in join.where]
    keys = [f"v{position[there]}" for _, there in join.on]
    present = " AND ".join([*where, *(f"{key} IS NOT NULL" for key in keys)])
    _report_repeated(con, name, keys, present, join, report)
    con.execute(
        f"CREATE TEMP TABLE {name} AS SELECT * FROM {name}_all WHERE {present} "
        f"QUALIFY row_number() OVER (PARTITION BY {', '.join(keys)} ORDER BY _n) = 1"
    )
    con.execute(f"DROP TABLE {name}_all")
    return Staged(name, tuple(columns), position)


def _fill(
    con: duckdb.DuckDBPyConnection, name: str, columns: list[str], source: Source, report: Report
) -> None:
    values = ", ".join(
        f"{clean(f'c{source.position(column)}', source.spec.null)} AS v{number}"
        for number, column in enumerate(columns)
    )
    con.execute(
        f"CREATE TEMP TABLE {name}_all ({', '.join(f'v{n} VARCHAR' for n in range(len(columns)))}, "
        "_file VARCHAR, _row BIGINT, _n BIGINT)"
    )
    for block in source.blocks(report):
        insert(
            con,
            f"INSERT INTO {name}_all SELECT {values}, _file, _row, _n FROM {BLOCK}",
            block.rows,
        )


def insert(con: duckdb.DuckDBPyConnection, sql: str, rows: pa.Table) -> None:
    """Run ``sql`` over a block."""
    con.register(BLOCK, rows)
    con.execute(sql)
    con.unregister(BLOCK)


def _report_repeated(
    con: duckdb.DuckDBPyConnection, name: str, keys: list[str], present: str, join: Join, report: Report
) -> None:
    """A warning for each row whose key an earlier row had, with other values."""
    over = f"OVER (PARTITION BY {', '.join(keys)} ORDER BY _n)"
    known = con.execute(f"DESCRIBE {name}_all").fetchall()
    values = (
        f"concat_ws('\x1f', {', '.join(f'coalesce({c[0]}, chr(0))' for c in known if c[0].startswith('v'))})"
    )
    rows = con.execute(
        f"SELECT _file, _row, concat_ws(' ', {', '.join(keys)}) FROM {name}_all WHERE {present} "
        f"QUALIFY row_number() {over} > 1 AND {values} <> first_value({values}) {over}"
    ).fetchall()
    field = ", ".join(there for _, there in join.on)
    for file, row, value in rows:
        report(DataIssue("join_repeated", file=file, row=row, field=field, value=value, severity="warning"))
