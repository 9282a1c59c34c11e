"""Whose names a viewer of the demo company may meet: asked of the access door, not of the pages."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from warehouse.access import Tables, Viewer
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
    """What the access door allows a demo viewer on the day the data stands at; comparisons show no more."""
    place = open_place(store)
    session = place.session()
    viewer = demo_viewer(place, session, who)
    tables = Tables(viewer, session, session.version.as_of)
    keys = {who} | set(tables.run(tables.visible_reps())["rep_id"].to_pylist())
    known = place.people.names()
    names = frozenset(name for key, name in known.items() if key in keys)
    return Sight(
        viewer, names, frozenset(known.values()) - names, frozenset(key for key in known if key not in keys)
    )


def everybody(store: Path) -> frozenset[str]:
    """Every name of the company."""
    return frozenset(open_place(store).people.names().values())
