"""Whether the people a plan's file names can be on it."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import pairwise

from compensation.plan.model import OPEN_END, Assignment, Basis, Component, Modifier, Pays, Plan
from compensation.plan.places import Path
from compensation.plan.section import Notes, meant


def check_assignments(plan: Plan, notes: Notes) -> None:
    """Add a problem to ``notes`` for every assignment that cannot be."""
    for number, assignment in enumerate(plan.assignments):
        path = ("assignments", number)
        _days(plan, assignment, path, notes)
        _names(plan, assignment, path, notes)
        _at_stake(plan, assignment, path, notes)
    _once_at_a_time(plan, notes)


def check_payee(plan: Plan, payee: Mapping[str, object], path: Path, notes: Notes) -> None:
    """Add a problem for a role or a quota of a case's payee that the plan does not have."""
    role, quotas = payee.get("role", ""), payee.get("quotas", {})
    if isinstance(role, str) and isinstance(quotas, Mapping):
        _names(plan, Assignment("", plan.valid_from, role=role, quotas=dict(quotas)), path, notes)


def _days(plan: Plan, assignment: Assignment, path: Path, notes: Notes) -> None:
    if assignment.end <= assignment.start:
        notes.add("assignment_ends_first", (*path, "to"), value=assignment.end)
    if assignment.left is not None and assignment.left <= assignment.start:
        notes.add("assignment_has_left", (*path, "left"), value=assignment.rep, detail=assignment.left)
    elif assignment.left is not None and assignment.hired is not None and assignment.left <= assignment.hired:
        notes.add("bad_value", (*path, "left"), value=assignment.left, detail="a day after hired")
    if assignment.start >= plan.valid_to or assignment.end <= plan.valid_from:
        until = "" if plan.valid_to == OPEN_END else f" until before {plan.valid_to}"
        said = f"from {plan.valid_from}{until}"
        notes.add("assignment_outside", (*path, "from"), value=assignment.rep, detail=said)


def _names(plan: Plan, assignment: Assignment, path: Path, notes: Notes) -> None:
    role = assignment.role
    if plan.roles and role not in plan.roles and role:
        notes.add("assignment_role", (*path, "role"), value=role, detail=", ".join(plan.roles))
    known = quota_names(plan)
    for name in assignment.quotas:
        if name not in known:
            notes.add("unknown_name", (*path, "quotas", name), value=name, detail=meant(name, known))
    if assignment.manager == assignment.rep and assignment.rep:
        notes.add("bad_value", (*path, "manager"), value=assignment.manager, detail="somebody else")


def quota_names(plan: Plan) -> set[str]:
    """Names of quotas that some measure of the plan is held against."""
    return {measure.quota or measure.name for measure in plan.measures.values()}


def _at_stake(plan: Plan, assignment: Assignment, path: Path, notes: Notes) -> None:
    """Who is on the plan has what its components pay by. Quotas are asked for when some are written here."""
    for component in plan.components:
        if component.roles and assignment.role not in component.roles:
            continue
        for key, needed in _needed(plan, component, assignment).items():
            if needed:
                where = (*path, *key.split("."))
                notes.add(
                    "assignment_lacks",
                    where,
                    field=key.split(".")[-1],
                    value=assignment.rep,
                    detail=component.id,
                )


def _needed(plan: Plan, component: Component, assignment: Assignment) -> dict[str, bool]:
    weighted = component.pays in (Pays.TARGET, Pays.OBJECTIVE) or component.rate == "target"
    lacks = {
        "rate": component.rate == "payee" and assignment.rate is None,
        "target_incentive": weighted and not assignment.target_incentive,
    }
    for name in sorted(quotas_asked(plan, component)):
        lacks[f"quotas.{name}"] = bool(assignment.quotas) and name not in assignment.quotas
    return lacks


def quotas_asked(plan: Plan, component: Component) -> set[str]:
    """Names of the quotas a component's pay depends on."""
    by_attainment = (
        component.pays is Pays.TARGET
        or component.rate == "target"
        or (bool(component.tiers) and component.basis is Basis.ATTAINMENT)
    )
    measured = [component.measure] if by_attainment else []
    measured += [modifier.measure for modifier in component.modifiers if _by_attainment(modifier)]
    known = (plan.measures.get(name) for name in measured)
    return {measure.quota or measure.name for measure in known if measure is not None}


def _by_attainment(modifier: Modifier) -> bool:
    return bool(modifier.measure) and modifier.basis is Basis.ATTAINMENT


def _once_at_a_time(plan: Plan, notes: Notes) -> None:
    """Nobody is on the plan twice on one day."""
    order = sorted(
        (assignment.rep, assignment.start, assignment.end, number)
        for number, assignment in enumerate(plan.assignments)
    )
    for before, after in pairwise(order):
        if before[0] == after[0] and before[0] and after[1] < before[2]:
            notes.add("assignments_overlap", ("assignments", after[3]), value=after[0], detail=after[1])
