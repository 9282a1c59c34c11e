"""Pay as computed here against pay as another source sent it, line by line and in total."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path

import ibis.expr.types as ir
import pyarrow as pa

from compensation.after.reconcile import Reconciliation
from compensation.after.reconcile import reconcile as compared
from compensation.problems import problem
from compensation.run import LINES
from warehouse.access import Tables, Viewer
from warehouse.database import Database
from warehouse.engine import Session, token
from workflows.pay import rights
from workflows.pay.evidence import closed_months
from workflows.pay.problems import CannotPay
from workflows.pay.publishing import NAME
from workflows.pay.run import run

_FROM, _UNTIL = token("pay_from", "date"), token("pay_until", "date")
_COLUMNS = ("rep_id", "component_id", "period_start", "amount", "currency", "kind")
TOTALS = pa.schema(
    [
        pa.field("source", pa.string(), nullable=False),
        pa.field("currency", pa.string(), nullable=False),
        pa.field("kind", pa.string(), nullable=False),
        pa.field("payouts", pa.int64(), nullable=False),
        pa.field("people", pa.int64(), nullable=False),
        pa.field("amount", pa.decimal128(38, 4), nullable=False),
    ]
)


@dataclass(frozen=True)
class Comparison:
    """How the two compare; ``imported`` are the control totals of what was sent (``TOTALS``)."""

    found: Reconciliation
    imported: pa.Table


def reconcile(
    root: Path,
    database: Database,
    session: Session,
    viewer: Viewer,
    start: date,
    end: date,
    *,
    tolerance: Decimal = Decimal(0),
) -> Comparison:
    """Compare the months from ``start`` until before ``end``: closed ones as frozen, others as computed now.

    Payouts of other sources belong to the month they were earned in. Raises AccessDenied when the viewer does
    not run pay, CannotPay when something could not be computed or nobody else sent a payout.
    """
    rights.require_run(viewer, "Comparing pay")
    recorded = _recorded(session, viewer, start, end)
    if not len(recorded):
        raise CannotPay(
            [problem("nothing_to_compare", month=f"{start} to {date.fromordinal(end.toordinal() - 1)}")]
        )
    lines = _modelled(root, database, session, viewer, start, end)
    found = compared(lines, recorded, tolerance=tolerance)
    return Comparison(found, control_totals(session, viewer, start, end))


def control_totals(session: Session, viewer: Viewer, start: date, end: date) -> pa.Table:
    """What other sources sent for these months, counted and added up: rows of ``TOTALS``, sorted.

    Compare them with the totals the other system states of its export.
    """
    rights.require_all(viewer, "The total of all payouts")
    tables = Tables(viewer, session, session.version.as_of)
    rows = _payouts(tables)
    keys = ["source_system", "currency", "kind"]
    found = rows.group_by(keys).agg(
        payouts=rows.count(), people=rows.rep_id.nunique(), amount=rows.amount.sum()
    )
    answer = session.run(found, tables.values | _days(start, end)).sort_by(
        [(key, "ascending") for key in keys]
    )
    return answer.rename_columns(["source", *answer.column_names[1:]]).cast(TOTALS)


def _recorded(session: Session, viewer: Viewer, start: date, end: date) -> pa.Table:
    tables = Tables(viewer, session, session.version.as_of)
    return session.run(_payouts(tables).select(*_COLUMNS), tables.values | _days(start, end))


def _payouts(tables: Tables) -> ir.Table:
    """Payouts of other sources that were earned on the days asked for."""
    rows = tables.table("payouts")
    within = [rows.earned_on >= _FROM, rows.earned_on < _UNTIL]
    return rows.filter(rows.source_system != NAME, *within)


def _days(start: date, end: date) -> dict[str, object]:
    return {"pay_from": start, "pay_until": end}


def _modelled(
    root: Path, database: Database, session: Session, viewer: Viewer, start: date, end: date
) -> pa.Table:
    """Lines of the months: frozen where they are closed, computed where they are open."""
    closed = [month for month in closed_months(root, database) if start <= month.start and month.end <= end]
    tables = [LINES.empty_table(), *(month.lines for month in closed)]
    for first, until in _open(start, end, [(month.start, month.end) for month in closed]):
        computed = run(session, viewer, first, until)
        if computed.problems:
            raise CannotPay(computed.problems)
        tables.append(computed.lines)
    return pa.concat_tables(tables)


def _open(start: date, end: date, closed: list[tuple[date, date]]) -> list[tuple[date, date]]:
    """What is left of the days from ``start`` until before ``end`` beside the closed months."""
    if not closed:
        return [(start, end)]
    found = [(start, closed[0][0]), (closed[-1][1], end)]
    return [(first, until) for first, until in found if first < until]
