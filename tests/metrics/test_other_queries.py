"""Hand-written queries for the metrics that are not asked by rep and quarter."""

from __future__ import annotations

import statistics

import duckdb
import pytest

from metrics.ask import ask
from metrics.catalogue import METRICS
from metrics.periods import calendar_of
from metrics.view import View
from warehouse.access import OWNER
from warehouse.engine import Session
from warehouse.tables import TABLES


def last_finished(session: Session) -> View:
    as_of = session.version.as_of
    period = [p for p in calendar_of(session).all("quarter") if p.end <= as_of][-1]
    return View(period.start, period.end, as_of)


def plain(session: Session) -> duckdb.DuckDBPyConnection:
    connection = duckdb.connect()
    for table in TABLES:
        files = [str(session.root / part.path) for part in session.version.tables.get(table, ())]
        if files:
            connection.execute(f'CREATE VIEW "{table}" AS SELECT * FROM read_parquet({files})')
    return connection


def test_over_assignment(checked: Session) -> None:
    view = last_finished(checked)
    found = ask(METRICS["over_assignment"], ["manager"], view=view, session=checked, viewer=OWNER)
    sql = """
    WITH q AS (SELECT * FROM quota_months WHERE month_start >= $start AND month_start < $end
               AND measure = (SELECT measure FROM measures WHERE is_default)),
    below AS (SELECT v.viewer_id AS manager, sum(q.amount_reporting) AS amount FROM q JOIN visibility v
              ON v.rep_id = q.rep_id AND q.month_start >= v.valid_from AND q.month_start < v.valid_to
              WHERE q.scope = 'rep' AND v.reason IN ('self', 'reports') GROUP BY ALL),
    own AS (SELECT rep_id AS manager, sum(amount_reporting) AS amount FROM q WHERE scope = 'team' GROUP BY ALL)
    SELECT own.manager, below.amount, own.amount FROM own LEFT JOIN below USING (manager) ORDER BY 1"""
    expected = plain(checked).execute(sql, {"start": view.start, "end": view.end}).fetchall()
    assert [(r["manager"], r["top"], r["bottom"]) for r in found.to_pylist()] == expected


def test_headcount(checked: Session) -> None:
    view = last_finished(checked)
    found = ask(METRICS["headcount"], ["team"], view=view, session=checked, viewer=OWNER)
    sql = """SELECT team_id, count(DISTINCT rep_id) FROM assignments
             WHERE valid_from <= $day AND valid_to > $day GROUP BY 1 ORDER BY 1"""
    # Teams are those of the as-of day for a stock looked at today.
    today = View(view.start, checked.version.as_of.replace(year=checked.version.as_of.year + 1), view.as_of)
    found = ask(METRICS["headcount"], ["team"], view=today, session=checked, viewer=OWNER)
    expected = plain(checked).execute(sql, {"day": today.until}).fetchall()
    assert [(r["team"], r["headcount"]) for r in found.to_pylist()] == expected


def test_attainment_spread(checked: Session) -> None:
    view = last_finished(checked)
    row = ask(METRICS["attainment_spread"], view=view, session=checked, viewer=OWNER).to_pylist()[0]
    reps = ask(METRICS["quota_attainment"], ["rep"], view=view, session=checked, viewer=OWNER).to_pylist()
    values = [r["quota_attainment"] for r in reps if r["quota_attainment"] is not None]
    assert row["reps"] == len(values) > 0
    assert row["median"] == pytest.approx(statistics.median(values))
    assert row["attainment_spread"] == pytest.approx(statistics.pstdev(values) / statistics.mean(values))


def test_concentration(checked: Session) -> None:
    view = last_finished(checked)
    row = ask(METRICS["concentration"], view=view, session=checked, viewer=OWNER).to_pylist()[0]
    sql = """SELECT sum(amount_reporting)::DOUBLE FROM credits WHERE in_bookings AND credited_on >= $start
             AND credited_on < $end GROUP BY rep_id HAVING sum(amount_reporting) > 0 AND rep_id <> 'unassigned'"""
    values = [v for (v,) in plain(checked).execute(sql, {"start": view.start, "end": view.end}).fetchall()]
    n, total = len(values), sum(values)
    # Gini by its definition, from all pairs.
    pairs = sum(abs(a - b) for a in values for b in values)
    assert row["gini"] == pytest.approx(pairs / (2 * n * total))
    assert float(row["bottom"]) == pytest.approx(total)
