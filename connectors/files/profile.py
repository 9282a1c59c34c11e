"""What the values of a file's columns look like: numbers, days, e-mail addresses, ids."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from connectors.files.reading import Reader
from connectors.files.spec import FileSpec

SAMPLE = 2000
"""Rows looked at."""

NULLS = ("NULL", "null", "N/A", "n/a", "#N/A", "NA", "-", "—", "None", "none", "(blank)")
_NUMBER = re.compile(r"^[-+(]?[$€£¥]?\s*\d[\d.,'\s\u00a0\u202f]*\s*[$€£¥%]?\)?-?$")
_EMAIL = re.compile(r"^[^@\s]+@[^@\s]+\.[^@\s]+$")
_FORMS = (
    "%Y-%m-%d", "%Y-%m-%d %H:%M:%S", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%d %H:%M", "%Y-%m-%dT%H:%M", "%Y/%m/%d", "%Y%m%d",
    "%d/%m/%Y", "%m/%d/%Y", "%d.%m.%Y", "%d-%m-%Y", "%m-%d-%Y", "%d/%m/%y", "%m/%d/%y",
    "%d %b %Y", "%d-%b-%Y", "%d-%b-%y", "%b %d, %Y", "%d %B %Y", "%B %d, %Y",
    "%d/%m/%Y %H:%M", "%m/%d/%Y %H:%M", "%d/%m/%Y %H:%M:%S", "%m/%d/%Y %H:%M:%S",
    "%Y-%m", "%m/%Y", "%b %Y", "%B %Y", "%b-%y", "%b-%Y",
)  # fmt: skip
ISO = _FORMS[:7]
"""Forms read without being told."""


@dataclass(frozen=True)
class Column:
    """One column of a file as its first rows show it."""

    name: str
    values: tuple[str, ...]  # of the sample, without the empty ones
    kind: str  # number, date, email, flag, text or empty
    forms: tuple[str, ...] = ()  # date forms that fit every value; several when it is not decided
    distinct: int = 0

    @property
    def unique(self) -> bool:
        """Whether no value comes twice."""
        return self.distinct == len(self.values) > 0


@dataclass(frozen=True)
class Habits:
    """How numbers and days are written, where values leave no choice; None where they do."""

    decimal: str | None = None
    day_first: bool | None = None

    def or_else(self, others: Habits) -> Habits:
        """These, and those of others where these are silent."""
        first = others.day_first if self.day_first is None else self.day_first
        return Habits(self.decimal or others.decimal, first)


@dataclass(frozen=True)
class Profile:
    """One file: how to read it, and its columns."""

    spec: FileSpec
    columns: tuple[Column, ...]
    rows: int  # in the sample
    doubts: tuple[str, ...] = ()
    habits: Habits = Habits()

    def column(self, name: str) -> Column:
        """A column by name."""
        return next(column for column in self.columns if column.name == name)


def sample(reader: Reader) -> list[tuple[str, ...]]:
    """The first rows of a file as text."""
    rows: list[tuple[str, ...]] = []
    width = len(reader.columns)
    for block in reader.blocks(lambda _issue: None):
        for row in block.rows.slice(0, SAMPLE - len(rows)).to_pylist():
            rows.append(tuple(str(row[f"c{n}"] or "").strip() for n in range(width)))
        if len(rows) >= SAMPLE:
            break
    return rows


def profile(spec: FileSpec, reader: Reader, others: Habits = Habits()) -> Profile:
    """What a file holds; ``spec`` completed with its signs of nothing, its numbers and days.

    ``others`` are the habits of the files beside it: they decide what its own values leave open.
    """
    rows = sample(reader)
    by_column = {name: [row[n] for row in rows] for n, name in enumerate(reader.columns)}
    null = tuple(sign for sign in NULLS if _stands_for_nothing(sign, by_column))
    columns = [
        _column(name, [v for v in values if v and v not in null]) for name, values in by_column.items()
    ]
    own = Habits(_decimal(columns), _day_first(columns))
    habits = own.or_else(others)
    spec, doubts = _numbers(replace(spec, null=null), columns, habits.decimal)
    spec, columns, doubt = _days(spec, columns, habits)
    return Profile(spec, tuple(columns), len(rows), tuple(d for d in (doubts, doubt) if d), own)


def _stands_for_nothing(sign: str, by_column: dict[str, list[str]]) -> bool:
    """A sign of nothing stands among numbers or days, or is one nobody writes for anything else."""
    for values in by_column.values():
        if sign in values:
            others = [v for v in values if v and v not in NULLS]
            if not others or sign in ("NULL", "#N/A") or _kind(others)[0] in ("number", "date"):
                return True
    return False


def _column(name: str, values: list[str]) -> Column:
    kind, forms = _kind(values)
    return Column(name, tuple(values), kind, forms, len(set(values)))


def _kind(values: Sequence[str]) -> tuple[str, tuple[str, ...]]:
    """What most values are; the others are mistakes, for the load to name."""
    if not values:
        return "empty", ()
    if _most(values, is_email):
        return "email", ()
    forms = date_forms(values)
    if forms and (forms != ("%Y%m%d",) or _most(values, lambda v: v[:2] in ("19", "20"))):
        return "date", forms
    if _most(values, is_number):
        return "number", ()
    if _most(values, lambda v: v.lower() in _FLAGS):
        return "flag", ()
    return "text", ()


_FLAGS = {"true", "false", "yes", "no", "y", "n", "oui", "non", "vrai", "faux"}


def is_email(value: str) -> bool:
    """Whether this is written like an e-mail address."""
    return bool(_EMAIL.match(value))


def is_number(value: str) -> bool:
    """Whether this is written like a number or an amount."""
    return bool(_NUMBER.match(value))


def _most(values: Sequence[str], fits: Callable[[str], bool]) -> bool:
    """At least half, so that one bad value among a few does not change what a column is."""
    return sum(map(fits, values)) * 2 >= len(values)


def date_forms(values: Sequence[str]) -> tuple[str, ...]:
    """Date forms that fit the most values, when those are at least half of them."""
    looked = list(dict.fromkeys(values))[:300]
    if not looked or not any(any(c.isdigit() for c in v) for v in looked):
        return ()
    fits = {form: sum(_is_date(value, form) for value in looked) for form in _FORMS}
    best = max(fits.values())
    if best * 2 < len(looked):
        return ()
    return tuple(form for form, count in fits.items() if count == best)


def _is_date(value: str, form: str) -> bool:
    try:
        moment = datetime.strptime(value, form)  # noqa: DTZ007 - only the form matters
    except ValueError:
        return False
    return 1900 <= moment.year <= 2200 and (form != "%Y%m%d" or len(value) == 8)


_DECIMAL_COMMA = re.compile(r"\d,\d{1,2}$|\d,\d{4,}$|\.\d{3},\d")
_DECIMAL_POINT = re.compile(r"\d\.\d{1,2}$|\d\.\d{4,}$|,\d{3}\.\d")


def _written_numbers(columns: Sequence[Column]) -> list[str]:
    found = [v for c in columns if c.kind == "number" for v in c.values if is_number(v)]
    return [value.rstrip(" %€$£)") for value in found]


def _decimal(columns: Sequence[Column]) -> str | None:
    """The decimal sign, when there is a number that shows it."""
    numbers = _written_numbers(columns)
    comma = sum(bool(_DECIMAL_COMMA.search(v)) for v in numbers)
    point = sum(bool(_DECIMAL_POINT.search(v)) for v in numbers)
    return None if comma == point == 0 else "," if comma > point else "."


def _numbers(spec: FileSpec, columns: Sequence[Column], decided: str | None) -> tuple[FileSpec, str]:
    """Decimal sign and thousands separator, from the numbers of all columns."""
    numbers = _written_numbers(columns)
    decimal = decided or "."
    other = "." if decimal == "," else ","
    grouped = [v for v in numbers if re.search(rf"\d\{other}\d{{3}}(?!\d)", v)]
    thousands = other if grouped else ("'" if any("'" in v for v in numbers) else "")
    doubt = ""
    if grouped and decided is None:
        doubt = f"“{grouped[0]}” is read with “{other}” between thousands; if it is the decimal sign, say so"
    return replace(spec, decimal=decimal, thousands=thousands), doubt


def _day_first(columns: Sequence[Column]) -> bool | None:
    """Whether days come before months, when a day after the twelfth shows it."""
    only = [c.forms[0] for c in columns if c.kind == "date" and len(c.forms) == 1]
    orders = {form.startswith("%d") for form in only if form[:2] in ("%d", "%m") and _numeric(form)}
    return orders.pop() if len(orders) == 1 else None


def _numeric(form: str) -> bool:
    """Whether a form has a day and a month in numbers."""
    return "%d" in form and "%m" in form


def _days(spec: FileSpec, columns: list[Column], habits: Habits) -> tuple[FileSpec, list[Column], str]:
    """One date form for each column: the only one that fits, or what the file's others decide."""
    dated = [c for c in columns if c.kind == "date"]
    decided = [c.forms[0] for c in dated if len(c.forms) == 1]
    day_first = habits.day_first
    first = (spec.decimal == "," or spec.delimiter == ";") if day_first is None else day_first
    doubt, chosen = "", {}
    for column in dated:
        forms = [f for f in column.forms if f in decided] or list(column.forms)
        wanted = [f for f in forms if f.startswith("%d") == first] or forms
        if day_first is None and len(forms) > 1 and _two_readings(column):
            doubt = f"“{column.name}” ({column.values[0]}): day or month first is not certain"
        chosen[column.name] = wanted[0]
    named = tuple(dict.fromkeys(form for form in chosen.values() if form not in ISO))
    if named and any(form in ISO for form in chosen.values()):
        named = (*named, "%Y-%m-%d")
    ready = [replace(c, forms=(chosen[c.name],)) if c.name in chosen else c for c in columns]
    return replace(spec, date_format=named), ready, doubt


def _two_readings(column: Column) -> bool:
    """Whether the forms that are left give different days: 1/1/2026 is the same day in both orders."""
    fitting = [v for v in set(column.values) if all(_is_date(v, form) for form in column.forms)]
    return any(len({datetime.strptime(v, form) for form in column.forms}) > 1 for v in fitting)  # noqa: DTZ007
