"""Sentences as data: the id of a template and its fields, written out in a language only where they are shown."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Protocol


@dataclass(frozen=True)
class Money:
    """An amount; the currency is '' where everybody is paid in their own."""

    amount: Decimal | Fraction
    currency: str = ""


@dataclass(frozen=True)
class Number:
    """A plain number: pieces, or a factor."""

    value: Fraction


@dataclass(frozen=True)
class Said:
    """One sentence or word: which template, and what goes into it."""

    template: str
    fields: tuple[tuple[str, Value], ...] = ()


Value = str | int | date | Fraction | Number | Money | Said | tuple["Value", ...]
"""What a field can hold. A ``Fraction`` is a share; a text is a name somebody gave and is never translated."""


def say(template: str, **fields: Value) -> Said:
    """A sentence."""
    return Said(template, tuple(fields.items()))


class Style(Protocol):
    """How values are written."""

    def share(self, value: Fraction) -> str:
        """A share, 1 as 100 %."""

    def number(self, value: Fraction) -> str:
        """A number."""

    def money(self, value: Money) -> str:
        """An amount."""

    def day(self, value: date) -> str:
        """A day."""


def written(
    said: Said, templates: Mapping[str, str], style: Style, translate: Callable[[str], str] = str
) -> str:
    """A sentence in words; ``translate`` turns an English template into another language's."""
    fields = {name: _value(value, templates, style, translate) for name, value in said.fields}
    return translate(templates[said.template]).format_map(fields)


def _value(value: Value, templates: Mapping[str, str], style: Style, translate: Callable[[str], str]) -> str:
    if isinstance(value, Said):
        return written(value, templates, style, translate)
    if isinstance(value, tuple):
        return ", ".join(_value(each, templates, style, translate) for each in value)
    if isinstance(value, Money):
        return style.money(value)
    if isinstance(value, Number):
        return style.number(value.value)
    if isinstance(value, Fraction):
        return style.share(value)
    return style.day(value) if isinstance(value, date) else str(value)


class English:
    """Values as an English page without a locale writes them."""

    def share(self, value: Fraction) -> str:
        """70 %, 12.5 %, 33.3333 %."""
        return f"{self.number(value * 100)} %"

    def number(self, value: Fraction) -> str:
        """With at most four decimals and commas between thousands."""
        text = f"{round(Decimal(value.numerator) / Decimal(value.denominator), 4):,f}"
        return text.rstrip("0").rstrip(".") if "." in text else text

    def money(self, value: Money) -> str:
        """With two decimals, or as many as it has."""
        amount = Fraction(value.amount)
        text = f"{float(amount):,.2f}" if amount * 100 == int(amount * 100) else self.number(amount)
        return f"{text} {value.currency}".rstrip()

    def day(self, value: date) -> str:
        """2026-03-31."""
        return value.isoformat()


ENGLISH = English()
