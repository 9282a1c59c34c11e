"""Recommendation cards: one change to a plan each, with what it may cost, whom it touches and what would flip it.

A card says what the change would have cost on the past as it was, what it may cost by simulation, who gains and
who loses, which assumption would turn the advice round, how it could be gamed, and the cheapest test that would
tell more. It recommends looking, never acting: behaviour is assumed to stay as it is, and the sentence that says
from which change of behaviour on that is wrong is part of every card.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

import numpy as np
import pyarrow.compute as pc

from compensation.money.fine import units
from compensation.plan.model import Component, Plan
from compensation.plan.saying import Money, Said, Value, say
from compensation.run import Problem
from compensation.what_if.simulate import Outcome
from metrics.evidence.verdict import Outcome as Found
from warehouse.access import Viewer
from warehouse.engine import Session
from workflows.card_proposals import Action, Proposal, proposals
from workflows.card_risks import Gaming, Test, cheapest_test, gaming
from workflows.pay import rights
from workflows.plan_return import ComponentVerdict, verdicts
from workflows.what_if import DRAFT, NOW, WhatIf, before, plan_now, what_if
from workflows.what_if_past import Past

MOST_NAMED = 3
"""How many of those who gain and lose most a card names."""


@dataclass(frozen=True)
class Cost:
    """A simulated cost, reporting currency."""

    median: float
    p95: float
    p95_error: float  # share of it

    @classmethod
    def of(cls, outcome: Outcome) -> Cost:
        """From a simulated outcome."""
        return cls(outcome.median, outcome.p95, outcome.p95_error)


@dataclass(frozen=True)
class Flip:
    """The assumption that turns a card round: sales paid by the component changing by so much."""

    share: float | None  # None: nobody knows, as the margin is not known
    said: Said


@dataclass(frozen=True)
class Card:
    """One recommendation. Money in the reporting currency, changes a span of quarters."""

    proposal: Proposal
    plan: Plan
    component_id: str
    why: tuple[Said, ...]
    currency: str
    replayed: tuple[Decimal, Decimal]  # the past with the plan in force, and with the change
    now: Cost
    then: Cost
    change_median: float  # of the cost, draw by draw
    change_p95: float
    gainers: int
    losers: int
    most: tuple[tuple[str, Decimal], ...]  # who gains most and who loses most, replayed
    flip: Flip
    gaming: Gaming
    test: Test
    left_out: tuple[str, ...]
    problems: tuple[Problem, ...]

    @property
    def change(self) -> Decimal:
        """What the change would have cost more on the past as it was; negative: less."""
        return self.replayed[1] - self.replayed[0]


def cards(
    session: Session,
    viewer: Viewer,
    plan_id: str,
    *,
    margin: float | None = None,
    judged: Sequence[ComponentVerdict] | None = None,
    draws: int = 10_000,
) -> list[Card]:
    """The cards of a plan in force, what saves or costs most first.

    ``margin`` is the share of sales left after the cost of what is sold, from won deals if not given; ``judged``
    are the verdicts, if they are at hand.

    Raises:
        AccessDenied: the viewer does not see everybody's pay.
        NothingToTry: the plan is not in force, or no quarter is finished.
    """
    rights.require_all(viewer, "A recommendation")
    plan = plan_now(session, viewer, plan_id)
    known = list(judged) if judged is not None else verdicts(session, viewer, margin=margin)
    of_plan = {one.component: one for one in known if plan_id in one.plans}
    if margin is None:  # of all won deals: the same in every verdict
        margin = next((one.verdict.money.margin for one in known), None)
    found = before(session, viewer, plan)
    made = [
        card(
            session,
            viewer,
            plan,
            proposal,
            of_plan.get(proposal.component_id),
            found,
            margin=margin,
            draws=draws,
        )
        for proposal in proposals(plan, of_plan, found)
    ]
    return sorted(made, key=lambda one: (_rank(one), -abs(one.change)))


def _rank(found: Card) -> int:
    """What the evidence asks for comes first."""
    return 0 if found.proposal.action is Action.DROP else 1


def card(
    session: Session,
    viewer: Viewer,
    plan: Plan,
    proposal: Proposal,
    verdict: ComponentVerdict | None,
    found: Past,
    *,
    margin: float | None = None,
    draws: int = 10_000,
) -> Card:
    """One card: the proposal tried on the past and by simulation."""
    tried = what_if(session, viewer, proposal.plan, found=found, assumptions={"draws": draws})
    outcomes = tried.simulation.outcomes
    change = tried.simulation.difference(DRAFT, NOW)
    people = tried.people()
    moved = people.filter(pc.not_equal(people["change"], Decimal(0)))
    flip = _flip(proposal, tried, margin)
    return Card(
        proposal=proposal,
        plan=plan,
        component_id=proposal.component_id,
        why=tuple(_why(verdict)),
        currency=tried.currency,
        replayed=tried.replay.cost,
        now=Cost.of(outcomes[NOW]),
        then=Cost.of(outcomes[DRAFT]),
        change_median=float(np.median(change)),
        change_p95=float(np.quantile(change, 0.95)),
        gainers=pc.sum(pc.greater(moved["change"], Decimal(0))).as_py() or 0,
        losers=pc.sum(pc.less(moved["change"], Decimal(0))).as_py() or 0,
        most=_most(moved.select(["rep", "change"]).to_pylist()),
        flip=flip,
        gaming=gaming(plan, proposal, _component_of(proposal, plan), found, margin),
        test=cheapest_test(plan, found, flip.share, verdict),
        left_out=tried.left_out,
        problems=tried.problems,
    )


def _component_of(proposal: Proposal, plan: Plan) -> Component | None:
    return next((one for one in plan.components if one.id == proposal.component_id), None)


def _most(rows: Sequence[dict[str, Decimal]]) -> tuple[tuple[str, Decimal], ...]:
    """Those at both ends of the list, which is sorted by change."""
    few = rows if len(rows) <= 2 * MOST_NAMED else [*rows[:MOST_NAMED], *rows[-MOST_NAMED:]]
    return tuple((str(row["rep"]), row["change"]) for row in few)


def _why(verdict: ComponentVerdict | None) -> Iterator[Said]:
    """What the evidence says."""
    if verdict is None:
        yield say("not_judged")
        return
    found = verdict.verdict
    if found.outcome is Found.UNKNOWN:
        yield say("why_unknown", grade=found.grade)
    else:
        yield say("why_earns" if found.outcome is Found.EARNS else "why_costs", grade=found.grade)
    if found.effect is not None and found.low is not None and found.high is not None and found.grade != "E":
        yield say("why_effect", effect=share(found.effect), low=share(found.low), high=share(found.high))


def share(value: float) -> Fraction:
    """A share to a tenth of a per cent, as sentences write it."""
    return Fraction(round(value * 1000), 1000)


def _flip(proposal: Proposal, tried: WhatIf, margin: float | None) -> Flip:
    """From which change of the sales that the component pays for on the advice is wrong.

    Money moved by the change ÷ (margin × those sales): what is saved is lost again in margin, or what is spent
    earned back.
    """
    moved = abs(tried.replay.cost[1] - tried.replay.cost[0])
    sales = _credited(proposal, tried)
    if not moved:
        return Flip(None, say("flip_nothing"))
    if margin is None or margin <= 0 or not sales:
        return Flip(None, say("flip_unknown"))
    needed = float(moved) / (margin * float(sales))
    saves = tried.replay.cost[1] < tried.replay.cost[0]
    fields: dict[str, Value] = {
        "share": share(needed),
        "margin": share(margin),
        "amount": Money(moved, tried.currency),
    }
    if saves and needed > 1:
        return Flip(needed, say("flip_never", amount=fields["amount"]))
    return Flip(needed, say("flip_saves" if saves else "flip_costs", **fields))


def _credited(proposal: Proposal, tried: WhatIf) -> Decimal:
    """What the component counted on the past, reporting currency; the whole plan's dearest if it is new.

    Lines are converted as their pay is: credited × (reported ÷ paid) where something was paid.
    """
    lines = tried.replay.lines[NOW]
    lines = lines.filter(pc.equal(lines["component_id"], proposal.measured_by))
    worth = _worth(tried)
    total = sum(
        (row["credited"] or Decimal(0)) * worth[row["currency"]]
        for row in lines.select(["credited", "currency"]).to_pylist()
    )
    return Decimal(total)


def _worth(tried: WhatIf) -> dict[str, Decimal]:
    """The reporting currency per unit of each currency, as the lines' pay was converted on average."""
    lines = tried.replay.lines[NOW]
    found = {}
    for currency in lines["currency"].unique().to_pylist():
        own = lines.filter(pc.equal(lines["currency"], currency))
        paid, reported = int(units(own["amount"]).sum()), int(units(own["reported"]).sum())
        found[currency] = Decimal(reported) / Decimal(paid) if paid else Decimal(1)
    return found


__all__ = ["Action", "Card", "Cost", "Flip", "Gaming", "Proposal", "Test", "card", "cards", "share"]
