"""What a mapping says, as frozen dataclasses: files, how to read them, which tables they fill.

``parse`` makes these from TOML and ``dump`` writes them back; nothing here reads a file.
"""

from __future__ import annotations

from collections.abc import Mapping as Dict
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

FORMATS = ("auto", "csv", "excel", "parquet")
SNAPS = ("month_start", "nearest_month")
TAKES = ("sum", "min", "max", "first", "last", "count", "same")
CASES = ("lower", "upper")
DATE_PARTS = ("year", "quarter", "month", "day")
MISSING = ("set_aside", "warn", "ignore")
OPERATIONS = ("is", "is_not", "in", "not_in", "empty", "at_least", "at_most")


@dataclass(frozen=True)
class FileSpec:
    """One file, or several of one shape (a pattern), and how to read it."""

    name: str
    path: str  # inside the data folder; may hold * and ?
    format: str = "auto"
    encoding: str = ""  # "" = found out from the bytes
    delimiter: str = ""  # "" = found out from the first lines
    quote: str = '"'
    header: int = 1  # row of the column names, 0 = none
    columns: tuple[str, ...] = ()  # names where there is no header
    null: tuple[str, ...] = ()  # texts that mean "nothing", besides the empty one
    decimal: str = "."
    thousands: str = ""
    date_format: tuple[str, ...] = ()  # strptime forms; () = ISO
    time_zone: str = "UTC"  # of instants written without an offset
    sheet: str = ""  # "" = the first
    max_unpacked_mb: int = 100  # workbooks and gzip files that unpack to more are refused
    optional: bool = False  # may be absent


@dataclass(frozen=True)
class Condition:
    """Keep only the rows for which this holds; values are text, a number or a day."""

    column: str
    operation: str
    value: Any


@dataclass(frozen=True)
class Join:
    """Columns of another file, found by key; never more than one row for each row."""

    file: str
    on: tuple[tuple[str, str], ...]  # (column here, column there)
    prefix: str = ""
    where: tuple[Condition, ...] = ()
    missing: str = "set_aside"  # what a key that is not found does to the row: see MISSING


@dataclass(frozen=True)
class Unpivot:
    """Wide to long: each of ``columns`` becomes a row with its name and its value."""

    columns: tuple[str, ...]  # names or patterns such as M*
    name: str
    value: str


@dataclass(frozen=True)
class ColumnSpec:
    """How one canonical column is made. Exactly one of the first four says from what."""

    column: str = ""
    value: str | None = None
    template: str = ""
    date: tuple[tuple[str, str | int], ...] = ()  # (part, column, or the number itself)
    lookup: str = ""
    default: str | None = None
    scale: Decimal = Decimal(1)
    case: str = ""
    date_format: tuple[str, ...] = ()
    snap: str = ""
    shift_months: int = 0
    shift_days: int = 0
    take: str = ""


@dataclass(frozen=True)
class TableSpec:
    """How rows of one file become rows of one canonical table."""

    fills: str
    source: str  # name of a file
    columns: tuple[tuple[str, ColumnSpec], ...]
    where: tuple[Condition, ...] = ()
    joins: tuple[Join, ...] = ()
    unpivot: Unpivot | None = None
    group_by: tuple[str, ...] = ()  # canonical columns
    only_new: bool = False  # leave out rows whose key an earlier table of the mapping gave


@dataclass(frozen=True)
class Mapping:
    """A whole mapping."""

    name: str
    files: tuple[FileSpec, ...]
    tables: tuple[TableSpec, ...]
    title: str = ""
    as_of: date | None = None  # None = the last day found in the data
    settings: Dict[str, Any] = field(default_factory=dict)
    lookups: Dict[str, Dict[str, str]] = field(default_factory=dict)

    def file(self, name: str) -> FileSpec:
        """The file called ``name``."""
        return next(f for f in self.files if f.name == name)

    @property
    def entities(self) -> tuple[str, ...]:
        """Canonical tables this mapping fills, each once, in the order they first appear."""
        return tuple(dict.fromkeys(table.fills for table in self.tables))

    @property
    def currency(self) -> str:
        """Currency of amounts that name none; '' when the mapping does not say."""
        return str(self.settings.get("currency", ""))
