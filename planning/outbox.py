"""What was decided and is not published yet.

A row is written in the decision's own transaction, so a crash at any moment loses nothing: the next
publication, or the next start, finds it.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session

from warehouse.database import Database
from warehouse.database.models import OutboxRow

_BATCH = 500  # ids a statement: databases limit the number of parameters


@dataclass(frozen=True)
class Pending:
    """One decision to publish: ``table`` is the canonical table it concerns."""

    id: int
    table: str
    entity_id: str
    made_at: datetime


@dataclass(frozen=True)
class Taken:
    """What one publication took on; ``done`` needs exactly these ids, because others may arrive meanwhile."""

    ids: tuple[int, ...]
    tables: frozenset[str]


def put(session: Session, table: str, entity_id: str, now: datetime) -> None:
    """Queue a change of ``table``, in the caller's transaction."""
    session.add(OutboxRow(entity=table, entity_id=entity_id, made_at=now))


def pending(database: Database) -> list[Pending]:
    """Everything not published yet, oldest first."""
    query = select(OutboxRow).where(OutboxRow.done_at.is_(None)).order_by(OutboxRow.id)
    with database.read() as session:
        return [Pending(r.id, r.entity, r.entity_id, r.made_at) for r in session.scalars(query)]


def pending_count(database: Database) -> int:
    """How many decisions are not published yet."""
    query = select(func.count()).select_from(OutboxRow).where(OutboxRow.done_at.is_(None))
    with database.read() as session:
        return session.scalar(query) or 0


def take(database: Database) -> Taken:
    """What is to be published now. Nothing is marked: that is for ``done``, after the publication."""
    rows = pending(database)
    return Taken(tuple(row.id for row in rows), frozenset(row.table for row in rows))


def done(database: Database, ids: Collection[int], now: datetime) -> None:
    """Mark as published."""
    waiting = sorted(ids)
    with database.write() as session:
        for at in range(0, len(waiting), _BATCH):
            some = OutboxRow.id.in_(waiting[at : at + _BATCH])
            session.execute(update(OutboxRow).where(some).values(done_at=now))


def clear(database: Database, before: datetime) -> int:
    """Delete rows published before an instant; how many."""
    with database.write() as session:
        old = delete(OutboxRow).where(OutboxRow.done_at < before).returning(OutboxRow.id)
        return len(session.scalars(old).all())
