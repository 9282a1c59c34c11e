from datetime import date
from decimal import Decimal

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from compensation.after.expense import MOVEMENTS, schedule
from compensation.after.expense_costs import COSTS, Policy, costs
from compensation.plan.model import Clawback, Hold
from tests.compensation import hand_made
from tests.compensation.hand_made import inputs, line, months, paid, part, sale

FOUR_YEARS = months(date(2026, 1, 1), date(2030, 1, 1))


def cost(amount=1200, month=1, benefit=12, deal="d", year=2026, **more) -> dict:
    settled = {
        "rep": "ana",
        "plan_id": "field",
        "component_id": "commission",
        "currency": "USD",
        "deal_id": deal,
        "month_start": date(year, month, 1),
        "amount": Decimal(str(amount)),
        "benefit_months": benefit,
        "comes_back": False,
    }
    return settled | more


def rows(*given):
    return schedule(pa.Table.from_pylist(list(given), schema=COSTS), FOUR_YEARS).to_pylist()


def column(found, name):
    return {row["month_start"].strftime("%y-%m"): row[name] for row in found if row[name]}


def test_a_short_benefit_is_expensed_at_once():
    assert [(row["expensed"], row["closing"]) for row in rows(cost(benefit=0))] == [(1200, 0)]


def test_an_asset_is_spread_evenly_from_its_own_month():
    found = rows(cost(1200, benefit=12))
    assert [row["amortised"] for row in found] == [100] * 12
    assert found[0]["capitalised"] == 1200
    assert found[-1]["closing"] == 0


def test_uneven_months_add_up():
    amounts = [row["amortised"] for row in rows(cost(100, benefit=3))]
    assert amounts == [Decimal("33.33"), Decimal("33.34"), Decimal("33.33")]


def test_a_lost_deal_is_impaired_in_the_month_it_is_lost():
    found = rows(cost(1200, benefit=12, lost_on=date(2026, 7, 15)))
    assert column(found, "impaired") == {"26-07": 600}
    assert sum(row["amortised"] for row in found) == 600


def test_what_comes_back_lowers_what_is_impaired():
    found = rows(
        cost(1200, lost_on=date(2026, 7, 1)), cost(-500, month=7, comes_back=True, lost_on=date(2026, 7, 1))
    )
    assert column(found, "recovered") == {"26-07": 500}
    assert column(found, "impaired") == {"26-07": 100}


def test_what_comes_back_beyond_the_asset_lowers_expense():
    found = rows(
        cost(1200, lost_on=date(2026, 7, 1)), cost(-1200, month=7, comes_back=True, lost_on=date(2026, 7, 1))
    )
    assert column(found, "recovered") == {"26-07": 600}
    assert column(found, "expensed") == {"26-07": -600}
    assert "26-07" not in column(found, "impaired")


def test_a_reversal_takes_back_what_was_amortised():
    found = rows(cost(1200), cost(-1200, month=4))
    assert column(found, "amortised") == {"26-01": 100, "26-02": 100, "26-03": 100, "26-04": -300}
    assert found[-1]["closing"] == 0


def test_a_late_cost_of_a_lost_deal_is_written_off():
    found = rows(cost(1200, lost_on=date(2026, 3, 1)), cost(60, month=5, lost_on=date(2026, 3, 1)))
    assert column(found, "impaired") == {"26-03": 1000, "26-05": 60}


def test_deals_do_not_pay_for_each_other():
    gone = {"lost_on": date(2026, 2, 1), "deal": "gone"}
    found = rows(cost(1200), cost(1200, **gone), cost(-1200, month=2, comes_back=True, **gone))
    assert column(found, "recovered") == {"26-02": 1100}


def test_components_and_currencies_have_schedules_of_their_own():
    found = rows(cost(), cost(component_id="bonus"), cost(currency="JPY", amount=100, benefit=3))
    assert len({(row["component_id"], row["currency"]) for row in found}) == 3
    assert [row["amortised"] for row in found if row["currency"] == "JPY"] == [33, 34, 33]


def test_a_cost_outside_the_months_is_refused():
    with pytest.raises(ValueError, match="outside"):
        rows(cost(year=2031))


def test_no_costs_no_rows():
    assert rows() == []


# -- costs of a run


def run_of(*sales, plan=None, **more):
    of = line(1, sum(each["amount"] for each in sales) / 10 + more.pop("besides", 0))
    given = inputs(*sales)
    return paid(
        plan or hand_made.plan(), [of], [part(of, each, each["amount"] / 10) for each in sales], given
    ), given


def test_costs_follow_deals_and_their_terms():
    run, given = run_of(sale("a", term_months=36), sale("b", amount=500, term_months=12))
    found = {row["deal_id"]: row for row in costs(run, given, Policy()).to_pylist()}
    assert (found["a"]["amount"], found["a"]["benefit_months"]) == (100, 36)
    assert (found["b"]["amount"], found["b"]["benefit_months"]) == (50, 0)


def test_the_policy_says_for_how_long():
    run, given = run_of(sale("a", type="new"), sale("b", type="renewal", term_months=48))
    policy = Policy(benefit_months=60, benefit={"renewal": 0})
    assert {row["deal_id"]: row["benefit_months"] for row in costs(run, given, policy).to_pylist()} == {
        "a": 60,
        "b": 48,
    }


def test_only_some_components_are_costs_of_contracts():
    run, given = run_of(sale("a", term_months=36))
    assert costs(run, given, Policy(components=("other",)))["benefit_months"].to_pylist() == [0]


def test_what_follows_from_no_deal_is_expensed():
    run, given = run_of(sale("a", term_months=36), besides=7)
    found = [row for row in costs(run, given, Policy()).to_pylist() if not row["deal_id"]]
    assert [(row["amount"], row["benefit_months"]) for row in found] == [(7, 0)]


def test_a_true_up_without_a_deal_is_expensed():
    of, deal = line(1, 130), sale("a", term_months=36)
    true_up = part(of, deal, 30, transaction_id="", deal_id="")
    given = inputs(deal)
    run = paid(hand_made.plan(), [of], [part(of, deal, 100), true_up], given)
    found = costs(run, given, Policy()).to_pylist()
    assert {(row["deal_id"], row["amount"], row["benefit_months"]) for row in found} == {
        ("a", 100, 36),
        ("", 30, 0),
    }


def test_held_pay_is_a_cost_when_it_is_earned_and_only_then():
    run, given = run_of(sale("a", released_on=date(2026, 3, 1)), plan=hand_made.plan(hold=Hold()))
    assert [(row["month_start"].month, row["amount"]) for row in costs(run, given, Policy()).to_pylist()] == [
        (1, 100)
    ]


def test_a_cancelled_deal_is_recovered_and_impaired_through_the_run():
    deal = sale("a", amount=36_000, term_months=36, cancelled_on=date(2026, 7, 1))
    run, given = run_of(deal, plan=hand_made.plan(clawback=Clawback("full", 12)))
    found = schedule(costs(run, given, Policy()), FOUR_YEARS).to_pylist()
    assert column(found, "recovered") == {"26-07": 3000}
    assert column(found, "expensed") == {"26-07": -600}


def test_forfeited_held_pay_comes_back():
    deal = sale("a", amount=36_000, term_months=36, cancelled_on=date(2026, 7, 1))
    run, given = run_of(deal, plan=hand_made.plan(hold=Hold(), clawback=Clawback("full", 12)))
    found = schedule(costs(run, given, Policy()), FOUR_YEARS).to_pylist()
    assert column(found, "recovered") == {"26-07": 3000}
    assert found[-1]["closing"] == 0


COST = st.builds(
    cost,
    amount=st.integers(-50_000, 500_000).map(lambda cents: Decimal(cents).scaleb(-2)),
    month=st.integers(1, 12),
    benefit=st.integers(0, 30),
    deal=st.sampled_from("abc"),
    lost_on=st.none() | st.dates(date(2025, 6, 1), date(2027, 6, 1)),
    comes_back=st.just(False),
) | st.builds(
    cost,
    amount=st.integers(-500_000, -1).map(lambda cents: Decimal(cents).scaleb(-2)),
    month=st.integers(1, 12),
    deal=st.sampled_from("abc"),
    comes_back=st.just(True),
)


@settings(max_examples=100, deadline=None)
@given(st.lists(COST, max_size=7))
def test_the_schedule_balances(given_costs):
    found = rows(*given_costs)
    closing = Decimal(0)
    for row in found:
        assert row["opening"] == closing
        capitalised, *less = (row[name] for name in MOVEMENTS)
        assert row["closing"] == row["opening"] + capitalised - sum(less)
        assert row["expense"] == row["expensed"] + row["amortised"] + row["impaired"]
        assert row["recovered"] >= 0
        closing = row["closing"]
    assert closing == 0  # everything has run off after four years
    assert sum(row["expense"] for row in found) == sum(each["amount"] for each in given_costs)
    assert sum(row["capitalised"] + row["expensed"] - row["recovered"] for row in found) == sum(
        each["amount"] for each in given_costs
    )
