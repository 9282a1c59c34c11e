"""The audit trail: who changed which field of what, when, from what to what, and why.

It holds person keys only. Free text is kept as it was typed; ``manage.py forget`` cleans it.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from uuid import uuid4

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from planning import outbox
from warehouse.database import Database
from warehouse.database.models import Change


def record(
    session: Session,
    entity: str,
    entity_id: str,
    *,
    before: Mapping[str, object],
    after: Mapping[str, object],
    by: str,
    now: datetime,
    reason: str = "",
) -> int:
    """Add one row a field that differs, in the caller's transaction, and queue it; how many were added."""
    fields = [name for name in {**before, **after} if before.get(name) != after.get(name)]
    for name in fields:
        session.add(
            Change(
                change_id=uuid4().hex,
                changed_by=by,
                changed_at=now,
                entity=entity,
                entity_id=entity_id,
                field=name,
                old_value=_text(before.get(name)),
                new_value=_text(after.get(name)),
                reason=reason or None,
            )
        )
    if fields:
        outbox.put(session, "changes", entity_id, now)
    return len(fields)


def history(
    database: Database, entity: str = "", entity_id: str = "", limit: int | None = None
) -> list[Change]:
    """The trail, newest first: of everything, of one kind of decision, or of one decision."""
    query = select(Change).order_by(Change.changed_at.desc(), Change.change_id).limit(limit)
    if entity:
        query = query.where(Change.entity == entity)
    if entity_id:
        query = query.where(Change.entity_id == entity_id)
    with database.read() as session:
        return list(session.scalars(query))


def clear(database: Database, before: datetime, now: datetime) -> int:
    """Delete what was recorded before an instant, and queue the table to be published; how many rows."""
    with database.write() as session:
        old = delete(Change).where(Change.changed_at < before).returning(Change.change_id)
        gone = len(session.scalars(old).all())
        if gone:
            outbox.put(session, "changes", "", now)
    return gone


def _text(value: object) -> str | None:
    return None if value is None else str(value)
