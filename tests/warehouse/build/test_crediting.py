"""Credits: recorded ones as they are, else inferred from won deals, to the cent."""

from __future__ import annotations

from collections import defaultdict
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.warehouse.build.conftest import Built, Company, Row
from warehouse.settings import Settings


def deal(key: str, amount: str | None, owner: str = "A", **more: Any) -> Row:
    return {"opportunity_id": key, "owner_id": owner, "amount": amount} | more


def split(opportunity: str, rep: str, share: str, kind: str = "revenue") -> Row:
    return {
        "split_id": f"{opportunity}{rep}{kind}",
        "opportunity_id": opportunity,
        "rep_id": rep,
        "share": share,
        "kind": kind,
    }


def line(opportunity: str, key: str, amount: str, product: str = "unassigned") -> Row:
    return {"line_id": key, "opportunity_id": opportunity, "amount": amount, "product_id": product}


def found(built: Built) -> list[tuple[Any, ...]]:
    names = ("opportunity_id", "line_id", "rep_id", "kind", "amount")
    return [tuple(row[name] for name in names) for row in built.rows("credits")]


def test_the_owner_of_a_won_deal_has_it_all(company: Company):
    company.reps("A").add(
        "opportunities",
        deal("o1", "100.01"),
        deal("o2", "50", is_won=False),
        deal("o3", "50", is_closed=False, is_won=False),
        deal("o4", "50", is_deleted=True),
    )
    built = company.build()
    assert found(built) == [("o1", "unassigned", "A", "direct", Decimal("100.01"))]
    row = built.rows("credits")[0]
    assert (row["basis"], row["measure"], row["in_bookings"]) == ("inferred", "bookings", True)
    assert (row["credited_on"], row["share"]) == (date(2026, 2, 10), Decimal(1))


def test_a_deal_with_recorded_credits_is_not_inferred(company: Company):
    company.reps("A", "B").add("opportunities", deal("o1", "100"), deal("o2", "100"))
    company.add("credits", {"credit_id": "c", "opportunity_id": "o1", "rep_id": "B", "amount": "7"})
    built = company.build()
    assert [(row["opportunity_id"], row["basis"], row["amount"]) for row in built.rows("credits")] == [
        ("o1", "recorded", Decimal(7)),
        ("o2", "inferred", Decimal(100)),
    ]


def test_three_thirds_of_a_hundred(company: Company):
    """Shares of 0.333333 are the whole; the cent over goes to the first of equals."""
    company.reps("A", "B", "C", "D").add("opportunities", deal("o", "100.00", owner="D"))
    company.add("opportunity_splits", *(split("o", rep, "0.333333") for rep in "BAC"))
    assert found(company.build()) == [
        ("o", "unassigned", "A", "split", Decimal("33.34")),
        ("o", "unassigned", "B", "split", Decimal("33.33")),
        ("o", "unassigned", "C", "split", Decimal("33.33")),
    ]


def test_what_splits_leave_goes_to_the_owner(company: Company):
    company.reps("A", "B").add("opportunities", deal("o", "100.01"))
    company.add("opportunity_splits", split("o", "B", "0.25"), split("o", "A", "0.5"))
    assert [(rep, amount) for _, _, rep, _, amount in found(company.build())] == [
        ("A", Decimal("75.01")),  # 0.5 of their own and the 0.25 nobody has: 75.0075
        ("B", Decimal("25.00")),
    ]


def test_shares_over_the_whole_are_set_aside_and_the_owner_credited(company: Company):
    company.reps("A", "B").add("opportunities", deal("o", "100"))
    company.add(
        "opportunity_splits",
        split("o", "A", "0.6"),
        split("o", "B", "0.5"),
        split("o", "B", "0.1", "overlay"),
    )
    built = company.build()
    assert [f[1] for f in built.found("splits_over_whole")] == [2, 3]
    assert "110.0000 %" in built.issues[0].detail
    assert [(rep, kind, amount) for _, _, rep, kind, amount in found(built)] == [
        ("A", "direct", Decimal(100)),
        ("B", "overlay", Decimal(10)),
    ]


def test_overlays_are_credited_but_never_in_bookings(company: Company):
    company.reps("A", "B").add("opportunities", deal("o", "100.05"))
    company.add("opportunity_splits", split("o", "B", "1.5", "overlay"))
    rows = company.build().rows("credits")
    assert [(r["rep_id"], r["amount"], r["in_bookings"]) for r in rows] == [
        ("A", Decimal("100.05"), True),
        ("B", Decimal("150.08"), False),  # 150.075
    ]


def test_lines_that_add_up_are_credited_one_by_one(company: Company):
    company.reps("A", "B").add("opportunities", deal("o", "100"))
    company.add("products", {"product_id": "p"}, {"product_id": "r"})
    company.add("opportunity_lines", line("o", "l1", "120.01", "p"), line("o", "l2", "-20.01", "r"))
    company.add("opportunity_splits", split("o", "A", "0.5"), split("o", "B", "0.5"))
    built = company.build()
    assert found(built) == [
        ("o", "l1", "A", "split", Decimal("60.01")),
        ("o", "l1", "B", "split", Decimal("60.00")),
        ("o", "l2", "A", "split", Decimal("-10.01")),
        ("o", "l2", "B", "split", Decimal("-10.00")),
    ]
    assert built.column("credits", "product_id") == ["p", "p", "r", "r"]


def test_lines_that_do_not_add_up_are_named_and_the_deal_credited_whole(company: Company):
    company.reps("A").add("opportunities", deal("o", "100"))
    company.add("opportunity_lines", line("o", "l1", "60"), line("o", "l2", "39.99"))
    built = company.build()
    assert found(built) == [("o", "unassigned", "A", "direct", Decimal(100))]
    assert built.found("lines_differ") == [("opportunities.csv", 2, "amount", "100.0000")]
    assert "99.9900" in built.issues[0].sentence


def test_a_won_deal_that_cannot_be_credited_is_named(company: Company):
    company.reps("A").add("opportunities", deal("o1", None), deal("o2", "5", close_on=None))
    built = company.build()
    assert built.rows("credits") == []
    assert [f[2:] for f in built.found("won_without")] == [("amount", "o1"), ("close_on", "o2")]


def test_credits_are_placed_by_the_day(company: Company):
    """A moved from East, t1, to West, t2, in 2026; the account went from t3 to t4 that day as well."""
    company.reps("A").add("accounts", {"account_id": "a"})
    company.add("territories", *({"territory_id": f"t{n}"} for n in range(1, 6)))
    for table, key, old, new in (
        (
            "assignments",
            {"rep_id": "A"},
            {"team_id": "East", "territory_id": "t1"},
            {"team_id": "West", "territory_id": "t2"},
        ),
        ("territory_accounts", {"account_id": "a"}, {"territory_id": "t3"}, {"territory_id": "t4"}),
    ):
        moved = date(2026, 1, 1)
        company.add(table, key | old | {"valid_to": moved}, key | new | {"valid_from": moved})
    company.add(
        "opportunities",
        deal("o1", "1", close_on=date(2025, 12, 31)),
        deal("o2", "1", account_id="a", close_on=date(2025, 12, 31)),
        deal("o3", "1", account_id="a", close_on=date(2026, 1, 1)),
        deal("o4", "1", account_id="a", close_on=date(2026, 1, 1), territory_id="t5"),
        deal("o5", "1", close_on=date(2019, 12, 31)),
    )
    names = ("opportunity_id", "team_id", "rep_territory_id", "territory_id")
    built = company.build()
    assert [tuple(row[n] for n in names) for row in built.rows("credits")] == [
        ("o1", "East", "t1", "t1"),
        ("o2", "East", "t1", "t3"),
        ("o3", "West", "t2", "t4"),
        ("o4", "West", "t2", "t5"),
        ("o5", "unassigned", "unassigned", "unassigned"),
    ]
    assert built.column("opportunities", "team_id") == ["East", "East", "West", "West", "unassigned"]


def test_a_recorded_credit_takes_its_account_and_territory_from_the_deal(company: Company):
    company.reps("A").add("accounts", {"account_id": "a"}).add("territories", {"territory_id": "t"})
    company.add("opportunities", deal("o", "1", account_id="a", territory_id="t"))
    company.add("credits", {"credit_id": "c", "opportunity_id": "o", "rep_id": "A", "amount": "7"})
    row = company.build().rows("credits")[0]
    assert (row["account_id"], row["territory_id"]) == ("a", "t")


amounts = st.decimals(-10_000, 10_000_000, places=2).map(str)
shares = st.lists(st.integers(1, 400_000), min_size=0, max_size=4)
deals = st.lists(
    st.tuples(amounts, shares, st.lists(amounts, max_size=3), st.booleans()), min_size=1, max_size=12
)


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(deals, st.sampled_from(["1.13", "0.00731", "151.7", "1.0000001"]), st.sampled_from(["USD", "JPY"]))
def test_cents_are_conserved_in_both_currencies(fresh: Any, drawn: list[Any], rate: str, reporting: str):
    """Σ credits in bookings of a deal = the deal, for any shares, lines, signs and rates."""
    company = fresh(Settings(currency=reporting)).reps(*"ABCDE")
    company.add(
        "exchange_rates",
        {"date": date(2026, 1, 1), "from_currency": "EUR", "to_currency": reporting, "rate": rate},
    )
    for n, (amount, millionths, lines, foreign) in enumerate(drawn):
        code = "EUR" if foreign else reporting
        total = str(sum((Decimal(x) for x in lines), Decimal(0))) if lines else amount
        company.add("opportunities", deal(f"o{n}", total, currency=code))
        for rep, share in zip("BCDE", millionths, strict=False):
            if sum(millionths) <= 1_000_000:
                company.add("opportunity_splits", split(f"o{n}", rep, str(Decimal(share) / 1_000_000)))
        for k, value in enumerate(lines):
            company.add("opportunity_lines", line(f"o{n}", f"l{n}.{k}", value) | {"currency": code})
    built = company.build()
    sums: dict[str, list[Decimal]] = defaultdict(lambda: [Decimal(0), Decimal(0)])
    for row in built.rows("credits"):
        sums[row["opportunity_id"]][0] += row["amount"]
        sums[row["opportunity_id"]][1] += row["amount_reporting"]
    for row in built.rows("opportunities"):
        assert sums[row["opportunity_id"]] == [row["amount"], row["amount_reporting"]]
    assert not built.found("lines_differ")


@pytest.mark.parametrize("amount", ["0.0001", "33.3333", "0.01", "0"])
def test_an_amount_finer_than_a_cent_is_shared_to_its_last_decimal(company: Company, amount: str):
    company.reps("A", "B", "C").add("opportunities", deal("o", amount))
    company.add("opportunity_splits", *(split("o", rep, "0.3") for rep in "BC"))
    rows = company.build().rows("credits")
    assert sum(row["amount"] for row in rows) == Decimal(amount)
    assert sum(row["amount_reporting"] for row in rows) == Decimal(amount)
