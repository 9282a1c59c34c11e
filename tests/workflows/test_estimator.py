"""What open deals would pay, on the demo company."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest

from tests.small_demo import small_demo
from tests.support import session_of
from warehouse.access import OWNER, STRANGER, AccessDenied, Tables, Viewer
from warehouse.engine import Session
from workflows.estimator import Closing, if_they_close, open_deals


@pytest.fixture(scope="module")
def session(tmp_path_factory: pytest.TempPathFactory) -> Session:
    return session_of(small_demo(tmp_path_factory))


@pytest.fixture(scope="module")
def rep(session) -> str:
    """Somebody who is paid and has open deals of their own."""
    tables = Tables(OWNER, session, session.version.as_of)
    on = tables.table("plan_assignments")
    today = session.version.as_of
    paid = set(session.run(on.filter(on.valid_to > today).select("rep_id")).to_pydict()["rep_id"])
    deals = tables.table("opportunities")
    rows = session.run(
        deals.filter(~deals.is_closed, deals.amount > 0).select("owner_id", "opportunity_id")
    ).to_pylist()
    counts: dict[str, int] = {}
    for row in rows:
        counts[row["owner_id"]] = counts.get(row["owner_id"], 0) + (row["owner_id"] in paid)
    return max(sorted(counts), key=lambda key: counts[key])


def viewer(rep: str) -> Viewer:
    return Viewer(rep, frozenset({"rep"}))


def test_a_rep_sees_own_open_deals_the_soonest_first(session, rep) -> None:
    deals = open_deals(session, viewer(rep), rep)
    assert len(deals) >= 2
    assert [deal.close_on for deal in deals] == sorted(deal.close_on for deal in deals)
    assert all(deal.amount > 0 and 0 < deal.share <= 1 for deal in deals)
    assert deals == open_deals(session, OWNER, rep), "whoever sees everything sees the same deals of theirs"


def test_what_closes_adds_up_to_what_is_earned(session, rep) -> None:
    deals = open_deals(session, viewer(rep), rep)
    found = if_they_close(session, viewer(rep), rep, [Closing(deal.opportunity_id) for deal in deals[:2]])
    assert sum(found.more.values()) > 0
    assert sum((part.earned for part in found.parts), Decimal(0)) == sum(found.more.values())
    assert {part.deal_id for part in found.parts} <= {deal.opportunity_id for deal in deals[:2]}
    assert not found.problems


def test_who_sees_everybodys_pay_gets_the_same_estimate(session, rep) -> None:
    closing = [Closing(open_deals(session, viewer(rep), rep)[0].opportunity_id)]
    own, theirs = (if_they_close(session, who, rep, closing) for who in (viewer(rep), OWNER))
    assert own.more == theirs.more
    assert own.parts == theirs.parts


def test_a_larger_deal_earns_more_and_a_day_can_be_chosen(session, rep) -> None:
    deal = open_deals(session, viewer(rep), rep)[0]
    later = session.version.as_of + timedelta(days=2)
    plain = if_they_close(session, viewer(rep), rep, [Closing(deal.opportunity_id, close_on=later)])
    larger = if_they_close(
        session, viewer(rep), rep, [Closing(deal.opportunity_id, close_on=later, amount=deal.amount * 2)]
    )
    assert sum(larger.more.values()) > sum(plain.more.values())
    assert {part.date for part in plain.parts} == {later}


def test_somebody_elses_deals_are_left_out(session, rep) -> None:
    tables = Tables(OWNER, session, session.version.as_of)
    deals = tables.table("opportunities")
    other = session.run(deals.filter(~deals.is_closed, deals.owner_id != rep).limit(1)).to_pylist()[0]
    found = if_they_close(session, viewer(rep), rep, [Closing(other["opportunity_id"])])
    assert not found.parts
    assert not sum(found.more.values())


@pytest.mark.parametrize(
    "who", [Viewer("R001", frozenset({"rep"})), Viewer("R001", frozenset({"manager"})), STRANGER]
)
def test_nobody_else_is_told(session, rep, who) -> None:
    with pytest.raises(AccessDenied):
        open_deals(session, who, rep)
    with pytest.raises(AccessDenied):
        if_they_close(session, who, rep, [])
