"""Transactions: each deal (or line of it) as one person is credited with it.

What a person is credited with is the warehouse's word: deals are shared out to the cent when they are
loaded. ``workflows.pay.wholes`` says it as a share of a whole.
"""

from __future__ import annotations

from decimal import Decimal

import ibis
import ibis.expr.types as ir
import pyarrow as pa
import pyarrow.compute as pc

from compensation.inputs import SHARE, TRANSACTIONS
from warehouse.access import UNASSIGNED
from workflows.pay.asking import FROM, UNTIL, Asking, typed
from workflows.pay.wholes import exact

FURTHER = tuple(pa.field(name, pa.string()) for name in ("measure", "pipeline", "segment", "industry"))
"""Columns of transactions beyond the calculation's own; a plan's conditions can name them."""

EVENTS = {"paid_on": "released_on", "cancelled_on": "cancelled_on"}
"""Fields of ``opportunity_changes`` that say what happened to a deal after it was won, and our columns."""

SCHEMA = pa.schema([*TRANSACTIONS, *FURTHER])
_MONEY = "decimal(18, 4)"
_GROUP = ["transaction_id", "deal_id", "item", "rep", "kind", "component"]


def transactions(asking: Asking, *, by_line: bool) -> pa.Table:
    """Rows of ``SCHEMA``, credited on the days asked for.

    What nobody knows is NULL: margin without the cost of every line, family on deals with several.
    """
    name = "lines" if by_line else "deals"
    return _made(
        asking.run(name, lambda: _described(asking, _credits(asking, by_line=by_line), by_line=by_line))
    )


def _credits(asking: Asking, *, by_line: bool) -> ir.Table:
    """What each person is credited with: inferred credits a deal (or line), recorded ones each by itself."""
    rows = asking.tables.when_theirs("credits")
    rows = rows.filter(rows.credited_on >= FROM, rows.credited_on < UNTIL)
    rows = asking.of_payees_and_below(rows, "credited_on")
    item = "line_id" if by_line else "opportunity_id"
    inferred = (rows.basis == "inferred") & (rows[item] != UNASSIGNED)
    return _summed(
        asking,
        rows.mutate(
            rep=rows.rep_id,
            item=rows[item].nullif(UNASSIGNED),
            deal_id=(rows.opportunity_id == UNASSIGNED).ifelse(rows.credit_id, rows.opportunity_id),
            transaction_id=inferred.ifelse(rows[item], rows.credit_id),
            kind=rows.kind.isin(["split", "overlay", "objective"]).ifelse(rows.kind, "direct"),
            component=rows.component_id.nullif(UNASSIGNED),
            currency=ibis.coalesce(rows.currency, asking.currency),
        ),
    )


def _summed(asking: Asking, rows: ir.Table) -> ir.Table:
    families = asking.tables.lookup("products").select("product_id", "family_id")
    rows = rows.left_join(families, "product_id")
    rows = rows.mutate(family=rows.family_id.nullif(UNASSIGNED), product=rows.product_id.nullif(UNASSIGNED))
    return rows.group_by(_GROUP).agg(
        date=rows.credited_on.min(),
        credited=rows.amount.sum(),
        credited_share=rows.share.max(),
        currency=rows.currency.min(),
        product=_only(rows.product),
        family=_only(rows.family),
        own_families=rows.family.nunique(),
        measure=rows.measure.min(),
        account=rows.account_id.min(),
        territory=rows.territory_id.min(),
        team=rows.team_id.nullif(UNASSIGNED).min(),
    )


def _only(column: ir.StringColumn) -> ir.StringScalar:
    """The one value of a group; NULL where there are several."""
    return (column.nunique() == 1).ifelse(column.min(), ibis.null("string"))


def _items(asking: Asking, key: str) -> ir.Table:
    """What is on each deal or line: its amount, cost where every line has one, quantity and term."""
    rows = asking.tables.credited("opportunity_lines")
    return rows.group_by(item=rows[key]).agg(
        line_amount=rows.amount.sum(),
        line_currency=_only(_code(asking, rows.currency)),
        cost=(rows.cost.count() == rows.count()).ifelse(rows.cost.sum(), ibis.null("decimal(38, 4)")),
        units=rows.quantity.try_cast(_MONEY).sum(),
        term_months=rows.term_months.max(),
    )


def _families(asking: Asking) -> ir.Table:
    """How many product families are on each deal."""
    rows = asking.tables.credited("opportunity_lines").select("opportunity_id", "product_id")
    rows = rows.join(asking.tables.lookup("products").select("product_id", "family_id"), "product_id")
    rows = rows.filter(rows.family_id != UNASSIGNED)
    return rows.group_by(deal_id=rows.opportunity_id).agg(families=rows.family_id.nunique())


def _events(asking: Asking) -> ir.Table:
    """When each deal was paid for and cancelled, as the last change of such a field says.

    The day is the field's new value, or that of the change where the value is no day; an empty value takes
    the event back.
    """
    rows = asking.tables.credited("opportunity_changes")
    rows = rows.filter(rows.field.isin(list(EVENTS)))
    text = rows.new_value.nullif("")
    day = text.notnull().ifelse(ibis.coalesce(text.try_cast("date"), rows.changed_on), ibis.null("date"))
    latest = [column.desc() for column in (rows.changed_on, rows.changed_at, rows.change_id)]
    last = ibis.row_number().over(group_by=["opportunity_id", "field"], order_by=latest)
    rows = rows.mutate(day=day, place=last)
    rows = rows.filter(rows.place == 0)
    return rows.group_by(deal_id=rows.opportunity_id).agg(
        **{name: rows.day.max(where=rows.field == field) for field, name in EVENTS.items()}
    )


def _described(asking: Asking, credited: ir.Table, *, by_line: bool) -> ir.Table:
    """Credits with what is known of their deals, lines, accounts and territories."""
    rows = (
        _placed(asking, credited)
        .left_join(_deals(asking), "deal_id")
        .left_join(_items(asking, "line_id" if by_line else "opportunity_id"), "item")
        .left_join(_families(asking), "deal_id")
        .left_join(_events(asking), "deal_id")
    )
    whole = ibis.coalesce(rows.line_amount, rows.deal_amount) if by_line else rows.deal_amount
    same, priced = rows.deal_currency == rows.currency, rows.line_currency == rows.currency
    return rows.select(
        *("transaction_id", "deal_id", "rep", "kind", "date", "credited", "currency", "units", "component"),
        *("product", "family", "type", "team", "term_months", "measure", "segment", "industry"),
        *EVENTS.values(),
        whole=same.ifelse(whole, ibis.null(_MONEY)),
        share=ibis.coalesce(rows.credited_share, ibis.literal(1).cast("decimal(9, 6)")),
        margin=(same & priced).ifelse(whole - rows.cost, ibis.null("decimal(38, 4)")),
        account=rows.account.nullif(UNASSIGNED),
        region=rows.region_id.nullif(UNASSIGNED),
        families=ibis.coalesce(rows.families, rows.own_families),
        pipeline=rows.pipeline_id.nullif(UNASSIGNED),
    )


def _deals(asking: Asking) -> ir.Table:
    """The deals behind the credits."""
    rows = asking.tables.credited("opportunities")
    return rows.select(
        "type",
        "pipeline_id",
        deal_id=rows.opportunity_id,
        deal_amount=rows.amount,
        deal_currency=_code(asking, rows.currency),
    )


def _placed(asking: Asking, rows: ir.Table) -> ir.Table:
    """With the region of the territory on that day, and the account's segment and industry."""
    places = asking.tables.lookup("territories").select("territory_id", "region_id", "valid_from", "valid_to")
    accounts = asking.tables.lookup("accounts").select("account_id", "segment", "industry")
    there = [
        rows.territory == places.territory_id,
        places.valid_from <= rows.date,
        places.valid_to > rows.date,
    ]
    return rows.left_join(places, there).left_join(accounts, rows.account == accounts.account_id)


def _code(asking: Asking, currency: ir.StringColumn) -> ir.StringColumn:
    """A currency's code as credits have it, in capitals; the reporting currency where there is none."""
    return ibis.coalesce(currency.strip().upper().nullif(""), asking.currency)


def _made(found: pa.Table) -> pa.Table:
    """The rows in their declared columns; an objective's share is its score."""
    objective = pc.equal(found["kind"], "objective")
    score = pc.if_else(objective, found["share"].cast(SHARE), pa.scalar(None, SHARE))
    found = found.set_column(
        found.column_names.index("share"),
        "share",
        pc.if_else(objective, pa.scalar(Decimal(1), SHARE), found["share"].cast(SHARE)),
    )
    columns = {name: found[name] for name in found.column_names} | exact(found) | {"score": score}
    return typed(pa.table(columns), SCHEMA)
