"""Forgetting a person: name and e-mail address leave the database and the store, the numbers stay."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from planning import audit
from warehouse import erasure
from warehouse.database import Database
from warehouse.mentions import Mentions
from warehouse.people import People, Person
from warehouse.settings import Settings
from warehouse.store import Store
from workflows import refresh

AT_ONCE = timedelta(days=-365 * 100)
"""For pruning: nothing that was replaced is kept, however lately, and whatever the clock of the files says."""


class CannotForget(Exception):
    """Nothing was erased; the message says why and what to do."""


@dataclass(frozen=True)
class Forgotten:
    """What was done."""

    key: str
    tables: tuple[str, ...]  # canonical tables whose texts were changed
    database_rows: int  # notes, reasons and audit values that were changed
    issue_files: int  # files in which set-aside rows were emptied
    closed_files: int  # files of closed months whose texts were changed
    remaining: tuple[str, ...]  # files and tables that still mention the person; empty when all is well


@dataclass(frozen=True)
class Mentioned:
    """Where a person is found: files of the store, and tables of the database as ``database: name``."""

    key: str
    places: tuple[str, ...]


def mentioned(store: Store, database: Database, who: str) -> Mentioned:
    """Where the person with this key or e-mail address is mentioned now; nothing is changed."""
    person = _person(People(database), who)
    return Mentioned(person.key, _remaining(store, database, Mentions(person)))


def forget(
    store: Store, database: Database, who: str, settings: Settings, now: datetime, *, by: str
) -> Forgotten:
    """Forget the person with this key or e-mail address.

    Their name and address are replaced by their key wherever a text holds them, what set-aside rows say
    of them is emptied, and a later load cannot bring them back. Versions that held them are removed at
    once, so a page that is reading one of them has to be loaded again. Doing it twice is harmless.
    """
    people = People(database)
    with store.lock():
        person = _person(people, who)
        mentions = Mentions(person)
        tables = erasure.erase_in_landings(store.root, mentions)
        erasure.erase_in_notes(store.root, mentions)
        closed = erasure.erase_in_closed(store.root, mentions)
        issues = erasure.retire_issues(store.root, mentions)
        _republish(store, settings, now, mentions)
        rows = _erase(database, people, mentions, by, now)
        database.scrub()
        remaining = _remaining(store, database, mentions)
    return Forgotten(person.key, tuple(sorted(tables)), rows, len(issues), len(closed), remaining)


def _person(people: People, who: str) -> Person:
    key = people.by_email(who) if "@" in who else who
    if key is None:
        message = f"Nobody, or more than one person, has the address {who}. Give the person's key instead."
        raise CannotForget(message)
    if key not in people.keys() and not people.is_forgotten(key):  # noqa: SIM118 - people is no dict
        message = f"Nobody is known as {key}, so there is nothing to forget."
        raise CannotForget(message)
    person = people.get(key)
    if Mentions(person).found(key):
        message = (
            f"The key “{key}” is itself the name or address. Load the data again with another key for "
            "people, such as a staff number, and then forget the person by that key."
        )
        raise CannotForget(message)
    return person


def _republish(store: Store, settings: Settings, now: datetime, mentions: Mentions) -> None:
    """A version built from the cleaned landings, and every earlier version removed.

    What to build follows from the parts, not from what was cleaned just now: a crash may lie between.
    """
    if store.newest() is None:
        return
    parts, versions = (erasure.where_mentioned(store.root / name, mentions) for name in ("parts", "versions"))
    tables = {path.split("/")[0] for path in parts}
    if tables or versions:
        refresh.publish(store, store.landings(), settings, now, only=tables)
    store.prune(now, AT_ONCE)


def _erase(database: Database, people: People, mentions: Mentions, by: str, now: datetime) -> int:
    """Last, because only the database knows what to look for; rows changed."""
    key = mentions.person.key
    with database.write() as session:
        rows = erasure.erase_in_database(session, mentions)
        if not people.is_forgotten(key):
            audit.record(session, "people", key, before={}, after={"forgotten": True}, by=by, now=now)
    people.forget(key)
    return rows


def _remaining(store: Store, database: Database, mentions: Mentions) -> tuple[str, ...]:
    with database.read() as session:
        tables = [f"database: {name}" for name in erasure.tables_mentioning(session, mentions)]
    return (*erasure.where_mentioned(store.root, mentions), *tables)
