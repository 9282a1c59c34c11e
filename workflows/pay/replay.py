"""A closed month computed again: as it was, to see that the same comes out, or with another plan."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from compensation.calculate import calculate
from compensation.plan.model import Plan
from compensation.problems import problem
from compensation.run import Run
from warehouse.access import Viewer
from warehouse.database import Database
from workflows.pay import rights
from workflows.pay.cuts import within
from workflows.pay.evidence import Computed, Month, closed_months, inputs_of, order_of, plans_of
from workflows.pay.problems import CannotPay
from workflows.pay.run import own
from workflows.pay.settling import settled


@dataclass(frozen=True)
class Replayed:
    """A closed month computed again."""

    month: Month
    run: Run  # with other plans: what they would have paid, without adjustments of earlier months
    same: bool | None  # whether it is what was paid; None with other plans
    plans: tuple[Plan, ...]

    @property
    def digest(self) -> str:
        """Of what was paid then."""
        return self.month.digest


def replay(
    root: Path, database: Database, viewer: Viewer, day: date, *, instead: Sequence[Plan] = ()
) -> Replayed:
    """Compute the closed month that holds a day from what was kept of it: data, plans, quotas, people.

    Plans in ``instead`` take the place of those with the same id, which is what would have been paid then;
    nothing is said about how people would have sold. Somebody who may not see everybody's pay gets their own.

    Raises:
        AccessDenied: a stranger.
        CannotPay: the month is not closed.
        EvidenceMissing: what it was computed from is not kept any more.
    """
    rights.require_known(viewer)
    month, earlier = closed_month(root, database, day)
    ids = {plan.id for plan in instead}
    plans = (*(plan for plan in plans_of(month) if plan.id not in ids), *instead)
    order, inputs = order_of(month, plans), inputs_of(month)
    computed = Computed(order, inputs, calculate(order, inputs))
    if instead:
        found, same = within(computed.run, month.start, month.end), None
    else:
        found = settled(computed, earlier, month.start, month.end)
        same = found.digest == month.digest
    return Replayed(month, found if rights.reads_all(viewer) else own(found, viewer.key), same, plans)


def paid(root: Path, database: Database, viewer: Viewer, day: date) -> Run:
    """What the closed month that holds a day paid, as it was frozen: everybody's, or one's own.

    Raises:
        AccessDenied: a stranger.
        CannotPay: the month is not closed.
    """
    rights.require_known(viewer)
    month, _ = closed_month(root, database, day)
    held = month.run
    return held if rights.reads_all(viewer) else own(held, viewer.key)


def closed_month(root: Path, database: Database, day: date) -> tuple[Month, list[Month]]:
    """The closed month that holds a day, and those before it.

    Raises:
        CannotPay: it is not closed.
    """
    months = closed_months(root, database)
    for place, month in enumerate(months):
        if month.start <= day < month.end:
            return month, months[:place]
    raise CannotPay([problem("month_not_closed", month=f"{day:%Y-%m}")])
