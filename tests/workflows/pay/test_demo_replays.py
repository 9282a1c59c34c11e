"""Every payout of the demo company, calculated again from its plan texts and deals, to the cent.

The demo works its payouts out by arithmetic of its own and never calls the calculation; the calculation
knows nothing of the demo but the store. Where the two meet, both are right.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

import pyarrow.compute as pc
import pytest

from compensation.calculate import calculate
from compensation.inputs import Order
from compensation.run import Run
from connectors.demo import truths
from tests.small_demo import small_demo
from tests.support import session_of
from tests.workflows.pay.demo import paid_demo
from warehouse.access import OWNER, Viewer
from warehouse.engine import Session
from workflows.pay.inputs import book, inputs

Key = tuple[str, str, str, date, date, str, str]
"""Person, plan, component, first day, day after the last, kind, currency."""


@dataclass
class Replay:
    """A company, its recorded payouts, and a calculation of all the time they are about."""

    session: Session
    recorded: dict[Key, Decimal]
    run: Run


@pytest.fixture(scope="module", params=["small", pytest.param("full", marks=pytest.mark.long)])
def replay(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Replay:
    """A company of some thousand deals, and the one everybody gets."""
    small = request.param == "small"
    session = (
        session_of(small_demo(tmp_path_factory))
        if small
        else paid_demo(tmp_path_factory.mktemp("replay") / "store")
    )
    return Replay(session, recorded(session), pay(session, OWNER))


def recorded(session: Session) -> dict[Key, Decimal]:
    rows = session.sql(
        "select rep_id, plan_id, component_id, period_start, period_end, kind, currency, amount from payouts"
    ).to_pylist()
    found = {tuple(row.values())[:-1]: row["amount"] for row in rows}
    assert len(found) == len(rows), "a payout is one line"
    return found


def pay(session: Session, viewer: Viewer, reps: tuple[str, ...] | None = None) -> Run:
    """Everything since the first plan, up to the last month that is over."""
    plans, problems = book(session, viewer)
    assert problems == []
    start = min(plan.valid_from for plan in plans)
    end = session.version.as_of.replace(day=1)
    return calculate(
        Order(plans, start, end, session.version.as_of), inputs(session, viewer, start, end, reps)
    )


def calculated(run: Run) -> dict[Key, Decimal]:
    """Amounts other than 0; a period still going on has not been paid."""
    found: dict[Key, Decimal] = defaultdict(Decimal)
    for row in run.lines.to_pylist():
        days = (row["period_start"], row["period_end"])
        key = (row["rep"], row["plan_id"], row["component_id"], *days, row["kind"], row["currency"])
        found[key] += row["amount"]
    return {key: amount for key, amount in found.items() if amount}


def test_every_recorded_payout_is_calculated_to_the_cent(replay: Replay) -> None:
    found = calculated(replay.run)
    different = {
        key: (amount, found.get(key)) for key, amount in replay.recorded.items() if found.get(key) != amount
    }
    assert different == {}
    assert set(found) == set(replay.recorded), "and nothing is calculated that was not paid"


def test_all_kinds_of_pay_are_among_them(replay: Replay) -> None:
    kinds = Counter((key[2], key[5]) for key in replay.recorded)
    wanted = {
        ("field_commission", "earning"), ("field_commission", "draw"), ("enterprise_commission", "earning"),
        ("accelerator", "earning"), ("team_bonus", "earning"), ("overlay_commission", "earning"),
        (truths.HEALTHY_COMPONENT, "earning"), (truths.DEAD_COMPONENT, "earning"),
    }  # fmt: skip
    assert set(kinds) == wanted
    assert min(kinds.values()) >= 50
    assert len({key[6] for key in replay.recorded}) == 2


def test_it_is_as_many_as_the_documentation_says(replay: Replay) -> None:
    if replay.session.version.rows("opportunities") > 30_000:
        assert round(len(replay.recorded), -2) == 6_700


def test_only_missing_quotas_are_remarked_on(replay: Replay) -> None:
    assert {found.code for found in replay.run.problems} <= {"quota_missing"}


def test_every_line_is_the_sum_of_its_deals(replay: Replay) -> None:
    """Draws have no deals; every other line's parts add up to it, exactly."""
    lines, trace = replay.run.lines, replay.run.trace
    parts = trace.group_by("line_id").aggregate([("earned", "sum")])
    sums = dict(zip(parts["line_id"].to_pylist(), parts["earned_sum"].to_pylist(), strict=True))
    rows = lines.filter(
        pc.and_(pc.not_equal(lines["kind"], "draw"), pc.not_equal(lines["amount"], Decimal(0)))
    )
    for row in rows.to_pylist():
        assert sums[row["line_id"]] == row["amount"], row["line_id"]


@pytest.mark.parametrize(
    ("key", "roles"),
    [
        (truths.DEMO_REP, {"rep"}),
        (truths.STAGE_LOSER, {"rep"}),
        (truths.SPECIALISTS[3], {"rep"}),
        (truths.DEMO_MANAGER, {"rep", "manager"}),
        (truths.SANDBAGGER, {"rep", "manager"}),
        (truths.DEMO_VICE_PRESIDENT, {"rep", "manager"}),
        (truths.EXECUTIVE, {"rep", "manager"}),
    ],
)
def test_each_one_calculates_their_own_pay_with_their_own_eyes(
    replay: Replay, key: str, roles: set[str]
) -> None:
    """Teams have changed many times since: what was sold by people long gone is still in the roll-ups."""
    viewer = Viewer(key, frozenset(roles))
    own = {paid: amount for paid, amount in replay.recorded.items() if paid[0] == key}
    assert len(own) > 5
    assert calculated(pay(replay.session, viewer)) == own
    assert calculated(pay(replay.session, OWNER, (key,))) == own


def test_margin_is_known_for_every_deal(replay: Replay) -> None:
    """From the costs of their lines."""
    start, end = date(2025, 2, 1), date(2026, 2, 1)
    found = inputs(replay.session, OWNER, start, end).transactions
    assert found["margin"].null_count == 0
    assert found["families"].null_count == found["units"].null_count == found["team"].null_count == 0
    margin, amount = (float(pc.sum(found[name]).as_py()) for name in ("margin", "amount"))
    assert 0.25 < margin / amount < 0.45
