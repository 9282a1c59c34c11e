"""What the calculation is given from a store small enough to write the answer down."""

from __future__ import annotations

from dataclasses import fields
from datetime import date
from decimal import Decimal
from typing import Any

import pyarrow as pa
import pytest

from compensation.inputs import ASSIGNMENTS, HIERARCHY, PERIODS, QUOTAS, RATES, Inputs
from compensation.plan.reading import plan_of
from tests.metrics.small_company import AS_OF, SETTINGS
from tests.metrics.small_company import TABLES as ROWS
from tests.support import day, load_rows, session_of
from warehouse.access import OWNER, STRANGER, Viewer
from warehouse.engine import Session
from workflows.pay.deals import SCHEMA
from workflows.pay.inputs import book, inputs, tells_products_apart

YEAR = day("2026-01-01"), day("2027-01-01")
REP, LEADER = frozenset({"rep"}), frozenset({"rep", "manager"})
TERMS = """
plan = "p1"
name = "Plan"
valid_from = 2020-01-01
[measures.bookings]
[[components]]
id = "c"
pays = "rate"
measure = "bookings"
rate = "payee"
"""


def change(deal: str, field: str, value: str | None, on: str, number: int = 1) -> dict[str, Any]:
    return {
        "change_id": f"{deal}-{field}-{number}",
        "opportunity_id": deal,
        "field": field,
        "new_value": value,
        "changed_on": day(on),
        "origin": "native",
    }


def sale(key: str, **more: Any) -> dict[str, Any]:
    known = {"credit_id": key, "rep_id": "dan", "measure": "bookings", "kind": "direct", "basis": "recorded"}
    return {**known, "credited_on": day("2026-03-03"), "currency": "EUR", **more}


def assigned(rep: str, plan: str, start: str, end: str | None = None, **more: Any) -> dict[str, Any]:
    found = {"plan_id": plan, "rep_id": rep, "rate": 0.05, "valid_from": day(start), **more}
    return found | ({"valid_to": day(end)} if end else {})


LINES = [
    {
        "line_id": line,
        "opportunity_id": "D1",
        "product_id": product,
        "amount": amount,
        "cost": cost,
        "quantity": 3.0,
        "term_months": term,
        "currency": "USD",
    }
    for line, product, amount, cost, term in (("l1", "p1", 450, 200, None), ("l2", "p2", 150, 50, 12))
]
QUOTAS_ADDED = [
    {**ROWS["quotas"][0], "quota_id": "q-euro", "rep_id": "dan", "amount": 70, "currency": "EUR", **more}
    for more in ({"version": 1, "amount": 60}, {"version": 2})
] + [{**ROWS["quotas"][0], "quota_id": "q-widgets", "rep_id": "dan", "amount": 9, "product_id": "p1"}]
MORE = {
    "opportunity_lines": LINES,
    "quotas": [*ROWS["quotas"], *QUOTAS_ADDED],
    "credits": [
        sale("X1", amount=12.5, opportunity_id="D9", product_id="p1"),
        sale("X2", amount=-3, kind="adjustment", credited_on=day("2025-12-31")),
        sale("X3", kind="objective", component_id="mbo", share=0.8, currency="USD"),
        sale("X4", amount=2.5, share=0.25, kind="split"),
    ],
    "exchange_rates": [
        {"date": day(on), "from_currency": "EUR", "to_currency": "USD", "rate": rate}
        for on, rate in (("2025-06-01", 1.1), ("2025-12-31", 1.2), ("2026-02-01", 1.3))
    ],
    "opportunity_changes": [
        change("D1", "paid_on", "2026-02-20", "2026-02-25"),
        change("D1", "stage_id", "won", "2026-01-20"),
        change("D2", "paid_on", "2026-04-02", "2026-04-02"),
        change("D2", "paid_on", None, "2026-04-09", 2),
        change("D2", "cancelled_on", "yes", "2026-04-10"),
    ],
    "plans": [
        {"plan_id": "p1", "version": 3, "name": "Plan", "terms": TERMS, "valid_from": day("2021-01-01")},
        {"plan_id": "p2", "version": 1, "name": "Bad", "terms": "plan = ", "valid_from": day("2021-01-01")},
        {"plan_id": "p3", "version": 1, "name": "Empty", "valid_from": day("2021-01-01")},
    ],
    "plan_components": [
        {"plan_id": "p1", "component_id": "c", "name": "C"},
        {"plan_id": "p1", "component_id": "mbo"},
    ],
    "plan_assignments": [
        assigned("ann", "p1", "2026-01-10", target_incentive=1000, base_salary=2000),
        assigned("bob", "p1", "2021-01-01", "2026-03-01"),
        assigned("bob", "p1", "2026-04-01", currency="EUR"),
        assigned("cat", "p2", "2021-01-01", "2025-12-31"),
        assigned("mia", "p3", "2021-01-01"),
    ],
}


@pytest.fixture(scope="module")
def session(tmp_path_factory: pytest.TempPathFactory) -> Session:
    root = tmp_path_factory.mktemp("inputs") / "store"
    load_rows(root, {**ROWS, **MORE}, AS_OF, **SETTINGS)
    return session_of(root)


def of(session: Session, viewer: Viewer = OWNER, **more: Any) -> Inputs:
    return inputs(session, viewer, *YEAR, **more)


def rows(found: pa.Table, *columns: str) -> set[tuple[Any, ...]]:
    return {tuple(row.values()) for row in found.select(list(columns)).to_pylist()}


def deals(found: Inputs) -> set[tuple[str, str]]:
    return rows(found.transactions, "deal_id", "rep")


OF_ANN = {("D1", "ann"), ("D2", "ann"), ("D6", "ann")}
OF_BOB, OF_CAT = {("D2", "bob"), ("D4", "bob")}, {("D2", "cat"), ("D3", "cat"), ("D5", "cat")}


def test_every_table_is_as_declared(session: Session) -> None:
    found = of(session)
    assert found.transactions.schema.equals(SCHEMA)
    for name, schema in {
        "periods": PERIODS, "assignments": ASSIGNMENTS, "quotas": QUOTAS, "hierarchy": HIERARCHY, "rates": RATES,
    }.items():  # fmt: skip
        assert getattr(found, name).schema.equals(schema), name
        assert getattr(found, name).num_rows > 0, name


def test_a_deal_is_one_transaction_a_person(session: Session) -> None:
    found = of(session)
    assert deals(found) - {(d, r) for d, r in deals(found) if r == "dan"} == OF_ANN | OF_BOB | OF_CAT
    (first,) = [row for row in found.transactions.to_pylist() if row["deal_id"] == "D1"]
    assert first == dict.fromkeys(SCHEMA.names) | {
        "transaction_id": "D1", "deal_id": "D1", "rep": "ann", "kind": "direct", "date": day("2026-01-20"),
        "amount": Decimal(600), "share": Decimal(1), "currency": "USD", "margin": Decimal(350), "units": Decimal(6),
        "account": "acme", "team": "Mia's team", "region": first["region"], "families": 2, "term_months": 12,
        "released_on": day("2026-02-20"), "measure": "bookings", "pipeline": "new", "segment": "Enterprise",
    }  # fmt: skip


def test_shares_are_of_the_whole_deal(session: Session) -> None:
    found = [row for row in of(session).transactions.to_pylist() if row["deal_id"] == "D2"]
    assert {(row["rep"], row["kind"], row["amount"], row["share"]) for row in found} == {
        ("ann", "split", Decimal(100), Decimal("0.7")),
        ("bob", "split", Decimal(100), Decimal("0.3")),
        ("cat", "overlay", Decimal(100), Decimal("0.5")),
    }
    assert {row["transaction_id"] for row in found} == {"D2"}


def test_lines_count_one_by_one_where_they_are_asked_for(session: Session) -> None:
    found = of(session, by_line=True).transactions
    assert rows(
        found, "transaction_id", "deal_id", "rep", "amount", "product", "family", "families", "margin"
    ) >= {
        ("l1", "D1", "ann", Decimal(450), "p1", "Widgets", 2, Decimal(250)),
        ("l2", "D1", "ann", Decimal(150), "p2", "Gadgets", 2, Decimal(100)),
    }
    assert deals(of(session, by_line=True)) == deals(of(session)), "deals without lines come whole"


def test_a_rep_is_given_only_their_own(session: Session) -> None:
    found = of(session, Viewer("bob", REP))
    assert deals(found) == OF_BOB
    assert set(found.assignments["rep"].to_pylist()) == {"bob"}
    assert set(found.quotas["rep"].to_pylist()) <= {"bob"}


def test_a_partner_knows_what_the_deal_is(session: Session) -> None:
    """Ann owns D2; bob is credited with three tenths of it."""
    whole = {row["deal_id"]: row for row in of(session).transactions.to_pylist() if row["rep"] == "bob"}
    own = {row["deal_id"]: row for row in of(session, Viewer("bob", REP)).transactions.to_pylist()}
    assert own == whole


def test_a_manager_is_given_the_team_of_each_day(session: Session) -> None:
    assert deals(of(session, Viewer("mia", LEADER))) == OF_ANN | {("D2", "bob")}
    assert deals(of(session, reps=["mia"])) == OF_ANN | {("D2", "bob")}
    assert set(of(session, reps=["mia"]).assignments["rep"].to_pylist()) == {"mia"}
    assert ("bob", "mia") in rows(of(session, Viewer("mia", LEADER)).hierarchy, "rep", "manager")


def test_only_those_asked_for_are_paid(session: Session) -> None:
    found = of(session, reps=["ann", "cat"])
    assert deals(found) == OF_ANN | OF_CAT
    assert set(found.assignments["rep"].to_pylist()) == {"ann"}, "cat's plan ended before the year"
    assert of(session, reps=[]).transactions.num_rows == 0
    assert of(session, reps=["an", "ann\nb", "%"]).transactions.num_rows == 0


def test_recorded_credits_stand_by_themselves(session: Session) -> None:
    found = {
        row["transaction_id"]: row for row in of(session).transactions.to_pylist() if row["rep"] == "dan"
    }
    assert set(found) == {"X1", "X3", "X4"}, (
        "D9 is recorded, so nothing is inferred for it; X2 is of last year"
    )
    assert (found["X1"]["deal_id"], found["X1"]["amount"], found["X1"]["currency"]) == (
        "D9",
        Decimal("12.5"),
        "EUR",
    )
    assert (found["X1"]["product"], found["X1"]["family"], found["X1"]["families"]) == ("p1", "Widgets", 1)
    assert (found["X4"]["amount"], found["X4"]["share"]) == (Decimal(10), Decimal("0.25"))


def test_an_adjustment_is_a_direct_credit(session: Session) -> None:
    found = inputs(session, OWNER, day("2025-12-01"), day("2026-01-01")).transactions
    assert ("X2", "direct", Decimal(-3)) in rows(found, "transaction_id", "kind", "amount")


def test_an_objective_brings_its_score(session: Session) -> None:
    found = {row["transaction_id"]: row for row in of(session).transactions.to_pylist()}["X3"]
    assert (found["kind"], found["component"], found["score"]) == ("objective", "mbo", Decimal("0.8"))
    assert (found["amount"], found["share"]) == (0, 1)


def test_what_happened_to_a_deal_is_its_last_change(session: Session) -> None:
    found = rows(of(session).transactions, "deal_id", "rep", "released_on", "cancelled_on")
    assert ("D1", "ann", day("2026-02-20"), None) in found
    assert ("D2", "bob", None, day("2026-04-10")) in found, (
        "taken back; and “yes” happened on the day of the change"
    )
    assert ("D4", "bob", None, None) in found


def test_quotas_are_current_and_in_their_own_money(session: Session) -> None:
    found = rows(of(session).quotas, "rep", "scope", "measure", "start", "end", "amount", "currency")
    first, end = ROWS["quotas"][0]["period_start"], ROWS["quotas"][0]["period_end"]
    assert {row for row in found if row[0] == "dan"} == {
        ("dan", "rep", "bookings", first, end, Decimal(70), "EUR"),
        ("dan", "rep", "bookings:p1", first, end, Decimal(9), "USD"),
    } or first.year != 2026
    assert ("mia", "team", "bookings", day("2026-01-01"), day("2026-04-01"), Decimal(1200), "USD") in found
    assert {row[1] for row in found} == {"rep", "team"}


def test_who_is_on_a_plan_comes_with_place_and_hire(session: Session) -> None:
    found = rows(of(session).assignments, "rep", "plan_id", "valid_from", "role", "team", "currency", "hired")
    assert ("ann", "p1", day("2026-01-10"), "seller", "Mia's team", "USD", day("2026-01-10")) in found
    assert ("bob", "p1", day("2026-04-01"), "seller", "Max's team", "EUR", day("2021-01-01")) in found
    assert ("bob", "p1", day("2021-01-01"), "seller", "Mia's team", "USD", day("2021-01-01")) in found
    assert not [row for row in found if row[0] == "cat"]


def test_rates_reach_back_to_the_last_before(session: Session) -> None:
    assert rows(of(session).rates, "date", "rate") == {
        (day("2025-12-31"), Decimal("1.2")),
        (day("2026-02-01"), Decimal("1.3")),
    }


def test_the_year_to_date_comes_along(session: Session) -> None:
    found = inputs(session, OWNER, day("2026-04-01"), day("2026-05-01"))
    assert ("D1", "ann") in deals(found), "January, for what is year to date"
    assert ("D5", "cat") not in deals(found), "May is not asked for"
    assert ("D0", "ann") not in deals(found), "last year is over"
    kinds = found.periods["kind"].to_pylist()
    assert (kinds.count("month"), kinds.count("quarter")) == (
        12 * kinds.count("year"),
        4 * kinds.count("year"),
    )


def test_a_day_without_a_calendar_is_refused(session: Session) -> None:
    with pytest.raises(ValueError, match="does not hold 1999-01-01"):
        inputs(session, OWNER, date(1999, 1, 1), date(1999, 2, 1))


def test_a_stranger_is_given_nothing(session: Session) -> None:
    assert book(session, STRANGER) == ((), [])
    found = of(session, STRANGER)
    assert not any(getattr(found, field.name).num_rows for field in fields(Inputs))


def test_the_book_is_every_version_that_can_be_read(session: Session) -> None:
    plans, problems = book(session, OWNER)
    assert [(plan.id, plan.version, plan.valid_from) for plan in plans] == [("p1", 3, day("2021-01-01"))]
    assert plans[0].text == TERMS
    files = {dict(problem.fields)["file"] for problem in problems}
    assert files == {"p2, version 1", "p3, version 1"}


def test_a_rep_reads_only_the_plan_they_are_on(session: Session) -> None:
    plans, problems = book(session, Viewer("ann", REP))
    assert [plan.id for plan in plans] == ["p1"]
    assert problems == []
    assert book(session, Viewer("dan", REP)) == ((), [])


def test_lines_matter_only_where_a_condition_is_about_products() -> None:
    assert not tells_products_apart([plan_of(TERMS)])
    for table, extra in (
        ("[measures.bookings]", '[measures.bookings]\nwhere = { family = "Widgets" }'),
        ("[measures.bookings]", '[measures.bookings]\n[credit_rules.direct]\nwhere = { product = ["p1"] }'),
    ):
        assert tells_products_apart([plan_of(TERMS.replace(table, extra))])
