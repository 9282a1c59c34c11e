"""Two rows that claim the same thing for the same days.

What a rep reports to, what region a territory has, whose territory an account lies in and what a
person's target incentive is can only be one thing on a day; else every join on that day would count
twice. Of two rows that overlap, the one that starts later is set aside.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import groupby
from operator import itemgetter
from typing import Any

import pyarrow as pa

from warehouse.build.union import PLACE
from warehouse.build.work import Work

ONE_AT_A_TIME = {
    "assignments": (("rep_id",), "manager_id"),
    "territories": (("territory_id",), "region_id"),
    "territory_accounts": (("account_id",), "territory_id"),
    "plan_assignments": (("plan_id", "rep_id"), "plan_id"),
}
"""Effective-dated tables: what has one row a day, and the column that row is about."""

Row = tuple[Any, ...]


def overlaps(work: Work, table: str) -> None:
    """Set aside rows that overlap an earlier-starting row of the same thing."""
    if table not in ONE_AT_A_TIME:
        return
    rows = work.rows(_suspects(table))
    found = [issue for _, group in groupby(rows, key=itemgetter(0)) for issue in _later(table, group)]
    if found:
        work.con.register("overlapping", _as_table(found))
        work.note(table, "SELECT * FROM overlapping", "row")
        work.con.unregister("overlapping")


def _suspects(table: str) -> str:
    """All rows of the things that have an overlap anywhere, in order of their start."""
    of, about = ONE_AT_A_TIME[table]
    what = f"concat_ws(' | ', {', '.join(of)})"
    return f"""
        WITH rows AS (
            SELECT {what} AS what, _n, valid_from, valid_to, {about} AS about, {PLACE} AS place
            FROM good_{table} WHERE NOT is_deleted
        ), marked AS (
            SELECT *, valid_from < max(valid_to) OVER (
                PARTITION BY what ORDER BY valid_from, _n ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING
            ) AS late FROM rows
        )
        SELECT what, _n, valid_from, valid_to, about, place FROM marked
        WHERE what IN (SELECT what FROM marked WHERE late) ORDER BY what, valid_from, _n"""


def _later(table: str, rows: Iterable[Row]) -> Iterator[Row]:
    """Issues of the rows that start before the last kept row has ended."""
    kept: Row | None = None
    for row in rows:
        if kept is None or row[2] >= kept[3]:
            kept = row
        else:
            yield _issue(table, kept, row)


def _issue(table: str, kept: Row, late: Row) -> Row:
    of, _ = ONE_AT_A_TIME[table]
    what, n, start, _, about, _ = late
    code = "two_managers" if table == "assignments" and about != kept[4] else "overlap"
    return (n, code, ", ".join(of), what, f"{kept[4]} from {kept[2]} in {kept[5]}, {about} from {start}")


def _as_table(found: list[Row]) -> pa.Table:
    names = ("_n", "code", "field", "value", "detail")
    return pa.table(dict(zip(names, map(list, zip(*found, strict=True)), strict=True)))
