"""Who is looking: decided from the store, the address served and the sign-in, failing closed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from ipaddress import ip_address
from typing import Any, Literal

from connectors.demo.truths import DEMO_VIEWERS, DemoViewer
from planning import roles
from warehouse.access import OWNER, STRANGER, Viewer
from warehouse.engine import Session
from workflows.opening import Place, viewer_named

__all__ = [
    "DEMO_VIEWERS",
    "Decision",
    "DemoViewer",
    "decide",
    "demo_viewer",
    "key_of",
    "roles_given",
    "signed_in_viewer",
]

FORWARDED = ("forwarded", "x-forwarded-for", "x-forwarded-host", "x-real-ip")
"""Headers a proxy adds: whoever sends one is not sitting at this machine."""

Way = Literal["demo", "owner", "user", "sign_in", "refused"]
Reason = Literal["", "address", "forwarded", "host", "client", "expired", "unverified", "no_email"]


@dataclass(frozen=True)
class Decision:
    """How this visitor is let in, or why not."""

    way: Way
    email: str = ""
    reason: Reason = ""


def decide(
    *,
    kind: str,
    address: str | None,
    headers: Mapping[str, str],
    client: str | None,
    auth_configured: bool,
    user: Mapping[str, Any] | None,
    now: datetime,
) -> Decision:
    """Decide how a visitor may look.

    Args:
        kind: of the store, ``demo`` or ``own``.
        address: the address the server listens on; None or empty is every address.
        headers: of the visitor's request.
        client: the visitor's address as the server sees it, None on loopback.
        auth_configured: whether sign-in is set up.
        user: claims of the person signed in, None when nobody is.
        now: to check that a sign-in has not expired.
    """
    if auth_configured:
        return _signed_in(user, now)
    names = {name.lower(): value for name, value in headers.items()}
    if not is_loopback(address or ""):
        return Decision("refused", reason="address")
    if any(name in names for name in FORWARDED):
        return Decision("refused", reason="forwarded")
    if client and not is_loopback(client):
        return Decision("refused", reason="client")
    # A name that is resolved to this machine by somebody else's server is not this machine.
    if "host" in names and not is_loopback(_without_port(names["host"])):
        return Decision("refused", reason="host")
    return Decision("demo" if kind == "demo" else "owner")


def is_loopback(address: str) -> bool:
    """Whether an address or host name is this machine and nothing else."""
    if address == "localhost":
        return True
    try:
        return ip_address(address.strip("[]")).is_loopback
    except ValueError:
        return False


def _without_port(host: str) -> str:
    if host.startswith("["):
        return host[1:].partition("]")[0]
    return host.rpartition(":")[0] if host.count(":") == 1 else host


def _signed_in(user: Mapping[str, Any] | None, now: datetime) -> Decision:
    if not user:
        return Decision("sign_in")
    if not isinstance(user.get("exp"), int | float) or user["exp"] <= now.timestamp():
        return Decision("sign_in", reason="expired")
    email = user.get("email")
    if not isinstance(email, str) or "@" not in email:
        return Decision("refused", reason="no_email")
    if user.get("email_verified") is False:
        return Decision("refused", reason="unverified")
    return Decision("user", email.strip().lower())


def demo_viewer(place: Place, session: Session, key: str) -> Viewer:
    """One of the people a demo store can be looked through as; a stranger when it is none of them."""
    known = {viewer.key: viewer for viewer in DEMO_VIEWERS}
    if place.store.kind != "demo" or key not in known:
        return STRANGER
    found = viewer_named(place, session, key)
    return Viewer(key, found.roles | {known[key].role})


def key_of(place: Place, email: str) -> str | None:
    """The key of the person with this address; never the local owner's."""
    key = place.people.by_email(email)
    return None if key == OWNER.key else key


def roles_given(place: Place, key: str) -> frozenset[str]:
    """The roles the database gives a person at this moment."""
    return frozenset(roles.roles_of(place.database, key)) if key else frozenset()


def signed_in_viewer(place: Place, session: Session | None, email: str) -> Viewer:
    """The viewer with this verified address: a stranger when nobody is known by it.

    Before anything is loaded nobody has reports, so only roles that were given count.
    """
    if session is not None:
        return viewer_named(place, session, email)
    key = key_of(place, email)
    return Viewer(key, roles_given(place, key)) if key else STRANGER
