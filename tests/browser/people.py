"""Whose names a viewer of the demo company may meet: asked of the access door, not of the pages."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path

from metrics.periods import calendar_of, earlier
from metrics.view import View
from warehouse.access import Tables, Viewer
from warehouse.engine import Session
from workflows.opening import open_place
from workflows.who import DEMO_VIEWERS, demo_viewer

ROLES = {
    "rep": "R024", "manager": "R013", "vice_president": "R004", "executive": "R001",
    "compensation_admin": "R022", "administrator": "R023",
}  # fmt: skip
"""A demo viewer for each role; their keys do not depend on the seed."""
SWITCH = frozenset(viewer.name for viewer in DEMO_VIEWERS)
"""Names the demo company's viewer switch offers to everybody."""


@dataclass(frozen=True)
class Sight:
    """Names and keys one viewer may see, and those they may not."""

    viewer: Viewer
    names: frozenset[str]
    foreign_names: frozenset[str]
    foreign_keys: frozenset[str]


def sight_of(store: Path, who: str) -> Sight:
    """What the access door allows a demo viewer on the day the data stands at.

    Pages compare with the same day of the quarter before, and what is compared with is seen as it was
    seen on that day: somebody who has left since still stands in the column of earlier figures.
    """
    place = open_place(store)
    session = place.session()
    viewer = demo_viewer(place, session, who)
    keys = {who}
    for day in _days(session):
        tables = Tables(viewer, session, day)
        keys |= set(tables.run(tables.visible_reps())["rep_id"].to_pylist())
    known = place.people.names()
    names = frozenset(name for key, name in known.items() if key in keys)
    return Sight(
        viewer, names, frozenset(known.values()) - names, frozenset(key for key in known if key not in keys)
    )


def _days(session: Session) -> tuple[date, date]:
    """The day the data stands at, and the same day of the quarter before."""
    calendar, today = calendar_of(session), session.version.as_of
    quarter = calendar.of("quarter", today)
    return today, earlier(
        calendar, View(quarter.start, quarter.end, today, compare="previous"), ()
    ).view.as_of


def everybody(store: Path) -> frozenset[str]:
    """Every name of the company."""
    return frozenset(open_place(store).people.names().values())
