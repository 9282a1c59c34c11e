from __future__ import annotations

from datetime import date

from compensation.inputs import PERIODS
from compensation.periods import periods, settings_of
from compensation.plan.model import Policy


def test_every_year_touched_has_its_months_quarters_and_itself():
    table = periods(settings_of(Policy()), date(2026, 3, 1), date(2027, 1, 1))
    kinds = table["kind"].to_pylist()

    assert table.schema.equals(PERIODS)
    assert (kinds.count("year"), kinds.count("quarter"), kinds.count("month")) == (2, 8, 24)


def test_a_fiscal_year_may_start_in_another_month():
    table = periods(settings_of(Policy(first_month=2)), date(2026, 2, 1), date(2026, 3, 1))
    rows = {row["id"]: (row["start"], row["end"]) for row in table.to_pylist()}

    assert rows["FY2027"] == (date(2026, 2, 1), date(2027, 2, 1))
    assert rows["FY2027-Q1"] == (date(2026, 2, 1), date(2026, 5, 1))
    assert rows["FY2027-M12"] == (date(2027, 1, 1), date(2027, 2, 1))
