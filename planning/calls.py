"""Forecast calls: what somebody says a rep or team will book in a period, category by category."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from uuid import uuid4
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from planning import audit, outbox, rules
from planning.refusals import Refused
from warehouse.database import Database
from warehouse.database.models import ForecastSubmission
from warehouse.settings import Settings

CATEGORIES = ("closed", "commit", "best_case", "pipeline")
SCOPES = ("rep", "team")


@dataclass(frozen=True)
class Call:
    """What a call is for; ``period_end`` is exclusive."""

    rep_id: str
    scope: str
    period_start: date
    period_end: date
    category: str


def submit_call(
    database: Database,
    call: Call,
    amount: Decimal,
    currency: str,
    *,
    seen: int,
    by: str,
    now: datetime,
    settings: Settings,
    note: str = "",
) -> ForecastSubmission:
    """Save a call beside the earlier ones; Refused with a sentence when it cannot be.

    ``seen`` is the ``sequence`` of the last call the submitter looked at, 0 when there was none. The call
    is dated by the company's day.
    """
    _check(call)
    row = ForecastSubmission(
        submission_id=uuid4().hex,
        submitted_by=rules.person(by),
        **vars(call),
        sequence=seen + 1,
        amount=rules.amount(amount),
        currency=rules.currency(currency),
        submitted_at=now,
        submitted_on=now.astimezone(ZoneInfo(settings.time_zone)).date(),
        note=note.strip() or None,
    )
    try:
        with database.write() as session:
            _add(session, call, row)
    except IntegrityError as error:  # another transaction called the same a moment ago
        raise Refused("changed_meanwhile", seen=seen, now=seen + 1) from error
    return row


def calls(database: Database, call: Call) -> list[ForecastSubmission]:
    """Every submission of one call, oldest first."""
    with database.read() as session:
        return _same(session, call)


def _check(call: Call) -> None:
    rules.person(call.rep_id)
    rules.one_of("bad_scope", call.scope, SCOPES)
    rules.one_of("bad_category", call.category, CATEGORIES)
    rules.period(call.period_start, call.period_end)


def _same(session: Session, call: Call) -> list[ForecastSubmission]:
    query = select(ForecastSubmission).filter_by(**vars(call)).order_by(ForecastSubmission.sequence)
    return list(session.scalars(query))


def _add(session: Session, call: Call, row: ForecastSubmission) -> None:
    rules.still_open(session, "forecast_submissions", call.period_start, call.period_end)
    last = next(reversed(_same(session, call)), None)
    found = last.sequence if last else 0
    if found != row.sequence - 1:
        raise Refused("changed_meanwhile", seen=row.sequence - 1, now=found)
    session.add(row)
    session.flush()
    audit.record(
        session,
        "forecast_submissions",
        row.submission_id,
        before={"amount": last.amount, "currency": last.currency} if last else {},
        after={"amount": row.amount, "currency": row.currency},
        by=row.submitted_by,
        now=row.submitted_at,
    )
    outbox.put(session, "forecast_submissions", row.submission_id, row.submitted_at)
