"""The connector: a mapping and a folder in, one sealed landing out."""

from __future__ import annotations

import tempfile
from collections import Counter
from collections.abc import Iterator
from collections.abc import Mapping as Dict
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path

import duckdb
import pyarrow as pa

import connectors.files.issues  # noqa: F401 - adds its sentences
from connectors.files import needs
from connectors.files.behind import Behind
from connectors.files.compile import compile_table
from connectors.files.facts import LatestDay
from connectors.files.filling import Counts, Filling, Groups
from connectors.files.landing_place import Target
from connectors.files.opening import PLACE, Source, open_source
from connectors.files.reading import Report, Unreadable
from connectors.files.scope import Scope, Staged
from connectors.files.spec import Mapping, TableSpec
from connectors.files.staging import stage
from connectors.files.timeline import Timeline
from warehouse.issues import DataIssue, LoadFailed
from warehouse.tables import TABLES

MEMORY = "1GB"
"""DuckDB's share of memory; what does not fit is spilled to a temporary folder."""


@dataclass(frozen=True)
class FilesConnector:
    """The files of ``folder``, read as ``mapping`` says.

    ``today`` bounds the day the data stands at when the mapping does not state one.
    """

    mapping: Mapping
    folder: Path
    today: date | None = None

    @property
    def name(self) -> str:
        """What the source is called."""
        return f"files:{self.mapping.name}"

    @property
    def entities(self) -> tuple[str, ...]:
        """Canonical tables the mapping fills."""
        return self.mapping.entities

    def read(self, landing: Target, cursor: Dict[str, str]) -> None:  # noqa: ARG002 - files are read whole
        """Load everything. Raises ``LoadFailed`` before any row when a file or column is missing."""
        run(self.mapping, self.folder, landing, self.today)


def run(
    mapping: Mapping, folder: Path, landing: Target, today: date | None, counts: list[Counts] | None = None
) -> None:
    """Carry the mapping out; ``counts`` is given those of each of its tables, in order."""
    sources = open_all(mapping, folder, landing)
    spilling = tempfile.TemporaryDirectory(prefix="attain-")
    with spilling as spill, duckdb.connect() as con, Behind(landing) as behind:
        _prepare(con, spill)
        _Run(mapping, sources, behind, con, LatestDay(today), [] if counts is None else counts).carry_out()


def open_all(mapping: Mapping, folder: Path, landing: Target) -> dict[str, Source]:
    """Every file opened; raises ``LoadFailed`` with all that makes the load impossible."""
    sources: dict[str, Source] = {}
    found: list[DataIssue] = []
    for spec in mapping.files:
        sources[spec.name], issues = open_source(folder, spec)
        found += [replace(issue, table=_first_use(mapping, spec.name)) for issue in issues]
        found += [note for reader in sources[spec.name].readers for note in reader.notes]
    for table in mapping.tables:
        found += needs.missing(table, sources)
    fatal = list(dict.fromkeys(issue for issue in found if issue.severity == "load"))
    if fatal:
        raise LoadFailed(fatal)
    for issue in dict.fromkeys(found):
        landing.set_aside(issue)
    return sources


def _first_use(mapping: Mapping, file: str) -> str:
    """The first table a file has a part in."""
    used = [t.fills for t in mapping.tables if t.source == file or file in {j.file for j in t.joins}]
    return used[0] if used else ""


def _prepare(con: duckdb.DuckDBPyConnection, spill: str) -> None:
    con.execute(f"SET memory_limit = '{MEMORY}'")
    con.execute(f"SET temp_directory = '{spill.replace(chr(39), chr(39) * 2)}'")
    con.execute("SET TimeZone = 'UTC'")
    con.execute("SET autoinstall_known_extensions = false")
    con.execute("SET enable_progress_bar = false")


@dataclass
class _Run:
    """One load under way."""

    mapping: Mapping
    sources: dict[str, Source]
    landing: Target
    con: duckdb.DuckDBPyConnection
    latest: LatestDay
    counts: list[Counts]
    reported: set[str] = field(default_factory=set)  # files whose unreadable rows are known
    keys: dict[str, set[tuple[object, ...]]] = field(default_factory=dict)  # of tables with only_new

    def carry_out(self) -> None:
        """Fill every table, then seal."""
        self.keys = {table.fills: set() for table in self.mapping.tables if table.only_new}
        layered = Counter(table.fills for table in self.mapping.tables)["assignments"] > 1
        self.timeline = Timeline(self.con) if layered else None
        self.blank()
        for number, table in enumerate(self.mapping.tables):
            self._table(number, table)
        if self.timeline:
            self.landing.add("assignments", self.timeline.rows())
        as_of = self.mapping.as_of or self.latest.day()
        if as_of is None:
            raise LoadFailed([DataIssue("no_as_of", file=self.mapping.name, severity="load")])
        note = {"mapping": self.mapping.name, "title": self.mapping.title, "files": self._files()}
        self.landing.seal(as_of=as_of, settings=self.mapping.settings, note=note)

    def blank(self) -> None:
        """Say of every table that this load holds all its rows, even when there are none."""
        for name in self.mapping.entities:
            self.landing.add(name, TABLES[name].landing.empty_table())

    def _files(self) -> list[str]:
        return sorted({reader.path.name for source in self.sources.values() for reader in source.readers})

    def _table(self, number: int, spec: TableSpec) -> None:
        source = self.sources[spec.source]
        if not source.readers or any(not self.sources[join.file].readers for join in spec.joins):
            self.counts.append(Counts())  # an optional file that is not there; its absence was reported
            return
        scope = Scope(spec, source, self._joins(number, spec))
        filling = Filling(self.con, spec, compile_table(self.mapping, scope), self.landing.set_aside_rows)
        self.counts.append(filling.counts)
        if spec.group_by:
            self._grouped(Groups(self.con, f"groups_{number}", filling), source)
        else:
            for rows in self._good(filling, source):
                self._land(spec, rows.drop_columns(PLACE))
        self.reported.add(spec.source)
        self._judge(filling, source)

    def _joins(self, number: int, spec: TableSpec) -> tuple[Staged, ...]:
        return tuple(
            stage(
                self.con,
                f"join_{number}_{n}",
                spec,
                join,
                self.sources[join.file],
                self._report(spec, join.file),
            )
            for n, join in enumerate(spec.joins)
        )

    def _grouped(self, groups: Groups, source: Source) -> None:
        for rows in self._good(groups.filling, source):
            groups.add(rows)
        for issue in groups.differing():
            self.landing.set_aside(issue)
        for rows in groups.rows():
            self._land(groups.filling.spec, rows)

    def _good(self, filling: Filling, source: Source) -> Iterator[pa.Table]:
        report = self._report(filling.spec, filling.spec.source)
        try:
            for block in source.blocks(report):
                yield filling.rows(block)
                self.landing.progress(source.shown, block.done, block.total)
        except Unreadable as error:
            raise LoadFailed([error.issue]) from error

    def _report(self, spec: TableSpec, file: str) -> Report:
        """Where issues of reading go: to the landing the first time a file is read, then nowhere."""
        if file in self.reported:
            return lambda _issue: None
        return lambda issue: self.landing.set_aside(replace(issue, table=spec.fills))

    def _land(self, spec: TableSpec, rows: pa.Table) -> None:
        if spec.fills in self.keys:
            rows = self._new(spec, rows)
        if spec.fills == "assignments" and self.timeline:
            self.timeline.add(rows)
            return
        self.latest.see(spec.fills, rows)
        self.landing.add(spec.fills, rows)

    def _new(self, spec: TableSpec, rows: pa.Table) -> pa.Table:
        """Rows whose key no earlier table gave, where that is asked for."""
        seen = self.keys[spec.fills]
        own = list(zip(*(rows[name].to_pylist() for name in TABLES[spec.fills].key), strict=True))
        if spec.only_new:
            rows = rows.filter(pa.array([key not in seen for key in own], pa.bool_()))
        seen.update(own)
        return rows

    def _judge(self, filling: Filling, source: Source) -> None:
        """A table of which no row could be used is a wrong mapping, not bad luck."""
        counts = filling.counts
        issue = DataIssue(
            "no_rows_left",
            table=filling.spec.fills,
            file=source.shown,
            value=str(counts.read),
            detail=filling.spec.fills,
            severity="load",
        )
        if counts.read and not counts.kept:
            raise LoadFailed([issue])
        if not counts.read:
            code = "nothing_chosen" if counts.in_file else "empty_file"
            self.landing.set_aside(replace(issue, code=code, severity="warning"))
