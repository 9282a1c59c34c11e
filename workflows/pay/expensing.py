"""What commissions cost month by month, as the books have them (ASC 340-40, IFRS 15), from all pay there is."""

from __future__ import annotations

from datetime import date

import pyarrow as pa
import pyarrow.compute as pc

from compensation.after.expense import SCHEDULE, schedule
from compensation.after.expense_costs import Policy, costs
from metrics.periods import calendar_of
from warehouse.access import Viewer
from warehouse.engine import Session
from workflows.pay import rights
from workflows.pay.evidence import Computed
from workflows.pay.run import compute, plans_in_force

__all__ = ["Policy", "expense", "history"]


def history(session: Session, viewer: Viewer, end: date) -> Computed:
    """Everybody's pay from the first plan's first day until before ``end``, as computed now.

    Raises:
        AccessDenied: the viewer does not see everybody's pay.
    """
    rights.require_all(viewer, "The expense schedule")
    calendar, plans = calendar_of(session), plans_in_force(session, viewer)[0]
    known = calendar.all("month")[0].start
    first = max(known, min((plan.valid_from for plan in plans), default=known))
    return compute(session, viewer, calendar.of("month", min(first, end)).start, end)


def expense(computed: Computed, policy: Policy, start: date, end: date) -> pa.Table:
    """The schedule (SCHEDULE) of the months from ``start`` until before ``end``, by plan, component and currency."""
    found = costs(computed.run, computed.inputs, policy)
    if not len(found):
        return SCHEDULE.empty_table()
    rows = schedule(found, computed.inputs.periods, policy)
    month = rows["month_start"]
    return rows.filter(pc.and_(pc.greater_equal(month, start), pc.less(month, end)))
