"""The only door to data: canonical tables, filtered to what one viewer may see.

Reading rules, most permissive first:

* the local owner, administrators and executives pass by role and see "unassigned" rows too;
  compensation admins likewise, except for the audit log;
* performance tables: a person sees themselves and everybody below them on the view's date, with
  all of those people's history, plus reps granted to them;
* pay tables: a person sees their own; a manager sees a rep's pay only for the days the rep was
  theirs, and only where the settings grant it;
* a stranger (no role at all) sees no row of any table.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal

import ibis
import ibis.expr.types as ir
import pyarrow as pa

from warehouse.engine import Session, base, token
from warehouse.tables import TABLES, UNASSIGNED, Concern, Table

__all__ = [
    "OWNER",
    "ROLES",
    "STRANGER",
    "TABLE_NAMES",
    "UNASSIGNED",
    "AccessDenied",
    "CompanyTables",
    "Tables",
    "Verdict",
    "Viewer",
]

TABLE_NAMES = tuple(TABLES)
"""Every table a viewer can ask for."""

ROLES = ("rep", "manager", "executive", "compensation_admin", "administrator", "owner")
_SEES_ALL = {"executive", "administrator", "owner"}
_BY_CONCERN: dict[Concern, set[str]] = {
    Concern.OPEN: set(ROLES),
    Concern.PERFORMANCE: _SEES_ALL | {"compensation_admin"},
    Concern.PAY: _SEES_ALL | {"compensation_admin"},
    Concern.ADMINISTRATION: {"administrator", "owner"},
}
_VIEWER = token("viewer")
_SEEN_ON = token("seen_on", "date")
_LOOKUPS = {"accounts", "products", "territories", "days", "measures", "stages"}
_DEALS = {"opportunities", "opportunity_lines", "opportunity_changes"}


@dataclass(frozen=True)
class Viewer:
    """Who is looking: a person's key and the roles they hold. Never a name."""

    key: str
    roles: frozenset[str]

    @property
    def known(self) -> bool:
        """Whether this is anybody at all."""
        return bool(self.roles & set(ROLES))


OWNER = Viewer("owner", frozenset({"owner"}))
"""The local owner: whoever runs the command line, or own data on loopback."""

STRANGER = Viewer("", frozenset())


@dataclass(frozen=True)
class Verdict:
    """How much of a table a viewer may see, and why."""

    scope: Literal["all", "some", "none"]
    reason: str


class AccessDenied(PermissionError):
    """The viewer may not do this; the message says why."""


@dataclass(frozen=True)
class Tables:
    """Canonical tables as one viewer may see them on one day."""

    viewer: Viewer
    session: Session
    as_of: date

    @property
    def values(self) -> dict[str, object]:
        """What the tokens in these tables' expressions stand for."""
        return {"viewer": self.viewer.key, "seen_on": self.as_of}

    def run(self, expression: ir.Table) -> pa.Table:
        """Answer an expression over these tables."""
        return self.session.run(expression, self.values)

    def verdict(self, name: str) -> Verdict:
        """How much of a table the viewer sees, with the reason."""
        table = TABLES[name]
        if not self.viewer.known:
            return Verdict("none", "not signed in, or no role")
        passing = sorted(self.viewer.roles & _BY_CONCERN[table.concern])
        if passing:
            return Verdict("all", f"role {passing[0]}")
        if table.concern is Concern.ADMINISTRATION:
            return Verdict("none", "for administrators")
        if table.concern is Concern.PAY:
            return Verdict("some", self._pay_reason())
        return Verdict("some", f"own and below on {self.as_of}, with all their history")

    def table(self, name: str) -> ir.Table:
        """The rows of a table this viewer may see; deleted rows never."""
        rows = base(name).filter(~base(name).is_deleted)
        match self.verdict(name).scope:
            case "all":
                return rows
            case "none":
                return rows.filter(ibis.literal(False))
        return self._some(TABLES[name], rows)

    def lookup(self, name: str) -> ir.Table:
        """Reference attributes to join onto rows the viewer already sees (never listed alone).

        Raises:
            AccessDenied: the table is not reference data.
        """
        if name not in _LOOKUPS:
            raise AccessDenied(f"{name} is not reference data; ask for the table itself.")
        return base(name).filter(~base(name).is_deleted) if self.viewer.known else self.table(name)

    def when_theirs(self, name: str) -> ir.Table:
        """A performance table for a roll-up: what the viewer sees, and what was theirs at the time.

        A manager's own pay follows from the team of each day, so rows of people who have since left the
        team are here too, for the days those people were below the viewer and no others.

        Raises:
            AccessDenied: the table is not a performance table.
        """
        table = TABLES[name]
        if table.concern is not Concern.PERFORMANCE:
            raise AccessDenied(f"{name} does not tell results; ask for the table itself.")
        if self.verdict(name).scope != "some":
            return self.table(name)
        rows = base(name).filter(~base(name).is_deleted)
        gone = rows.filter(~rows[table.person].isin(self.visible_reps().rep_id))
        return ibis.union(self.table(name), gone.semi_join(*self._then(table, gone)))

    def credited(self, name: str) -> ir.Table:
        """Rows of a table of deals, for the deals credited to somebody in ``when_theirs``.

        Whoever is credited with a deal may know what it is, even if a colleague owns it: these attributes
        are joined onto credits, never listed alone.

        Raises:
            AccessDenied: the table does not describe deals.
        """
        if name not in _DEALS:
            raise AccessDenied(f"{name} does not describe deals; ask for the table itself.")
        if self.verdict(name).scope != "some":
            return self.table(name)
        rows = base(name).filter(~base(name).is_deleted, base(name).opportunity_id != UNASSIGNED)
        return rows.filter(rows.opportunity_id.isin(self.when_theirs("credits").opportunity_id))

    def placements(self) -> ir.Table:
        """Where each visible rep belongs today: assignments in force on the view's date."""
        rows = self.table("assignments")
        return rows.filter(rows.valid_from <= _SEEN_ON, rows.valid_to > _SEEN_ON)

    def hierarchy(self) -> ir.Table:
        """Who rolls up to whom (``viewer_id`` above or equal ``rep_id``), both ends visible.

        People who ever led somebody, with themselves and those below. Only a manager whose whole team
        the viewer sees appears, so a roll-up is never a part presented as the whole.
        """
        rows = base("visibility")
        leading = rows.filter(rows.reason == "reports").select("viewer_id").distinct()
        rows = rows.filter(rows.reason.isin(["self", "reports"]), rows.viewer_id.isin(leading.viewer_id))
        if self.verdict("visibility").scope == "all":
            return rows
        seen = self.visible_reps()
        return rows.filter(rows.viewer_id.isin(seen.rep_id), rows.rep_id.isin(seen.rep_id))

    def visible_reps(self) -> ir.Table:
        """Keys of the reps whose performance the viewer sees on the view's date (``rep_id``)."""
        rows = base("visibility")
        if self.verdict("visibility").scope == "all":
            return rows.select("rep_id").distinct()
        mine = rows.filter(rows.viewer_id == _VIEWER, rows.valid_from <= _SEEN_ON, rows.valid_to > _SEEN_ON)
        return mine.select("rep_id").distinct()

    def _some(self, table: Table, rows: ir.Table) -> ir.Table:
        if table.concern is Concern.PAY:
            return self._pay(table, rows)
        return rows.filter(rows[table.person].isin(self.visible_reps().rep_id))

    def _pay(self, table: Table, rows: ir.Table) -> ir.Table:
        if not table.person:
            assigned = self._pay(TABLES["plan_assignments"], base("plan_assignments"))
            return rows.filter(rows.plan_id.isin(assigned.plan_id))
        own = rows.filter(rows[table.person] == _VIEWER)
        return ibis.union(own, self._pay_of_reports(table, rows)) if self._manager_pay() else own

    def _then(self, table: Table, rows: ir.Table) -> tuple[ir.Table, list[ir.BooleanValue]]:
        """Those ever below the viewer, and when a row falls into that time (without a day: always)."""
        above = base("visibility")
        above = above.filter(above.viewer_id == _VIEWER, above.reason == "reports")
        same = [rows[table.person] == above.rep_id]
        if table.day:
            same += [rows[table.day] >= above.valid_from, rows[table.day] < above.valid_to]
        elif "valid_from" in table.by_name:
            same += [rows.valid_from < above.valid_to, rows.valid_to > above.valid_from]
        return above, same

    def _pay_of_reports(self, table: Table, rows: ir.Table) -> ir.Table:
        above = base("visibility")
        above = above.filter(above.viewer_id == _VIEWER, above.reason == "reports")
        then = [
            rows[table.person] == above.rep_id,
            rows[table.day] >= above.valid_from,
            rows[table.day] < above.valid_to,
        ]
        return rows.semi_join(above, then)

    def _manager_pay(self) -> bool:
        return "manager" in self.viewer.roles and self.session.settings.manager_sees_pay

    def _pay_reason(self) -> str:
        return "own pay, and reports' while they were theirs" if self._manager_pay() else "own pay only"


@dataclass(frozen=True)
class CompanyTables(Tables):
    """Every row of performance tables, for aggregates over a named peer scope (``metrics.peers``).

    Whoever uses these aggregates, masks people their viewer does not see, and suppresses groups under
    ``peer_group_minimum``. Pay and administration stay closed.
    """

    def verdict(self, name: str) -> Verdict:
        """All of a performance or open table, none of the others."""
        if TABLES[name].concern not in {Concern.PERFORMANCE, Concern.OPEN} or not self.viewer.known:
            return Verdict("none", "never read beyond what its viewer may see")
        return Verdict("all", "aggregate over a named peer scope")
