"""My statement: what a month paid, why line by line, and what still waits."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, Literal

import pyarrow as pa
import pyarrow.compute as pc

from charts.base import Chart, Style
from charts.pay_months import Month, pay_months
from metrics.periods import Calendar, Period
from ui import pay_items, told
from ui.pay_items import Item
from words import formats
from words.catalogue import translator
from workflows.pay.personal import Personal, Waiting

State = Literal["paid", "computed", "running", "nothing"]
STRIP = 12
"""Months in the strip."""
SHOWN = 5
"""Differences that are named before the rest is counted."""


@dataclass(frozen=True)
class Difference:
    """A component and period for which something else was recorded than the plans say; money of the payee."""

    title: str
    period: str
    modelled: Decimal | None
    recorded: Decimal | None
    currency: str


@dataclass(frozen=True)
class Balance:
    """What is carried on at the month's end."""

    plan: str
    draw: Decimal
    held: Decimal
    currency: str


@dataclass(frozen=True)
class Page:
    """Everything a statement says, texts plain and in the reader's language."""

    state: State
    total: dict[str, Decimal]  # by currency: recorded pay, or what is computed where nothing is recorded
    computed: dict[str, Decimal]
    paid_on: tuple[date, ...]
    sources: tuple[str, ...]
    items: tuple[Item, ...]
    differences: tuple[Difference, ...]
    balances: tuple[Balance, ...]
    waiting: tuple[Waiting, ...]
    problems: tuple[str, ...]


def page(found: Personal, as_of: date, language: str, months: Mapping[date, str] | None = None) -> Page:
    """The statement of one person's month, as far as it is known on a day."""
    items = pay_items.items(found.run, found.plans, language, months)
    computed = pay_items.total([{"amount": i.amount, "currency": i.currency} for i in items if i.paid])
    recorded = pay_items.total(found.recorded)
    state = state_of(found, as_of)
    rows = found.recorded
    return Page(
        state,
        recorded if state == "paid" else computed,
        computed,
        tuple(sorted(set(rows["paid_on"].drop_null().to_pylist()))),
        tuple(sorted(set(rows["source_system"].drop_null().to_pylist()))),
        tuple(items),
        differences(found, language) if state == "paid" else (),
        _balances(found),
        found.waiting,
        tuple(told.problem(each, language) for each in found.run.problems),
    )


def state_of(found: Personal, as_of: date) -> State:
    """``paid`` where pay is recorded, else whether the month still runs."""
    if len(found.recorded):
        return "paid"
    if not len(found.run.lines) and not found.run.problems:
        return "nothing"
    return "computed" if found.month.state(as_of) == "finished" else "running"


def differences(found: Personal, language: str) -> tuple[Difference, ...]:
    """Where what was recorded is not what the plans say, the largest first."""
    plan_of = {row["component_id"]: row["plan_id"] for row in found.recorded.to_pylist()}
    plan_of |= {row["component_id"]: row["plan_id"] for row in found.run.lines.to_pylist()}
    ends = {
        (row["component_id"], row["period_start"]): row["period_end"]
        for row in [*found.run.lines.to_pylist(), *found.recorded.to_pylist()]
    }
    rows = [row for row in found.compared.rows.to_pylist() if row["status"] != "equal"]
    made = [
        Difference(
            pay_items.component_name(found.plans, plan_of[row["component_id"]], row["component_id"]),
            told.span_name(row["period_start"], ends[row["component_id"], row["period_start"]], language),
            row["modelled"],
            row["recorded"],
            row["currency"],
        )
        for row in sorted(rows, key=lambda row: -abs(row["difference"]))
    ]
    return tuple(made)


def _balances(found: Personal) -> tuple[Balance, ...]:
    names = {plan.id: plan.name for plan in found.plans}
    rows = found.run.balances.filter(
        pc.equal(found.run.balances["month_start"], found.month.start)
    ).to_pylist()
    return tuple(
        Balance(
            names.get(row["plan_id"], row["plan_id"]), row["draw_balance"], row["held"], row["currency"] or ""
        )
        for row in rows
        if row["draw_balance"] or row["held"]
    )


def months_of(calendar: Calendar, days: tuple[date, date] | None, as_of: date) -> list[Period]:
    """Months to choose from, the latest first: since the first recorded pay, a year at the least."""
    now = calendar.of("month", as_of)
    year_back = calendar.shift(now, -STRIP + 1) or calendar.all("month")[0]
    first = min(days[0], year_back.start) if days else year_back.start
    return list(reversed(calendar.between("month", first, now.end)))


def usual_month(months: Sequence[Period], days: tuple[date, date] | None) -> Period:
    """The month looked at when nobody chose: the last with recorded pay, else the present one."""
    held = [month for month in months if days and month.start <= days[1] < month.end]
    return held[0] if held else months[0]


def strip(
    recorded: pa.Table, months: Sequence[Period], chosen: Period, open_: Mapping[str, Decimal], style: Style
) -> Chart:
    """Recorded pay of a year's months up to the chosen one or the present; ``open_`` is the chosen month's if computed.

    Pay in a second currency is left out of the bars: they show the currency most was paid in.
    """
    shown = _window(months, chosen)
    rows = recorded.select(["earned_on", "amount", "currency"]).to_pylist()
    currency = _usual_currency(rows, open_) or style.currency
    own = Style(style.language, currency, style.theme)
    sums: dict[str, Decimal] = {}
    for row in rows:
        month = next((m.id for m in shown if m.start <= row["earned_on"] < m.end), "")
        if row["currency"] == currency:
            sums[month] = sums.get(month, Decimal(0)) + row["amount"]
    made = [_bar(month, sums, chosen, open_.get(currency), own) for month in shown]
    average = _average(made)
    words = translator(style.language)
    takeaway = (
        words("{amount} a month on average", amount=own.figure(average, "money"))
        if average is not None
        else ""
    )
    return pay_months(made, chosen=chosen.id, takeaway=takeaway or words("Recent months"), style=own)


def _window(months: Sequence[Period], chosen: Period) -> list[Period]:
    """A year of months, in order, that holds the chosen one; as late as possible."""
    at = months.index(chosen)
    last = max(0, at - STRIP + 1)
    return list(reversed(months[last : last + STRIP]))


def _usual_currency(rows: Sequence[Mapping[str, Any]], open_: Mapping[str, Decimal]) -> str:
    paid: dict[str, Decimal] = {currency: abs(amount) for currency, amount in open_.items()}
    for row in rows:
        paid[row["currency"]] = paid.get(row["currency"], Decimal(0)) + abs(row["amount"])
    return max(paid, key=lambda currency: (paid[currency], currency), default="")


def _bar(
    month: Period, sums: Mapping[str, Decimal], chosen: Period, open_: Decimal | None, style: Style
) -> Month:
    amount, computed = sums.get(month.id), False
    if amount is None and month == chosen and open_ is not None:
        amount, computed = open_, True
    whole = month.start.day == 1
    short = (
        formats.month_short(month.start, style.language)
        if whole
        else formats.period(month.id, style.language)
    )
    return Month(month.id, short, told.month_name(month, style.language), amount, computed)


def _average(months: Sequence[Month]) -> Decimal | None:
    known = [Decimal(month.amount) for month in months if month.amount is not None and not month.open]
    return sum(known, Decimal(0)) / len(known) if known else None
