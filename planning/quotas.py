"""Setting and withdrawing targets. A change is a new version; the audit and outbox rows go with it."""

from __future__ import annotations

import hashlib
from dataclasses import asdict, dataclass
from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from planning import audit, outbox, rules
from planning.refusals import Refused
from warehouse.database import Database
from warehouse.database.models import Quota
from warehouse.settings import Settings
from warehouse.tables import UNASSIGNED

SCOPES = ("rep", "team", "territory")


@dataclass(frozen=True)
class Target:
    """What a quota is for; ``period_end`` is exclusive.

    ``quota_id`` names a target that was imported, to replace it; else it follows from the other fields,
    so that two people who set the same target at once are noticed.
    """

    scope: str
    measure: str
    period_start: date
    period_end: date
    rep_id: str = UNASSIGNED
    team_id: str = UNASSIGNED
    territory_id: str = UNASSIGNED
    product_id: str = UNASSIGNED
    quota_id: str = ""

    @property
    def id(self) -> str:
        """The quota's id."""
        if self.quota_id:
            return self.quota_id
        parts = "\n".join(str(value) for value in asdict(self).values())
        return "q_" + hashlib.sha256(parts.encode()).hexdigest()[:16]


def set_quota(
    database: Database,
    target: Target,
    amount: Decimal,
    currency: str,
    *,
    seen: int,
    by: str,
    now: datetime,
    reason: str = "",
    settings: Settings | None = None,
) -> Quota:
    """Save a target's next version; Refused with a sentence when it cannot be.

    ``seen`` is the version the editor looked at, 0 when there was none. With ``settings`` the measure must
    be one of the company's.
    """
    _check(target, settings)
    values = {"amount": rules.amount(amount), "currency": rules.currency(currency), "is_deleted": False}
    return _save(database, target, values, seen, by, now, reason)


def withdraw_quota(
    database: Database, target: Target, *, seen: int, by: str, now: datetime, reason: str
) -> Quota:
    """Take a target back: its next version is deleted, so it counts nowhere. A reason is required."""
    _check(target, None)
    if not reason.strip():
        raise Refused("reason_missing")
    return _save(database, target, {"is_deleted": True}, seen, by, now, reason)


def current_quotas(database: Database) -> list[Quota]:
    """The version in force of every target set here and not withdrawn, by id."""
    last = (
        select(Quota.quota_id, func.max(Quota.version).label("version")).group_by(Quota.quota_id).subquery()
    )
    query = select(Quota).join(last, (Quota.quota_id == last.c.quota_id) & (Quota.version == last.c.version))
    with database.read() as session:
        return list(session.scalars(query.where(~Quota.is_deleted).order_by(Quota.quota_id)))


def quota_history(database: Database, quota_id: str) -> list[Quota]:
    """Every version of one target, oldest first."""
    query = select(Quota).where(Quota.quota_id == quota_id).order_by(Quota.version)
    with database.read() as session:
        return list(session.scalars(query))


def _check(target: Target, settings: Settings | None) -> None:
    rules.one_of("bad_scope", target.scope, SCOPES)
    rules.period(target.period_start, target.period_end)
    if settings:
        rules.one_of("bad_measure", target.measure, tuple(settings.measures))
    if target.scope != "territory":
        rules.person(target.rep_id)
    elif target.territory_id == UNASSIGNED:
        raise Refused("territory_missing")


def _save(
    database: Database,
    target: Target,
    values: dict[str, object],
    seen: int,
    by: str,
    now: datetime,
    reason: str,
) -> Quota:
    try:
        with database.write() as session:
            return _next_version(session, target, values, seen, rules.person(by), now, reason)
    except IntegrityError as error:  # another transaction wrote this version a moment ago
        raise Refused("changed_meanwhile", seen=seen, now=seen + 1) from error


def _next_version(
    session: Session,
    target: Target,
    values: dict[str, object],
    seen: int,
    by: str,
    now: datetime,
    reason: str,
) -> Quota:
    rules.still_open(session, "quotas", target.period_start, target.period_end)
    last = session.scalars(
        select(Quota).where(Quota.quota_id == target.id).order_by(Quota.version.desc()).limit(1)
    ).first()
    if last and last.version != seen:
        raise Refused("changed_meanwhile", seen=seen, now=last.version)
    row = _row(target, {**_state(last, keep=True), **values}, seen + 1, by, now)
    session.add(row)
    session.flush()
    audit.record(
        session, "quotas", target.id, before=_state(last), after=_state(row), by=by, now=now, reason=reason
    )
    outbox.put(session, "quotas", target.id, now)
    return row


def _row(target: Target, values: dict[str, object], version: int, by: str, now: datetime) -> Quota:
    fields = asdict(target) | {"quota_id": target.id}
    return Quota(**fields, **values, version=version, made_by=by, made_at=now)


def _state(row: Quota | None, *, keep: bool = False) -> dict[str, object]:
    """What the audit trail compares; with ``keep``, what a version inherits when nothing else is said."""
    if row is None:
        return {"amount": None, "currency": None} if keep else {}
    return {"amount": row.amount, "currency": row.currency, "is_deleted": row.is_deleted}
