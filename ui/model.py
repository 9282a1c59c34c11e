"""What a page model is made with, and the key it is kept under."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

import streamlit as st

from charts.base import Style
from ui.ask import kept
from ui.desk import Desk
from ui.people import Names, names_of
from ui.question import Question
from ui.speech import style_of

Made = TypeVar("Made")
_WAITING = 420
"""Pixels kept free for a page that is being computed."""


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
    # Shown only when it takes long enough to be noticed, and gone as soon as the answer is there.
    with st.skeleton(height=_WAITING):
        return kept(what, desk, lambda: work(making), question, making.names.digest, making.style, *rest)
