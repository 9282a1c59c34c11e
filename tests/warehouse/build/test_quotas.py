"""Which quotas are in force, and their months, to the cent."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.warehouse.build.conftest import Company, Row
from warehouse.build.quotas import Quota, settle
from warehouse.calendar import days
from warehouse.settings import MeasureSetting, Settings

Q1 = {"period_start": date(2026, 1, 1), "period_end": date(2026, 4, 1)}


def month(number: int) -> Row:
    return {"period_start": date(2026, number, 1), "period_end": date(2026, number + 1, 1)}


def quota(key: str, amount: str | None = "90", **more: Any) -> Row:
    return {"quota_id": key, "rep_id": "A", "amount": amount} | Q1 | more


def in_force(company: Company) -> list[tuple[str, int]]:
    return [(r["quota_id"], r["version"]) for r in company.build().rows("quotas") if r["is_current"]]


def test_the_latest_version_counts_and_a_deleted_one_ends_the_quota(company: Company):
    company.reps("A").add(
        "quotas",
        quota("q1", version=2),
        quota("q1", version=1),
        quota("q2", version=1, measure="m"),
        quota("q2", version=2, measure="m", is_deleted=True),
    )
    assert in_force(company) == [("q1", 2)]


def test_planning_replaces_a_source_s_quota_for_the_same_target_and_period(company: Company):
    company.reps("A", "B").add("quotas", quota("q1"), quota("q2", rep_id="B"))
    company.add("quotas", quota("p1", "100"), source="planning")
    assert in_force(company) == [("p1", 1), ("q2", 1)]


def test_a_quota_withdrawn_in_planning_stays_withdrawn(company: Company):
    company.reps("A").add("quotas", quota("q1"))
    company.add("quotas", quota("p1", None, currency=None, is_deleted=True), source="planning")
    assert in_force(company) == []


def test_three_months_take_the_place_of_their_quarter(company: Company):
    company.reps("A").add(
        "quotas", quota("year", **Q1), *(quota(f"m{n}", "30", **month(n)) for n in (1, 2, 3))
    )
    built = company.build()
    assert built.column("quotas", "quota_id") == ["m1", "m2", "m3"]
    assert built.found("overlapping_quota") == [("quotas.csv", 2, "quota_id", "year")]


def test_months_that_leave_a_gap_give_way_to_the_quarter(company: Company):
    company.reps("A").add("quotas", quota("q"), quota("m1", **month(1)), quota("m3", **month(3)))
    built = company.build()
    assert built.column("quotas", "quota_id") == ["q"]
    assert [f[1] for f in built.found("overlapping_quota")] == [3, 4]


def test_other_targets_do_not_overlap(company: Company):
    company.settings = Settings(measures={"bookings": MeasureSetting(), "units": MeasureSetting()})
    company.reps("A", "B").add(
        "quotas",
        quota("q1"),
        quota("q2", measure="units"),
        quota("q3", rep_id="B"),
        quota("q4", scope="team"),
        quota("q5", product_id="p"),
        quota("q6", period_start=date(2026, 4, 1), period_end=date(2026, 7, 1)),
    )
    built = company.build()
    assert len(built.rows("quotas")) == 6
    assert built.issues == []


def test_of_two_that_cross_the_later_gives_way():
    day = date(2026, 1, 1)
    one = Quota(1, "t", "one", day, day + timedelta(90), "row 1")
    two = Quota(2, "t", "two", day + timedelta(30), day + timedelta(120), "row 2")
    assert settle([one, two]) == [(two, "row 1")]


spans = st.lists(st.tuples(st.integers(0, 20), st.integers(1, 20)), min_size=1, max_size=8)


@given(spans)
def test_no_day_has_two_targets_and_none_loses_its_only_one_to_nobody(drawn: list[tuple[int, int]]):
    first = date(2026, 1, 1)
    quotas = [
        Quota(n, "t", str(n), first + timedelta(start), first + timedelta(start + length), f"row {n}")
        for n, (start, length) in enumerate(drawn)
    ]
    quotas.sort(key=lambda q: (q.end - q.start, q.start, q.n))
    gone = settle(quotas)
    kept = [q for q in quotas if q not in [g for g, _ in gone]]
    assert kept
    for day in (first + timedelta(n) for n in range(40)):
        assert sum(q.start <= day < q.end for q in kept) <= 1
    for q, place in gone:
        winner = next(other for other in quotas if other.place == place)
        assert winner.start < q.end
        assert q.start < winner.end


def test_a_quarter_by_months_to_the_cent(company: Company):
    """31, 28 and 31 of 90 days of 1000.00: 344.444, 311.111, 344.444; the cent left goes to January."""
    company.reps("A").add("quotas", quota("q", "1000.00"))
    rows = company.build().rows("quota_months")
    assert [(r["month_start"], r["amount_reporting"], r["allocated"]) for r in rows] == [
        (date(2026, 1, 1), Decimal("344.45"), True),
        (date(2026, 2, 1), Decimal("311.11"), True),
        (date(2026, 3, 1), Decimal("344.44"), True),
    ]


def test_a_month_s_own_quota_is_not_allocated(company: Company):
    company.reps("A").add("quotas", quota("q", "12.34", **month(2)))
    rows = company.build().rows("quota_months")
    assert [(r["amount_reporting"], r["allocated"]) for r in rows] == [(Decimal("12.34"), False)]


def test_months_have_the_rep_s_team_of_their_first_day_or_the_first_later_one(company: Company):
    company.reps("A").add("territories", {"territory_id": "t1"}, {"territory_id": "t2"})
    company.add(
        "assignments",
        {
            "rep_id": "A",
            "team_id": "East",
            "territory_id": "t1",
            "valid_from": date(2026, 1, 20),
            "valid_to": date(2026, 2, 15),
        },
        {
            "rep_id": "A",
            "team_id": "West",
            "territory_id": "t2",
            "valid_from": date(2026, 2, 15),
            "valid_to": date(2026, 3, 1),
        },
    )
    company.add("quotas", quota("q"), quota("r", measure="m", team_id="Given"))
    rows = company.build().rows("quota_months")
    assert [(r["team_id"], r["territory_id"]) for r in rows] == [
        ("East", "t1"),
        ("East", "t1"),
        ("unassigned", "unassigned"),
        ("Given", "t1"),
        ("Given", "t1"),
        ("Given", "unassigned"),
    ]


def test_a_ramp_counts_from_the_month_of_hire(company: Company):
    """Hired in mid-January on a ramp of 0, 25 and 50 %; from April on the quota is full."""
    company.settings = Settings(ramps={"slow": (Decimal(0), Decimal("0.25"), Decimal("0.5"))})
    company.reps("A", hire_date=date(2026, 1, 19))
    company.add("assignments", {"rep_id": "A", "ramp_schedule": "slow"})
    company.add("quotas", quota("q", "1000", period_end=date(2026, 5, 1)))
    rows = company.build().rows("quota_months")
    assert [r["ramp_share"] for r in rows] == [Decimal(x) for x in ("0", "0.25", "0.5", "1")]
    assert rows[0]["ramped_reporting"] == 0
    for row in rows[1:]:
        exact = row["amount_reporting"] * row["ramp_share"]
        assert abs(row["ramped_reporting"] - exact) <= Decimal("0.005")


def test_a_ramp_the_settings_do_not_have_is_named(company: Company):
    company.reps("A").add("assignments", {"rep_id": "A", "ramp_schedule": "odd"}).add("quotas", quota("q"))
    built = company.build()
    assert set(built.column("quota_months", "ramp_share")) == {Decimal(1)}
    assert built.found("unknown_ramp") == [("assignments.csv", 2, "ramp_schedule", "odd")]


def test_a_measure_the_settings_do_not_have_is_named_once(company: Company):
    company.reps("A", "B").add("quotas", quota("q1", measure="odd"), quota("q2", measure="odd", rep_id="B"))
    built = company.build()
    assert built.found("unknown_measure") == [("quotas.csv", 2, "measure", "odd")]
    assert len(built.rows("quotas")) == 2


amounts = st.decimals(0, 10_000_000, places=2).map(str) | st.decimals(0, 1000, places=4).map(str)
cases = st.lists(st.tuples(amounts, st.integers(0, 900), st.integers(1, 500)), min_size=1, max_size=10)


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(cases, st.sampled_from(["months", "445"]), st.integers(1, 12))
def test_months_sum_to_their_quota_and_follow_its_days(
    fresh: Any, drawn: list[Any], calendar: str, start: int
):
    company = fresh(Settings(calendar=calendar, fiscal_start_month=start)).reps("A")
    for n, (amount, first, length) in enumerate(drawn):
        begin = date(2024, 1, 1) + timedelta(first)
        company.add(
            "quotas",
            quota(
                f"q{n:02}", amount, measure=f"m{n}", period_start=begin, period_end=begin + timedelta(length)
            ),
        )
    built = company.build()
    ends = {
        r["month_start"]: r["month_end"]
        for r in days(company.settings, date(2023, 1, 1), date(2029, 1, 1)).to_pylist()
    }
    for row in built.rows("quotas"):
        months = [m for m in built.rows("quota_months") if m["quota_id"] == row["quota_id"]]
        assert sum(m["amount_reporting"] for m in months) == row["amount"]
        for m in months:
            inside = min(row["period_end"], ends[m["month_start"]]) - max(
                row["period_start"], m["month_start"]
            )
            exact = row["amount"] * inside.days / (row["period_end"] - row["period_start"]).days
            assert abs(m["amount_reporting"] - exact) < Decimal("0.01")
            assert m["allocated"] == (len(months) > 1)
