"""Date forms: ``DD/MM/YYYY`` as people write them, and the strptime form the reader needs."""

from __future__ import annotations

import re

_TOKENS = (
    ("YYYY", "%Y"),
    ("YY", "%y"),
    ("MMMM", "%B"),
    ("MMM", "%b"),
    ("MM", "%m"),
    ("M", "%-m"),
    ("DD", "%d"),
    ("D", "%-d"),
    ("hh", "%H"),
    ("mm", "%M"),
    ("ss", "%S"),
)
_TOKEN = re.compile("|".join(token for token, _ in sorted(_TOKENS, key=lambda pair: -len(pair[0]))))
_CODES = dict(_TOKENS)


def to_strptime(form: str) -> str:
    """``DD/MM/YYYY`` → ``%d/%m/%Y``; a form that already holds a ``%`` stays as it is.

    Raises ``ValueError`` for a form in which no part of a date is found.
    """
    if "%" in form:
        return form
    if not _TOKEN.search(form):
        raise ValueError(f"“{form}” is not a date form; write one such as DD/MM/YYYY")
    return _TOKEN.sub(lambda match: _CODES[match.group()], form)


def to_words(form: str) -> str:
    """``%d/%m/%Y`` → ``DD/MM/YYYY``, for people; the inverse of ``to_strptime``."""
    for token, code in _TOKENS:
        form = form.replace(code, token)
    return form
