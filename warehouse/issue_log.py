"""The issues of one landing on their way to disk, without the personal data that came with them."""

from __future__ import annotations

import os
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc

from warehouse import issues
from warehouse.conform import Pseudonym, mask_emails
from warehouse.issues import DataIssue
from warehouse.landed import ISSUES
from warehouse.merging import merge_issues
from warehouse.parquet import Writer
from warehouse.tables import TABLES

WAITING = 10_000
"""Records held in memory before they are written."""

_PRIVATE = pa.array([t.name for t in TABLES.values() if any(c.personal for c in t.columns)])


class IssueLog:
    """Collects issues and streams them to the landing's folder."""

    def __init__(self, folder: Path, source: str, pseudonym: Pseudonym | None) -> None:
        """Open the log of ``source`` in ``folder``."""
        self.path = folder / ISSUES
        self.fatal: list[DataIssue] = []  # those of severity "load"
        self._source = source
        self._pseudonym = pseudonym
        self._waiting: list[DataIssue] = []
        self._writer = Writer(folder / "issues.new.parquet", issues.SCHEMA)

    def add(self, issue: DataIssue) -> None:
        """Record one issue."""
        if issue.severity == "load":
            self.fatal.append(issue)
        self._waiting.append(issue)
        if len(self._waiting) >= WAITING:
            self._flush()

    def add_many(self, found: pa.Table) -> None:
        """Record a table of issues; their source is filled in."""
        self._flush()
        if "source" in found.column_names:
            found = found.drop_columns("source")
        source = pa.repeat(pa.scalar(self._source), found.num_rows)
        self._write(found.append_column("source", source))

    def close(self) -> Path:
        """Finish the file of this load's issues; where it is."""
        self._flush()
        self._writer.close()
        return self._writer.path

    def settle(self, previous: Path | None, *, carried: Iterable[str], upserted: Iterable[str]) -> None:
        """Name the closed file, with the earlier issues of rows that this load did not send again."""
        fresh = self._writer.path
        if previous and (tables := {*carried, *upserted}):
            merge_issues(fresh, previous, self.path, tables)
            fresh.unlink()
        else:
            os.replace(fresh, self.path)  # noqa: PTH105 - atomic

    def fail(self, found: Iterable[DataIssue]) -> None:
        """Finish the file of a load that failed because of ``found``."""
        if self._writer.is_open:
            known = set(self.fatal)
            for issue in (replace(issue, severity="load") for issue in found):
                if issue not in known:
                    self.add(issue)
            self.close()
        if self._writer.path.exists():
            os.replace(self._writer.path, self.path)  # noqa: PTH105 - atomic

    def _flush(self) -> None:
        waiting, self._waiting = self._waiting, []
        if waiting:
            self._write(issues.to_table(waiting, self._source))

    def _write(self, found: pa.Table) -> None:
        ready = self._without_personal(issues.conform(found))
        known = set(self.fatal)
        fatal = issues.from_table(ready.filter(pc.equal(ready["severity"], "load")))
        self.fatal += [issue for issue in fatal if issue not in known]
        self._writer.add(ready)

    def _without_personal(self, found: pa.Table) -> pa.Table:
        """No e-mail address, and no raw row of a table that holds names, outlives its source."""
        private = pc.is_in(found["table"], value_set=_PRIVATE)
        found = _set(found, "raw", pc.if_else(private, "", found["raw"]))
        for name in ("value", "detail", "raw"):
            if pc.any(pc.match_substring(found[name], "@")).as_py():
                masked = [mask_emails(text, self._pseudonym) for text in found[name].to_pylist()]
                found = _set(found, name, pa.array(masked, pa.string()))
        return found


def _set(found: pa.Table, name: str, values: pa.Array | pa.ChunkedArray) -> pa.Table:
    place = found.schema.get_field_index(name)
    return found.set_column(place, issues.SCHEMA.field(name), values)
