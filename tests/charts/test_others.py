"""Spread, slope, concentration, progress, and the axes they stand on."""

from __future__ import annotations

from decimal import Decimal
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from charts.base import Style, finite
from charts.concentration import concentration, curve
from charts.progress import progress
from charts.scales import around, axis, usual_limit, zero_based
from charts.slope import Rank, moved, slope
from charts.spread import Dot, spread, stack
from tests.charts.cases import bar, dots, lorenz, marks, names, note, ranks, rows

STYLE = Style()
NUMBERS = st.floats(-1e12, 1e12, allow_nan=False)


@given(st.lists(st.floats(0, 10), max_size=60).map(sorted))
def test_no_two_dots_of_a_level_overlap(places: list[float]):
    levels = stack(places, 0.1)
    for level in set(levels):
        row = [place for place, at in zip(places, levels, strict=True) if at == level]
        assert all(after - before >= 0.1 - 1e-9 for before, after in pairwise(row))


def test_dots_stack_evenly_on_both_sides():
    assert stack([1.0] * 5, 0.1) == [0, 1, -1, 2, -2]


def test_the_spread_shows_quota_median_and_the_middle_half():
    chart = dots(STYLE)
    lines = {layer["encoding"]["x"].get("datum") for layer in marks(chart, "rule")}
    assert {1.0, 0.95} <= lines
    (band,) = marks(chart, "rect")
    assert (band["encoding"]["x"]["datum"], band["encoding"]["x2"]["datum"]) == (0.7, 1.2)


def test_those_without_a_quota_are_counted_and_not_drawn():
    chart = dots(STYLE)
    assert len(rows(chart)) == 40
    assert "1 without a quota is not shown." in note(chart)


def test_filled_and_hollow_dots_say_what_the_colours_say():
    (layer,) = [layer for layer in marks(dots(STYLE), "point") if "fillOpacity" in layer["encoding"]]
    assert "datum.reached" in layer["encoding"]["fillOpacity"]["condition"]["test"]
    assert [row["reached"] for row in rows(dots(STYLE))].count(True) == 20


def test_a_dot_beyond_the_scale_says_its_true_value():
    chart = spread(
        [*(Dot(str(i), "n", 0.9) for i in range(9)), Dot("x", "n", 172.0, small_quota=True)],
        takeaway="t",
        style=STYLE,
    )
    assert "» beyond the scale: 17,200.0%†." in note(chart)
    assert [row["beyond"] for row in rows(chart)].count("»") == 1


def test_ranks_that_tie_are_marked_and_lie_apart():
    before = names(ranks(STYLE), 0)
    assert [(row["rank"], row["name"]) for row in before] == [
        ("1", "Jae Pak"), ("2=", "Peer 1"), ("2=", "Shu Ito"), ("4", "Gone"),
    ]  # fmt: skip
    assert [row["place"] for row in before] == [0, 1, 2, 3]


def test_moves_are_signed_and_newcomers_and_leavers_named():
    after = names(ranks(STYLE), 1)
    assert [(row["name"], row["move"]) for row in after] == [
        ("Shu Ito", "▲ 1"), ("Jae Pak", "▼ 1"), ("Peer 1", "▼ 1"), ("New", "new"),
    ]  # fmt: skip
    assert [row["move"] for row in names(ranks(STYLE), 0)][-1] == "no longer ranked"
    assert moved(Rank("k", "n", 3, 3)) == 0
    assert moved(Rank("k", "n", None, 3)) is None


def test_only_the_highlighted_line_is_in_colour():
    faded = {row["key"]: row["faded"] for row in rows(ranks(STYLE))}
    assert [key for key, value in faded.items() if not value] == ["b"]
    plain = slope([Rank("a", "A", 1, 2)], before="x", after="y", takeaway="t", style=STYLE)
    assert not rows(plain)[0]["faded"]


def test_the_best_rank_is_on_top():
    (line,) = [layer for layer in marks(ranks(STYLE), "rule") if "y2" in layer["encoding"]]
    assert line["encoding"]["y"]["scale"]["reverse"] is True


@given(st.lists(st.decimals(0, 10**6, places=2), max_size=40))
def test_the_concentration_curve_rises_from_nothing_to_all(values: list[Decimal]):
    points = curve(values)
    if not points:
        assert sum(values) == 0
        return
    assert points[0] == (0.0, 0.0)
    assert points[-1][0] == 1.0
    assert points[-1][1] == pytest.approx(1)
    shares = [share for _, share in points]
    assert shares == sorted(shares)
    assert all(share >= reps - 1e-9 for reps, share in points)


def test_equal_sellers_lie_on_the_line_of_equal_shares():
    assert curve([5, 5]) == [(0.0, 0.0), (0.5, 0.5), (1.0, 1.0)]


def test_credits_can_lift_the_curve_above_all():
    points = curve([Decimal(120), Decimal(-20)])
    assert points[1] == (0.5, 1.2)
    assert not concentration([Decimal(120), Decimal(-20)], takeaway="t", style=STYLE).empty


def test_nothing_to_share_out_is_nothing_to_show():
    assert concentration([Decimal(0), None], takeaway="t", style=STYLE).empty


def test_the_top_fifth_is_marked_with_the_metrics_own_figure():
    (dot,) = [layer for layer in marks(lorenz(STYLE), "point") if layer["mark"].get("color")]
    assert dot["mark"]["type"] == "point"
    assert "45.0% of the value" in str(lorenz(STYLE).spec)
    assert "The top 20% bring 45.0%" in lorenz(STYLE).alt


def test_progress_runs_from_zero_to_the_quota_with_the_pace_on_it():
    chart = bar(STYLE)
    track, fill = marks(chart, "rect")
    assert track["encoding"]["x2"]["datum"] == 1000
    assert (fill["encoding"]["x"]["datum"], fill["encoding"]["x2"]["datum"]) == (0, 510)
    assert {layer["encoding"]["x"]["datum"] for layer in marks(chart, "rule")} == {600, 1000}
    assert fill["mark"]["strokeDash"]
    assert "Expected by now $600" in chart.alt


def test_progress_behind_pace_is_coloured_so_and_ahead_is_not():
    def colour(credited: int) -> str:
        chart = progress(Decimal(credited), Decimal(1000), pace=Decimal(600), takeaway="t", style=STYLE)
        return str(marks(chart, "rect")[1]["mark"]["color"])

    assert colour(500) == STYLE.palette.poor
    assert colour(700) == colour(1100) == STYLE.palette.good


def test_progress_without_a_quota_says_so():
    chart = progress(Decimal(5), None, takeaway="t", style=STYLE)
    assert "No quota" in chart.alt
    assert not marks(chart, "rule")


@given(st.lists(NUMBERS, min_size=1, max_size=9))
def test_a_zero_based_axis_holds_zero_and_every_value(values: list[float]):
    domain = zero_based(values)
    unseen = 1e-9 * max(1, *map(abs, values))
    assert domain.low <= min(values) + unseen
    assert domain.high >= max(values) - unseen
    assert domain.low <= 0 <= domain.high
    assert 2 <= len(domain.ticks) <= 12


@given(NUMBERS, NUMBERS)
def test_ticks_are_even_and_ascending(one: float, other: float):
    ticks = around([one, other]).ticks
    assert list(ticks) == sorted(set(ticks))


def test_an_axis_is_written_in_the_readers_language():
    assert '"1\\u00a0k\\u00a0\\u20ac"' in axis(Style("fr", "EUR"), zero_based([1000]), "money")["labelExpr"]
    assert '"40%"' in axis(STYLE, zero_based([1]), "percent")["labelExpr"]


def test_the_usual_limit_keeps_moderate_values_whole():
    assert usual_limit([0.5, 1.4]) == 1.4
    assert usual_limit([]) == 1
    assert usual_limit([0.9] * 20 + [50]) == 2.5
    assert usual_limit([3, 4, 5]) == 5


@pytest.mark.parametrize(
    ("value", "place"), [(None, None), (Decimal("NaN"), None), (float("inf"), None), (Decimal("1.5"), 1.5)]
)
def test_only_numbers_have_a_place(value: Decimal | float | None, place: float | None):
    assert finite(value) == place
