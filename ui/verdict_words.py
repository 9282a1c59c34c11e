"""A verdict in the reader's language: its sentences, short names, and marks that colour does not carry alone."""

from __future__ import annotations

from metrics.evidence.linear import Estimate
from metrics.evidence.verdict import Outcome, Verdict
from metrics.evidence.words import TEMPLATES, Said, sentence
from ui.speech import language
from words import formats
from words.catalogue import N_, translator

SHORT = {
    Outcome.EARNS: N_("earns its cost"),
    Outcome.COSTS: N_("costs without return"),
    Outcome.UNKNOWN: N_("not enough data"),
}
MARKS = {Outcome.EARNS: "●", Outcome.COSTS: "▼", Outcome.UNKNOWN: "◇"}
KEYS = {Outcome.EARNS: "earns", Outcome.COSTS: "costs", Outcome.UNKNOWN: "unknown"}
GRADES = {
    "A": N_("A: a declared pilot, team by team"),
    "B": N_("B: teams that got it against teams that did not"),
    "C": N_("C: a mixture of other teams"),
    "D": N_("D: before and after only"),
    "E": N_("E: an association at the most"),
}
CHANGES = frozenset(
    {"give_margin", "longer", "margin_above", "margin_below", "more_teams", "no_margin_would_do"}
    | {"pilot_needed", "pilot_would_help"}
)
"""Sentences that say what would change a verdict."""


def one(said: Said, language_: str = "") -> str:
    """A sentence of a verdict; plain text."""
    spoken = language_ or language()
    words = translator(spoken)
    templates = {said.code: words(TEMPLATES[said.code])}
    return sentence(said, templates, lambda value: formats.percent(value, spoken))


def sentences(verdict: Verdict, language_: str = "") -> tuple[list[str], list[str]]:
    """What a verdict says, the smallest effect it would notice first, and what would change it."""
    says = [one(said, language_) for said in verdict.said if said.code not in CHANGES]
    changes = [one(said, language_) for said in verdict.said if said.code in CHANGES]
    return says, changes


def before_the_start(verdict: Verdict, language_: str = "") -> list[str]:
    """What happened before the start, where nothing should have: the checks with their intervals."""
    spoken = language_ or language()
    words = translator(spoken)
    checks = verdict.checks
    if checks is None:
        return []
    told = []
    if checks.trend is not None:
        told.append(
            words("Before the start: a trend of {effect} a period.", effect=_estimate(checks.trend, spoken))
        )
    if checks.placebo is not None:
        effect = _estimate(checks.placebo, spoken)
        told.append(words("As if it had started earlier: {effect}.", effect=effect))
    return told


def _estimate(found: Estimate, language_: str) -> str:
    relative = found.relative
    low, high = (formats.percent(value, language_) for value in (relative.low, relative.high))
    effect = formats.percent(relative.effect, language_, signed=True)
    return translator(language_)(
        "{effect} (90 % interval {low} to {high})", effect=effect, low=low, high=high
    )


def short(outcome: Outcome, language_: str = "") -> str:
    """The verdict in two or three words."""
    return translator(language_ or language())(SHORT[outcome])
