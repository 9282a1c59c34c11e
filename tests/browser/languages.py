"""Sentences of each language, from the catalogues: what a page in one language must not say in another."""

from __future__ import annotations

import re
from functools import cache

from words.catalogue import translator

_MARKS = re.compile(r"[`*#]|\s+")  # an underscore stays: a metric has a name on the command line


@cache
def sentences(language: str) -> frozenset[str]:
    """Fixed messages of three words and more that a language says in its own way."""
    pairs = translator("fr").single.items()
    own = {english: french for english, french in pairs if english != french and _telling(english, french)}
    return frozenset(own if language == "en" else own.values())


def _telling(*texts: str) -> bool:
    """Whether finding these in a page is certain: no fields, no marks, several words."""
    return all("{" not in text and "\n" not in text and len(text.split()) >= 3 for text in texts)


def found(language: str, text: str) -> set[str]:
    """Sentences of a language that a page says."""
    plain = _plain(text)
    return {sentence for sentence in sentences(language) if _plain(sentence) in plain}


def _plain(text: str) -> str:
    return _MARKS.sub(" ", text.replace("\u00a0", " ").replace("\u202f", " ")).lower()
