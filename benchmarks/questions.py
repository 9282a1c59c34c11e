"""The questions of the metrics benchmark: asked of the metric layer, and as SQL written by hand.

``queries/NAME.sql`` answers the question NAME with the columns keys, top, bottom, value.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path
from string import Template
from typing import Any

import duckdb
import pyarrow as pa

from connectors.demo import DEMO_VIEWERS
from metrics.ask import ask
from metrics.attainment import credited
from metrics.base import asking
from metrics.catalogue import METRICS
from metrics.linearity import usual_share
from metrics.periods import calendar_of
from metrics.view import View
from warehouse.access import OWNER, Viewer
from warehouse.engine import Session

QUERIES = Path(__file__).parent / "queries"
MANAGER = next(Viewer(v.key, frozenset({v.role})) for v in DEMO_VIEWERS if v.role == "manager")


@dataclass(frozen=True)
class Question:
    """One question of a metric; ``period`` is all years up to today, or the quarter in progress."""

    name: str
    metric: str
    by: tuple[str, ...]
    viewer: Viewer = OWNER
    period: str = "all"

    def view(self, session: Session) -> View:
        """The view it is asked with."""
        calendar, today = calendar_of(session), session.version.as_of
        if self.period == "quarter":
            quarter = calendar.of("quarter", today)
            return View(quarter.start, quarter.end, today)
        years = [year for year in calendar.all("year") if year.start <= today]
        return View(years[0].start, years[-1].end, today)

    def ask(self, session: Session) -> pa.Table:
        """The metric layer's answer."""
        metric = METRICS[self.metric]
        return ask(metric, self.by, view=self.view(session), session=session, viewer=self.viewer)

    def sql(self, session: Session) -> str:
        """The hand-written query with its values filled in."""
        text = Template((QUERIES / f"{self.name}.sql").read_text(encoding="utf-8"))
        return text.substitute({name: _literal(value) for name, value in self._values(session).items()})

    def _values(self, session: Session) -> dict[str, object]:
        view, target = self.view(session), session.settings.default_measure
        measure = session.settings.measures[target].credits
        values: dict[str, object] = {"start": view.start, "end": view.end, "as_of": view.as_of}
        values |= {"target": target, "measure": measure, "viewer": self.viewer.key}
        return values | (_usual(session, view, self) if self.period == "quarter" else {})


QUESTIONS = (
    Question("by_rep", "quota_attainment", ("rep", "quarter")),
    Question("by_team", "quota_attainment", ("team", "quarter")),
    Question("by_manager", "quota_attainment", ("manager", "quarter")),
    Question("by_region", "quota_attainment", ("region", "quarter")),
    Question("total", "quota_attainment", ()),
    Question("below_a_manager", "quota_attainment", ("rep", "quarter"), viewer=MANAGER),
    Question("run_rate", "run_rate_attainment", ("rep",), period="quarter"),
)


def _usual(session: Session, view: View, question: Question) -> dict[str, object]:
    share = usual_share(credited, asking(view, session, question.viewer, question.by)).share
    return {"today_start": view.start, "today_end": view.end, "share": share}


def _literal(value: object) -> str:
    if isinstance(value, date):
        return f"DATE '{value.isoformat()}'"
    if isinstance(value, Decimal):
        return str(value)
    return "'" + str(value).replace("'", "''") + "'"


def by_hand(session: Session) -> Callable[[str], pa.Table]:
    """A DuckDB of one's own over the same parts, with the settings of the engine's: SQL in, Arrow out."""
    connection = duckdb.connect()
    connection.execute("SET allowed_directories = [?]", [f"{session.root}/"])
    connection.execute("SET enable_external_access = false")
    connection.execute("SET parquet_metadata_cache = true")
    for table, parts in session.version.tables.items():
        files = [str(session.root / part.path) for part in parts]
        if files:
            connection.execute(f'CREATE VIEW "{table}" AS SELECT * FROM read_parquet({files})')

    def run(sql: str) -> pa.Table:
        cursor = connection.cursor()
        try:
            return cursor.sql(sql).to_arrow_table()
        finally:
            cursor.close()

    return run


def differences(question: Question, ours: pa.Table, theirs: pa.Table) -> list[str]:
    """Rows on which two answers differ: money by any cent, ratios by more than 1e-9."""
    one, other = (_rows(question, table) for table in (ours, theirs))
    missing = [f"{key}: only on one side" for key in one.keys() ^ other.keys()]
    return missing + [
        f"{key}: {one[key]} ≠ {other[key]}"
        for key in one.keys() & other.keys()
        if not _same(one[key], other[key])
    ]


def _rows(question: Question, table: pa.Table) -> dict[tuple[Any, ...], tuple[Any, ...]]:
    value = question.metric if question.metric in table.column_names else "value"
    return {
        tuple(row[key] for key in question.by): (row["top"], row["bottom"], row[value])
        for row in table.to_pylist()
    }


def _same(one: tuple[Any, ...], other: tuple[Any, ...]) -> bool:
    if one[:2] != other[:2] or (one[2] is None) != (other[2] is None):
        return False
    return one[2] is None or abs(one[2] - other[2]) <= 1e-9
