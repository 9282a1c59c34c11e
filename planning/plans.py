"""Pay plans: drafts that are kept as they are, and versions that come into force.

What a plan's text means is not known here: whoever calls brings ``check``, which reads the text and
runs the cases it carries. A draft may be unfinished and is never in force; a version comes into force
only when nothing is wrong with it. Whoever calls has made sure that the person may do this.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from uuid import uuid4

from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from planning import audit, outbox, periods, rules
from planning.refusals import Refused
from warehouse.database import Database
from warehouse.database.models import Draft, Plan
from warehouse.tables import OPEN_END

KIND = "plan"
"""``kind`` of a draft that holds a plan's text."""

OPEN, PUBLISHED, DISCARDED = "open", "published", "discarded"


@dataclass(frozen=True)
class Checked:
    """What reading a plan's text and running its cases gave; with ``problems`` the rest may be empty."""

    plan_id: str = ""
    version: int = 0
    name: str = ""
    currency: str = ""
    valid_from: date | None = None
    valid_to: date = OPEN_END
    problems: tuple[str, ...] = ()  # sentences; empty: the plan may come into force


Check = Callable[[str], Checked]
"""Reads a plan's text and runs its cases."""


@dataclass(frozen=True)
class Saved:
    """A draft as it was kept, and what is still wrong with it."""

    draft: Draft
    checked: Checked


def save_draft(
    database: Database,
    text: str,
    *,
    check: Check,
    by: str,
    now: datetime,
    draft_id: str = "",
    seen: datetime | None = None,
) -> Saved:
    """Keep a plan's text as a draft, finished or not; it is in force nowhere.

    ``draft_id`` names a draft to go on with, and ``seen`` is its ``made_at`` as the editor saw it. Raises
    Refused when it was changed meanwhile, published or discarded.
    """
    checked = check(text)
    try:
        with database.write() as session:
            row = _open_draft(session, draft_id, seen) if draft_id else _new_draft()
            before = _mark(row.terms) if draft_id else None
            row.terms, row.made_by, row.made_at = text, rules.person(by), now
            session.add(row)
            session.flush()
            _note(session, "drafts", row.draft_id, {"terms": before}, {"terms": _mark(text)}, by, now)
    except IntegrityError as error:
        raise Refused("no_such_draft") from error
    return Saved(row, checked)


def discard_draft(database: Database, draft_id: str, *, by: str, now: datetime) -> None:
    """Put a draft away; it stays known."""
    with database.write() as session:
        row = _open_draft(session, draft_id, None)
        row.status = DISCARDED
        _note(session, "drafts", draft_id, {"status": OPEN}, {"status": DISCARDED}, rules.person(by), now)


def plan_drafts(database: Database, status: str = OPEN) -> list[Draft]:
    """Drafts of plans, the latest first."""
    query = select(Draft).where(Draft.kind == KIND, Draft.status == status)
    with database.read() as session:
        return list(session.scalars(query.order_by(Draft.made_at.desc(), Draft.draft_id)))


def publish_plan(
    database: Database,
    text: str,
    *,
    check: Check,
    seen: int,
    by: str,
    now: datetime,
    reason: str = "",
    draft_id: str = "",
) -> Plan:
    """Bring a plan's next version into force; Refused with a sentence when it cannot be.

    ``seen`` is the version that was in force when the editor looked, 0 for a new plan. A version that
    reaches back into months whose pay is closed needs a ``reason``: what it changes there is paid as an
    adjustment. ``draft_id`` is the draft it came from, which is published with it.
    """
    checked = check(text)
    if checked.problems:
        raise Refused("plan_not_ready", value=" ".join(checked.problems))
    start = _dated(checked)
    if checked.version != seen + 1:
        raise Refused("plan_version", value=checked.version, next=seen + 1)
    try:
        with database.write() as session:
            _refuse_silent_change(session, start, checked.valid_to, reason)
            return _publish(session, text, checked, start, seen, rules.person(by), now, reason, draft_id)
    except IntegrityError as error:  # another transaction published this version a moment ago
        raise Refused("changed_meanwhile", seen=seen, now=seen + 1) from error


def current_plans(database: Database) -> list[Plan]:
    """The newest version of every plan decided here, by id."""
    last = select(Plan.plan_id, func.max(Plan.version).label("version")).group_by(Plan.plan_id).subquery()
    query = select(Plan).join(last, (Plan.plan_id == last.c.plan_id) & (Plan.version == last.c.version))
    with database.read() as session:
        return list(session.scalars(query.where(~Plan.is_deleted).order_by(Plan.plan_id)))


def plan_history(database: Database, plan_id: str) -> list[Plan]:
    """Every version of one plan decided here, oldest first."""
    query = select(Plan).where(Plan.plan_id == plan_id).order_by(Plan.version)
    with database.read() as session:
        return list(session.scalars(query))


def _new_draft() -> Draft:
    return Draft(draft_id=uuid4().hex, kind=KIND, status=OPEN)


def _open_draft(session: Session, draft_id: str, seen: datetime | None) -> Draft:
    row = session.get(Draft, draft_id, with_for_update=True)
    if row is None or row.kind != KIND or row.status != OPEN:
        raise Refused("no_such_draft")
    if seen is not None and row.made_at != seen:
        raise Refused("draft_changed", person=row.made_by)
    return row


def _dated(checked: Checked) -> date:
    if checked.valid_from is None:
        raise Refused("plan_undated")
    rules.period(checked.valid_from, checked.valid_to)
    return checked.valid_from


def _refuse_silent_change(session: Session, start: date, end: date, reason: str) -> None:
    """What changes pay that was closed has to say why."""
    last = periods.last_closed(session, periods.PAY)
    if last and start < last.period_end and end > start and not reason.strip():
        raise Refused("plan_reaches_back", start=start, end=last.period_end)


def _publish(
    session: Session,
    text: str,
    checked: Checked,
    start: date,
    seen: int,
    by: str,
    now: datetime,
    reason: str,
    draft_id: str,
) -> Plan:
    last = session.scalars(
        select(Plan).where(Plan.plan_id == checked.plan_id).order_by(Plan.version.desc()).limit(1)
    ).first()
    if last and last.version != seen:
        raise Refused("changed_meanwhile", seen=seen, now=last.version)
    row = Plan(
        plan_id=checked.plan_id,
        version=checked.version,
        name=checked.name,
        currency=checked.currency,
        terms=text,
        valid_from=start,
        valid_to=checked.valid_to,
        is_deleted=False,
        made_by=by,
        made_at=now,
    )
    session.add(row)
    session.flush()
    _note(session, "plans", row.plan_id, _state(last), _state(row), by, now, reason)
    if draft_id:
        _open_draft(session, draft_id, None).status = PUBLISHED
        _note(session, "drafts", draft_id, {"status": OPEN}, {"status": PUBLISHED}, by, now, reason)
    return row


def _state(row: Plan | None) -> dict[str, object]:
    """What the audit trail compares; the text itself is kept with the version."""
    if row is None:
        return {}
    fields = ("version", "name", "currency", "valid_from", "valid_to")
    return {name: getattr(row, name) for name in fields} | {"terms": _mark(row.terms)}


def _mark(text: str) -> str:
    """A short mark of a text, to see that it changed."""
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def _note(
    session: Session,
    entity: str,
    id_: str,
    before: dict[str, object],
    after: dict[str, object],
    by: str,
    now: datetime,
    reason: str = "",
) -> None:
    audit.record(session, entity, id_, before=before, after=after, by=by, now=now, reason=reason)
    outbox.put(session, entity, id_, now)
