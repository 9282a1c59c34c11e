"""One demo company for all tests of this folder, as tables and behind SQL."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import duckdb
import pyarrow as pa
import pytest

from connectors.demo import draw

Sql = Callable[[str], list[tuple[Any, ...]]]


@pytest.fixture(scope="session")
def tables() -> dict[str, pa.Table]:
    """The default company, without the rows that are wrong on purpose."""
    return draw(7, faulty=False)


@pytest.fixture(scope="session")
def database(tables: dict[str, pa.Table]) -> duckdb.DuckDBPyConnection:
    """The company's tables in DuckDB, with the bookings that follow from deals, splits and rates."""
    con = duckdb.connect()
    for name, rows in tables.items():
        con.register(f"_{name}", rows)
        con.execute(f"create table {name} as from _{name}")
    con.execute(BOOKINGS)
    return con


@pytest.fixture(scope="session")
def sql(database: duckdb.DuckDBPyConnection) -> Sql:
    """Ask the company's tables."""
    return lambda query: database.cursor().execute(query).fetchall()


BOOKINGS = """
create table bookings as
with shared as (
    select distinct opportunity_id from opportunity_splits where kind = 'revenue'
), share as (
    select opportunity_id, rep_id, share from opportunity_splits where kind = 'revenue'
    union all
    select opportunity_id, owner_id, 1 from opportunities anti join shared using (opportunity_id)
), families as (
    select opportunity_id, count(distinct family_id) > 1 as bundle
    from opportunity_lines join products using (product_id) group by all
)
select rep_id, o.opportunity_id, close_on, type, o.currency, reps.currency as own_currency, bundle,
    (amount * share)::decimal(18, 2) as amount,
    case when o.currency = reps.currency then (amount * share)::decimal(18, 2)
         when reps.currency = 'EUR' then round(amount::double * share::double / rate, 2)
         else round(amount::double * share::double * rate, 2) end::decimal(18, 2) as own,
    amount::double * share::double * case o.currency when 'EUR' then rate::double else 1 end as dollars,
    a.team_id, a.manager_id, a.territory_id, a.role
from opportunities o
join share using (opportunity_id)
join families using (opportunity_id)
join reps using (rep_id)
join exchange_rates r on r.date = close_on
join assignments a using (rep_id)
where is_won and close_on >= a.valid_from and close_on < a.valid_to
"""
