"""Hand-written queries for the reports and studies of pay, on the paid company and on the demo company."""

from __future__ import annotations

import math
import statistics
from collections import defaultdict
from collections.abc import Iterator
from datetime import date, timedelta
from itertools import pairwise
from typing import Any

import pytest

from metrics.ask import ask
from metrics.catalogue import METRICS
from metrics.periods import calendar_of
from metrics.view import View
from tests.metrics.plan_return.test_check_queries import everything, plain
from warehouse.access import OWNER
from warehouse.engine import Session


@pytest.fixture(params=["paid", "demo"])
def company(request: pytest.FixtureRequest) -> Session:
    session: Session = request.getfixturevalue(request.param)
    return session


def last_finished(session: Session) -> View:
    as_of = session.version.as_of
    period = [p for p in calendar_of(session).all("quarter") if p.end <= as_of][-1]
    return View(period.start, period.end, as_of)


def row_of(name: str, view: View, session: Session) -> dict[str, Any]:
    return ask(METRICS[name], view=view, session=session, viewer=OWNER).to_pylist()[0]


def found(session: Session, sql: str, view: View) -> list[tuple[Any, ...]]:
    return plain(session).execute(sql, {"start": view.start, "end": view.end}).fetchall()


PAID = """SELECT rep_id, sum(amount_reporting)::DOUBLE AS pay FROM payouts
  WHERE NOT is_deleted AND earned_on >= $start AND earned_on < $end GROUP BY 1"""


def test_payout_concentration(company: Session) -> None:
    view = last_finished(company)
    row = row_of("payout_concentration", view, company)
    values = sorted((pay for _, pay in found(company, PAID, view) if pay > 0), reverse=True)
    n, total = len(values), sum(values)
    pairs = sum(abs(a - b) for a in values for b in values)
    assert row["gini"] == pytest.approx(pairs / (2 * n * total))
    whole, part = divmod(n, 10)
    top = sum(values[:whole]) + part / 10 * values[whole]
    assert row["payout_concentration"] == pytest.approx(top / total)


INDEXES = f"""WITH paid AS ({PAID}),
  target AS (SELECT rep_id, sum(amount) AS target FROM stakes WHERE earned_on >= $start AND earned_on < $end GROUP BY 1)
  SELECT coalesce(p.pay, 0) / t.target FROM target t LEFT JOIN paid p USING (rep_id) WHERE t.target > 0"""


def test_payout_distribution(company: Session) -> None:
    view = last_finished(company)
    row = row_of("payout_distribution", view, company)
    values = [value for (value,) in found(company, INDEXES, view)]
    assert row["people"] == len(values) > 5
    assert row["payout_distribution"] == pytest.approx(statistics.median(values))
    assert row["unpaid"] == pytest.approx(sum(v <= 0 for v in values) / len(values))
    tenths = statistics.quantiles(values, n=10, method="inclusive")
    assert (row["bottom"], row["top"]) == (pytest.approx(tenths[0]), pytest.approx(tenths[-1]))


RANKED = f"""WITH paid AS ({PAID}),
  sold AS (SELECT rep_id, sum(amount_reporting)::DOUBLE AS sold FROM credits WHERE in_bookings AND NOT is_deleted
    AND credited_on >= $start AND credited_on < $end GROUP BY 1),
  quota AS (SELECT rep_id, sum(amount_reporting)::DOUBLE AS quota FROM quota_months WHERE scope = 'rep'
    AND month_start >= $start AND month_start < $end GROUP BY 1 HAVING sum(amount_reporting) > 0)
  SELECT corr(a, b), count(*) FROM (SELECT
    rank() OVER (ORDER BY pay) + (count(*) OVER (PARTITION BY pay) - 1) / 2.0 AS a,
    rank() OVER (ORDER BY x) + (count(*) OVER (PARTITION BY x) - 1) / 2.0 AS b
    FROM (SELECT pay, coalesce(sold, 0) / quota AS x FROM paid JOIN quota USING (rep_id) LEFT JOIN sold USING (rep_id)))"""


def test_pay_for_performance(company: Session) -> None:
    view = last_finished(company)
    row = row_of("pay_for_performance", view, company)
    ((correlation, people),) = found(company, RANKED, view)
    assert row["people"] == people
    if people >= 8:
        assert row["pay_for_performance"] == pytest.approx(correlation, abs=1e-9)
    else:
        assert row["pay_for_performance"] is None


ATTAINED = """WITH sold AS (SELECT c.rep_id, d.quarter, sum(c.amount_reporting)::DOUBLE AS sold
    FROM credits c JOIN "days" d ON d.date = c.credited_on WHERE c.in_bookings AND NOT c.is_deleted GROUP BY ALL),
  quota AS (SELECT q.rep_id, d.quarter, d.quarter_start, d.quarter_end, sum(q.amount_reporting)::DOUBLE AS quota
    FROM quota_months q JOIN "days" d ON d.date = q.month_start WHERE q.scope = 'rep' GROUP BY ALL),
  seen AS (SELECT DISTINCT s.rep_id, d.quarter FROM stakes s JOIN "days" d ON d.date = s.earned_on)
  SELECT q.rep_id, q.quarter, coalesce(s.sold, 0) / q.quota AS x FROM quota q JOIN seen USING (rep_id, quarter)
  LEFT JOIN sold s USING (rep_id, quarter)
  WHERE q.quota > 0 AND q.quarter_start >= $start AND q.quarter_end <= $end AND q.quarter_end <= $as_of"""


def test_bunching(company: Session) -> None:
    view = everything(company)
    row = row_of("bunching", view, company)
    values = {"start": view.start, "end": view.end, "as_of": view.as_of}
    cells = [x for _, _, x in plain(company).execute(ATTAINED, values).fetchall()]
    assert row["top"] == sum(1 <= x < 1.05 for x in cells)
    assert row["bottom"] == sum(0.95 <= x < 1 for x in cells)
    assert row["quarters"] == sum(0.9 <= x < 1.1 for x in cells)


DEALS = """SELECT c.credited_on, p.team_id, count(DISTINCT c.opportunity_id) FROM credits c
  JOIN plan_assignments a ON a.rep_id = c.rep_id AND a.valid_from <= c.credited_on AND a.valid_to > c.credited_on
  ASOF LEFT JOIN assignments p ON p.rep_id = c.rep_id AND c.credited_on >= p.valid_from
  WHERE c.in_bookings AND NOT c.is_deleted AND a.plan_id = $plan
  GROUP BY ALL"""


def test_pull_forward(demo: Session) -> None:
    """The Enterprise plan is the one that accelerates; the two shares of each quarter, counted again."""
    view = everything(demo)
    row = row_of("pull_forward", view, demo)
    connection = plain(demo)
    shares = []
    for plan in ("enterprise", "commercial"):
        days: defaultdict[date, int] = defaultdict(int)
        for day, _, n in connection.execute(DEALS, {"plan": plan}).fetchall():
            days[day] += n
        shares.append(list(_shares(days, view, demo)))
    # A deal shared between teams counts once a day here and there only when it is one team's: nearly the same.
    ends = [a - b for (a, _), (b, _) in zip(*shares, strict=True)]
    starts = [a - b for (_, a), (_, b) in zip(*shares, strict=True)]
    assert row["quarters"] == len(ends) > 15
    assert row["top"] == pytest.approx(statistics.mean(ends), abs=0.01)
    assert row["bottom"] == pytest.approx(statistics.mean(starts), abs=0.01)
    sure = statistics.mean(starts) / (statistics.stdev(starts) / math.sqrt(len(starts)))
    assert row["start_sure"] == pytest.approx(sure, rel=0.1)


def _shares(days: dict[date, int], view: View, session: Session) -> Iterator[tuple[float, float]]:
    quarters = [
        q for q in calendar_of(session).all("quarter") if q.start >= view.start and q.end <= view.as_of
    ]
    for one, two in pairwise(quarters):
        inside = {d: n for d, n in days.items() if one.start <= d < one.end}
        after = {d: n for d, n in days.items() if two.start <= d < two.end}
        end = sum(n for d, n in inside.items() if d >= one.end - timedelta(days=7))
        start = sum(n for d, n in after.items() if d < two.start + timedelta(days=30))
        if inside and after:
            yield end / sum(inside.values()), start / sum(after.values())


WINDFALLS = """WITH deals AS (SELECT c.rep_id, d.quarter, c.opportunity_id, sum(c.amount_reporting)::DOUBLE AS value
    FROM credits c JOIN "days" d ON d.date = c.credited_on
    WHERE c.in_bookings AND NOT c.is_deleted AND c.credited_on >= $start AND c.credited_on < $end
      AND EXISTS (SELECT 1 FROM plan_assignments a
        WHERE a.rep_id = c.rep_id AND a.valid_from <= c.credited_on AND a.valid_to > c.credited_on) GROUP BY ALL),
  quota AS (SELECT q.rep_id, d.quarter, sum(q.amount_reporting)::DOUBLE AS quota
    FROM quota_months q JOIN "days" d ON d.date = q.month_start WHERE q.scope = 'rep' GROUP BY ALL),
  shares AS (SELECT rep_id, quarter, sum(CASE WHEN quota > 0 AND value > quota THEN value ELSE 0 END) / sum(value) AS share
    FROM deals LEFT JOIN quota USING (rep_id, quarter) GROUP BY ALL),
  pay AS (SELECT p.rep_id, d.quarter, sum(p.amount_reporting)::DOUBLE AS pay FROM payouts p JOIN "days" d ON d.date = p.earned_on
    WHERE NOT p.is_deleted AND p.earned_on >= $start AND p.earned_on < $end GROUP BY ALL)
  SELECT sum(pay * coalesce(share, 0)), sum(pay) FROM pay LEFT JOIN shares USING (rep_id, quarter)"""


def test_windfall_share(company: Session) -> None:
    view = last_finished(company)
    row = row_of("windfall_share", view, company)
    ((lucky, whole),) = found(company, WINDFALLS, view)
    assert float(row["top"]) == pytest.approx(lucky, abs=0.01)
    assert float(row["bottom"]) == pytest.approx(whole)
    assert row["windfall_share"] == pytest.approx(lucky / whole)
    assert lucky > 0
