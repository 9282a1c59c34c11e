"""What is computed of pay: kept for one person's session and nobody else's, never in the shared cache."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, TypeVar

import streamlit as st

from ui.desk import Desk

Made = TypeVar("Made")
MOST = 12
"""Results of a kind kept at the most; the oldest goes first."""

_BOX = "private: box"


@dataclass
class _Box:
    owner: object
    made: dict[str, Any] = field(default_factory=dict)


def private(what: str, desk: Desk, work: Callable[[], Made], *rest: object, most: int = MOST) -> Made:
    """Something about pay, computed once a session, viewer, version and question; of large things few are kept."""
    made = _made(desk)
    key = repr((what, *rest))
    if key not in made:
        alike = [each for each in made if each.startswith(f"({what!r},")]
        for old in alike[: max(0, len(alike) - most + 1)]:
            del made[old]
        made[key] = work()
    return made[key]


def known(what: str, desk: Desk, *rest: object) -> bool:
    """Whether it was computed already."""
    return repr((what, *rest)) in _made(desk)


def forget() -> None:
    """Drop everything: something was decided that changes it."""
    st.session_state.pop(_BOX, None)


def _made(desk: Desk) -> dict[str, Any]:
    """What is kept for this viewer and version; what another one left in this session is dropped."""
    owner = (
        str(desk.place.root),
        desk.reading.version.id,
        desk.viewer.key,
        tuple(sorted(desk.viewer.roles)),
        desk.settings.manager_sees_pay,
    )
    box = st.session_state.get(_BOX)
    if box is None or box.owner != owner:
        box = st.session_state[_BOX] = _Box(owner)
    return box.made
