"""Who people are: names and e-mail addresses, kept in one place from which they can be erased."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from warehouse.database.database import Database
from warehouse.database.models import Erased, PersonRow, Salt


@dataclass(frozen=True)
class Person:
    """What is known of a person; ``key`` is the rep key every other table uses."""

    key: str
    email: str | None = None
    name: str | None = None


class People:
    """Reads and writes people in the planning database."""

    def __init__(self, database: Database) -> None:
        """Keep the database; nothing is read yet."""
        self._database = database

    def upsert(self, rows: Iterable[Person]) -> int:
        """Add or change people by key; how many changed. A forgotten person's name and e-mail stay away.

        A row without a name or e-mail leaves what is known of it; the last of two rows with one key counts.
        """
        given = {row.key: row for row in rows}
        with self._database.write() as session:
            gone = set(session.scalars(select(Erased.mark)))
            known = {row.key: row for row in session.scalars(select(PersonRow))}
            kept = [person for person in given.values() if not (gone and self._erased(person, gone))]
            return sum(_put(session, known.get(person.key), person) for person in kept)

    def names(self, keys: Iterable[str] | None = None) -> dict[str, str]:
        """Display names by key, of everybody or of ``keys``; those without a name are left out."""
        wanted = None if keys is None else set(keys)
        with self._database.read() as session:
            rows = session.execute(select(PersonRow.key, PersonRow.name).where(PersonRow.name.is_not(None)))
            return {key: name for key, name in rows if name and (wanted is None or key in wanted)}

    def keys(self) -> set[str]:
        """Keys of everybody who has a row."""
        with self._database.read() as session:
            return set(session.scalars(select(PersonRow.key)))

    def by_email(self, email: str) -> str | None:
        """The key of the person with this address; None when nobody, or more than one, has it."""
        with self._database.read() as session:
            found = session.scalars(select(PersonRow.key).where(PersonRow.email == plain_email(email))).all()
        return found[0] if len(found) == 1 else None

    def email(self, key: str) -> str | None:
        """The person's address in lower case, where known."""
        return self.get(key).email

    def get(self, key: str) -> Person:
        """What is known of a key; empty name and e-mail when nothing is."""
        with self._database.read() as session:
            row = session.get(PersonRow, key)
            return Person(key, row.email, row.name) if row else Person(key)

    def forget(self, key: str) -> None:
        """Erase name and e-mail for good: only keyed hashes stay, so that a later load cannot bring them back.

        Deleted rows can linger in free pages until ``Database.scrub``.
        """
        with self._database.write() as session:
            row = session.get(PersonRow, key)
            marks = {self._mark("key", key)}
            if row and row.email:
                marks.add(self._mark("email", row.email))
            for mark in marks:
                session.merge(Erased(mark=mark))
            session.execute(delete(PersonRow).where(PersonRow.key == key))

    def is_forgotten(self, key: str) -> bool:
        """Whether this key was forgotten."""
        with self._database.read() as session:
            return session.get(Erased, self._mark("key", key)) is not None

    def pseudonym(self, value: str) -> str:
        """A stable key for an e-mail address used as a key: ``p_`` and twelve hex digits."""
        return "p_" + _keyed(self._salts["pseudonym"], plain_email(value))[:12]

    @cached_property
    def _salts(self) -> dict[str, str]:
        with self._database.read() as session:
            return {row.name: row.value for row in session.scalars(select(Salt))}

    def _mark(self, kind: str, value: str) -> str:
        return _keyed(self._salts["erased"], f"{kind}:{value}")

    def _erased(self, person: Person, gone: set[str]) -> bool:
        email = plain_email(person.email or "")
        return self._mark("key", person.key) in gone or bool(email and self._mark("email", email) in gone)


def plain_email(email: str) -> str:
    """The address as it is kept and compared."""
    return email.strip().lower()


def _keyed(salt: str, value: str) -> str:
    return hmac.new(salt.encode(), value.encode(), hashlib.sha256).hexdigest()


def _put(session: Session, row: PersonRow | None, person: Person) -> bool:
    """Save one person; whether anything changed."""
    email, name = plain_email(person.email or "") or None, (person.name or "").strip() or None
    if row is None:
        session.add(PersonRow(key=person.key, email=email, name=name))
        return True
    before = (row.email, row.name)
    row.email, row.name = email or row.email, name or row.name
    return before != (row.email, row.name)
