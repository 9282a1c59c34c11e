"""What changes or limits what a component earned: modifiers, caps, budgets and objectives."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest

from compensation.plan.model import (
    Caps,
    Modifier,
    Pays,
    Period,
    Policy,
    Spif,
    Step,
)
from tests.compensation.made import (
    START,
    amounts,
    ana,
    component,
    earned,
    plan,
    run,
    sold,
)
from tests.compensation.oracle import Deal

RATE = component(rate=Fraction("0.1"), period=Period.MONTH)


def rows(found, **where):
    """Lines as dicts, by period, that have these values."""
    lines = sorted(
        found.lines.to_pylist(), key=lambda row: (row["rep"], row["component_id"], row["period_start"])
    )
    return [row for row in lines if all(row[name] == value for name, value in where.items())]


def codes(found):
    return [problem.code for problem in found.problems]


# ------------------------------------------------------------------ modifiers


def modified(*modifiers, sale=100_000):
    one = replace(RATE, modifiers=modifiers)
    other = replace(RATE, id="other", measure="new", period=Period.QUARTER)
    sales = [
        *sold(("2026-01-10", sale)),
        Deal("r", "ana", date(2026, 1, 11), Decimal(50_000), type="renewal"),
    ]
    return rows(run(plan(one, other), sales), component_id="pay", period_start=START)[0]


def test_a_gate_pays_nothing_until_it_is_reached():
    assert modified(Modifier("gate", measure="new", at_least=Fraction(1)))["amount"] == 15_000
    shut = modified(Modifier("gate", measure="new", at_least=Fraction("1.01")))
    assert (shut["amount"], shut["before_modifiers"], shut["factor"]) == (0, 15_000, 0)
    assert shut["modifiers"] == '[["new", 1.0, 0.0]]'


@pytest.mark.parametrize(
    ("sale", "factor"), [(50_000, "0.8"), (49_999, "1"), (100_000, "1.2"), (99_999, "0.8")]
)
def test_a_multiplier_takes_the_step_its_measure_reaches(sale, factor):
    steps = (Step(Fraction(1, 2), Fraction("0.8")), Step(Fraction(1), Fraction("1.2")))
    found = modified(Modifier("multiplier", name="mix", measure="new", steps=steps), sale=sale)
    assert found["amount"] == (sale + 50_000) * Decimal("0.1") * Decimal(factor)


def test_modifiers_multiply_in_their_order_and_are_rounded_once():
    third = Modifier("gate", name="a", measure="new", at_least=Fraction(9), times=Fraction(1, 3))
    found = modified(third, replace(third, name="b"))
    assert found["amount"] == Decimal("1666.67")  # 15,000 / 9
    assert [each[0] for each in __import__("json").loads(found["modifiers"])] == ["a", "b"]


def test_a_linkage_looks_at_the_other_component_s_attainment():
    linked = Modifier("linkage", component="other", at_least=Fraction(1), times=Fraction(1, 2))
    assert modified(linked)["amount"] == 15_000
    assert modified(linked, sale=99_000)["amount"] == 7_450


# ------------------------------------------------------------------ caps and SPIFs


def test_the_plan_s_year_is_capped_over_all_components_in_the_order_of_time():
    one = plan(RATE, replace(RATE, id="second"), policy=Policy(year_cap=Decimal(25)))
    found = run(one, sold(("2026-01-10", 100), ("2026-02-10", 100)))
    kept = {
        (row["component_id"], row["period_start"].month): (row["amount"], row["capped"])
        for row in rows(found)
    }
    assert [kept[name, month] for month in (1, 2) for name in ("pay", "second")] == [
        (10, 0),
        (10, 0),
        (5, 5),
        (0, 10),
    ]


def test_a_deal_s_cap_holds_all_its_transactions_together():
    sales = [Deal(f"t{n}", "ana", START, Decimal(100), deal="one") for n in range(3)]
    found = run(plan(replace(RATE, caps=Caps(deal=Decimal(15)))), sales)
    assert earned(found) == [10, 5, 0]


def spif(share, budget, sales, **more):
    one = component(
        pays=Pays.SPIF,
        measure="deals",
        rate=Fraction(500),
        spif=Spif(budget, share, **more),
        period=Period.QUARTER,
    )
    people = [ana(rep=rep) for rep in ("ana", "ben", "cho")]
    found = run(
        plan(one, people=people),
        [Deal(f"t{n}", rep, day, Decimal(100)) for n, (rep, day) in enumerate(sales)],
    )
    return [row["amount"] for row in rows(found, period_start=START)], found


DAYS = [date(2026, 1, n) for n in range(1, 10)]


def test_first_come_first_served():
    sales = [("ben", DAYS[2]), ("ana", DAYS[1]), ("cho", DAYS[0]), ("ben", DAYS[0])]
    assert spif("first_come", Decimal(1200), sales)[0] == [200, 500, 500]


def test_a_budget_pro_rata():
    sales = [("ana", DAYS[0]), ("ben", DAYS[1]), ("ben", DAYS[2])]
    assert spif("pro_rata", Decimal(1000), sales)[0] == [Decimal("333.33"), Decimal("666.67"), 0]
    assert spif("pro_rata", Decimal(5000), sales)[0] == [500, 1000, 0]


def test_prizes_by_rank_with_a_tie():
    sales = [("ana", DAYS[0]), ("ben", DAYS[1]), ("ben", DAYS[2]), ("cho", DAYS[3])]
    found, whole = spif("rank", None, sales, prizes=(Decimal(1000), Decimal(501), Decimal(0)))
    assert found == [Decimal("250.50"), 1000, Decimal("250.50")]
    assert sum(row["earned"] for row in whole.trace.to_pylist()) == 1501


def test_a_budget_needs_one_currency():
    one = component(pays=Pays.SPIF, measure="deals", rate=Fraction(500), spif=Spif(Decimal(9)))
    people = [ana(currency="USD"), ana(rep="ben", currency="EUR")]
    found = run(plan(one, people=people, currency="payee"), sold((START, 100)))
    assert codes(found) == ["budget_currencies"]
    assert set(amounts(found)) == {0}


# ------------------------------------------------------------------ objectives


def test_objectives_count_by_their_shares_of_the_target():
    one = component(id="mbo", pays=Pays.OBJECTIVE, measure="", weight=Fraction(1, 5))
    scores = [
        Deal(f"o{n}", "ana", START, Decimal(0), share, "objective", score=Fraction(score), component="mbo")
        for n, (share, score) in enumerate([(Fraction("0.75"), "0.8"), (Fraction("0.25"), "1.2")])
    ]
    found = run(plan(one), scores)
    line = rows(found)[0]
    assert (line["amount"], line["attainment"], line["target"]) == (2_700, 0.9, 3_000)
    assert line["quota"] is None
    assert {row["rule"] for row in found.trace.to_pylist()} == {"objective"}
