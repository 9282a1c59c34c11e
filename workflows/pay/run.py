"""One calculation over the store: everybody's pay for whoever may see it, else one's own."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import date

import pyarrow.compute as pc

from compensation.calculate import calculate
from compensation.inputs import Order
from compensation.plan.model import Plan
from compensation.run import Problem, Run
from metrics.periods import calendar_of
from warehouse.access import OWNER, Viewer
from warehouse.engine import Session
from workflows.pay import rights
from workflows.pay.cuts import of_lines, within
from workflows.pay.evidence import Computed
from workflows.pay.inputs import book as book_of
from workflows.pay.inputs import inputs, tells_products_apart


def run(
    session: Session, viewer: Viewer, start: date, end: date, *, book: Sequence[Plan] | None = None
) -> Run:
    """Pay of the months from ``start`` until before ``end``, as the store knows it now.

    Whoever may see everybody's pay gets everybody's, anybody else their own. ``book`` takes the place of
    the plans in force: what would have been paid. What could not be computed is in ``problems``.

    Raises:
        AccessDenied: a stranger.
        MetricError: the months lie outside the store's calendar.
    """
    rights.require_known(viewer)
    if rights.reads_all(viewer):
        return within(compute(session, viewer, start, end, book=book).run, start, end)
    plans = book if book is not None else plans_in_force(session, viewer)[0]
    if any(shares_a_budget(plan) for plan in plans):
        # What people share out between them can only be shared out when all of them are looked at.
        whole = compute(session, OWNER, start, end, book=book).run
        return own(within(whole, start, end), viewer.key)
    alone = within(compute(session, viewer, start, end, book=book, reps=(viewer.key,)).run, start, end)
    return replace(own(alone, viewer.key), problems=alone.problems)


def plans_in_force(session: Session, viewer: Viewer) -> tuple[tuple[Plan, ...], tuple[Problem, ...]]:
    """The plans a viewer may see, each for the days it holds, and what is wrong with those that are not there."""
    plans, problems = book_of(session, viewer)
    return in_force(plans), tuple(problems)


def compute(
    session: Session,
    viewer: Viewer,
    start: date,
    end: date,
    *,
    book: Sequence[Plan] | None = None,
    reps: Collection[str] | None = None,
) -> Computed:
    """Calculate with the viewer's eyes; the inputs reach as far back as balances and held pay need."""
    plans, problems = (in_force(book), ()) if book is not None else plans_in_force(session, viewer)
    since = _since(session, plans, start)
    given = inputs(session, viewer, since, end, reps, by_line=tells_products_apart(plans))
    order = Order(plans, start, end, session.version.as_of)
    found = calculate(order, given)
    return Computed(order, given, replace(found, problems=(*problems, *found.problems)))


def in_force(plans: Sequence[Plan]) -> tuple[Plan, ...]:
    """The plans without days on which a later version of the same plan holds."""
    found = []
    for plan in plans:
        later = [other.valid_from for other in plans if other.id == plan.id and other.version > plan.version]
        end = min([plan.valid_to, *later])
        if plan.valid_from < end:
            found.append(plan if end == plan.valid_to else replace(plan, valid_to=end))
    return tuple(found)


def _since(session: Session, plans: Sequence[Plan], start: date) -> date:
    """Where the inputs begin: at the first plan where something is carried from month to month."""
    if not any(_carries(plan) for plan in plans):
        return start
    calendar = calendar_of(session)
    first = max(min(plan.valid_from for plan in plans), calendar.all("month")[0].start)
    return calendar.of("month", min(first, start)).start


def _carries(plan: Plan) -> bool:
    waits = any(component.hold or component.clawback for component in plan.components)
    # A draw that is never recovered leaves nothing behind it.
    return waits or (plan.draw is not None and plan.draw.kind == "recoverable")


def shares_a_budget(plan: Plan) -> bool:
    """Whether a plan has something its payees share out between them."""
    return any(
        part.spif and (part.spif.budget is not None or part.spif.share == "rank") for part in plan.components
    )


def own(found: Run, key: str) -> Run:
    """One person's part of everybody's run; of problems only those that are about them."""
    lines = found.lines.filter(pc.equal(found.lines["rep"], key))
    balances = found.balances.filter(pc.equal(found.balances["rep"], key))
    problems = tuple(problem for problem in found.problems if ("rep", key) in problem.fields)
    return Run(lines, of_lines(found.trace, lines), balances, problems)
