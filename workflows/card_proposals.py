"""Which changes to a plan are worth a card: few, small, and each of one thing only."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction

import pyarrow.compute as pc

from compensation.plan.model import PAYEE_CURRENCY, Component, Pays, Period, Plan, Spif
from compensation.plan.reading import read
from compensation.plan.saying import Money, Said, say
from compensation.plan.writing import changed
from compensation.what_if.sliders import Kind, Slider, Unit, moved, of_component
from metrics.evidence.verdict import Outcome
from workflows.plan_return import ComponentVerdict
from workflows.what_if_past import Past, over_the_past

SPIF_SHARE = Decimal("0.02")
"""A SPIF's budget a quarter, as a share of what the plan pays in one."""

RATE_STEP = Fraction(1, 10)
EDGE_STEP = Fraction(1, 10)
FEW, MANY = 0.1, 0.5
"""Share of people above an accelerator's edge: below, it is hardly ever reached; above, it is no accelerator."""


class Action(StrEnum):
    """What a card proposes."""

    DROP = "drop_component"
    RATE = "shift_rate"
    ACCELERATOR = "move_accelerator"
    SPIF = "add_spif"


@dataclass(frozen=True)
class Proposal:
    """One change: the plan with it, and the text to keep as a draft (which may still need finishing)."""

    action: Action
    component_id: str
    measured_by: str  # the component of the plan in force whose sales it is about
    plan: Plan
    text: str
    title: Said


def proposals(plan: Plan, judged: Mapping[str, ComponentVerdict], found: Past) -> Iterator[Proposal]:
    """What the evidence and the plan's own numbers suggest looking at."""
    paid = _paid(plan, found)
    for component in plan.components:
        if not paid.get(component.id):
            continue
        verdict = judged.get(component.id)
        outcome = verdict.verdict.outcome if verdict else Outcome.UNKNOWN
        if outcome is Outcome.COSTS:
            yield _dropped(plan, component)
        else:
            yield from _rate_moved(plan, component, _promising(verdict))
            yield from _edge_moved(plan, component, found)
    good = [one for one in plan.components if not _costs(judged.get(one.id))]
    yield from _with_spif(plan, good, paid, found)


def _costs(verdict: ComponentVerdict | None) -> bool:
    return verdict is not None and verdict.verdict.outcome is Outcome.COSTS


def _promising(verdict: ComponentVerdict | None) -> bool:
    """Whether sales are known to be higher with the component, or it is known to earn its cost."""
    if verdict is None:
        return False
    found = verdict.verdict
    sure = found.grade in ("A", "B", "C") and found.low is not None and found.low > 0
    return sure or found.outcome is Outcome.EARNS


def _paid(plan: Plan, found: Past) -> dict[str, Decimal]:
    """What each component earned people on the past; currencies are added as they are, for a first look."""
    lines = found.run(over_the_past(plan, found.span)).lines
    sums = lines.group_by("component_id").aggregate([("amount", "sum")])
    return dict(zip(sums["component_id"].to_pylist(), sums["amount_sum"].to_pylist(), strict=True))


def _dropped(plan: Plan, component: Component) -> Proposal:
    """Without the component. The weights of the others are left for whoever finishes the draft."""
    rest = tuple(one for one in plan.components if one.id != component.id)
    text = changed(plan.text, ("components", component.id), None)
    title = say("drop_component", name=component.name)
    return Proposal(
        Action.DROP, component.id, component.id, replace(plan, components=rest, text=text), text, title
    )


def _rate_moved(plan: Plan, component: Component, up: bool) -> Iterator[Proposal]:  # noqa: FBT001
    """A tenth more where the component is known to work, a tenth less otherwise."""
    slider = next((one for one in of_component(component) if one.kind is Kind.RATE and one.value), None)
    if slider is None:
        return
    value = slider.value * (1 + RATE_STEP if up else 1 - RATE_STEP)
    yield from _moved(plan, component, slider, value, Action.RATE, "rate_up" if up else "rate_down")


def _edge_moved(plan: Plan, component: Component, found: Past) -> Iterator[Proposal]:
    """An accelerator hardly anybody reaches comes earlier, one that most reach later."""
    edges = [
        one for one in of_component(component) if one.kind is Kind.ACCELERATOR and one.path.endswith(".from")
    ]
    for slider in edges[:1]:
        above = _above(plan, component, slider, found)
        if above is None or FEW <= above <= MANY:
            continue
        down = above < FEW
        value = slider.value * (1 - EDGE_STEP if down else 1 + EDGE_STEP)
        template = "edge_earlier" if down else "edge_later"
        yield from _moved(plan, component, slider, value, Action.ACCELERATOR, template)


def _above(plan: Plan, component: Component, slider: Slider, found: Past) -> float | None:
    """Share of the component's lines that reached the edge; None where nothing can be said."""
    lines = found.run(over_the_past(plan, found.span)).lines
    lines = lines.filter(pc.equal(lines["component_id"], component.id))
    reached = lines["attainment"] if slider.unit is Unit.SHARE else lines["credited"]
    known = reached.drop_null()
    if not len(known):
        return None
    edge = float(slider.value) if slider.unit is Unit.SHARE else Decimal(float(slider.value))
    return float(pc.mean(pc.greater_equal(known, edge)).as_py())


def _moved(
    plan: Plan, component: Component, slider: Slider, value: Fraction, action: Action, template: str
) -> Iterator[Proposal]:
    if not slider.low <= value <= slider.high:
        return
    text = moved(plan.text, slider, value)
    draft, _ = read(text)
    if draft is None:  # such as an edge that would meet the next one
        return
    now, then = (_said(slider, number) for number in (slider.value, value))
    title = say(template, name=component.name, now=now, then=then)
    kept = replace(draft, id=plan.id, version=plan.version)
    yield Proposal(action, component.id, component.id, kept, text, title)


def _said(slider: Slider, value: Fraction) -> Fraction | Money | Said:
    if slider.unit is Unit.SHARE:
        return value
    return say("times", factor=value) if slider.unit is Unit.FACTOR else Money(value)


def _with_spif(
    plan: Plan, good: Sequence[Component], paid: Mapping[str, Decimal], found: Past
) -> Iterator[Proposal]:
    """A contest on what the plan counts most narrowly, such as new business, over what it pays already."""
    narrow = {one.name for one in plan.measures.values() if one.where and one.of == "amount"}
    by = next((one for one in good if one.measure in narrow), None)
    sold = _sold(plan, by, found) if by else Decimal(0)
    if by is None or sold <= 0 or any(one.id == "spif" for one in plan.components):
        return
    quarters = len(found.span.quarters)
    budget = round(sum(paid.values(), Decimal(0)) / quarters * SPIF_SHARE, -2)
    rate = round(budget * quarters / sold, 4)
    if rate > 0:
        yield _spif(plan, by, rate, None if _several_currencies(plan, found) else budget)


def _several_currencies(plan: Plan, found: Past) -> bool:
    """Whether people are paid in several currencies: one budget cannot be shared among them."""
    on = found.inputs.assignments
    own = on.filter(pc.equal(on["plan_id"], plan.id))["currency"].unique()
    return plan.currency == PAYEE_CURRENCY and len(own) > 1


def _sold(plan: Plan, component: Component, found: Past) -> Decimal:
    lines = found.run(over_the_past(plan, found.span)).lines
    return pc.sum(lines.filter(pc.equal(lines["component_id"], component.id))["credited"]).as_py() or Decimal(
        0
    )


def _spif(plan: Plan, by: Component, rate: Decimal, budget: Decimal | None) -> Proposal:
    spif = Component(
        id="spif",
        name=f"SPIF on {by.measure}",
        pays=Pays.RATE if budget is None else Pays.SPIF,  # without a budget it is a rate like any other
        measure=by.measure,
        period=Period.QUARTER,
        rate=Fraction(rate),
        credits=by.credits,
        roles=by.roles,
        spif=None if budget is None else Spif(budget, "pro_rata"),
        group="spif",
    )
    text = plan.text.rstrip() + _spif_text(spif, rate)
    draft = replace(plan, components=(*plan.components, spif), text=text)
    if budget is None:
        title = say("add_spif_open", measure=by.measure, rate=Fraction(rate))
    else:
        currency = "" if plan.currency == PAYEE_CURRENCY else plan.currency
        title = say("add_spif", measure=by.measure, budget=Money(budget, currency), rate=Fraction(rate))
    return Proposal(Action.SPIF, spif.id, by.id, draft, text, title)


def _spif_text(spif: Component, rate: Decimal) -> str:
    lists = {"credits": spif.credits, "roles": spif.roles}
    named = [
        f"{key} = [{', '.join(json.dumps(each) for each in names)}]\n"
        for key, names in lists.items()
        if names
    ]
    budget = f'spif = {{ budget = {spif.spif.budget:f}, share = "pro_rata" }}\n' if spif.spif else ""
    return (
        f'\n\n[[components]]\nid = "{spif.id}"\nname = "{spif.name}"\ngroup = "spif"\npays = "{spif.pays}"\n'
        f'measure = "{spif.measure}"\nperiod = "quarter"\nrate = {rate:f}\n{"".join(named)}{budget}'
    )
