"""Questions about pay: asked about one's own, answered by who runs it."""

from __future__ import annotations

import pytest

from planning.refusals import Refused
from tests.workflows.pay.closing_company import ADMIN, EXECUTIVE, MANAGER, OTHER, SELLER, Payer
from warehouse.access import STRANGER, AccessDenied, Viewer
from workflows.pay.questioning import ANSWERED, OPEN, WITHDRAWN, answer, ask, everybodys, own, withdraw


def test_a_question_is_asked_read_and_answered(payer: Payer):
    asked = ask(payer.database, SELLER, "r1", "line", " Why? ", payer.company.tick())
    assert [(each.text, each.status) for each in everybodys(payer.database, ADMIN, OPEN)] == [("Why?", OPEN)]
    answer(payer.database, ADMIN, asked.question_id, "Because.", payer.company.tick())
    (mine,) = own(payer.database, SELLER)
    assert (mine.answer, mine.answered_by, mine.status) == ("Because.", "c1", ANSWERED)
    assert own(payer.database, OTHER) == []


@pytest.mark.parametrize("viewer", [OTHER, MANAGER, ADMIN, STRANGER])
def test_nobody_asks_about_somebody_elses_pay(payer: Payer, viewer: Viewer):
    with pytest.raises(AccessDenied):
        ask(payer.database, viewer, "r1", "line", "Why?", payer.company.tick())


@pytest.mark.parametrize("viewer", [SELLER, MANAGER, EXECUTIVE, STRANGER])
def test_only_who_runs_pay_answers(payer: Payer, viewer: Viewer):
    asked = ask(payer.database, SELLER, "r1", "line", "Why?", payer.company.tick())
    with pytest.raises(AccessDenied):
        answer(payer.database, viewer, asked.question_id, "Because.", payer.company.tick())


@pytest.mark.parametrize("viewer", [SELLER, MANAGER, STRANGER])
def test_everybodys_questions_are_for_who_sees_all_pay(payer: Payer, viewer: Viewer):
    with pytest.raises(AccessDenied):
        everybodys(payer.database, viewer)


def test_a_question_taken_back_cannot_be_answered_nor_taken_back_by_another(payer: Payer):
    asked = ask(payer.database, SELLER, "r1", "line", "Why?", payer.company.tick())
    with pytest.raises(Refused):
        withdraw(payer.database, OTHER, asked.question_id, payer.company.tick())
    assert withdraw(payer.database, SELLER, asked.question_id, payer.company.tick()).status == WITHDRAWN
    with pytest.raises(Refused):
        answer(payer.database, ADMIN, asked.question_id, "Because.", payer.company.tick())
