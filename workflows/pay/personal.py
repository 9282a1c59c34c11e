"""One person's pay of a month: what was recorded, what the plans say of it, and what still waits.

Who may look is decided by ``warehouse.access``: everybody at their own, whoever sees all pay at anybody's, a
manager at a report's where the settings grant it, and then only at what was earned on days the rep was theirs.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from compensation.after.reconcile import Reconciliation
from compensation.after.reconcile import reconcile as compared
from compensation.plan.model import Plan
from compensation.run import LINES, Run
from metrics.periods import Period, calendar_of
from warehouse.access import OWNER, AccessDenied, Viewer
from warehouse.database import Database
from warehouse.engine import Session, base, token
from workflows.pay import rights
from workflows.pay.cuts import of_lines, within
from workflows.pay.evidence import closed_months, plans_of
from workflows.pay.recorded import payees, recorded
from workflows.pay.run import compute, own, plans_in_force, shares_a_budget

_VIEWER, _REP = token("viewer"), token("pay_rep")


@dataclass(frozen=True)
class Waiting:
    """Pay that is earned and held: of which deal, and what it waits for (the plan's own word)."""

    plan_id: str
    component_id: str
    deal_id: str
    until: str
    since: date  # first day of the month it was earned in
    amount: Decimal
    currency: str


@dataclass(frozen=True)
class Personal:
    """One person's month. ``run`` holds the lines that explain it, ``recorded`` the payouts (``recorded.COLUMNS``)."""

    rep: str
    month: Period
    run: Run
    plans: tuple[Plan, ...]
    recorded: pa.Table
    waiting: tuple[Waiting, ...]
    closed: bool  # the lines are those frozen when the month was closed

    @property
    def compared(self) -> Reconciliation:
        """What the plans say against what was recorded."""
        return compared(self.run.lines, self.recorded)


def personal(
    root: Path, database: Database, session: Session, viewer: Viewer, rep: str, month: Period
) -> Personal:
    """The pay of a month of one person.

    Raises:
        AccessDenied: the viewer may not see this person's pay.
        EvidenceMissing: the month is closed, and what it was computed from is not kept any more.
    """
    theirs = days_of(session, viewer, rep)
    paid = recorded(session, viewer, month.start, month.end, rep)
    months = closed_months(root, database)
    frozen = next((each for each in months if each.start == month.start), None)
    if frozen is None:
        whole, plans = _computed(session, rep, month)
    else:
        runs = [own(each.run, rep) for each in months if each.start <= month.start]
        whole, plans = _together(runs), plans_of(frozen)
    found = _on_days(within(whole, month.start, month.end), theirs)
    waiting = _waiting(_on_days(whole, theirs), plans, month.end)
    return Personal(rep, month, found, tuple(plans), paid, waiting, frozen is not None)


def days_of(session: Session, viewer: Viewer, rep: str) -> list[tuple[date, date]] | None:
    """The days whose pay the viewer may see of a person, as (first, first after); None for all of them.

    Raises:
        AccessDenied: none.
    """
    rights.require_known(viewer)
    if rep == viewer.key or rights.reads_all(viewer):
        return None
    if rep not in payees(session, viewer):
        raise AccessDenied("Pay is shown to the person it is about and to people who run pay.")
    rows = base("visibility")
    rows = rows.filter(rows.viewer_id == _VIEWER, rows.rep_id == _REP, rows.reason == "reports")
    found = session.run(rows.select("valid_from", "valid_to"), {"viewer": viewer.key, "pay_rep": rep})
    return [(row["valid_from"], row["valid_to"]) for row in found.to_pylist()]


def _computed(session: Session, rep: str, month: Period) -> tuple[Run, tuple[Plan, ...]]:
    """The person's pay as they would compute it themselves, since the first day of a plan that holds something."""
    themselves = Viewer(rep, frozenset({"rep"}))
    start = _first(session, plans_in_force(session, themselves)[0], month)
    made = compute(session, themselves, start, month.end, reps=(rep,))
    if any(shares_a_budget(plan) for plan in made.order.plans):
        # What people share out between them can only be shared out when all of them are looked at.
        made = compute(session, OWNER, start, month.end)
        return own(made.run, rep), made.order.plans
    return replace(own(made.run, rep), problems=made.run.problems), made.order.plans


def _first(session: Session, plans: Iterable[Plan], month: Period) -> date:
    """Where to begin so that everything still held is there."""
    holding = [plan.valid_from for plan in plans if any(part.hold for part in plan.components)]
    calendar = calendar_of(session)
    first = max(calendar.all("month")[0].start, min(holding, default=month.start))
    return calendar.of("month", min(first, month.start)).start


def _together(runs: Iterable[Run]) -> Run:
    given = list(runs)
    tables = [
        pa.concat_tables([getattr(run, name) for run in given]) for name in ("lines", "trace", "balances")
    ]
    return Run(*tables)


def _on_days(found: Run, days: list[tuple[date, date]] | None) -> Run:
    """What was earned on some days; balances of months that end on one of them."""
    if days is None:
        return found
    lines = found.lines.filter(_inside(found.lines["earned_on"], days))
    months = set(lines["pay_start"].to_pylist())
    kept = pc.is_in(found.balances["month_start"], pa.array(sorted(months), pa.date32()))
    return Run(lines, of_lines(found.trace, lines), found.balances.filter(kept))


def _inside(day: pa.ChunkedArray, days: list[tuple[date, date]]) -> pa.ChunkedArray:
    found = pc.equal(day, pa.scalar(None, pa.date32()))
    found = pc.fill_null(found, False)
    for first, after in days:
        found = pc.or_(found, pc.and_(pc.greater_equal(day, first), pc.less(day, after)))
    return found


def _waiting(found: Run, plans: Iterable[Plan], end: date) -> tuple[Waiting, ...]:
    """What is held at the end of a month: every held part less what of it was released."""
    lines = found.lines.filter(pc.less(found.lines["pay_start"], end))
    lines = lines.filter(pc.is_in(lines["kind"], pa.array(["held", "released"])))
    by_id = {row["line_id"]: row for row in lines.to_pylist()}
    left: defaultdict[tuple[Any, ...], Decimal] = defaultdict(Decimal)
    since: dict[tuple[Any, ...], date] = {}
    for row in of_lines(found.trace, lines.cast(LINES)).to_pylist():
        line = by_id[row["line_id"]]
        key = (line["plan_id"], line["component_id"], row["deal_id"], line["currency"])
        left[key] += row["earned"] if line["kind"] == "held" else -row["earned"]
        since[key] = min(since.get(key, line["pay_start"]), line["pay_start"])
    until = {(plan.id, part.id): part.hold.until for plan in plans for part in plan.components if part.hold}
    made = [
        Waiting(plan, component, deal, until.get((plan, component), ""), since[key], amount, currency)
        for key, amount in left.items()
        if amount
        for plan, component, deal, currency in [key]
    ]
    return tuple(sorted(made, key=lambda each: (each.since, each.component_id, each.deal_id)))
