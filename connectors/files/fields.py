"""Typed reading of TOML sections: each wrong key or value becomes a ``Problem``, none is ignored."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from connectors.files.errors import Problem, line_of


@dataclass
class Notes:
    """The text being read and the problems found so far."""

    text: str
    problems: list[Problem] = field(default_factory=list)


@dataclass
class Section:
    """One section of the mapping and where it stands; ``take_*`` read a key and tick it off."""

    values: Mapping[str, Any]
    path: tuple[str, ...]
    notes: Notes
    nth: int = 0  # which [[tables]] entry, from 1
    label: str = ""
    line_key: str = ""  # the key whose line to name, when this is an inline table
    used: set[str] = field(default_factory=set)

    def problem(self, key: str, sentence: str) -> None:
        """Note what is wrong with ``key``."""
        line = line_of(self.notes.text, self.path, self.nth, self.line_key or key)
        name = self.label or ".".join(self.path)
        self.notes.problems.append(Problem(name, key, sentence, line))

    def inside(self, values: Any, key: str, label: str = "") -> Section:
        """An inline table or a sub-table under ``key``."""
        name = label or f"{self.label or '.'.join(self.path)}, {key}"
        if not isinstance(values, Mapping):
            self.problem(key, 'write a table such as { column = "Name" }')
            values = {}
        return Section(values, self.path, self.notes, self.nth, name, self.line_key or key)

    def take(self, key: str, default: Any = None) -> Any:
        """The raw value of ``key``."""
        self.used.add(key)
        return self.values.get(key, default)

    def text(self, key: str, default: str = "") -> str:
        """A text."""
        value = self.take(key, default)
        if isinstance(value, str):
            return value
        self.problem(key, f"is {value!r}; write a text in quotes")
        return default

    def required(self, key: str, example: str) -> str:
        """A text that must be there."""
        value = self.text(key)
        if not value:
            self.problem(key, f'is missing; write {key} = "{example}"')
        return value

    def choice(self, key: str, choices: Sequence[str], default: str = "") -> str:
        """One of ``choices``."""
        value = self.text(key, default)
        if value in choices or value == default:
            return value
        self.problem(key, f"is “{value}”; write one of {', '.join(choices)}")
        return default

    def texts(self, key: str) -> tuple[str, ...]:
        """A list of texts; one text stands for a list of one."""
        value = self.take(key, ())
        listed = [value] if isinstance(value, str) else value
        if isinstance(listed, (list, tuple)) and all(isinstance(item, str) for item in listed):
            return tuple(listed)
        self.problem(key, f"is {value!r}; write a list of texts in quotes")
        return ()

    def whole(self, key: str, default: int = 0) -> int:
        """A whole number."""
        value = self.take(key, default)
        if isinstance(value, int) and not isinstance(value, bool):
            return value
        self.problem(key, f"is {value!r}; write a whole number")
        return default

    def text_or_whole(self, key: str) -> str | int:
        """A text, or a whole number as it stands."""
        return self.whole(key) if isinstance(self.values.get(key), int) else self.text(key)

    def flag(self, key: str) -> bool:
        """True or false; false when absent."""
        value = self.take(key, False)
        if isinstance(value, bool):
            return value
        self.problem(key, f"is {value!r}; write true or false")
        return False

    def number(self, key: str, default: Decimal) -> Decimal:
        """A number, exact as written."""
        value = self.take(key, default)
        if isinstance(value, (int, float, Decimal)) and not isinstance(value, bool):
            return Decimal(str(value))
        self.problem(key, f"is {value!r}; write a number")
        return default

    def day(self, key: str) -> date | None:
        """A day, or None when absent."""
        value = self.take(key)
        if value is None or (isinstance(value, date) and not isinstance(value, datetime)):
            return value
        self.problem(key, f"is {value!r}; write a day without quotes, such as 2026-03-31")
        return None

    def sections(self, key: str) -> list[Section]:
        """A list of inline tables."""
        value = self.take(key, [])
        if isinstance(value, list):
            return [self.inside(item, key) for item in value]
        self.problem(key, "write a list of tables, such as [{ … }]")
        return []

    def finish(self) -> None:
        """Note every key nobody asked for, with the nearest one that exists."""
        for key in self.values:
            if key not in self.used:
                self.problem(key, f"is not known here; known: {', '.join(sorted(self.used))}")


def plain(value: Any) -> str:
    """A TOML value as the text a plain file would hold: true, 12.5, 2026-03-31."""
    if isinstance(value, bool):
        return "true" if value else "false"
    return value.isoformat() if isinstance(value, date) else str(value)
