"""Payouts: a month of everybody's pay as a reviewer reads it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, Literal

import pyarrow as pa

from compensation.plan.model import Plan
from metrics.base import Unit
from metrics.periods import Calendar, Period
from ui import pay_items, told
from ui.people import Names
from ui.speech import _
from ui.tables import Column
from words.catalogue import N_
from workflows.pay.exceptions import CODES, Code, Payee
from workflows.pay.reviewing import Review

GROUPS = ("earnings", "draws", "clawbacks", "adjustments")
GROUP_NAMES = {
    "earnings": N_("Earnings"),
    "draws": N_("Draws"),
    "clawbacks": N_("Clawbacks"),
    "adjustments": N_("Adjustments"),
    "total": N_("Total"),
}
CODE_NAMES: dict[Code, str] = {
    "problem": N_("Not computed in full"),
    "negative": N_("Below zero"),
    "differs": N_("Recorded otherwise"),
    "changed": N_("Large change"),
    "new": N_("New payee"),
    "gone": N_("No longer paid"),
    "capped": N_("Over a cap"),
    "zero": N_("A quota, and no pay"),
}
STATUS_NAMES = {
    "equal": N_("Equal"),
    "different": N_("Different"),
    "only_here": N_("Only computed here"),
    "only_there": N_("Only recorded there"),
    "total": N_("Total"),
}
Status = Literal["closed", "next", "running", "later"]
Sums = dict[str, Decimal]


@dataclass(frozen=True)
class Totals:
    """Headline figures, each by currency."""

    payable: Sums
    before: Sums
    held: Sums
    draws: Sums
    clawbacks: Sums
    adjustments: Sums
    payees: int
    lines: int


def totals(found: Review, payees: Iterable[Payee]) -> Totals:
    """What the month pays, by group; ``held`` is what was earned and waits."""
    rows = found.payroll.totals.to_pylist()
    groups = {
        name: {row["currency"]: row["amount"] for row in rows if row["group"] == name}
        for name in (*GROUPS, "total")
    }
    paid = list(payees)
    before: Sums = {}
    for payee in paid:
        before[payee.currency] = before.get(payee.currency, Decimal(0)) + (payee.before or Decimal(0))
    held = [
        row
        for row in found.run.lines.select(["kind", "amount", "currency"]).to_pylist()
        if row["kind"] == "held"
    ]
    return Totals(
        groups["total"],
        before,
        pay_items.total(held),
        groups["draws"],
        groups["clawbacks"],
        groups["adjustments"],
        len({payee.rep for payee in paid if payee.payable}),
        sum(row["lines"] for row in rows if row["group"] == "total"),
    )


def status_of(found: Review) -> Status:
    """Whether the month is closed, the next to be closed, not over, or not yet its turn."""
    if found.closed:
        return "closed"
    if not found.over:
        return "running"
    return "later" if found.why_not else "next"


def months_of(calendar: Calendar, plans: Sequence[Plan], as_of: date) -> list[Period]:
    """Months in which a plan was in force, the latest first; the present one at the least."""
    now = calendar.of("month", as_of)
    first = min((plan.valid_from for plan in plans), default=now.start)
    return list(reversed(calendar.between("month", min(first, now.start), now.end)))


def usual_month(months: Sequence[Period], closed_until: date | None, as_of: date) -> Period:
    """The month looked at when nobody chose: the next to be closed if it is over, else the last that is over."""
    over = [month for month in months if month.state(as_of) == "finished"]
    following = [month for month in over if month.start == closed_until]
    return (following or over or list(months))[0]


def shown(payees: Iterable[Payee], code: Code | None) -> list[Payee]:
    """Payees a code is about, or all; those that stand out most first, then by pay."""
    rows = [payee for payee in payees if code is None or code in payee.codes]
    rank = {each: place for place, each in enumerate(CODES)}
    return sorted(
        rows,
        key=lambda payee: (
            min((rank[c] for c in payee.codes), default=len(CODES)),
            -payee.payable,
            payee.rep,
        ),
    )


def payee_columns(rows: Sequence[Payee], *, currencies: bool, recorded: bool) -> dict[str, Column]:
    """Columns of the table of payees."""
    cents = currencies
    made = {"name": Column(_("Name"), width=140), "payable": Column(_("Payable"), Unit.MONEY, cents=cents)}
    if currencies:
        made["currency"] = Column(_("Currency"), width=80)
    made["before"] = Column(
        _("Period before"),
        Unit.MONEY,
        cents=cents,
        help=_("The same components, in the period before each one’s own"),
    )
    made["change"] = Column(_("Change"), Unit.PERCENT)
    if recorded:
        made["recorded"] = Column(_("Recorded"), Unit.MONEY, cents=cents)
    if any(payee.held for payee in rows):
        made["held"] = Column(_("Held"), Unit.MONEY, cents=cents)
    made["why"] = Column(_("What stands out"))
    made["plan"] = Column(_("Plan"), width=150)
    return made


def payee_rows(rows: Iterable[Payee], names: Names, plans: Mapping[str, str]) -> list[dict[str, Any]]:
    """Payees as the table and its export have them."""
    return [
        {
            "name": names.of(payee.rep),
            "plan": ", ".join(plans.get(plan, plan) for plan in payee.plans),
            "currency": payee.currency,
            "payable": payee.payable,
            "before": payee.before,
            "change": payee.change,
            "recorded": payee.recorded,
            "held": payee.held,
            "why": ", ".join(_(CODE_NAMES[code]) for code in payee.codes),
        }
        for payee in rows
    ]


def control_columns() -> dict[str, Column]:
    """Columns of the control totals."""
    return {
        "currency": Column(_("Currency")),
        "group": Column(_("Group")),
        "payees": Column(_("Payees"), Unit.COUNT),
        "rows": Column(_("Rows"), Unit.COUNT),
        "lines": Column(_("Lines"), Unit.COUNT),
        "amount": Column(_("Amount"), Unit.MONEY, cents=True),
    }


def control_rows(found: pa.Table) -> list[dict[str, Any]]:
    """Control totals as the table has them."""
    return [row | {"group": _(GROUP_NAMES[row["group"]])} for row in found.to_pylist()]


def compared_columns(*, single: bool) -> dict[str, Column]:
    """Columns of the comparison: line by line, or its totals."""
    made: dict[str, Column] = {"status": Column(_("Status"))}
    if single:
        made |= {
            "name": Column(_("Name")),
            "component": Column(_("Component")),
            "period": Column(_("Period")),
        }
    made["currency"] = Column(_("Currency"), width=90)
    if not single:
        made["rows"] = Column(_("Lines"), Unit.COUNT)
    return made | {
        "modelled": Column(_("Computed"), Unit.MONEY, cents=True),
        "recorded": Column(_("Recorded"), Unit.MONEY, cents=True),
        "difference": Column(_("Difference"), Unit.MONEY, cents=True),
    }


def compared_rows(found: Review, rows: pa.Table, names: Names, language: str) -> list[dict[str, Any]]:
    """Compared lines as the table has them, the largest difference first."""
    components, ends = component_names(found.plans), _ends(found)
    ordered = sorted(
        rows.to_pylist(), key=lambda row: (-abs(row["difference"]), row["rep"], row["component_id"])
    )
    return [
        {
            **row,
            "status": _(STATUS_NAMES[row["status"]]),
            "name": names.of(row["rep"]),
            "component": components.get(row["component_id"], row["component_id"]),
            "period": told.span_name(
                row["period_start"], ends[row["component_id"], row["period_start"]], language
            ),
        }
        for row in ordered
    ]


def _ends(found: Review) -> dict[tuple[str, date], date]:
    """Where components' periods end, by component and first day."""
    names = ["component_id", "period_start", "period_end"]
    rows = [row for table in (found.run.lines, found.recorded) for row in table.select(names).to_pylist()]
    return {(row["component_id"], row["period_start"]): row["period_end"] for row in rows}


def component_names(plans: Iterable[Plan]) -> dict[str, str]:
    """What components are called, by key."""
    return {part.id: part.name or part.id for plan in plans for part in plan.components}


def why_not(found: Review, language: str) -> str:
    """Why the month cannot be closed now, in a sentence; empty when it can."""
    if found.why_not is not None:
        return told.refusal(found.why_not, language)
    if not found.over:
        return _("The month is not over, so its pay still changes.")
    return ""
