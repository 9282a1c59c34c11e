"""Closing periods: once, in order, and never by two people at the same time."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import select, text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from planning import audit, outbox, rules
from planning.refusals import Refused
from warehouse.database import Database
from warehouse.database.models import ClosedPeriod

PAY = "payouts"
"""The kind of the months whose pay is closed; also the table that closing one reaches."""

_LOCK = 4_807_112_027
"""Number of the PostgreSQL advisory lock that lets one transaction close at a time."""


@dataclass(frozen=True)
class Frozen:
    """What is kept of a period that is closed."""

    digest: str  # of its numbers
    evidence: str  # folder of the store with what they were computed from
    terms: str = ""  # what was in force, as JSON


def close_period(
    database: Database,
    kind: str,
    start: date,
    end: date,
    frozen: Frozen,
    *,
    seen: date | None,
    by: str,
    now: datetime,
) -> ClosedPeriod:
    """Close a period (``end`` exclusive); Refused with a sentence when it cannot be.

    ``seen`` is the end of the last closed period the closer knew of, None when there was none. Periods of
    a kind are closed one after the other without gaps.
    """
    rules.period(start, end)
    row = ClosedPeriod(
        kind=kind,
        period_start=start,
        period_end=end,
        closed_by=rules.person(by),
        closed_at=now,
        digest=frozen.digest,
        evidence=frozen.evidence,
        terms=frozen.terms or None,
    )
    try:
        with database.write() as session:
            _add(session, row, seen)
    except IntegrityError as error:  # another transaction closed it a moment ago
        raise Refused("closed_meanwhile", start=start, end=end - timedelta(days=1)) from error
    return row


def closed_periods(database: Database, kind: str = PAY) -> list[ClosedPeriod]:
    """Every closed period of a kind, earliest first."""
    query = select(ClosedPeriod).where(ClosedPeriod.kind == kind).order_by(ClosedPeriod.period_start)
    with database.read() as session:
        return list(session.scalars(query))


def closed_period(database: Database, start: date, kind: str = PAY) -> ClosedPeriod | None:
    """The closed period that begins on a day; None while it is open."""
    with database.read() as session:
        return session.get(ClosedPeriod, (kind, start))


def last_closed(session: Session, kind: str) -> ClosedPeriod | None:
    """The latest closed period of a kind."""
    query = select(ClosedPeriod).where(ClosedPeriod.kind == kind).order_by(ClosedPeriod.period_end.desc())
    return session.scalars(query.limit(1)).first()


def refuse_closing(until: date | None, start: date, end: date, seen: date | None) -> None:
    """Refused when a period cannot be the next to close, everything up to ``until`` being closed."""
    last_day = end - timedelta(days=1)
    if until and start < until:
        raise Refused("already_closed", start=start, end=last_day, until=until - timedelta(days=1))
    if until != seen:
        raise Refused("closed_meanwhile", start=start, end=last_day)
    if until and start != until:
        raise Refused("close_in_order", start=start, next=until)


def _add(session: Session, row: ClosedPeriod, seen: date | None) -> None:
    if session.get_bind().dialect.name == "postgresql":
        session.execute(text("SELECT pg_advisory_xact_lock(:number)"), {"number": _LOCK})
    last = last_closed(session, row.kind)
    refuse_closing(last.period_end if last else None, row.period_start, row.period_end, seen)
    session.add(row)
    session.flush()
    after = {"period_end": row.period_end, "digest": row.digest}
    id_ = f"{row.kind} {row.period_start}"
    audit.record(session, "closed_periods", id_, before={}, after=after, by=row.closed_by, now=row.closed_at)
    outbox.put(session, row.kind, id_, row.closed_at)
