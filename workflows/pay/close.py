"""Closing a month: computed once more, frozen with what it was computed from, and published.

The month is closed at one instant: when the planning database commits. Before it, whatever was written
counts for nothing and the next closing removes it; after it, everything needed is on disk, and publishing
the payouts waits in the outbox, where a crash loses nothing. What arrives later changes no closed month:
it is paid as an adjustment with the next month that is closed.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from compensation.plan.model import Plan
from compensation.problems import problem
from compensation.run import Run
from metrics.periods import Period, calendar_of
from planning import periods
from warehouse import closed
from warehouse.access import Viewer
from warehouse.database import Database
from warehouse.engine import Session
from warehouse.issues import LoadFailed
from warehouse.problems import StoreProblem
from warehouse.settings import Settings
from warehouse.store import Store
from warehouse.versions import Version
from workflows import publish_decisions
from workflows.opening import PROJECT
from workflows.pay import publishing, rights
from workflows.pay.evidence import Computed, Month, closed_months, write
from workflows.pay.problems import CannotPay
from workflows.pay.run import compute
from workflows.pay.settling import settled
from workflows.pay.totals import Total, adjustments, totals


@dataclass(frozen=True)
class Ready:
    """A month as it would be closed now; ``run`` is the month's, adjustments of earlier months among it."""

    start: date
    end: date
    run: Run
    computed: Computed
    earlier: tuple[Month, ...]

    @property
    def digest(self) -> str:
        """Of what would be paid: hand it to ``close`` to close this and nothing else."""
        return self.run.digest

    @property
    def adjustments(self) -> int:
        """Lines that correct months which are closed."""
        return adjustments(self.run)


@dataclass(frozen=True)
class Closing:
    """A month that was closed."""

    start: date
    end: date
    run: Run
    digest: str
    totals: tuple[Total, ...]
    adjustments: int
    paid_elsewhere: bool  # another source pays this month, so its payouts count and these are for comparing
    version: Version | None  # with the payouts; None when publishing waits for the next time
    plans: tuple[Plan, ...] = ()


def prepare(store: Store, database: Database, session: Session, viewer: Viewer, month: date) -> Ready:
    """What closing the month that holds a day would freeze; nothing is written.

    Raises:
        AccessDenied: the viewer does not run pay.
        Refused: the month is closed already, or is not the next to close.
        CannotPay: the month is not over, no plan is in force in it, or something could not be computed.
    """
    rights.require_run(viewer, "Closing a month")
    period = calendar_of(session).of("month", month)
    earlier = closed_months(store.root, database)
    _refuse(session, period, earlier)
    start = min([period.start, *(each.start for each in earlier)])
    computed = compute(session, viewer, start, period.end)
    if computed.run.problems:
        raise CannotPay(computed.run.problems)
    if not any(_in_force(plan, period) for plan in computed.order.plans):
        raise CannotPay([problem("no_plan_in_force", month=period.id)])
    return Ready(
        period.start,
        period.end,
        settled(computed, earlier, period.start, period.end),
        computed,
        tuple(earlier),
    )


def close(
    store: Store,
    database: Database,
    session: Session,
    viewer: Viewer,
    month: date,
    now: datetime,
    *,
    seen: str | None = None,
) -> Closing:
    """Close the month that holds a day, for good.

    ``seen`` is the digest of what the viewer looked at (``Ready.digest``): when it is given and the pay has
    changed since, nothing is closed. Raises as ``prepare``, which says all that can be wrong; then nothing
    was changed.
    """
    rights.require_run(viewer, "Closing a month")
    with store.lock():
        settings = Settings.load(PROJECT / "attain.toml")
        publish_decisions.publish(store, database, settings, now)  # what was decided counts
        closed.tidy(store.root, {month.folder for month in closed_months(store.root, database)})
        ready = prepare(store, database, _newest(store, session), viewer, month)
        if seen is not None and seen != ready.digest:
            raise CannotPay([problem("pay_changed", start=ready.start)])
        _freeze(store, database, ready, viewer, now)
        published = _publish(store, database, settings, now)
        taken = ready.start.isoformat() in _taken(store)
    return Closing(
        ready.start,
        ready.end,
        ready.run,
        ready.digest,
        totals(ready.run),
        ready.adjustments,
        taken,
        published,
        ready.computed.order.plans,
    )


def _refuse(session: Session, period: Period, earlier: Sequence[Month]) -> None:
    """Refuse a month whose turn it is not, before anything is computed."""
    end = earlier[-1].end if earlier else None
    periods.refuse_closing(end, period.start, period.end, end)
    if period.state(session.version.as_of) != "finished":
        raise CannotPay([problem("month_not_over", month=period.id, as_of=session.version.as_of)])


def _in_force(plan: Plan, period: Period) -> bool:
    return plan.valid_from < period.end and plan.valid_to > period.start


def _newest(store: Store, session: Session) -> Session:
    """The session over the current version, which the lock keeps current."""
    version = store.current()
    return (
        session if version is None or version.id == session.version.id else replace(session, version=version)
    )


def _freeze(store: Store, database: Database, ready: Ready, viewer: Viewer, now: datetime) -> None:
    """Write what the month was computed from, then close it in the database."""
    about = {
        "closed_at": now.isoformat(),
        "digest": ready.digest,
        "start": ready.start.isoformat(),
        "end": ready.end.isoformat(),
        "lines": ready.run.lines.num_rows,
        "adjustments": ready.adjustments,
    }
    folder = write(store.root, ready.start, ready.computed, ready.run, about)
    plans = [[plan.id, plan.version] for plan in ready.computed.order.plans]
    frozen = periods.Frozen(ready.digest, folder, json.dumps({"plans": plans}))
    seen = ready.earlier[-1].end if ready.earlier else None
    periods.close_period(
        database, periods.PAY, ready.start, ready.end, frozen, seen=seen, by=viewer.key, now=now
    )


def _publish(store: Store, database: Database, settings: Settings, now: datetime) -> Version | None:
    """Publish the payouts; the month is closed whether or not this goes well, and they go on waiting."""
    try:
        done = publish_decisions.publish(store, database, settings, now)
    except (LoadFailed, StoreProblem):
        return None
    return done.version if done else None


def _taken(store: Store) -> list[str]:
    """Closed months that another source pays, as the current version has it."""
    version = store.current()
    state = version.sources.get(publishing.NAME) if version else None
    return list(state.note["taken"]) if state else []
