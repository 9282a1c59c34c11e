"""A store that an older release wrote, built again from what was loaded into it."""

from __future__ import annotations

from datetime import datetime

from warehouse.relanding import in_present_tables
from warehouse.settings import Settings
from warehouse.store import Store
from warehouse.versions import Version
from workflows.refresh import publish


def republish(store: Store, settings: Settings, now: datetime) -> Version | None:
    """Publish a version in this release's tables; None when nothing was ever loaded.

    Landings of another schema version are landed again: new columns are empty, columns that are
    gone are left out. Raises ``StoreProblem`` when a source's rows do not fit the tables any
    more; then the version before stays, and the source has to be loaded again.
    """
    with store.lock():
        before = store.newest()
        if before is None:
            return None
        landings = {
            info.source: in_present_tables(store, info, now) for info in store.landings(before).values()
        }
        return publish(store, landings, settings, now)
