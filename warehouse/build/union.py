"""All landings' rows of a table as one relation, and keys that are used twice."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pyarrow.parquet as pq

from warehouse.build.work import Work, parquet, quoted, sent, typed
from warehouse.tables import TABLES, Table

PLANNING = "planning"
"""The source of what people decide in the application; its rows come after all others."""

_FILE_BITS = 40  # rows of a file are numbered below 2 ** 40


def in_order(landings: Mapping[str, Path]) -> list[tuple[str, Path]]:
    """Sources by name, "planning" last: of two rows with one key the first is kept."""
    return sorted(landings.items(), key=lambda item: (item[0] == PLANNING, item[0]))


def land(work: Work, table: str, landings: Mapping[str, Path]) -> None:
    """Define ``raw_<table>`` over the landings' files and ``good_<table>`` over it."""
    spec = TABLES[table]
    files = files_of(table, landings)
    if not files:
        work.absent.add(table)
        work.run(f"CREATE OR REPLACE VIEW good_{table} AS {_nothing(spec)}")
        return
    selects = [_select(spec, number, source, folder) for number, source, folder in files]
    work.run(f"CREATE OR REPLACE VIEW raw_{table} AS {' UNION ALL '.join(selects)}")
    work.run(f"CREATE OR REPLACE TABLE aside_{table} (_n BIGINT)")
    work.run(f"CREATE OR REPLACE TABLE fix_{table} (_n BIGINT, field VARCHAR)")
    work.built.add(table)
    work.define_good(spec)


def files_of(table: str, landings: Mapping[str, Path]) -> list[tuple[int, str, Path]]:
    """(number, source, folder) of the landings that hold a table, in order."""
    return [
        (number, source, folder)
        for number, (source, folder) in enumerate(in_order(landings))
        if (folder / f"{table}.parquet").exists()
    ]


def _select(spec: Table, number: int, source: str, folder: Path) -> str:
    path = folder / f"{spec.name}.parquet"
    there = set(pq.read_schema(path).names)
    columns = ", ".join(f'"{name}"' for name in sent(spec))
    place = ", ".join(
        name if name in there else f"CAST(NULL AS {kind}) AS {name}"
        for name, kind in (("_file", "VARCHAR"), ("_row", "BIGINT"))
    )
    return (
        f"SELECT {columns}, {quoted(source)} AS source_system, {quoted(folder.name)} AS load_id, {place}, "
        f"({number}::BIGINT << {_FILE_BITS}) + file_row_number AS _n "
        f"FROM {parquet(path, numbered=True)}"
    )


def _nothing(spec: Table) -> str:
    columns = ", ".join(f'CAST(NULL AS {typed(spec, name)}) AS "{name}"' for name in sent(spec))
    return (
        f"SELECT {columns}, '' AS source_system, '' AS load_id, CAST(NULL AS VARCHAR) AS _file, "
        "CAST(NULL AS BIGINT) AS _row, CAST(0 AS BIGINT) AS _n WHERE false"
    )


def duplicates(work: Work, table: str) -> None:
    """Of rows with the same key the first is kept; the others are set aside, naming the first.

    Keys are compared through a 64-bit hash first: grouping ten million numbers is far cheaper than
    grouping ten million texts, and only rows whose hash appears twice are looked at again.
    """
    keys = [f'"{name}"' for name in TABLES[table].key]
    hashed = f"hash({', '.join(keys)})"
    work.run(
        f"CREATE OR REPLACE TEMP TABLE twice AS SELECT {hashed} AS h FROM good_{table} GROUP BY h HAVING count(*) > 1"
    )
    if work.value("SELECT count(*) FROM twice"):
        work.note(table, _later_rows(table, keys, hashed), "row")


def _later_rows(table: str, keys: list[str], hashed: str) -> str:
    value = f"concat_ws(' | ', {', '.join(keys)})"
    field = ", ".join(TABLES[table].key)
    return f"""
        SELECT _n, 'duplicate_id' AS code, '{field}' AS field, {value} AS value,
               ' in ' || first_place AS detail
        FROM (
            SELECT _n, {", ".join(keys)}, row_number() OVER w AS nth,
                   first_value({PLACE}) OVER w AS first_place
            FROM good_{table} WHERE {hashed} IN (SELECT h FROM twice)
            WINDOW w AS (PARTITION BY {", ".join(keys)} ORDER BY _n)
        ) WHERE nth > 1"""


PLACE = (
    """concat_ws(', ', nullif(_file, ''), 'row ' || _row, CASE WHEN _file IS NULL THEN source_system END)"""
)
"""Where a row is, in words: "people.csv, row 3"."""
