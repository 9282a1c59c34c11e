from datetime import date

import pytest

from compensation.after.adjust import adjustments
from compensation.after.statement import TEMPLATES, sentence, statement
from compensation.run import LINES
from tests.compensation.engine import deal, plan_of, run_of


def component(body, pays="rate", period="month"):
    return f"""
[[components]]
id = "commission"
name = "Commission"
pays = "{pays}"
measure = "bookings"
period = "{period}"
{body}
"""


def assigned(body="", quota=0):
    quotas = f"quotas = {{ bookings = {quota} }}" if quota else ""
    return f'\n[[assignments]]\nrep = "ana"\nfrom = 2026-01-01\n{quotas}\n{body}\n'


def told(plan, deals, kind="earning", month=1, end=date(2027, 1, 1)):
    """Steps and deals of the first line of a kind and month, in English."""
    run = run_of(plan, deals, end=end)
    rows = run.lines.to_pylist()
    line = next(row for row in rows if row["kind"] == kind and row["pay_start"].month == month)
    trace = [row for row in run.trace.to_pylist() if row["line_id"] == line["line_id"]]
    after = [row for row in rows if row["line_id"].startswith(f"{line['line_id']}|")]
    found = statement(line, trace, plan, after)
    return [sentence(step) for step in found.steps], [sentence(step) for step in found.deals]


def test_a_rate():
    steps, deals = told(plan_of(assigned() + component("rate = 0.05")), [deal(1, 1000, "a")])
    assert steps == [
        "Credited: 1,000.00.",
        "5 % of 1,000.00 = 50.00 USD.",
        "50.00 USD with the month of 2026-01-01.",
    ]
    assert deals == ["2026-01-10, deal a: 1,000.00 credited, which earned 50.00."]


def test_a_shared_deal():
    plan = plan_of(assigned() + component("rate = 0.1"))
    rows = [
        deal(1, 80_000, "a", deal="d", split="70%"),
        deal(1, 80_000, "b", deal="d", rep="ben", split="30%"),
    ]
    assert told(plan, rows)[1] == [
        "2026-01-10, deal d: 56,000.00 credited of 80,000.00 (share 70 %, rule split), which earned 5,600.00."
    ]


def test_marginal_tiers_are_told_tier_by_tier():
    tiers = (
        "tiers = [{ from = 0, rate = 0.01 }, { from = 10000, rate = 0.02 }, { from = 50000, rate = 0.03 }]"
    )
    steps, _ = told(plan_of(assigned() + component(tiers)), [deal(1, 20_000), deal(1, 40_000, day=11)])
    assert steps[1:4] == [
        "Tier 1 (from 0.00 USD): 1 % of 10,000.00 = 100.00 USD.",
        "Tier 2 (from 10,000.00 USD): 2 % of 40,000.00 = 800.00 USD.",
        "Tier 3 (from 50,000.00 USD): 3 % of 10,000.00 = 300.00 USD.",
    ]


def test_tiers_of_attainment_say_where_they_start():
    body = 'tiers = [{ from = 0, rate = 0.02 }, { from = 0.8, rate = 0.05 }]\nbasis = "attainment"'
    steps, _ = told(plan_of(assigned(quota=1_200_000) + component(body)), [deal(1, 90_000)])
    assert steps[:3] == [
        "Credited 90,000.00 of quota 100,000.00: 90 %.",
        "Tier 1 (from 0 %): 2 % of 80,000.00 = 1,600.00 USD.",
        "Tier 2 (from 80 %): 5 % of 10,000.00 = 500.00 USD.",
    ]


def test_whole_amount_tiers_say_that_everything_counts():
    body = 'reading = "whole"\ntiers = [{ from = 0, rate = 0.01 }, { from = 50000, rate = 0.03 }]'
    steps, _ = told(plan_of(assigned() + component(body)), [deal(1, 60_000)])
    assert (
        steps[1] == "The total reaches tier 2 (from 50,000.00 USD): 3 % of everything, together 1,800.00 USD."
    )


def test_interpolated_tiers():
    body = 'reading = "interpolated"\ntiers = [{ from = 0, to = 1000, amount = 10 }]'
    steps, _ = told(plan_of(assigned() + component(body)), [deal(1, 250)])
    assert steps[1] == "Tier 1 (from 0.00 USD) is worth 10.00 USD in all; 25 % of it was reached = 2.50 USD."


def test_tiers_of_each_deal_alone():
    body = 'accumulate = "none"\ntiers = [{ from = 0, rate = 0.01 }, { from = 50000, rate = 0.03 }]'
    steps, _ = told(plan_of(assigned() + component(body)), [deal(1, 1000)])
    assert steps[1] == "Each deal goes through the tiers by itself, together 10.00 USD."


def test_tiers_that_are_multiples_of_ones_own_rate_are_told_with_it():
    body = 'rate = "payee"\ntiers = [{ from = 0, rate = 1 }, { from = 1000, rate = 2 }]'
    steps, _ = told(plan_of(assigned("rate = 0.1") + component(body)), [deal(1, 1500)])
    assert steps[1:3] == [
        "Tier 1 (from 0.00 USD): 10 % of 1,000.00 = 100.00 USD.",
        "Tier 2 (from 1,000.00 USD): 20 % of 500.00 = 100.00 USD.",
    ]


def test_tiers_that_cannot_be_told_apart_say_which_were_reached():
    # The target rate is a third, which no rate of six places comes to.
    body = 'weight = 1.0\nrate = "target"\ntiers = [{ from = 0, rate = 1 }, { from = 1000, rate = 2 }]'
    plan = plan_of(assigned("target_incentive = 400000", quota=1_200_000) + component(body))
    steps, _ = told(plan, [deal(1, 999_999)])
    assert steps[1].startswith("Tiers 1 to 2 of the plan’s table were reached; together ")


def test_a_curve():
    body = "weight = 1.0\ncurve = [[0.5, 0.5], [1.0, 1.0]]"
    plan = plan_of(assigned("target_incentive = 12000", quota=1_200_000) + component(body, pays="target"))
    steps, _ = told(plan, [deal(1, 91_200)])
    assert steps[:2] == [
        "Credited 91,200.00 of quota 100,000.00: 91.2 %.",
        "There the curve pays 91.2 % of the target incentive of 1,000.00 USD = 912.00 USD.",
    ]


def test_modifiers_and_caps():
    body = """
rate = 0.1
caps = { period = 100 }
[[components.modifiers]]
kind = "multiplier"
name = "activity"
measure = "bookings"
basis = "value"
steps = [{ at = 1000, times = 1.5 }]
"""
    steps, _ = told(plan_of(assigned() + component(body)), [deal(1, 2000)])
    assert steps[1:4] == [
        "10 % of 2,000.00 = 200.00 USD.",
        "× 1.5 for activity (reached 2,000).",
        "A cap or a budget took 200.00 USD of it.",
    ]


HELD = component('rate = 0.1\nhold = { until = "paid" }\nclawback = { kind = "pro_rata", months = 12 }')
EVENTS = [deal(1, 1200, "a"), {"event": "paid", "deal": "a", "date": "2026-03-05", "amount": ""}]


def test_held_and_released():
    plan = plan_of(assigned() + HELD)
    assert told(plan, EVENTS)[0][2:] == [
        "120.00 USD of it is held until the invoice is paid.",
        "120.00 USD of it was released with the month of 2026-03-01.",
        "0.00 USD with the month of 2026-01-01.",
    ]
    assert (
        told(plan, EVENTS, "held")[0][0]
        == "Earned for 2026-01-01 to 2026-01-31, and held until the invoice is paid."
    )
    released = told(plan, EVENTS, "released", 3)
    assert released[0][0].endswith("held until the invoice is paid, which has happened.")
    assert released[1] == ["2026-01-10, deal a: 120.00."]


def test_clawback():
    gone = {"event": "cancelled", "deal": "a", "date": "2026-05-12", "amount": ""}
    steps, deals = told(plan_of(assigned() + HELD), [*EVENTS, gone], "clawback", 5)
    assert steps == [
        "Of what was paid for 2026-01-01 to 2026-01-31, this comes back because its deal was cancelled.",
        "The plan takes back the share of the deal’s term that was not used.",
        "-80.00 USD with the month of 2026-05-01.",
    ]
    assert deals == ["2026-01-10, deal a: -80.00."]


DRAW = '\n[draw]\nkind = "recoverable"\namount = 1500\nforgive_after = 2\n'


@pytest.mark.parametrize(
    ("kind", "month", "says"),
    [
        (
            "draw",
            1,
            [
                "The month’s minimum is 1,500.00; 500.00 was earned, so 1,000.00 is paid on top.",
                "The balance of the draw is now 1,000.00.",
                "1,000.00 USD with the month of 2026-01-01.",
            ],
        ),
        (
            "recovery",
            2,
            [
                "2,100.00 was earned, 600.00 above the minimum; 600.00 pays back the balance of 1,000.00.",
                "The balance of the draw is now 400.00.",
                "-600.00 USD with the month of 2026-02-01.",
            ],
        ),
        (
            "forgiveness",
            3,
            [
                "400.00 of the draw’s balance is old enough to be forgiven; no money moves.",
                "0.00 USD with the month of 2026-03-01.",
            ],
        ),
    ],
)
def test_draws(kind, month, says):
    plan = plan_of(DRAW + assigned() + component("rate = 0.1"))
    deals = [deal(1, 5000), deal(2, 21_000), deal(3, 15_000)]
    assert told(plan, deals, kind, month, date(2026, 4, 1))[0] == says


def test_adjustments():
    plan = plan_of(assigned() + component("rate = 0.1"))
    then, now = (run_of(plan, [deal(1, 1000, "a"), *more]) for more in ([], [deal(1, 500, "b", deal="x")]))
    (line,) = adjustments(now, then, LINES.empty_table(), date(2026, 4, 1), [date(2026, 1, 1)]).to_pylist()
    assert [sentence(step) for step in statement(line, [], plan).steps] == [
        "Puts right what was paid with the month of 2026-01-01 for 2026-01-01 to 2026-01-31.",
        "Transaction b (deal x) came after the month was closed.",
        "50.00 USD with the month of 2026-04-01.",
    ]


def test_an_adjustment_without_transactions_says_what_else_changed():
    plans = [plan_of(assigned() + component(f"rate = {rate}")) for rate in ("0.1", "0.2")]
    then, now = (run_of(plan, [deal(1, 1000, "a")]) for plan in plans)
    (line,) = adjustments(now, then, LINES.empty_table(), date(2026, 4, 1), [date(2026, 1, 1)]).to_pylist()
    assert (
        sentence(statement(line, []).steps[1]) == "Other transactions of which the part changed with it: 1."
    )


def test_a_line_is_told_without_its_plan():
    run = run_of(plan_of(assigned() + component("rate = 0.1")), [deal(1, 1000, "a")])
    line = run.lines.to_pylist()[0]
    assert [sentence(step) for step in statement(line, []).steps] == [
        "Credited: 1,000.00.",
        "Earned before modifiers: 100.00 USD.",
        "100.00 USD with the month of 2026-01-01.",
    ]


def test_units_are_told_as_pieces():
    body = "tiers = [{ from = 0, rate = 10 }, { from = 3, rate = 12.5 }]"
    text = (
        component(body, pays="per_unit").replace('"bookings"', '"sensors"')
        + '\n[measures.sensors]\nof = "units"\n'
    )
    steps, _ = told(plan_of(assigned() + text), [deal(1, 100, "a", units=5)])
    assert steps[1:3] == [
        "Tier 1 (from 0): 3 × 10.00 USD = 30.00 USD.",
        "Tier 2 (from 3): 2 × 12.50 USD = 25.00 USD.",
    ]


def test_every_template_can_be_filled():
    assert all(text[0].isalnum() or text[0] in "{×" for text in TEMPLATES.values())
    assert list(TEMPLATES) == sorted(TEMPLATES)
