"""How periods and comparisons are called."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from tests.ui.conftest import making
from ui import periods
from ui.desk import Desk
from ui.model import Making
from words.catalogue import translator

ENGLISH = translator("en")


def by_hand(made: Making, first: str, end: str) -> Making:
    view = replace(made.question.view, start=date.fromisoformat(first), end=date.fromisoformat(end))
    return replace(made, question=replace(made.question, view=view, period=None))


def test_a_running_period_is_so_far_and_compared_by_the_same_day(small_desk: Desk):
    made = making(small_desk, "FY2026-Q2")
    assert made.question.in_progress
    assert (made.question.day, made.question.days) == (45, 91)
    assert periods.period_name(made) == "Q2 FY2026 so far"
    assert periods.before_name(made) == "Q1 FY2026 by day 45"
    assert periods.compared_with(made.question, ENGLISH) == "vs previous period, same day"


def test_a_finished_period_is_called_by_its_name(small_desk: Desk):
    made = making(small_desk, "FY2026-Q1", compare="last_year")
    assert not made.question.in_progress
    assert periods.period_name(made) == "Q1 FY2026"
    assert periods.before_name(made) == "Q1 FY2025"
    assert periods.compared_with(made.question, ENGLISH) == "vs same period last year"


def test_days_chosen_by_hand_are_from_and_to(small_desk: Desk):
    made = by_hand(making(small_desk, "FY2026-Q1"), "2026-01-10", "2026-01-21")
    assert periods.name(made.question, "en") == "10 Jan 2026 to 20 Jan 2026"
    assert periods.name(made.question, "fr") != periods.name(made.question, "en")


def test_the_last_day_of_a_period_is_not_in_progress_any_more(small_desk: Desk):
    question = making(small_desk, "FY2026-Q2").question
    over = replace(question, view=replace(question.view, as_of=date(2026, 6, 30)))
    running = replace(question, view=replace(question.view, as_of=date(2026, 6, 29)))
    assert (running.in_progress, over.in_progress) == (True, False)
    assert over.day == over.days == 91
