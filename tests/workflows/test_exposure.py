"""Who had which component when: by plan, role, rollout and days."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

import pytest

from compensation.plan.model import OPEN_END, Component, CreditRule, Pays, Period, Plan
from workflows.exposure import Placement, exposure

QUARTERS = [(date(2025, 1, 1), date(2025, 4, 1)), (date(2025, 4, 1), date(2025, 7, 1))]
SECOND = date(2025, 4, 1)


def component(name: str, **more) -> Component:
    return Component(name, name.title(), Pays.RATE, "bookings", Period.QUARTER, rate=Fraction(1, 20), **more)


def plan(*components: Component, version: int = 1, **more) -> Plan:
    return Plan(
        "field", version, "Field", more.pop("valid_from", date(2024, 1, 1)), components=components, **more
    )


def seller(
    team: str, start: date = date(2024, 1, 1), end: date = OPEN_END, role: str = "seller"
) -> Placement:
    return Placement(team, role, "field", start, end)


def test_a_seat_is_somebody_there_all_the_time() -> None:
    placed = [seller("east"), seller("east", date(2025, 2, 15), date(2025, 4, 1)), seller("west")]
    found = exposure([plan(component("commission"))], placed, QUARTERS)
    assert found.teams == ("east", "west")
    assert found.seats[0] == pytest.approx([1.5, 1.0])
    assert found.shares["commission"].tolist() == [[1.0, 1.0], [1.0, 1.0]]


def test_a_rollout_reaches_the_teams_it_names_from_its_day() -> None:
    rolled = component("bonus", rollout={"east": SECOND, "north": date(2025, 1, 1)})
    placed = [seller("east"), seller("west"), seller("north")]
    found = exposure([plan(component("commission"), rolled)], placed, QUARTERS)
    assert dict(zip(found.teams, found.shares["bonus"].tolist(), strict=True)) == {
        "east": [0.0, 1.0],
        "north": [1.0, 1.0],
        "west": [0.0, 0.0],
    }


def test_versions_follow_one_another_and_seats_count_once() -> None:
    first = plan(component("commission"), valid_to=SECOND)
    second = plan(component("commission"), component("bonus"), version=2, valid_from=SECOND)
    found = exposure([first, second], [seller("east")], QUARTERS)
    assert found.seats.tolist() == [[1.0, 1.0]]
    assert found.shares["bonus"].tolist() == [[0.0, 1.0]]
    assert found.shares["commission"].tolist() == [[1.0, 1.0]]


def test_a_component_in_the_middle_of_a_quarter_is_there_for_a_part_of_it() -> None:
    half = component("bonus", valid_from=date(2025, 2, 15))
    found = exposure([plan(component("commission"), half)], [seller("east")], QUARTERS)
    assert found.shares["bonus"][0] == pytest.approx([0.5, 1.0])


def test_some_of_a_team_is_a_share_of_it() -> None:
    other = Placement("east", "seller", "other", date(2024, 1, 1), OPEN_END)
    plans = [
        plan(component("commission")),
        Plan("other", 1, "Other", date(2024, 1, 1), components=(component("rest"),)),
    ]
    found = exposure(plans, [seller("east"), other], QUARTERS)
    assert found.seats.tolist() == [[2.0, 2.0]]
    assert found.shares["rest"].tolist() == [[0.5, 0.5]]


def test_managers_have_no_seat_and_their_component_is_the_teams() -> None:
    rules = {"team": CreditRule("team", "roll_up")}
    lead = component("team_bonus", credits=("team",), roles=("manager",))
    plans = [plan(component("commission", roles=("seller",)), lead, credit_rules=rules)]
    placed = [seller("east"), seller("west"), seller("east", SECOND, role="manager")]
    found = exposure(plans, placed, QUARTERS)
    assert found.seats.tolist() == [[1.0, 1.0], [1.0, 1.0]]
    assert found.shares["team_bonus"].tolist() == [[0.0, 1.0], [0.0, 0.0]]


def test_teams_without_sellers_are_no_teams_of_a_panel() -> None:
    lead = component("team_bonus", credits=("roll_up",))
    found = exposure([plan(lead)], [seller("board", role="executive")], QUARTERS)
    assert found.teams == ()
