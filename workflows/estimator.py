"""What a person's open deals would pay if they closed: their own deals, their own plan, the exact calculation.

A deal somebody else owns is not among them unless the viewer sees it and it names the person as sharing it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

import pyarrow as pa

from compensation.calculate import calculate
from compensation.earning.lines import window_kind
from compensation.inputs import Inputs, Order
from compensation.plan.model import Plan
from compensation.what_if.estimate import Estimate, estimate
from metrics.periods import Grain, calendar_of
from warehouse.access import UNASSIGNED, AccessDenied, Tables, Viewer
from warehouse.engine import Session, token
from workflows.pay import rights
from workflows.pay.deals import SCHEMA
from workflows.pay.inputs import book, inputs, tells_products_apart
from workflows.pay.run import in_force

_REP = token("estimated_rep")
_GRAINS: tuple[Grain, ...] = ("month", "quarter", "year")
Row = Mapping[str, Any]


@dataclass(frozen=True)
class OpenDeal:
    """A deal of a person's that has not closed, with their share of it."""

    opportunity_id: str
    name: str
    amount: Decimal  # of the whole deal
    share: Decimal  # 1 = all of it
    kind: str  # direct, split or overlay
    currency: str
    close_on: date
    probability: float | None


@dataclass(frozen=True)
class Closing:
    """A deal taken to close: on this day and with this amount where they are given, else as the deal says."""

    opportunity_id: str
    close_on: date | None = None
    amount: Decimal | None = None


def open_deals(session: Session, viewer: Viewer, rep: str) -> list[OpenDeal]:
    """A person's open deals with an amount, the soonest first.

    Raises:
        AccessDenied: the viewer may not see this person's pay.
    """
    found = [
        OpenDeal(
            opportunity_id=row["opportunity_id"],
            name=row["name"] or "",
            amount=row["amount"],
            share=row["share"],
            kind=row["kind"],
            currency=row["currency"] or session.settings.currency,
            close_on=row["close_on"],
            probability=row["probability"],
        )
        for row in _deals(_tables(session, viewer, rep), rep)
    ]
    return sorted(found, key=lambda deal: (deal.close_on, deal.opportunity_id))


def if_they_close(session: Session, viewer: Viewer, rep: str, closing: Sequence[Closing]) -> Estimate:
    """What the person earns more if these of their open deals close; what is not theirs is left out.

    A deal that should have closed before today closes today.

    Raises:
        AccessDenied: the viewer may not see this person's pay.
        MetricError: a day lies outside the calendar.
    """
    tables = _tables(session, viewer, rep)
    plans = in_force(book(session, viewer)[0])
    wanted = {one.opportunity_id: one for one in closing}
    deals = [row for row in _deals(tables, rep) if row["opportunity_id"] in wanted]
    told = _told(tables, [row["opportunity_id"] for row in deals], rep)
    rows = [
        row
        for deal in deals
        for row in _transactions(
            deal, wanted[deal["opportunity_id"]], told, tables, apart=tells_products_apart(plans)
        )
    ]
    order, given = _given(session, viewer, rep, plans, [row["date"] for row in rows])
    return estimate(order, given, pa.Table.from_pylist(rows, schema=SCHEMA), rep, calculate)


def _tables(session: Session, viewer: Viewer, rep: str) -> Tables:
    rights.require_known(viewer)
    if viewer.key != rep and not rights.reads_all(viewer):
        raise AccessDenied(
            "What a deal would pay is for the person themselves and whoever sees everybody's pay."
        )
    return Tables(viewer, session, session.version.as_of)


def _given(
    session: Session, viewer: Viewer, rep: str, plans: tuple[Plan, ...], days: Iterable[date]
) -> tuple[Order, Inputs]:
    """The plans in force and what the person is paid from, over whole running totals."""
    today, calendar = session.version.as_of, calendar_of(session)
    kinds = {window_kind(part) for plan in plans for part in plan.components}
    grain: Grain = max((grain for grain in _GRAINS if grain in kinds), key=_GRAINS.index, default="month")
    start = calendar.of(grain, min([today, *days])).start
    end = calendar.of(grain, max([today, *days])).end
    read = inputs(session, viewer, start, end, (rep,), by_line=tells_products_apart(plans))
    return Order(plans, start, end, today), read


# Deals -------------------------------------------------------------------------------------------


def _deals(tables: Tables, rep: str) -> list[Row]:
    """The person's open deals with an amount: all of those they own alone, their part of those they share."""
    deals = tables.table("opportunities")
    deals = deals.filter(~deals.is_closed, deals.amount > 0, deals.close_on.notnull())
    named = ("opportunity_id", "owner_id", "name", "amount", "currency", "close_on", "probability", "type")
    splits = tables.table("opportunity_splits").select("opportunity_id", "rep_id", "kind", "share")
    parts = deals.select(*named, "account_id", "pipeline_id").left_join(splits, "opportunity_id")
    parts = parts.filter((parts.owner_id == _REP) | (parts.rep_id == _REP))
    found: dict[str, list[Row]] = {}
    for row in tables.session.run(parts, {**tables.values, "estimated_rep": rep}).to_pylist():
        found.setdefault(row["opportunity_id"], []).append(row)
    return [part for rows in found.values() for part in _parts(rows, rep)]


def _parts(rows: Sequence[Row], rep: str) -> Iterable[Row]:
    """One deal's parts for a person: their splits, or the whole deal where nobody shares its revenue."""
    shared = any(row["kind"] == "revenue" for row in rows)
    for row in rows:
        if row["rep_id"] == rep:
            yield {**row, "kind": "overlay" if row["kind"] == "overlay" else "split"}
    if not shared and rows[0]["owner_id"] == rep:
        yield {**rows[0], "kind": "direct", "share": Decimal(1)}


@dataclass(frozen=True)
class _Told:
    """What else transactions say: lines with their products, accounts, and where the person is today."""

    lines: Mapping[str, list[Row]]
    accounts: Mapping[str, Row]
    team: str | None


def _told(tables: Tables, deals: Sequence[str], rep: str) -> _Told:
    lines = tables.table("opportunity_lines")
    named = (
        "line_id",
        "opportunity_id",
        "product_id",
        "amount",
        "cost",
        "quantity",
        "term_months",
        "currency",
    )
    products = tables.lookup("products").select("product_id", "family_id")
    rows = (
        lines.filter(lines.opportunity_id.isin(list(deals) or [""]))
        .select(*named)
        .left_join(products, "product_id")
    )
    found: dict[str, list[Row]] = {}
    for row in tables.run(rows).to_pylist():
        found.setdefault(row["opportunity_id"], []).append(row)
    accounts = tables.run(tables.lookup("accounts").select("account_id", "segment", "industry")).to_pylist()
    places = tables.placements()
    team = tables.session.run(
        places.filter(places.rep_id == _REP).select("team_id"), {**tables.values, "estimated_rep": rep}
    ).to_pylist()
    return _Told(
        found, {row["account_id"]: row for row in accounts}, _known(team[0]["team_id"]) if team else None
    )


def _known(key: str | None) -> str | None:
    return None if key == UNASSIGNED else key


def _transactions(
    deal: Row, closing: Closing, told: _Told, tables: Tables, *, apart: bool
) -> Iterable[dict[str, Any]]:
    """A deal as transactions: one, or one a line where plans tell products apart and nobody changed the amount."""
    lines = told.lines.get(deal["opportunity_id"], [])
    amount = deal["amount"] if closing.amount is None else closing.amount
    today = tables.session.version.as_of
    account = told.accounts.get(deal["account_id"], {})
    families = {row["family_id"] for row in lines} - {UNASSIGNED, None}
    common = {
        "deal_id": deal["opportunity_id"],
        "rep": _rep(deal),
        "kind": deal["kind"],
        "date": max(closing.close_on or deal["close_on"], today),
        "share": deal["share"],
        "currency": deal["currency"] or tables.session.settings.currency,
        "type": deal["type"],
        "account": _known(deal["account_id"]),
        "team": told.team,
        "families": len(families),
        "measure": "bookings",
        "pipeline": _known(deal["pipeline_id"]),
        "segment": account.get("segment"),
        "industry": account.get("industry"),
    }
    if apart and lines and amount == deal["amount"]:
        for row in lines:
            yield common | _of_lines([row], row["amount"]) | {"transaction_id": row["line_id"]}
    else:
        yield common | _of_lines(lines, amount) | {"transaction_id": deal["opportunity_id"]}


def _rep(deal: Row) -> str:
    return str(deal["owner_id"] if deal["kind"] == "direct" else deal["rep_id"])


def _of_lines(lines: Sequence[Row], amount: Decimal) -> dict[str, Any]:
    """What lines tell together; unknown where one of them does not say, or they differ."""
    costs = [row["cost"] for row in lines]
    quantities = [row["quantity"] for row in lines if row["quantity"] is not None]
    return {
        "amount": amount,
        "margin": None if not costs or None in costs else amount - sum(costs, Decimal(0)),
        "units": sum((Decimal(str(each)) for each in quantities), Decimal(0)) if quantities else None,
        "product": _only(row["product_id"] for row in lines),
        "family": _only(row["family_id"] for row in lines),
        "term_months": max(
            (row["term_months"] for row in lines if row["term_months"] is not None), default=None
        ),
    }


def _only(values: Iterable[str | None]) -> str | None:
    """The one value there is; None where there are several, or none."""
    found = {value for value in values if value not in (None, UNASSIGNED)}
    return found.pop() if len(found) == 1 else None
