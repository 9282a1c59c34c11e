"""``manage.py payouts`` without a store: a plan checked, and pay from two plain files."""

from __future__ import annotations

import argparse
import sys
from datetime import date

from commands.payouts_output import refuse, tell, text_of, write
from commands.payouts_words import about
from workflows.pay import from_files
from workflows.pay.examining import examined


def check(arguments: argparse.Namespace) -> None:
    """Say whether a plan can be used, after running its cases."""
    plan, problems = examined(text_of(arguments.plan), arguments.plan.name)
    refuse(problems)
    assert plan is not None  # without a plan there are problems
    print(f"{plan.name}, version {plan.version}, from {plan.valid_from}: {len(plan.components)} components.")
    print(f"All {len(plan.cases)} cases come out as the plan says." if plan.cases else "It carries no cases.")


def pay(arguments: argparse.Namespace) -> None:
    """Pay a file of transactions by a plan."""
    plan, rows = arguments.plan, arguments.transactions
    after = _next(arguments.end) if arguments.end else None
    paid = from_files.pay(text_of(plan), plan.name, text_of(rows), rows.name, arguments.start, after)
    refuse(paid.problems)
    assert paid.plan is not None  # as above
    if paid.unassigned:
        print(f"On no assignment of the plan: {', '.join(paid.unassigned)}.", file=sys.stderr)
    tell(paid.run, about(paid.start, paid.end))
    write(paid.run, [paid.plan], arguments)


def _next(month: date) -> date:
    return date(month.year + month.month // 12, month.month % 12 + 1, 1)
