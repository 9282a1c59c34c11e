"""Who reports to whom, as far as one viewer may see it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property

from warehouse.access import Tables, Viewer
from warehouse.engine import Session, base, token


@dataclass(frozen=True)
class Reporting:
    """The reporting lines in force on a day: manager → direct reports, everybody visible."""

    direct: Mapping[str, tuple[str, ...]]
    visible: frozenset[str]  # on that day
    ever: frozenset[str]  # on any day: a name met in an earlier period is still a name
    _above: dict[str, str] = field(default_factory=dict, repr=False, compare=False)

    def __post_init__(self) -> None:
        for manager, reports in self.direct.items():
            self._above.update(dict.fromkeys(reports, manager))

    def above(self, person: str) -> str | None:
        """The direct manager, if the viewer sees them."""
        return self._above.get(person)

    def leads(self, person: str) -> bool:
        """Whether anybody reports to this person."""
        return person in self.direct

    def chain(self, person: str) -> tuple[str, ...]:
        """Everybody above a person and the person, from the top."""
        found = [person]
        while (manager := self.above(found[-1])) is not None and manager not in found:
            found.append(manager)
        return tuple(reversed(found))

    @cached_property
    def roots(self) -> tuple[str, ...]:
        """Managers with nobody visible above them."""
        return tuple(person for person in sorted(self.direct) if person not in self._above)

    @cached_property
    def managers(self) -> tuple[tuple[str, int], ...]:
        """Every manager with their depth, each below their own manager."""
        return tuple(pair for root in self.roots for pair in self._tree(root, 0))

    def _tree(self, person: str, depth: int) -> list[tuple[str, int]]:
        below = [r for r in self.direct[person] if self.leads(r)]
        return [(person, depth), *(pair for report in below for pair in self._tree(report, depth + 1))]


def reporting(session: Session, viewer: Viewer, as_of: date) -> Reporting:
    """The reporting lines a viewer sees on a day; a manager whose team is seen in part is left out."""
    tables = Tables(viewer, session, as_of)
    rows = tables.hierarchy()
    rows = rows.filter(rows.valid_from <= token("seen_on", "date"), rows.valid_to > token("seen_on", "date"))
    found = tables.run(rows.filter(rows.depth == 1).select("viewer_id", "rep_id").distinct()).to_pylist()
    direct: defaultdict[str, list[str]] = defaultdict(list)
    for row in sorted(found, key=lambda row: (row["viewer_id"], row["rep_id"])):
        direct[row["viewer_id"]].append(row["rep_id"])
    seen = frozenset(tables.run(tables.visible_reps())["rep_id"].to_pylist())
    return Reporting(
        {manager: tuple(reports) for manager, reports in direct.items()}, seen, seen | _ever(tables)
    )


def _ever(tables: Tables) -> frozenset[str]:
    """Everybody who was visible to the viewer on some day."""
    rows = base("visibility")
    if not tables.viewer.known:
        return frozenset()
    mine = rows.filter(rows.viewer_id == token("viewer")).select("rep_id").distinct()
    return frozenset(tables.run(mine)["rep_id"].to_pylist())
