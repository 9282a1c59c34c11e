from __future__ import annotations

import pytest

from planning import audit
from planning.questions import LONGEST, answer_question, ask_question, questions, withdraw_question
from planning.refusals import Refused
from tests.planning.stories import LATER, NOW
from warehouse.database import Database


def ask(database: Database, words: str = "Why so little?", rep: str = "r1", line: str = "l1"):
    return ask_question(database, line, rep, words, by=rep, now=NOW)


def test_a_question_is_asked_and_answered(database: Database):
    row = ask(database, "  Why so little?  ")
    answer_question(database, row.question_id, "The deal closed in March.", by="c1", now=LATER)
    (held,) = questions(database)
    assert (held.text, held.answer, held.status) == (
        "Why so little?",
        "The deal closed in March.",
        "answered",
    )
    assert (held.asked_by, held.answered_by, held.answered_at) == ("r1", "c1", LATER)
    trail = [(c.changed_by, c.old_value, c.new_value) for c in audit.history(database, "questions")]
    assert trail == [("c1", "open", "answered"), ("r1", None, "open")]
    assert "little" not in str([vars(c) for c in audit.history(database)])


def test_questions_are_found_by_rep_line_and_status(database: Database):
    first, _ = ask(database), ask(database, rep="r2", line="l2")
    withdraw_question(database, first.question_id, by="r1", now=LATER)
    assert [q.rep_id for q in questions(database, status="open")] == ["r2"]
    assert [q.status for q in questions(database, rep_id="r1")] == ["withdrawn"]
    assert [q.rep_id for q in questions(database, line_id="l2")] == ["r2"]


def test_only_an_open_question_is_answered_or_taken_back(database: Database):
    row = ask(database)
    with pytest.raises(Refused, match="no such question"):
        withdraw_question(database, row.question_id, by="r2", now=LATER)
    answer_question(database, row.question_id, "So.", by="c1", now=LATER)
    for call in (
        lambda: answer_question(database, row.question_id, "No.", by="c2", now=LATER),
        lambda: withdraw_question(database, row.question_id, by="r1", now=LATER),
    ):
        with pytest.raises(Refused, match="This question is answered"):
            call()
    with pytest.raises(Refused, match="no such question"):
        answer_question(database, "nosuch", "So.", by="c1", now=LATER)


@pytest.mark.parametrize("words", ["", "   ", "x" * (LONGEST + 1)])
def test_words_have_to_be_there_and_few(database: Database, words: str):
    with pytest.raises(Refused):
        ask(database, words)
    assert questions(database) == []
