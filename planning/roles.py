"""Who holds which role, and who was granted sight of whom beyond the hierarchy."""

from __future__ import annotations

from datetime import date, datetime
from uuid import uuid4

import pyarrow as pa
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from planning import audit, outbox, rules
from planning.refusals import Refused
from warehouse.database import ROLES, Database
from warehouse.database.models import Grant, Role
from warehouse.tables import OPEN_END

GRANTS = pa.schema(
    [
        pa.field("viewer_id", pa.string(), nullable=False),
        pa.field("rep_id", pa.string(), nullable=False),
        pa.field("valid_from", pa.date32(), nullable=False),
        pa.field("valid_to", pa.date32(), nullable=False),
    ]
)
"""What the warehouse build needs of the grants."""


def assign_role(
    database: Database, person: str, role: str, *, by: str, now: datetime, reason: str = ""
) -> None:
    """Give a role; nothing changes when the person holds it already. Refused with a sentence if unknown."""
    rules.one_of("bad_role", role, ROLES)
    rules.person(person)
    try:
        with database.write() as session:
            if session.get(Role, (person, role)) is None:
                session.add(Role(person_key=person, role=role))
                _note(session, "roles", person, None, role, rules.person(by), now, reason)
    except IntegrityError:  # somebody else gave the same role a moment ago: it is held
        return


def revoke_role(
    database: Database, person: str, role: str, *, by: str, now: datetime, reason: str = ""
) -> None:
    """Take a role back. The last administrator keeps theirs."""
    with database.write() as session:
        held = session.scalars(select(Role).where(Role.role == role).with_for_update()).all()
        row = next((row for row in held if row.person_key == person), None)
        if row is None:
            raise Refused("no_such_role", person=person, value=role)
        if role == "administrator" and len(held) == 1:
            raise Refused("last_administrator")
        session.delete(row)
        _note(session, "roles", person, role, None, rules.person(by), now, reason)


def note_admission(database: Database, person: str, *, by: str, now: datetime) -> None:
    """Write down that somebody was let in; the trail holds the key, never the name or address."""
    with database.write() as session:
        _note(session, "people", person, None, "may sign in", rules.person(by), now, "")


def roles_of(database: Database, person: str) -> frozenset[str]:
    """The roles somebody holds now."""
    with database.read() as session:
        return frozenset(session.scalars(select(Role.role).where(Role.person_key == person)))


def holders(database: Database) -> dict[str, frozenset[str]]:
    """Roles by person, of everybody who holds one."""
    found: dict[str, set[str]] = {}
    with database.read() as session:
        for row in session.scalars(select(Role).order_by(Role.person_key)):
            found.setdefault(row.person_key, set()).add(row.role)
    return {person: frozenset(roles) for person, roles in found.items()}


def give_grant(
    database: Database,
    viewer: str,
    rep: str,
    *,
    valid_from: date,
    valid_to: date = OPEN_END,
    reason: str,
    by: str,
    now: datetime,
) -> Grant:
    """Let a viewer see a rep's performance from one day to another (exclusive). A reason is required."""
    _check_grant(viewer, rep, valid_from, valid_to, reason)
    with database.write() as session:
        row = Grant(
            grant_id=uuid4().hex,
            viewer_id=viewer,
            rep_id=rep,
            valid_from=valid_from,
            valid_to=valid_to,
            reason=reason.strip(),
        )
        session.add(row)
        _note_grant(session, row, None, _words(row), rules.person(by), now, reason)
        return row


def withdraw_grant(database: Database, grant_id: str, *, by: str, now: datetime, reason: str = "") -> None:
    """Take a grant back for every date, as if it had never been given; the audit trail keeps that it was."""
    with database.write() as session:
        row = _grant(session, grant_id)
        session.delete(row)
        _note_grant(session, row, _words(row), None, rules.person(by), now, reason)


def end_grant(
    database: Database, grant_id: str, on: date, *, by: str, now: datetime, reason: str = ""
) -> None:
    """Let a grant end on a day (exclusive); what was seen before stays visible for dates before."""
    with database.write() as session:
        row = _grant(session, grant_id)
        rules.period(row.valid_from, on)
        before, row.valid_to = _words(row), on
        _note_grant(session, row, before, _words(row), rules.person(by), now, reason)


def grants(database: Database) -> list[Grant]:
    """Every grant, by viewer and rep."""
    with database.read() as session:
        return list(session.scalars(select(Grant).order_by(Grant.viewer_id, Grant.rep_id, Grant.valid_from)))


def grants_table(database: Database) -> pa.Table:
    """Every grant with schema GRANTS, for ``visibility``."""
    rows = [{name: getattr(row, name) for name in GRANTS.names} for row in grants(database)]
    return pa.Table.from_pylist(rows, schema=GRANTS)


def _check_grant(viewer: str, rep: str, valid_from: date, valid_to: date, reason: str) -> None:
    rules.person(viewer)
    rules.person(rep)
    rules.period(valid_from, valid_to)
    if viewer == rep:
        raise Refused("grant_to_oneself")
    if not reason.strip():
        raise Refused("reason_missing")


def _grant(session: Session, grant_id: str) -> Grant:
    row = session.get(Grant, grant_id, with_for_update=True)
    if row is None:
        raise Refused("no_such_grant")
    return row


def _words(row: Grant) -> str:
    return f"{row.viewer_id} sees {row.rep_id} from {row.valid_from} to {row.valid_to}"


def _note_grant(
    session: Session, row: Grant, old: str | None, new: str | None, by: str, now: datetime, reason: str
) -> None:
    _note(session, "grants", row.grant_id, old, new, by, now, reason)
    outbox.put(session, "visibility", row.grant_id, now)


def _note(
    session: Session,
    entity: str,
    id_: str,
    old: str | None,
    new: str | None,
    by: str,
    now: datetime,
    why: str,
) -> None:
    name = entity.removesuffix("s")
    audit.record(session, entity, id_, before={name: old}, after={name: new}, by=by, now=now, reason=why)
