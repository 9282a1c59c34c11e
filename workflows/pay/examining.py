"""A plan's text looked at: how it reads, and whether the cases it carries come out."""

from __future__ import annotations

from compensation.calculate import calculate
from compensation.plan.cases import failures
from compensation.plan.model import Plan
from compensation.plan.reading import read
from compensation.run import Problem


def examined(text: str, file: str = "plan.toml") -> tuple[Plan | None, list[Problem]]:
    """The plan a text says, and everything that is wrong with it, failed cases among it.

    A plan whose cases fail comes back with its problems: it can be looked at, not come into force.
    """
    plan, problems = read(text, file)
    return plan, [*problems, *(failures(plan, calculate) if plan else ())]
