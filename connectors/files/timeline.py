"""Assignments from several tables of a mapping laid over each other in time.

One file says who reports to whom, another who held which territory; the canonical table wants
both in one row for each stretch of time. For each rep the days on which anything changes cut time
into stretches; each stretch takes each column from the pieces that cover it. Two pieces that
disagree (two managers at once) give two rows, for the build to name.
"""

from __future__ import annotations

import duckdb
import pyarrow as pa

from connectors.files.compile import BLOCK
from warehouse.tables import UNASSIGNED

_WHAT = ("manager_id", "team_id", "territory_id", "role", "ramp_schedule")


class Timeline:
    """Pieces of assignments gathered from several tables."""

    def __init__(self, con: duckdb.DuckDBPyConnection) -> None:
        self.con = con
        con.execute(
            "CREATE TEMP TABLE pieces (rep_id VARCHAR, valid_from DATE, valid_to DATE, what VARCHAR, "
            "holds VARCHAR, _file VARCHAR, _row BIGINT)"
        )

    def add(self, rows: pa.Table) -> None:
        """Gather rows of ``assignments``."""
        self.con.register(BLOCK, rows)
        for what in [name for name in _WHAT if name in rows.column_names]:
            self.con.execute(
                f"INSERT INTO pieces SELECT rep_id, valid_from, valid_to, '{what}', {what}, _file, _row FROM {BLOCK}"
            )
        self.con.unregister(BLOCK)

    def rows(self) -> pa.Table:
        """Rows of ``assignments``, each with the file and row of the first piece it comes from."""
        joins = " ".join(
            f"LEFT JOIN (SELECT DISTINCT ON (rep_id, valid_from, valid_to, holds) * FROM pieces "
            f"WHERE what = '{what}' AND holds IS NOT NULL ORDER BY _row) {what} "
            f"ON {what}.rep_id = s.rep_id AND {what}.valid_from < s.ends AND {what}.valid_to > s.starts"
            for what in _WHAT
        )
        values = ", ".join(
            f"coalesce({what}.holds, '{UNASSIGNED}') AS {what}"
            if what.endswith("_id")
            else f"{what}.holds AS {what}"
            for what in _WHAT
        )
        files = ", ".join(f"{what}._file" for what in _WHAT)
        numbers = ", ".join(f"{what}._row" for what in _WHAT)
        return self.con.sql(
            "WITH cuts AS (SELECT DISTINCT rep_id, valid_from AS starts FROM pieces UNION "
            "SELECT DISTINCT rep_id, valid_to FROM pieces), "
            "stretches AS (SELECT rep_id, starts, lead(starts) OVER (PARTITION BY rep_id ORDER BY starts) AS ends "
            "FROM cuts QUALIFY ends IS NOT NULL), "
            "covered AS (SELECT s.*, p._file AS any_file, p._row AS any_row FROM stretches s JOIN "
            "(SELECT DISTINCT ON (rep_id, valid_from, valid_to) * FROM pieces ORDER BY _row) p "
            "ON p.rep_id = s.rep_id AND p.valid_from < s.ends AND p.valid_to > s.starts "
            "QUALIFY row_number() OVER (PARTITION BY s.rep_id, s.starts ORDER BY p._row) = 1) "
            f"SELECT DISTINCT s.rep_id, {values}, s.starts AS valid_from, s.ends AS valid_to, "
            f"coalesce({files}, any_file) AS _file, coalesce({numbers}, any_row) AS _row "
            f"FROM covered s {joins} ORDER BY s.rep_id, s.starts"
        ).to_arrow_table()
