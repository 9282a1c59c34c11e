"""Whose pay a run shows, by which versions of the plans, and that one's own is what everybody's says."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from compensation.plan.reading import plan_of
from tests.small_demo import small_demo
from tests.support import session_of
from tests.workflows.pay.closing_company import (
    ADMIN,
    DEALS,
    EXECUTIVE,
    FEBRUARY,
    JANUARY,
    MANAGER,
    MARCH,
    OTHER,
    PLAN,
    RICHER,
    SELLER,
    Payer,
    amounts,
)
from warehouse.access import OWNER, STRANGER, AccessDenied, Viewer
from warehouse.engine import Session
from workflows.pay.run import in_force, plans_in_force, run

WHOLE = [("r1", "earning", Decimal(50)), ("r1", "earning", Decimal(100)), ("r2", "earning", Decimal("5.03"))]
CONTEST = (
    PLAN.partition("[[cases]]")[0]
    + """
[[components]]
id = "contest"
name = "Contest"
pays = "spif"
measure = "bookings"
period = "quarter"
rate = 0.5
spif = { budget = 1030, share = "first_come" }
"""
)


@pytest.mark.parametrize("viewer", [OWNER, ADMIN, EXECUTIVE], ids=lambda v: v.key)
def test_those_who_see_all_pay_get_everybodys(payer: Payer, viewer: Viewer):
    assert amounts(run(payer.session(), viewer, JANUARY, MARCH).lines) == WHOLE


@pytest.mark.parametrize("viewer", [SELLER, OTHER, MANAGER], ids=lambda v: v.key)
def test_everybody_else_gets_their_own(payer: Payer, viewer: Viewer):
    found = run(payer.session(), viewer, JANUARY, MARCH)
    assert amounts(found.lines) == [row for row in WHOLE if row[0] == viewer.key]
    assert found.problems == ()


def test_a_stranger_gets_nothing(payer: Payer):
    with pytest.raises(AccessDenied):
        run(payer.session(), STRANGER, JANUARY, MARCH)


def test_another_plan_is_tried_for_everybody_or_oneself(payer: Payer):
    book = [plan_of(RICHER)]
    assert amounts(run(payer.session(), ADMIN, JANUARY, FEBRUARY, book=book).lines) == [
        ("r1", "earning", Decimal(100))
    ]
    assert amounts(run(payer.session(), OTHER, FEBRUARY, MARCH, book=book).lines) == [
        ("r2", "earning", Decimal("10.05"))
    ]


def test_a_budget_that_others_used_up_is_used_up_for_oneself_too(payer: Payer):
    payer.load((*DEALS, ("o8", date(2026, 1, 12), "r2", "900")))
    book = [plan_of(CONTEST)]
    whole = run(payer.session(), ADMIN, JANUARY, date(2026, 4, 1), book=book).lines.to_pylist()
    contest = {row["rep"]: row["amount"] for row in whole if row["component_id"] == "contest"}
    assert contest == {"r1": Decimal(580), "r2": Decimal(450)}
    for viewer in (SELLER, OTHER):
        found = run(payer.session(), viewer, JANUARY, date(2026, 4, 1), book=book)
        assert found.lines.to_pylist() == [row for row in whole if row["rep"] == viewer.key]
        assert set(found.trace["credited_rep"].to_pylist()) == {viewer.key}


def test_a_later_version_ends_an_earlier_one_and_a_replaced_one_is_gone():
    first = plan_of(PLAN)
    versions = [
        first,
        replace(first, version=2, valid_from=MARCH),
        replace(first, version=3, valid_from=FEBRUARY, valid_to=date(2026, 12, 1)),
        replace(first, id="other", version=9, valid_from=date(2025, 1, 1)),
    ]
    assert [(p.id, p.version, p.valid_from, p.valid_to) for p in in_force(versions)] == [
        ("field", 1, JANUARY, FEBRUARY),
        ("field", 3, FEBRUARY, date(2026, 12, 1)),
        ("other", 9, date(2025, 1, 1), first.valid_to),
    ]


# ------------------------------------------------------------------------------ the demo company


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Session:
    return session_of(small_demo(tmp_path_factory))


@pytest.mark.parametrize(
    ("key", "roles"),
    [("R024", "rep"), ("R025", "rep"), ("R013", "manager"), ("R004", "manager"), ("R022", "rep")],
)
def test_ones_own_pay_in_the_demo_company_is_what_everybodys_says(key: str, roles: str, demo: Session):
    start, end = date(2026, 2, 1), date(2026, 5, 1)
    viewer = Viewer(key, frozenset({"rep", roles}))
    found = run(demo, viewer, start, end)
    whole = run(demo, OWNER, start, end)
    wanted = sorted((row for row in whole.lines.to_pylist() if row["rep"] == key), key=str)
    assert sorted(found.lines.to_pylist(), key=str) == wanted
    ids = {row["line_id"] for row in wanted}
    behind = sorted((row for row in whole.trace.to_pylist() if row["line_id"] in ids), key=str)
    assert sorted(found.trace.to_pylist(), key=str) == behind
    assert bool(wanted) == (key != "R022")


def test_a_rep_sees_only_the_plans_they_are_on(demo: Session):
    seen = {plan.id for plan in plans_in_force(demo, Viewer("R024", frozenset({"rep"})))[0]}
    assert seen < {plan.id for plan in plans_in_force(demo, OWNER)[0]}
