"""What every connector looks like: it reads a source and writes one landing."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol

from warehouse.landing import Landing


class Connector(Protocol):
    """One source of data.

    A connector checks each value it reads. A row it cannot use is set aside with the file, row
    and field that are wrong, and the next row goes on; only when nothing can be read at all does
    it raise ``warehouse.issues.LoadFailed``.
    """

    @property
    def name(self) -> str:
        """What the source is called: "demo", "files:adventureworks" … (``source_system``)."""
        ...

    @property
    def entities(self) -> tuple[str, ...]:
        """The canonical tables this connector can fill."""
        ...

    def read(self, landing: Landing, cursor: Mapping[str, str]) -> None:
        """Add rows to ``landing``, set bad rows aside, then seal it.

        ``cursor`` is what the connector gave to ``seal`` at the last published load, empty at the
        first: how far an incremental source had come.
        """
        ...
