"""The engine against an independent, slow reckoning in fractions, on random plans."""

from __future__ import annotations

from collections import defaultdict
from decimal import Decimal
from random import Random

import pytest

from tests.compensation import made, oracle


def by_period(plan, deals):
    """The engine's amounts by person, component and period; several where terms change inside one."""
    found = defaultdict(list)
    for row in made.run(plan, deals).lines.to_pylist():
        found[row["rep"], row["component_id"], row["period_start"]].append(row["amount"])
    return {key: sorted(amounts) for key, amounts in found.items()}


def slowly(plan, deals):
    """The same from the oracle."""
    found = defaultdict(list)
    for (rep, component, period, _), amount in oracle.lines(plan, deals).items():
        found[rep, component, period].append(Decimal(amount.numerator) / Decimal(amount.denominator))
    return {key: sorted(amounts) for key, amounts in found.items()}


@pytest.mark.parametrize("block", range(8))
def test_every_line_equals_the_slow_reckoning(block):
    for seed in range(block * 30, block * 30 + 30):
        dice = Random(seed)
        plan, deals = made.a_plan(dice), made.some_deals(dice) + made.some_scores(dice)
        assert by_period(plan, deals) == slowly(plan, deals), f"seed {seed}: {plan.components}"
