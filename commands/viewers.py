"""Who a command acts as: the person named, else the local owner."""

from __future__ import annotations

from warehouse.access import OWNER, AccessDenied, Viewer
from warehouse.engine import Session
from workflows.opening import Place, viewer_named


def acting_viewer(place: Place, session: Session, who: str | None) -> Viewer:
    """The viewer a command acts as.

    Raises:
        AccessDenied: somebody is named whom the store does not know.
    """
    if not who:
        return OWNER
    viewer = viewer_named(place, session, who)
    if not viewer.known:
        raise AccessDenied(
            f"Nobody here is known as {who}. Name an e-mail address or key from the list of reps."
        )
    return viewer
