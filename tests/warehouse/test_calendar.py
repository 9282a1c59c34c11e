"""The fiscal calendar: every day in exactly one year, quarter and month."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from warehouse.calendar import days, fiscal_year, fiscal_year_of
from warehouse.settings import Settings

CALENDARS = [Settings(fiscal_start_month=m, calendar=c) for m in (1, 2, 7, 10) for c in ("months", "445")]
UNITS = ("year", "quarter", "month")


def row_of(settings: Settings, day: date) -> dict[str, object]:
    return next(row for row in days(settings, day, day).to_pylist() if row["date"] == day)


def test_a_year_is_named_after_the_calendar_year_it_ends_in():
    july = Settings(fiscal_start_month=7)
    assert fiscal_year_of(july, date(2025, 6, 30)).number == 2025
    assert fiscal_year_of(july, date(2025, 7, 1)).number == 2026
    assert fiscal_year_of(Settings(), date(2026, 12, 31)).number == 2026


def test_a_day_of_a_july_calendar_by_hand():
    row = row_of(Settings(fiscal_start_month=7), date(2026, 2, 14))
    assert row | {"source_id": ""} == row | {
        "year": "FY2026",
        "quarter": "FY2026-Q3",
        "month": "FY2026-M08",
        "week": "2026-W07",
        "year_start": date(2025, 7, 1),
        "year_end": date(2026, 7, 1),
        "quarter_start": date(2026, 1, 1),
        "quarter_end": date(2026, 4, 1),
        "month_start": date(2026, 2, 1),
        "month_end": date(2026, 3, 1),
        "week_start": date(2026, 2, 9),
        "day_of_year": 229,
        "day_of_quarter": 45,
        "day_of_month": 14,
        "is_working_day": False,
        "source_id": "",
    }


def test_a_week_belongs_to_the_year_of_its_thursday():
    assert row_of(Settings(), date(2027, 1, 1))["week"] == "2026-W53"


def test_a_445_year_by_hand():
    """1 February 2026 is a Sunday, so FY2027 starts on Monday the 2nd; its months are 4, 4, 5 weeks."""
    year = fiscal_year(Settings(fiscal_start_month=2, calendar="445"), 2027)
    assert year.months[:4] == (date(2026, 2, 2), date(2026, 3, 2), date(2026, 3, 30), date(2026, 5, 4))
    assert year.end == date(2027, 2, 1)


def test_a_53rd_week_goes_to_the_last_month():
    settings = Settings(calendar="445")
    weeks = {
        n: (fiscal_year(settings, n).end - fiscal_year(settings, n).start).days // 7
        for n in range(2015, 2035)
    }
    long = [n for n, count in weeks.items() if count == 53]
    assert set(weeks.values()) == {52, 53}
    assert 3 <= len(long) <= 4
    for number in long:
        months = fiscal_year(settings, number).months
        assert (months[12] - months[11]).days == 6 * 7


@pytest.mark.parametrize("settings", CALENDARS, ids=lambda s: f"{s.calendar}-{s.fiscal_start_month}")
def test_days_have_no_gap_and_units_partition_them(settings: Settings):
    rows = days(settings, date(2019, 5, 5), date(2027, 5, 5)).to_pylist()
    dates = [row["date"] for row in rows]
    assert dates == [dates[0] + timedelta(n) for n in range(len(dates))]
    for unit in UNITS:
        spans = {row[unit]: (row[f"{unit}_start"], row[f"{unit}_end"]) for row in rows}
        assert len(spans) == len({(row[unit], row[f"{unit}_start"], row[f"{unit}_end"]) for row in rows})
        ordered = sorted(spans.values())
        assert all(one[1] == two[0] for one, two in pairwise(ordered))
        assert all(row[f"{unit}_start"] <= row["date"] < row[f"{unit}_end"] for row in rows)
        assert all((row["date"] - row[f"{unit}_start"]).days + 1 == row[f"day_of_{unit}"] for row in rows)


@given(st.dates(date(1990, 1, 1), date(2060, 1, 1)), st.integers(1, 12), st.sampled_from(["months", "445"]))
def test_every_day_has_a_year_that_starts_near_the_start_month(day: date, month: int, calendar: str):
    year = fiscal_year_of(Settings(fiscal_start_month=month, calendar=calendar), day)
    assert year.start <= day < year.end
    assert len(year.months) == 13
    assert list(year.months) == sorted(set(year.months))
    nominal = date(year.number - (month != 1), month, 1)
    assert abs((year.start - nominal).days) <= (3 if calendar == "445" else 0)
    assert year.start.weekday() == 0 or calendar == "months"
