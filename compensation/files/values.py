"""Cells of a plain file as exact values: an amount, a share, a day. What cannot be read becomes a problem."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from functools import lru_cache

from compensation.problems import problem
from compensation.run import Problem

_AMOUNT = re.compile(r"[+-]?(\d{1,3}(,\d{3})+|\d+)(\.\d*)?|[+-]?\.\d+", re.ASCII)
_LARGEST = Decimal(10) ** 14  # MONEY holds 18 digits, four of them decimals


@lru_cache(4096)
def column(name: str) -> str:
    """A column's name as it is compared: lower case, spaces and dashes as underscores."""
    return re.sub(r"[\s-]+", "_", name.strip().lower())


@lru_cache(65536)  # files repeat themselves: amounts of shared deals, days, shares
def amount(text: str) -> Decimal | None:
    """An exact amount: "1234.5" or "1,234.50"; None when it is none, or finer or larger than MONEY holds."""
    if not _AMOUNT.fullmatch(text):
        return None
    value = Decimal(text.replace(",", ""))
    fits = value == round(value, 4) and abs(value) < _LARGEST
    return value if fits else None


@lru_cache(4096)
def share(text: str) -> Decimal | None:
    """A share: "0.7", "70%" or "70 %"; None when it is none, or finer than six decimals."""
    percent = text.endswith("%")
    number = amount(text.removesuffix("%").strip())
    if number is None:
        return None
    value = number / 100 if percent else number
    return value if value == round(value, 6) else None


@lru_cache(4096)
def day(text: str) -> date | None:
    """A day written like 2026-03-31, a time after it left out; None when it is none."""
    match = re.fullmatch(r"(\d{4}-\d{2}-\d{2})([T ][\d:.+Z-]+)?", text, re.ASCII)
    try:
        return date.fromisoformat(match.group(1)) if match else None
    except ValueError:
        return None


@dataclass
class Cells:
    """One row's cells by column; each reading notes what is wrong with its cell."""

    file: str
    row: int
    texts: Mapping[str, str]
    problems: list[Problem] = field(default_factory=list)

    def note(self, code: str, name: str, detail: object = "") -> None:
        """Note what is wrong with the cell ``name``."""
        value = self.texts.get(name, "")[:200]
        self.problems.append(
            problem(code, file=self.file, row=self.row, field=name, value=value, detail=detail)
        )

    def text(self, name: str) -> str:
        """The cell as it stands, '' when it is empty or not there."""
        return self.texts.get(name, "")

    def required(self, name: str) -> str:
        """The cell as it stands; an empty one is a problem."""
        if not self.text(name):
            self.note("missing_value", name)
        return self.text(name)

    def choice(self, name: str, choices: Sequence[str], default: str) -> str:
        """One of ``choices``, in any case; ``default`` when empty."""
        text = self.text(name).lower() or default
        if text not in choices:
            self.note("not_a_kind", name, ", ".join(choices))
        return text

    def day(self, name: str) -> date | None:
        """A day; an empty cell is a problem."""
        return self.maybe_day(name) if self.required(name) else None

    def maybe_day(self, name: str) -> date | None:
        """A day; None when empty."""
        text = self.text(name)
        found = day(text) if text else None
        if text and found is None:
            self.note("not_a_day", name)
        return found

    def money(self, name: str, *, needed: bool = False) -> Decimal | None:
        """An amount; None when empty, which is a problem if it is ``needed``."""
        text = self.required(name) if needed else self.text(name)
        found = amount(text) if text else None
        if text and found is None:
            self.note("not_an_amount", name)
        return found

    def share(self, name: str, most: int, default: int | None = None) -> Decimal | None:
        """A share from 0 to ``most``; ``default`` when empty, a problem without one."""
        text = self.text(name) if default is not None else self.required(name)
        if not text:
            return None if default is None else Decimal(default)
        found = share(text)
        if found is None or not 0 <= found <= most:
            self.note("not_a_share", name, most)
        return found

    def whole(self, name: str, least: int) -> int | None:
        """A whole number of at least ``least``; None when empty."""
        text = self.text(name)
        if text and not (re.fullmatch(r"[0-9]+", text) and least <= int(text) < 10**9):
            self.note("not_a_whole_number", name, least)
            return None
        return int(text) if text else None

    def currency(self, name: str, default: str) -> str:
        """A currency code in capitals; ``default`` when empty."""
        code = self.text(name).upper() or default
        if not re.fullmatch(r"[A-Z]{3}", code):
            self.note("not_a_currency", name)
        return code
