"""What holds for every chart."""

from __future__ import annotations

import copy
import io
import json
from typing import Any

import altair as alt
import pytest
import vl_convert
from PIL import Image

from charts import base, png
from charts.base import Chart, Style
from charts.bullet import bullet_bars
from charts.changes import changes
from charts.concentration import concentration
from charts.progress import progress
from charts.slope import slope
from charts.spread import spread
from charts.theme import PALETTES
from charts.trend import small_multiples, sparkline, trend
from tests.charts.cases import EVERY, LONG, TAKEAWAY, bullets, layers

LIGHT, DARK, FRENCH = Style("en", "USD", "light"), Style("en", "USD", "dark"), Style("fr", "EUR", "light")

every = pytest.mark.parametrize("name", sorted(EVERY))


def strings(value: Any) -> list[str]:
    if isinstance(value, dict):
        return [text for item in value.values() for text in strings(item)]
    if isinstance(value, list | tuple):
        return [text for item in value for text in strings(item)]
    return [value] if isinstance(value, str) else []


def pixels(image: bytes) -> Image.Image:
    return Image.open(io.BytesIO(image)).convert("RGB")


@every
def test_a_specification_is_plain_json(name: str):
    spec = EVERY[name](LIGHT).spec
    assert json.loads(json.dumps(spec, allow_nan=False)) == json.loads(json.dumps(spec))


@every
def test_a_specification_keeps_to_the_schema_of_vega_lite(name: str):
    spec = copy.deepcopy(EVERY[name](LIGHT).spec)
    # Vega-Lite evaluates an expression here as in the title's text; only its schema does not say so.
    if isinstance(spec.get("title", {}).get("subtitle"), dict):
        spec["title"]["subtitle"] = "note"
    alt.LayerChart.from_dict(spec)


@every
def test_a_chart_fills_its_container_and_keeps_the_page_behind_it(name: str):
    spec = EVERY[name](LIGHT).spec
    assert spec["width"] == "container"
    assert spec["autosize"]["type"] == "fit-x"
    assert spec["config"]["background"] == "transparent"


@every
def test_the_words_for_those_who_cannot_see_it_begin_with_the_takeaway(name: str):
    chart = EVERY[name](LIGHT)
    assert chart.alt.startswith(TAKEAWAY)
    assert "description" not in chart.spec
    assert not chart.empty


@pytest.mark.parametrize("name", sorted(set(EVERY) - {"sparkline"}))
def test_the_takeaway_is_the_title(name: str):
    chart = EVERY[name](LIGHT)
    assert TAKEAWAY in chart.spec["title"]["text"]["expr"]
    assert chart.takeaway == TAKEAWAY


@every
def test_no_gauge_no_pie_no_legend_and_no_second_axis(name: str):
    for layer in layers(EVERY[name](LIGHT).spec):
        assert layer["mark"]["type"] != "arc"
        channels = [channel for channel in layer["encoding"].values() if isinstance(channel, dict)]
        # A colour from the data is written in the data; a legend would come with a scale.
        assert all(
            channel.get("scale", 0) is None
            for channel in [layer["encoding"].get("color", {})]
            if "field" in channel
        )
        assert not any("legend" in channel for channel in channels)
    assert "resolve" not in EVERY[name](LIGHT).spec


@every
@pytest.mark.parametrize("style", [LIGHT, DARK], ids=["light", "dark"])
def test_only_colours_of_the_theme_are_used(name: str, style: Style):
    allowed = {getattr(PALETTES[style.theme], role) for role in PALETTES[style.theme].__dataclass_fields__}
    used = {text for text in strings(EVERY[name](style).spec) if text.startswith("#")}
    assert used <= allowed


@every
def test_a_bar_starts_at_zero(name: str):
    """Floating bars of a waterfall lie between two running totals and are tested with it."""
    if name.startswith("changes"):
        return
    for layer in layers(EVERY[name](LIGHT).spec):
        scale = layer["encoding"].get("x", {}).get("scale", {})
        if layer["mark"]["type"] == "bar" and "domain" in scale:
            assert scale["domain"][0] <= 0 <= scale["domain"][1]


@every
def test_a_chart_is_drawn_wide_and_narrow_light_and_dark(name: str):
    for style in (LIGHT, DARK):
        for width in (900, 360):
            image = pixels(png.to_png(EVERY[name](style), width=width, scale=1))
            assert abs(image.width - width) <= 34
            assert len(image.getcolors(1 << 20) or []) > 3


@every
def test_nothing_sticks_out_of_a_phone(name: str):
    """What sticks out makes the plot shrink or the image grow."""
    assert pixels(png.to_png(EVERY[name](FRENCH), width=360, scale=1)).width <= 394


def test_text_is_drawn_in_an_installed_font():
    """A font list that cannot be read makes an image without any text."""
    image = pixels(png.to_png(bullets(LIGHT), scale=1)).crop((0, 0, 900, 40))
    assert any(sum(colour) < 200 for _, colour in image.getcolors(1 << 20) or [] if isinstance(colour, tuple))


def test_an_svg_holds_its_words_as_text():
    svg = png.to_svg(bullets(FRENCH))
    assert "Jae Pak" in svg
    assert "Attendu à ce jour" in svg
    assert "<b>" not in svg


def test_an_image_is_on_the_background_of_its_theme():
    assert pixels(png.to_png(bullets(DARK), scale=1)).getpixel((2, 2)) == (14, 17, 23)


def test_an_image_never_fetches_anything():
    for address in ("http://127.0.0.1:9/rows.csv", "https://example.com/rows.csv", "file:///etc/hostname"):
        spec = {"layer": [{"data": {"url": address}, "mark": "point"}], "config": {}}
        with pytest.raises(ValueError, match="names an address"):
            png.to_png(Chart(spec, "", ""))


def test_the_drawing_library_itself_is_given_no_address_to_read():
    """Belt and braces: what the specification could still hide is refused one floor below."""
    spec = {
        "data": {"url": "http://127.0.0.1:9/rows.csv"},
        "mark": "point",
        "encoding": {"x": {"field": "a"}},
    }
    with pytest.raises(ValueError, match="not allowed"):
        vl_convert.vegalite_to_png(spec, allowed_base_urls=png._NO_ADDRESSES)


def test_a_long_takeaway_breaks_into_more_lines_on_a_phone():
    expression = base.title(LONG)["text"]["expr"]
    narrow, wide = expression.split(" ? ")[1].split(" : ")
    assert len(json.loads(narrow)) > len(json.loads(wide)) >= 1
    assert " ".join(json.loads(narrow)) == LONG
    assert all(len(text) <= 38 for text in json.loads(narrow))


def test_a_takeaway_cannot_write_an_expression():
    hostile = '"] : alert("x") ? ["'
    expression = base.title(hostile)["text"]["expr"]
    assert json.dumps([hostile]) in expression
    assert png.to_svg(bullets(LIGHT, takeaway=hostile)).count("alert") >= 1


EMPTY: dict[str, Chart] = {
    "bullets": bullet_bars([], takeaway=TAKEAWAY, style=LIGHT),
    "spread": spread([], takeaway=TAKEAWAY, style=LIGHT),
    "trend": trend([], takeaway=TAKEAWAY, style=LIGHT),
    "slope": slope([], before="a", after="b", takeaway=TAKEAWAY, style=LIGHT),
    "changes": changes([], start=0, end=0, start_label="a", end_label="b", takeaway=TAKEAWAY, style=LIGHT),  # type: ignore[arg-type]
    "concentration": concentration([], takeaway=TAKEAWAY, style=LIGHT),
    "progress": progress(None, None, takeaway=TAKEAWAY, style=LIGHT),
    "sparkline": sparkline([], style=LIGHT),
}


@pytest.mark.parametrize("name", sorted(EMPTY))
def test_no_rows_say_so_and_draw_no_zero(name: str):
    chart = EMPTY[name]
    assert chart.empty
    assert "Nothing to show" in chart.alt
    assert [layer["mark"]["type"] for layer in layers(chart.spec)] == ["text"]
    assert len(png.to_png(chart)) > 500


def test_small_multiples_of_nothing_are_none():
    assert small_multiples([("West", [])], style=LIGHT) == ()
