"""Pay by month, and how far deals reach."""

from __future__ import annotations

from decimal import Decimal

from charts.base import Style
from charts.pay_months import Month, pay_months
from charts.reach import Reach, reach
from tests.charts.cases import TAKEAWAY, marks, months, reached, rows

STYLE = Style("en", "USD", "light")


def test_a_month_stands_where_its_pay_is_and_says_it():
    made = rows(months(STYLE))
    assert [(row["key"], row["amount"], row["text"]) for row in made] == [
        ("m1", 900.1, "$900"),
        ("m2", -50.0, "−$50"),
        ("m3", 0.0, "—"),
        ("m4", 400.0, "$400"),
    ]
    assert [row["chosen"] for row in made] == [False, False, False, True]
    assert [row["open"] for row in made] == [False, False, False, True]


def test_months_start_at_zero_and_reach_below_it_only_where_pay_does():
    domain = marks(months(STYLE), "bar")[0]["encoding"]["y"]["scale"]["domain"]
    assert domain[0] <= -50
    assert domain[1] >= 900.1
    above = pay_months([Month("a", "Jan", "January", Decimal(5))], chosen="a", takeaway=TAKEAWAY, style=STYLE)
    assert marks(above, "bar")[0]["encoding"]["y"]["scale"]["domain"][0] == 0


def test_months_without_any_pay_say_so():
    made = pay_months([Month("a", "Jan", "January", None)], chosen="a", takeaway=TAKEAWAY, style=STYLE)
    assert made.empty


def test_marks_passed_and_the_next_are_shown_and_those_crossed_stand_out():
    (ticks,) = marks(reached(STYLE), "tick")
    first = [(row["edge"], row["crossed"]) for row in ticks["data"]["values"] if row["row"] == 0]
    assert first == [(0.5, False), (1.0, True), (1.5, False)]


def test_a_mark_reached_exactly_is_crossed_and_one_started_on_is_not():
    row = Reach("a", 0.5, 1.0, (0.5, 1.0))
    assert row.crossed == [1.0]


def test_reach_tells_where_each_component_comes_from_and_goes():
    assert "Accelerator: from 60.0% to 110.0% of quota." in reached(STYLE).alt
    assert reach([], takeaway=TAKEAWAY, style=STYLE).empty
