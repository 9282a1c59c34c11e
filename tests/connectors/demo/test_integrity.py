from datetime import date
from decimal import Decimal

import pyarrow as pa
import pyarrow.compute as pc
import pytest

from connectors.demo import DEMO_VIEWERS, SETTINGS
from connectors.demo.company import DEFAULT_AS_OF, DEFAULT_OPPORTUNITIES
from connectors.demo.draw import ENTITIES
from tests.connectors.demo.conftest import Sql
from warehouse.settings import Settings
from warehouse.tables import TABLES, UNASSIGNED


@pytest.mark.parametrize("name", ENTITIES)
def test_each_table_has_the_landing_schema(name: str, tables: dict[str, pa.Table]) -> None:
    found = tables[name]
    assert found.schema.equals(TABLES[name].landing)
    assert found.num_rows > 0
    for column in TABLES[name].landing:
        assert column.nullable or found[column.name].null_count == 0, column.name


@pytest.mark.parametrize("name", ENTITIES)
def test_keys_are_unique(name: str, sql: Sql) -> None:
    key = ", ".join(TABLES[name].key)
    assert sql(f"select {key}, count(*) from {name} group by all having count(*) > 1") == []


@pytest.mark.parametrize("name", ENTITIES)
def test_references_lead_somewhere(name: str, tables: dict[str, pa.Table]) -> None:
    for column in TABLES[name].columns:
        if column.refers and not column.derived:
            known = pc.unique(tables[column.refers][_key_of(column.refers)].combine_chunks())
            used = pc.unique(tables[name][column.name].combine_chunks())
            lost = set(used.to_pylist()) - set(known.to_pylist()) - {UNASSIGNED}
            assert not lost, (column.name, sorted(lost)[:5])


def _key_of(table: str) -> str:
    return {"plan_components": "component_id"}.get(table, TABLES[table].key[0])


def test_as_many_deals_as_asked_for(tables: dict[str, pa.Table]) -> None:
    assert tables["opportunities"].num_rows == DEFAULT_OPPORTUNITIES


def test_nothing_overlaps(sql: Sql) -> None:
    """Nobody has two managers, an account two territories, a person two plans at once."""
    for table, key in (
        ("assignments", "rep_id"),
        ("territory_accounts", "account_id"),
        ("territories", "territory_id"),
        ("plan_assignments", "rep_id"),
        ("plans", "plan_id"),
    ):
        assert (
            sql(f"""
            select a.{key}, a.valid_from, b.valid_from from {table} a join {table} b using ({key})
            where a.valid_from < b.valid_from and b.valid_from < a.valid_to
        """)
            == []
        ), table
        assert sql(f"select * from {table} where valid_from >= valid_to") == [], table


def test_one_rep_a_territory(sql: Sql) -> None:
    assert (
        sql("""
        select a.territory_id, a.rep_id, b.rep_id from assignments a join assignments b using (territory_id)
        where a.role = 'account_executive' and b.role = 'account_executive' and a.rep_id < b.rep_id
          and a.valid_from < b.valid_to and b.valid_from < a.valid_to
    """)
        == []
    )


def test_assignments_end_when_people_leave(sql: Sql) -> None:
    assert (
        sql("""
        select rep_id, leave_date, max(valid_to) from reps join assignments using (rep_id)
        group by all having max(valid_to) <> coalesce(leave_date, date '9999-12-31')
    """)
        == []
    )


def test_assignments_begin_when_people_are_hired(sql: Sql) -> None:
    assert (
        sql("""
        select rep_id, hire_date, min(valid_from) from reps join assignments using (rep_id)
        group by all having min(valid_from) <> hire_date
    """)
        == []
    )


def test_the_tree_has_one_top_and_no_cycle(sql: Sql) -> None:
    assert sql("select distinct rep_id from assignments where manager_id = 'unassigned'") == [("R001",)]
    assert sql("""
        with recursive up(rep_id, boss, steps) as (
            select rep_id, manager_id, 1 from assignments where valid_to > date '2026-06-17'
            union all
            select up.rep_id, a.manager_id, steps + 1 from up join assignments a on a.rep_id = up.boss
            where a.valid_to > date '2026-06-17' and steps < 9
        ) select max(steps) from up
    """) == [(4,)]


def test_managers_are_there_while_they_manage(sql: Sql) -> None:
    assert (
        sql("""
        select a.* from assignments a join reps m on m.rep_id = a.manager_id
        where a.valid_from < m.hire_date and a.valid_from > date '2020-05-01'
           or m.leave_date is not null and a.valid_to > m.leave_date
    """)
        == []
    )


def test_lines_sum_to_the_amount_to_the_cent(sql: Sql) -> None:
    assert (
        sql("""
        select o.opportunity_id, o.amount, sum(l.amount) from opportunities o
        left join opportunity_lines l using (opportunity_id)
        group by all having o.amount is distinct from sum(l.amount)
    """)
        == []
    )
    assert sql("select * from opportunity_lines where amount <> round(quantity * net_price::double, 2)") == []
    assert sql("select count(*) from opportunity_lines where discount < 0 or discount > 0.9") == [(0,)]


def test_revenue_splits_sum_to_one(sql: Sql) -> None:
    assert (
        sql("""
        select opportunity_id, sum(share), count(distinct rep_id) from opportunity_splits
        where kind = 'revenue' group by all having sum(share) <> 1 or count(distinct rep_id) <> 2
    """)
        == []
    )


def test_the_owner_of_a_shared_deal_has_a_share(sql: Sql) -> None:
    assert (
        sql("""
        select opportunity_id from opportunity_splits join opportunities using (opportunity_id)
        where kind = 'revenue' group by opportunity_id having not bool_or(rep_id = owner_id)
    """)
        == []
    )


def test_shares_of_amounts_are_exact_to_the_cent(sql: Sql) -> None:
    assert (
        sql("""
        select opportunity_id, amount * share from opportunity_splits join opportunities using (opportunity_id)
        where kind = 'revenue' and (amount * share)::decimal(18, 2) <> amount * share
    """)
        == []
    )


def test_overlays_are_the_specialists(sql: Sql) -> None:
    assert sql("select distinct rep_id from opportunity_splits where kind = 'overlay' order by 1") == [
        ("R018",), ("R019",), ("R020",), ("R021",),
    ]  # fmt: skip


FIELDS = ("stage_id", "forecast_category", "close_on", "amount", "owner_id")


@pytest.mark.parametrize("field", FIELDS)
def test_the_last_change_is_the_present_state(field: str, sql: Sql) -> None:
    kind = {"amount": "decimal(18,4)", "close_on": "date"}.get(field, "varchar")
    last, changed = sql(f"""
        with last as (
            select opportunity_id, arg_max(new_value, changed_at) as value, count(*) as changes
            from opportunity_changes where field = '{field}' group by all
        ) select count(*) filter (value::{kind} is distinct from o.{field}), count(*)
        from last join opportunities o using (opportunity_id)
    """)[0]
    assert last == 0
    assert changed > 1_000


@pytest.mark.parametrize("field", FIELDS)
def test_each_change_starts_where_the_one_before_ended(field: str, sql: Sql) -> None:
    assert (
        sql(f"""
        select * from (
            select *, lag(new_value) over w as before, lag(changed_at) over w as earlier
            from opportunity_changes where field = '{field}'
            window w as (partition by opportunity_id order by changed_at)
        ) where before is not null and before is distinct from old_value or earlier = changed_at
    """)
        == []
    )
    assert (
        sql(
            f"select * from opportunity_changes where field = '{field}' and old_value is not distinct from new_value"
        )
        == []
    )


def test_nothing_is_known_of_tomorrow(sql: Sql) -> None:
    for table, day in (
        ("opportunity_changes", "changed_on"),
        ("opportunities", "created_on"),
        ("activities", "started_on"),
        ("forecast_submissions", "submitted_on"),
        ("payouts", "earned_on"),
        ("payouts", "paid_on"),
        ("exchange_rates", "date"),
        ("reps", "hire_date"),
        ("reps", "leave_date"),
        ("assignments", "valid_from"),
    ):
        latest = sql(f"select max({day}) from {table}")[0][0]
        assert latest <= DEFAULT_AS_OF, (table, day)


def test_changes_lie_within_the_deal(sql: Sql) -> None:
    assert sql("""
        select count(*) from opportunity_changes join opportunities using (opportunity_id)
        where changed_on < created_on or is_closed and changed_on > close_on
    """) == [(0,)]


def test_the_day_is_the_day_in_new_york(sql: Sql) -> None:
    assert sql("""
        select count(*) from opportunity_changes
        where (changed_at at time zone 'America/New_York')::date <> changed_on
    """) == [(0,)]
    assert sql("""
        select count(*) from activities where (started_at at time zone 'America/New_York')::date <> started_on
    """) == [(0,)]


def test_closed_deals_say_so_everywhere(sql: Sql) -> None:
    assert sql("""
        select count(*) from opportunities join stages using (stage_id)
        where opportunities.is_closed <> stages.is_closed or opportunities.is_won <> stages.is_won
           or probability <> default_probability or opportunities.pipeline_id <> stages.pipeline_id
           or opportunities.is_won and (forecast_category <> 'closed' or amount is null)
    """) == [(0,)]


def test_a_deal_belongs_to_whoever_worked_its_territory(sql: Sql) -> None:
    """The seller of the territory, or the manager while the seat was empty, at the close or today."""
    assert sql("""
        select count(*) from opportunities o
        join assignments a on a.rep_id = o.owner_id
            and least(o.close_on, date '2026-06-17') >= a.valid_from
            and least(o.close_on, date '2026-06-17') < a.valid_to
        where o.is_closed and a.role = 'account_executive' and a.territory_id <> o.territory_id
    """) == [(0,)]


def test_every_win_is_credited_once(sql: Sql) -> None:
    """Nobody is credited on a day without an assignment, and shares make the whole."""
    won, credited = sql(
        "select (select sum(amount) from opportunities where is_won), (select sum(amount) from bookings)"
    )[0]
    assert won == credited
    assert won > 400_000_000


def test_accounts_are_where_their_region_is(sql: Sql) -> None:
    for region, low, high in (("EMEA", -8, 18), ("West", -125, -103), ("East", -86, -69)):
        found = sql(
            f"select min(longitude), max(longitude), min(latitude), max(latitude) from accounts where region = '{region}'"
        )[0]
        assert low < found[0] < found[1] < high, region
        assert 24 < found[2] < found[3] < 54, region


def test_each_parent_account_is_a_top(sql: Sql) -> None:
    assert sql("""
        select count(*) from accounts c join accounts p on p.account_id = c.parent_id
        where p.parent_id <> 'unassigned' or c.account_id = p.account_id
    """) == [(0,)]
    children, every = sql("select count(*) filter (parent_id <> 'unassigned'), count(*) from accounts")[0]
    assert 0.03 < children / every < 0.07


def test_the_viewers_exist_with_their_addresses(sql: Sql) -> None:
    for viewer in DEMO_VIEWERS:
        assert sql(f"select name, email, active from reps where rep_id = '{viewer.key}'") == [
            (viewer.name, viewer.email, True)
        ]
    assert [v.role for v in DEMO_VIEWERS] == [
        "rep", "manager", "manager", "executive", "compensation_admin", "administrator",
    ]  # fmt: skip
    assert len({v.email for v in DEMO_VIEWERS}) == 6


def test_all_addresses_reach_nobody(sql: Sql) -> None:
    assert sql("select count(*), count(distinct email) from reps where not email like '%@example.com'") == [
        (0, 0)
    ]
    assert sql("select count(*) - count(distinct email), count(*) - count(distinct name) from reps") == [
        (0, 0)
    ]


def test_the_settings_can_be() -> None:
    settings = Settings.from_dict(SETTINGS)
    assert settings.company == "Halyard Systems"
    assert settings.fiscal_start_month == 2
    assert settings.ramps["standard"][1] == Decimal("0.25")
    assert settings.default_measure == "bookings"


def test_ramps_of_assignments_are_in_the_settings(sql: Sql) -> None:
    used = {
        row[0]
        for row in sql("select distinct ramp_schedule from assignments where ramp_schedule is not null")
    }
    assert used == set(SETTINGS["ramps"])


def test_quotas_are_whole_and_cover_every_quarter(sql: Sql) -> None:
    rows = sql("""
        select period_start, count(distinct rep_id) filter (scope = 'rep'), count(distinct rep_id) filter (scope = 'team')
        from quotas group by all order by 1
    """)
    assert len(rows) == 24
    assert rows[0][0] == date(2021, 2, 1)
    assert all(75 <= reps <= 115 and leaders == 17 for _, reps, leaders in rows)


def test_some_quotas_were_revised(sql: Sql) -> None:
    revised = sql("select count(*) filter (version = 2), count(distinct quota_id) from quotas")[0]
    assert 0.03 < revised[0] / revised[1] < 0.08
