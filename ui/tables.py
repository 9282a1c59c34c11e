"""Tables as people read them: translated headers, figures in their unit, names for keys."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd
import streamlit as st

from metrics.base import Unit
from ui.speech import _
from words import formats
from words.catalogue import N_

HEADERS: dict[str, str] = {
    "credited_on": N_("Credited on"),
    "rep_id": N_("Rep"),
    "amount_reporting": N_("Credited"),
    "amount": N_("Amount"),
    "currency": N_("Currency"),
    "share": N_("Share"),
    "kind": N_("Kind"),
    "account_id": N_("Account"),
    "product_id": N_("Product"),
    "territory_id": N_("Territory"),
    "team_id": N_("Sales team"),
    "opportunity_id": N_("Deal"),
    "measure": N_("Target"),
    "month_start": N_("Month from"),
    "scope": N_("Carried by"),
    "ramp_share": N_("Ramp share"),
    "ramped_reporting": N_("Ramped quota"),
    "source_system": N_("Source"),
    "valid_from": N_("From"),
    "valid_to": N_("Until"),
    "role": N_("Role"),
    "manager_id": N_("Manager"),
    "earned_on": N_("Earned on"),
    "plan_id": N_("Plan"),
    "component_id": N_("Component"),
    "period_start": N_("From"),
    "trace": N_("How it came about"),
    "stake": N_("At stake"),
    "payouts.amount_reporting": N_("Paid"),
}
"""What columns of records are called; a column that is not here is not shown."""

RECORDS: dict[str, tuple[str, ...]] = {
    "credits": (
        "credited_on",
        "rep_id",
        "amount_reporting",
        "account_id",
        "product_id",
        "opportunity_id",
        "kind",
        "share",
        "amount",
        "currency",
        "team_id",
        "territory_id",
        "measure",
        "source_system",
    ),
    "quota_months": (
        "month_start",
        "rep_id",
        "amount_reporting",
        "ramp_share",
        "ramped_reporting",
        "scope",
        "team_id",
        "territory_id",
        "measure",
        "source_system",
    ),
    "payouts": (
        "earned_on",
        "rep_id",
        "plan_id",
        "component_id",
        "kind",
        "amount_reporting",
        "amount",
        "currency",
        "trace",
        "source_system",
    ),
    "plan_assignments": ("earned_on", "rep_id", "plan_id", "component_id", "team_id", "role", "stake"),
    "assignments": ("rep_id", "manager_id", "team_id", "territory_id", "role", "valid_from", "valid_to"),
}
"""Columns shown of each table's records, in order."""

PEOPLE = frozenset({"rep_id", "manager_id"})


@dataclass(frozen=True)
class Column:
    """How one column is shown."""

    title: str
    unit: Unit | None = None  # None: text
    bar: float = 0.0  # draw a bar up to this value
    points: bool = False  # a difference of two ratios
    cents: bool = False  # money of several currencies in one column: two decimals, no sign
    help: str = ""
    width: str | int | None = None


def config(columns: Mapping[str, Column], currency: str) -> dict[str, Any]:
    """Streamlit's column configuration."""
    return {name: _config(column, currency) for name, column in columns.items()}


def _config(column: Column, currency: str) -> Any:
    more: dict[str, Any] = {"help": column.help or None, "width": column.width}
    if column.unit is None:
        return st.column_config.TextColumn(column.title, **more)
    if column.points:
        return st.column_config.NumberColumn(column.title, format="localized", step=0.1, **more)
    if column.cents:
        return st.column_config.NumberColumn(column.title, format="localized", step=0.01, **more)
    shown = formats.column_format(column.unit.value, currency)
    if column.bar:
        return st.column_config.ProgressColumn(
            column.title,
            min_value=0.0,
            max_value=column.bar,
            format=str(shown["format"]),
            color="primary",
            **more,
        )
    return st.column_config.NumberColumn(_titled(column, currency), format=str(shown["format"]), **more)


def _titled(column: Column, currency: str) -> str:
    """The title, with the currency where the figures cannot carry it."""
    named = currency in {"USD", "EUR", "JPY"}
    return column.title if named or column.unit is not Unit.MONEY else f"{column.title} ({currency})"


def frame(rows: list[dict[str, Any]], columns: Mapping[str, Column]) -> pd.DataFrame:
    """A frame of the columns, decimals as floats for the screen only."""
    made = {
        name: pd.Series(
            [_number(row.get(name), column) if column.unit else row.get(name) for row in rows],
            dtype="float64" if column.unit else "object",
        )
        for name, column in columns.items()
    }
    return pd.DataFrame(made)


def _number(value: Any, column: Column) -> float | None:
    """The figure as the column shows it: points in hundredths, ratios to a tenth of a per cent."""
    if value is None:
        return None
    if column.points:
        return round(100 * float(value), 1)
    return round(float(value), 3) if column.unit is Unit.PERCENT else float(value)


def height(rows: int, most: int) -> Any:
    """How high a table is: as its rows are while they are few, and never more than ``most`` pixels."""
    return "auto" if rows <= 10 else min(35 * (rows + 1) + 3, most)


def header(name: str, table: str = "") -> str:
    """The title of a column of records, which may be another in one table."""
    return _(HEADERS.get(f"{table}.{name}", HEADERS.get(name, name)))
