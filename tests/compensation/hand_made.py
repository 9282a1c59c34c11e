"""Hand-made lines, traces and inputs for what happens after earning."""

from datetime import date
from decimal import Decimal
from fractions import Fraction

import pyarrow as pa

from compensation.inputs import TRANSACTIONS, Inputs, Order
from compensation.paying.payment import pay
from compensation.periods import periods
from compensation.plan.model import Assignment, Component, Pays, Period, Plan
from compensation.run import LINES, TRACE, Run
from warehouse.settings import Settings

YEAR = date(2026, 1, 1)
NEXT = date(2027, 1, 1)


def plan(*, draw=None, hold=None, clawback=None, assignments=(), version=1, **more) -> Plan:
    """A plan with one component, ``commission``."""
    component = Component(
        id="commission",
        name="Commission",
        pays=Pays.RATE,
        measure="bookings",
        period=Period.MONTH,
        rate=Fraction(1, 10),
        hold=hold,
        clawback=clawback,
    )
    settled = {"valid_from": YEAR, "currency": "USD"} | more
    return Plan(
        id="field",
        version=version,
        name="Field",
        components=(component,),
        draw=draw,
        assignments=tuple(assignments),
        **settled,
    )


def on(rep="ana", start=YEAR, **more) -> Assignment:
    """Somebody on the plan."""
    return Assignment(rep=rep, start=start, **more)


def months(first=YEAR, last=NEXT) -> pa.Table:
    """The periods of calendar years."""
    return periods(Settings(), first, date.fromordinal(last.toordinal() - 1))


def sale(name="t1", rep="ana", day=YEAR, amount=1000, deal="", **more) -> dict:
    """A transaction."""
    settled = {
        "transaction_id": name,
        "deal_id": deal or name,
        "rep": rep,
        "kind": "direct",
        "date": day,
        "amount": Decimal(amount),
        "share": Decimal(1),
        "currency": "USD",
    }
    return settled | more


def inputs(*sales, first=YEAR, last=NEXT, **more) -> Inputs:
    """Transactions and calendar years."""
    rows = [dict.fromkeys(TRANSACTIONS.names) | each for each in sales]
    return Inputs(pa.Table.from_pylist(rows, schema=TRANSACTIONS), months(first, last), **more)


def line(
    month=1, amount=0, rep="ana", component="commission", year=2026, currency="USD", version=1, **more
) -> dict:
    """A line of kind earning for one month."""
    start = date(year, month, 1)
    end = date(year + month // 12, month % 12 + 1, 1)
    settled = {
        "line_id": f"{rep}|{component}|{start}|{version}",
        "rep": rep,
        "plan_id": "field",
        "plan_version": version,
        "component_id": component,
        "period_start": start,
        "period_end": end,
        "pay_start": start,
        "earned_on": date.fromordinal(end.toordinal() - 1),
        "kind": "earning",
        "amount": Decimal(str(amount)),
        "currency": currency,
        "credited": Decimal(0),
    }
    return dict.fromkeys(LINES.names) | settled | more


def part(of: dict, of_sale: dict, earned, **more) -> dict:
    """One transaction's part of a line."""
    settled = {
        "line_id": of["line_id"],
        "transaction_id": of_sale["transaction_id"],
        "deal_id": of_sale["deal_id"],
        "credited_rep": of_sale["rep"],
        "rule": "direct",
        "date": of_sale["date"],
        "amount": of_sale["amount"],
        "share": 1.0,
        "credited": of_sale["amount"],
        "earned": Decimal(str(earned)),
    }
    return dict.fromkeys(TRACE.names) | settled | more


def lines_of(rows) -> pa.Table:
    """Lines as a table."""
    return pa.Table.from_pylist(list(rows), schema=LINES)


def trace_of(rows) -> pa.Table:
    """A trace as a table."""
    return pa.Table.from_pylist(list(rows), schema=TRACE)


def paid(on_plan, lines, parts=(), given=None, start=YEAR, end=NEXT, as_of=NEXT) -> Run:
    """What ``pay`` makes of lines and parts."""
    plans = on_plan if isinstance(on_plan, tuple) else (on_plan,)
    order = Order(plans, start, end, as_of)
    return pay(on_plan, lines_of(lines), trace_of(parts), given or inputs(), order)


def by_month(run: Run, *kinds, rep="ana") -> dict[int, Decimal]:
    """Amounts by month, of some kinds or of all that is paid."""
    found: dict[int, Decimal] = {}
    for row in run.lines.to_pylist():
        wanted = row["kind"] in kinds if kinds else row["kind"] != "held"
        if wanted and row["rep"] == rep:
            month = row["pay_start"].month
            found[month] = found.get(month, Decimal(0)) + row["amount"]
    return {month: amount for month, amount in sorted(found.items()) if amount}


def balances(run: Run, column="draw_balance", rep="ana") -> dict[int, Decimal]:
    """A balance at each month's end, where there is one."""
    rows = [row for row in run.balances.to_pylist() if row["rep"] == rep and row[column]]
    return {row["month_start"].month: row[column] for row in rows}
