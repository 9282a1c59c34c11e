"""Pay of closed months as a source like any other: its payouts, and the components they are for.

The source is called "compensation". It sends what was frozen for every closed month, but for months that
another source pays already: there the other source's payouts count, and what was computed here is
compared with them (``workflows.pay.reconciling``). A later load of such a source takes the month over.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from compensation.plan.model import Plan
from compensation.plan.reading import read
from compensation.run import LINES
from planning.landing import NAME as PLANNING
from planning.plans import current_plans
from warehouse import closed
from warehouse.database import Database
from warehouse.landed import LandingInfo
from warehouse.landing import Landing
from warehouse.store import Store
from workflows.pay.cuts import payable
from workflows.pay.evidence import closed_months

NAME = "compensation"
TABLES = frozenset({"payouts", "plan_components"})
DRAW = "draw"
"""Component of draws that belong to a whole plan."""

_PAYOUTS = pa.schema(
    [
        (name, pa.string())
        for name in ("payout_id", "rep_id", "plan_id", "component_id", "kind", "currency", "trace")
    ]
    + [(name, pa.date32()) for name in ("period_start", "period_end", "earned_on", "paid_on")]
    + [("amount", pa.decimal128(18, 4))]
)
_COMPONENTS = pa.schema(
    [(name, pa.string()) for name in ("plan_id", "component_id", "name", "kind", "measure", "period")]
    + [(name, pa.decimal128(9, 6)) for name in ("weight", "rate")]
)
_WHY = (
    "plan_version", "credited", "quota", "attainment", "target", "rate", "before_modifiers", "factor", "modifiers",
    "capped", "to_date", "paid_before", "reason", "adjusts",
)  # fmt: skip
"""Columns of a line that say why it is what it is."""


def land(
    store: Store, database: Database, others: Mapping[str, LandingInfo], now: datetime
) -> LandingInfo | None:
    """Land the source anew beside the landings of the other sources; None when it has nothing to send.

    The caller holds the store's lock and publishes.
    """
    months = [(m.start, m.end) for m in closed_months(store.root, database)]
    plans = [plan for row in current_plans(database) if (plan := read(row.terms)[0])]
    components = _components(plans)
    if not months and not components:
        return None
    return _land(store, others, months, components, now)


def settle(store: Store, landings: Mapping[str, LandingInfo], now: datetime) -> dict[str, LandingInfo]:
    """The landings, with this source landed anew when another began or ceased to pay one of its months."""
    found = dict(landings)
    held = found.pop(NAME, None)
    if held is None:
        return found
    months = [(date.fromisoformat(start), date.fromisoformat(end)) for start, end in held.note["closed"]]
    taken = [start.isoformat() for start, _ in _paid_by_others(months, found.values())]
    if taken == held.note["taken"]:
        return found | {NAME: held}
    components = pq.read_table(held.path("plan_components")).select(_COMPONENTS.names).cast(_COMPONENTS)
    return found | {NAME: _land(store, found, months, components.to_pylist(), now)}


def _land(
    store: Store,
    others: Mapping[str, LandingInfo],
    months: Sequence[tuple[date, date]],
    components: list[dict[str, Any]],
    now: datetime,
) -> LandingInfo:
    rest = [info for source, info in others.items() if source not in (NAME, PLANNING)]
    taken = _paid_by_others(months, rest)
    ours = [start for start, end in months if (start, end) not in taken]
    lines = pa.concat_tables([LINES.empty_table(), *(_lines(store.root, start) for start in ours)])
    note = {
        "closed": [[start.isoformat(), end.isoformat()] for start, end in months],
        "taken": [start.isoformat() for start, _ in taken],
    }
    with Landing.start(store, NAME, now, carries=()) as landing:
        landing.add("payouts", _payouts(lines))
        landing.add("plan_components", _not_sent(_with_draws(components, lines), rest))
        landing.seal(as_of=_as_of(months, rest, now), note=note)
    assert landing.sealed is not None  # leaving an unsealed landing raises
    return landing.sealed


def _as_of(months: Sequence[tuple[date, date]], rest: Iterable[LandingInfo], now: datetime) -> date:
    """No later than what is known of sales: closing a month says nothing about them."""
    known = [info.as_of for info in rest]
    return max(known) if known else max((start for start, _ in months), default=now.date())


def _paid_by_others(
    months: Sequence[tuple[date, date]], others: Iterable[LandingInfo]
) -> list[tuple[date, date]]:
    """The months in which another source has somebody earn a payout."""
    earned: set[date] = set()
    for info in others:
        if "payouts" in info.rows:
            rows = pq.read_table(info.path("payouts"), columns=["earned_on", "is_deleted"])
            earned |= set(rows.filter(pc.invert(rows["is_deleted"]))["earned_on"].unique().to_pylist())
    return [(start, end) for start, end in months if any(start <= day < end for day in earned)]


def _lines(root: Path, start: date) -> pa.Table:
    return payable(closed.evidence(root, start).table("lines").cast(LINES))


def _payouts(lines: pa.Table) -> pa.Table:
    """Payout lines as canonical payouts; what was held counts as earned once it is released."""
    rows = lines.to_pylist()
    columns = {
        "payout_id": lines["line_id"],
        "rep_id": lines["rep"],
        "kind": pc.if_else(pc.equal(lines["kind"], "released"), "earning", lines["kind"]),
        "paid_on": pa.nulls(len(lines), pa.date32()),
        "trace": pa.array([_why(row) for row in rows], pa.string()),
    }
    same = {name: lines[name] for name in _PAYOUTS.names if name not in columns}
    return pa.table({name: (columns | same)[name] for name in _PAYOUTS.names}).cast(_PAYOUTS)


def _why(row: Mapping[str, Any]) -> str:
    """Why a line is what it is, as JSON."""
    said = {name: row[name] for name in _WHY if row[name] not in (None, "")}
    return json.dumps(said, default=str, sort_keys=True)


def _components(plans: Iterable[Plan]) -> list[dict[str, Any]]:
    """What the plans decided here consist of, as canonical rows."""
    return [
        {
            "plan_id": plan.id,
            "component_id": part.id,
            "name": part.name,
            "kind": part.group or part.pays.value,
            "measure": part.measure,
            "period": part.period.value,
            "weight": _share(part.weight),
            "rate": None if isinstance(part.rate, str) else _share(part.rate),
        }
        for plan in plans
        for part in plan.components
    ]


def _share(value: Any) -> Decimal:
    """A fraction as the table keeps it, for reading; pay follows from the plan's text."""
    return (Decimal(value.numerator) / Decimal(value.denominator)).quantize(Decimal("0.000001"))


def _with_draws(components: list[dict[str, Any]], lines: pa.Table) -> list[dict[str, Any]]:
    """The components, and one for the draws of each plan that paid one."""
    drawn = lines.filter(pc.equal(lines["component_id"], DRAW))["plan_id"].unique().to_pylist()
    there = {row["plan_id"] for row in components if row["component_id"] == DRAW}
    empty = dict.fromkeys(_COMPONENTS.names)
    more = [
        empty | {"plan_id": plan, "component_id": DRAW, "name": "Draw", "kind": DRAW, "period": "month"}
        for plan in sorted(drawn)
        if plan not in there
    ]
    return components + more


def _not_sent(components: list[dict[str, Any]], others: Iterable[LandingInfo]) -> pa.Table:
    """The components that no other source describes."""
    sent: set[tuple[str, str]] = set()
    for info in others:
        if "plan_components" in info.rows:
            rows = pq.read_table(
                info.path("plan_components"), columns=["plan_id", "component_id"]
            ).to_pylist()
            sent |= {(row["plan_id"], row["component_id"]) for row in rows}
    kept = [row for row in components if (row["plan_id"], row["component_id"]) not in sent]
    return pa.Table.from_pylist(kept, schema=_COMPONENTS)
