"""The sentences of a verdict: ids with fields, and their English; translation happens where they are shown.

Fields that are floats are shares (0.1 is written 10.0 %), integers are counts, texts are names.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

Value = float | int | str

TEMPLATES: dict[str, str] = {
    "always_in_force": "It has been in force for everybody all the time, so there is nothing to compare it with.",
    "association_only": "What is left is an association: teams that have it may differ from the others for any reason.",
    "before_after_only": "Everybody got it at once, so whatever else changed at that time is part of this figure.",
    "break_even": "It pays for itself if sales are {needed} higher than they would be without it, at a margin of {margin}.",
    "checks_failed": "Teams that got it were already moving differently before, so they cannot be compared with the others.",
    "checks_impossible": "There is too little time before its start to see whether the teams moved alike.",
    "checks_passed": "Before its start the teams moved alike ({checks} checks).",
    "cost": "It costs {share} of the sales of those who have it.",
    "cost_unknown": "Those who have it have no sales its cost could be held against.",
    "costs_without_return": "It costs without return: even the upper end of the interval does not pay for it.",
    "difference": "Sales a seat of teams that have it differ by {effect} from those without it (90 % interval {low} to {high}): a difference, not an effect.",
    "earns_its_cost": "It earns its cost: even the lower end of the interval pays for it.",
    "effect": "Sales a seat change by {effect} (90 % interval {low} to {high}).",
    "empty_cells": "In {cells} team-periods nobody sold anything; relative changes mean nothing there.",
    "few_teams": "Too few teams have it, or too few do not, to tell its effect from chance.",
    "give_margin": "The cost of what is sold, or a margin, would make a break-even known.",
    "longer": "If the effect is what it looks like, about {periods} more periods would settle it.",
    "margin_above": "The verdict turns if the margin is above {margin}.",
    "margin_below": "The verdict turns if the margin is below {margin}.",
    "margin_unknown": "What margin is left on sales is not known, so nobody can say what would pay for it.",
    "mde": "This comparison would notice an increase of {mde} or more.",
    "mde_unknown": "There is no comparison that could notice an effect of any size.",
    "more_teams": "The effect lies so close to break-even that only a comparison with more teams would settle it.",
    "never_in_force": "No team of sellers has had it in a finished period.",
    "never_pays": "It costs more than the whole margin of the sales it is paid on: no increase could pay for it.",
    "no_before": "Teams that have it have had it from the beginning, so there is no time without it to compare with.",
    "no_margin_would_do": "No margin up to 100 % would turn the verdict.",
    "not_enough_data": "There is not enough data to say whether it pays for itself.",
    "pilot_check_failed": "Although the rollout was a pilot, the teams moved differently before its start: read this with care.",
    "pilot_needed": "Only a pilot would tell: start or stop it team by team, on dates drawn by lot.",
    "pilot_random": "Its start was drawn by lot as a pilot.",
    "pilot_staggered": "It was brought in team by team as a declared pilot.",
    "pilot_would_help": "A pilot with starts drawn by lot would raise the evidence to grade A.",
    "same_rollout": "It was in force for the same teams at the same times as {others}; their effects cannot be told apart.",
    "sample": "It rests on {teams} teams over {periods} periods; {with_it} of the teams had it.",
    "synthetic": "The teams are held against a mixture of others that moved like them before; chance is learnt from {groups} other groups.",
}
"""English of each sentence, sorted by id."""


@dataclass(frozen=True)
class Said:
    """One sentence: its id, and the fields that fill it."""

    code: str
    fields: tuple[tuple[str, Value], ...] = ()


def said(code: str, **fields: Value) -> Said:
    """A sentence with its fields.

    Raises:
        KeyError: there is no such sentence.
    """
    if code not in TEMPLATES:
        raise KeyError(code)
    return Said(code, tuple(fields.items()))


def percent(share: float) -> str:
    """A share as English text."""
    return f"{share:.1%}".replace("%", " %").replace("-", "−")


def sentence(
    what: Said,
    templates: Mapping[str, str] = TEMPLATES,
    share: Callable[[float], str] = percent,
) -> str:
    """The sentence in words, in English unless other templates and another way to write shares are given."""
    filled = {name: share(value) if isinstance(value, float) else value for name, value in what.fields}
    return templates[what.code].format(**filled)
