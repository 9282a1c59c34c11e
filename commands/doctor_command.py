"""``manage.py doctor``: whether everything is sound, one line a check."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from pathlib import Path

import pyarrow.parquet as pq

from connectors.files import load_mapping
from connectors.sql import SqlConnector, is_sql, loads
from metrics.periods import calendar_of
from planning import roles
from planning.periods import closed_periods
from warehouse.access import OWNER, Tables
from warehouse.closed import SEAL, evidence
from warehouse.engine import chosen_engine
from warehouse.settings import Settings
from warehouse.versions import Version
from workflows.opening import PROJECT, Place, open_place, store_root
from workflows.publish_decisions import pending_count

OK, WARN, BAD = "ok", "look", "BAD"


@dataclass(frozen=True)
class Finding:
    """The outcome of one check."""

    state: str
    what: str
    words: str


def add(parser: argparse.ArgumentParser) -> None:
    """The command's options."""
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Print every finding; 1 when something is bad."""
    del arguments
    found = list(examine())
    for finding in found:
        print(f"{finding.state:<5}{finding.what:<12}{finding.words}")
    return int(any(finding.state == BAD for finding in found))


def examine() -> Iterator[Finding]:
    """Every check, in the order things build on each other; a broken one does not stop the others."""
    yield from _tried("settings", _settings)
    place: list[Place] = []

    def opened() -> Iterator[Finding]:
        place.append(open_place())
        yield Finding(OK, "store", f"{store_root()} holds {place[0].store.kind} data")

    yield from _tried("store", opened)
    if not place:
        return
    for name, check in CHECKS.items():
        yield from _tried(name, lambda check=check: check(place[0]))  # type: ignore[misc]


def _tried(name: str, check: Callable[[], Iterator[Finding]]) -> Iterator[Finding]:
    try:
        yield from check()
    except Exception as problem:  # noqa: BLE001 - whatever is wrong is what a doctor is for
        yield Finding(BAD, name, str(problem).strip() or type(problem).__name__)


def _settings() -> Iterator[Finding]:
    Settings.load(PROJECT / "attain.toml", store_root() / "attain.toml")
    yield Finding(OK, "settings", "attain.toml of the project and of the store can be read")


def _version(place: Place) -> Version:
    return place.session().version


def _parts(place: Place) -> Iterator[Finding]:
    version = _version(place)
    wrong = [
        part.path
        for parts in version.tables.values()
        for part in parts
        if not _whole(place.root / part.path, part.rows)
    ]
    if wrong:
        yield Finding(
            BAD,
            "version",
            f"{len(wrong)} parts are missing or damaged, first {wrong[0]}; restore a backup or load again",
        )
    else:
        count = sum(len(parts) for parts in version.tables.values())
        yield Finding(OK, "version", f"{version.id}, as of {version.as_of}, {count} parts whole")


def _whole(path: Path, rows: int) -> bool:
    try:
        return pq.read_metadata(path).num_rows == rows
    except Exception:  # noqa: BLE001 - any failure to read means the part is not whole
        return False


def _engine(place: Place) -> Iterator[Finding]:
    engine = chosen_engine()
    session = place.session(engine.name)
    tables = Tables(OWNER, session, session.version.as_of)
    rows = tables.table("credits").count().as_table()
    count = tables.run(rows).to_pylist()[0]
    yield Finding(OK, "engine", f"{engine.name} reads {next(iter(count.values())):,} credits")


def _calendar(place: Place) -> Iterator[Finding]:
    session = place.session()
    calendar = calendar_of(session)
    quarters = calendar.all("quarter")
    gaps = [p.id for p, n in pairwise(quarters) if p.end != n.start]
    if gaps:
        yield Finding(BAD, "calendar", f"there is a gap after {gaps[0]}")
    else:
        now = calendar.of("quarter", session.version.as_of).id
        words = f"{quarters[0].id} to {quarters[-1].id} without gaps, now {now}; {_rules(session.settings)}"
        yield Finding(OK, "calendar", words)


def _rules(settings: Settings) -> str:
    """What the version was built with, whoever said so: attain.toml or a mapping."""
    return f"years start in month {settings.fiscal_start_month}, {settings.currency}, days of {settings.time_zone}"


def _sources(place: Place) -> Iterator[Finding]:
    version = _version(place)
    stale = timedelta(hours=Settings.from_dict(version.settings).fresh_hours)
    for state in version.sources.values():
        age = datetime.now(UTC) - state.loaded_at
        fresh = OK if age <= stale else WARN
        words = f"{state.source}: {sum(state.rows.values()):,} rows, {state.set_aside:,} set aside, loaded {state.loaded_at:%Y-%m-%d %H:%M} UTC"
        yield Finding(WARN if state.set_aside else fresh, "source", words)
    for name, failure in place.store.failures().items():
        yield Finding(WARN, "source", f"{name}: the last load failed ({failure.reason.splitlines()[0]})")


def _mappings(place: Place) -> Iterator[Finding]:
    del place
    for path in sorted((PROJECT / "examples").rglob("mapping*.toml")):
        yield from _tried("mapping", lambda path=path: iter([_mapping(path)]))  # type: ignore[misc]


def _mapping(path: Path) -> Finding:
    text = path.read_text(encoding="utf-8")
    filled = len(
        SqlConnector(loads(text), date.min).entities if is_sql(text) else load_mapping(path).entities
    )
    return Finding(OK, "mapping", f"{path.relative_to(PROJECT)}: fills {filled} tables")


def _database(place: Place) -> Iterator[Finding]:
    waiting = pending_count(place.database)
    words = f"{place.database.address}: {waiting} changes wait to be published"
    yield Finding(WARN if waiting else OK, "database", words)
    held = roles.holders(place.database)
    admins = sum("administrator" in given for given in held.values())
    yield Finding(OK, "roles", f"{len(held)} people hold roles, {admins} of them administrators")


def _pay(place: Place) -> Iterator[Finding]:
    """Whether what closed months were computed from is there."""
    months = closed_periods(place.database)
    gone = [m for m in months if not (evidence(place.root, m.period_start).folder / SEAL).is_file()]
    if gone:
        first = gone[0].period_start
        words = (
            f"{len(gone)} closed months are without their folder in closed/, first {first}; restore a backup"
        )
        yield Finding(BAD, "pay", words)
    else:
        until = f", the last ends before {months[-1].period_end}" if months else ""
        yield Finding(OK, "pay", f"{len(months)} months are closed{until}")


CHECKS: dict[str, Callable[[Place], Iterator[Finding]]] = {
    "version": _parts,
    "engine": _engine,
    "calendar": _calendar,
    "source": _sources,
    "mapping": _mappings,
    "database": _database,
    "pay": _pay,
}
