from __future__ import annotations

from decimal import Decimal
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from charts.base import Style
from charts.trend import Curve, apart, at_day, small_multiples, sparkline, trend
from tests.charts.cases import CURVES, curves, layers, marks, rows

STYLE = Style()


def test_the_current_period_alone_is_in_colour_and_the_expected_curve_is_dashed():
    lines = marks(curves(STYLE), "line")
    assert [line["mark"]["color"] for line in lines] == [
        STYLE.palette.past,
        STYLE.palette.soft,
        STYLE.palette.good,
    ]
    assert ["strokeDash" in line["mark"] for line in lines] == [False, True, False]


def test_values_start_at_zero_and_hold_the_quota():
    scale = marks(curves(STYLE), "line")[0]["encoding"]["y"]["scale"]
    assert scale["domain"][0] == 0
    assert scale["domain"][1] >= 1000
    assert marks(curves(STYLE), "rule")[0]["encoding"]["y"]["datum"] == 1000


def test_days_run_to_the_longest_period():
    assert marks(curves(STYLE), "line")[0]["encoding"]["x"]["scale"]["domain"] == [1, 92]


def test_the_same_day_is_compared():
    assert at_day(CURVES[0], 45) == 450
    assert at_day(CURVES[0], 0) is None
    assert at_day(Curve("k", "n", [(1, Decimal(5)), (9, Decimal(7))]), 8) == 5
    assert "Q1 FY2026: $495 by day 45." in curves(STYLE).alt
    assert "Q4 FY2025 by the same day: $450." in curves(STYLE).alt


def test_the_last_point_carries_name_and_value():
    texts = [layer["encoding"]["text"].get("value") for layer in marks(curves(STYLE), "text")]
    assert "Q1 FY2026  $495" in texts


def test_one_point_and_missing_points_are_drawn():
    chart = trend([Curve("k", "Now", [(1, Decimal(5)), (2, None)], current=True)], takeaway="t", style=STYLE)
    assert not chart.empty
    assert trend([Curve("k", "Now", [(1, None)])], takeaway="t", style=STYLE).empty


def test_negative_totals_keep_zero_in_sight():
    chart = trend(
        [Curve("k", "Now", [(1, Decimal(-50)), (2, Decimal(-20))], current=True)], takeaway="t", style=STYLE
    )
    low, high = marks(chart, "line")[-1]["encoding"]["y"]["scale"]["domain"]
    assert low <= -50
    assert high == 0


PLACES = st.lists(st.floats(0, 100), max_size=9).map(sorted)


@given(PLACES)
def test_labels_do_not_lie_on_each_other(wanted: list[float]):
    places = apart(wanted, 10, 0, 100)
    assert all(after - before >= 10 - 1e-9 for before, after in pairwise(places))
    assert all(place <= 100 for place in places)


def test_labels_with_room_stay_where_they_belong():
    assert apart([10.0, 50.0], 5, 0, 100) == [10.0, 50.0]


def test_small_multiples_share_one_axis():
    panels = [
        ("West", [Curve("w", "w", [(1, 0.2), (60, 0.9)])]),
        ("East", [Curve("e", "e", [(1, 0.1), (30, 0.3)])]),
    ]
    charts = small_multiples(panels, style=STYLE, quota=1)
    ends = [marks(chart, "line")[0]["encoding"] for chart in charts]
    assert ends[0]["y"]["scale"]["domain"] == ends[1]["y"]["scale"]["domain"]
    assert ends[0]["x"]["scale"]["domain"] == ends[1]["x"]["scale"]["domain"] == [1, 60]
    assert [chart.takeaway for chart in charts] == ["West", "East"]


def test_a_sparkline_has_no_axes_and_shows_its_gap():
    chart = sparkline([Decimal(1), None, Decimal(3)], style=STYLE)
    assert [row["value"] for row in rows(chart)] == [1, None, 3]
    assert all(
        channel.get("axis", 0) is None
        for layer in layers(chart.spec)
        for channel in layer["encoding"].values()
    )
    assert chart.alt == "Line of 2 values."


@pytest.mark.parametrize(("count", "last"), [(1, 2), (31, 31), (366, 366)])
def test_short_and_long_periods_have_readable_days(count: int, last: int):
    chart = trend(
        [Curve("k", "n", [(day, Decimal(day)) for day in range(1, count + 1)])], takeaway="t", style=STYLE
    )
    x = marks(chart, "line")[0]["encoding"]["x"]
    assert x["scale"]["domain"] == [1, last]
    assert len(x["axis"]["values"]) <= 9
