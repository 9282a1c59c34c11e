"""What every file reader offers: named columns, and blocks of rows in which all is text."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import pyarrow as pa

from warehouse.issues import DataIssue

Report = Callable[[DataIssue], None]
"""Takes an issue found while reading."""

ROW = "_row"
"""Name of the column with the 1-based row, as an editor or a spreadsheet shows it."""


class Unreadable(Exception):
    """A file nothing can be read from; holds the issue that says why."""

    def __init__(self, issue: DataIssue) -> None:
        self.issue = issue
        super().__init__(issue.sentence)


@dataclass(frozen=True)
class Block:
    """Some rows of a file: string columns in the order of ``Reader.columns``, then ``_row``."""

    rows: pa.Table
    done: int  # of ``total``: bytes of a text file, rows of the others
    total: int


class Reader(Protocol):
    """A file opened: its columns are known, its rows come in blocks."""

    path: Path
    columns: tuple[str, ...]
    notes: tuple[DataIssue, ...]  # warnings about the file as a whole

    def blocks(self, report: Report) -> Iterator[Block]:
        """The rows, as often as asked; rows that cannot be read go to ``report``."""
        ...


def unique(names: Iterable[str]) -> tuple[str, ...]:
    """Column names trimmed and told apart: an empty one is "column 3", a second "Amount" "Amount (2)"."""
    taken: list[str] = []
    for place, name in enumerate(names, start=1):
        clean = " ".join(name.split()) or f"column {place}"
        count, candidate = 1, clean
        while candidate in taken:
            count += 1
            candidate = f"{clean} ({count})"
        taken.append(candidate)
    return tuple(taken)


def block(columns: Sequence[str], rows: Sequence[Sequence[str]], numbers: Sequence[int]) -> pa.Table:
    """A table of text from rows of equal length and their row numbers."""
    fields = list(zip(*rows, strict=True)) or [()] * len(columns)
    arrays = [pa.array(field, pa.string()) for field in fields]
    return pa.table([*arrays, pa.array(numbers, pa.int64())], names=[*places(columns), ROW])


def places(columns: Sequence[str]) -> list[str]:
    """Technical names c0, c1 … of a block's columns: real names may differ only in case."""
    return [f"c{place}" for place in range(len(columns))]


def cut_off(file: str, row: int, detail: str) -> DataIssue:
    """The issue of a file that ends in the middle, after ``row``."""
    return DataIssue("cut_file", file=file, row=row, detail=detail, severity="warning")


def too_large(file: str, unpacked: int, limit_mb: int) -> DataIssue:
    """The issue of a file that unpacks to more bytes than are allowed."""
    return DataIssue(
        "too_large",
        file=file,
        value=f"{unpacked / 1_000_000:.0f} MB",
        detail=f"{limit_mb} MB (max_unpacked_mb in the mapping)",
        severity="load",
    )
