"""Questions about payout lines: asked by whom the pay is about, answered by whoever runs it.

The table holds what was asked and answered; nothing of it is published. Whoever calls has made sure
that the person may ask or answer.
"""

from __future__ import annotations

from datetime import datetime
from uuid import uuid4

from sqlalchemy import select
from sqlalchemy.orm import Session

from planning import audit, rules
from planning.refusals import Refused
from warehouse.database import Database
from warehouse.database.models import Question

OPEN, ANSWERED, WITHDRAWN = "open", "answered", "withdrawn"
LONGEST = 4_000
"""Characters of a question or an answer."""


def ask_question(
    database: Database, line_id: str, rep_id: str, words: str, *, by: str, now: datetime
) -> Question:
    """Ask about a payout line of a rep."""
    row = Question(
        question_id=uuid4().hex,
        line_id=line_id,
        rep_id=rules.person(rep_id),
        asked_by=rules.person(by),
        asked_at=now,
        text=_words(words),
        status=OPEN,
    )
    with database.write() as session:
        session.add(row)
        session.flush()
        _note(session, row, None, by, now)
    return row


def answer_question(database: Database, question_id: str, words: str, *, by: str, now: datetime) -> Question:
    """Answer an open question; Refused when it is not open any more."""
    answer = _words(words)
    with database.write() as session:
        row = _open(session, question_id)
        row.answer, row.answered_by, row.answered_at = answer, rules.person(by), now
        row.status = ANSWERED
        _note(session, row, OPEN, by, now)
    return row


def withdraw_question(database: Database, question_id: str, *, by: str, now: datetime) -> Question:
    """Take back one's own open question."""
    with database.write() as session:
        row = _open(session, question_id)
        if row.asked_by != by:
            raise Refused("no_such_question")
        row.status = WITHDRAWN
        _note(session, row, OPEN, by, now)
    return row


def questions(
    database: Database, *, rep_id: str = "", line_id: str = "", status: str = "", question_id: str = ""
) -> list[Question]:
    """Questions, the latest first: all, or those of a rep, of a line, of a status."""
    given = {"rep_id": rep_id, "line_id": line_id, "status": status, "question_id": question_id}
    query = select(Question).filter_by(**{name: value for name, value in given.items() if value})
    with database.read() as session:
        return list(session.scalars(query.order_by(Question.asked_at.desc(), Question.question_id)))


def _words(text: str) -> str:
    words = text.strip()
    if not words:
        raise Refused("question_empty")
    if len(words) > LONGEST:
        raise Refused("question_long", value=len(words), most=LONGEST)
    return words


def _open(session: Session, question_id: str) -> Question:
    row = session.get(Question, question_id, with_for_update=True)
    if row is None:
        raise Refused("no_such_question")
    if row.status != OPEN:
        raise Refused("question_done", value=row.status)
    return row


def _note(session: Session, row: Question, before: str | None, by: str, now: datetime) -> None:
    """What was asked stays in its own table; the trail says that it was."""
    old, new = {"status": before}, {"status": row.status}
    audit.record(session, "questions", row.question_id, before=old, after=new, by=by, now=now)
