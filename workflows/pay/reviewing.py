"""A month of everybody's pay, ready to be reviewed: lines, what they are compared with, and what stands out."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc

from compensation.after.payroll import Payroll, payroll
from compensation.after.reconcile import Reconciliation
from compensation.after.reconcile import reconcile as compared
from compensation.plan.model import Period as Kind
from compensation.plan.model import Plan
from compensation.run import LINES, Run
from metrics.periods import Period, calendar_of
from planning.periods import refuse_closing
from planning.refusals import Refused
from warehouse.access import Viewer
from warehouse.database import Database
from warehouse.engine import Session
from workflows.pay import rights
from workflows.pay.evidence import Computed, Month, closed_months, plans_of
from workflows.pay.publishing import NAME
from workflows.pay.recorded import recorded
from workflows.pay.run import compute, plans_in_force
from workflows.pay.settling import settled

Progress = Callable[[str], None]
"""Told the id of each step as it begins: ``reading``, ``calculating`` or ``comparing``."""


@dataclass(frozen=True)
class Review:
    """A month as it stands; ``run`` is what it pays, adjustments of closed months among it."""

    month: Period
    run: Run
    plans: tuple[Plan, ...]
    computed: Computed | None  # what it was computed from; None for a closed month
    before: pa.Table  # lines of the period before each component's (LINES)
    recorded: pa.Table  # payouts of the month (recorded.COLUMNS)
    closed: bool
    why_not: Refused | None  # why its turn to be closed has not come; None: it has
    over: bool  # whether the month is over on the day the data stands at

    @cached_property
    def digest(self) -> str:
        """Of what would be paid: hand it to ``close`` to close this and nothing else."""
        return self.run.digest

    @cached_property
    def payroll(self) -> Payroll:
        """Rows a payee and control totals, as payroll would get them."""
        return payroll(self.run.lines, self.month.start)

    @cached_property
    def compared(self) -> Reconciliation:
        """What the plans say against what other sources sent."""
        others = pc.not_equal(self.recorded["source_system"], NAME)
        return compared(self.run.lines, self.recorded.filter(others))

    @cached_property
    def paid_elsewhere(self) -> bool:
        """Whether another source sent payouts of the month."""
        return bool(pc.any(pc.not_equal(self.recorded["source_system"], NAME)).as_py())


def review(
    root: Path,
    database: Database,
    session: Session,
    viewer: Viewer,
    month: Period,
    progress: Progress = lambda _: None,
) -> Review:
    """Everything there is to look at of a month.

    Raises:
        AccessDenied: the viewer does not see everybody's pay.
        EvidenceMissing: the month is closed, and what it was computed from is not kept any more.
    """
    rights.require_all(viewer, "Reviewing pay")
    progress("reading")
    months = closed_months(root, database)
    frozen = next((each for each in months if each.start == month.start), None)
    plans = plans_of(frozen) if frozen else plans_in_force(session, viewer)[0]
    first = _first(session, month, plans)
    progress("calculating")
    if frozen is not None:
        found, made = frozen.run, None
        earlier = compute(session, viewer, first, month.start).run.lines if first < month.start else None
    else:
        made = compute(session, viewer, min([first, *(each.start for each in months)]), month.end)
        found = settled(made, [each for each in months if each.start < month.start], month.start, month.end)
        earlier = made.run.lines
    progress("comparing")
    return Review(
        month,
        found,
        tuple(plans),
        made,
        _before(found.lines, earlier, month),
        recorded(session, viewer, month.start, month.end),
        frozen is not None,
        _turn(months, month),
        month.state(session.version.as_of) == "finished",
    )


def _turn(months: list[Month], month: Period) -> Refused | None:
    until = months[-1].end if months else None
    try:
        refuse_closing(until, month.start, month.end, until)
    except Refused as refused:
        return refused
    return None


def _first(session: Session, month: Period, plans: tuple[Plan, ...]) -> date:
    """First day of the months needed to see each component's period before."""
    calendar = calendar_of(session)
    kinds = {part.period for plan in plans for part in plan.components}
    back = 12 if Kind.YEAR in kinds else 3 if Kind.QUARTER in kinds else 1
    earliest = calendar.all("month")[0]
    return (calendar.shift(month, -back) or earliest).start


def _before(lines: pa.Table, earlier: pa.Table | None, month: Period) -> pa.Table:
    """Lines of the periods that ended where those of the month's lines begin, component by component."""
    if earlier is None:
        return LINES.empty_table()
    rows = earlier.filter(pc.less(earlier["pay_start"], month.start))
    began = {
        (row["plan_id"], row["component_id"], row["period_start"])
        for row in lines.select(["plan_id", "component_id", "period_start"]).to_pylist()
    }
    keys = rows.select(["plan_id", "component_id", "period_end"]).to_pylist()
    return rows.filter(pa.array([tuple(row.values()) in began for row in keys], pa.bool_()))
