"""A population made from exact lines: at factor 1 it pays the lines, and moves as the exact calculation would."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise

import numpy as np
import pyarrow as pa
import pytest

from compensation.calculate import calculate
from compensation.inputs import ASSIGNMENTS, HIERARCHY, PERIODS, QUOTAS, TRANSACTIONS, Inputs, Order
from compensation.periods import periods
from compensation.plan.model import Plan
from compensation.plan.reading import plan_of
from compensation.run import Run
from compensation.what_if.assumptions import Assumptions
from compensation.what_if.fast_curves import pays
from compensation.what_if.population import Setting, earning_only, populate
from compensation.what_if.simulate import Population, simulate
from warehouse.settings import Settings

START, END = date(2026, 1, 1), date(2027, 1, 1)
QUARTERS = (START, date(2026, 4, 1), date(2026, 7, 1), date(2026, 10, 1), END)
SELLERS = ("ana", "ben", "cleo", "dan")
MANAGER = "mia"
HEAD = """\
plan = "field"
name = "Field"
valid_from = 2026-01-01
currency = "USD"

[measures.bookings]
of = "amount"
[measures.new_bookings]
of = "amount"
where = { type = "new" }
quota = "bookings"
[measures.sensors]
of = "units"
[credit_rules.team]
kind = "roll_up"
levels = 0
roles = ["manager"]
"""
COMPONENTS = {
    "rate": 'pays = "rate"\nmeasure = "bookings"\nperiod = "month"\nrate = 0.05',
    "payee": 'pays = "rate"\nmeasure = "new_bookings"\nperiod = "quarter"\nrate = "payee"\ntimes = 0.41',
    "target_rate": 'pays = "rate"\nmeasure = "bookings"\nperiod = "quarter"\nweight = 0.5\nrate = "target"',
    "marginal": 'pays = "rate"\nmeasure = "bookings"\nperiod = "quarter"\nbasis = "attainment"\n'
    "tiers = [{ from = 0, rate = 0.01 }, { from = 0.8, rate = 0.03 }, { from = 1.2, rate = 0.05 }]",
    "retroactive": 'pays = "rate"\nmeasure = "bookings"\nperiod = "quarter"\nreading = "whole"\n'
    "tiers = [{ from = 0, rate = 0.01 }, { from = 50000, rate = 0.02 }]",
    "year_to_date": 'pays = "rate"\nmeasure = "bookings"\nperiod = "month"\naccumulate = "year"\n'
    "tiers = [{ from = 0, rate = 0.01 }, { from = 90000, rate = 0.04 }]",
    "deal_tiers": 'pays = "rate"\nmeasure = "bookings"\nperiod = "month"\naccumulate = "none"\n'
    "tiers = [{ from = 0, rate = 0.01 }, { from = 8000, rate = 0.02 }]",
    "bonus": 'pays = "target"\nmeasure = "bookings"\nperiod = "quarter"\nweight = 0.3\n'
    "curve = [[0.7, 0.4], [1.0, 1.0], [1.5, 2.0]]",
    "bonus_to_date": 'pays = "target"\nmeasure = "bookings"\nperiod = "quarter"\nweight = 0.2\naccumulate = "year"\n'
    "curve = [[0.5, 0.0], [1.0, 1.0], [1.5, 2.0]]",
    "units": 'pays = "per_unit"\nmeasure = "sensors"\nperiod = "quarter"\nrate = 12.5\ncaps = { period = 900 }',
    "gated": 'pays = "rate"\nmeasure = "bookings"\nperiod = "quarter"\nrate = 0.01\n'
    '[[components.modifiers]]\nkind = "gate"\nmeasure = "new_bookings"\nat_least = 0.4\n'
    '[[components.modifiers]]\nkind = "multiplier"\nmeasure = "bookings"\n'
    "steps = [{ at = 0.0, times = 0.8 }, { at = 0.9, times = 1.0 }]",
    "unsplit": 'pays = "rate"\nmeasure = "bookings"\nperiod = "quarter"\nreading = "unsplit"\n'
    "tiers = [{ from = 0, rate = 0.01 }, { from = 30000, rate = 0.02 }]",
    "grouped": 'pays = "rate"\nmeasure = "bookings"\nperiod = "quarter"\nreading = "unsplit"\nper = "period"\n'
    "tiers = [{ from = 0, rate = 0.01 }, { from = 30000, rate = 0.02 }]",
    "capped_deals": 'pays = "rate"\nmeasure = "bookings"\nperiod = "quarter"\nrate = 0.05\ncaps = { deal = 300 }',
    "launch": 'pays = "spif"\nmeasure = "sensors"\nperiod = "quarter"\nrate = 20\n'
    'spif = { budget = 2000, share = "pro_rata" }',
    "contest": 'pays = "spif"\nmeasure = "bookings"\nperiod = "quarter"\n'
    'spif = { share = "rank", prizes = [500, 300] }',
    "team": 'pays = "target"\nmeasure = "bookings"\nperiod = "quarter"\nweight = 1\ncredits = ["team"]\n'
    'roles = ["manager"]\ncurve = [[0.7, 0.4], [1.0, 1.0], [1.5, 2.0]]',
}


WEIGHTS = {"target_rate": 0.5, "bonus": 0.3, "bonus_to_date": 0.2}


def plan(*names: str, more: str = "") -> Plan:
    parts = [f'[[components]]\nid = "{name}"\nname = "{name}"\n{COMPONENTS[name]}\n' for name in names]
    rest = round(1 - sum(WEIGHTS.get(name, 0) for name in names), 1)
    if 0 < rest < 1:
        objective = f'pays = "objective"\nperiod = "quarter"\nweight = {rest}'
        parts.append(f'[[components]]\nid = "objectives"\nname = "Objectives"\n{objective}\n')
    return plan_of(HEAD + "\n".join(parts) + more)


def sales(factor: Fraction = Fraction(1)) -> pa.Table:
    """Each seller's deals, about ten a quarter, all amounts times a factor."""
    random = np.random.default_rng(5)
    rows = []
    for rep in SELLERS:
        for number in range(40):
            day = START.toordinal() + int(random.integers(0, 365))
            amount, units = int(random.integers(1000, 12_000)), int(random.integers(1, 9))
            rows.append(
                {
                    "transaction_id": f"{rep}-{number}",
                    "deal_id": f"{rep}-{number}",
                    "rep": rep,
                    "kind": "direct",
                    "date": date.fromordinal(day),
                    "amount": Decimal(str(float(amount * factor))),
                    "share": Decimal(1),
                    "currency": "USD",
                    "units": Decimal(str(float(units * factor))),
                    "type": "new" if random.random() < 0.5 else "renewal",
                }
            )
    return pa.Table.from_pylist(rows, schema=TRANSACTIONS)


def inputs(factor: Fraction = Fraction(1)) -> Inputs:
    def row(rep: str, role: str, target: int) -> dict[str, object]:
        days = {"valid_from": START, "valid_to": date(9999, 12, 31)}
        own = {"target_incentive": Decimal(target), "rate": Decimal("0.08"), "currency": "USD"}
        return {"plan_id": "field", "rep": rep, "role": role, **days, **own}

    people = [*(row(rep, "account_executive", 40_000) for rep in SELLERS), row(MANAGER, "manager", 80_000)]
    quotas = [
        {
            "rep": rep,
            "scope": scope,
            "measure": "bookings",
            "start": first,
            "end": last,
            "amount": amount,
            "currency": "USD",
        }
        for first, last in pairwise(QUARTERS)
        for rep, scope, amount in [
            *((rep, "rep", Decimal(65_000)) for rep in SELLERS),
            (MANAGER, "team", Decimal(250_000)),
        ]
    ]
    above = [
        {"rep": rep, "manager": MANAGER, "valid_from": START, "valid_to": date(9999, 12, 31)}
        for rep in SELLERS
    ]
    return Inputs(
        transactions=sales(factor),
        periods=periods(Settings(), START, date(2026, 12, 31)).cast(PERIODS),
        assignments=pa.Table.from_pylist(people, schema=ASSIGNMENTS),
        quotas=pa.Table.from_pylist(quotas, schema=QUOTAS),
        hierarchy=pa.Table.from_pylist(above, schema=HIERARCHY),
    )


def run(found: Plan, factor: Fraction = Fraction(1)) -> Run:
    made = calculate(Order((earning_only(found),), START, END, END), inputs(factor))
    assert not made.problems
    return made


def setting(**more) -> Setting:
    rates = {rep: ((START, date(9999, 12, 31), 0.08),) for rep in (*SELLERS, MANAGER)}
    people = tuple(sorted((*SELLERS, MANAGER)))
    return Setting(people, QUARTERS, (START, END), {"USD": 1.0}, rates, **more)


def paid(found: Population, factor: float) -> dict[tuple[str, str, int], float]:
    """What every row pays at a factor, by component, person and first day."""
    out = {}
    for component, rows in found.rows:
        amounts = pays(component, rows, np.array([[factor]]))[:, 0]
        for unit, start, amount in zip(rows.unit, rows.pool, amounts, strict=True):
            rep = found.roster.people[found.unit_person[unit]]
            out[component.id, rep, int(start)] = float(amount)
    return out


def exact(made: Run) -> dict[tuple[str, str, int], float]:
    return {
        (row["component_id"], row["rep"], (row["period_start"] - date(1970, 1, 1)).days): float(row["amount"])
        for row in made.lines.to_pylist()
    }


def agree(found: dict, expected: dict, cents: float = 0.011) -> None:
    assert found.keys() == expected.keys()
    off = {key: (found[key], expected[key]) for key in found if abs(found[key] - expected[key]) > cents}
    assert not off


SHARED = ("launch", "contest")
"""Out of a budget: not a row's own."""
EVERYTHING = tuple(name for name in COMPONENTS if name not in (*SHARED, "unsplit"))
OF_TOTALS = [name for name in EVERYTHING if name not in ("deal_tiers", "capped_deals")]
"""What depends on totals alone, however large the deals were."""


def test_the_lines_themselves_are_paid_to_a_cent() -> None:
    found = plan(*EVERYTHING)
    made = run(found)
    earned = {component for (component, _, _), amount in exact(made).items() if amount > 0}
    assert earned == set(EVERYTHING)
    agree(paid(populate(found, made, setting()), 1.0), exact(made))


@pytest.mark.parametrize("factor", [Fraction(1, 4), Fraction(3, 4), Fraction(5, 4), Fraction(2)])
def test_a_grid_of_outcomes_is_paid_as_the_exact_calculation_pays_it(factor) -> None:
    """Every deal larger or smaller by the factor: the same totals as so many more or fewer deals."""
    found = plan(*OF_TOTALS)
    agree(paid(populate(found, run(found), setting()), float(factor)), exact(run(found, factor)))


def test_deals_that_are_never_split_are_paid_as_if_they_were_of_one_size() -> None:
    found = plan("unsplit")
    made = run(found)
    ours = sum(paid(populate(found, made, setting()), 1.0).values())
    assert ours == pytest.approx(sum(exact(made).values()), rel=0.03)


@pytest.mark.parametrize("name", SHARED)
def test_a_budget_is_shared_out_as_the_lines_say(name) -> None:
    found = plan(name)
    made = run(found)
    one = simulate({"now": populate(found, made, setting())}, Assumptions(spread=0.0, draws=3)).outcomes[
        "now"
    ]
    by_rep = {rep: sum(a for (_, who, _), a in exact(made).items() if who == rep) for rep in setting().people}
    assert dict(zip(setting().people, one.mean_pay, strict=True)) == pytest.approx(by_rep, abs=0.05)


def test_without_chance_the_simulation_costs_what_the_replay_did() -> None:
    found = plan(*EVERYTHING, *SHARED, more="\n[policy]\nyear_cap = 30000\n")
    made = run(found)
    one = simulate({"now": populate(found, made, setting())}, Assumptions(spread=0.0, draws=50)).outcomes[
        "now"
    ]
    total = sum(exact(made).values())
    assert one.cost == pytest.approx(total, abs=1.0)
    by_rep = dict.fromkeys(setting().people, 0.0)
    for (_, rep, _), amount in exact(made).items():
        by_rep[rep] += amount
    assert max(by_rep.values()) == pytest.approx(30_000), "the cap of the year binds somewhere"
    assert dict(zip(setting().people, one.mean_pay, strict=True)) == pytest.approx(by_rep, abs=0.5)


def test_a_manager_moves_with_the_team() -> None:
    found = populate(plan("team"), run(plan("team")), setting())
    assert {tuple(sorted(mix.members // 4)) for mix in found.mixes} == {(0, 1, 2, 3)}
    assert all(mix.shares.sum() == pytest.approx(1) for mix in found.mixes)
    assert len(found.mixes) == 4, "one a quarter"


def test_a_month_moves_with_its_quarter_and_a_seller_with_their_own() -> None:
    found = populate(plan("rate"), run(plan("rate")), setting())
    _, rows = found.rows[0]
    people = [found.roster.people[found.unit_person[unit]] for unit in rows.unit]
    assert not found.mixes
    drivers = {(rep, int(driver)) for rep, driver in zip(people, rows.driver, strict=True) if rep == "ben"}
    assert drivers == {("ben", 4), ("ben", 5), ("ben", 6), ("ben", 7)}


def test_what_is_expected_moves_what_was_credited() -> None:
    expected = np.ones((5, 4))
    expected[setting().people.index("ben")] = 1.5
    rates = plan("rate")
    plain, more = (populate(rates, run(rates), setting(expected=each)) for each in (None, expected))
    found, base = paid(more, 1.0), paid(plain, 1.0)
    assert all(found[key] == pytest.approx(base[key] * (1.5 if key[1] == "ben" else 1)) for key in base)


def test_a_manager_expects_what_the_team_does() -> None:
    expected = np.full((5, 4), 1.2)
    team = plan("team")
    _, rows = populate(team, run(team), setting(expected=expected)).rows[0]
    _, plain = populate(team, run(team), setting()).rows[0]
    assert rows.counted == pytest.approx(plain.counted * 1.2)


def test_what_comes_after_earning_is_left_out_and_named() -> None:
    more = '\n[draw]\nkind = "recoverable"\namount = 1500\n'
    found = plan("rate", more=more)
    found = replace(found, components=(replace(found.components[0], hold=None),))
    assert populate(found, run(found), setting()).left_out == ("draw",)


def test_somebody_not_in_the_roster_is_refused() -> None:
    with pytest.raises(ValueError, match="not in the roster"):
        populate(plan("rate"), run(plan("rate")), replace(setting(), people=("ana", "ben")))


def test_a_plan_nobody_is_on_costs_nothing() -> None:
    found = replace(plan("rate"), id="other")
    empty = populate(found, run(plan("rate")), setting())
    assert simulate({"now": empty}, Assumptions(draws=50)).outcomes["now"].cost == pytest.approx(0)
