"""Bringing plans into force, and keeping drafts: checked, with their cases run, by people who run pay."""

from __future__ import annotations

from datetime import datetime

from planning import plans
from planning.refusals import Refused
from warehouse.access import Viewer
from warehouse.database import Database
from warehouse.database.models import Plan
from warehouse.engine import Session, base
from warehouse.settings import Settings
from warehouse.store import Store
from workflows import publish_decisions
from workflows.opening import PROJECT
from workflows.pay import rights
from workflows.pay.checking import check


def publish_plan(
    store: Store,
    database: Database,
    session: Session | None,
    viewer: Viewer,
    text: str,
    now: datetime,
    *,
    seen: int | None = None,
    reason: str = "",
    draft_id: str = "",
) -> Plan:
    """Bring a plan's next version into force and publish it.

    ``seen`` is the version the editor looked at; None takes the newest there is. ``session`` is None while
    nothing is loaded. Raises AccessDenied, or Refused with everything that is wrong with the plan.
    """
    rights.require_run(viewer, "Bringing a plan into force")
    checked = check(text)
    if checked.problems:
        raise Refused("plan_not_ready", value=" ".join(checked.problems))
    newest = newest_version(database, session, checked.plan_id) if seen is None else seen
    row = plans.publish_plan(
        database,
        text,
        check=lambda _text: checked,
        seen=newest,
        by=viewer.key,
        now=now,
        reason=reason,
        draft_id=draft_id,
    )
    publish_decisions.publish(store, database, Settings.load(PROJECT / "attain.toml"), now)
    return row


def save_draft(
    database: Database,
    viewer: Viewer,
    text: str,
    now: datetime,
    *,
    draft_id: str = "",
    seen: datetime | None = None,
) -> plans.Saved:
    """Keep a plan's text as a draft, which is in force nowhere; with what is still wrong with it."""
    rights.require_run(viewer, "Saving a plan")
    return plans.save_draft(database, text, check=check, by=viewer.key, now=now, draft_id=draft_id, seen=seen)


def newest_version(database: Database, session: Session | None, plan_id: str) -> int:
    """The newest version of a plan, decided here or loaded; 0 when there is none."""
    decided = [row.version for row in plans.plan_history(database, plan_id)]
    return max([0, *decided, *(_loaded(session, plan_id) if session else ())])


def _loaded(session: Session, plan_id: str) -> list[int]:
    rows = base("plans")
    found = session.run(rows.filter(rows.plan_id == plan_id).select("version"))
    return [int(version) for version in found["version"].to_pylist()]
