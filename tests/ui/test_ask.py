"""What is kept is kept for one viewer, one view and one state of the tables, and for nobody else."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from metrics.ask import ask as ask_uncached
from metrics.attainment import credited, quota, quota_attainment, run_rate_attainment
from metrics.catalogue import METRICS
from metrics.view import View
from ui import ask
from ui.desk import Desk
from ui.figures import headline
from ui.question import Question, Scope
from warehouse.access import OWNER, Viewer
from workflows.opening import open_place

VIEW = View(date(2026, 2, 1), date(2026, 5, 1), date(2026, 6, 1))


@pytest.fixture(scope="module")
def desk(demo_root: Path) -> Desk:
    place = open_place(demo_root)
    return Desk(place, place.session(), OWNER, "owner", "Owner")


def test_an_answer_from_the_cache_is_the_answer(desk: Desk):
    once = ask.ask(quota_attainment, ["rep"], view=VIEW, desk=desk)
    again = ask.ask(quota_attainment, ["rep"], view=VIEW, desk=desk)
    plain = ask_uncached(quota_attainment, ["rep"], view=VIEW, session=desk.reading, viewer=desk.viewer)
    assert once.num_rows > 50
    assert once.equals(plain)
    assert again.equals(plain)


def test_asking_ahead_gives_the_same_answers(desk: Desk):
    view = replace(VIEW, compare="last_year")
    ask.ahead([(metric, ("team",), view) for metric in (credited, quota, quota_attainment)], desk)
    for metric in (credited, quota, quota_attainment):
        plain = ask_uncached(metric, ["team"], view=view, session=desk.reading, viewer=desk.viewer)
        assert ask.ask(metric, ["team"], view=view, desk=desk).equals(plain)


@pytest.mark.parametrize(
    "other",
    [Viewer("R024", frozenset({"rep"})), Viewer("owner", frozenset({"rep"})), Viewer("owner", frozenset())],
)  # fmt: skip
def test_nobody_is_given_what_was_kept_for_another(desk: Desk, other: Viewer):
    mine = ask.ask(credited, ["rep"], view=VIEW, desk=desk)
    theirs = ask.ask(credited, ["rep"], view=VIEW, desk=replace(desk, viewer=other))
    assert theirs.num_rows <= 1 < mine.num_rows


def test_the_key_changes_with_the_tables_read_and_with_nothing_else(desk: Desk):
    def key(tables: set[str], changed: str) -> str:
        version = desk.reading.version
        parts = {**version.tables, changed: version.tables[changed][:-1]}
        session = replace(desk.reading, version=replace(version, id="other", tables=parts))
        return ask.key_of(replace(desk, session=session), tables, "x")

    assert key({"credits"}, "credits") != ask.key_of(desk, {"credits"}, "x")
    assert key({"credits"}, "quota_months") == ask.key_of(desk, {"credits"}, "x")


def test_the_tables_a_metric_reads():
    assert "credits" in ask.tables_of(credited)
    assert "quota_months" not in ask.tables_of(credited)
    assert {"credits", "quota_months"} <= ask.tables_of(quota_attainment)
    # Pace is learnt from credits, whatever is divided by it.
    assert {"credits", "quota_months"} <= ask.tables_of(run_rate_attainment.parts[-1])
    assert all(ask.tables_of(metric) for metric in METRICS.values())


PAY = {"plans", "plan_components", "plan_assignments", "payouts"}


def test_every_metric_that_reads_pay_is_known_as_one():
    assert all(ask.about_pay(metric) for metric in METRICS.values() if PAY & ask.tables_of(metric))
    assert not PAY & set(ask.SHARED)


def test_nothing_of_pay_is_kept_where_others_are(desk: Desk, monkeypatch: pytest.MonkeyPatch):
    own: dict[str, object] = {}
    monkeypatch.setattr(ask, "private", lambda *_: own)
    monkeypatch.setattr(ask, "_kept", lambda *_: pytest.fail("kept for everybody"))
    found = ask.ask(METRICS["payout_cost"], ["component"], view=VIEW, desk=desk)
    assert list(own.values()) == [found]


def test_the_headline_gap_is_the_quota_less_what_is_credited(desk: Desk):
    question = Question(replace(VIEW, compare="previous"), None, Scope("company"), "bookings", "Halyard")
    head = headline(question, desk)
    assert head.quota is not None
    assert head.credited is not None
    assert head.gap.value == head.quota - head.credited
