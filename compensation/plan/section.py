"""Typed reading of a plan's TOML: every wrong key or value becomes a problem with its line; none is ignored."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from typing import Any, TypeVar

from compensation.plan.places import Path, line_of
from compensation.problems import problem
from compensation.run import Problem

Choice = TypeVar("Choice", bound=StrEnum)

MOST = Decimal(10) ** 14
"""No amount and no number in a plan is this large."""
PRIVATE = frozenset({"base_salary", "target_incentive", "amount", "quotas"})
"""Values a sentence about a person never repeats."""


@dataclass
class Notes:
    """The text being read, where everything in it stands, and what is wrong with it so far."""

    file: str
    lines: Mapping[Path, int] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    wrong: set[Path] = field(default_factory=set)

    def add(self, code: str, path: Path, **fields: object) -> None:
        """Note a problem at ``path``, unless that, or something around it, is known to be wrong already."""
        if any(path[:length] in self.wrong for length in range(1, len(path) + 1)):
            return
        self.wrong.add(path)
        named = {"field": label(path)} | fields
        self.problems.append(problem(code, file=self.file, line=self.line(path), **named))

    def line(self, path: Path) -> int:
        """The line of ``path``, or of the nearest thing around it."""
        return line_of(self.lines, path)

    def sound(self, path: Path) -> bool:
        """Whether nothing is wrong at ``path`` or inside it."""
        return not any(other[: len(path)] == path for other in self.wrong)


def label(path: Path) -> str:
    """A path as a person would say it: ``components 1, tiers 2, rate``; entries are counted from 1."""
    names: list[str] = []
    for step in path:
        if isinstance(step, int) and names:
            names[-1] += f" {step + 1}"
        else:
            names.append(str(step))
    return ", ".join(names) or "the plan"


def meant(name: str, known: Iterable[str]) -> str:
    """“; did you mean …?”, or what there is, as the end of a sentence."""
    names = sorted(known)
    near = difflib.get_close_matches(name, names, n=1, cutoff=0.6)
    if near:
        return f"; did you mean “{near[0]}”?"
    return f"; there is {', '.join(names)}." if names else "."


def exact_share(value: object) -> Fraction | None:
    """A number as written, or a text such as "5 %" or "1/3"; None when it is neither."""
    if isinstance(value, str):
        return _share_of_text(value.strip())
    number = exact_number(value)
    return None if number is None else Fraction(number)


def _share_of_text(text: str) -> Fraction | None:
    percent = text.endswith("%")
    try:
        found = Fraction(text.removesuffix("%").strip())
    except (ValueError, ZeroDivisionError):
        return None
    within = abs(found) < MOST and found.denominator < MOST and "e" not in text.lower()
    return (found / 100 if percent else found) if within else None


def exact_number(value: object) -> Decimal | None:
    """A finite TOML number, exactly as written; None when it is none."""
    if isinstance(value, bool) or not isinstance(value, (int, Decimal)):
        return None
    number = Decimal(value)
    sane = number.is_finite() and abs(number) < MOST and (not number or number.adjusted() > -16)
    return number if sane else None


@dataclass
class Section:
    """One table of the text; its ``take`` methods read a key and tick it off."""

    values: Mapping[str, Any]
    path: Path
    notes: Notes
    used: set[str] = field(default_factory=set)

    def at(self, key: str) -> Path:
        """Path of ``key``."""
        return (*self.path, key)

    def has(self, key: str) -> bool:
        """Whether ``key`` is written; ticks it off, as a key that is known here."""
        self.used.add(key)
        return key in self.values

    def take(self, key: str) -> Any:
        """The raw value of ``key``; None when it is not written."""
        self.used.add(key)
        return self.values.get(key)

    def bad(self, key: str, expected: str) -> None:
        """Note that the value of ``key`` is not what it must be."""
        shown = "…" if key in PRIVATE and "assignments" in self.path else as_written(self.values.get(key))
        self.notes.add("bad_value", self.at(key), value=shown, detail=expected)

    def missing(self, key: str, expected: str) -> None:
        """Note that ``key`` must be written."""
        self.notes.add("missing_field", self.at(key), detail=expected)

    def text(self, key: str, default: str = "") -> str:
        """A text."""
        value = self.take(key)
        if value is None or (isinstance(value, str) and value.strip()):
            return default if value is None else value
        self.bad(key, "a text in quotes")
        return default

    def name(self, key: str, example: str) -> str:
        """A text that must be there, of letters, digits, dots and dashes."""
        value = self.text(key)
        if not value and self.take(key) is None:
            self.missing(key, f'{key} = "{example}"')
        elif value and not value.replace("_", "a").replace("-", "a").replace(".", "a").isalnum():
            self.bad(key, "letters, digits, dots, dashes and underscores only")
        return value

    def word(self, key: str, words: Sequence[str], default: str = "") -> str:
        """One of ``words``."""
        value = self.take(key)
        if value is None or value in words:
            return default if value is None else str(value)
        near = difflib.get_close_matches(str(value), words, n=1)
        self.bad(key, f"one of {', '.join(words)}{f' (perhaps {near[0]})' if near else ''}")
        return default

    def one_of(self, key: str, choices: type[Choice], default: Choice) -> Choice:
        """A member of an enumeration."""
        return choices(self.word(key, [choice.value for choice in choices], default.value))

    def texts(self, key: str, default: tuple[str, ...] = ()) -> tuple[str, ...]:
        """A list of texts; one text stands for a list of one."""
        value = self.take(key)
        listed = [value] if isinstance(value, str) else value
        if listed is None:
            return default
        if isinstance(listed, list) and all(isinstance(item, str) and item for item in listed):
            return tuple(listed)
        self.bad(key, "a list of texts in quotes")
        return default

    def whole(self, key: str, default: int | None, least: int, most: int = 10**9) -> int | None:
        """A whole number from ``least`` to ``most``."""
        value = self.take(key)
        if value is None:
            return default
        if isinstance(value, int) and not isinstance(value, bool) and least <= value <= most:
            return value
        self.bad(
            key,
            f"a whole number from {least} to {most}" if most < 10**9 else f"a whole number, at least {least}",
        )
        return default

    def day(self, key: str) -> date | None:
        """A day, without quotes."""
        value = self.take(key)
        if value is None or (isinstance(value, date) and not isinstance(value, datetime)):
            return value
        self.bad(key, "a day without quotes, such as 2026-03-31")
        return None

    def share(self, key: str, default: Fraction | None = None) -> Fraction | None:
        """A share, exact; None when it is not written and has no default."""
        value = self.take(key)
        found = None if value is None else exact_share(value)
        if value is not None and found is None:
            self.bad(key, 'a number such as 0.05, or a text such as "5 %" or "1/3"')
        return default if found is None else found

    def positive(self, key: str, default: Fraction) -> Fraction:
        """A share of 0 or more."""
        found = self.share(key, default)
        if found is None or found < 0:
            self.notes.add("negative_rate", self.at(key), value=as_written(self.values.get(key)))
            return default
        return found

    def money(self, key: str) -> Decimal | None:
        """An amount of 0 or more with at most four decimals; None when it is not written."""
        value = self.take(key)
        number = None if value is None else exact_number(value)
        fits = number is not None and number >= 0 and number == round(number, 4)
        if value is not None and not fits:
            self.bad(key, "an amount of 0 or more with at most four decimals")
        return number if fits else None

    def signed(self, key: str) -> Decimal | None:
        """An amount of either sign with at most four decimals; None when it is not written."""
        value = self.take(key)
        number = None if value is None else exact_number(value)
        fits = number is not None and number == round(number, 4)
        if value is not None and not fits:
            self.bad(key, "an amount with at most four decimals")
        return number if fits else None

    def table(self, key: str) -> Section:
        """The table under ``key``; an empty one when it is not written."""
        value = self.take(key)
        if value is not None and not isinstance(value, dict):
            self.bad(key, f"a table such as {key} = {{ … }}")
        return Section(value if isinstance(value, dict) else {}, self.at(key), self.notes)

    def tables(self, key: str) -> list[Section]:
        """The list of tables under ``key``."""
        value = self.take(key)
        if value is None:
            return []
        if isinstance(value, list) and all(isinstance(item, dict) for item in value):
            return [Section(item, (*self.at(key), n), self.notes) for n, item in enumerate(value)]
        self.bad(key, "a list of tables, such as [{ … }]")
        return []

    def finish(self) -> None:
        """Note every key nobody asked for, with the nearest one that exists."""
        for key in self.values:
            if key not in self.used:
                self.notes.add("unknown_field", self.at(key), detail=meant(key, self.used))


def as_written(value: object) -> str:
    """A value roughly as the text says it, cut at 100 characters."""
    return _written(value)[:100]


def _written(value: object) -> str:
    if isinstance(value, dict):
        return "{ " + ", ".join(f"{key} = {_written(each)}" for key, each in value.items()) + " }"
    if isinstance(value, list):
        return f"[{', '.join(map(_written, value))}]"
    return str(value).lower() if isinstance(value, bool) else str(value)
