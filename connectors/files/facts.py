"""The day the data stands at, when a mapping does not state it: the last day something happened."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import pyarrow as pa
import pyarrow.compute as pc

_HAPPENED = {
    "opportunities": "close_on",
    "credits": "credited_on",
    "activities": "started_on",
    "opportunity_changes": "changed_on",
    "payouts": "earned_on",
}


@dataclass
class LatestDay:
    """The last day seen on which something had happened, never after ``today``."""

    today: date | None
    seen: date | None = None

    def see(self, table: str, rows: pa.Table) -> None:
        """Look at rows of a canonical table; open deals close in the future and do not count."""
        column = _HAPPENED.get(table)
        if column is None or column not in rows.column_names:
            return
        if table == "opportunities":
            if "is_closed" not in rows.column_names:
                return
            rows = rows.filter(pc.fill_null(rows["is_closed"], False))
        days = rows[column]
        if self.today:
            days = days.filter(pc.less_equal(days, pa.scalar(self.today, pa.date32())))
        last = pc.max(days).as_py()
        if last and (self.seen is None or last > self.seen):
            self.seen = last

    def day(self) -> date | None:
        """The day; today when nothing that happened was seen."""
        return self.seen or self.today
