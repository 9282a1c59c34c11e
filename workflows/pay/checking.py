"""What is wrong with a plan's text, in the sentences that ``planning.plans`` refuses it with."""

from __future__ import annotations

from compensation.problems import sentence
from planning.plans import Checked
from workflows.pay.examining import examined


def check(text: str) -> Checked:
    """What a plan's text says of itself, and everything that is wrong with it, failed cases among it."""
    plan, problems = examined(text)
    found = tuple(sentence(problem) for problem in problems)
    if plan is None:
        return Checked(problems=found)
    return Checked(plan.id, plan.version, plan.name, plan.currency, plan.valid_from, plan.valid_to, found)
