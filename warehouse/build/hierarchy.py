"""Who reports to whom, over time: circles broken and named, and the closure ``visibility``."""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from datetime import date
from typing import Any, NamedTuple

import pyarrow as pa

from warehouse.build.work import Work, finish
from warehouse.tables import OPEN_END, UNASSIGNED

ALWAYS = date(1900, 1, 1)
"""``valid_from`` of what holds for all time."""


class Edge(NamedTuple):
    """For some days, a rep reports to a manager."""

    start: date
    n: int  # row number in raw_assignments
    rep: str
    manager: str
    end: date


def break_cycles(work: Work) -> None:
    """Where managers form a circle, the row that closes it gets no manager, and is named.

    Of the rows of a circle, the one that came into force last closes it (the later row of two from
    the same day). A rep who reports to themselves is a circle of one.
    """
    rows = work.rows(
        f"""SELECT valid_from, _n, rep_id, manager_id, valid_to FROM good_assignments
            WHERE manager_id <> '{UNASSIGNED}' AND NOT is_deleted ORDER BY valid_from, _n"""
    )
    found = closing_edges([Edge(*row) for row in rows])
    if not found:
        return
    work.con.register("circles", _issues(found))
    work.note("assignments", "SELECT * FROM circles", "warning", empties=True)
    work.con.unregister("circles")


def closing_edges(edges: list[Edge]) -> list[tuple[Edge, list[str]]]:
    """The edges that close a circle, each with the circle as a path that ends where it begins.

    ``edges`` come in order of their start, each rep having one manager a day. An edge is looked at
    on its first day only: whatever circle it is the last part of stands complete on that day. The
    edges kept so far are free of circles, so following managers upwards always ends.
    """
    kept: dict[str, list[Edge]] = defaultdict(list)
    closing = []
    for edge in edges:
        path = _path_up(kept, edge)
        if path[-1] == edge.rep:
            closing.append((edge, path))
        else:
            kept[edge.rep].append(edge)
    return closing


def _path_up(kept: dict[str, list[Edge]], edge: Edge) -> list[str]:
    """From an edge's rep through the managers above on its first day, until the top or the rep."""
    path = [edge.rep, edge.manager]
    while path[-1] != edge.rep:
        above = _manager(kept.get(path[-1], []), edge.start)
        if above is None:
            break
        path.append(above)
    return path


def _manager(edges: list[Edge], day: date) -> str | None:
    """Who a rep reports to on a day; ``edges`` are the rep's, by start."""
    at = bisect_right(edges, day, key=lambda edge: edge.start) - 1
    return edges[at].manager if at >= 0 and day < edges[at].end else None


def _issues(found: list[tuple[Edge, list[str]]]) -> pa.Table:
    return pa.table(
        {
            "_n": [edge.n for edge, _ in found],
            "code": ["hierarchy_cycle"] * len(found),
            "field": ["manager_id"] * len(found),
            "value": [edge.manager for edge, _ in found],
            "detail": [" → ".join(path) for _, path in found],
        }
    )


def visibility(work: Work, grants: pa.Table | None) -> None:
    """Define ``out_visibility``: the closure of the hierarchy, oneself, and what was granted.

    ``grants`` has viewer_id, rep_id, valid_from and valid_to.
    """
    work.run(_CLOSURE)
    work.run(
        "CREATE OR REPLACE TABLE granted (viewer_id VARCHAR, rep_id VARCHAR, valid_from DATE, valid_to DATE)"
    )
    if grants is not None:
        work.con.register("grants", grants)
        work.run("INSERT INTO granted SELECT viewer_id, rep_id, valid_from, valid_to FROM grants")
        work.con.unregister("grants")
    work.run(_VISIBLE)
    finish(work, "visibility", DERIVED_ROW | {"source_id": _ID}, "visible t")


DERIVED_ROW: dict[str, Any] = {
    "source_system": "'warehouse'",
    "source_updated_at": "NULL",
    "load_id": "''",
    "is_deleted": "false",
}
"""The row columns of a table the warehouse computes."""

_ID = "concat_ws('|', viewer_id, rep_id, valid_from, reason)"

# Paths are followed upwards, cutting their days to those all steps share. Circles are gone, so no
# path is longer than there are people; UNION and the bound make sure of the end all the same.
_CLOSURE = f"""CREATE OR REPLACE TABLE closure AS
    WITH RECURSIVE edges AS (
        SELECT rep_id, manager_id, valid_from, valid_to FROM good_assignments
        WHERE manager_id <> '{UNASSIGNED}' AND NOT is_deleted
    ), paths AS (
        SELECT manager_id AS viewer_id, rep_id, valid_from, valid_to, 1 AS depth FROM edges
        UNION
        SELECT e.manager_id, p.rep_id, greatest(p.valid_from, e.valid_from), least(p.valid_to, e.valid_to), depth + 1
        FROM paths p JOIN edges e ON e.rep_id = p.viewer_id
             AND e.valid_from < p.valid_to AND p.valid_from < e.valid_to
        WHERE depth < (SELECT count(DISTINCT rep_id) + 1 FROM edges)
    )
    SELECT * FROM paths"""

# Intervals of the same pair and depth that touch or overlap become one.
_VISIBLE = f"""CREATE OR REPLACE TABLE visible AS
    WITH every AS (
        SELECT viewer_id, rep_id, valid_from, valid_to, depth, 'reports' AS reason FROM closure
        UNION ALL SELECT viewer_id, rep_id, valid_from, valid_to, 0, 'grant' FROM granted WHERE valid_from < valid_to
        UNION ALL SELECT rep_id, rep_id, DATE '{ALWAYS}', DATE '{OPEN_END}', 0, 'self'
                  FROM (SELECT rep_id FROM good_reps WHERE NOT is_deleted
                        UNION SELECT rep_id FROM good_assignments WHERE NOT EXISTS (SELECT 1 FROM good_reps))
                  WHERE rep_id <> '{UNASSIGNED}'
    ), marked AS (
        SELECT *, coalesce(valid_from > max(valid_to) OVER (
            PARTITION BY viewer_id, rep_id, depth, reason ORDER BY valid_from, valid_to
            ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING), true) AS starts FROM every
    ), islands AS (
        SELECT *, count(*) FILTER (starts) OVER (
            PARTITION BY viewer_id, rep_id, depth, reason ORDER BY valid_from, valid_to
            ROWS UNBOUNDED PRECEDING) AS island FROM marked
    )
    SELECT viewer_id, rep_id, min(valid_from) AS valid_from, max(valid_to) AS valid_to, depth, reason
    FROM islands GROUP BY viewer_id, rep_id, depth, reason, island"""
