"""The columns of a quota table: whose, for which period, how much."""

from __future__ import annotations

import re
from datetime import datetime

from connectors.files.identity import Reference
from connectors.files.profile import Column
from connectors.files.roles import Role
from connectors.files.spec import ColumnSpec

Columns = dict[str, ColumnSpec]
PERIOD, QUOTA = "_period", "_quota"
_LENGTH = {"month": 1, "quarter": 3, "year": 12}


def quota_columns(role: Role, rep: Reference | None, sales_dates: list[str]) -> tuple[Columns, list[str]]:
    """Canonical columns of ``quotas``, and what is doubtful about them."""
    doubts: list[str] = []
    start, grain = _start(role, sales_dates, doubts)
    amount = ColumnSpec(column=QUOTA if role.wide else role.name("quota"))
    who = _who(role, rep)
    end = ColumnSpec(**{**vars(start), "shift_months": start.shift_months + _LENGTH[grain]})
    whose = next(iter(who.values()), ColumnSpec())
    columns: Columns = {"quota_id": ColumnSpec(template=_quota_id(role, whose, start))}
    columns |= {"scope": ColumnSpec(value="rep" if "rep_id" in who else "territory"), **who}
    if role.has("measure"):
        columns["measure"] = ColumnSpec(column=role.name("measure"))
    columns |= {"period_start": start, "period_end": end, "amount": amount}
    if role.has("currency"):
        columns["currency"] = ColumnSpec(column=role.name("currency"))
    return columns, doubts


def _who(role: Role, rep: Reference | None) -> Columns:
    if rep:
        return {"rep_id": rep.spec}
    return {"territory_id": ColumnSpec(column=role.name("territory"))}


def _quota_id(role: Role, whose: ColumnSpec, start: ColumnSpec) -> str:
    """Who and which period, which is what makes a quota one of a kind."""
    who = whose.template or f"{{{whose.column}}}"
    named = [name for _, name in start.date if isinstance(name, str)]
    parts = dict.fromkeys([start.column, *named, role.name("measure")])
    return "-".join([who, *(f"{{{name}}}" for name in parts if name)])


def _start(role: Role, sales_dates: list[str], doubts: list[str]) -> tuple[ColumnSpec, str]:
    """How the first day of a quota's period is made, and how long the period is."""
    if role.wide:
        return _wide_start(role, sales_dates, doubts)
    if role.has("year"):
        year = role.name("year")
        if role.has("month"):
            return ColumnSpec(date=(("year", year), ("month", role.name("month")))), "month"
        if role.has("quarter"):
            return ColumnSpec(date=(("year", year), ("quarter", role.name("quarter")))), "quarter"
        doubts.append(f"“{year}”: a quota for a year is taken to start with the fiscal year")
        return ColumnSpec(date=(("year", year),)), "year"
    for meaning, grain in (("quarter", "quarter"), ("month", "month")):
        if role.has(meaning):
            return _dated(role.meanings[meaning].column, grain)
    column = role.meanings["period"].column
    return _dated(column, _grain(column))


def _dated(column: Column, grain: str) -> tuple[ColumnSpec, str]:
    """A period in one column: a day, 2026-Q1, or a month such as 2026-03."""
    if column.kind == "date":
        return ColumnSpec(column=column.name, snap="month_start"), grain
    if any("q" in v.lower() or "t" in v.lower() for v in column.values[:20]):
        return ColumnSpec(date=(("year", column.name), ("quarter", column.name))), "quarter"
    if grain == "month":
        return ColumnSpec(date=(("year", column.name), ("month", column.name))), "month"
    return ColumnSpec(date=(("year", column.name),)), "year"


def _grain(column: Column) -> str:
    """Month, quarter or year, by the months the days of a column fall in."""
    if column.kind != "date":
        return "year"
    days = [datetime.strptime(v, column.forms[0]) for v in column.values]  # noqa: DTZ007 - only the month matters
    months = {day.month for day in days}
    if len(months) == 1 and len({day.year for day in days}) > 1:
        return "year"
    spread = {(month - min(months)) % 3 for month in months}
    return "quarter" if spread == {0} and 1 < len(months) <= 4 else "month"


def _wide_start(role: Role, sales_dates: list[str], doubts: list[str]) -> tuple[ColumnSpec, str]:
    if role.grain == "dated":
        return ColumnSpec(date=(("year", PERIOD), ("month", PERIOD))), "month"
    if role.has("year"):
        return ColumnSpec(date=(("year", role.name("year")), (role.grain, PERIOD))), role.grain
    latest = max(
        (int(year) for value in sales_dates for year in re.findall(r"(?:19|20)\d\d", value)), default=2000
    )
    doubts.append(
        f"“{role.profile.spec.path}” does not say which year its targets are for; {latest} was taken. "
        "Add a column with the year, or correct it in the mapping"
    )
    return ColumnSpec(date=(("year", latest), (role.grain, PERIOD))), role.grain
