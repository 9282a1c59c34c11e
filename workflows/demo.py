"""The demo company: its data, and the roles of the people one can look through the eyes of."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path

from connectors.demo import DEMO_VIEWERS, DemoConnector, DemoViewer
from planning import roles
from warehouse.database import Database, open_database
from warehouse.landing import Progress
from warehouse.settings import Settings
from warehouse.store import Store
from workflows.opening import PROJECT, store_root
from workflows.refresh import LoadReport, load

_BY_DEMO = "demo"


def load_demo(
    now: datetime,
    seed: int = 7,
    opportunities: int | None = None,
    as_of: date | None = None,
    progress: Progress | None = None,
    root: Path | None = None,
) -> LoadReport:
    """Load the demo company into the store (made if there is none), with its viewers' roles.

    ``now`` is the moment of loading; ``as_of`` is the company's own today, fixed unless it is given.

    Raises:
        StoreMixed: the store holds own data.
    """
    root = root or store_root()
    store = Store.create(root, "demo", now)
    settings = Settings.load(PROJECT / "attain.toml")
    more = {} if as_of is None else {"as_of": as_of}
    report = load(
        DemoConnector(seed=seed, opportunities=opportunities, **more), store, settings, now, progress
    )
    _give_roles(open_database(root), now)
    return report


def demo_viewers() -> tuple[DemoViewer, ...]:
    """People of the demo company worth looking through, one for each role."""
    return DEMO_VIEWERS


def _give_roles(database: Database, now: datetime) -> None:
    for viewer in DEMO_VIEWERS:
        if viewer.role not in roles.roles_of(database, viewer.key):
            roles.assign_role(database, viewer.key, viewer.role, by=_BY_DEMO, now=now)
