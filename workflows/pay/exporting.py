"""A closed month for payroll: rows and control totals, as CSV or Excel, always of what was frozen."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from pathlib import Path

from compensation.after.payroll import Payroll, Titles, payroll, to_csv, to_excel
from warehouse.access import Viewer
from warehouse.database import Database
from workflows.pay import rights
from workflows.pay.replay import closed_month

__all__ = ["Payroll", "as_csv", "as_excel", "payroll_of"]


def payroll_of(
    root: Path, database: Database, viewer: Viewer, day: date, *, names: Mapping[str, str] | None = None
) -> Payroll:
    """The export of the closed month that holds a day; ``names`` by key, where payroll wants them.

    Raises:
        AccessDenied: the viewer does not run pay.
        CannotPay: the month is not closed.
    """
    rights.require_run(viewer, "Exporting pay")
    month, _ = closed_month(root, database, day)
    return payroll(month.lines, month.start, names)


def as_csv(found: Payroll, titles: Titles | None = None) -> tuple[bytes, bytes]:
    """Two CSV files: the rows, and the control totals they are checked by."""
    said = titles or Titles()
    return to_csv(found.rows, said.rows), to_csv(found.totals, said.totals)


def as_excel(found: Payroll, titles: Titles | None = None) -> bytes:
    """A workbook with both."""
    return to_excel(found, titles)
