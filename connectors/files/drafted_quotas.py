"""The columns of a quota table: whose, for which period, how much."""

from __future__ import annotations

from connectors.files.drafted_periods import PERIOD, period_columns
from connectors.files.identity import Reference
from connectors.files.profile import Column
from connectors.files.roles import Role
from connectors.files.spec import ColumnSpec

Columns = dict[str, ColumnSpec]
QUOTA = "_quota"


def quota_columns(role: Role, rep: Reference | None, sold: Column | None) -> tuple[Columns, list[str]]:
    """Canonical columns of ``quotas``, and what is doubtful about them; ``sold`` holds the days of the sales."""
    doubts: list[str] = []
    start, end = period_columns(role, sold, doubts)
    amount = ColumnSpec(column=QUOTA if role.wide else role.name("quota"))
    who = _who(role, rep)
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
    """Who and which period, which is what makes a quota one of a kind.

    A person's name is not put into a key that is published: the row stands for it.
    """
    if whose.template:
        return "{_file}-{_row}" + (f"-{{{PERIOD}}}" if role.wide else "")
    named = [name for _, name in start.date if isinstance(name, str)]
    parts = dict.fromkeys([whose.column, start.column, *named, role.name("measure")])
    return "-".join(f"{{{name}}}" for name in parts if name)
