"""What a published version is: which parts, from which loads, as of when."""

from __future__ import annotations

import hashlib
import json
import secrets
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from typing import Any

import pyarrow as pa

from warehouse import issues
from warehouse.tables import SCHEMA_VERSION

_STAMP = "%Y%m%dT%H%M%S%fZ"


@dataclass(frozen=True)
class Part:
    """One Parquet file of a canonical table, written once and never changed."""

    path: str  # relative to the store's root, with forward slashes
    rows: int
    digest: str  # of the sorted rows without load_id, not of the bytes
    cut: str = ""  # "" | "2026-03" | "open"


@dataclass(frozen=True)
class SourceState:
    """What one source brought into a version."""

    source: str
    load_id: str
    loaded_at: datetime
    as_of: date
    cursor: dict[str, str] = field(default_factory=dict)
    rows: dict[str, int] = field(default_factory=dict)  # by table, rows that are used
    set_aside: int = 0
    warnings: int = 0
    note: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Draft:
    """A version that is built but not published; its parts are written, nobody reads them."""

    made_at: datetime
    as_of: date
    settings: dict[str, Any]
    tables: dict[str, tuple[Part, ...]]
    sources: dict[str, SourceState]
    checks: dict[str, Any] = field(default_factory=dict)
    issues: pa.Table = field(default_factory=issues.empty, compare=False)  # found across rows


@dataclass(frozen=True)
class Version:
    """A published version: one whole, unchanging state of every canonical table."""

    id: str
    schema_version: int
    made_at: datetime
    as_of: date
    settings: dict[str, Any]
    tables: dict[str, tuple[Part, ...]]
    sources: dict[str, SourceState]
    checks: dict[str, Any] = field(default_factory=dict)
    previous: str = ""  # the version this one replaced

    def __hash__(self) -> int:
        """Hash by id: versions never change."""
        return hash(self.id)

    def rows(self, table: str) -> int:
        """Rows of ``table`` in all its parts; 0 for a table without parts."""
        return sum(part.rows for part in self.tables.get(table, ()))

    def digest(self, table: str) -> str:
        """Digest of a table's rows, the cache key of whatever reads it; "" without parts."""
        return parts_digest(self.tables.get(table, ()))


@lru_cache(maxsize=4096)
def parts_digest(parts: tuple[Part, ...]) -> str:
    """Digest over the digests of ``parts``, whatever their order or file names."""
    if not parts:
        return ""
    text = "\n".join(sorted(f"{part.cut} {part.digest}" for part in parts))
    return hashlib.sha256(text.encode()).hexdigest()[:32]


def new_id(now: datetime, after: str = "") -> str:
    """A new id that sorts by time, and after the id ``after`` even if the clock went back."""
    stamp = now.astimezone(UTC)
    if after:
        stamp = max(stamp, _stamp_of(after) + timedelta(microseconds=1))
    return f"{stamp.strftime(_STAMP)}-{secrets.token_hex(3)}"


def _stamp_of(version_id: str) -> datetime:
    return datetime.strptime(version_id.split("-", maxsplit=1)[0], _STAMP).replace(tzinfo=UTC)


def publish_as(draft: Draft, version_id: str, previous: Version | None) -> Version:
    """The version a draft becomes when it replaces ``previous``."""
    return Version(
        id=version_id,
        schema_version=SCHEMA_VERSION,
        made_at=draft.made_at,
        as_of=draft.as_of,
        settings=draft.settings,
        tables=draft.tables,
        sources=draft.sources,
        checks=draft.checks,
        previous=previous.id if previous else "",
    )


def to_json(version: Version) -> str:
    """The manifest of a version as JSON text."""
    return json.dumps(asdict(version), indent=1, sort_keys=True, default=_plain) + "\n"


def _plain(value: object) -> str:
    if isinstance(value, date):  # datetime too
        return value.isoformat()
    message = f"a manifest cannot hold {type(value).__name__} {value!r}"
    raise TypeError(message)


def from_json(text: str) -> Version:
    """The version a manifest describes. Raises ``ValueError`` or ``KeyError`` if it is none."""
    data = json.loads(text)
    tables = {name: tuple(Part(**part) for part in parts) for name, parts in data["tables"].items()}
    return Version(
        id=data["id"],
        schema_version=data["schema_version"],
        made_at=datetime.fromisoformat(data["made_at"]),
        as_of=date.fromisoformat(data["as_of"]),
        settings=data["settings"],
        tables=tables,
        sources={name: _source(state) for name, state in data["sources"].items()},
        checks=data["checks"],
        previous=data["previous"],
    )


def _source(data: Mapping[str, Any]) -> SourceState:
    times = {
        "loaded_at": datetime.fromisoformat(data["loaded_at"]),
        "as_of": date.fromisoformat(data["as_of"]),
    }
    return SourceState(**{**data, **times})
