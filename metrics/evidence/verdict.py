"""From estimates and money to a verdict, with its grade, what it rests on, and what would change it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from math import ceil, isfinite

import numpy as np

from metrics.evidence.association import association
from metrics.evidence.before_after import before_after
from metrics.evidence.linear import Estimate
from metrics.evidence.money import Money
from metrics.evidence.panel import Panel
from metrics.evidence.permuted import permuted_p
from metrics.evidence.staggered import Checks, Step, checks, event_study, staggered, two_ways
from metrics.evidence.synthetic import synthetic
from metrics.evidence.words import Said, said

LEAST_FREEDOM = 3.0
"""Below this many degrees of freedom a comparison of teams rests on too few of them: measured, see the decision."""

MOST_EMPTY = 0.02
"""Share of cells without sales up to which leaving them out is tolerated."""

PILOTS = frozenset({"", "random", "staggered"})
"""How a plan can say that its rollout was decided; empty: not a trial."""


class Outcome(StrEnum):
    """What can be said of a component."""

    EARNS = "earns_its_cost"
    COSTS = "costs_without_return"
    UNKNOWN = "not_enough_data"


class Method(StrEnum):
    """How the effect was found."""

    STAGGERED = "staggered"  # imputation, teams that got it against those without it
    SYNTHETIC = "synthetic"
    BEFORE_AFTER = "before_after"
    ASSOCIATION = "association"
    NONE = "none"


@dataclass(frozen=True)
class Sample:
    """What an estimate rests on."""

    teams: int
    with_it: int  # teams that ever had it
    periods: int
    cells: int  # team-periods used
    exposed: int  # of those, with the component
    left_out: int  # team-periods in which it was in force for a part, or nobody sold


@dataclass(frozen=True)
class Verdict:
    """A verdict. Effects are relative changes of sales a seat: 0.1 is 10 % more than without the component."""

    outcome: Outcome
    grade: str  # A to E
    method: Method
    effect: float | None
    low: float | None  # 90 % interval
    high: float | None
    mde: float | None  # smallest increase noticed with 80 % probability
    p: float | None
    break_even: float | None  # infinite: no increase could pay for it
    component_return: (
        tuple[float, float, float] | None
    )  # (incremental margin − cost) ÷ cost at low, effect, high
    money: Money
    sample: Sample
    checks: Checks | None
    course: tuple[Step, ...]  # event study, in log points
    constant_effect: Estimate | None  # two-way fixed effects beside it, relative
    permuted_p: float | None  # randomisation inference, for starts drawn by lot
    said: tuple[
        Said, ...
    ]  # in order: the smallest effect first, then the verdict, its reasons, what would change it


@dataclass(frozen=True)
class _Finding:
    method: Method
    grade: str
    estimate: Estimate | None
    checks: Checks | None = None
    reasons: tuple[Said, ...] = ()


def judge(panel: Panel, money: Money, *, pilot: str = "", same_rollout: Sequence[str] = ()) -> Verdict:
    """The verdict on one component.

    Args:
        panel: sales a seat by team and period, and the component's rollout.
        money: cost and sales of the exposed cells, and the margin.
        pilot: ``random`` or ``staggered`` if the plan declares the rollout as a trial.
        same_rollout: other components whose rollout cannot be told from this one's.

    Raises:
        ValueError: ``pilot`` is something else.
    """
    if pilot not in PILOTS:
        raise ValueError(f"A rollout is declared as {' or '.join(sorted(PILOTS - {''}))}, not as {pilot}.")
    found = _found(panel, pilot, tuple(same_rollout))
    relative = found.estimate.relative if found.estimate else None
    outcome = _outcome(found.grade, relative, money)
    compared = found.method is Method.STAGGERED
    drawn = compared and pilot == "random"
    constant = two_ways(panel) if compared else None
    return Verdict(
        outcome=outcome,
        grade=found.grade,
        method=found.method,
        effect=relative.effect if relative else None,
        low=relative.low if relative else None,
        high=relative.high if relative else None,
        mde=relative.mde if relative else None,
        p=relative.p if relative else None,
        break_even=money.break_even,
        component_return=_returned(found.grade, relative, money),
        money=money,
        sample=_sample(panel),
        checks=found.checks,
        course=event_study(panel) if compared else (),
        constant_effect=constant.relative if constant else None,
        permuted_p=permuted_p(panel) if drawn else None,
        said=_sentences(outcome, found, relative, money, panel),
    )


def _found(panel: Panel, pilot: str, same_rollout: tuple[str, ...]) -> _Finding:
    """The best evidence there is: each way is tried in order of its grade."""
    hindrance = _hindrance(panel, same_rollout)
    if hindrance is not None:
        return _Finding(Method.NONE, "E", None, reasons=(hindrance,))
    ways: tuple[Callable[[Panel, str], _Finding | None], ...] = (_compared, _mixed, _stepped)
    reasons: tuple[Said, ...] = ()
    for way in ways:
        found = way(panel, pilot)
        if found is not None and found.grade != "E":
            return _Finding(found.method, found.grade, found.estimate, found.checks, reasons + found.reasons)
        reasons += found.reasons if found is not None else ()
    return _Finding(Method.ASSOCIATION, "E", association(panel), reasons=(*reasons, said("association_only")))


def _hindrance(panel: Panel, same_rollout: tuple[str, ...]) -> Said | None:
    """What makes any estimate impossible."""
    usable = int(panel.usable.sum())
    if not panel.exposed.any():
        return said("never_in_force")
    if not (panel.usable & ~panel.treated).any():
        return said("always_in_force")
    if same_rollout:
        return said("same_rollout", others=", ".join(same_rollout))
    if panel.empty > MOST_EMPTY * (usable + panel.empty):
        return said("empty_cells", cells=panel.empty)
    return None


def _compared(panel: Panel, pilot: str) -> _Finding | None:
    """A or B: teams with it against teams without it."""
    if not (panel.usable & ~panel.treated)[panel.treated.any(axis=1)].any():
        return _refused(said("no_before"))
    estimate = staggered(panel)
    if estimate is None or estimate.freedom < LEAST_FREEDOM:
        return None if panel.treated.any(axis=1).all() else _refused(said("few_teams"))
    before = checks(panel)
    if pilot:
        bad = () if before.passed or before.placebo is None else (said("pilot_check_failed"),)
        return _Finding(Method.STAGGERED, "A", estimate, before, (said(f"pilot_{pilot}"), *bad))
    if before.passed:
        return _Finding(
            Method.STAGGERED, "B", estimate, before, (said("checks_passed", checks=len(before.made)),)
        )
    return _refused(said("checks_impossible") if before.placebo is None else said("checks_failed"))


def _refused(reason: Said) -> _Finding:
    return _Finding(Method.STAGGERED, "E", None, reasons=(reason,))


def _mixed(panel: Panel, _: str) -> _Finding | None:
    """C: a mixture of other teams."""
    estimate = synthetic(panel)
    if estimate is None or not isfinite(estimate.low + estimate.high):
        return None
    groups = int(estimate.freedom)
    return _Finding(Method.SYNTHETIC, "C", estimate, reasons=(said("synthetic", groups=groups),))


def _stepped(panel: Panel, _: str) -> _Finding | None:
    """D: everybody at once. With teams that never got it, a comparison has already been refused."""
    estimate = before_after(panel) if panel.treated.any(axis=1).all() else None
    if estimate is None:
        return None
    return _Finding(Method.BEFORE_AFTER, "D", estimate, reasons=(said("before_after_only"),))


def _outcome(grade: str, estimate: Estimate | None, money: Money) -> Outcome:
    """Costs without return: even the interval's upper end does not pay. An association says nothing of return."""
    needed = money.break_even
    if estimate is None or needed is None or grade == "E":
        return Outcome.UNKNOWN
    if estimate.high < needed:
        return Outcome.COSTS
    return Outcome.EARNS if estimate.low >= needed else Outcome.UNKNOWN


def _returned(grade: str, estimate: Estimate | None, money: Money) -> tuple[float, float, float] | None:
    if estimate is None or grade == "E" or money.returned(0.0) is None:
        return None
    low, middle, high = (money.returned(e) for e in (estimate.low, estimate.effect, estimate.high))
    assert low is not None
    assert middle is not None
    assert high is not None
    return low, middle, high


def _sample(panel: Panel) -> Sample:
    usable = panel.usable
    return Sample(
        teams=int(usable.any(axis=1).sum()),
        with_it=int(panel.exposed.any(axis=1).sum()),
        periods=int(usable.any(axis=0).sum()),
        cells=int(usable.sum()),
        exposed=int(panel.exposed.sum()),
        left_out=int((~usable).sum()),
    )


def _sentences(
    outcome: Outcome, found: _Finding, relative: Estimate | None, money: Money, panel: Panel
) -> tuple[Said, ...]:
    first = said("mde", mde=relative.mde) if relative and found.grade != "E" else said("mde_unknown")
    sample = _sample(panel)
    facts = (
        *_price(money),
        *_effect(found, relative),
        said("sample", teams=sample.teams, with_it=sample.with_it, periods=sample.periods),
    )
    return (
        first,
        said(outcome.value),
        *facts,
        *found.reasons,
        *_changes(outcome, found, relative, money, panel),
    )


def _price(money: Money) -> tuple[Said, ...]:
    """What it costs, and what would pay for it."""
    if not isfinite(money.cost_share):
        return (said("cost_unknown"),)
    cost, needed = said("cost", share=money.cost_share), money.break_even
    if needed is None or money.margin is None:
        return cost, said("margin_unknown")
    if not isfinite(needed):
        return cost, said("never_pays")
    return cost, said("break_even", needed=needed, margin=money.margin)


def _effect(found: _Finding, relative: Estimate | None) -> tuple[Said, ...]:
    if relative is None:
        return ()
    code = "difference" if found.grade == "E" else "effect"
    return (said(code, effect=relative.effect, low=relative.low, high=relative.high),)


def _changes(
    outcome: Outcome, found: _Finding, relative: Estimate | None, money: Money, panel: Panel
) -> tuple[Said, ...]:
    """What would change the verdict, the cheapest first."""
    changes = []
    if money.margin is None:
        changes.append(said("give_margin"))
    if outcome is Outcome.UNKNOWN and relative is not None and found.grade != "E":
        changes.append(_longer(relative, money, panel))
    if outcome is not Outcome.UNKNOWN and relative is not None:
        changes.append(_other_margin(outcome, relative, money))
    if found.grade != "A":
        changes.append(said("pilot_would_help" if found.method is not Method.NONE else "pilot_needed"))
    return tuple(changes)


def _longer(relative: Estimate, money: Money, panel: Panel) -> Said:
    """How much longer it would take, if the effect is what it looks like; errors shrink with the root of time."""
    needed = money.break_even
    if needed is None or not isfinite(needed):
        return said("more_teams")
    away = abs(np.log1p(relative.effect) - np.log1p(needed))
    half = (np.log1p(relative.high) - np.log1p(relative.low)) / 2
    after = int(panel.exposed.sum(axis=1).max())
    more = ceil(after * ((half / max(away, 1e-9)) ** 2 - 1)) if np.isfinite(half) else 10_000
    return said("longer", periods=max(more, 1)) if more <= 4 * panel.seasons else said("more_teams")


def _other_margin(outcome: Outcome, relative: Estimate, money: Money) -> Said:
    """The margin at which the verdict turns."""
    edge = relative.high if outcome is Outcome.COSTS else relative.low
    turning = money.margin_at(edge)
    if turning is None:
        return said("no_margin_would_do")
    return said("margin_above" if outcome is Outcome.COSTS else "margin_below", margin=turning)


__all__ = ["Estimate", "Method", "Money", "Outcome", "Panel", "Sample", "Verdict", "judge"]
