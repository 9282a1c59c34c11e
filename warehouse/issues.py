"""What is wrong with a row or a file, as a record that renders to one plain sentence.

A source's bad rows are set aside as ``DataIssue`` records and never stop the good ones. Only the
record is stored; the English sentence here and its translations are made when it is shown.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

VALUE_LENGTH = 200
"""An offending value is cut at this many characters; ``raw`` keeps the whole row."""

SEVERITIES = ("row", "warning", "load")

TEMPLATES: dict[str, str] = {
    "amount_too_large": "{file}, row {row}: {field} is “{value}”, which is more than an amount can hold. "
    "Check its scale and load again.",
    "bad_amount": "{file}, row {row}: {field} is “{value}”, which is not an amount. "
    "Correct it and load again.",
    "bad_date": "{file}, row {row}: {field} is “{value}”, which is not a date in the expected form{detail}. "
    "Correct it, or state the form in the mapping, and load again.",
    "bad_encoding": "{file} cannot be read as {detail}. State its encoding in the mapping and load again.",
    "bad_flag": "{file}, row {row}: {field} is “{value}”, which is neither yes nor no. "
    "Correct it and load again.",
    "bad_number": "{file}, row {row}: {field} is “{value}”, which is not a number. "
    "Correct it and load again.",
    "bad_probability": "{file}, row {row}: {field} is “{value}”, which is not a probability from 0 to 1, so it "
    "counts as empty. Correct it, or state its scale in the mapping, and load again.",
    "bad_rate": "{file}, row {row}: the rate of {detail} is “{value}”, which no exchange rate can be. "
    "Correct it and load again.",
    "bad_share": "{file}, row {row}: {field} is “{value}”, which is not a share of a deal. "
    "Write a number from 0 to 1 and load again.",
    "bad_whole_number": "{file}, row {row}: {field} is “{value}”, which is not a whole number. "
    "Correct it and load again.",
    "broken_file": "{file} is cut off or damaged ({detail}). Fetch it again and load again.",
    "cannot_read": "{file} cannot be read: {detail}.",
    "date_out_of_range": "{file}, row {row}: {field} is “{value}”, outside the years this company "
    "works with ({detail}). Correct it and load again.",
    "duplicate_id": "{file}, row {row}: {field} “{value}” was already used{detail}. "
    "Keep one of the rows and load again.",
    "empty_file": "{file} holds no rows. Export it again and load again.",
    "empty_period": "{file}, row {row}: {field} is {value}, but the period starts on {detail}. "
    "Write the first day after the period and load again.",
    "hierarchy_cycle": "{file}, row {row}: {field} “{value}” closes a circle of managers ({detail}). "
    "Give one of them another manager and load again.",
    "lines_differ": "{file}, row {row}: {field} is {value}, but the lines of the deal add up to {detail}. "
    "The deal is credited as a whole, without products; correct the lines and load again.",
    "missing_column": "{file} has no column “{field}”{detail}. Add it, or name the right column in the "
    "mapping, and load again.",
    "missing_file": "{file} is missing. Put it in the folder and load again.",
    "missing_value": "{file}, row {row}: {field} is empty, but every row needs one. "
    "Fill it in and load again.",
    "negative_amount": "{file}, row {row}: {field} is {value}, below zero. Correct it and load again.",
    "no_rate": "{file}, row {row}: there is no exchange rate for {field} “{value}” on or before {detail}. "
    "Load a rate for that day or an earlier one.",
    "not_finite": "{file}, row {row}: {field} is “{value}”, which is not a finite number. "
    "Correct it and load again.",
    "orphan": "{file}, row {row}: {field} “{value}” points at nothing that was loaded{detail}. "
    "Load that record too, or correct the reference.",
    "overlap": "{file}, row {row}: {field} “{value}” already has a row for these days ({detail}). "
    "End one before the other starts and load again.",
    "overlapping_quota": "{file}, row {row}: {field} “{value}” sets a target that another quota already "
    "sets for these days ({detail}). Keep one of them and load again.",
    "splits_over_whole": "{file}, row {row}: the shares of {field} “{value}” add up to {detail}, "
    "more than 100 %. Correct them and load again.",
    "too_large": "{file} unpacks to {value}, more than the {detail} that are allowed. "
    "Save it as CSV, or in smaller files, and load again.",
    "two_managers": "{file}, row {row}: {field} “{value}” has two managers at once ({detail}). "
    "End one assignment before the other starts and load again.",
    "unknown_measure": "{file}, row {row}: {field} “{value}” is not among the settings’ measures, so "
    "nothing counts towards it ({detail} rows). Add it to the settings.",
    "unknown_problem": "{file}, row {row}: {field} “{value}” could not be used ({detail}).",
    "unknown_ramp": "{file}, row {row}: {field} “{value}” is not among the settings’ ramps, so the full "
    "quota counts from the first day. Add it to the settings.",
    "unknown_rep": "{file}, row {row}: {field} “{value}” is nobody in the list of reps. "
    "Add the rep, or correct the reference, and load again.",
    "won_without": "{file}, row {row}: deal “{value}” is won but its {field} is empty, so nobody is "
    "credited for it. Fill it in and load again.",
}
"""English sentence by code; fields: file, row, field, value, detail, table. Sorted by code."""

SCHEMA = pa.schema(
    [
        pa.field("source", pa.string(), nullable=False),
        pa.field("code", pa.string(), nullable=False),
        pa.field("table", pa.string(), nullable=False),
        pa.field("file", pa.string(), nullable=False),
        pa.field("row", pa.int64()),
        pa.field("field", pa.string(), nullable=False),
        pa.field("value", pa.string(), nullable=False),
        pa.field("detail", pa.string(), nullable=False),
        pa.field("raw", pa.string(), nullable=False),
        pa.field("severity", pa.string(), nullable=False),
    ]
)
"""Columns of every stored table of issues, in order."""


@dataclass(frozen=True)
class DataIssue:
    """One thing that is wrong with a source's data."""

    code: str  # stable id; the sentence is TEMPLATES[code]
    table: str = ""  # canonical table or entity
    file: str = ""  # file (or query) name, no path
    row: int | None = None  # line as a spreadsheet counts it: the header is row 1 if there is one
    field: str = ""  # column name in the source
    value: str = ""  # offending value, cut at VALUE_LENGTH
    detail: str = ""  # extra words for the template
    raw: str = ""  # the whole source row as JSON text, for download
    severity: str = "row"  # "row": set aside; "warning": row kept; "load": nothing can be loaded

    def __post_init__(self) -> None:
        """Cut the value; refuse a severity that does not exist."""
        object.__setattr__(self, "value", self.value[:VALUE_LENGTH])
        if self.severity not in SEVERITIES:
            message = f"severity is {self.severity!r}, not one of {SEVERITIES}"
            raise ValueError(message)

    @property
    def template(self) -> str:
        """English template of the sentence, the id under which it is translated."""
        return TEMPLATES.get(self.code, TEMPLATES["unknown_problem"])

    def fields(self) -> dict[str, str]:
        """Values for the template, whatever its language."""
        return {
            "file": self.file or self.table,
            "row": "—" if self.row is None else str(self.row),
            "field": self.field,
            "value": self.value,
            "detail": self.detail,
            "table": self.table,
        }

    @property
    def sentence(self) -> str:
        """What is wrong, where, and what to do, in English."""
        return self.template.format_map(self.fields())


class LoadFailed(Exception):
    """Nothing of a load can be used; the last good version stays.

    ``issues_path`` names the Parquet file that keeps the issues for viewing, once it is written.
    """

    def __init__(self, issues: Iterable[DataIssue]) -> None:
        """Hold the issues that made the load impossible."""
        self.issues = list(issues)
        self.issues_path: Path | None = None
        super().__init__(" ".join(issue.sentence for issue in self.issues))


def to_table(issues: Iterable[DataIssue], source: str) -> pa.Table:
    """``issues`` of one source as a table with SCHEMA."""
    rows = [{"source": source, **vars(issue)} for issue in issues]
    return pa.Table.from_pylist(rows, schema=SCHEMA)


def from_table(rows: pa.Table) -> list[DataIssue]:
    """The records of a table with SCHEMA, without their source."""
    return [from_row(row) for row in rows.to_pylist()]


def from_row(row: Mapping[str, Any]) -> DataIssue:
    """One record of a table with SCHEMA."""
    return DataIssue(**{name: row[name] for name in SCHEMA.names if name != "source"})


def empty() -> pa.Table:
    """A table of issues without rows."""
    return SCHEMA.empty_table()


def conform(rows: pa.Table) -> pa.Table:
    """``rows`` with exactly the columns of SCHEMA: a missing one is empty, NULL text is ''.

    Raises ``ValueError`` for a code that TEMPLATES does not know: its sentence would say nothing.
    """
    columns = [_column(rows, field) for field in SCHEMA]
    checked = pa.table(columns, schema=SCHEMA)
    unknown = set(pc.unique(checked["code"]).to_pylist()) - set(TEMPLATES)
    if unknown:
        message = f"no sentence in TEMPLATES for {', '.join(sorted(unknown))}"
        raise ValueError(message)
    return checked


def _column(rows: pa.Table, field: pa.Field) -> pa.ChunkedArray:
    if field.name not in rows.column_names:
        default = {"row": None, "severity": "row"}.get(field.name, "")
        return pa.chunked_array([pa.repeat(pa.scalar(default, field.type), rows.num_rows)])
    values = rows[field.name].cast(field.type)
    if field.name == "value":
        values = pc.utf8_slice_codeunits(values, 0, VALUE_LENGTH)
    return values if field.nullable else pc.fill_null(values, "")


def raw_row(values: Mapping[str, object]) -> str:
    """A source row as the JSON text ``DataIssue.raw`` holds; what is not JSON becomes text."""
    return json.dumps(values, ensure_ascii=False, default=str)
