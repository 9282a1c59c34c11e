"""What the values of a file's columns look like: numbers, days, e-mail addresses, ids."""

from __future__ import annotations

import re
from collections.abc import Sequence
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
    "%Y-%m-%d", "%Y-%m-%d %H:%M:%S", "%Y-%m-%dT%H:%M:%S", "%Y/%m/%d", "%Y%m%d",
    "%d/%m/%Y", "%m/%d/%Y", "%d.%m.%Y", "%d-%m-%Y", "%m-%d-%Y", "%d/%m/%y", "%m/%d/%y",
    "%d %b %Y", "%d-%b-%Y", "%d-%b-%y", "%b %d, %Y", "%d %B %Y", "%B %d, %Y",
    "%d/%m/%Y %H:%M", "%m/%d/%Y %H:%M", "%d/%m/%Y %H:%M:%S", "%m/%d/%Y %H:%M:%S",
    "%Y-%m", "%m/%Y", "%b %Y", "%B %Y", "%b-%y", "%b-%Y",
)  # fmt: skip
ISO = _FORMS[:5]
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
class Profile:
    """One file: how to read it, and its columns."""

    spec: FileSpec
    columns: tuple[Column, ...]
    rows: int  # in the sample
    doubts: tuple[str, ...] = ()

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


def profile(spec: FileSpec, reader: Reader) -> Profile:
    """What a file holds; ``spec`` completed with its signs of nothing, its numbers and days."""
    rows = sample(reader)
    by_column = {name: [row[n] for row in rows] for n, name in enumerate(reader.columns)}
    null = tuple(sign for sign in NULLS if _stands_for_nothing(sign, by_column))
    columns = [
        _column(name, [v for v in values if v and v not in null]) for name, values in by_column.items()
    ]
    spec, doubts = _numbers(replace(spec, null=null), columns)
    spec, columns, doubt = _days(spec, columns)
    return Profile(spec, tuple(columns), len(rows), tuple(d for d in (doubts, doubt) if d))


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
    if not values:
        return "empty", ()
    if _most(values, lambda v: bool(_EMAIL.match(v))):
        return "email", ()
    forms = date_forms(values)
    if forms and not (forms == ("%Y%m%d",) and not all(v[:2] in ("19", "20") for v in values)):
        return "date", forms
    if _most(values, lambda v: bool(_NUMBER.match(v))):
        return "number", ()
    if {v.lower() for v in values} <= _FLAGS:
        return "flag", ()
    return "text", ()


_FLAGS = {"true", "false", "yes", "no", "y", "n", "oui", "non", "vrai", "faux"}


def _most(values: Sequence[str], fits: object) -> bool:
    """Nine of ten: a few bad values do not change what a column is."""
    return sum(map(fits, values)) * 10 >= len(values) * 9  # type: ignore[call-overload]


def date_forms(values: Sequence[str]) -> tuple[str, ...]:
    """Date forms nearly all values have, those that fit most first."""
    looked = list(dict.fromkeys(values))[:300]
    if not looked or not any(any(c.isdigit() for c in v) for v in looked):
        return ()
    fits = {form: sum(_is_date(value, form) for value in looked) for form in _FORMS}
    best = max(fits.values())
    if best * 10 < len(looked) * 9:
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


def _numbers(spec: FileSpec, columns: Sequence[Column]) -> tuple[FileSpec, str]:
    """Decimal sign and thousands separator, from the numbers of all columns."""
    numbers = [value.rstrip(" %€$£)") for c in columns if c.kind == "number" for value in c.values]
    comma = sum(bool(_DECIMAL_COMMA.search(v)) for v in numbers)
    point = sum(bool(_DECIMAL_POINT.search(v)) for v in numbers)
    decimal = "," if comma > point else "."
    other = "." if decimal == "," else ","
    grouped = [v for v in numbers if re.search(rf"\d\{other}\d{{3}}(?!\d)", v)]
    thousands = other if grouped else ("'" if any("'" in v for v in numbers) else "")
    doubt = ""
    if grouped and not comma and not point:
        doubt = f"“{grouped[0]}” is read with “{other}” between thousands; if it is the decimal sign, say so"
    return replace(spec, decimal=decimal, thousands=thousands), doubt


def _days(spec: FileSpec, columns: list[Column]) -> tuple[FileSpec, list[Column], str]:
    """One date form for each column: the only one that fits, or what the file's others decide."""
    dated = [c for c in columns if c.kind == "date"]
    decided = [c.forms[0] for c in dated if len(c.forms) == 1]
    day_first = any(form.startswith("%d") for form in decided) or spec.decimal == "," or spec.delimiter == ";"
    doubt, chosen = "", {}
    for column in dated:
        forms = [f for f in column.forms if f in decided] or list(column.forms)
        wanted = [f for f in forms if f.startswith("%d") == day_first] or forms
        if len(forms) > 1 and {f[:2] for f in forms} >= {"%d", "%m"} and not decided:
            doubt = f"“{column.name}” ({column.values[0]}): day or month first is not certain"
        chosen[column.name] = wanted[0]
    named = tuple(dict.fromkeys(form for form in chosen.values() if form not in ISO))
    if named and any(form in ISO for form in chosen.values()):
        named = (*named, "%Y-%m-%d")
    ready = [replace(c, forms=(chosen[c.name],)) if c.name in chosen else c for c in columns]
    return replace(spec, date_format=named), ready, doubt
