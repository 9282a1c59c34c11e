"""What the files connector needs of a landing; a dry run stands in for the real one."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any, Protocol

import pyarrow as pa

from warehouse.issues import DataIssue


class Target(Protocol):
    """The part of ``warehouse.landing.Landing`` that is used here."""

    def add(self, table: str, rows: pa.Table) -> None:
        """Append rows of a canonical table."""
        ...

    def set_aside(self, issue: DataIssue) -> None:
        """Record an issue."""
        ...

    def set_aside_rows(self, found: pa.Table) -> None:
        """Record many issues."""
        ...

    def progress(self, what: str, done: int, total: int | None) -> None:
        """Tell how far the load is."""
        ...

    def seal(
        self,
        *,
        as_of: date,
        cursor: Mapping[str, str] | None = None,
        settings: Mapping[str, Any] | None = None,
        note: Mapping[str, Any] | None = None,
    ) -> object:
        """Make the landing whole."""
        ...
