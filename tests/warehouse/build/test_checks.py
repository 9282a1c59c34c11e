"""What cannot be used is set aside by file, row and field; the good rows stay."""

from __future__ import annotations

from datetime import date

import pytest

from tests.warehouse.build.conftest import Company, pick
from warehouse.tables import OPEN_END


def test_of_two_rows_with_one_id_the_first_is_kept(company: Company):
    company.reps("A").add(
        "opportunities",
        {"opportunity_id": "o1", "owner_id": "A", "amount": "10"},
        {"opportunity_id": "o2", "owner_id": "A", "amount": "20"},
        {"opportunity_id": "o1", "owner_id": "A", "amount": "30"},
    )
    built = company.build()
    assert [str(amount) for amount in built.column("opportunities", "amount")] == ["10.0000", "20.0000"]
    assert built.found("duplicate_id") == [("opportunities.csv", 4, "opportunity_id", "o1")]
    assert "opportunities.csv, row 2" in built.issues[0].sentence
    assert '"amount":30.0' in built.issues[0].raw
    assert built.draft.checks["counts"]["opportunities"] == {"read": 3, "set_aside": 1, "kept": 2}


def test_between_sources_the_first_source_by_name_is_kept_and_planning_comes_last(company: Company):
    quota = {
        "quota_id": "q",
        "rep_id": "A",
        "period_start": date(2026, 1, 1),
        "period_end": date(2026, 2, 1),
    }
    company.reps("A")
    company.add("quotas", quota | {"amount": "1"}, source="planning")
    company.add("quotas", quota | {"amount": "2"}, source="zeta")
    built = company.build()
    assert pick(built.rows("quotas")[0], "source_system", "is_current") == ("zeta", True)
    assert built.draft.issues["source"].to_pylist() == ["planning"]


def test_a_quota_of_an_unknown_rep_is_set_aside(company: Company):
    period = {"period_start": date(2026, 1, 1), "period_end": date(2026, 4, 1), "amount": "100"}
    company.reps("A").add(
        "quotas", {"quota_id": "q1", "rep_id": "A"} | period, {"quota_id": "q2", "rep_id": "X"} | period
    )
    built = company.build()
    assert built.column("quotas", "quota_id") == ["q1"]
    assert built.found("unknown_rep") == [("quotas.csv", 3, "rep_id", "X")]


@pytest.mark.parametrize(
    ("table", "row", "column"),
    [
        ("opportunities", {"opportunity_id": "o", "owner_id": "X", "amount": "5"}, "owner_id"),
        ("credits", {"credit_id": "c", "rep_id": "X", "amount": "5"}, "rep_id"),
    ],
)
def test_money_of_an_unknown_rep_is_kept_as_unassigned(
    company: Company, table: str, row: dict[str, object], column: str
):
    built = company.reps("A").add(table, row).build()
    assert built.column(table, column) == ["unassigned"]
    assert built.found("unknown_rep") == [(f"{table}.csv", 2, column, "X")]
    assert built.issues[0].severity == "warning"
    assert [str(x) for x in built.column("credits", "amount_reporting")] == ["5.0000"]


def test_other_references_that_lead_nowhere_become_unassigned(company: Company):
    company.reps("A").add("accounts", {"account_id": "a1"}).add("products", {"product_id": "p1"})
    company.add("territories", {"territory_id": "t1"})
    company.add(
        "credits",
        {"credit_id": "c1", "rep_id": "A", "amount": "1", "account_id": "a1", "product_id": "p1"},
        {"credit_id": "c2", "rep_id": "A", "amount": "1", "account_id": "a9", "product_id": "p9"},
        {"credit_id": "c3", "rep_id": "A", "amount": "1", "territory_id": "t9"},
    )
    built = company.build()
    found = [pick(row, "account_id", "product_id", "territory_id") for row in built.rows("credits")]
    assert found == [("a1", "p1", "unassigned"), ("unassigned",) * 3, ("unassigned",) * 3]
    assert [f[1:] for f in built.found("orphan")] == [
        (3, "account_id", "a9"),
        (3, "product_id", "p9"),
        (4, "territory_id", "t9"),
    ]


def test_a_reference_to_a_table_no_source_sends_is_simply_a_name(company: Company):
    company.reps("A").add("credits", {"credit_id": "c", "rep_id": "A", "amount": "1", "territory_id": "West"})
    built = company.build()
    assert built.column("credits", "territory_id") == ["West"]
    assert built.issues == []


def test_what_belongs_to_an_unknown_deal_is_set_aside(company: Company):
    company.reps("A").add("opportunities", {"opportunity_id": "o", "owner_id": "A", "amount": "9"})
    company.add("opportunity_lines", {"line_id": "l", "opportunity_id": "gone", "amount": "9"})
    company.add(
        "opportunity_splits", {"split_id": "s", "opportunity_id": "gone", "rep_id": "A", "share": "1"}
    )
    built = company.build()
    assert built.rows("opportunity_lines") == built.rows("opportunity_splits") == []
    assert len(built.found("orphan")) == 2


def test_who_acted_is_warned_of_once_for_each_unknown_key(company: Company):
    change = {"opportunity_id": "o", "field": "amount", "changed_on": date(2026, 1, 5)}
    company.reps("A").add("opportunities", {"opportunity_id": "o", "owner_id": "A", "amount": "9"})
    company.add(
        "opportunity_changes",
        *({"change_id": f"c{n}", "changed_by": who} | change for n, who in enumerate(["bot", "A", "bot"])),
    )
    built = company.build()
    assert built.column("opportunity_changes", "changed_by") == ["unassigned", "A", "unassigned"]
    assert built.found("unknown_rep") == [("opportunity_changes.csv", 2, "changed_by", "bot")]
    assert "2 rows" in built.issues[0].detail


def test_dates_nobody_can_mean_are_set_aside(company: Company):
    days = [
        date(1, 1, 1),
        date(1989, 12, 31),
        date(1990, 1, 1),
        date(2036, 3, 31),
        date(2036, 4, 1),
        date(2999, 1, 1),
    ]
    company.reps("A").add(
        "credits",
        *({"credit_id": f"c{n}", "rep_id": "A", "amount": "1", "credited_on": d} for n, d in enumerate(days)),
    )
    built = company.build()
    assert built.column("credits", "credit_id") == ["c2", "c3"]
    assert [f[1:] for f in built.found("date_out_of_range")] == [
        (2, "credited_on", "0001-01-01"),
        (3, "credited_on", "1989-12-31"),
        (6, "credited_on", "2036-04-01"),
        (7, "credited_on", "2999-01-01"),
    ]


def test_a_rep_with_an_impossible_hire_date_is_kept_without_it(company: Company):
    built = company.reps("A", hire_date=date(1, 1, 1)).build()
    assert built.column("reps", "hire_date") == [None]
    assert built.found("date_out_of_range") == [("reps.csv", 2, "hire_date", "0001-01-01")]


def test_a_period_that_ends_before_it_starts_is_set_aside(company: Company):
    company.reps("A", "B").add(
        "assignments",
        {"rep_id": "A", "team_id": "x", "valid_to": date(2020, 1, 1)},
        {"rep_id": "B", "team_id": "x", "valid_to": date(2020, 1, 2)},
    )
    company.add(
        "quotas",
        {
            "quota_id": "q",
            "rep_id": "A",
            "amount": "1",
            "period_start": date(2026, 2, 1),
            "period_end": date(2026, 1, 1),
        },
    )
    built = company.build()
    assert built.column("assignments", "rep_id") == ["B"]
    assert built.found("empty_period") == [
        ("assignments.csv", 2, "valid_to", "2020-01-01"),
        ("quotas.csv", 2, "period_end", "2026-01-01"),
    ]


def test_of_two_managers_at_once_the_one_who_came_later_is_set_aside(company: Company):
    company.reps("A", "M", "N").add(
        "assignments",
        {"rep_id": "A", "manager_id": "M", "valid_to": date(2024, 1, 1)},
        {"rep_id": "A", "manager_id": "N", "valid_from": date(2023, 1, 1), "valid_to": date(2025, 1, 1)},
        {"rep_id": "A", "manager_id": "N", "valid_from": date(2024, 6, 1)},
    )
    built = company.build()
    # The third row overlaps only the second, which is gone, so it stays.
    assert [(r["manager_id"], r["valid_from"]) for r in built.rows("assignments")] == [
        ("M", date(2020, 1, 1)),
        ("N", date(2024, 6, 1)),
    ]
    assert built.found("two_managers") == [("assignments.csv", 3, "rep_id", "A")]
    assert "M from 2020-01-01" in built.issues[0].detail
    assert "N from 2023-01-01" in built.issues[0].detail


def test_two_managers_from_the_same_day_are_found_too(company: Company):
    company.reps("A", "M", "N").add(
        "assignments", {"rep_id": "A", "manager_id": "M"}, {"rep_id": "A", "manager_id": "N"}
    )
    built = company.build()
    assert built.column("assignments", "manager_id") == ["M"]
    assert built.found("two_managers") == [("assignments.csv", 3, "rep_id", "A")]


def test_an_account_lies_in_one_territory_at_a_time(company: Company):
    company.add("accounts", {"account_id": "a"})
    company.add("territories", {"territory_id": "t1"}, {"territory_id": "t2"})
    company.add(
        "territory_accounts",
        {"account_id": "a", "territory_id": "t2", "valid_from": date(2025, 1, 1)},
        {"account_id": "a", "territory_id": "t1", "valid_to": date(2026, 1, 1)},
    )
    built = company.build()
    assert built.column("territory_accounts", "territory_id") == ["t1"]
    assert built.found("overlap") == [("territory_accounts.csv", 2, "account_id", "a")]


def test_an_orphan_keeps_the_rep_without_a_manager(company: Company):
    company.reps("A").add("assignments", {"rep_id": "A", "manager_id": "gone", "team_id": "East"})
    built = company.build()
    assert pick(built.rows("assignments")[0], "manager_id", "team_id") == ("unassigned", "East")
    assert built.found("orphan") == [("assignments.csv", 2, "manager_id", "gone")]


def test_amounts_below_zero_are_kept_for_deals_and_set_aside_for_quotas(company: Company):
    company.reps("A").add("opportunities", {"opportunity_id": "o", "owner_id": "A", "amount": "-5.55"})
    company.add(
        "quotas",
        {
            "quota_id": "q",
            "rep_id": "A",
            "amount": "-1",
            "period_start": date(2026, 1, 1),
            "period_end": date(2026, 2, 1),
        },
    )
    built = company.build()
    assert built.rows("quotas") == []
    assert [str(x) for x in built.column("credits", "amount")] == ["-5.5500"]
    assert {i.table: i.severity for i in built.issues} == {"opportunities": "warning", "quotas": "row"}


def test_probabilities_beyond_0_to_1_count_as_empty(company: Company):
    deal = {"owner_id": "A", "amount": "10", "is_closed": False, "is_won": False}
    company.reps("A").add(
        "opportunities",
        *(
            {"opportunity_id": f"o{n}", "probability": p} | deal
            for n, p in enumerate([0.0, 1.0, -0.1, 75.0, 1e300])
        ),
    )
    built = company.build()
    assert built.column("opportunities", "probability") == [0.0, 1.0, None, None, None]
    assert [f[1:3] for f in built.found("bad_probability")] == [(n, "probability") for n in (4, 5, 6)]
    assert len(built.column("opportunities", "weighted_reporting")) == 5


def test_a_split_without_a_usable_share_is_set_aside(company: Company):
    company.reps("A", "B").add("opportunities", {"opportunity_id": "o", "owner_id": "A", "amount": "9"})
    shares = [None, "-0.1", "11", "0.5"]
    company.add(
        "opportunity_splits",
        *(
            {"split_id": f"s{n}", "opportunity_id": "o", "rep_id": "B", "share": share, "kind": "overlay"}
            for n, share in enumerate(shares)
        ),
    )
    built = company.build()
    assert built.column("opportunity_splits", "split_id") == ["s3"]
    assert [f[1] for f in built.found("bad_share")] == [2, 3, 4]


def test_every_issue_is_stored(company: Company):
    """Nothing is capped: a thousand bad rows are a thousand issues."""
    rows = [{"opportunity_id": f"o{n}", "owner_id": f"x{n}", "amount": "1"} for n in range(1000)]
    assert len(company.reps("A").add("opportunities", *rows).build().issues) == 1000


def test_a_source_without_rows_builds_nothing_but_the_settings_tables(company: Company):
    built = company.add("reps").build()
    assert set(built.draft.tables) == {"days", "measures"}
    assert OPEN_END not in built.column("days", "year_end")
