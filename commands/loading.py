"""What the loading commands share: the store they load into, and the report they print."""

from __future__ import annotations

import sys
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import TypeVar

import pyarrow.parquet as pq

from commands import progress
from connectors.base import Connector
from connectors.files.errors import MappingError
from warehouse.issues import LoadFailed, from_table
from warehouse.settings import Settings
from warehouse.store import Kind, Store
from workflows.opening import PROJECT, store_root
from workflows.refresh import LoadReport, load

_SHOWN = 20
M = TypeVar("M")


def mapped(read: Callable[[Path], M], path: Path) -> M:
    """The mapping at a path; what is wrong with it is said under its name."""
    try:
        return read(path)
    except MappingError:
        print(f"The mapping {path} cannot be used:", file=sys.stderr)
        raise


def into_store(connector: Connector, kind: Kind, root: Path | None = None) -> int:
    """Load a source into the store of a kind, made if there is none, and say what happened."""
    now = datetime.now(UTC)
    store = Store.create(root or store_root(), kind, now)
    try:
        report = load(connector, store, Settings.load(PROJECT / "attain.toml"), now, progress.show)
    except LoadFailed as failed:
        progress.end()
        for issue in failed.issues[:_SHOWN]:
            print(issue.sentence, file=sys.stderr)
        _more(len(failed.issues))
        print("Nothing was loaded. The last published version is untouched.", file=sys.stderr)
        return 1
    progress.end()
    tell(report)
    return 0


def tell(report: LoadReport) -> None:
    """Print what a load did, and the first sentences about what was set aside."""
    print(f"{'table':<24}{'read':>12}{'kept':>12}{'set aside':>12}")
    for table, counts in report.counts.items():
        if any(counts.values()):
            print(f"{table:<24}{counts['read']:>12,}{counts['kept']:>12,}{counts['set_aside']:>12,}")
    found = from_table(pq.read_table(report.issues_path))
    for issue in found[:_SHOWN]:
        print(f"{'set aside' if issue.severity == 'row' else 'note'}: {issue.sentence}", file=sys.stderr)
    _more(len(found))
    changed = "Published" if report.changed else "Nothing changed;"
    print(f"{changed} version {report.version.id}, as of {report.version.as_of}.")


def _more(count: int) -> None:
    if count > _SHOWN:
        print(f"… and {count - _SHOWN:,} more, all on the page Data sources.", file=sys.stderr)
