"""What the warehouse adds to history and lines, and how far the calendar reaches."""

from __future__ import annotations

from datetime import UTC, date, datetime

from tests.warehouse.build.conftest import Company, pick
from warehouse.settings import MeasureSetting, Settings
from warehouse.tables import OPEN_END


def test_a_value_ends_on_the_day_of_its_field_s_next_change(company: Company):
    company.reps("A").add("opportunities", {"opportunity_id": "o", "owner_id": "A", "amount": "1"})
    stamps = [datetime(2026, 1, 9, 15, tzinfo=UTC), datetime(2026, 1, 9, 9, tzinfo=UTC)]
    company.add(
        "opportunity_changes",
        *(
            {"change_id": key, "opportunity_id": "o", "field": field, "changed_on": day, "changed_at": at}
            for key, field, day, at in (
                ("c1", "stage_id", date(2026, 1, 5), None),
                ("c2", "stage_id", date(2026, 1, 9), stamps[0]),
                ("c3", "stage_id", date(2026, 1, 9), stamps[1]),  # the same day, but earlier
                ("c4", "amount", date(2026, 1, 7), None),
            )
        ),
    )
    rows = company.build().rows("opportunity_changes")
    assert [pick(row, "valid_to", "owner_id") for row in rows] == [
        (date(2026, 1, 9), "A"),
        (OPEN_END, "A"),
        (date(2026, 1, 9), "A"),
        (OPEN_END, "A"),
    ]


def test_a_line_has_its_deal_s_owner_and_close_date(company: Company):
    company.reps("A").add("opportunities", {"opportunity_id": "o", "owner_id": "A", "amount": "1"})
    company.add("opportunity_lines", {"line_id": "l", "opportunity_id": "o", "amount": "1"})
    [row] = company.build().rows("opportunity_lines")
    assert pick(row, "owner_id", "close_on") == ("A", date(2026, 2, 10))


def test_the_calendar_reaches_from_a_year_before_the_data_to_two_years_ahead(company: Company):
    company.settings = Settings(fiscal_start_month=7)
    company.reps("A", hire_date=date(1999, 1, 1))
    company.add("credits", {"credit_id": "c", "rep_id": "A", "amount": "1", "credited_on": date(2024, 3, 3)})
    years = company.build().column("days", "year")
    assert (years[0], years[-1]) == ("FY2023", "FY2028")


def test_the_calendar_covers_quotas_that_reach_further(company: Company):
    company.reps("A").add(
        "quotas",
        {
            "quota_id": "q",
            "rep_id": "A",
            "amount": "100",
            "period_start": date(2026, 1, 1),
            "period_end": date(2031, 1, 1),
        },
    )
    built = company.build()
    assert sum(built.column("quota_months", "amount_reporting")) == 100
    assert len(built.rows("quota_months")) == 60


def test_measures_come_from_the_settings(company: Company):
    company.settings = Settings(
        measures={"targets": MeasureSetting("bookings"), "quota": MeasureSetting("bookings", default=True)}
    )
    rows = company.reps("A").build().rows("measures")
    assert [pick(row, "measure", "credits_measure", "is_default") for row in rows] == [
        ("quota", "bookings", True),
        ("targets", "bookings", False),
    ]
