"""When a quota begins and ends: from days, named months and quarters, years, or the names of columns."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace
from datetime import date, datetime
from itertools import pairwise
from pathlib import PurePath

from connectors.files.profile import Column
from connectors.files.roles import Role
from connectors.files.spec import ColumnSpec
from connectors.files.synonyms import MONTH_NAMES, plain

PERIOD = "_period"
"""Name of the column that holds the names of unpivoted columns."""

_WORDS = {
    "week": ("week", "weekly", "semaine", "hebdomadaire"),
    "month": ("month", "monthly", "mois", "mensuel", "mensuelle"),
    "quarter": ("quarter", "quarterly", "qtr", "trimestre", "trimestriel", "trimestrielle"),
    "half": ("half", "semester", "semestre", "semestriel", "semestrielle"),
    "year": ("year", "yearly", "annual", "annee", "annuel", "annuelle", "exercice", "fy"),
}
_MONTHS = {"month": 1, "quarter": 3, "half": 6, "year": 12}
_GAPS = ((7, "week"), (31, "month"), (92, "quarter"), (184, "half"))
"""Days between two starts, at most, and how long the period is then."""
_ENDS = {"end", "ending", "ends", "fin", "until"}
_QUARTER = re.compile(r"(?<![a-z])[qt] ?[1-4](?!\d)")
_YEAR = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)")
_SHORT_YEAR = re.compile(rf"(?:[qt] ?[1-4]|\b(?:{'|'.join(MONTH_NAMES)})) ?(?:fy ?)?(\d\d)\b|\bfy ?(\d\d)\b")


def period_columns(role: Role, sold: Column | None, doubts: list[str]) -> tuple[ColumnSpec, ColumnSpec]:
    """How ``period_start`` and ``period_end`` are made. ``sold`` holds the days of the sales."""
    if role.wide:
        return _of_parts(role, PERIOD, role.grain, role.wide, sold, doubts)
    dated = [role.meanings[m].column for m in ("period", "quarter", "month") if role.has(m)]
    dated = [column for column in dated if column.kind == "date"]
    last = role.meanings["period_end"].column if role.has("period_end") else None
    if dated and last:
        return _from_to(dated[0], last)
    if dated or last:
        return _of_days(role, dated[0] if dated else last, doubts)  # type: ignore[arg-type]
    return _of_text(role, sold, doubts)


# ------------------------------------------------------------------------------------ days


def _from_to(first: Column, last: Column) -> tuple[ColumnSpec, ColumnSpec]:
    """A first and a last day; the last one counts, unless it is where the next period starts."""
    starts, ends = _days(first), _days(last)
    exclusive = bool(starts & ends) or all(day.day == 1 for day in ends)
    return ColumnSpec(column=first.name), ColumnSpec(column=last.name, shift_days=0 if exclusive else 1)


def _of_days(role: Role, column: Column, doubts: list[str]) -> tuple[ColumnSpec, ColumnSpec]:
    """One day a period, its first or, when the name says so, its last."""
    grain = _grain_of_days(role, column, doubts)
    if grain == "week":
        day = ColumnSpec(column=column.name)
        start = replace(day, shift_days=-6) if _names_an_end(column) else day
        return start, replace(start, shift_days=start.shift_days + 7)
    back = 1 - _MONTHS[grain] if _names_an_end(column) else 0
    start = ColumnSpec(column=column.name, snap="month_start", shift_months=back)
    return start, _after(start, grain)


def _names_an_end(column: Column) -> bool:
    return bool(_ENDS & set(plain(column.name).split()))


def _grain_of_days(role: Role, column: Column, doubts: list[str]) -> str:
    """The length the column's name says; else that of the gaps; else the quota's name; else a month."""
    path = role.profile.spec.path
    named, gap = _named_grain(column.name), _gap(_days(column))
    if named and gap and _order(gap) < _order(named):
        doubts.append(
            f"“{column.name}” in “{path}” is taken as the {'last' if _names_an_end(column) else 'first'} day of "
            f"a {named}, but its days are closer together than that"
        )
    found = named or gap or _named_grain(role.name("quota"))
    if not found:
        doubts.append(
            f"“{path}” does not say how long its periods are; a month was taken from “{column.name}”"
        )
    return found or "month"


def _order(grain: str) -> int:
    return list(_WORDS).index(grain)


def _named_grain(name: str) -> str:
    """The length of a period a name speaks of, '' when it does not."""
    words = set(plain(name).split())
    return next((grain for grain, known in _WORDS.items() if words & set(known)), "")


def _gap(days: set[date]) -> str:
    """The length of a period by the shortest gap between two days, '' when there is but one."""
    ordered = sorted(days)
    gaps = [(after - before).days for before, after in pairwise(ordered)]
    if not gaps:
        return ""
    return next((grain for most, grain in _GAPS if min(gaps) <= most), "year")


def _days(column: Column) -> set[date]:
    """The days of a column, without what is none."""
    found = set()
    for value in set(column.values):
        try:
            found.add(datetime.strptime(value, column.forms[0]).date())  # noqa: DTZ007 - only the day matters
        except ValueError:
            continue
    return found


# ------------------------------------------------------------------------------------ text


def _of_text(role: Role, sold: Column | None, doubts: list[str]) -> tuple[ColumnSpec, ColumnSpec]:
    """A month or quarter that is named, with its year in the same column or another; or a year alone."""
    for meaning in ("month", "quarter", "period"):
        if role.has(meaning):
            column = role.meanings[meaning].column
            grain = meaning if meaning != "period" else _grain_of_text(column.values)
            if grain != "year":
                return _of_parts(role, column.name, grain, column.values, sold, doubts)
    year = role.name("year") or role.name("period")
    doubts.append(f"“{year}”: a quota for a year is taken to start with the fiscal year")
    return _with_end(ColumnSpec(date=(("year", year), ("quarter", 1))), "year")


def _grain_of_text(values: Iterable[str]) -> str:
    """Month, quarter or year, as most values are written."""
    texts = [plain(value) for value in values]
    if sum(bool(_QUARTER.search(text)) for text in texts) * 2 >= len(texts):
        return "quarter"
    years = sum(
        bool(re.fullmatch(r"(fy ?)?(20)?\d\d|\D*20\d\d", text)) and not _named_month(text) for text in texts
    )
    short = all(re.fullmatch(r"0?[1-9]|1[0-2]", text) for text in texts)
    return "year" if years * 2 >= len(texts) and not short else "month"


def _named_month(text: str) -> bool:
    return bool(set(text.split()) & set(MONTH_NAMES))


def _of_parts(
    role: Role, name: str, grain: str, values: Iterable[str], sold: Column | None, doubts: list[str]
) -> tuple[ColumnSpec, ColumnSpec]:
    """A day made of a year and the month or quarter in column ``name``."""
    year: str | int = role.name("year")
    if not year:
        inside = all(_year_in(value) for value in list(values)[:200])
        year = name if inside else _assumed_year(role, sold, doubts)
    return _with_end(ColumnSpec(date=(("year", year), (grain, name))), grain)


def _year_in(text: str) -> int | None:
    """The year a text names: 2026-03, Q1 2026, Jan-26, FY26."""
    words = plain(text)
    if full := _YEAR.search(words):
        return int(full.group())
    short = _SHORT_YEAR.search(words)
    return 2000 + int(next(filter(None, short.groups()))) if short else None


def _assumed_year(role: Role, sold: Column | None, doubts: list[str]) -> int:
    """The year in the file's or sheet's name, else the latest of the sales."""
    spec = role.profile.spec
    named = next(filter(None, map(_year_in, (spec.sheet, PurePath(spec.path).stem))), None)
    year = named or max((day.year for day in _days(sold)), default=2000) if sold else named or 2000
    doubts.append(
        f"“{spec.path}” does not say which year its targets are for; {year} was taken. "
        "Add a column with the year, or correct it in the mapping"
    )
    return year


def _with_end(start: ColumnSpec, grain: str) -> tuple[ColumnSpec, ColumnSpec]:
    return start, _after(start, grain)


def _after(start: ColumnSpec, grain: str) -> ColumnSpec:
    return replace(start, shift_months=start.shift_months + _MONTHS[grain])
