"""Whose pay goes into an answer: a rep's own, a manager's reports' only where granted and while they were theirs."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from metrics.ask import ask, records
from metrics.catalogue import METRICS
from metrics.plan_return.spread import on_curve
from tests.metrics.plan_return.test_cost import COST, numbers, total, view
from warehouse.access import STRANGER, Viewer
from warehouse.engine import Session

ANN = Viewer("ann", frozenset({"rep"}))
BOB = Viewer("bob", frozenset({"rep"}))
MIA = Viewer("mia", frozenset({"rep", "manager"}))
MAX = Viewer("max", frozenset({"rep", "manager"}))
ADMIN = Viewer("dan", frozenset({"rep", "compensation_admin"}))

PAY = sorted(name for name, metric in METRICS.items() if metric.pay)


def people(session: Session, name: str, viewer: Viewer, period: str = "FY2026-Q1") -> set[str]:
    return set(numbers(session, name, "rep", period, viewer=viewer))


@pytest.mark.parametrize("name", PAY)
def test_a_rep_sees_only_themselves(granted: Session, name: str) -> None:
    assert people(granted, name, ANN) <= {"ann"}
    for part in ("top", "bottom"):
        rows = records(METRICS[name], view=view(granted), session=granted, viewer=ANN, part=part)
        assert set(rows["rep_id"].to_pylist()) <= {"ann"}


@pytest.mark.parametrize("name", PAY)
def test_a_manager_sees_no_pay_of_reports_unless_granted(paid: Session, name: str) -> None:
    assert people(paid, name, MIA) <= {"mia"}
    for part in ("top", "bottom"):
        rows = records(METRICS[name], view=view(paid), session=paid, viewer=MIA, part=part)
        told = {rep for rep in rows["rep_id"].to_pylist() if {"stake", "payout_id"} & set(rows.column_names)}
        assert told <= {"mia"}


def test_a_granted_manager_sees_pay_of_the_time_the_rep_was_theirs(granted: Session) -> None:
    assert numbers(granted, "payout_cost", "rep", viewer=MIA) == {
        "ann": Decimal(9700), "bob": Decimal(900), "mia": Decimal(7500),
    }  # fmt: skip
    # Bob was mia's in the first quarter and is max's since April; eve had left when hers was earned.
    assert people(granted, "payout_cost", MIA, "FY2026-Q2") == {"mia"}
    assert numbers(granted, "payout_cost", "rep", "FY2026-Q2", viewer=MAX) == {"bob": Decimal(50)}
    assert people(granted, "payout_cost", MAX) == {"max", "cat"}


def test_pay_of_somebody_who_moved_on_keeps_its_team(granted: Session) -> None:
    assert numbers(granted, "payout_cost", "team", viewer=MIA) == {"Mia's team": Decimal(18100)}
    whose = {"whose_pay": "leaders"}
    row = total(granted, "compensation_cost_of_sales", choices=tuple(whose.items()), viewer=MIA)
    assert row["top"] == Decimal(7500)


def test_both_sides_of_a_ratio_are_of_the_same_people(paid: Session, granted: Session) -> None:
    alone = total(paid, "effective_rate", viewer=ANN)
    assert (alone["top"], alone["bottom"]) == (Decimal(9500), Decimal(670))
    ours = total(granted, "compensation_cost_of_sales", viewer=MIA)
    assert (ours["top"], ours["bottom"]) == (Decimal(10600), Decimal(700))
    mine = total(paid, "target_rate", viewer=MIA)
    assert mine["target_rate"] is None  # her reports' quotas are no business of her own pay


@pytest.mark.parametrize("name", PAY)
def test_a_compensation_admin_sees_what_everybody_sees_of_themselves(paid: Session, name: str) -> None:
    whole = {row["rep"]: row for row in _by_rep(paid, name, ADMIN)}
    for viewer in (ANN, MIA):
        for row in _by_rep(paid, name, viewer):
            if name not in {"pull_forward", "bunching", "pay_for_performance"}:
                assert row == whole[row["rep"]]
    if name == "payout_cost":
        assert set(whole) == set(COST)


def _by_rep(session: Session, name: str, viewer: Viewer) -> list[dict[str, object]]:
    return ask(METRICS[name], ["rep"], view=view(session), session=session, viewer=viewer).to_pylist()


@pytest.mark.parametrize("name", PAY)
def test_a_stranger_sees_nothing(paid: Session, name: str) -> None:
    assert people(paid, name, STRANGER) == set()


def test_the_same_session_answers_each_viewer_anew(paid: Session) -> None:
    # Compiled questions are shared, answers are not: ask in turn, twice.
    for _ in range(2):
        assert total(paid, "payout_cost", viewer=ANN)["payout_cost"] == Decimal(9700)
        assert total(paid, "payout_cost", viewer=BOB)["payout_cost"] == Decimal(900)
        assert total(paid, "payout_index", viewer=BOB)["bottom"] == Decimal(9000)
        assert total(paid, "payout_index", viewer=ANN)["bottom"] == Decimal(9000)
        assert total(paid, "payout_index", viewer=MIA)["top"] == Decimal(7500)


def test_naming_somebody_in_a_filter_opens_nothing(paid: Session) -> None:
    asked = replace(view(paid), where=(("rep", "cat"),))
    for name in PAY:
        found = ask(METRICS[name], view=asked, session=paid, viewer=MIA).to_pylist()
        assert all(row[name] in {None, 0} and not row["top"] for row in found)


def test_points_of_the_curve_are_the_viewer_s_own(paid: Session, granted: Session) -> None:
    assert set(on_curve(view(paid), paid, ANN)["rep"].to_pylist()) == {"ann"}
    assert set(on_curve(view(granted), granted, MIA)["rep"].to_pylist()) == {
        "ann"
    }  # bob's attainment is max's now
