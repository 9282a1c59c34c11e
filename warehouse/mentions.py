"""Finding a person's name and e-mail address in text, however they are written there."""

from __future__ import annotations

import json
import re
import unicodedata
from dataclasses import dataclass
from functools import cached_property

from warehouse.people import Person

_SHORT = 2
"""A name of fewer letters is not looked for: it would be found everywhere."""


@dataclass(frozen=True)
class Mentions:
    """What to look for, and the key that takes its place.

    The name counts as whole words in any case, with any space between, also last name first; the
    address counts in any case, also as it is written in links.
    """

    person: Person

    @cached_property
    def pattern(self) -> re.Pattern[str]:
        """One expression for all forms."""
        forms = [*self._address(), *self._name()]
        return re.compile("|".join(forms) or r"(?!)", re.IGNORECASE)

    def found(self, text: str) -> bool:
        """Whether the text mentions the person."""
        return bool(self.pattern.search(text))

    def found_in_bytes(self, content: bytes) -> bool:
        """Whether the bytes of a file hold the name or address; texts may touch each other there."""
        text = content.decode("utf-8", errors="replace").casefold()
        forms = [self.person.email or "", " ".join(self._words), ", ".join(self._words[::-1])]
        return any(len(form) > _SHORT and form.casefold() in text for form in forms)

    def replaced(self, text: str) -> str:
        """The text with the person's key in place of each mention."""
        return self.pattern.sub(lambda _: self.person.key, text)

    def found_in_row(self, raw: str) -> bool:
        """Whether a raw row (JSON) mentions the person, also with the parts of the name in several fields."""
        text = _values(raw)
        return self.found(text) or self.found(raw) or self._all_words(text)

    def _address(self) -> list[str]:
        if not self.person.email:
            return []
        return [rf"(?<![\w.+-]){re.escape(self.person.email).replace('@', '(?:@|%40)')}(?!\.?[\w-])"]

    def _name(self) -> list[str]:
        if len(" ".join(self._words)) <= _SHORT:
            return []
        orders = [_joined(self._words, r"\s+")]
        if len(self._words) > 1:
            orders.append(_joined(self._words[::-1], r"(?:\s*,\s*|\s+)"))
        forms = {unicodedata.normalize(form, order) for order in orders for form in ("NFC", "NFD")}
        return [rf"(?<!\w){form}(?!\w)" for form in sorted(forms)]

    @cached_property
    def _words(self) -> list[str]:
        return (self.person.name or "").split()

    def _all_words(self, text: str) -> bool:
        held = {word.casefold() for word in re.findall(r"[\w'’.-]+", text)}
        return len(self._words) > 1 and {word.casefold() for word in self._words} <= held


def _joined(words: list[str], between: str) -> str:
    return between.join(re.escape(word) for word in words)


def _values(raw: str) -> str:
    """The values of a JSON object as text; the text itself when it is none."""
    try:
        held = json.loads(raw)
    except ValueError:
        return raw
    return " | ".join(str(value) for value in held.values()) if isinstance(held, dict) else raw
