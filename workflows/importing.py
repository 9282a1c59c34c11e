"""From dropped files to a published version: stage, propose, change, try, load; all without a screen."""

from __future__ import annotations

from collections.abc import Mapping as Dict
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path, PurePath, PurePosixPath, PureWindowsPath

from connectors.files import FilesConnector, Mapping, MappingError, dump_mapping, read_mapping
from connectors.files.preview import Preview, preview
from connectors.files.propose import Guess, Proposal, propose
from connectors.files.reading import Unreadable
from connectors.files.spec import ColumnSpec, TableSpec
from connectors.files.validate import ValidationReport, validate
from warehouse.issues import DataIssue, LoadFailed
from warehouse.landing import Progress
from warehouse.settings import Settings
from warehouse.store import Store
from workflows.opening import PROJECT
from workflows.refresh import LoadReport, load

__all__ = [
    "Guess",
    "LoadFailed",
    "LoadReport",
    "Mapping",
    "MappingError",
    "Preview",
    "Proposal",
    "Simple",
    "ValidationReport",
    "columns_of",
    "dump_mapping",
    "import_files",
    "previews",
    "propose",
    "read_mapping",
    "simple_columns",
    "stage",
    "validate",
    "with_sources",
]


@dataclass(frozen=True)
class Simple:
    """A canonical column that is filled straight from one column of a file."""

    table: int  # place in ``mapping.tables``
    fills: str
    file: str
    column: str  # canonical
    source: str  # column of the file


def stage(folder: Path, name: str, content: bytes) -> Path:
    """Put an uploaded file into a folder, under its plain name and nowhere else."""
    plain = PurePosixPath(PureWindowsPath(name).name).name
    if plain in {"", ".", ".."} or PurePath(plain).name != plain:
        plain = "file"
    path = folder / plain
    path.write_bytes(content)
    return path


def previews(folder: Path, rows: int = 8) -> tuple[list[Preview], list[DataIssue]]:
    """The first rows of every staged file, and what is wrong with those that cannot be read."""
    found: list[Preview] = []
    issues: list[DataIssue] = []
    for path in sorted(folder.iterdir()):
        try:
            found.append(preview(path, rows=rows))
        except Unreadable as error:
            issues.append(error.issue)
    return found, issues


def simple_columns(mapping: Mapping) -> list[Simple]:
    """Columns a person can point at another column of the same file."""
    return [
        Simple(number, table.fills, table.source, name, spec.column)
        for number, table in enumerate(mapping.tables)
        for name, spec in table.columns
        if spec.column and not table.unpivot
    ]


def columns_of(mapping: Mapping, shown: list[Preview]) -> dict[str, tuple[str, ...]]:
    """Columns of each of the mapping's files, by the file's name in the mapping."""
    by_file = {found.file: found.columns for found in shown}
    return {spec.name: by_file.get(spec.path, ()) for spec in mapping.files}


def with_sources(mapping: Mapping, changes: Dict[tuple[int, str], str]) -> Mapping:
    """The mapping with some columns filled from elsewhere; an empty source leaves the column out."""
    tables = [_changed(table, number, changes) for number, table in enumerate(mapping.tables)]
    return replace(mapping, tables=tuple(tables))


def _changed(table: TableSpec, number: int, changes: Dict[tuple[int, str], str]) -> TableSpec:
    columns: list[tuple[str, ColumnSpec]] = []
    for name, spec in table.columns:
        source = changes.get((number, name), spec.column)
        if source or not spec.column:
            columns.append((name, replace(spec, column=source)))
    return replace(table, columns=tuple(columns))


def import_files(
    mapping: Mapping, folder: Path, root: Path, now: datetime, progress: Progress | None
) -> LoadReport:
    """Load staged files into the own store at ``root``, which is made if there is none.

    Raises:
        LoadFailed: nothing could be loaded; the last version is untouched.
        StoreMixed: the folder holds the demo company.
    """
    store = Store.create(root, "own", now)
    return load(
        FilesConnector(mapping, folder, now.date()),
        store,
        Settings.load(PROJECT / "attain.toml"),
        now,
        progress,
    )
