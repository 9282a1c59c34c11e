"""Keys that name nothing that was loaded.

A reference can only be checked against a table that some source sends: where no source sends
territories, the territory a quota names is simply its name. Otherwise there are three cases:

* the row belongs to what it names (a split to its deal, a quota to its rep): it is set aside;
* the row counts by itself (a deal of an unknown owner): the key becomes "unassigned" with a
  warning, so that no money is lost;
* the key only says who acted (who changed a field): as above, one warning for each unknown key.
"""

from __future__ import annotations

from warehouse.build.work import Work
from warehouse.tables import TABLES, UNASSIGNED, Column

BELONGS = {
    "assignments": {"rep_id"},
    "territory_accounts": {"account_id", "territory_id"},
    "plan_components": {"plan_id"},
    "plan_assignments": {"plan_id", "rep_id"},
    "opportunity_splits": {"opportunity_id"},
    "opportunity_lines": {"opportunity_id"},
    "opportunity_changes": {"opportunity_id"},
    "quotas": {"rep_id"},
    "forecast_submissions": {"rep_id"},
    "approvals": {"draft_id"},
}
"""Columns without which a row says nothing."""

ACTORS = {"changed_by", "made_by", "decided_by", "submitted_by"}
"""Columns that say who acted, not whose row it is."""

_ID = {"reps": "rep_id", "opportunities": "opportunity_id", "drafts": "draft_id"}


def unknown(work: Work, table: str) -> None:
    """Find references of a table's rows that lead nowhere."""
    for column in TABLES[table].columns:
        if column.refers and not column.derived and column.refers not in work.absent:
            _check(work, table, column)


def _check(work: Work, table: str, column: Column) -> None:
    if column.name in ACTORS:
        work.note(table, _by_key(table, column), "warning", empties=False)
        _empty_all(work, table, column)
    elif column.name in BELONGS.get(table, ()):
        work.note(table, _by_row(table, column, ""), "row")
    else:
        work.note(table, _by_row(table, column, "; the row is kept as unassigned"), "warning", empties=True)


def _code(column: Column) -> str:
    """Managers are references too, but a rep whose manager is missing is called an orphan."""
    return "unknown_rep" if column.refers == "reps" and column.name != "manager_id" else "orphan"


def _by_row(table: str, column: Column, detail: str) -> str:
    return f"""
        SELECT _n, '{_code(column)}' AS code, '{column.name}' AS field, {column.name} AS value,
               '{detail}' AS detail
        FROM good_{table} t WHERE {_nowhere(column)}"""


def _nowhere(column: Column) -> str:
    target = _ID.get(column.refers, TABLES[column.refers].key[0])
    if column.refers == "plan_components":
        target = "component_id"
    return (
        f"{column.name} <> '{UNASSIGNED}' AND NOT EXISTS "
        f"(SELECT 1 FROM good_{column.refers} r WHERE r.{target} = t.{column.name})"
    )


def _by_key(table: str, column: Column) -> str:
    return f"""
        SELECT min(_n) AS _n, '{_code(column)}' AS code, '{column.name}' AS field, {column.name} AS value,
               '; so in ' || count(*) || ' rows, all kept as unassigned' AS detail
        FROM good_{table} t WHERE {_nowhere(column)} GROUP BY {column.name}"""


def _empty_all(work: Work, table: str, column: Column) -> None:
    """Put every row right whose actor is unknown, not only the one that was named."""
    work.run(
        f"INSERT INTO fix_{table} SELECT _n, '{column.name}' FROM good_{table} t WHERE {_nowhere(column)}"
    )
    work.define_good(TABLES[table])
