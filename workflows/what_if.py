"""What if a plan were different: a draft beside the plan in force, on the past as it was and on chance.

The **replay** pays the past with both plans, to the cent, as if everybody had sold exactly what they sold: no
behaviour changes, which is its assumption and its limit. The **simulation** draws what people may sell and pays
both plans on the same draws; what it assumes is in ``assumptions``. Nothing here is saved but by ``keep``, and a
draft is in force nowhere.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

import pyarrow as pa
import pyarrow.compute as pc

from compensation.plan.diff import Change, changes
from compensation.plan.model import Plan
from compensation.run import Problem, Run
from compensation.what_if.assumptions import Assumptions
from compensation.what_if.population import earning_only, left_out, populate
from compensation.what_if.simulate import Simulation, simulate
from planning.plans import Saved, save_draft
from warehouse.access import Viewer
from warehouse.database import Database
from warehouse.engine import Session
from workflows.pay import rights
from workflows.pay.checking import check
from workflows.pay.inputs import book
from workflows.pay.run import in_force
from workflows.what_if_past import NothingToTry, Past, Span, in_reporting, over_the_past, past, setting, span

NOW, DRAFT = "now", "draft"
"""The two plans compared: the one in force, and the one tried."""

REPORTED = pa.decimal128(18, 4)
PEOPLE = pa.schema(
    [
        pa.field("rep", pa.string(), nullable=False),
        pa.field("now", REPORTED, nullable=False),  # replayed, reporting currency
        pa.field("draft", REPORTED, nullable=False),
        pa.field("change", REPORTED, nullable=False),
        pa.field("mean_change", pa.float64(), nullable=False),  # simulated
        pa.field("share_less", pa.float64(), nullable=False),  # of the draws: earns less than now
        pa.field("share_more", pa.float64(), nullable=False),
    ]
)


@dataclass(frozen=True)
class Replay:
    """The past paid with both plans; every kind of line that is paid, reporting currency, exact."""

    lines: Mapping[str, pa.Table]  # now, draft: LINES and ``reported``
    by_component: Mapping[str, tuple[Decimal, Decimal]]  # now, draft
    by_rep: Mapping[str, tuple[Decimal, Decimal]]

    @property
    def cost(self) -> tuple[Decimal, Decimal]:
        """Everything paid: now, draft."""
        sides = list(self.by_component.values())
        return sum((now for now, _ in sides), Decimal(0)), sum((draft for _, draft in sides), Decimal(0))


@dataclass(frozen=True)
class WhatIf:
    """A draft beside the plan in force."""

    plan: Plan
    draft: Plan
    changes: tuple[Change, ...]
    span: Span
    currency: str
    replay: Replay
    simulation: Simulation
    left_out: tuple[str, ...]  # of the simulation, by name
    problems: tuple[Problem, ...]

    @property
    def assumptions(self) -> Assumptions:
        """What the simulation assumes."""
        return self.simulation.assumptions

    def people(self) -> pa.Table:
        """Everybody either plan pays, who gains most first: rows of ``PEOPLE``."""
        rows = [row for rep in self.simulation.roster.people if (row := self._person(rep))]
        rows.sort(key=lambda row: (-row["change"], row["rep"]))  # type: ignore[operator]
        return pa.Table.from_pylist(rows, schema=PEOPLE)

    def _person(self, rep: str) -> dict[str, object]:
        """One row; empty for somebody who is credited for others only."""
        now, draft = self.replay.by_rep.get(rep, (Decimal(0), Decimal(0)))
        at = self.simulation.roster.people.index(rep)
        outcomes = self.simulation.outcomes
        before, after = (float(outcomes[name].mean_pay[at]) for name in (NOW, DRAFT))
        if not (now or draft or before or after):
            return {}
        return {
            "rep": rep,
            "now": now,
            "draft": draft,
            "change": draft - now,
            "mean_change": after - before,
            "share_less": float(self.simulation.less[DRAFT][at]),
            "share_more": float(self.simulation.more[DRAFT][at]),
        }


def plan_now(session: Session, viewer: Viewer, plan_id: str) -> Plan:
    """The version of a plan in force today.

    Raises:
        NothingToTry: there is none the viewer may see, or its text cannot be read.
    """
    plans, _ = book(session, viewer)
    today = session.version.as_of
    found = [p for p in in_force(plans) if p.id == plan_id and p.valid_from <= today < p.valid_to]
    if not found:
        raise NothingToTry(
            f"No version of the plan “{plan_id}” is in force, so there is nothing to compare with."
        )
    return found[-1]


def what_if(
    session: Session,
    viewer: Viewer,
    draft: Plan,
    *,
    start: date | None = None,
    end: date | None = None,
    assumptions: Mapping[str, float] | None = None,
    found: Past | None = None,
) -> WhatIf:
    """Try a draft of a plan in force, over the last four finished quarters unless days are given.

    ``assumptions`` sets fields of ``Assumptions`` by name over what history says, such as ``{"market": 0.5}``,
    ``draws`` and ``seed`` among them. ``found`` is a past read before (``before``), to try several drafts on.

    Raises:
        AccessDenied: the viewer does not see everybody's pay.
        NothingToTry: there is no plan in force to compare with, or no finished quarter.
    """
    rights.require_all(viewer, "Trying out a plan")
    now = plan_now(session, viewer, draft.id)
    if found is None:
        found = past(session, viewer, (now, draft), span(session, (now, draft), start, end))
    sides = {NOW: over_the_past(now, found.span), DRAFT: over_the_past(draft, found.span)}
    runs = {name: found.run(plan) for name, plan in sides.items()}
    replayed, problems = replay(runs, found)
    return WhatIf(
        plan=now,
        draft=draft,
        changes=tuple(changes(now, draft)),
        span=found.span,
        currency=found.currency,
        replay=replayed,
        simulation=_simulation(sides, runs, found, assumptions or {}),
        left_out=tuple(sorted({*left_out(now), *left_out(draft)})),
        problems=tuple(dict.fromkeys([p for run in runs.values() for p in run.problems] + list(problems))),
    )


def before(
    session: Session, viewer: Viewer, draft: Plan, start: date | None = None, end: date | None = None
) -> Past:
    """The past a draft is tried on, to read it once for several drafts of one plan (see ``what_if``)."""
    rights.require_all(viewer, "Trying out a plan")
    now = plan_now(session, viewer, draft.id)
    return past(session, viewer, (now, draft), span(session, (now, draft), start, end))


def replay(runs: Mapping[str, Run], found: Past) -> tuple[Replay, tuple[Problem, ...]]:
    """What two runs paid, side by side."""
    lines: dict[str, pa.Table] = {}
    problems: list[Problem] = []
    for name, run in runs.items():
        payable = run.lines.filter(pc.not_equal(run.lines["kind"], "held"))
        reported, missing = in_reporting(payable, found.inputs.rates, found.currency)
        lines[name] = payable.append_column("reported", reported)
        problems += missing
    sides = lines[NOW], lines[DRAFT]
    return Replay(lines, _beside(sides, "component_id"), _beside(sides, "rep")), tuple(problems)


def _beside(sides: tuple[pa.Table, pa.Table], key: str) -> dict[str, tuple[Decimal, Decimal]]:
    sums = [
        dict(
            zip(
                *(
                    column.to_pylist()
                    for column in table.group_by(key).aggregate([("reported", "sum")]).columns
                ),
                strict=True,
            )
        )
        for table in sides
    ]
    return {
        name: (sums[0].get(name, Decimal(0)), sums[1].get(name, Decimal(0)))
        for name in sorted({*sums[0], *sums[1]})
    }


def _simulation(
    sides: Mapping[str, Plan], runs: Mapping[str, Run], found: Past, given: Mapping[str, float]
) -> Simulation:
    """Both plans' earnings on the same draws."""
    earned = {name: _earnings(plan, runs[name], found) for name, plan in sides.items()}
    tables = [(run.lines, run.trace) for run in earned.values()]
    place = setting(found, tables, sides[NOW].id)
    populations = {name: populate(plan, earned[name], place) for name, plan in sides.items()}
    return simulate(populations, found.assumptions.given(**given))


def _earnings(plan: Plan, run: Run, found: Past) -> Run:
    """The run without what comes after earning; the same one where nothing does."""
    bare = earning_only(plan)
    return run if bare == plan else found.run(bare)


def keep(
    database: Database,
    viewer: Viewer,
    text: str,
    *,
    now: datetime,
    draft_id: str = "",
    seen: datetime | None = None,
) -> Saved:
    """Save a plan's text as a draft, finished or not; what is in force stays as it is.

    ``draft_id`` and ``seen`` name a draft to go on with and when it was last saved, as the editor saw it.

    Raises:
        AccessDenied: the viewer does not decide plans.
        Refused: somebody else changed, published or discarded the draft meanwhile.
    """
    rights.require_run(viewer, "Keeping a plan’s draft")
    return save_draft(database, text, check=check, by=viewer.key, now=now, draft_id=draft_id, seen=seen)
