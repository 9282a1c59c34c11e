"""Importing a large CSV file: throughput against DuckDB's own read of the same file, and peak memory.

Usage: ``python -m benchmarks.imports [--rows N] [--rounds N]``

One file of sales and one of people, made the same way every time. Ours is the whole import: read, check, land,
derive, publish. ``peak N`` is what this module runs of itself to see how much memory that needs.
"""

from __future__ import annotations

import argparse
import json
import tempfile
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from statistics import median

import duckdb
import numpy as np
import pyarrow as pa
import pyarrow.csv as pacsv

from benchmarks.figures import Figure, say, show
from benchmarks.measuring import apart, interleaved, peak_mb, ratio
from benchmarks.places import kept
from connectors.files import FilesConnector, read_mapping
from warehouse.landing import Landing
from warehouse.settings import Settings
from warehouse.store import Store
from workflows.refresh import load

NOW = datetime(2026, 1, 2, tzinfo=UTC)
REPS, SEED = 100, 7
MAPPING = """
[source]
name = "sales"
as_of = 2025-12-31

[files.sales]
path = "sales.csv"

[files.reps]
path = "reps.csv"

[[tables]]
fills = "reps"
from = "reps"

[tables.columns]
rep_id = "rep"

[[tables]]
fills = "opportunities"
from = "sales"

[tables.columns]
opportunity_id = "order"
owner_id = "rep"
amount = "amount"
close_on = "day"
is_won = { value = true }
is_closed = { value = true }
"""


def main(arguments: list[str] | None = None) -> int:
    """Measure and print every figure."""
    parser = argparse.ArgumentParser(prog="benchmarks.imports", description=__doc__)
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--keep", type=Path, help="folder for the files, instead of the temporary one")
    parser.add_argument("--peak", type=Path, metavar="FOLDER", help=argparse.SUPPRESS)
    given = parser.parse_args(arguments)
    if given.peak:
        whole(given.peak)
        print(json.dumps({"mb": peak_mb()}))
        return 0
    for figure in figures(files(given.rows, given.keep), given.rows, given.rounds):
        show(figure)
    return 0


def files(rows: int, keep: Path | None = None) -> Path:
    """The folder of the two files, made if it is not there."""
    return kept(f"sales-{rows}", "1", lambda folder: make(folder, rows), keep)


def make(folder: Path, rows: int) -> None:
    """Write ``reps.csv`` and ``sales.csv`` with so many sales in 2025."""
    say(f"Writing {rows:,} sales …")
    folder.mkdir(parents=True)
    random = np.random.default_rng(SEED)
    cents = np.round(random.lognormal(8, 1, rows), 2)
    days = np.datetime64("2025-01-01") + random.integers(0, 365, rows)
    sales = {
        "order": pa.array(np.arange(rows)),
        "day": pa.array(days.astype("datetime64[D]")),
        "rep": pa.array(random.integers(0, REPS, rows)),
        "amount": pa.array(cents),
        "note": pa.array(["a sale, as such files have them"] * rows),
    }
    pacsv.write_csv(pa.table(sales), folder / "sales.csv")
    pacsv.write_csv(pa.table({"rep": pa.array(np.arange(REPS))}), folder / "reps.csv")


def whole(folder: Path) -> None:
    """Import the folder into a new store, to a published version."""
    with tempfile.TemporaryDirectory(prefix="attain-import-") as temporary:
        store = Store.create(Path(temporary, "store"), "own", NOW)
        report = load(FilesConnector(read_mapping(MAPPING), folder), store, Settings(), NOW)
        kept_rows = report.counts["opportunities"]["kept"]
        if not kept_rows or report.counts["opportunities"]["set_aside"]:
            raise ValueError(f"{kept_rows} rows arrived, and some were set aside: the benchmark is wrong")


def landed(folder: Path) -> None:
    """Read, check and land the folder, without deriving and publishing."""
    with tempfile.TemporaryDirectory(prefix="attain-import-") as temporary:
        store = Store.create(Path(temporary, "store"), "own", NOW)
        with Landing.start(store, "files:sales", NOW) as landing:
            FilesConnector(read_mapping(MAPPING), folder).read(landing, {})


def by_duckdb(folder: Path) -> None:
    """DuckDB's own read of the same file into a table of typed columns."""
    connection = duckdb.connect()
    connection.execute("CREATE TABLE sales AS SELECT * FROM read_csv(?)", [str(folder / "sales.csv")])
    connection.close()


def figures(folder: Path, rows: int, rounds: int) -> Iterator[Figure]:
    """Every figure of this benchmark, as it is measured."""
    works = {
        "whole": lambda: whole(folder),
        "landed": lambda: landed(folder),
        "duckdb": lambda: by_duckdb(folder),
    }
    times = interleaved(works, rounds)
    for name in works:
        yield Figure(f"imports.{name}.rows_per_second", rows / median(times[name]), "rows/s")
    for name in ("whole", "landed"):
        yield Figure(f"imports.{name}.to_duckdb", ratio(times[name], times["duckdb"]), "×")
    yield Figure("imports.whole.peak_memory", apart("benchmarks.imports", "--peak", str(folder))["mb"], "MB")


if __name__ == "__main__":
    raise SystemExit(main())
