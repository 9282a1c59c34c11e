"""Text that came from data, made harmless where it is shown or saved."""

from __future__ import annotations

import re

# Every ASCII punctuation mark may follow a backslash in markdown; so a name can start no link, image,
# heading, table, formula, colour directive or HTML tag.
_MARKS = re.compile(r"([\\`*_{}\[\]()#+\-.!|<>~$:&@/=\"'^])")
_BREAKS = re.compile(r"[\r\n\t\x0b\x0c\x85\u2028\u2029]+")
# Addresses, arrows and icons are still recognised after the backslashes are read, so an invisible
# character that joins words without a space goes between their parts: "http:" and "//", "www" and ".".
_JOINER = "\u2060"
_PARTS = re.compile(r"(?<=:)(?=\S)|(?=@)|(?<=www)(?=\.)|(?<=[-<])(?=[->])", re.IGNORECASE)
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def escape_markdown(text: str) -> str:
    """A name or note as plain text inside markdown, on one line."""
    apart = _PARTS.sub(_JOINER, _BREAKS.sub(" ", text))
    return _MARKS.sub(r"\\\1", apart)


def spreadsheet_safe(text: str) -> str:
    """A text cell that no spreadsheet takes for a formula: an apostrophe goes before a leading sign."""
    return f"'{text}" if text.startswith(_FORMULA) else text
