"""The reader's language and theme, and words made safe to show."""

from __future__ import annotations

from collections.abc import Callable
from contextvars import ContextVar
from datetime import datetime
from functools import lru_cache
from typing import TypeVar
from zoneinfo import ZoneInfo

import streamlit as st

from charts.base import Style
from ui.address import chosen
from warehouse.access import UNASSIGNED
from words import formats
from words.catalogue import Translator, match, spoken, translator
from words.safe import escape_markdown

__all__ = [
    "UNASSIGNED",
    "_",
    "bold",
    "escape",
    "language",
    "local",
    "ngettext",
    "speaking",
    "style_of",
    "theme",
]

Said = TypeVar("Said")


_SPOKEN: ContextVar[str] = ContextVar("spoken", default="")


def language() -> str:
    """The language of this page: the address's, else the browser's, else English."""
    return _SPOKEN.get() or _language(chosen("lang"), st.context.locale)


def speaking(code: str, work: Callable[[], Said]) -> Said:
    """Do something in a language: what is made after the page's run knows no address to ask."""
    before = _SPOKEN.set(code)
    try:
        return work()
    finally:
        _SPOKEN.reset(before)


@lru_cache(maxsize=256)
def _language(asked: str, locale: str | None) -> str:
    # Which catalogues there are is looked up on disk; a page asks for its language hundreds of times.
    return asked if asked in spoken() else match(locale)


def translate() -> Translator:
    """The translator of this page's language."""
    return translator(language())


def _(message: str, /, **fields: object) -> str:
    """A message in the reader's language; fields that came from data must be escaped before."""
    return translator(language())(message, **fields)


def ngettext(one: str, many: str, n: int, /, **fields: object) -> str:
    """The singular or plural of a message for ``n``."""
    return translator(language()).ngettext(one, many, n, **fields)


def theme() -> str:
    """``dark`` or ``light``, as the browser shows the page."""
    return "dark" if st.context.theme.type == "dark" else "light"


def style_of(currency: str) -> Style:
    """How charts are written for this reader."""
    return Style(language(), currency, "dark" if theme() == "dark" else "light")


def bold(text: str) -> str:
    """Markdown for a text in bold."""
    return f"**{text}**"


def escape(text: str) -> str:
    """Text that came from data, harmless where markdown is read."""
    return escape_markdown(text)


def local(instant: datetime, zone: str) -> str:
    """An instant as the company's clock shows it."""
    return formats.moment(instant.astimezone(ZoneInfo(zone)), language())
