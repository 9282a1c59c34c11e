"""Which plans in force have a component."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from compensation.plan.model import Component, Plan
from workflows.pay.run import in_force


def having(key: str, plans: Sequence[Plan], today: date) -> list[tuple[Plan, Component]]:
    """The plans in force on a day that have a component, with it."""
    now = [plan for plan in in_force(plans) if plan.valid_from <= today < plan.valid_to]
    return [(plan, each) for plan in now for each in plan.components if each.id == key]


def plans_with(key: str, plans: Sequence[Plan], today: date) -> list[Plan]:
    """The same without the component."""
    return [plan for plan, _ in having(key, plans, today)]
