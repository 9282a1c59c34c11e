"""Paying a year: payout lines and the trace of every one, against DuckDB writing the same rows.

Usage: ``python -m benchmarks.pay [--payees N] [--credits N] [--rounds N]``

Six components a month for everybody: a rate on everything, marginal tiers of attainment, a curve on the target
incentive, the person's own rate on new business, an amount a unit, and tiers of the year to date on one product.
Both sides read the same Parquet files and write LINES and TRACE as Parquet; every line's amount is compared first.
``--peak`` is what this module runs of itself to see how much memory a side needs.
"""

from __future__ import annotations

import argparse
import json
import tempfile
from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal
from pathlib import Path
from statistics import median

import duckdb
import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from benchmarks.figures import Figure, at_most, say, show
from benchmarks.measuring import apart, interleaved, peak_mb, ratio
from benchmarks.pay_by_hand import script
from benchmarks.places import kept
from compensation.calculate import calculate
from compensation.inputs import ASSIGNMENTS, PERIODS, QUOTAS, SHARE, TRANSACTIONS, Inputs, Order
from compensation.money.fine import money
from compensation.periods import periods
from compensation.plan.reading import plan_of
from compensation.run import TRACE
from warehouse.settings import Settings

AIM_SECONDS = at_most(60)
AIM_MEMORY = at_most(2048)
SEED, YEAR, MONTHS = 7, 2025, 12
START, END = date(YEAR, 1, 1), date(YEAR + 1, 1, 1)
SIDES = ("ours", "duckdb")
PLAN = """\
plan = "bench"
name = "Bench"
valid_from = 2025-01-01
currency = "USD"

[measures.bookings]
of = "amount"
[measures.new_business]
of = "amount"
where = { type = "new" }
[measures.units]
of = "units"
[measures.insight]
of = "amount"
where = { product = "insight" }

[[components]]
id = "commission"
name = "Commission"
pays = "rate"
measure = "bookings"
period = "month"
rate = 0.04

[[components]]
id = "accelerator"
name = "Accelerator"
pays = "rate"
measure = "bookings"
period = "month"
basis = "attainment"
tiers = [{ from = 0, rate = 0.01 }, { from = 0.8, rate = 0.02 }, { from = 1, rate = 0.04 }]

[[components]]
id = "bonus"
name = "Bonus"
pays = "target"
measure = "bookings"
period = "month"
weight = 1
curve = [[0.7, 0.4], [1.0, 1.0], [1.5, 2.0]]

[[components]]
id = "new_business"
name = "New business"
pays = "rate"
measure = "new_business"
period = "month"
rate = "payee"
times = 0.5

[[components]]
id = "units"
name = "Units"
pays = "per_unit"
measure = "units"
period = "month"
rate = 1.25

[[components]]
id = "insight"
name = "Insight, year to date"
pays = "rate"
measure = "insight"
period = "month"
accumulate = "year"
tiers = [{ from = 0, rate = 0.005 }, { from = 50000, rate = 0.015 }]
"""


class DifferentPay(AssertionError):
    """The two sides pay differently: nothing can be said about their speed."""


def main(arguments: list[str] | None = None) -> int:
    """Measure and print every figure."""
    parser = argparse.ArgumentParser(prog="benchmarks.pay", description=__doc__)
    parser.add_argument("--payees", type=int, default=5000)
    parser.add_argument("--credits", type=int, default=1_000_000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--keep", type=Path, help="folder for the files, instead of the temporary one")
    parser.add_argument("--peak", nargs=2, metavar=("SIDE", "FOLDER"), help=argparse.SUPPRESS)
    given = parser.parse_args(arguments)
    if given.peak:
        side, folder = given.peak
        work(side, Path(folder))
        print(json.dumps({"mb": peak_mb()}))
        return 0
    for figure in figures(files(given.payees, given.credits, given.keep), given.credits, given.rounds):
        show(figure)
    return 0


# The company --------------------------------------------------------------------------------------


def files(payees: int, credits: int, keep: Path | None = None) -> Path:  # noqa: A002 - credits is the word here
    """The folder of the input files, made if it is not there."""
    return kept(f"pay-{payees}-{credits}", "1", lambda folder: make(folder, payees, credits), keep)


def make(folder: Path, payees: int, count: int) -> None:
    """Write ``transactions``, ``assignments`` and ``quotas`` of so many people and credits."""
    say(f"Writing {count:,} credits of {payees:,} people …")
    folder.mkdir(parents=True)
    random = np.random.default_rng(SEED)
    names = pa.array([f"p{number:06}" for number in range(payees)])
    # A month's quota about what a month's deals come to, so that tiers and curve are used over their length.
    typical = count / payees / MONTHS * 3000 * np.exp(0.8**2 / 2)
    tables = {
        "transactions": _transactions(random, names, count),
        "assignments": _assignments(random, names),
        "quotas": _quotas(random, names, typical),
    }
    for name, table in tables.items():
        pq.write_table(table, folder / f"{name}.parquet")


def _transactions(random: np.random.Generator, names: pa.Array, count: int) -> pa.Table:
    ids = pa.array([f"t{number:08}" for number in range(count)])
    days = np.datetime64(START) + random.integers(0, 365, count)
    return _table(
        TRANSACTIONS,
        {
            "transaction_id": ids,
            "deal_id": ids,
            "rep": names.take(pa.array(random.integers(0, len(names), count))),
            "kind": _repeated("direct", count),
            "date": pa.array(days.astype("datetime64[D]")),
            "amount": _money(np.round(random.lognormal(np.log(3000), 0.8, count), 2)),
            "share": pa.repeat(pa.scalar(Decimal(1), SHARE), count),
            "currency": _repeated("USD", count),
            "units": _money(random.integers(1, 10, count).astype(float)),
            "type": _choice(random, ["new", "renewal"], [0.4, 0.6], count),
            "product": _choice(random, ["insight", "core"], [0.25, 0.75], count),
        },
    )


def _assignments(random: np.random.Generator, names: pa.Array) -> pa.Table:
    count = len(names)
    return _table(
        ASSIGNMENTS,
        {
            "plan_id": _repeated("bench", count),
            "rep": names,
            "valid_from": _repeated(START, count),
            "valid_to": _repeated(END, count),
            "currency": _repeated("USD", count),
            "target_incentive": _money(random.integers(20, 80, count) * 1200.0),
            "rate": pa.array(
                [Decimal(rate) / 1000 for rate in random.integers(30, 90, count).tolist()], SHARE
            ),
        },
    )


def _quotas(random: np.random.Generator, names: pa.Array, typical: float) -> pa.Table:
    months = [date(YEAR, month, 1) for month in range(1, 13)]
    ends = [*months[1:], END]
    count = len(names) * MONTHS
    return _table(
        QUOTAS,
        {
            "rep": names.take(pa.array(np.repeat(np.arange(len(names)), MONTHS))),
            "scope": _repeated("rep", count),
            "measure": _repeated("bookings", count),
            "start": pa.array(months * len(names)),
            "end": pa.array(ends * len(names)),
            "amount": _money(np.round(typical * random.lognormal(0, 0.3, count), -2)),
            "currency": _repeated("USD", count),
        },
    )


def _table(schema: pa.Schema, columns: Mapping[str, pa.Array]) -> pa.Table:
    count = len(next(iter(columns.values())))
    found = [columns[each.name] if each.name in columns else pa.nulls(count, each.type) for each in schema]
    return pa.table(
        [column.cast(each.type) for column, each in zip(found, schema, strict=True)], schema=schema
    )


def _repeated(value: object, count: int) -> pa.Array:
    return pa.repeat(pa.scalar(value), count)


def _choice(random: np.random.Generator, names: list[str], shares: list[float], count: int) -> pa.Array:
    return pa.array(names).take(pa.array(random.choice(len(names), count, p=shares)))


def _money(values: np.typing.NDArray[np.float64]) -> pa.Array:
    """To the cent, exactly."""
    return money(np.round(values * 100).astype(np.int64) * 100)


# The two sides ------------------------------------------------------------------------------------


def work(side: str, folder: Path) -> None:
    """One side, once, into a folder that is thrown away."""
    with tempfile.TemporaryDirectory(prefix="attain-pay-") as temporary:
        (ours if side == "ours" else by_duckdb)(folder, Path(temporary))


def ours(folder: Path, out: Path) -> None:
    """Read, calculate and write lines and trace; the trace goes to disk component by component."""
    read = {
        name: pq.read_table(folder / f"{name}.parquet") for name in ("transactions", "assignments", "quotas")
    }
    given = Inputs(**read, periods=periods(Settings(), START, date(YEAR, 12, 31)).cast(PERIODS))
    with pq.ParquetWriter(out / "trace.parquet", TRACE) as trace:
        found = calculate(Order((plan_of(PLAN),), START, END, END), given, trace.write_table)
    if found.problems:
        raise DifferentPay(f"The calculation met problems, such as {found.problems[0].code}.")
    pq.write_table(found.lines, out / "lines.parquet")


def by_duckdb(folder: Path, out: Path) -> None:
    """The same rows by SQL."""
    connection = duckdb.connect()
    connection.execute(script(folder, out))
    connection.close()


def agree(folder: Path) -> None:
    """Both sides write as many rows, and every line's amount is the same to a cent.

    A cent: DuckDB divides in floating point where a curve needs it.
    """
    with tempfile.TemporaryDirectory(prefix="attain-pay-") as temporary:
        mine, hand = Path(temporary, "ours"), Path(temporary, "duckdb")
        for place, side in ((mine, ours), (hand, by_duckdb)):
            place.mkdir()
            side(folder, place)
        _compare(mine, hand)


def _compare(mine: Path, hand: Path) -> None:
    rows = [pq.read_metadata(place / "trace.parquet").num_rows for place in (mine, hand)]
    if rows[0] != rows[1]:
        raise DifferentPay(f"Traces have {rows[0]} and {rows[1]} rows.")
    query = """
        SELECT count(*), count(*) FILTER (WHERE a.amount IS NULL OR b.amount IS NULL OR abs(a.amount - b.amount) > 0.01)
        FROM (FROM read_parquet($1)) a FULL JOIN (FROM read_parquet($2)) b
          USING (rep, component_id, period_start)"""
    connection = duckdb.connect()
    found = connection.execute(query, [str(mine / "lines.parquet"), str(hand / "lines.parquet")]).fetchone()
    connection.close()
    assert found is not None
    if found[1]:
        raise DifferentPay(f"{found[1]} of {found[0]} lines differ.")
    say(f"Both sides write the same {found[0]:,} lines and {rows[0]:,} rows of trace.")


def figures(folder: Path, credits: int, rounds: int) -> Iterator[Figure]:  # noqa: A002
    """Every figure of this benchmark, as it is measured."""
    agree(folder)
    works = {side: lambda side=side: work(side, folder) for side in SIDES}  # type: ignore[misc]
    times = interleaved(works, rounds, warm=False)  # agreeing has warmed both up
    yield Figure("pay.ours", median(times["ours"]), "s", AIM_SECONDS)
    yield Figure("pay.duckdb", median(times["duckdb"]), "s")
    yield Figure("pay.ratio_to_duckdb", ratio(times["ours"], times["duckdb"]), "×")
    yield Figure("pay.credits_per_second", credits / median(times["ours"]), "rows/s")
    for side in SIDES:
        aim = AIM_MEMORY if side == "ours" else None
        yield Figure(
            f"pay.peak_memory.{side}", apart("benchmarks.pay", "--peak", side, str(folder))["mb"], "MB", aim
        )


if __name__ == "__main__":
    raise SystemExit(main())
