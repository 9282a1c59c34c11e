"""A sealed landing: the complete present state of one source, as its last load left it."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field, replace
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from warehouse import issues
from warehouse.parquet import write_text
from warehouse.versions import SourceState

SEAL = "load.json"
"""The file that seals a landing, written last: a folder without it is never read."""

ISSUES = "issues.parquet"

FAILED = "failed.json"
"""The file that says why a load failed, in a landing that no version names."""


@dataclass(frozen=True)
class LandingInfo:
    """What ``load.json`` says of a sealed landing; rows and set-aside rows are by table."""

    source: str
    load_id: str
    folder: Path
    loaded_at: datetime
    as_of: date
    schema_version: int
    cursor: dict[str, str] = field(default_factory=dict)
    settings: dict[str, Any] = field(default_factory=dict)
    note: dict[str, Any] = field(default_factory=dict)
    rows: dict[str, int] = field(default_factory=dict)  # in the landing
    read: dict[str, int] = field(default_factory=dict)  # sent by this load, set-aside rows too
    set_aside: dict[str, int] = field(default_factory=dict)  # rows with at least one issue
    warnings: int = 0

    def path(self, table: str) -> Path:
        """The Parquet file of a table; KeyError when the source has none."""
        if table not in self.rows:
            raise KeyError(table)
        return self.folder / f"{table}.parquet"

    def issues(self) -> pa.Table:
        """The issues of the source, with ``warehouse.issues.SCHEMA``."""
        return pq.read_table(self.folder / ISSUES, schema=issues.SCHEMA)

    def to_json(self) -> str:
        """The text of ``load.json``; the folder is where it lies."""
        data = {name: value for name, value in asdict(self).items() if name != "folder"}
        times = {"loaded_at": self.loaded_at.isoformat(), "as_of": self.as_of.isoformat()}
        return json.dumps(data | times, indent=1, sort_keys=True) + "\n"

    @classmethod
    def from_folder(cls, folder: Path) -> LandingInfo:
        """Read a sealed landing. Raises ``FileNotFoundError`` when it was never sealed."""
        data = json.loads((folder / SEAL).read_text(encoding="utf-8"))
        data["loaded_at"] = datetime.fromisoformat(data["loaded_at"])
        data["as_of"] = date.fromisoformat(data["as_of"])
        return cls(folder=folder, **data)


@dataclass(frozen=True)
class Failure:
    """A load that failed: when, why, and where its issues are."""

    source: str
    load_id: str
    failed_at: datetime
    reason: str
    folder: Path

    def issues(self) -> pa.Table:
        """The issues of the failed load, with ``warehouse.issues.SCHEMA``."""
        return pq.read_table(self.folder / ISSUES, schema=issues.SCHEMA)


def mark_failed(folder: Path, source: str, at: datetime, reason: str) -> None:
    """Say in the landing ``folder`` of ``source`` why its load failed."""
    data = {"source": source, "failed_at": at.isoformat(), "reason": reason}
    write_text(folder / FAILED, json.dumps(data, indent=1) + "\n")


def keep_failed(info: LandingInfo, found: Iterable[issues.DataIssue]) -> Path:
    """Add to a landing that failed after it was sealed why it did; the file of its issues."""
    more = issues.to_table([replace(issue, severity="load") for issue in found], info.source)
    half = info.folder / f"{ISSUES}.tmp"
    pq.write_table(pa.concat_tables([info.issues(), more]), half)
    return half.replace(info.folder / ISSUES)


def last_failures(root: Path, loaded: Mapping[str, str]) -> dict[str, Failure]:
    """The last failed load of each source, if it is later than the load that is in use."""
    found: dict[str, Failure] = {}
    for path in sorted(root.glob(f"landing/*/*/{FAILED}")):
        failure = _failure(path)
        if failure.load_id > loaded.get(failure.source, ""):
            found[failure.source] = failure
    return found


def _failure(path: Path) -> Failure:
    data = json.loads(path.read_text(encoding="utf-8"))
    at = datetime.fromisoformat(data["failed_at"])
    return Failure(data["source"], path.parent.name, at, data["reason"], path.parent)


def folder_name(source: str) -> str:
    """A source's name as a folder name: letters, digits, "-" and "_" stay, the rest is escaped."""
    return re.sub(r"[^A-Za-z0-9_-]", lambda found: f"%{ord(found.group()):02X}", source)


def set_aside_rows(found: pa.Table) -> dict[str, int]:
    """Rows set aside by table: a row with several issues counts once."""
    rows = found.filter(pc.equal(found["severity"], "row"))
    placed = rows.filter(pc.is_valid(rows["row"])).group_by(["source", "table", "file", "row"])
    counts = _count(placed.aggregate([]))
    for table, more in _count(rows.filter(pc.is_null(rows["row"]))).items():
        counts[table] = counts.get(table, 0) + more
    return counts


def _count(rows: pa.Table) -> dict[str, int]:
    counted = rows.group_by("table").aggregate([([], "count_all")])
    return dict(zip(counted["table"].to_pylist(), counted["count_all"].to_pylist(), strict=True))


def warnings(found: pa.Table) -> int:
    """How many of the issues are warnings: the row is kept."""
    return pc.sum(pc.equal(found["severity"], "warning")).as_py() or 0


def read_for_counting(path: Path) -> pa.Table:
    """The columns of a file of issues that counting needs; small even for millions of issues."""
    texts = ["source", "table", "file", "severity"]
    found = pq.read_table(path, columns=[*texts, "row"], read_dictionary=texts)
    return found.unify_dictionaries()


def source_states(landings: Mapping[str, Path], found: pa.Table) -> dict[str, SourceState]:
    """What each landing brings into a version whose build found the cross-row issues ``found``."""
    return {
        source: _state(LandingInfo.from_folder(folder), found.filter(pc.equal(found["source"], source)))
        for source, folder in landings.items()
    }


def _state(info: LandingInfo, found: pa.Table) -> SourceState:
    later = set_aside_rows(found)
    return SourceState(
        source=info.source,
        load_id=info.load_id,
        loaded_at=info.loaded_at,
        as_of=info.as_of,
        cursor=info.cursor,
        rows={table: rows - later.get(table, 0) for table, rows in info.rows.items()},
        set_aside=sum(info.set_aside.values()) + sum(later.values()),
        warnings=info.warnings + warnings(found),
        note=info.note,
    )
