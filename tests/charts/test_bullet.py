from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from charts.base import Style
from charts.bullet import PICKED, Bullet, bullet_bars, sort, step
from charts.png import to_png
from tests.charts.cases import BULLETS, bullets, layers, marks, note, rows

STYLE = Style()


def draw(*given: Bullet, **rest: Any) -> Any:
    return bullet_bars(given, takeaway="t", style=STYLE, **rest)


def test_best_attainment_first_then_small_quotas_then_no_quota():
    assert [row["key"] for row in rows(bullets(STYLE))] == ["b", "a", "c", "e", "d"]


def test_a_quota_too_small_to_compare_never_leads_and_is_marked():
    row = rows(bullets(STYLE))[3]
    assert row["attainment"] == "17,200.0%"
    assert row["text"].endswith("†")
    assert row["beyond"] == "»"
    assert "quota too small" in note(bullets(STYLE))


def test_order_by_value_and_as_given():
    assert [row.key for row in sort(BULLETS, "value")] == ["e", "b", "a", "c", "d"]
    assert [row.key for row in sort(BULLETS, "given")] == ["a", "b", "c", "d", "e"]


def test_the_quota_is_one_line_at_100_percent_and_the_pace_a_tick_a_row():
    chart = bullets(STYLE)
    (line,) = marks(chart, "rule")
    assert line["encoding"]["x"]["datum"] == 1
    (tick,) = marks(chart, "tick")
    assert tick["encoding"]["x"]["field"] == "pace"
    assert [row["pace"] for row in rows(chart)] == [0.6, 0.6, 0.6, 0.6, None]


def test_bars_start_at_zero():
    (bar,) = [layer for layer in marks(bullets(STYLE), "bar") if "fill" in layer["encoding"]]
    assert bar["encoding"]["x2"] == {"datum": 0}
    assert bar["encoding"]["x"]["field"] == "end"


def test_an_unfinished_period_looks_unfinished_and_a_finished_one_does_not():
    def bar(*, in_progress: bool) -> dict[str, Any]:
        chart = bullets(STYLE, in_progress=in_progress)
        (layer,) = [layer for layer in marks(chart, "bar") if "fill" in layer["encoding"]]
        return layer

    open_, closed = bar(in_progress=True), bar(in_progress=False)
    assert open_["mark"]["strokeDash"]
    assert "strokeDash" not in closed["mark"]
    assert open_["encoding"]["fillOpacity"]["value"] < closed["encoding"]["fillOpacity"]["value"]
    assert "in progress" in bullets(STYLE, in_progress=True).alt
    assert "in progress" not in bullets(STYLE, in_progress=False).alt


def test_no_quota_is_a_dash_without_a_bar():
    row = rows(bullets(STYLE))[-1]
    assert row["text"] == "—"
    assert row["end"] is None
    assert row["money"] == "$50"


@pytest.mark.parametrize(
    ("credited", "pace", "state"),
    [(1000, 600, "reached"), (700, 600, "ahead"), (500, 600, "behind"), (500, None, "short")],
)
def test_a_sign_says_what_the_colour_says(credited: int, pace: int | None, state: str):
    row = Bullet("k", "n", Decimal(credited), Decimal(1000), None if pace is None else Decimal(pace))
    assert row.state == state
    assert rows(draw(row))[0]["sign"] == {"reached": "●", "ahead": "▲", "behind": "▼", "short": "▼"}[state]


@pytest.mark.parametrize("quota", [None, Decimal(0), Decimal(-5), float("nan")])
def test_a_quota_that_divides_nothing_is_undefined(quota: Decimal | float | None):
    assert Bullet("k", "n", Decimal(5), quota).attainment is None


def test_a_click_selects_the_row_by_its_key():
    selections = [param for layer in layers(bullets(STYLE).spec) for param in layer.get("params", [])]
    assert [(param["name"], param["select"]["fields"]) for param in selections] == [(PICKED, ["key"])]


def test_negative_credits_reach_left_of_zero():
    chart = draw(Bullet("k", "n", Decimal(-40), Decimal(100)), Bullet("l", "m", Decimal(80), Decimal(100)))
    (scale,) = [x["scale"] for layer in marks(chart, "bar") if "scale" in (x := layer["encoding"]["x"])]
    assert scale["domain"][0] == pytest.approx(-0.4)


def test_one_extreme_row_does_not_squash_the_others():
    usual = [Bullet(str(i), "n", Decimal(100 - i), Decimal(100)) for i in range(20)]
    chart = draw(Bullet("x", "huge", Decimal(10**15), Decimal(100)), *usual)
    (scale,) = [x["scale"] for layer in marks(chart, "bar") if "scale" in (x := layer["encoding"]["x"])]
    assert scale["domain"][1] < 3
    assert [row["beyond"] for row in rows(chart)][:2] == ["»", ""]


def test_all_far_above_quota_are_shown_in_full():
    chart = draw(*[Bullet(str(i), "n", Decimal(300 + i), Decimal(100)) for i in range(5)])
    assert not any(row["beyond"] for row in rows(chart))


def test_a_hundred_and_twenty_rows_are_denser_and_all_there():
    many = [Bullet(str(i), f"Rep {i}", Decimal(i), Decimal(100), Decimal(50)) for i in range(120)]
    chart = draw(*many)
    assert len(rows(chart)) == 120
    assert chart.spec["height"] == {"step": step(120)}
    assert step(120) < step(30) < step(10)
    assert len(to_png(chart, width=360, scale=1)) > 1000


def test_names_are_text_and_cut_to_fit():
    name = "“Quoted” <img src=x> " + "long " * 30
    chart = draw(Bullet("k", name, Decimal(1), Decimal(2)))
    axis = next(
        layer["encoding"]["y"]["axis"]
        for layer in layers(chart.spec)
        if "axis" in layer["encoding"].get("y", {})
    )
    assert "<img src=x>" in axis["labelExpr"]
    assert chart.spec["config"]["axis"]["labelLimit"] == 120


def test_the_words_name_the_ends_and_count_who_is_there():
    words = bullets(STYLE).alt
    assert "Highest: Syed Abbas, 17,200.0%." in words
    assert "2 of 4 reached the quota." in words
    assert "Le plus haut" in bullets(Style("fr", "EUR")).alt


def test_the_own_row_is_bold():
    axis = next(
        layer["encoding"]["y"]["axis"]
        for layer in layers(bullets(STYLE, highlight="c").spec)
        if "axis" in layer["encoding"].get("y", {})
    )
    assert axis["labelFontWeight"]["condition"] == {"test": "datum.value === 2", "value": "bold"}
