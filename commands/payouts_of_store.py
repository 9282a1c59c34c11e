"""``manage.py payouts`` of the store: run, close, export, compare, replay, and bring a plan into force."""

from __future__ import annotations

import argparse
import sys
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path

from commands.files import write_all
from commands.payouts_output import files, refuse, tell, text_of, write, write_table
from commands.payouts_words import about, closing_words, comparison_words, payroll_words, replay_words
from commands.viewers import acting_viewer
from compensation.plan.model import Plan
from metrics.periods import calendar_of
from metrics.view import MetricError
from warehouse.access import OWNER, Viewer
from warehouse.engine import Session
from workflows.opening import NothingLoaded, Place, open_place
from workflows.pay import close as closing
from workflows.pay import deciding, exporting, reconciling, rights
from workflows.pay import replay as replaying
from workflows.pay.examining import examined
from workflows.pay.run import plans_in_force
from workflows.pay.run import run as run_pay
from workflows.pay.spans import span


@dataclass(frozen=True)
class _At:
    """A store, and who is asking about which months of it."""

    place: Place
    session: Session
    viewer: Viewer
    start: date
    end: date

    @property
    def month(self) -> date:
        """First day of the one month asked for.

        Raises:
            MetricError: it is more than one.
        """
        if calendar_of(self.session).of("month", self.start).end != self.end:
            raise MetricError(
                f"{about(self.start, self.end)} is more than one month; months are closed one by one."
            )
        return self.start


def _at(arguments: argparse.Namespace) -> _At:
    place = open_place()
    session = place.session()
    return _At(
        place, session, acting_viewer(place, session, arguments.viewer), *span(session, arguments.period)
    )


def run(arguments: argparse.Namespace) -> None:
    """Compute the months as they stand now, or as they would with another plan."""
    at = _at(arguments)
    plans, problems = plans_in_force(at.session, at.viewer)
    book = None
    if arguments.plan:
        rights.require_all(at.viewer, "Trying a plan")
        instead = _plan(arguments.plan)
        plans = book = (*(plan for plan in plans if plan.id != instead.id), instead)
    refuse(problems)
    found = run_pay(at.session, at.viewer, at.start, at.end, book=book)
    refuse(found.problems)
    tell(found, f"{about(at.start, at.end)}, as of {at.session.version.as_of}")
    write(found, plans, arguments)


def close(arguments: argparse.Namespace) -> None:
    """Close the month for good; then write what was asked for."""
    at = _at(arguments)
    place, now = at.place, datetime.now(UTC)
    done = closing.close(place.store, place.database, at.session, at.viewer, at.month, now)
    print(closing_words(done))
    write_all(files(done.run, done.plans, arguments) | (_payroll(arguments, at) if arguments.export else {}))


def export(arguments: argparse.Namespace) -> None:
    """Write a closed month for payroll."""
    at = _at(arguments)
    made = _payroll(arguments, at)
    month = replaying.paid(at.place.root, at.place.database, at.viewer, at.month)
    write_all(files(month, plans_in_force(at.session, at.viewer)[0], arguments) | made)


def _payroll(arguments: argparse.Namespace, at: _At) -> dict[Path, bytes]:
    names = at.place.people.names() if arguments.names else None
    found = exporting.payroll_of(at.place.root, at.place.database, at.viewer, at.month, names=names)
    print(payroll_words(found), file=sys.stderr)
    path: Path = arguments.export
    if path.suffix.lower() == ".xlsx":
        return {path: exporting.as_excel(found)}
    rows, totals = exporting.as_csv(found)
    return {path: rows, path.with_name(f"{path.stem}-totals{path.suffix}"): totals}


def reconcile(arguments: argparse.Namespace) -> None:
    """Compare with what another source sent."""
    at = _at(arguments)
    found = reconciling.reconcile(at.place.root, at.place.database, at.session, at.viewer, at.start, at.end)
    print(comparison_words(found), file=sys.stderr)
    write_table(found.found.rows, arguments.out)


def replay(arguments: argparse.Namespace) -> None:
    """Compute a closed month again from what was kept of it."""
    at = _at(arguments)
    instead = (_plan(arguments.plan),) if arguments.plan else ()
    found = replaying.replay(at.place.root, at.place.database, at.viewer, at.month, instead=instead)
    refuse(found.run.problems)
    print(replay_words(found), file=sys.stderr)
    write(found.run, found.plans, arguments)


def publish(arguments: argparse.Namespace) -> None:
    """Bring the plan of a file into force."""
    place = open_place()
    session: Session | None = None
    try:
        session = place.session()
    except NothingLoaded:  # a plan may come before the first load
        viewer = OWNER
    else:
        viewer = acting_viewer(place, session, arguments.viewer)
    text, now = text_of(arguments.plan), datetime.now(UTC)
    row = deciding.publish_plan(
        place.store, place.database, session, viewer, text, now, reason=arguments.reason
    )
    print(f"{row.name} is in force from {row.valid_from}, as version {row.version} of {row.plan_id}.")


def _plan(path: Path) -> Plan:
    """The plan of a file, whose cases come out."""
    plan, problems = examined(text_of(path), path.name)
    refuse(problems)
    assert plan is not None  # without a plan there are problems
    return plan
