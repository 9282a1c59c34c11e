"""The sentences of recommendation cards: English by id; translated only where they are shown."""

from __future__ import annotations

from collections.abc import Callable

from compensation.plan.saying import ENGLISH, Said, Style, written

TEMPLATES: dict[str, str] = {
    "add_spif": "Add a SPIF on {measure}: {rate} of it, at most {budget} a quarter.",
    "add_spif_open": "Add a SPIF on {measure}: {rate} of it, without a budget, as people are paid in several currencies.",
    "drop_component": "Drop {name}.",
    "edge_earlier": "{name}: the accelerator starts at {then} instead of {now}.",
    "edge_later": "{name}: the accelerator starts at {then} instead of {now}.",
    "flip_costs": "It costs {amount}. It pays for itself if what it pays for grows by {share} or more, "
    "at a margin of {margin}.",
    "flip_never": "It saves {amount}, more than the whole margin of what it pays for: even if all of those sales were lost, "
    "it would still save.",
    "flip_nothing": "It would have changed nothing on the past, so nothing can flip it.",
    "flip_saves": "It saves {amount}. That is lost again if what it pays for falls by {share} or more, "
    "at a margin of {margin}.",
    "flip_unknown": "What margin is left on sales is not known, so nobody can say when this would be wrong. Give a margin.",
    "gaming_gone": "Nothing is left to be gamed.",
    "gaming_margin": "One more unit of sales is paid up to {rate}, more than the margin of {margin}: "
    "selling more would cost more than it brings.",
    "gaming_none": "It pays no more at any edge than the plan does now.",
    "gaming_notch": "At one place a cent more of sales pays {jump} more: a reason to move a deal.",
    "gaming_spif": "A contest of a quarter invites to pull deals into it that would have come anyway; "
    "look at the quarter after it.",
    "gaming_steeper": "The steepest rate rises from {now} to {then}: moving a deal across the edge pays more.",
    "gaming_timing": "The edge is at another place: deals may be held back or pulled forward around it.",
    "not_judged": "There is no verdict on this yet.",
    "rate_down": "{name}: a rate of {then} instead of {now}.",
    "rate_up": "{name}: a rate of {then} instead of {now}.",
    "test": "Change it in {teams} teams drawn by lot and leave {others} as they are: {quarters} quarters would notice "
    "a change of sales of {noticed} or more, with evidence of grade A.",
    "test_any": "Change it in {teams} teams drawn by lot and leave {others} as they are: {quarters} quarters would notice "
    "a change of sales of {noticed} or more.",
    "test_few_teams": "There are too few teams to draw lots; only time before and after can be compared.",
    "test_more_sure": "It has been tried by lot already. Another {quarters} quarters with {teams} teams against {others} "
    "would notice a change of sales of {noticed} or more.",
    "test_too_small": "What would flip it ({share}) is too small for a cheap test: {quarters} quarters with half of the teams "
    "would notice {noticed} at best.",
    "times": "{factor} of the full rate",
    "why_costs": "The evidence (grade {grade}) says that it costs without return.",
    "why_earns": "The evidence (grade {grade}) says that it earns its cost.",
    "why_effect": "Sales a seat change by {effect} with it (90 % interval {low} to {high}).",
    "why_unknown": "There is not enough data to say whether it earns its cost (grade {grade}).",
}
"""English sentence by id. Sorted by id."""


def sentence(said: Said, style: Style = ENGLISH, translate: Callable[[str], str] = str) -> str:
    """A sentence of a card in words."""
    return written(said, TEMPLATES, style, translate)
