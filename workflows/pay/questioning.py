"""Questions about payout lines: a person asks about their own, whoever runs pay answers."""

from __future__ import annotations

from datetime import datetime

from planning import questions
from planning.questions import ANSWERED, OPEN, WITHDRAWN
from warehouse.access import AccessDenied, Viewer
from warehouse.database import Database
from warehouse.database.models import Question
from workflows.pay import rights

__all__ = ["ANSWERED", "OPEN", "WITHDRAWN", "Question", "answer", "ask", "everybodys", "own", "withdraw"]


def ask(database: Database, viewer: Viewer, rep: str, line_id: str, words: str, now: datetime) -> Question:
    """Ask about a line of one's own pay.

    Raises:
        AccessDenied: the line is somebody else's.
        Refused: the words are missing or too many.
    """
    rights.require_known(viewer)
    if rep != viewer.key:
        raise AccessDenied("Everybody asks about their own pay.")
    return questions.ask_question(database, line_id, rep, words, by=viewer.key, now=now)


def withdraw(database: Database, viewer: Viewer, question_id: str, now: datetime) -> Question:
    """Take one's own question back while it is open; Refused when it is not, or is somebody else's."""
    rights.require_known(viewer)
    return questions.withdraw_question(database, question_id, by=viewer.key, now=now)


def answer(database: Database, viewer: Viewer, question_id: str, words: str, now: datetime) -> Question:
    """Answer a question.

    Raises:
        AccessDenied: the viewer does not run pay.
        Refused: it is not open any more, or the words are missing or too many.
    """
    rights.require_run(viewer, "Answering questions about pay")
    return questions.answer_question(database, question_id, words, by=viewer.key, now=now)


def own(database: Database, viewer: Viewer) -> list[Question]:
    """What the viewer asked, the latest first."""
    rights.require_known(viewer)
    return questions.questions(database, rep_id=viewer.key)


def everybodys(database: Database, viewer: Viewer, status: str = "") -> list[Question]:
    """All questions, or those of a status, the latest first; AccessDenied for who does not see all pay."""
    rights.require_all(viewer, "What people ask about their pay")
    return questions.questions(database, status=status)
