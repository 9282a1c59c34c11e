"""Plans as text and deals as rows, calculated by the real engine."""

from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal

from compensation.calculate import calculate
from compensation.files.rows import transactions
from compensation.inputs import Inputs, Order
from compensation.periods import periods, settings_of
from compensation.plan.model import Plan
from compensation.plan.reading import read
from compensation.run import Run

HEAD = """
plan = "published"
name = "Published case"
version = 1
valid_from = 2026-01-01
currency = "USD"
"""
MEASURE = """
[measures.bookings]
of = "amount"
"""


def plan_of(body: str, head: str = HEAD) -> Plan:
    """A plan read from text; the text has to be without problems."""
    plan, problems = read(head + body + MEASURE)
    assert not problems, problems
    assert plan is not None
    return plan


def run_of(
    plan: Plan, deals: Iterable[Mapping[str, object]], start=date(2026, 1, 1), end=date(2027, 1, 1)
) -> Run:
    """The pay of deals given as a file's rows; one person, "ana", unless a row says who."""
    return run_with_inputs(plan, deals, start, end)[0]


def run_with_inputs(plan, deals, start=date(2026, 1, 1), end=date(2027, 1, 1)) -> tuple[Run, Inputs]:
    """The pay of deals, and what it was reckoned from."""
    rows = [{"rep": "ana"} | {name: str(value) for name, value in deal.items()} for deal in deals]
    until = {each.hold.until for each in plan.components if each.hold} | {"paid"}
    table, problems = transactions(rows, "deals.csv", "USD", until=until)
    assert not problems, problems
    given = Inputs(table, periods(settings_of(plan.policy), start, date.fromordinal(end.toordinal() - 1)))
    run = calculate(Order((plan,), start, end, date.fromordinal(end.toordinal() - 1)), given)
    assert not run.problems, run.problems
    return run, given


def deal(month: int, amount: object, name: str = "", day: int = 10, **more: object) -> dict[str, object]:
    """A deal of a month of 2026."""
    return {"id": name or f"d{month}-{day}-{amount}", "date": date(2026, month, day), "amount": amount} | more


def pay_by_month(run: Run, *kinds: str, rep: str = "ana", component: str = "") -> dict[int, Decimal]:
    """What is paid by month, of some kinds or of all but what is held; months of 0 left out."""
    found: dict[int, Decimal] = {}
    for row in run.lines.to_pylist():
        wanted = row["kind"] in kinds if kinds else row["kind"] != "held"
        if wanted and row["rep"] == rep and component in ("", row["component_id"]):
            found[row["pay_start"].month] = found.get(row["pay_start"].month, Decimal(0)) + row["amount"]
    return {month: amount for month, amount in sorted(found.items()) if amount}


def owed_by_month(run: Run) -> dict[int, Decimal]:
    """The draw's balance at each month's end, where there is one."""
    return {
        row["month_start"].month: row["draw_balance"]
        for row in run.balances.to_pylist()
        if row["draw_balance"]
    }
