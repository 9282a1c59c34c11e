"""The same answers with pandas, its tables in memory: what the metric layer is measured against.

Loaded the way pandas likes it best: straight from Arrow, money as float64 (so only near the cent) and days
as datetime64. Loading is not timed; a question then filters, merges and sums.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from benchmarks.questions import Question
from warehouse.engine import Session

ONE_QUESTION = {
    "credits": ["rep_id", "credited_on", "measure", "in_bookings", "is_deleted", "amount_reporting"],
    "quota_months": ["rep_id", "month_start", "measure", "scope", "is_deleted", "amount_reporting"],
    "days": ["date", "quarter"],
}
"""The columns attainment by rep and quarter needs."""

Frames = dict[str, pd.DataFrame]


def frames(session: Session, *, whole: bool) -> Frames:
    """The tables in memory: ``whole``, ready for any question, or just the columns of one question."""
    return {
        table: _frame(session, table, None if whole else columns) for table, columns in ONE_QUESTION.items()
    }


def _frame(session: Session, table: str, columns: Sequence[str] | None) -> pd.DataFrame:
    files = [session.root / part.path for part in session.version.tables[table]]
    parts = [_plain(pq.read_table(file, columns=columns)).to_pandas(date_as_object=False) for file in files]
    return pd.concat(parts, ignore_index=True)


def _plain(table: pa.Table) -> pa.Table:
    kinds = [pa.float64() if pa.types.is_decimal(field.type) else field.type for field in table.schema]
    return table.cast(pa.schema(list(zip(table.column_names, kinds, strict=True))))


ANSWERED = {"by_rep": ["rep_id", "quarter"], "by_team": ["team_id", "quarter"], "total": []}
"""Questions answered with pandas too, and the columns they group by."""


def answerer(question: Question, session: Session, held: Frames) -> Callable[[], pd.DataFrame]:
    """Something that answers the question from the frames."""
    view, target = question.view(session), session.settings.default_measure
    start, end, as_of = (pd.Timestamp(day) for day in (view.start, view.end, view.as_of))
    keys, measure = ANSWERED[question.name], session.settings.measures[target].credits

    def answer() -> pd.DataFrame:
        c, q = held["credits"], held["quota_months"]
        c = c[c.in_bookings & ~c.is_deleted & (c.measure == measure) & _in(c.credited_on, start, end)]
        c = c[c.credited_on <= as_of]
        q = q[(q.scope == "rep") & ~q.is_deleted & (q.measure == target) & _in(q.month_start, start, end)]
        return _beside(_sums(c, "credited_on", keys, held), _sums(q, "month_start", keys, held), keys)

    return answer


def _in(day: pd.Series[Any], start: pd.Timestamp, end: pd.Timestamp) -> pd.Series[bool]:
    return (day >= start) & (day < end)


def _sums(rows: pd.DataFrame, day: str, keys: list[str], held: Frames) -> Any:
    if not keys:
        return pd.Series([rows.amount_reporting.sum()])
    dated = rows.merge(held["days"][["date", "quarter"]], left_on=day, right_on="date", how="left")
    return dated.groupby(keys).amount_reporting.sum()


def _beside(tops: Any, bottoms: Any, keys: list[str]) -> pd.DataFrame:
    both = pd.concat([tops.rename("top"), bottoms.rename("bottom")], axis=1)
    both["value"] = both["top"].where(both["bottom"].isna(), both["top"].fillna(0)) / both["bottom"]
    return both.reset_index() if keys else both


def far_apart(question: Question, ours: pa.Table, theirs: pd.DataFrame) -> list[str]:
    """Rows on which the two differ by more than floats explain."""
    keys = ANSWERED[question.name]
    other = {tuple(row[key] for key in keys): row["value"] for row in theirs.to_dict("records")}
    one = {tuple(row[key] for key in question.by): row[question.metric] for row in ours.to_pylist()}
    missing = [f"{key}: only on one side" for key in one.keys() ^ other.keys()]
    return missing + [f"{key}" for key in one.keys() & other.keys() if not _near(one[key], other[key])]


def _near(one: float | None, other: float) -> bool:
    return bool(pd.isna(other)) if one is None else abs(one - other) <= 1e-6 * max(1.0, abs(one))
