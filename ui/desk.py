"""What a page works at: a store's present version, and the person looking."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import streamlit as st

from ui.address import chosen
from warehouse.access import Viewer
from warehouse.engine import Session, chosen_engine
from warehouse.settings import Settings
from warehouse.versions import Version
from workflows.opening import Place, open_place, store_root
from workflows.who import Way

OWN = "own"
"""What the query's ``store`` says when a person's own store beside the demo company is looked at."""


@dataclass(frozen=True)
class Desk:
    """A store, its present version (None while it is empty), and who looks at it."""

    place: Place
    session: Session | None
    viewer: Viewer
    way: Way
    name: str  # the viewer's display name

    @property
    def reading(self) -> Session:
        """The version being read; pages call it once they know the store is not empty."""
        assert self.session is not None
        return self.session

    @property
    def settings(self) -> Settings:
        """The version's settings, or the store's own while it is empty."""
        return self.session.settings if self.session else self.place.settings

    @property
    def may_administer(self) -> bool:
        """Whether the viewer looks after sources and settings."""
        return bool(self.viewer.roles & {"owner", "administrator"})

    @property
    def local(self) -> bool:
        """Whether the person sits at this machine, before sign-in is set up."""
        return self.way in {"demo", "owner"}


def now() -> datetime:
    """The present instant; the only clock of the pages."""
    return datetime.now(UTC)


def beside(root: Path) -> Path:
    """Where a person's own store lies beside the demo company's."""
    return root.with_name(f"{root.name}-own")


def can_sit_beside(environment: Mapping[str, str] = os.environ) -> bool:
    """Whether two stores can be kept apart: with one database for both they would be mixed."""
    return not environment.get("ATTAIN_DATABASE_URL")


def chosen_root(*, local: bool) -> Path:
    """The folder of the store the page's address asks for."""
    root = store_root()
    if local and chosen("store") == OWN and can_sit_beside() and (beside(root) / "store.json").exists():
        return beside(root)
    return root


@st.cache_resource(max_entries=8, show_spinner=False)
def _place(root: str, made: float) -> Place:
    """One opened store; ``made`` changes when another store takes its folder."""
    del made
    return open_place(Path(root))


def place_at(root: Path) -> Place:
    """The store in a folder.

    Raises:
        StoreMissing: there is none.
    """
    identity = root / "store.json"
    return _place(str(root), identity.stat().st_mtime if identity.exists() else 0.0)


@st.cache_resource(max_entries=8, show_spinner=False)
def _session(root: str, version: str, _version: Version) -> Session:
    del version  # the key
    return Session(Path(root).resolve(), _version, chosen_engine())


def session_of(place: Place) -> Session | None:
    """The version published now, opened once; None while the store is empty."""
    version = place.store.current()
    return None if version is None else _session(str(place.root), version.id, version)
