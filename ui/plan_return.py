"""Plan return: what each component costs, what it can be shown to bring back, and its scorecard."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from charts.base import Chart, Style
from charts.cost_return import Judged, cost_return
from metrics.base import Metric, Unit
from metrics.evidence.verdict import Outcome
from metrics.periods import calendar_of
from metrics.plan_return.cost import component_cost_share, eligible_earning, payout_cost, payout_index
from metrics.plan_return.sales import credited_per_cost, effective_rate
from metrics.view import View
from ui import verdict_words
from ui.ask import ahead, ask
from ui.bars import alone
from ui.desk import Desk
from ui.speech import _
from ui.tables import Column
from warehouse.access import UNASSIGNED
from words import formats
from workflows.plan_return import ComponentVerdict

SCORED: tuple[Metric, ...] = (
    payout_cost,
    component_cost_share,
    payout_index,
    eligible_earning,
    effective_rate,
    credited_per_cost,
)
"""What the scorecard asks, by component."""
NAMED = 2
"""Components of one verdict that the headline names."""


@dataclass(frozen=True)
class Score:
    """One component in the time and filters looked at; None where something cannot be said."""

    key: str
    name: str
    values: Mapping[str, Any]  # by metric name
    judged: ComponentVerdict | None

    @property
    def outcome(self) -> Outcome:
        """Its verdict."""
        return self.judged.verdict.outcome if self.judged else Outcome.UNKNOWN

    @property
    def grade(self) -> str:
        """How good the evidence is."""
        return self.judged.verdict.grade if self.judged else "E"


@dataclass(frozen=True)
class Apart:
    """A component without an identified estimate, and what would change that; texts are plain."""

    key: str
    name: str
    cost: float
    change: str


def usual_period(desk: Desk) -> str:
    """The period looked at when nobody chose one: the last finished fiscal year, else the running one."""
    calendar, as_of = calendar_of(desk.reading), desk.reading.version.as_of
    first = calendar.all("year")[0]
    year = calendar.of("year", as_of)
    before = calendar.shift(year, -1)
    return before.id if before and before.start >= first.start else year.id


def scorecard(view: View, desk: Desk, judged: Sequence[ComponentVerdict]) -> list[Score]:
    """Every component that was paid or is open to somebody, dearest first."""
    view = alone(view)
    ahead([(metric, ("component",), view) for metric in SCORED], desk)
    found: dict[str, dict[str, Any]] = {}
    for metric in SCORED:
        for row in ask(metric, ["component"], view=view, desk=desk).to_pylist():
            found.setdefault(row["component"], {})[metric.name] = row[metric.name]
    known = {each.component: each for each in judged}
    scores = [
        Score(key, name_of(key, known), values, known.get(key))
        for key, values in found.items()
        if key and key != UNASSIGNED
    ]
    return sorted(scores, key=lambda score: (-(score.values.get("payout_cost") or 0), score.key))


def name_of(component: str, judged: Mapping[str, ComponentVerdict]) -> str:
    """What a component is called; with its plan where another one has the same name."""
    if component not in judged:
        return component.replace("_", " ").capitalize()
    mine = judged[component]
    same = [each for each in judged.values() if each.name == mine.name]
    return mine.name if len(same) == 1 else f"{mine.name} ({', '.join(mine.plans)})"


def named(judged: Sequence[ComponentVerdict]) -> dict[str, str]:
    """Names of the judged components by id."""
    known = {each.component: each for each in judged}
    return {key: name_of(key, known) for key in known}


def headline(judged: Sequence[ComponentVerdict], style: Style) -> str:
    """What can be said of all components, in a sentence: what costs without return first."""
    names = named(judged)
    parts = [_costly(each, names, style) for each in _of(judged, Outcome.COSTS)[:NAMED]]
    parts += [
        style.words("{name} earns its cost", name=names[each.component])
        for each in _of(judged, Outcome.EARNS)[:NAMED]
    ]
    if parts:
        return "; ".join(parts)
    if not judged:
        return style.words("Nothing can be said of any component yet")
    return style.words("No component can be shown to earn or to waste its cost: not enough data")


def _of(judged: Sequence[ComponentVerdict], outcome: Outcome) -> list[ComponentVerdict]:
    return [each for each in judged if each.verdict.outcome is outcome]


def _costly(found: ComponentVerdict, names: Mapping[str, str], style: Style) -> str:
    cost = style.figure(found.verdict.money.cost, "money")
    name = names[found.component]
    if (found.verdict.low or 0.0) > 0:
        return style.words("{name} costs {cost}, more than it brings back", name=name, cost=cost)
    return style.words("{name} costs {cost} and returns nothing we can find", name=name, cost=cost)


def scatter(judged: Sequence[ComponentVerdict], style: Style, note: str = "") -> Chart:
    """Cost against return of the components whose effect is identified."""
    names = named(judged)
    rows = [
        Judged(
            each.component,
            names[each.component],
            each.verdict.money.cost,
            1 + found[1],
            1 + found[0],
            1 + found[2],
            verdict_words.KEYS[each.verdict.outcome],
            style.words(verdict_words.SHORT[each.verdict.outcome]),
        )
        for each in judged
        if (found := each.verdict.component_return) is not None
    ]
    takeaway = style.words("What each component costs, and the margin it brings back")
    return cost_return(rows, takeaway=takeaway, style=style, note=note)


def apart(judged: Sequence[ComponentVerdict], language: str) -> list[Apart]:
    """Components that have no place in the scatter, dearest first, each with what would change that."""
    names = named(judged)
    found = []
    for each in judged:
        if each.verdict.component_return is None:
            changes = verdict_words.sentences(each.verdict, language)[1]
            found.append(
                Apart(
                    each.component,
                    names[each.component],
                    each.verdict.money.cost,
                    changes[-1] if changes else "",
                )
            )
    return found


def span_note(judged: Sequence[ComponentVerdict], first: date, last: date, style: Style) -> str:
    """Over what the verdicts were made."""
    if not judged:
        return ""
    days = (formats.date(day, style.language) for day in (first, last))
    return style.words(
        "Everybody, all finished quarters from {first} to {last}, whatever is filtered. Bars: 90 % intervals.",
        **dict(zip(("first", "last"), days, strict=True)),
    )


def columns() -> dict[str, Column]:
    """Columns of the scorecard."""
    index, rate = (
        _("Paid over target incentive; 100 % is pay as planned"),
        _("Earned over value credited to the same people"),
    )
    who = _("Of the people it is open to, those who were paid anything")
    per = _("An association, not a return: most of these sales might have come without it")
    grade = _("How good the evidence is: A is a pilot, E at most an association")
    return {
        "name": Column(_("Component"), width=165),
        "verdict": Column(_("Verdict"), help=_("Over all finished quarters and everybody"), width=145),
        "grade": Column(_("Grade"), help=grade, width=54),
        "payout_cost": Column(_("Cost"), Unit.MONEY, width=108),
        "component_cost_share": Column(
            _("Share"), Unit.PERCENT, help=_("Share of the cost of pay"), width=62
        ),
        "payout_index": Column(_("Index"), Unit.PERCENT, help=index, width=66),
        "eligible_earning": Column(_("Earned"), Unit.PERCENT, help=who, width=70),
        "effective_rate": Column(_("Rate"), Unit.PERCENT, help=rate, width=60),
        "credited_per_cost": Column(_("Association: credited per cost"), Unit.TIMES, help=per, width=190),
    }


def rows(scores: Sequence[Score]) -> list[dict[str, Any]]:
    """The scorecard as the table shows it."""
    return [
        {
            "key": score.key,
            "name": score.name,
            "verdict": f"{verdict_words.MARKS[score.outcome]} {verdict_words.short(score.outcome)}",
            "grade": score.grade,
            **score.values,
        }
        for score in scores
    ]
