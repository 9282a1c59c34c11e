"""Charts of plan return and of the plan designer."""

from __future__ import annotations

import pytest

from charts.base import Style
from charts.cost_return import SHAPES, Judged, cost_return
from charts.cost_spread import Costs, cost_spread
from charts.lorenz import lorenz
from charts.pay_spread import pay_spread
from charts.payout_curve import Line, payout_curve
from tests.charts.cases import TAKEAWAY, layers, marks, returns, rows

LIGHT = Style("en", "USD", "light")


def test_a_verdict_has_a_shape_and_a_colour_of_its_own_and_a_word():
    chart = returns(LIGHT)
    assert {row["verdict"]: row["shape"] for row in rows(chart)} == SHAPES
    assert len({row["colour"] for row in rows(chart)}) == len(SHAPES)
    assert {row["told"] for row in rows(chart)} == {
        "costs without return",
        "earns its cost",
        "not enough data",
    }


def test_break_even_is_drawn_at_one_and_the_scale_holds_it():
    only = [Judged("a", "Costly", 100, -2.0, -3.0, -1.0, "costs", "costs without return")]
    chart = cost_return(only, takeaway=TAKEAWAY, style=LIGHT)
    line = marks(chart, "line")[0]
    assert [point["brought"] for point in line["data"]["values"]] == [1.0, 1.0]
    low, high = line["encoding"]["y"]["scale"]["domain"]
    assert low <= -3.0
    assert high >= 1.0


def test_names_stand_on_the_side_where_there_is_room():
    by_key = {row["key"]: row["right"] for row in rows(returns(LIGHT))}
    assert by_key == {"a": True, "b": False, "c": False}


@pytest.mark.parametrize(
    "chart",
    [
        cost_return([], takeaway=TAKEAWAY, style=LIGHT),
        lorenz([], takeaway=TAKEAWAY, style=LIGHT),
        pay_spread([None], takeaway=TAKEAWAY, style=LIGHT),
        payout_curve([Line("Draft", [])], takeaway=TAKEAWAY, style=LIGHT, unit="percent", over=""),
        cost_spread([Costs("Draft", [])], takeaway=TAKEAWAY, style=LIGHT),
    ],
)
def test_nothing_to_draw_says_so(chart):
    assert chart.empty


def test_everybody_has_a_place_in_the_histogram_and_whoever_is_far_out_stands_in_the_last_bar():
    chart = pay_spread([0.05, 0.05, 0.31, 9.0], takeaway=TAKEAWAY, style=LIGHT)
    bars = marks(chart, "rect")[0]["data"]["values"]
    assert [(bar["low"], bar["people"]) for bar in bars] == [(0.0, 2), (0.3, 1), (3.0, 1)]


def test_both_hills_are_drawn_to_one_height_so_that_they_can_be_compared():
    wide = [float(value) for value in range(1000)]
    chart = cost_spread(
        [Costs("In force", wide), Costs("Draft", [500.0] * 1000, main=True)], takeaway=TAKEAWAY, style=LIGHT
    )
    hills = [layer["data"]["values"] for layer in layers(chart.spec) if layer["mark"]["type"] == "rect"]
    heights = [max(place["foot"] - place["top"] for place in hill) for hill in hills]
    assert heights[1] > 10 * heights[0]


def test_a_jump_is_two_corners_at_one_place_and_stays_in_order():
    line = Line("Draft", [(0, 0), (1, 100), (1, 200), (2, 300)], main=True)
    chart = payout_curve([line], takeaway=TAKEAWAY, style=LIGHT, unit="percent", over="Attainment")
    values = next(layer for layer in layers(chart.spec) if layer["mark"]["type"] == "line")["data"]["values"]
    assert [(row["at"], row["pays"]) for row in values] == line.corners
    assert [row["order"] for row in values] == [0, 1, 2, 3]
