"""What a closed month was computed from, kept so that it can be computed again."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

import pyarrow as pa

from compensation.inputs import Inputs, Order
from compensation.plan.model import Plan
from compensation.plan.reading import plan_of
from compensation.run import BALANCES, LINES, TRACE, Run
from planning.periods import closed_periods
from warehouse import closed
from warehouse.database import Database

PLANS = "plans.json"
INPUTS = ("transactions", "periods", "assignments", "quotas", "hierarchy", "rates")
RESULTS = ("lines", "trace", "balances")


@dataclass(frozen=True)
class Computed:
    """A calculation with what it was made from; ``run`` reaches back to ``order.start``."""

    order: Order
    inputs: Inputs
    run: Run


@dataclass(frozen=True)
class Month:
    """A closed month; ``end`` is exclusive."""

    start: date
    end: date
    digest: str
    folder: str  # in the store
    evidence: closed.Evidence

    @property
    def lines(self) -> pa.Table:
        """What was paid, with the adjustments of earlier months."""
        return self.evidence.table("lines").cast(LINES)

    @property
    def run(self) -> Run:
        """What was paid, with its trace and balances."""
        trace, balances = (self.evidence.table(name) for name in ("trace", "balances"))
        return Run(self.lines, trace.cast(TRACE), balances.cast(BALANCES))


def closed_months(root: Path, database: Database) -> list[Month]:
    """Every month whose pay is closed, earliest first."""
    return [
        Month(
            row.period_start,
            row.period_end,
            row.digest or "",
            row.evidence or "",
            closed.evidence(root, row.period_start),
        )
        for row in closed_periods(database)
    ]


def write(root: Path, start: date, computed: Computed, frozen: Run, about: Mapping[str, Any]) -> str:
    """Keep a month: what it was computed from, what it pays and what is known of it; its folder."""
    tables = {name: getattr(computed.inputs, name) for name in INPUTS}
    results = {name: getattr(frozen, name) for name in RESULTS}
    order = {"start": computed.order.start.isoformat(), "end": computed.order.end.isoformat()}
    known = {**about, "format": closed.FORMAT, "order": order | {"as_of": computed.order.as_of.isoformat()}}
    texts = {PLANS: [_plan(plan) for plan in computed.order.plans], closed.SEAL: known}
    return closed.write(root, start, tables | results, texts)


def order_of(month: Month, plans: Sequence[Plan] | None = None) -> Order:
    """The calculation as it was asked for, or the same with other plans."""
    said = month.evidence.about["order"]
    days = {name: date.fromisoformat(said[name]) for name in ("start", "end", "as_of")}
    return Order(plans=tuple(plans) if plans is not None else plans_of(month), **days)


def inputs_of(month: Month) -> Inputs:
    """What the calculation read."""
    return Inputs(**{name: month.evidence.table(name) for name in INPUTS})


def plans_of(month: Month) -> tuple[Plan, ...]:
    """The plans as they were."""
    return tuple(_read(row) for row in month.evidence.text(PLANS))


def _plan(plan: Plan) -> dict[str, Any]:
    days = {"valid_from": plan.valid_from.isoformat(), "valid_to": plan.valid_to.isoformat()}
    return {"id": plan.id, "version": plan.version, **days, "text": plan.text}


def _read(row: Mapping[str, Any]) -> Plan:
    """A plan from its text; key, version and days are those it was in force with."""
    return replace(
        plan_of(row["text"], f"{row['id']}, version {row['version']}"),
        id=row["id"],
        version=row["version"],
        valid_from=date.fromisoformat(row["valid_from"]),
        valid_to=date.fromisoformat(row["valid_to"]),
    )
