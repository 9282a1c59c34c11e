"""Each planted truth is found in the data by a plain method, and its healthy counterpart is not."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import numpy.typing as npt
import pytest

from connectors.demo import truths
from connectors.demo.axis import Axis
from connectors.demo.company import DEFAULT_AS_OF
from connectors.demo.outcomes import component_starts
from tests.connectors.demo.conftest import Sql

Floats = npt.NDArray[np.float64]
PERIOD_START = """
    make_date(year(d)::int - (month(d) < 2)::int, 2, 1)
    + to_months((((month(d) + 10) % 12) // 3 * 3)::int)
""".replace("d)", "close_on)")
NOW = "date '2026-05-01'"  # the quarter in progress


# --------------------------------------------------- the component that returns nothing, and the one that does


@pytest.fixture(scope="module")
def effects(sql: Sql) -> Mapping[str, tuple[float, float]]:
    """Effect and standard error of both components on a team's log bookings a seat (differences in differences)."""
    rows = sql(f"""
        with books as (
            select team_id, ({PERIOD_START})::date as quarter, sum(own)::double as booked
            from bookings where close_on < {NOW} group by all
        ), seats as (
            select team_id, period_start as quarter, count(*) as seats from quotas
            where scope = 'rep' and version = 1 group by all
        )
        select team_id, quarter, ln(booked / seats) from books join seats using (team_id, quarter) order by 1, 2
    """)
    team = np.array([truths.TEAMS.index(row[0]) for row in rows])
    axis = Axis(DEFAULT_AS_OF)
    day = np.array([axis.number(row[1].date() if hasattr(row[1], "date") else row[1]) for row in rows])
    on = [day >= component_starts(axis, healthy=healthy)[team] for healthy in (True, False)]
    found = _two_ways(np.array([row[2] for row in rows]), np.column_stack(on).astype(float), team, day)
    return dict(zip((truths.HEALTHY_COMPONENT, truths.DEAD_COMPONENT), found, strict=True))


def _two_ways(
    outcome: Floats, on: Floats, team: npt.NDArray[np.int64], day: npt.NDArray[np.int64]
) -> list[tuple[float, float]]:
    """Least squares with effects of team and quarter; standard errors clustered by team."""
    fixed = np.column_stack([team[:, None] == np.unique(team), day[:, None] == np.unique(day)]).astype(float)
    both = np.column_stack([on, outcome])
    rest = both - fixed @ np.linalg.lstsq(fixed, both, rcond=None)[0]
    x, y = rest[:, :2], rest[:, 2]
    effect = np.linalg.lstsq(x, y, rcond=None)[0]
    scores = [x[team == t].T @ (y - x @ effect)[team == t] for t in np.unique(team)]
    bread = np.linalg.inv(x.T @ x)
    variance = bread @ sum(np.outer(s, s) for s in scores) @ bread * len(scores) / (len(scores) - 1)
    return list(zip(effect.tolist(), np.sqrt(np.diag(variance)).tolist(), strict=True))


def cost_of_bookings(sql: Sql, component: str) -> float:
    """What a component costs per unit of bookings of the reps and quarters that have it."""
    return float(
        sql(f"""
        with paid as (
            select rep_id, period_start, sum(amount)::double as cost from payouts
            where component_id = '{component}' group by all
        ), booked as (
            select rep_id, ({PERIOD_START})::date as period_start, sum(own)::double as booked from bookings group by all
        )
        select sum(cost) / sum(booked) from paid join booked using (rep_id, period_start)
    """)[0][0]
    )


def margin(sql: Sql) -> float:
    """Share of a line's value that is left after its cost."""
    return float(sql("select 1 - sum(cost)::double / sum(amount)::double from opportunity_lines")[0][0])


def test_the_dead_component_costs_and_returns_nothing(
    sql: Sql, effects: Mapping[str, tuple[float, float]]
) -> None:
    """The upper end of a 90 % interval of its effect is below what would pay for it."""
    effect, error = effects[truths.DEAD_COMPONENT]
    break_even = cost_of_bookings(sql, truths.DEAD_COMPONENT) / margin(sql)
    assert break_even > 0.14
    assert effect + 1.8 * error < break_even


def test_the_healthy_component_returns_more_than_it_costs(
    sql: Sql, effects: Mapping[str, tuple[float, float]]
) -> None:
    effect, error = effects[truths.HEALTHY_COMPONENT]
    break_even = cost_of_bookings(sql, truths.HEALTHY_COMPONENT) / margin(sql)
    assert break_even < 0.06
    assert effect - 1.8 * error > break_even


def test_both_came_in_waves_that_can_be_told_apart() -> None:
    pairs = {(truths.dead_wave(team), truths.healthy_wave(team)) for team in range(12)}
    assert len(pairs) == 12
    assert all(dead != healthy for dead, healthy in pairs)


def test_the_dead_component_is_paid_only_where_it_is_in_force(sql: Sql) -> None:
    axis = Axis(DEFAULT_AS_OF)
    starts = component_starts(axis, healthy=False)
    rows = sql(f"""
        select distinct team_id, min(p.period_start) from payouts p
        join assignments a on a.rep_id = p.rep_id and p.period_start >= a.valid_from and p.period_start < a.valid_to
        where component_id = '{truths.DEAD_COMPONENT}' group by all
    """)
    assert len(rows) == 9
    for team, first in rows:
        assert first == axis.day(int(starts[truths.TEAMS.index(team)]))


# ------------------------------------------------------------------------------------ the manager who calls too little


@pytest.fixture(scope="module")
def call_bias(sql: Sql) -> Mapping[str, tuple[float, int]]:
    """Mean of call ÷ landing − 1 of each manager in mid-quarter, and in how many quarters it was below."""
    rows = sql(f"""
        with landed as (
            select if(role = 'manager', rep_id, manager_id) as manager_id, ({PERIOD_START})::date as period_start, sum(own)::double as landed
            from bookings group by all
        )
        select rep_id, avg(amount::double / landed) - 1 as off
        from forecast_submissions join landed on manager_id = rep_id and landed.period_start = forecast_submissions.period_start
        where scope = 'team' and category = 'commit' and submitted_on - forecast_submissions.period_start between 14 and 63
          and forecast_submissions.period_start < {NOW}
        group by rep_id, forecast_submissions.period_start, landed.period_start
    """)
    found: dict[str, list[float]] = {}
    for rep, off in rows:
        found.setdefault(rep, []).append(off)
    return {
        rep: (float(np.mean(off)), sum(o < -0.08 for o in off)) for rep, off in found.items() if len(off) >= 8
    }


def test_the_sandbagger_calls_too_little(call_bias: Mapping[str, tuple[float, int]]) -> None:
    mean, low = call_bias[truths.SANDBAGGER]
    assert -0.21 < mean < -0.13
    assert low >= 19  # of 21 quarters


def test_the_other_managers_do_not(call_bias: Mapping[str, tuple[float, int]]) -> None:
    others = {rep: mean for rep, (mean, _) in call_bias.items() if rep != truths.SANDBAGGER}
    assert len(others) >= 11
    assert all(abs(mean) < 0.05 for mean in others.values()), others


def test_calls_are_never_below_what_is_closed(sql: Sql) -> None:
    assert sql("""
        select count(*) from (
            pivot (select submitted_by, submitted_on, category, amount from forecast_submissions)
            on category using max(amount)
        ) where commit < closed or best_case < commit
    """) == [(0,)]


def test_what_is_called_closed_is_closed(sql: Sql) -> None:
    """Each closed call is the sum of what was won from the period's start to the day before."""
    assert sql("""
        select count(*) from (
            select s.submission_id, s.amount, coalesce(sum(b.own), 0) as own from forecast_submissions s
            left join bookings b on b.rep_id = s.rep_id and b.close_on >= s.period_start and b.close_on < s.submitted_on
            where s.scope = 'rep' and s.category = 'closed' group by all
        ) where abs(amount - own) > 0.05
    """) == [(0,)]


# --------------------------------------------------------------------------------- the rep who loses at one stage


def losses(sql: Sql, stage: str) -> dict[str, tuple[int, int]]:
    """Deals a rep's deals left a stage with, and how many of them were lost there."""
    rows = sql(f"""
        select o.owner_id, count(*) filter (c.new_value = 'NBL'), count(*) from opportunity_changes c
        join opportunities o using (opportunity_id)
        where c.field = 'stage_id' and c.old_value = '{stage}' and c.new_value in ('NBL', 'NBW', 'NB4', 'NB5')
        group by all
    """)
    return {rep: (lost, left) for rep, lost, left in rows}


def test_the_rep_who_loses_at_one_stage_is_found(sql: Sql) -> None:
    found = losses(sql, "NB4")
    lost, left = found[truths.STAGE_LOSER]
    assert left >= 20
    assert lost / left > 0.85
    others = {
        rep: lost / left for rep, (lost, left) in found.items() if left >= 20 and rep != truths.STAGE_LOSER
    }
    assert len(others) > 100
    assert max(others.values()) < 0.5


def test_the_rep_is_like_the_others_at_the_stage_before(sql: Sql) -> None:
    lost, left = losses(sql, "NB3")[truths.STAGE_LOSER]
    assert left >= 20
    assert lost / left < 0.5


# --------------------------------------------------------------------------------------- pulled at the accelerator


def period_end(sql: Sql, segment: str) -> tuple[float, float]:
    """Share of a segment's wins (by count) in the last six days of a quarter and in its first five weeks."""
    return sql(f"""
        with won as (
            select close_on - ({PERIOD_START})::date as day,
                (({PERIOD_START}) + interval 3 month)::date - close_on as left_
            from bookings where team_id like '%{segment}' and close_on < {NOW} and close_on >= date '2021-05-01'
        ) select avg((left_ <= 6)::int), avg((day < 35)::int) from won
    """)[0]  # type: ignore[return-value]


def test_deals_are_pulled_forward_where_there_is_an_accelerator(sql: Sql) -> None:
    last, first = period_end(sql, "Enterprise")
    for healthy in ("Commercial", "Mid-Market"):
        usual_last, usual_first = period_end(sql, healthy)
        assert last > usual_last + 0.08
        assert first < usual_first - 0.08


def test_there_is_a_rush_at_period_ends_everywhere(sql: Sql) -> None:
    for segment in ("Commercial", "Mid-Market"):
        last, _ = period_end(sql, segment)
        assert 2.0 < last / (6 / 91) < 4.5


# ------------------------------------------------------------------------------------------------ the rich territory


def test_one_territory_is_twice_as_rich(sql: Sql) -> None:
    """Potential and results of San Jose against the other mid-market territories of West."""
    rows = sql("""
        with potential as (
            select territory_id, name, avg(potential)::double as potential from territories
            where name like '%Mid-Market' and region_id = 'West' and valid_from >= date '2023-02-01' group by all
        ), result as (
            select territory_id, sum(dollars) as booked from bookings where close_on >= date '2023-02-01' group by all
        ) select name, potential, booked from potential join result using (territory_id)
    """)
    found = {name: (potential, booked) for name, potential, booked in rows if not name.startswith("Phoenix")}
    rich = found.pop(f"{truths.RICH_CITY} Mid-Market")
    potential, booked = (float(np.median([pair[k] for pair in found.values()])) for k in (0, 1))
    assert 1.75 < rich[0] / potential < 2.25
    assert 1.5 < rich[1] / booked < 2.7
    assert all(0.75 < p / potential < 1.33 for p, _ in found.values())


def test_accounts_of_the_rich_territory_are_larger(sql: Sql) -> None:
    rows = dict(
        sql("""
        select t.name, sum(a.potential)::double from accounts a join territory_accounts x using (account_id)
        join territories t on t.territory_id = x.territory_id and t.valid_to > date '2026-06-17'
        where x.valid_to > date '2026-06-17' and t.name like '%Mid-Market' and t.region_id = 'West' group by all
    """)
    )
    rich = rows.pop(f"{truths.RICH_CITY} Mid-Market")
    assert 1.6 < rich / float(np.median(list(rows.values()))) < 2.4
