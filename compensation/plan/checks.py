"""What the parts of a plan say about each other: names that exist, days that fit, weights that sum."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from fractions import Fraction

from compensation.plan.check_assignments import check_assignments, check_payee
from compensation.plan.check_components import check_component
from compensation.plan.model import OPEN_END, Component, Pays, Plan
from compensation.plan.section import Notes, meant

_WHOLE = Fraction(1)


def check(plan: Plan, notes: Notes) -> None:
    """Add a problem to ``notes`` for everything that does not fit together."""
    _days(plan, notes)
    _names(plan, notes)
    for number, component in enumerate(plan.components):
        check_component(plan, component, ("components", number), notes)
    _linkages(plan, notes)
    _weights(plan, notes)
    _credit_rules(plan, notes)
    _draw(plan, notes)
    check_assignments(plan, notes)
    _cases(plan, notes)


def _days(plan: Plan, notes: Notes) -> None:
    if plan.valid_to <= plan.valid_from:
        notes.add("plan_ends_first", ("valid_to",), value=plan.valid_to)
    for number, component in enumerate(plan.components):
        path = ("components", number, "valid_to")
        if component.valid_to and component.valid_to <= (component.valid_from or plan.valid_from):
            notes.add("bad_value", path, value=component.valid_to, detail="a day after the component starts")
        for team, day in component.rollout.items():
            if day >= plan.valid_to:
                where = ("components", number, "rollout", team)
                notes.add("bad_value", where, value=day, detail="a day before the plan ends")


def _names(plan: Plan, notes: Notes) -> None:
    """Components have names of their own, and roles are the plan's."""
    if not plan.components:
        notes.add("missing_field", ("components",), detail="at least one [[components]]")
    seen: set[str] = set()
    for number, component in enumerate(plan.components):
        path = ("components", number)
        if component.id in (seen | {"draw"}):
            notes.add("duplicate_name", (*path, "id"), value=component.id)
        seen.add(component.id)
        _roles(plan, component.roles, (*path, "roles"), notes)
    for name, rule in plan.credit_rules.items():
        _roles(plan, rule.roles, ("credit_rules", name, "roles"), notes)


def _roles(plan: Plan, roles: Iterable[str], path: tuple[str | int, ...], notes: Notes) -> None:
    for role in roles:
        if plan.roles and role not in plan.roles:
            notes.add("unknown_name", path, value=role, detail=meant(role, plan.roles))


def _linkages(plan: Plan, notes: Notes) -> None:
    """A component's linkages never lead back to it."""
    links = {
        component.id: [modifier.component for modifier in component.modifiers if modifier.kind == "linkage"]
        for component in plan.components
    }
    for number, component in enumerate(plan.components):
        circle = _circle(component.id, links)
        if circle and min(circle) == component.id:  # said once for each circle
            notes.add(
                "linkage_circle", ("components", number, "modifiers"), detail=" → ".join([*circle, circle[0]])
            )


def _circle(start: str, links: dict[str, list[str]]) -> list[str]:
    """Components on a way of linkages from ``start`` back to it; empty when there is none."""
    ways = [[start]]
    seen: set[str] = set()
    while ways:
        way = ways.pop()
        for name in links.get(way[-1], []):
            if name == start:
                return way
            if name not in seen:
                seen.add(name)
                ways.append([*way, name])
    return []


def _weights(plan: Plan, notes: Notes) -> None:
    """Where weights are written, those of every role sum to 1 on every day."""
    if any(not notes.sound(("components", number, "weight")) for number in range(len(plan.components))):
        return
    for role in plan.roles or ("",):
        for day in _starts(plan):
            having = [each for each in plan.components if _applies(each, role, day)]
            total = sum((each.weight for each in having), Fraction(0))
            if total not in (0, _WHOLE):
                _note_weights(plan, notes, role or "the components", total)
                break


def _note_weights(plan: Plan, notes: Notes, role: str, total: Fraction) -> None:
    first = next(number for number, component in enumerate(plan.components) if component.weight)
    path = ("components", first, "weight")
    notes.add("weights_not_whole", path, value=role, detail=percent(total))


def percent(share: Fraction) -> str:
    """A share as a percentage with at most two decimals."""
    return f"{float(share * 100):.2f}".rstrip("0").rstrip(".") + " %"


def _starts(plan: Plan) -> list[date]:
    """Days on which the set of components may change."""
    days = {plan.valid_from}
    for component in plan.components:
        days |= {day for day in (component.valid_from, component.valid_to) if day}
    return sorted(day for day in days if plan.valid_from <= day < plan.valid_to)


def _applies(component: Component, role: str, day: date) -> bool:
    started = (component.valid_from or date.min) <= day < (component.valid_to or OPEN_END)
    return started and (not component.roles or role in component.roles)


def _credit_rules(plan: Plan, notes: Notes) -> None:
    """Nobody is credited more than the whole of a transaction, or twice with the same one."""
    for name, rule in plan.credit_rules.items():
        for key, factor in (("pay", rule.pay), ("quota", rule.quota)):
            if factor > 1 and rule.kind in ("direct", "split") and not rule.where:
                notes.add("credits_over_whole", ("credit_rules", name, key), value=percent(factor))
    for number, component in enumerate(plan.components):
        _twice(plan, component, ("components", number, "credits"), notes)


def _twice(plan: Plan, component: Component, path: tuple[str | int, ...], notes: Notes) -> None:
    rules = [plan.credit_rules[name] for name in component.credits if name in plan.credit_rules]
    for number, rule in enumerate(rules):
        for other in rules[:number]:
            roles_meet = not rule.roles or not other.roles or set(rule.roles) & set(other.roles)
            told_apart = rule.where != other.where and (rule.where or other.where)
            if rule.kind == other.kind and roles_meet and not told_apart:
                notes.add("credited_twice", path, field=rule.kind, value=other.name, detail=rule.name)


def _draw(plan: Plan, notes: Notes) -> None:
    draw = plan.draw
    if draw is None:
        return
    if (draw.amount is None) == (draw.share is None):
        notes.add("missing_field", ("draw", "amount"), detail="either amount or share, and not both")
    known = [component.id for component in plan.components]
    for name in draw.components:
        if name not in known:
            notes.add("unknown_name", ("draw", "components"), value=name, detail=meant(name, known))
    if draw.kind == "non_recoverable":
        for key in ("recover_after", "recover_share", "recover_at_most", "forgive_after"):
            if ("draw", key) in notes.lines:
                notes.add("no_use", ("draw", key), detail="for a draw that is not recovered")


def _cases(plan: Plan, notes: Notes) -> None:
    """Payees, deals and expectations of cases name what the plan has."""
    known = [*(component.id for component in plan.components), "draw"]
    objectives = [each.id for each in plan.components if each.pays is Pays.OBJECTIVE]
    for number, case in enumerate(plan.cases):
        for place, payee in enumerate((case.payee, *case.others)):
            where = ("cases", number, "payees", place) if case.others else ("cases", number, "payee")
            check_payee(plan, payee, where, notes)
        for place, said in enumerate(case.expect):
            name = str(said.get("component", known[0]))
            if name not in known:
                path = ("cases", number, "pays", place, "component")
                notes.add("unknown_name", path, value=name, detail=meant(name, known))
        for place, deal in enumerate(case.given):
            name = str(deal.get("component", ""))
            if name and name not in objectives:
                path = ("cases", number, "deals", place, "component")
                notes.add("unknown_name", path, value=name, detail=meant(name, objectives))
