"""Sentences about pay in the reader's language: steps of a line, problems, refusals, words of a plan."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction

from compensation.after.statement import sentence
from compensation.plan.saying import Money, Said, Value
from compensation.problems import TEMPLATES as PROBLEMS
from compensation.run import Problem
from metrics.periods import Period
from planning.refusals import Refused
from ui.speech import language
from words import formats
from words.catalogue import translator

_FINEST = Decimal("0.0001")
_ASKING = frozenset({"bad_value", "missing_field", "needs_other", "no_use"})
"""Problems whose detail says in words what to write instead; elsewhere it is a name or a figure."""


@dataclass(frozen=True)
class Spoken:
    """How values in sentences are written in a language."""

    language: str

    def share(self, value: Fraction) -> str:
        """A share as a percentage, with at most four decimals."""
        exact = _decimal(value * 100)
        return formats.percent(exact.scaleb(-2), self.language, places=_places(exact))

    def number(self, value: Fraction) -> str:
        """A number, with at most four decimals."""
        exact = _decimal(value)
        return formats.number(exact, self.language, places=_places(exact))

    def money(self, value: Money) -> str:
        """An amount; without a currency a number with two decimals."""
        exact = _decimal(Fraction(value.amount))
        if value.currency and _places(exact) <= 2:
            return formats.money(exact, value.currency, self.language)
        text = formats.number(exact, self.language, places=max(2, _places(exact)))
        return f"{text} {value.currency}".rstrip()

    def day(self, value: date) -> str:
        """A day."""
        return formats.date(value, self.language)


def _decimal(value: Fraction) -> Decimal:
    return (Decimal(value.numerator) / Decimal(value.denominator)).quantize(_FINEST)


def _places(value: Decimal) -> int:
    return max(0, -int(value.normalize().as_tuple().exponent))


def step(said: Said, months: dict[date, str] | None = None, language_: str = "") -> str:
    """A step of a statement; ``months`` names months by their first day."""
    spoken = language_ or language()
    names = months or {}

    def shown(name: str, value: Value) -> Value:
        if name == "month" and isinstance(value, date):
            return names.get(value, formats.month(value, spoken))
        return round(value, 3) if name == "attainment" and isinstance(value, Fraction) else value

    fields = tuple((name, shown(name, value)) for name, value in said.fields)
    return sentence(Said(said.template, fields), Spoken(spoken), translator(spoken))


def problem(found: Problem, language_: str = "") -> str:
    """What could not be computed, and what to do."""
    spoken = language_ or language()
    words = translator(spoken)
    fields = _Fields(found.fields)
    if found.code in _ASKING and "detail" in fields:
        fields["detail"] = words(fields["detail"])
    return words(PROBLEMS[found.code]).format_map(fields)


def refusal(refused: Refused, language_: str = "") -> str:
    """Why something was not done."""
    return translator(language_ or language())(refused.template).format_map(refused.fields)


class _Fields(dict[str, str]):
    def __missing__(self, key: str) -> str:
        return formats.UNDEFINED


def month_name(month: Period, language_: str = "") -> str:
    """A fiscal month: ``March 2026`` where it is a calendar month, else its fiscal name."""
    spoken = language_ or language()
    whole = month.start.day == 1 and month.end.day == 1 and month.length <= 31
    return formats.month(month.start, spoken) if whole else formats.period(month.id, spoken)


def span_name(start: date, end: date, language_: str = "") -> str:
    """The days of a component's period; ``end`` is exclusive."""
    spoken = language_ or language()
    last = date.fromordinal(end.toordinal() - 1)
    if start.day == 1 and end.day == 1 and (end - start).days <= 31:
        return formats.month(start, spoken)
    return f"{formats.date(start, spoken)} – {formats.date(last, spoken)}"
