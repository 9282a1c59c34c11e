import hashlib
from collections.abc import Callable
from datetime import date
from functools import cache

import numpy as np
import pyarrow as pa
import pytest

from connectors.demo import DemoConnector, draw
from connectors.demo.company import DEFAULT_AS_OF, Company
from connectors.demo.deals import deal_tables, deals
from connectors.demo.ledger import Ledger


def digest(rows: pa.Table) -> str:
    sink = pa.BufferOutputStream()
    with pa.ipc.new_stream(sink, rows.schema) as writer:
        writer.write_table(rows.combine_chunks())
    return hashlib.sha256(sink.getvalue()).hexdigest()


@cache
def digests(seed: int, as_of: date = DEFAULT_AS_OF) -> dict[str, str]:
    return {name: digest(rows) for name, rows in draw(seed, 3_000, as_of).items()}


def test_one_seed_gives_one_company() -> None:
    again = {name: digest(rows) for name, rows in draw(3, 3_000).items()}
    assert digests(3) == again


def test_another_seed_gives_another_company() -> None:
    one, other = digests(3), digests(4)
    same = {name for name in one if one[name] == other[name]}
    assert same == {"products", "stages", "plans", "plan_components", "territory_accounts"}


def test_another_day_gives_another_company() -> None:
    one, other = digests(3), digests(3, date(2025, 11, 3))
    assert one["opportunities"] != other["opportunities"]


def test_months_do_not_depend_on_the_order_they_are_drawn_in() -> None:
    forward, backward = Company(3, 3_000, DEFAULT_AS_OF), Company(3, 3_000, DEFAULT_AS_OF)
    there = [digest(deal_tables(deals(forward, m))["opportunity_changes"]) for m in forward.months]
    back = [digest(deal_tables(deals(backward, m))["opportunity_changes"]) for m in reversed(backward.months)]
    assert there == back[::-1]


def test_what_is_credited_does_not_depend_on_the_order() -> None:
    def books(order: Callable[[range], object]) -> Ledger:
        company = Company(3, 3_000, DEFAULT_AS_OF)
        ledger = Ledger(company)
        for month in order(company.months):  # type: ignore[attr-defined]
            ledger.add(deals(company, month))
        return ledger

    one, other = books(list), books(reversed)
    assert one.own.sum() > 0
    assert np.array_equal(one.own, other.own)
    assert np.array_equal(one.own_bundle, other.own_bundle)


def test_too_small_a_company_is_refused_with_a_sentence() -> None:
    with pytest.raises(ValueError, match="at least 2,000 opportunities; 100 were asked for"):
        DemoConnector(opportunities=100)


@pytest.mark.parametrize("as_of", [date(2024, 2, 1), date(2025, 4, 30), date(2026, 1, 31), date(2028, 2, 29)])
def test_any_day_of_the_year_can_be_today(as_of: date) -> None:
    found = draw(5, 2_000, as_of)
    assert found["opportunities"].num_rows == 2_005
    closed = found["opportunities"].filter(found["opportunities"]["is_closed"])
    assert max(closed["close_on"].to_pylist()) <= as_of
    assert max(found["forecast_submissions"]["submitted_on"].to_pylist()) <= as_of
    assert max(found["assignments"]["valid_from"].to_pylist()) <= as_of
