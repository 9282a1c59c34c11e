"""“If these open deals close, I earn …”: a person's open deals, and what the plans in force would pay for them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

import ibis
import ibis.expr.types as ir
import pyarrow as pa

from compensation.calculate import calculate
from compensation.inputs import TRANSACTIONS, Order
from compensation.plan.model import Basis, Component, Pays, Plan
from compensation.what_if.estimate import Estimate, estimate
from metrics.periods import calendar_of
from warehouse.access import AccessDenied, Tables, Viewer
from warehouse.engine import Session, token
from workflows.pay.inputs import inputs, tells_products_apart
from workflows.pay.personal import days_of
from workflows.pay.run import plans_in_force

_REP = token("pay_rep")


@dataclass(frozen=True)
class OpenDeal:
    """A deal that may still close; ``parts`` are the transactions it would be."""

    deal_id: str
    name: str
    account: str
    owner: str
    amount: Decimal
    currency: str
    close_on: date  # as expected, and no earlier than the day the data stands at
    overdue: bool  # the day it was expected on has passed
    probability: float | None
    category: str
    parts: tuple[Mapping[str, Any], ...]


@dataclass(frozen=True)
class Outlook:
    """What a person's open deals would pay; ``edges`` by component, in the basis of its terms."""

    estimate: Estimate
    plans: tuple[Plan, ...]

    def component(self, name: str) -> Component | None:
        """The component of a plan in force."""
        return next((part for plan in self.plans for part in plan.components if part.id == name), None)

    def edges(self, name: str) -> tuple[float, ...]:
        """Attainments at which a component's tiers or curve change; empty where nothing depends on attainment."""
        part = self.component(name)
        if part is None or part.pays is Pays.OBJECTIVE:
            return ()
        points = [point.at for point in part.curve.points] if part.curve else []
        tiers = [tier.start for tier in part.tiers] if part.basis is Basis.ATTAINMENT else []
        return tuple(float(edge) for edge in sorted({*points, *tiers}) if edge > 0)


def open_deals(session: Session, viewer: Viewer, rep: str) -> tuple[list[OpenDeal], int]:
    """Deals of a person and of those below them that may still close, the soonest first; and how many have no amount.

    Raises:
        AccessDenied: the viewer may not see this person's pay today.
    """
    eyes = _eyes(session, viewer, rep)
    tables = Tables(eyes, session, session.version.as_of)
    rows = tables.run(_deals(tables)).to_pylist()
    priced = [row for row in rows if row["amount"]]
    lines, splits = _lines(tables), _splits(tables)
    deals = [
        _deal(row, lines.get(row["deal_id"], []), splits.get(row["deal_id"], {}), session) for row in priced
    ]
    return sorted(deals, key=lambda deal: (deal.close_on, deal.deal_id)), len(rows) - len(priced)


def outlook(session: Session, viewer: Viewer, rep: str, deals: Sequence[OpenDeal]) -> Outlook:
    """What the person earns more if these deals close as they stand.

    Raises:
        AccessDenied: the viewer may not see this person's pay today.
    """
    eyes = _eyes(session, viewer, rep)
    as_of, calendar = session.version.as_of, calendar_of(session)
    plans = plans_in_force(session, eyes)[0]
    last = max([as_of, *(deal.close_on for deal in deals)])
    end = calendar.of("year", last).end
    start = calendar.of("month", as_of).start
    apart = tells_products_apart(plans)
    given = inputs(session, eyes, start, end, (rep,), by_line=apart)
    order = Order(plans, start, calendar.of("month", last).end, as_of)
    return Outlook(estimate(order, given, _transactions(deals, by_line=apart), rep, calculate), plans)


def _eyes(session: Session, viewer: Viewer, rep: str) -> Viewer:
    """The person's own eyes, for somebody who may see their pay of today."""
    days, today = days_of(session, viewer, rep), session.version.as_of
    if days is not None and not any(first <= today < after for first, after in days):
        raise AccessDenied("What open deals would pay is shown for people who are yours today.")
    return Viewer(rep, frozenset({"rep"}))


def _deals(tables: Tables) -> ir.Table:
    rows = tables.table("opportunities")
    rows = rows.filter(~rows.is_closed)
    accounts = tables.lookup("accounts").select("account_id", account_name="name")
    places = tables.lookup("territories").select("territory_id", "region_id").distinct(on="territory_id")
    rows = rows.left_join(accounts, "account_id").left_join(places, "territory_id")
    return rows.select(
        deal_id=rows.opportunity_id,
        name=rows.name,
        account=rows.account_id,
        account_name=rows.account_name,
        owner=rows.owner_id,
        amount=rows.amount,
        currency=ibis.coalesce(rows.currency, tables.session.settings.currency),
        expected_on=rows.close_on,
        probability=rows.probability.cast("float64"),
        category=ibis.coalesce(rows.forecast_category, ""),
        type=rows.type,
        region=rows.region_id,
        team=rows.team_id,
    )


def _lines(tables: Tables) -> dict[str, list[dict[str, Any]]]:
    """Lines of open deals: product, family, amount, margin where the cost is known, units and term."""
    deals = tables.table("opportunities")
    deals = deals.filter(~deals.is_closed)
    rows = tables.table("opportunity_lines")
    rows = rows.semi_join(deals, "opportunity_id")
    products = tables.lookup("products").select("product_id", "family_id")
    rows = rows.left_join(products, "product_id")
    rows = rows.select(
        "line_id", deal_id=rows.opportunity_id, product=rows.product_id, family=rows.family_id, amount=rows.amount,
        cost=rows.cost, units=rows.quantity, term_months=rows.term_months,
    )  # fmt: skip
    found: defaultdict[str, list[dict[str, Any]]] = defaultdict(list)
    for row in tables.run(rows).to_pylist():
        found[row["deal_id"]].append(row)
    return dict(found)


def _splits(tables: Tables) -> dict[str, dict[tuple[str, str], Decimal]]:
    """Shares of open deals that are shared out already, by deal, then by person and kind."""
    rows = tables.table("opportunity_splits").select("opportunity_id", "rep_id", "kind", "share")
    found: defaultdict[str, dict[tuple[str, str], Decimal]] = defaultdict(dict)
    for row in tables.run(rows).to_pylist():
        kind = "overlay" if row["kind"] == "overlay" else "split"
        found[row["opportunity_id"]][row["rep_id"], kind] = row["share"]
    return dict(found)


def _deal(
    row: Mapping[str, Any],
    lines: Sequence[Mapping[str, Any]],
    splits: Mapping[tuple[str, str], Decimal],
    session: Session,
) -> OpenDeal:
    today = session.version.as_of
    expected = row["expected_on"] or today
    day = max(expected, today)
    shares = {who: share for who, share in splits.items() if share}
    if not any(kind == "split" for _, kind in shares):
        shares[row["owner"], "direct"] = Decimal(1)
    whole = _whole(row, lines) | {"date": day, "measure": session.settings.default_measure}
    parts = [whole | {"rep": who, "kind": kind, "share": share} for (who, kind), share in shares.items()]
    return OpenDeal(
        row["deal_id"], row["name"] or "", row["account_name"] or "", row["owner"], row["amount"], row["currency"],
        day, expected < today, row["probability"], row["category"], tuple(parts),
    )  # fmt: skip


def _whole(row: Mapping[str, Any], lines: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """The deal as one transaction, with what its lines say of it."""
    costs = [line["cost"] for line in lines]
    families = {line["family"] for line in lines if line["family"]}
    products = {line["product"] for line in lines if line["product"]}
    terms = [line["term_months"] for line in lines if line["term_months"]]
    known = lines and all(cost is not None for cost in costs)
    return {
        "transaction_id": row["deal_id"],
        "deal_id": row["deal_id"],
        "amount": row["amount"],
        "currency": row["currency"],
        "margin": row["amount"] - sum(costs, Decimal(0)) if known else None,
        "units": sum((Decimal(str(line["units"] or 0)) for line in lines), Decimal(0)) if lines else None,
        "product": products.pop() if len(products) == 1 else None,
        "family": next(iter(families)) if len(families) == 1 else None,
        "families": len(families) or None,
        "type": row["type"],
        "account": row["account"],
        "region": row["region"],
        "team": row["team"],
        "term_months": max(terms, default=None),
        "lines": lines,
    }


def _transactions(deals: Sequence[OpenDeal], *, by_line: bool) -> pa.Table:
    rows = [made for deal in deals for part in deal.parts for made in (_by_line(part) if by_line else [part])]
    names = [*(each.name for each in TRANSACTIONS), "measure"]
    schema = pa.schema([*TRANSACTIONS, pa.field("measure", pa.string())])
    return pa.Table.from_pylist([{name: row.get(name) for name in names} for row in rows], schema=schema)


def _by_line(part: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """A transaction for each line, where the lines add up to the deal."""
    lines = part["lines"]
    if not lines or sum((line["amount"] or 0 for line in lines), Decimal(0)) != part["amount"]:
        return [part]
    return [
        {
            **part,
            "transaction_id": line["line_id"],
            "amount": line["amount"],
            "product": line["product"],
            "family": line["family"],
            "units": line["units"],
            "term_months": line["term_months"],
            "margin": None if line["cost"] is None else line["amount"] - line["cost"],
        }
        for line in lines
    ]
