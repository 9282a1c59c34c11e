"""Names of people by key, of those the viewer sees and nobody else."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from functools import cached_property

from ui.ask import kept
from ui.desk import Desk
from ui.speech import UNASSIGNED, _
from workflows.reporting import Reporting, reporting


@dataclass(frozen=True)
class Names:
    """Display names by key; a person without a name, or forgotten, is shown by key."""

    known: dict[str, str]

    def of(self, key: str) -> str:
        """The name to show, not yet escaped."""
        return _("Unassigned") if key == UNASSIGNED else self.known.get(key, key)

    @cached_property
    def digest(self) -> str:
        """Changes when a name does."""
        return hashlib.sha256(repr(sorted(self.known.items())).encode()).hexdigest()[:16]


def lines_of(desk: Desk) -> Reporting:
    """The reporting lines the viewer sees, as the present version has them."""
    as_of = desk.reading.version.as_of
    return kept(
        "reporting", desk, lambda: reporting(desk.reading, desk.viewer, as_of), as_of, tables={"visibility"}
    )


def names_of(desk: Desk) -> Names:
    """Names of everybody the viewer sees."""
    visible = lines_of(desk).ever

    def work() -> Names:
        return Names(desk.place.people.names(visible))

    return kept("names", desk, work, desk.reading.version.id, tables={"visibility"})
