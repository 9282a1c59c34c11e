"""Pay as the payouts table records it: what was paid, whoever computed it, as one viewer may see it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

import ibis
import ibis.expr.types as ir
import pyarrow as pa

from warehouse.access import Tables, Viewer
from warehouse.engine import Session, token

COLUMNS = (
    "payout_id", "rep_id", "plan_id", "component_id", "period_start", "period_end", "earned_on", "paid_on",
    "kind", "amount", "currency", "source_system",
)  # fmt: skip
"""What is read of a payout; a kind nobody wrote reads ``earning``."""

_FROM, _UNTIL, _REP = token("pay_from", "date"), token("pay_until", "date"), token("pay_rep")
_DEALS, _BETWEEN = token("pay_deals"), "\n"


def recorded(session: Session, viewer: Viewer, start: date, end: date, rep: str = "") -> pa.Table:
    """Payouts earned from ``start`` until before ``end`` (``COLUMNS``), of one person or of all the viewer may see."""
    tables = _tables(session, viewer)
    rows = _within(tables).select(*COLUMNS)
    rows = rows.mutate(
        kind=rows.kind.coalesce("earning"), currency=rows.currency.coalesce(session.settings.currency)
    )
    wanted = rows.filter(rows.rep_id == _REP) if rep else rows
    values = tables.values | {"pay_from": start, "pay_until": end} | ({"pay_rep": rep} if rep else {})
    return session.run(wanted, values)


def payees(session: Session, viewer: Viewer) -> frozenset[str]:
    """Keys of the people of whose pay the viewer may see anything: a payout, or a place on a plan."""
    tables = _tables(session, viewer)
    names = ("payouts", "plan_assignments")
    found = [tables.run(tables.table(name).select("rep_id").distinct()) for name in names]
    return frozenset(key for table in found for key in table["rep_id"].to_pylist())


def days_recorded(session: Session, viewer: Viewer, rep: str = "") -> tuple[date, date] | None:
    """The first and the last day a payout was earned on; None when there is none."""
    tables = _tables(session, viewer)
    rows = tables.table("payouts")
    rows = rows.filter(rows.rep_id == _REP) if rep else rows
    values = tables.values | ({"pay_rep": rep} if rep else {})
    found = session.run(rows.agg(first=rows.earned_on.min(), last=rows.earned_on.max()), values).to_pylist()[
        0
    ]
    return (found["first"], found["last"]) if found["first"] else None


def deal_names(session: Session, viewer: Viewer, deals: Iterable[str]) -> dict[str, tuple[str, str]]:
    """Name and account of deals somebody the viewer sees is credited with, by key; others are left out."""
    wanted = sorted(set(deals))
    tables = _tables(session, viewer)
    rows = tables.credited("opportunities")
    accounts = tables.lookup("accounts").select("account_id", account="name")
    listed = _DEALS.contains(ibis.literal(_BETWEEN) + rows.opportunity_id + _BETWEEN)
    rows = rows.filter(listed).left_join(accounts, "account_id")
    rows = rows.select("opportunity_id", "name", "account")
    known = _BETWEEN + _BETWEEN.join(key for key in wanted if _BETWEEN not in key) + _BETWEEN
    found = session.run(rows, tables.values | {"pay_deals": known}).to_pylist()
    return {row["opportunity_id"]: (row["name"] or "", row["account"] or "") for row in found}


def _tables(session: Session, viewer: Viewer) -> Tables:
    return Tables(viewer, session, session.version.as_of)


def _within(tables: Tables) -> ir.Table:
    rows = tables.table("payouts")
    return rows.filter(rows.earned_on >= _FROM, rows.earned_on < _UNTIL)
