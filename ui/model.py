"""What a page model is made with, and the key it is kept under."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

from charts.base import Style
from ui.ask import kept
from ui.desk import Desk
from ui.people import Names, names_of
from ui.question import Question
from ui.speech import style_of

Made = TypeVar("Made")


@dataclass(frozen=True)
class Making:
    """Everything a part of a page is computed from."""

    question: Question
    desk: Desk
    names: Names
    style: Style


def modelled(
    what: str, question: Question, desk: Desk, work: Callable[[Making], Made], *rest: object
) -> Made:
    """A page's whole model, computed once for each version, viewer, view, language and theme."""
    making = Making(question, desk, names_of(desk), style_of(desk.settings.currency))
    return kept(what, desk, lambda: work(making), question, making.names.digest, making.style, *rest)
