from __future__ import annotations

from decimal import Decimal
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from charts.base import Style
from charts.changes import Part, Unbalanced, changes, ranked
from tests.charts.cases import PARTS, marks, note, rows, waterfall

STYLE = Style()
CENTS = st.decimals(-(10**9), 10**9, places=2)


@given(CENTS, st.lists(CENTS, min_size=1, max_size=30))
def test_a_waterfall_balances(start: Decimal, differences: list[Decimal]):
    parts = [Part(str(i), f"P{i}", change) for i, change in enumerate(differences)]
    end = start + sum(differences, Decimal(0))
    chart = changes(parts, start=start, end=end, start_label="a", end_label="b", takeaway="t", style=STYLE)
    steps = rows(chart)
    assert steps[0]["ends"] == float(start)
    assert steps[-1]["ends"] == float(end)
    assert steps[-2]["ends"] == float(end)
    for before, after in pairwise(steps[:-1]):
        # Each bar begins where the one above it ended.
        assert before["ends"] in (after["low"], after["high"])
        assert after["ends"] in (after["low"], after["high"])


def test_one_cent_too_much_is_refused_and_named():
    with pytest.raises(Unbalanced, match=r"-0\.01"):
        waterfall(STYLE, "500.00", "700.06")


def test_rises_come_first_falls_last_and_totals_at_the_ends():
    assert [(row["key"], row["kind"]) for row in rows(waterfall(STYLE))] == [
        ("start", "total"), ("w", "rise"), ("e", "fall"), ("end", "total"),
    ]  # fmt: skip


def test_signs_and_arrows_say_what_the_colours_say():
    assert [row["text"] for row in rows(waterfall(STYLE))] == ["$500", "▲ +$320", "▼ −$120", "$700"]


def test_totals_are_bars_from_zero():
    chart = waterfall(STYLE)
    assert [(row["low"], row["high"]) for row in rows(chart) if row["kind"] == "total"] == [
        (0, 500),
        (0, 700.05),
    ]
    scale = marks(chart, "bar")[0]["encoding"]["x"]["scale"]
    assert scale["domain"][0] == 0
    assert not marks(chart, "tick")


def test_small_changes_get_their_own_stretch_and_totals_are_no_bars_there():
    chart = waterfall(STYLE, "500000.00", "500200.05")
    scale = marks(chart, "bar")[0]["encoding"]["x"]["scale"]
    assert scale["domain"][0] > 400_000
    assert all(row["low"] == row["high"] for row in rows(chart) if row["kind"] == "total")
    assert marks(chart, "tick")
    assert "does not start at zero" in note(chart)


def test_what_is_too_much_to_show_is_summed_by_name_and_still_balances():
    parts = [Part(str(i), f"P{i}", Decimal(i + 1)) for i in range(20)]
    shown = ranked(parts, 5, STYLE)
    assert [part.label for part in shown] == ["15 others", "P19", "P18", "P17", "P16", "P15"]
    assert sum(part.change for part in shown) == sum(part.change for part in parts)


def test_only_parts_can_be_picked():
    chart = waterfall(STYLE)
    (target,) = [layer for layer in marks(chart, "bar") if "params" in layer]
    assert target["transform"] == [{"filter": "datum.kind !== 'total' && datum.key !== ''"}]


def test_a_part_that_changed_nothing_is_neither_up_nor_down():
    parts = [*PARTS, Part("z", "Zero", Decimal(0))]
    chart = changes(
        parts, start=Decimal(500), end=Decimal("700.05"), start_label="a", end_label="b", takeaway="t", style=STYLE
    )  # fmt: skip
    assert next(row["text"] for row in rows(chart) if row["key"] == "z") == "= $0"


def test_the_words_tell_the_whole_story():
    assert "From $500 (Q4) to $700 (Q1). West +$320; East −$120." in waterfall(STYLE).alt
