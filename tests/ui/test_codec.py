"""Every link opens the view it names; what it names wrongly falls back and is said."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from metrics.periods import Calendar, Period
from ui.codec import Read, read
from ui.options import Options

TODAY = date(2026, 2, 10)
OPTIONS = Options(
    periods={"quarter": ("FY2026-Q1",), "year": ("FY2026",), "month": ("FY2026-M02",)},
    managers=(("R1", 0), ("R2", 1)), teams=("North",), regions=("East", "West"),
    measures=("bookings", "units"), latest=TODAY,
)  # fmt: skip


def calendar() -> Calendar:
    rows: list[Period] = []
    for year in (2025, 2026):
        rows.append(Period("year", f"FY{year}", date(year, 1, 1), date(year + 1, 1, 1)))
        for quarter in range(4):
            start = date(year, 3 * quarter + 1, 1)
            end = date(year, 3 * quarter + 4, 1) if quarter < 3 else date(year + 1, 1, 1)
            rows.append(Period("quarter", f"FY{year}-Q{quarter + 1}", start, end))
        for month in range(1, 13):
            end = date(year, month + 1, 1) if month < 12 else date(year + 1, 1, 1)
            rows.append(Period("month", f"FY{year}-M{month:02d}", date(year, month, 1), end))
    monday = date(2024, 12, 30)
    while monday < date(2027, 1, 1):
        year, week, _ = monday.isocalendar()
        rows.append(Period("week", f"{year}-W{week:02d}", monday, monday + timedelta(days=7)))
        monday += timedelta(days=7)
    return Calendar(tuple(rows))


def asked(**query: str) -> Read:
    return read(query, calendar(), OPTIONS, reps=frozenset({"R9"}))


def test_a_bare_address_is_the_quarter_in_progress_against_the_one_before():
    found = asked()
    assert found.period is not None
    assert (found.period.id, found.view.as_of, found.view.compare, found.unknown) == (
        "FY2026-Q1",
        TODAY,
        "previous",
        (),
    )


@pytest.mark.parametrize("period", ["FY2025", "FY2025-Q3", "FY2026-M01", "2026-W05"])
def test_a_period_is_opened_by_its_id(period: str):
    found = asked(period=period)
    assert found.period is not None
    assert found.period.id == period


def test_days_chosen_by_hand_hold_both_ends():
    found = asked(period="2026-01-10..2026-01-20")
    assert (found.view.start, found.view.end, found.period) == (date(2026, 1, 10), date(2026, 1, 21), None)


@pytest.mark.parametrize(
    "period",
    ["FY1999", "Q1", "2026-01-20..2026-01-10", "2026-01-10..", "..", "x..y", "FY2026-Q3", "9999-12-30..9999-12-31", "Q1 FY2026"],
)  # fmt: skip
def test_an_unknown_future_or_backward_period_falls_back_and_is_named(period: str):
    found = asked(period=period)
    assert found.period is not None
    assert (found.period.id, found.unknown) == ("FY2026-Q1", ("period",))


@pytest.mark.parametrize(
    ("name", "good", "bad"),
    [("manager", "R2", "R7"), ("region", "East", "east"), ("team", "North", "South"), ("rep", "R9", "R8"),
     ("measure", "units", "joy"), ("credit_by", "moves_with_rep", "magic"), ("target_of", "sum_of_reps", "all")],
)  # fmt: skip
def test_filters_and_readings_by_id(name: str, good: str, bad: str):
    view = asked(**{name: good}).view
    assert (name, good) in (*view.where, *view.choices)
    found = asked(**{name: bad})
    assert found.unknown == (name,)
    assert not [pair for pair in (*found.view.where, *found.view.choices) if pair[0] == name]


def test_an_unknown_comparison_is_the_usual_one():
    found = asked(compare="yesterday")
    assert (found.view.compare, found.unknown) == ("previous", ("compare",))


def test_looking_back_stands_at_that_day():
    found = asked(as_of="2025-11-30")
    assert found.period is not None
    assert (found.view.as_of, found.period.id) == (date(2025, 11, 30), "FY2025-Q4")


@pytest.mark.parametrize("as_of", ["2026-02-11", "2031-01-01", "1980-01-01", "yesterday"])
def test_nobody_looks_beyond_the_data(as_of: str):
    found = asked(as_of=as_of)
    assert (found.view.as_of, found.unknown) == (TODAY, ("as_of",))


def test_where_nothing_came_before_nothing_is_compared():
    found = asked(period="FY2025-Q1")
    assert (found.view.compare, found.nothing_before) == ("none", True)
