"""Loads a mapping into a landing of its own, for the tests to look at."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq

from connectors.files import FilesConnector, Mapping, read_mapping
from warehouse.issues import DataIssue, LoadFailed, from_table
from warehouse.landing import Landing

NOW = datetime(2026, 6, 30, 12, tzinfo=UTC)

DEALS = """
[source]
name = "test"

[files.sales]
path = "{path}"
{file}

[[tables]]
fills = "opportunities"
from = "sales"

[tables.columns]
opportunity_id = "id"
owner_id = "rep"
amount = "amount"
close_on = "date"
is_won = {{ value = true }}
is_closed = {{ value = true }}
"""


@dataclass
class Loaded:
    """What a load left behind."""

    tables: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    issues: list[DataIssue] = field(default_factory=list)
    as_of: date | None = None
    settings: dict[str, Any] = field(default_factory=dict)

    @property
    def sentences(self) -> list[str]:
        return [issue.sentence for issue in self.issues]

    def column(self, table: str, name: str) -> list[Any]:
        return [row[name] for row in self.tables[table]]


def deals(path: str = "sales.csv", file: str = "") -> Mapping:
    """A mapping of one file of won deals with the columns id, rep, amount and date."""
    return read_mapping(DEALS.format(path=path, file=file))


def load(mapping: Mapping | str, folder: Path) -> Loaded:
    """Run the connector into a landing; ``LoadFailed`` passes through."""
    if isinstance(mapping, str):
        mapping = read_mapping(mapping)
    place = folder / f"landing-{len(list(folder.glob('landing-*')))}"
    connector = FilesConnector(mapping, folder, today=NOW.date())
    with Landing(place, connector.name, NOW, load_id="test", pseudonym=lambda email: f"p:{email}") as landing:
        connector.read(landing, {})
    info = landing.sealed
    assert info is not None
    tables = {table: _rows(place / f"{table}.parquet") for table in info.rows}
    return Loaded(
        tables, from_table(pq.read_table(place / "issues.parquet")), info.as_of, dict(info.settings)
    )


def _rows(path: Path) -> list[dict[str, Any]]:
    rows = pq.read_table(path).to_pylist()
    return sorted(rows, key=lambda row: (row["_file"] or "", row["_row"] or 0))


def refused(mapping: Mapping | str, folder: Path) -> list[str]:
    """The sentences of a load that must fail."""
    try:
        load(mapping, folder)
    except LoadFailed as failed:
        return [issue.sentence for issue in failed.issues]
    raise AssertionError("the load did not fail")


def write(folder: Path, **files: str) -> None:
    """Write ``a.csv``, ``b.csv`` … into a folder."""
    for name, text in files.items():
        (folder / f"{name}.csv").write_text(text, encoding="utf-8")


def mapping_of(tables: str, files: str = "") -> str:
    """A mapping with these tables and files."""
    return f'[source]\nname = "test"\nas_of = 2026-06-30\n{files}\n{tables}'


TWO_FILES = '[files.a]\npath = "a.csv"\n[files.b]\npath = "b.csv"\n'
DEALS_OF_A = '[[tables]]\nfills = "opportunities"\nfrom = "a"\n{more}\n[tables.columns]\nopportunity_id = "id"\n{columns}'


def deals_of(
    folder: Path, text: str, columns: str, more: str = "", head: str = ""
) -> list[dict[str, object]]:
    """Deals made from one file ``a.csv`` (and ``b.csv`` when it is there)."""
    write(folder, a=text)
    if not (folder / "b.csv").exists():
        write(folder, b="x\n1\n")
    mapping = mapping_of(DEALS_OF_A.format(more=more, columns=columns), head + TWO_FILES)
    return load(mapping, folder).tables["opportunities"]
