"""The shape shown is the pay that is calculated: one deal of each size, through cases."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

import pytest

from compensation.calculate import calculate
from compensation.plan.cases import problems_of, run_cases
from compensation.plan.model import Basis
from compensation.plan.shape import Stake, axis, payout
from compensation.problems import sentences
from tests.compensation.plan.texts import plan

COMPONENTS = {
    "flat": "rate = 0.03\ntimes = 2",
    "own": 'rate = "payee"\ntimes = 0.41',
    "marginal": "tiers = [{ from = 100, rate = 0.01 }, { from = 1000, to = 4000, rate = 0.02 }]",
    "whole": 'reading = "whole"\ntiers = [{ from = 0, rate = 0.01 }, { from = 1000, rate = 0.02 }]',
    "whole_lower": 'reading = "whole"\nedge = "lower"\ntiers = [{ from = 0, rate = 0.01 }, { from = 1000, rate = 0.02 }]',
    "interpolated": 'reading = "interpolated"\ntiers = [{ from = 0, amount = 10 }, { from = 1000, to = 3000, amount = 40 }]',
    "attained": 'basis = "attainment"\nrate = "target"\nweight = 0.5\ntiers = [{ from = 0, rate = 1 }, { from = 1, rate = 1.5 }]',
    "curve": 'pays = "target"\nweight = 0.5\ncurve = [[0.5, 0.4], [1, 1], [1, 1.2], ["5/3", 2]]\nbeyond = 0.5',
    "capped": "rate = 0.5\ncaps = { period = 700 }",
}
STAKE = Stake(quota=Fraction(3000), target=Fraction(900), rate=Fraction(8, 100))
HEAD = 'plan = "p"\nvalid_from = 2026-01-01\n[measures.m]\n'
PAYEE = "payee = { target_incentive = 3600, rate = 0.08, quotas = { m = 12000 } }"


def text(value: str) -> str:
    parts = [HEAD]
    for name, terms in COMPONENTS.items():
        pays = "" if "pays =" in terms else 'pays = "rate"\n'
        parts.append(f'[[components]]\nid = "{name}"\nmeasure = "m"\nperiod = "quarter"\n{pays}{terms}\n')
    expected = [f'{{ component = "{name}", amount = {shown(name, value)} }}' for name in COMPONENTS]
    deals = f"deals = [{{ date = 2026-02-01, amount = {value} }}]\npays = [{', '.join(expected)}]\n"
    return "".join([*parts, f'[[cases]]\nname = "{value}"\n{PAYEE}\n', deals])


def shown(name: str, value: str) -> Decimal:
    terms = COMPONENTS[name]
    pays = "" if "pays =" in terms else 'pays = "rate"\n'
    made = plan(
        f'{HEAD}[[components]]\nid = "c"\nmeasure = "m"\nperiod = "quarter"\n{pays}{weighted(terms)}'
    ).components[0]
    at = Fraction(value) / (STAKE.quota if axis(made) is Basis.ATTAINMENT else 1)
    exact = payout(made, STAKE, at)
    return (Decimal(exact.numerator) / exact.denominator).quantize(Decimal("0.01"), ROUND_HALF_UP)


def weighted(terms: str) -> str:
    """Terms whose weight is beside another's in the plan, with one that makes up the whole when alone."""
    other = '[[components]]\nid = "other"\npays = "objective"\nperiod = "year"\nweight = 0.5\n'
    return f"{terms}\n{other}" if "weight = 0.5" in terms else terms


@pytest.mark.parametrize(
    "value", ["50", "100", "999.99", "1000", "1000.01", "1500", "2999.99", "3000", "4000", "5000", "9000"]
)
def test_one_deal_pays_what_the_curve_shows(value: str):
    (result,) = run_cases(plan(text(value)), calculate)
    assert result.passed, sentences(problems_of(result))
