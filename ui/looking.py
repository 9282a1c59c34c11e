"""Who is looking: asked on the first line of every page, and refused when it is not certain."""

from __future__ import annotations

from typing import Any

import streamlit as st

from ui import states
from ui.address import choose, chosen
from ui.ask import kept_for
from ui.desk import Desk, chosen_root, now, place_at, session_of
from ui.speech import _
from warehouse.access import OWNER, Viewer
from warehouse.engine import Session
from warehouse.problems import StoreMissing, StoreProblem
from workflows.opening import Place
from workflows.who import DEMO_VIEWERS, Decision, decide, demo_viewer, key_of, roles_given, signed_in_viewer

DEFAULT = "executive"
"""Whose eyes a demo store is first seen through."""


def signed_in() -> Desk:
    """The desk of whoever is looking; whoever may not look is shown why, and the page stops."""
    decision = _decision(kind="own")
    if decision.way in {"sign_in", "refused"}:
        states.refused(decision)
    try:
        place = place_at(chosen_root(local=decision.way != "user"))
        session = session_of(place)
    except StoreMissing:
        states.no_store()
    except StoreProblem as problem:
        states.store_problem(problem)
    if decision.way != "user":
        decision = _decision(kind=place.store.kind)
    return _desk(place, session, decision)


def _desk(place: Place, session: Session | None, decision: Decision) -> Desk:
    viewer, name = _viewer(place, session, decision)
    if not viewer.known:
        states.stranger(decision.email)
    return Desk(place, session, viewer, decision.way, name)


def _viewer(place: Place, session: Session | None, decision: Decision) -> tuple[Viewer, str]:
    if decision.way == "demo":
        return _demo(place, session)
    if decision.way == "owner":
        return OWNER, _("Local owner")
    key = key_of(place, decision.email) or ""
    given = roles_given(place, key)
    version = session.version.id if session else ""
    found = kept_for(
        "viewer",
        (str(place.root), version, key, sorted(given)),
        lambda: signed_in_viewer(place, session, decision.email),
    )
    return found, place.people.get(key).name or decision.email


def _demo(place: Place, session: Session | None) -> tuple[Viewer, str]:
    """The demo person the address names; an unknown one falls back to the executive."""
    known = {viewer.key: viewer for viewer in DEMO_VIEWERS}
    if chosen("as") and chosen("as") not in known:
        choose(as_=None)
    person = known.get(chosen("as")) or next(v for v in DEMO_VIEWERS if v.role == DEFAULT)
    if session is None:
        return OWNER, person.name
    key = ("demo", str(place.root), session.version.id, person.key, sorted(roles_given(place, person.key)))
    return kept_for("viewer", key, lambda: demo_viewer(place, session, person.key)), person.name


def _decision(kind: str) -> Decision:
    return decide(
        kind=kind,
        address=st.get_option("server.address"),
        headers=dict(st.context.headers),
        client=client_address(),
        auth_configured=auth_configured(),
        user=_claims(),
        now=now(),
    )


def client_address() -> str | None:
    """The visitor's address as the server sees it; None on this machine."""
    return st.context.ip_address


def auth_configured() -> bool:
    """Whether sign-in is set up in secrets.toml."""
    try:
        return bool(st.secrets.get("auth"))
    except FileNotFoundError:
        return False


def _claims() -> dict[str, Any] | None:
    """What the identity provider said of the person, None while nobody is signed in."""
    if not auth_configured() or not getattr(st.user, "is_logged_in", False):
        return None
    return dict(st.user.to_dict())
