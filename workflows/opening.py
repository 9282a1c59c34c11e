"""Opening a place to work in: the store, its planning database, and who is looking."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from planning import roles
from warehouse.access import OWNER, STRANGER, Viewer
from warehouse.database import Database, open_database
from warehouse.engine import Session, base, chosen_engine, token
from warehouse.people import People
from warehouse.settings import Settings
from warehouse.store import Store

PROJECT = Path(__file__).resolve().parent.parent


class NothingLoaded(RuntimeError):
    """The store has no published version yet; the message says how to load one."""


@dataclass(frozen=True)
class Place:
    """A store and its database."""

    root: Path
    store: Store
    database: Database

    @cached_property
    def people(self) -> People:
        """Names and e-mail addresses."""
        return People(self.database)

    @property
    def settings(self) -> Settings:
        """The project's settings, overridden by the store's own."""
        return Settings.load(PROJECT / "attain.toml", self.root / "attain.toml")

    def session(self, engine: str | None = None) -> Session:
        """The current version, read by the engine named (or the configured one).

        Raises:
            NothingLoaded: the store has no version yet.
        """
        version = self.store.current()
        if version is None:
            raise NothingLoaded(
                "The store is empty. Load the demo company with “python manage.py demo” or your own files."
            )
        return Session(self.root.resolve(), version, chosen_engine(engine))


def store_root(environment: Mapping[str, str] = os.environ) -> Path:
    """The store's folder: ``ATTAIN_STORE``, or ``store`` inside the project."""
    return Path(environment.get("ATTAIN_STORE") or PROJECT / "store")


def open_place(root: Path | None = None) -> Place:
    """Open an existing store.

    Raises:
        StoreMissing: there is none at that folder.
    """
    root = root or store_root()
    return Place(root, Store.open(root), open_database(root))


def viewer_named(place: Place, session: Session, who: str) -> Viewer:
    """The viewer with this e-mail address or person key; a stranger when nobody is known by it.

    Roles given in the database count; without any, a person who has reports today is a manager, and
    anybody among the reps is a rep.
    """
    key = (place.people.by_email(who) if "@" in who else None) or who
    if "@" in key:
        return STRANGER
    given = frozenset(roles.roles_of(place.database, key))
    return Viewer(key, given | _by_place(session, key)) if key != OWNER.key else STRANGER


def _by_place(session: Session, key: str) -> frozenset[str]:
    rows = base("visibility")
    found = session.run(
        rows.filter(rows.viewer_id == token("key"), rows.reason.isin(["self", "reports"])).select(
            "reason", "valid_from", "valid_to"
        ),
        {"key": key},
    ).to_pylist()
    today = session.version.as_of
    leads = any(r["reason"] == "reports" and r["valid_from"] <= today < r["valid_to"] for r in found)
    known = {"rep"} if found else set()
    return frozenset(known | {"manager"} if leads else known)
