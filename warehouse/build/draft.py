"""One build, step by step: land, check, derive, write."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from warehouse import issues
from warehouse.build import (
    checks,
    crediting,
    currency,
    hierarchy,
    opportunities,
    parts,
    periods,
    quotas,
)
from warehouse.build.order import DERIVED, concerned
from warehouse.build.union import PLANNING, files_of, land
from warehouse.build.work import Work, finish, parquet, workspace
from warehouse.landed import LandingInfo, set_aside_rows, source_states
from warehouse.landing import Progress
from warehouse.settings import Settings
from warehouse.store import Store
from warehouse.tables import TABLES
from warehouse.versions import Draft, Part, Version

_STEPS: dict[str, Callable[[Work], None]] = {
    "opportunities": opportunities.opportunities,
    "opportunity_changes": opportunities.changes,
    "opportunity_lines": opportunities.lines,
    "credits": crediting.place,
    "quotas": quotas.quotas,
    "payouts": opportunities.payouts,
    "forecast_submissions": opportunities.forecast_submissions,
}
"""How ``out_<table>`` is defined where the warehouse adds columns."""


def build(
    store: Store,
    landings: Mapping[str, Path],
    settings: Settings,
    now: datetime,
    only: set[str] | None = None,
    progress: Progress | None = None,
    *,
    grants: pa.Table | None = None,
) -> Draft:
    """Build a draft from the sealed landings of every source, by source.

    ``only`` names the tables whose rows changed: those and all that follow from them are built, the
    others keep their parts and issues. Without a current version, or when the settings or the as-of
    day changed, everything is built. ``grants`` (viewer_id, rep_id, valid_from, valid_to) go into
    ``visibility``; None keeps those of the current version. Parts are written, but nobody reads
    them before the draft is published. The caller holds the store's lock.
    """
    infos = {source: LandingInfo.from_folder(folder) for source, folder in landings.items()}
    previous = store.comparable()
    as_of = as_of_day(infos, settings, now)
    same = previous and previous.as_of == as_of and previous.settings == settings.to_dict()
    wanted = concerned(only if same else None)
    if grants is None:
        grants = _granted(store, previous)
    with workspace(store.root, settings, as_of) as work:
        _check(work, wanted, landings, store, previous, progress)
        _derive(work, wanted, grants)
        tables = _write(work, wanted, store, previous, progress)
        found = _issues(work, wanted, store, previous)
        counts = _counts(infos, tables, found)
    return Draft(
        made_at=now,
        as_of=as_of,
        settings=settings.to_dict(),
        tables=tables,
        sources=source_states(landings, found),
        checks={"counts": counts},
        issues=found,
    )


def as_of_day(infos: Mapping[str, LandingInfo], settings: Settings, now: datetime) -> date:
    """The day the data stand at: the latest of the sources'.

    What people decide in the application happens today and says nothing about the sales data, so it
    counts only when there is no other source. Without any it is today in the company's time zone.
    """
    sales = [info.as_of for source, info in infos.items() if source != PLANNING]
    every = sales or [info.as_of for info in infos.values()]
    return max(every, default=now.astimezone(ZoneInfo(settings.time_zone)).date())


def _check(
    work: Work,
    wanted: set[str],
    landings: Mapping[str, Path],
    store: Store,
    previous: Version | None,
    progress: Progress | None,
) -> None:
    """Define ``good_<table>`` of every table: checked where wanted, else as it was published."""
    currency.define(work)
    for done, table in enumerate(checks.ORDER):
        if table in wanted:
            _tell(progress, f"checking {table}", done, len(checks.ORDER))
            land(work, table, landings)
            checks.check(work, table)
        else:
            _carry(work, table, landings, store, previous)
        if table == "exchange_rates":
            currency.rates(work)


def _carry(
    work: Work, table: str, landings: Mapping[str, Path], store: Store, previous: Version | None
) -> None:
    """Define ``good_<table>`` and ``out_<table>`` over the parts of the current version."""
    paths = _paths(store, previous, table)
    if not paths:
        land(work, table, {})
        if files_of(table, landings):  # a source sends the table, though none of its rows counts
            work.absent.discard(table)
        _finish_plain(work, table)
        return
    rows = parquet(*paths)
    place = "CAST(NULL AS VARCHAR) AS _file, CAST(NULL AS BIGINT) AS _row, CAST(0 AS BIGINT) AS _n"
    work.run(f"CREATE OR REPLACE VIEW good_{table} AS SELECT *, {place} FROM {rows}")
    work.run(f"CREATE OR REPLACE VIEW out_{table} AS SELECT * FROM {rows}")


def _finish_plain(work: Work, table: str) -> None:
    """Define ``out_<table>`` as the rows that were sent; derived columns are empty."""
    empty = {column.name: "NULL" for column in TABLES[table].columns if column.derived}
    finish(work, table, empty, f"good_{table} t")


def _paths(store: Store, previous: Version | None, table: str) -> list[Path]:
    return [store.path(part) for part in previous.tables.get(table, ())] if previous else []


def _granted(store: Store, previous: Version | None) -> pa.Table | None:
    """The grants of the current version."""
    paths = _paths(store, previous, "visibility")
    if not paths:
        return None
    rows = pa.concat_tables([pq.read_table(path) for path in paths])
    return rows.filter(pc.equal(rows["reason"], "grant"))


def _derive(work: Work, wanted: set[str], grants: pa.Table | None) -> None:
    """Define ``out_<table>`` of every wanted table."""
    if "quotas" in wanted:
        quotas.current(work)
    for table in checks.ORDER:
        if table in wanted and table in _STEPS:
            _STEPS[table](work)
        elif table in wanted:
            _finish_plain(work, table)
        if table == "opportunities" and wanted & {"opportunity_changes", "opportunity_lines", "credits"}:
            opportunities.deals(work)
    periods.days(work)
    periods.measures(work)
    if "quota_months" in wanted:
        quotas.months(work)
    if "visibility" in wanted:
        hierarchy.visibility(work, grants)


def _write(
    work: Work,
    wanted: set[str],
    store: Store,
    previous: Version | None,
    progress: Progress | None,
) -> dict[str, tuple[Part, ...]]:
    """Parts of every table that has rows."""
    tables: dict[str, tuple[Part, ...]] = {}
    every = (*checks.ORDER, *DERIVED)
    for done, table in enumerate(every):
        before = previous.tables.get(table, ()) if previous else ()
        if table in wanted:
            _tell(progress, f"writing {table}", done, len(every))
            before = parts.write(work, table, store.root, before)
        if before:
            tables[table] = before
    return tables


def _issues(work: Work, wanted: set[str], store: Store, previous: Version | None) -> pa.Table:
    """What the checks found, and for tables that were not built what was found before."""
    found = issues.conform(work.arrow("SELECT * FROM issues"))
    if previous is None:
        return found
    path = store.root / "versions" / f"{previous.id}.issues.parquet"
    before = pq.read_table(path, schema=issues.SCHEMA)
    kept = before.filter(pc.invert(pc.is_in(before["table"], pa.array(sorted(wanted)))))
    return pa.concat_tables([found, kept])


def _counts(
    infos: Mapping[str, LandingInfo], tables: Mapping[str, tuple[Part, ...]], found: pa.Table
) -> dict[str, dict[str, int]]:
    """By table: rows landed by all sources, rows set aside across rows, rows published."""
    aside = set_aside_rows(found)
    read: dict[str, int] = {}
    for info in infos.values():
        for table, rows in info.rows.items():
            read[table] = read.get(table, 0) + rows
    kept = {table: sum(part.rows for part in written) for table, written in tables.items()}
    return {
        table: {"read": read.get(table, 0), "set_aside": aside.get(table, 0), "kept": kept.get(table, 0)}
        for table in sorted({*read, *kept, *aside})
    }


def _tell(progress: Progress | None, what: str, done: int, total: int) -> None:
    if progress:
        progress(what, done, total)
