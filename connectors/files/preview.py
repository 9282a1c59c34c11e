"""The first rows of a file, as they are read: what a person looks at before mapping it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import connectors.files.issues  # noqa: F401 - adds its sentences
from connectors.files.delimited import Delimited
from connectors.files.opening import open_file
from connectors.files.place import format_of
from connectors.files.reading import ROW, Reader
from connectors.files.spec import FileSpec
from connectors.files.workbook import Workbook
from warehouse.issues import DataIssue


@dataclass(frozen=True)
class Preview:
    """The beginning of one file."""

    file: str
    format: str  # csv, excel or parquet
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    numbers: tuple[int, ...]  # the row of each of ``rows`` in the file
    encoding: str = ""
    delimiter: str = ""
    sheets: tuple[str, ...] = ()
    issues: tuple[DataIssue, ...] = ()  # of the rows looked at, and of the file as a whole


def preview(path: Path, spec: FileSpec | None = None, rows: int = 20) -> Preview:
    """The first ``rows`` of a file. Raises ``reading.Unreadable`` when nothing can be read."""
    spec = spec or FileSpec(path.stem, path.name)
    return of_reader(open_file(path, spec), spec, rows)


def of_reader(reader: Reader, spec: FileSpec, rows: int) -> Preview:
    """The first ``rows`` of an opened file."""
    issues: list[DataIssue] = []
    taken: list[dict[str, object]] = []
    blocks = reader.blocks(issues.append)
    while len(taken) < rows and (block := next(blocks, None)):
        taken += block.rows.slice(0, rows - len(taken)).to_pylist()
    width = len(reader.columns)
    return Preview(
        file=reader.path.name,
        format=format_of(reader.path, spec),
        columns=reader.columns,
        rows=tuple(tuple(str(row[f"c{n}"] or "") for n in range(width)) for row in taken),
        numbers=tuple(int(str(row[ROW])) for row in taken),
        encoding=reader.encoding if isinstance(reader, Delimited) else "",
        delimiter=reader.dialect.delimiter if isinstance(reader, Delimited) else "",
        sheets=reader.sheets if isinstance(reader, Workbook) else (),
        issues=(*reader.notes, *issues),
    )
