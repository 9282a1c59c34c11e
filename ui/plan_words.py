"""What plans, changes to them and recommendation cards say, in the reader's language."""

from __future__ import annotations

import re

from compensation.plan.diff import TEMPLATES, Change
from compensation.plan.saying import Said, Value, written
from compensation.plan.words import sentence as plan_sentence
from ui.speech import language
from ui.told import Spoken
from words.catalogue import translator
from workflows.card_words import sentence as card_sentence

_MADE = re.compile(r"[a-z]+(?:_[a-z0-9]+)+")
"""A name made for files: new_business."""


def plain(value: Value) -> Value:
    """The same with names that were made for files as people write them."""
    if isinstance(value, Said):
        return Said(value.template, tuple((name, plain(each)) for name, each in value.fields))
    if isinstance(value, tuple):
        return tuple(plain(each) for each in value)
    return value.replace("_", " ") if isinstance(value, str) and _MADE.fullmatch(value) else value


def _plain(said: Said) -> Said:
    found = plain(said)
    assert isinstance(found, Said)
    return found


def sentence(said: Said, language_: str = "") -> str:
    """A sentence of a plan; plain text."""
    spoken = language_ or language()
    return plan_sentence(_plain(said), Spoken(spoken), translator(spoken))


def change(found: Change, language_: str = "") -> str:
    """A change between two plans; plain text."""
    spoken = language_ or language()
    if found.path[0] == "cases" and found.kind not in (
        "added",
        "removed",
    ):  # its rows say nothing in a sentence
        return translator(spoken)("Case “{name}” is another one.", name=found.path[1])
    return written(_plain(found.said), TEMPLATES, Spoken(spoken), translator(spoken))


def card(said: Said, language_: str = "") -> str:
    """A sentence of a recommendation card; plain text."""
    spoken = language_ or language()
    return card_sentence(_plain(said), Spoken(spoken), translator(spoken))
