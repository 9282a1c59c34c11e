"""The shapes of real books."""

from __future__ import annotations

import numpy as np

from connectors.demo import truths
from tests.connectors.demo.conftest import Sql

NOW = "date '2026-05-01'"


def column(rows: list[tuple[object, ...]]) -> np.ndarray:
    return np.array([row[0] for row in rows], dtype=np.float64)


def test_deal_sizes_are_heavy_tailed(sql: Sql) -> None:
    won = column(sql("select amount from opportunities where is_won"))
    assert won.mean() > 1.25 * np.median(won)
    skew = float(((won - won.mean()) ** 3).mean() / won.std() ** 3)
    assert skew > 2.5
    largest = np.sort(won)[::-1]
    assert 0.45 < largest[: len(won) // 5].sum() / won.sum() < 0.75


def test_cycles_have_a_long_right_tail(sql: Sql) -> None:
    days = column(sql("select close_on - created_on from opportunities where is_won"))
    assert days.min() >= 0
    assert 40 < np.median(days) < 90
    assert np.quantile(days, 0.95) > 2.5 * np.median(days)


def test_win_rates_differ_mostly_by_chance(sql: Sql) -> None:
    """True spread of new-business win rates between reps, after taking chance away, is a few points."""
    rows = sql(f"""
        select count(*) filter (is_won), count(*) from opportunities
        where pipeline_id = 'New business' and is_closed and not is_deleted and owner_id <> '{truths.STAGE_LOSER}'
          and close_on < date '2022-11-01' group by owner_id having count(*) >= 40
    """)
    won, closed = (np.array(side, dtype=float) for side in zip(*rows, strict=True))
    rate = won.sum() / closed.sum()
    assert 0.2 < rate < 0.36
    observed = float(np.var(won / closed))
    chance = float(np.mean(rate * (1 - rate) / closed))
    assert observed < 2 * chance
    assert np.sqrt(max(observed - chance, 0)) < 0.05


def test_amounts_are_missing_on_a_share_of_lost_deals_only(sql: Sql) -> None:
    lost, won = sql("""
        select avg((amount is null)::int) filter (not is_won), avg((amount is null)::int) filter (is_won)
        from opportunities where is_closed
    """)[0]
    assert 0.12 < lost < 0.27
    assert won == 0


def test_some_deals_are_entered_when_they_are_nearly_done(sql: Sql) -> None:
    late = sql("select avg((close_on - created_on <= 5)::int) from opportunities where is_won")[0][0]
    assert 0.05 < late < 0.2


def test_some_activities_are_written_down_weeks_later(sql: Sql) -> None:
    late = sql("select avg((source_updated_at::date - started_on >= 10)::int) from activities")[0][0]
    assert abs(late - truths.LATE_ACTIVITY_SHARE) < 0.02


def test_quarters_end_in_a_spike_and_years_in_a_larger_one(sql: Sql) -> None:
    rows = sql(f"""
        select month(close_on), sum(dollars) from bookings where close_on < {NOW} and close_on >= date '2021-05-01'
        group by all
    """)
    by_month = dict(rows)
    for last, (first, second) in {4: (2, 3), 7: (5, 6), 10: (8, 9), 1: (11, 12)}.items():
        assert by_month[last] > 1.15 * max(by_month[first], by_month[second])


def attained(sql: Sql, start: str, end: str) -> list[tuple[float, float]]:
    """Credited and quota of each rep with quota over whole quarters, in the person's currency."""
    return sql(f"""
        with quota as (
            select rep_id, sum(amount)::double as quota from (
                select * from quotas qualify row_number() over (partition by quota_id order by version desc) = 1
            ) where scope = 'rep' and period_start >= date '{start}' and period_start < date '{end}' group by all
        ), booked as (
            select rep_id, sum(own)::double as booked from bookings
            where close_on >= date '{start}' and close_on < date '{end}' group by all
        ) select coalesce(booked, 0), quota from quota left join booked using (rep_id)
    """)  # type: ignore[return-value]


def test_about_half_of_the_reps_reach_quota_and_the_company_its_number(sql: Sql) -> None:
    shares, companies = [], []
    for year in range(2021, 2026):
        rows = attained(sql, f"{year}-02-01", f"{year + 1}-02-01")
        shares.append(np.mean([booked >= quota for booked, quota in rows]))
        companies.append(sum(b for b, _ in rows) / sum(q for _, q in rows))
    assert 0.45 <= float(np.mean(shares)) <= 0.60
    assert all(0.38 < share < 0.65 for share in shares)
    assert 0.95 <= float(np.mean(companies)) <= 1.05
    assert all(0.93 < company < 1.07 for company in companies)


def test_attainment_is_spread(sql: Sql) -> None:
    rows = attained(sql, "2025-02-01", "2026-02-01")
    rate = np.array([booked / quota for booked, quota in rows])
    assert 0.2 < rate.std() / rate.mean() < 0.5
    assert rate.max() > 1.5
    assert 0.3 < np.mean(abs(rate - 1) <= 0.2) < 0.7


def test_the_quarter_in_progress_is_where_quarters_usually_are(sql: Sql) -> None:
    """Share of quota booked by this day against the share usually booked by it."""
    booked = attained(sql, "2026-05-01", "2026-08-01")
    now = sum(b for b, _ in booked) / sum(q for _, q in booked)
    usual = sql("""
        with q as (select unnest(generate_series(date '2021-02-01', date '2026-02-01', interval 3 month))::date as q)
        select avg(part / whole) from (
            select q, sum(own) filter (close_on <= q + 47) as part, sum(own) as whole
            from q join bookings on close_on >= q and close_on < q + interval 3 month group by all
        )
    """)[0][0]
    assert 0.3 < usual < 0.5
    assert 0.75 < now / usual < 1.25


def test_there_is_enough_open_pipeline(sql: Sql) -> None:
    """Open deals due this quarter are more than what is left of the quota, and some are overdue."""
    due, overdue, every = sql("""
        select sum(amount) filter (close_on < date '2026-08-01'), count(*) filter (close_on < date '2026-06-17'), count(*)
        from opportunities where not is_closed and not is_deleted
    """)[0]
    rows = attained(sql, "2026-05-01", "2026-08-01")
    left = sum(q for _, q in rows) - sum(b for b, _ in rows)
    assert 1.0 < float(due) / left < 4
    assert 0.015 < overdue / every < 0.2


def test_people_come_and_go_in_every_year(sql: Sql) -> None:
    for year in range(2021, 2027):
        hired, left = sql(f"""
            select count(*) filter (hire_date >= date '{year}-02-01' and hire_date < date '{year + 1}-02-01'),
                count(*) filter (leave_date >= date '{year}-02-01' and leave_date < date '{year + 1}-02-01') from reps
        """)[0]
        assert hired >= 4, year
        assert left >= 3, year


def test_about_a_hundred_and_twenty_people(sql: Sql) -> None:
    found = dict(sql("select role, count(*) from reps where active group by all"))
    assert 90 <= found["account_executive"] <= 108
    assert (found["manager"], found["vice_president"], found["chief_revenue_officer"]) == (12, 4, 1)
    assert 112 <= sum(found.values()) <= 132


def test_some_reps_are_ramping_now(sql: Sql) -> None:
    assert (
        sql("""
        select count(*) from reps where role = 'account_executive' and active and hire_date > date '2025-12-17'
    """)[0][0]
        >= 3
    )


def test_managers_and_territories_change(sql: Sql) -> None:
    assert sql("select count(*) from reps where role = 'manager' and not active")[0][0] >= 3
    moved = sql("select territory_id from territories group by all having count(distinct region_id) > 1")
    assert len(moved) == 2
    grown = sql(
        "select count(*) from (select account_id from territory_accounts group by all having count(*) > 1)"
    )
    assert grown[0][0] > 100
    swapped = sql("""
        select count(*) from (
            select rep_id from assignments where role = 'account_executive'
            group by all having count(distinct territory_id) > 1
        )
    """)
    assert swapped[0][0] >= 15


def test_rates_move(sql: Sql) -> None:
    low, high, days = sql("select min(rate), max(rate), count(*) from exchange_rates")[0]
    assert 0.9 < low < high < 1.35
    assert high - low > 0.05
    assert days > 2_200


def test_hard_cases_are_there(sql: Sql) -> None:
    """Deals reopened after loss, steps back, pushes, pulls, deleted deals, deals of people who left."""
    reopened = sql("""
        select count(distinct opportunity_id) from opportunity_changes where field = 'stage_id' and old_value in ('NBL', 'REL')
    """)[0][0]
    back = sql("""
        select count(distinct opportunity_id) from opportunity_changes
        where field = 'stage_id' and old_value > new_value and new_value not in ('NBL', 'REL') and left(new_value, 2) = left(old_value, 2)
          and old_value like '%_' and old_value not in ('NBL', 'REL')
    """)[0][0]
    pushed = sql("""
        select count(*) from opportunity_changes where field = 'close_on' and new_value > old_value
    """)[0][0]
    deleted = sql("select count(*) from opportunities where is_deleted")[0][0]
    gone = sql("select count(*) from opportunity_changes where field = 'owner_id'")[0][0]
    assert reopened > 150
    assert back > 800
    assert pushed > 10_000
    assert 10 < deleted < 120
    assert gone > 500
