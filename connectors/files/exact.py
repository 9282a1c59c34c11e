"""Delimited text line by line: slower than the fast way, and exact about every row's number.

Used for the blocks of a file that hold quoted line breaks, blank lines, rows with too few or too
many fields, or broken quotation marks.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Protocol

from connectors.files.encodings import MARK
from connectors.files.reading import Report
from warehouse.issues import DataIssue, raw_row

LINES = 1000
"""A quotation mark still open after this many lines was meant as text; its row is set aside."""


class Records(Protocol):
    """What ``csv.reader`` gives: records, and how many lines they took."""

    @property
    def line_num(self) -> int:
        """Lines read so far."""
        ...

    def __iter__(self) -> Iterator[list[str]]:
        """The records."""
        ...

    def __next__(self) -> list[str]:
        """The next record."""
        ...


_FIELD = 16 * 1024 * 1024
csv.field_size_limit(_FIELD)


@dataclass(frozen=True)
class Dialect:
    """How fields are told apart."""

    delimiter: str
    quote: str

    def reader(self, lines: Iterable[str], *, strict: bool = False) -> Records:
        """A csv reader over ``lines``; a strict one raises for text after a closing quote."""
        if not self.quote:
            return csv.reader(lines, delimiter=self.delimiter, quoting=csv.QUOTE_NONE)
        return csv.reader(lines, delimiter=self.delimiter, quotechar=self.quote, strict=strict)


class _Lines:
    """Lines from a place on, counting; stops a record that runs away."""

    def __init__(self, lines: list[str], start: int) -> None:
        self.lines, self.next, self.record = lines, start, start

    def __iter__(self) -> _Lines:
        return self

    def __next__(self) -> str:
        if self.next >= len(self.lines) or self.next - self.record >= LINES:
            raise StopIteration
        self.next += 1
        return self.lines[self.next - 1]


@dataclass
class Exact:
    """Parses lines of one file; remembers what it needs to name a bad row."""

    file: str
    columns: tuple[str, ...]
    dialect: Dialect
    encoding: str
    report: Report

    def parse(self, lines: list[str], first: int, *, last: bool) -> tuple[list[list[str]], list[int], int]:
        """Good rows, their numbers, and how many lines were used up.

        ``first`` is the number of the first line. Lines of a record that is still open at the
        end are left for the next block, unless this is the ``last``.
        """
        rows: list[list[str]] = []
        numbers: list[int] = []
        start = 0
        while (start := self._many(lines, start, first, rows, numbers, last=last)) < len(lines):
            fields, end, problem = self._record(lines, start)
            if problem == "open" and end >= len(lines) and not last and end - start < LINES:
                break  # goes on in the next block
            if problem:
                self._broken(lines[start], first + start, problem)
                start += 1
                continue
            self._keep(fields, first + start, rows, numbers, last=last and end >= len(lines))
            start = end
        return rows, numbers, start

    def _many(
        self,
        lines: list[str],
        start: int,
        first: int,
        rows: list[list[str]],
        numbers: list[int],
        *,
        last: bool,
    ) -> int:
        """Keep records as long as nothing is wrong with their quotation marks; the line reached."""
        reader = self.dialect.reader((lines[place] for place in range(start, len(lines))), strict=True)
        begin = start
        try:
            for fields in reader:
                end = start + reader.line_num
                if end - begin > LINES:
                    break
                self._keep(fields, first + begin, rows, numbers, last=last and end >= len(lines))
                begin = end
        except csv.Error:
            pass  # the careful way finds out what it is
        return begin

    def _keep(
        self, fields: list[str], row: int, rows: list[list[str]], numbers: list[int], *, last: bool
    ) -> None:
        """Keep a record that fits; a blank line is no record."""
        if fields and self._fits(fields, row, last=last):
            rows.append(fields[: len(self.columns)])
            numbers.append(row)

    def _record(self, lines: list[str], start: int) -> tuple[list[str], int, str]:
        """The record that starts at a line: fields, the line after it, what is wrong."""
        if not self.dialect.quote or self.dialect.quote not in lines[start]:
            return self._simple(lines[start], start)
        source = _Lines(lines, start)
        try:
            fields = next(self.dialect.reader(source, strict=True), [])
        except csv.Error as error:
            if "unexpected end" in str(error):
                return [], source.next, "open"
            return self._lenient(lines[start], start)
        return fields, source.next, ""

    def _lenient(self, line: str, start: int) -> tuple[list[str], int, str]:
        """A line with text after a closing quote, read as well as can be."""
        try:
            return next(self.dialect.reader([line]), []), start + 1, ""
        except csv.Error as error:
            return [], start + 1, str(error)

    def _simple(self, line: str, start: int) -> tuple[list[str], int, str]:
        text = line.rstrip("\r\n")
        return (text.split(self.dialect.delimiter) if text else []), start + 1, ""

    def _fits(self, fields: list[str], row: int, *, last: bool) -> bool:
        expected = len(self.columns)
        if len(fields) == expected and MARK not in "".join(fields):
            return True
        extra = [field for field in fields[expected:] if field.strip()]
        if len(fields) < expected or extra:
            code = "cut_row" if last and len(fields) < expected else "ragged_row"
            self._set_aside(code, row, fields, value=str(len(fields)), detail=str(expected))
            return False
        for name, field in zip(self.columns, fields, strict=False):
            if MARK in field:
                self._characters(name, field, row, fields)
                return False
        return True

    def _characters(self, name: str, field: str, row: int, fields: list[str]) -> None:
        shown = [text.replace(MARK, "\ufffd") for text in fields]
        self._set_aside(
            "bad_characters",
            row,
            shown,
            field=name,
            value=field.replace(MARK, "\ufffd"),
            detail=self.encoding,
        )

    def _broken(self, line: str, row: int, problem: str) -> None:
        text = line.rstrip("\r\n").replace(MARK, "\ufffd")
        code = "open_quote" if problem == "open" else "unreadable_row"
        self._set_aside(code, row, [text], value=text, detail=problem)

    def _set_aside(self, code: str, row: int, fields: list[str], **words: str) -> None:
        names = [*self.columns, *(f"extra {n}" for n in range(1, len(fields) - len(self.columns) + 1))]
        safe = [field.replace(MARK, "\ufffd") for field in fields]
        raw = raw_row(dict(zip(names, safe, strict=False)))
        self.report(DataIssue(code, file=self.file, row=row, raw=raw, **words))
