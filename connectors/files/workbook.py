"""Excel workbooks: one sheet, every cell as the text it means.

A workbook is a zip; what it unpacks to is measured before anything parses it, for a small file
can hold a very large sheet.
"""

from __future__ import annotations

import re
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from datetime import date, datetime, time
from itertools import islice
from pathlib import Path
from typing import Any

from python_calamine import CalamineError, CalamineWorkbook

from connectors.files.formulas import column_number, failed_cells
from connectors.files.reading import Block, Report, Unreadable, block, too_large, unique
from connectors.files.spec import FileSpec
from connectors.files.writing import number_text
from warehouse.issues import DataIssue

_RATIO = 200  # times its own size; ordinary workbooks unpack to 5 to 30 times
_SMALL = 10_000_000  # bytes below which the ratio does not matter
_CELLS = 20_000_000
_OLD = b"\xd0\xcf\x11\xe0"  # the format of before 2007, and a locked workbook of the newer
_PIECE = 1 << 20
_PLACE = re.compile(rb'\br="([A-Z]{0,3})(\d{1,7})"')
_ROWS = 20_000  # rows in a block


class Workbook:
    """One sheet of one workbook."""

    def __init__(self, path: Path, spec: FileSpec) -> None:
        """Open ``path``; raises ``Unreadable`` when it is too large, damaged or without the sheet."""
        self.path, self.spec = path, spec
        measure(path, spec.max_unpacked_mb)
        self.sheets, self.rows = self._open()
        self.columns, self.first = self._columns()
        self.notes: tuple[DataIssue, ...] = ()

    def blocks(self, report: Report) -> Iterator[Block]:  # noqa: ARG002 - a sheet's rows are never ragged
        """The rows; empty ones are passed over. See ``Reader.blocks``."""
        width, total = len(self.columns), len(self.rows)
        numbered = iter(enumerate(self.rows[self.first - 1 :], start=self.first))
        while chunk := list(islice(numbered, _ROWS)):
            texts = [(number, [self._text(cell) for cell in row[:width]]) for number, row in chunk]
            kept = [(number, row) for number, row in texts if any(row)]
            yield Block(block(self.columns, [r for _, r in kept], [n for n, _ in kept]), chunk[-1][0], total)

    def _open(self) -> tuple[tuple[str, ...], list[list[Any]]]:
        """Names of the sheets, and the cells of the one wanted."""
        try:
            book = CalamineWorkbook.from_path(str(self.path))
            names = tuple(book.sheet_names)
            wanted = self.spec.sheet or names[0]
            if wanted not in names:
                detail = f"it has no sheet “{wanted}”; its sheets are {', '.join(names)}"
                raise Unreadable(self._issue("cannot_read", detail))
            rows = book.get_sheet_by_name(wanted).to_python(skip_empty_area=False)
        except (CalamineError, OSError, IndexError) as error:
            raise Unreadable(self._issue("broken_file", str(error))) from error
        for row, column, text in failed_cells(self.path, wanted):
            if row < len(rows) and column < len(rows[row]):
                rows[row][column] = text
        return names, rows

    def _columns(self) -> tuple[tuple[str, ...], int]:
        header = self.spec.header
        if len(self.rows) < max(header, 1):
            raise Unreadable(self._issue("empty_file"))
        if header == 0:
            names: Sequence[str] = self.spec.columns or [f"c{n}" for n in range(1, len(self.rows[0]) + 1)]
            return unique(names), 1
        cells = [self._text(cell) for cell in self.rows[header - 1]]
        while cells and not cells[-1]:
            cells.pop()
        if not cells:
            raise Unreadable(self._issue("empty_file"))
        return unique(cells), header + 1

    def _issue(self, code: str, detail: str = "") -> DataIssue:
        return DataIssue(code, file=self.path.name, detail=detail, severity="load")

    def _text(self, cell: Any) -> str:
        """What a cell means, written as the mapping says this file writes numbers and days."""
        if isinstance(cell, str):
            return cell
        if isinstance(cell, bool):
            return "true" if cell else "false"
        if isinstance(cell, (int, float)):
            return number_text(cell, self.spec)
        return _moment(cell) if isinstance(cell, (date, time)) else str(cell)


def _moment(cell: date | time) -> str:
    """ISO, which is understood whatever form the mapping states."""
    if isinstance(cell, datetime) and not (cell.hour or cell.minute or cell.second):
        return cell.date().isoformat()
    return cell.isoformat(sep=" ") if isinstance(cell, datetime) else cell.isoformat()


def measure(path: Path, limit_mb: int) -> None:
    """Raise ``Unreadable`` when a workbook unpacks to more than ``limit_mb`` or is no whole zip.

    The members are really unpacked, and thrown away: the sizes a zip states can be wrong. Sheets
    of which one far cell makes a huge grid are refused too.
    """
    with path.open("rb") as file:
        begins = file.read(8)
    if begins.startswith(_OLD):
        detail = "it is locked with a password, or in the format of before 2007; save it as .xlsx without a password"
        raise Unreadable(DataIssue("cannot_read", file=path.name, detail=detail, severity="load"))
    try:
        with zipfile.ZipFile(path) as archive:
            unpacked = sum(_unpack(archive, name, limit_mb, path) for name in archive.namelist())
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError) as error:
        issue = DataIssue("broken_file", file=path.name, detail=str(error), severity="load")
        raise Unreadable(issue) from error
    _refuse(path, unpacked, limit_mb)


def _refuse(path: Path, unpacked: int, limit_mb: int) -> None:
    packed = max(path.stat().st_size, 1)
    if unpacked > limit_mb * 1_000_000 or (unpacked > _SMALL and unpacked > packed * _RATIO):
        raise Unreadable(too_large(path.name, unpacked, limit_mb))


def _unpack(archive: zipfile.ZipFile, name: str, limit_mb: int, path: Path) -> int:
    """Bytes a member unpacks to, looking at where the cells of a sheet are on the way."""
    stated = archive.getinfo(name).file_size
    _refuse(path, stated, limit_mb)
    size, rows, columns, tail = 0, 0, 0, b""
    with archive.open(name) as member:
        while piece := member.read(_PIECE):
            size += len(piece)
            _refuse(path, size, limit_mb)
            if name.startswith("xl/worksheets/"):
                rows, columns = _farthest(tail + piece, rows, columns)
                tail = piece[-20:]
    if rows * columns > _CELLS:
        detail = f"its sheet reaches to row {rows} and column {columns}, more than {_CELLS} cells"
        raise Unreadable(DataIssue("cannot_read", file=path.name, detail=detail, severity="load"))
    return size


def _farthest(xml: bytes, rows: int, columns: int) -> tuple[int, int]:
    for letters, digits in set(_PLACE.findall(xml)):
        rows = max(rows, int(digits))
        columns = max(columns, column_number(letters))
    return rows, columns
