"""Places in a ranking, by hand: D1, D2 and D3 of the small company decide the first quarter of 2026."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from tests.ui.conftest import making
from ui.desk import Desk
from ui.leaderboard import move_text, rank_text, row_of, shown
from ui.standings import Board, board
from warehouse.access import Viewer

Q1, Q2 = "FY2026-Q1", "FY2026-Q2"
ANN = Viewer("ann", frozenset({"rep"}))


def as_(desk: Desk, viewer: Viewer) -> Desk:
    return replace(desk, viewer=viewer)


def places(found: Board) -> list[tuple[str, int | None]]:
    return [(place.name, place.rank) for place in found.places]


def test_by_attainment_whoever_has_no_quota_is_not_ranked(small_desk: Desk):
    found = board(making(small_desk, Q1), "attainment")
    assert places(found)[:3] == [("Cat", 1), ("Ann", 2), ("Bob", 3)]
    assert [round(place.value or 0, 4) for place in found.ranked] == [1.25, 0.67, 0.06]
    assert ("Dan", None) in places(found)
    assert ("Dan", None) in [(place.name, place.rank) for place in shown(found)]


def test_by_value_everybody_who_sold_is_ranked(small_desk: Desk):
    found = board(making(small_desk, Q1), "value")
    assert places(found)[:4] == [("Cat", 1), ("Ann", 2), ("Bob", 3), ("Dan", 4)]
    assert [place.value for place in found.ranked] == [1000, 670, 30, 10.01]


def test_by_improvement_points_are_compared_at_the_same_day(small_desk: Desk):
    """On day 45 of the quarter before, ann stood at 60 % and bob at 0 %; now at 0 % and 50 %."""
    found = board(making(small_desk, Q2), "improvement")
    assert places(found)[:2] == [("Bob", 1), ("Ann", 2)]
    assert [round(place.change or 0, 4) for place in found.ranked] == [0.5, -0.6]
    assert ("Cat", None) in places(found)  # no quota in the second quarter: nothing to improve


def test_ties_share_a_place(small_desk: Desk):
    """On 5 April nobody has sold anything in the second quarter: ann and bob both stand at 0 %."""
    made = making(small_desk, Q2, compare="none")
    early = replace(made.question, view=replace(made.question.view, as_of=date(2026, 4, 5)))
    found = board(replace(made, question=early), "attainment")
    assert [(p.name, p.rank, p.tied, rank_text(p)) for p in found.ranked] == [
        ("Ann", 1, True, "1="),
        ("Bob", 1, True, "1="),
    ]


@pytest.mark.parametrize(
    ("rank", "before", "text"), [(2, 5, "▲ 3"), (5, 2, "▼ 3"), (2, 2, "="), (None, 2, "")]
)
def test_places_gained_and_lost(small_desk: Desk, rank: int | None, before: int | None, text: str):
    place = board(making(small_desk, Q1), "value").places[0]
    assert move_text(replace(place, rank=rank, rank_before=before)) == text


def test_a_rep_sees_their_own_name_and_masks_for_three_peers(small_desk: Desk):
    found = board(making(as_(small_desk, ANN), Q1), "value")
    assert places(found) == [("A colleague", 1), ("Ann", 2), ("A colleague", 3), ("A colleague", 4)]
    assert not found.withheld
    assert [place.name for place in found.places if place.mine] == ["Ann"]
    assert not {"cat", "bob", "dan"} & {place.key for place in found.places}
    assert row_of(found.places[1])["name"] == "Ann ◀"


def test_fewer_peers_than_the_settings_ask_for_are_left_out(small_desk: Desk):
    """Only bob and cat sell in the second quarter: two peers, and the settings ask for three."""
    found = board(making(as_(small_desk, ANN), Q2), "value")
    assert (found.withheld, found.minimum) == (True, 3)
    assert {place.name for place in found.places} <= {"Ann"}
