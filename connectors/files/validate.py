"""A dry run: everything a load would do up to the landing, without touching a store.

What only the build can see across rows (duplicate ids, unknown reps, circles of managers, days
out of range) is checked when the data is published.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from collections.abc import Mapping as Dict
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import pyarrow as pa

from connectors.files.connector import run
from connectors.files.filling import Counts
from connectors.files.spec import Mapping
from warehouse.conform import Keys, conform
from warehouse.issues import DataIssue, LoadFailed, from_table
from warehouse.issues import conform as conform_issues

KEPT = 1000
"""Issues a report holds; all are counted."""


@dataclass(frozen=True)
class TableReport:
    """What came of one table of the mapping."""

    fills: str
    source: str  # name of the file in the mapping
    in_file: int  # rows of the file
    read: int  # rows that meet the conditions; for an unpivot, cells with a value
    kept: int
    set_aside: int


@dataclass(frozen=True)
class ValidationReport:
    """What a load would do."""

    tables: tuple[TableReport, ...]
    rows: Dict[str, int]  # rows each canonical table would get
    issues: tuple[DataIssue, ...]  # the first KEPT
    issue_count: int
    as_of: date | None
    possible: bool  # False: nothing could be loaded, and an issue of severity "load" says why


def _stand_in(email: str) -> str:
    """Where a load would put a pseudonym."""
    return "p_" + hashlib.sha256(email.lower().encode()).hexdigest()[:12]


@dataclass
class DryLanding:
    """Takes what a landing takes, checks it in the same way, and keeps only counts."""

    watch: Callable[[str, int, int | None], None] | None = None
    rows: dict[str, int] = field(default_factory=dict)
    issues: list[DataIssue] = field(default_factory=list)
    issue_count: int = 0
    as_of: date | None = None

    def add(self, table: str, rows: pa.Table) -> None:
        """Count rows, after the checks of a real landing."""
        conform(table, rows, Keys(rep=_stand_in, other=_stand_in))
        self.rows[table] = self.rows.get(table, 0) + rows.num_rows

    def set_aside(self, issue: DataIssue) -> None:
        """Count an issue; keep the first ones."""
        self.issue_count += 1
        if len(self.issues) < KEPT:
            self.issues.append(issue)

    def set_aside_rows(self, found: pa.Table) -> None:
        """Count issues; keep the first ones."""
        self.issue_count += found.num_rows
        room = max(KEPT - len(self.issues), 0)
        if room:
            source = pa.repeat(pa.scalar(""), found.num_rows)
            self.issues += from_table(conform_issues(found.append_column("source", source)).slice(0, room))

    def progress(self, what: str, done: int, total: int | None) -> None:
        """Pass on how far it is."""
        if self.watch:
            self.watch(what, done, total)

    def seal(
        self,
        *,
        as_of: date,
        cursor: Dict[str, str] | None = None,  # noqa: ARG002 - nothing is kept
        settings: Dict[str, Any] | None = None,  # noqa: ARG002
        note: Dict[str, Any] | None = None,  # noqa: ARG002
    ) -> None:
        """Note the day."""
        self.as_of = as_of


def validate(
    mapping: Mapping,
    folder: Path,
    today: date | None = None,
    progress: Callable[[str, int, int | None], None] | None = None,
) -> ValidationReport:
    """Try a mapping on the files of ``folder``."""
    landing = DryLanding(progress)
    counts: list[Counts] = []
    possible = True
    try:
        run(mapping, folder, landing, today, counts)
    except LoadFailed as failed:
        possible = False
        for issue in failed.issues:
            landing.set_aside(issue)
    tables = tuple(
        TableReport(spec.fills, spec.source, c.in_file, c.read, c.kept, c.set_aside)
        for spec, c in zip(mapping.tables, counts, strict=False)
    )
    return ValidationReport(
        tables, landing.rows, tuple(landing.issues), landing.issue_count, landing.as_of, possible
    )
