"""Which quotas are in force, and what they are month by month."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from itertools import groupby
from operator import attrgetter
from typing import NamedTuple

import pyarrow as pa

from warehouse.build import currency
from warehouse.build.opportunities import known
from warehouse.build.union import PLACE, PLANNING
from warehouse.build.work import Work, finish, quoted
from warehouse.tables import UNASSIGNED

SAME_TARGET = ("scope", "rep_id", "team_id", "territory_id", "product_id", "measure")
"""Columns that say which target a quota sets; two quotas for one target may not share a day."""


class Quota(NamedTuple):
    """A quota that would be in force."""

    n: int
    target: str
    quota_id: str
    start: date
    end: date
    place: str


def current(work: Work) -> None:
    """Make ``in_force`` (``_n``): quotas that count.

    * The latest version of a quota counts, unless it is deleted.
    * A quota set in planning, or withdrawn there, replaces a source's with the same target and period.
    * Quotas for one target that share days are settled by ``settle``.
    """
    same = " AND ".join(f"p.{column} = q.{column}" for column in (*SAME_TARGET, "period_start", "period_end"))
    work.run(
        """CREATE OR REPLACE TABLE latest AS SELECT * FROM good_quotas
           QUALIFY row_number() OVER (PARTITION BY quota_id ORDER BY version DESC, _n DESC) = 1"""
    )
    work.run(
        f"""CREATE OR REPLACE TABLE in_force AS SELECT q._n FROM latest q
            WHERE NOT q.is_deleted AND (q.source_system = '{PLANNING}' OR NOT EXISTS (
                SELECT 1 FROM latest p WHERE p.source_system = '{PLANNING}' AND {same}))"""
    )
    _set_overlapping_aside(work)
    unknown_measures(work)


def _set_overlapping_aside(work: Work) -> None:
    found = [
        issue
        for _, group in groupby(_suspects(work), key=attrgetter("target"))
        for issue in settle(list(group))
    ]
    if not found:
        return
    columns = ("_n", "code", "field", "value", "detail")
    rows = [(q.n, "overlapping_quota", "quota_id", q.quota_id, detail) for q, detail in found]
    work.con.register(
        "settled", pa.table(dict(zip(columns, map(list, zip(*rows, strict=True)), strict=True)))
    )
    work.note("quotas", "SELECT * FROM settled", "row")
    work.run("DELETE FROM in_force WHERE _n IN (SELECT _n FROM settled)")
    work.con.unregister("settled")


def _suspects(work: Work) -> Iterator[Quota]:
    """Quotas of the targets that have any shared day, together by target, shorter periods first."""
    target = f"concat_ws(' | ', {', '.join(SAME_TARGET)})"
    rows = work.rows(
        f"""WITH rows AS (
                SELECT _n, {target} AS target, quota_id, period_start, period_end, {PLACE} AS place
                FROM good_quotas WHERE _n IN (SELECT _n FROM in_force)
            ), marked AS (
                SELECT *, period_start < max(period_end) OVER (
                    PARTITION BY target ORDER BY period_start, period_end, _n
                    ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS late FROM rows
            )
            SELECT * EXCLUDE (late) FROM marked WHERE target IN (SELECT target FROM marked WHERE late)
            ORDER BY target, period_end - period_start, period_start, _n"""
    )
    return (Quota(*row) for row in rows)


def settle(quotas: list[Quota]) -> list[tuple[Quota, str]]:
    """Which quotas of one target give way because they share days, each with the reason.

    ``quotas`` come shorter periods first. A longer quota gives way to shorter ones that lie in it
    and cover all its days (twelve months against a year), because they say more. If they leave
    a gap, the longer one stays and they give way, so that no day is without its target. Of two that
    merely cross, the longer, or of two equally long the later, gives way.
    """
    kept: list[Quota] = []
    gone: list[tuple[Quota, str]] = []
    for quota in quotas:
        inside = [other for other in kept if other.start < quota.end and quota.start < other.end]
        crossing = any(other.start < quota.start or other.end > quota.end for other in inside)
        covered = sum((other.end - other.start).days for other in inside)
        if inside and (crossing or covered == (quota.end - quota.start).days):
            gone.append((quota, inside[0].place))
            continue
        gone += [(other, quota.place) for other in inside]
        kept = [other for other in kept if other not in inside] + [quota]
    return gone


def unknown_measures(work: Work) -> None:
    """Warn of measures the settings do not name: nothing is counted towards them."""
    names = ", ".join(quoted(name) for name in work.settings.measures)
    work.note(
        "quotas",
        f"""SELECT min(_n) AS _n, 'unknown_measure' AS code, 'measure' AS field, measure AS value,
                   CAST(count(*) AS VARCHAR) AS detail
            FROM good_quotas WHERE measure NOT IN ({names}) GROUP BY measure""",
        "warning",
    )


def quotas(work: Work) -> None:
    """Define ``out_quotas``; amounts are at the rate of the period's first day."""
    derived = {
        "amount_reporting": currency.converted(work),
        "is_current": "t._n IN (SELECT _n FROM in_force)",
    }
    finish(work, "quotas", derived, f"good_quotas t {currency.join(currency.CONVERTED['quotas'])}")


def months(work: Work) -> None:
    """Define ``out_quota_months``: quotas in force, cut into the fiscal months they touch.

    A quota is shared out by days: each month gets the whole units its days are worth, and what
    is left goes, one unit each, to the months whose share was cut most (the earlier of equals). A
    unit is the minor unit of the reporting currency, or 0.0001 where the quota itself is finer.
    The months of a quota therefore sum exactly to the quota.

    ``ramp_share`` is the settings' share for the rep's tenure month (the month of hire is 1; a month
    before it counts as 1), 1 without a ramp. ``ramped_reporting`` is rounded half up.
    """
    unknown_ramps(work)
    _ramps(work)
    digits = currency.minor(work.settings.currency)
    work.run(_PIECES.format(unit=10 ** (4 - digits)))
    work.run(_PLACED)
    derived = {
        "team_id": f"coalesce(nullif(t.team_id, '{UNASSIGNED}'), {known('a.team_id')})",
        "territory_id": f"coalesce(nullif(t.territory_id, '{UNASSIGNED}'), {known('a.territory_id')})",
        "amount_reporting": _AMOUNT,
        "ramp_share": _SHARE,
        "ramped_reporting": f"CASE WHEN {_SHARE} = 1 THEN {_AMOUNT} ELSE round({_AMOUNT} * {_SHARE}, {digits}) END",
        "allocated": "t.pieces > 1",
        "source_id": "t.quota_id || '|' || t.month_start",
    }
    finish(work, "quota_months", derived, _MONTHS)


_SHARE = "CAST(coalesce(r.share, 1) AS DECIMAL(9,6))"
_AMOUNT = "CAST(CAST(t.part AS DECIMAL(19,0)) * CAST(t.unit AS DECIMAL(5,0)) * CAST(0.0001 AS DECIMAL(4,4)) AS DECIMAL(18,4))"

# Integers throughout: amount in units, times days, over days, with the remainders compared.
_PIECES = """CREATE OR REPLACE TABLE pieces AS
    WITH months AS (SELECT DISTINCT month_start, month_end FROM out_days),
    cut AS (
        SELECT q.*, m.month_start, m.month_end,
               least(q.period_end, m.month_end) - greatest(q.period_start, m.month_start) AS days_in,
               q.period_end - q.period_start AS days_all,
               CAST(q.amount_reporting * 10000 AS BIGINT) AS fine
        FROM out_quotas q JOIN months m ON m.month_start < q.period_end AND q.period_start < m.month_end
        WHERE q.is_current AND q.amount_reporting IS NOT NULL
    ), scaled AS (
        SELECT *, CASE WHEN fine % {unit} = 0 THEN {unit} ELSE 1 END AS unit FROM cut
    ), shared AS (
        SELECT *, CAST(fine // unit AS HUGEINT) * days_in // days_all AS whole,
               CAST(fine // unit AS HUGEINT) * days_in % days_all AS rest FROM scaled
    )
    SELECT *, count(*) OVER q AS pieces, CAST(whole + CASE
               WHEN row_number() OVER (PARTITION BY quota_id ORDER BY rest DESC, month_start)
                    <= fine // unit - sum(whole) OVER q THEN 1 ELSE 0 END AS BIGINT) AS part
    FROM shared WINDOW q AS (PARTITION BY quota_id)"""

# The rep's assignment on the month's first day, or the first later day of the month that has one.
_PLACED = """CREATE OR REPLACE TABLE placed AS
    SELECT p.quota_id, p.month_start, arg_min(a, a.valid_from) AS a
    FROM pieces p JOIN good_assignments a ON a.rep_id = p.rep_id AND NOT a.is_deleted
         AND a.valid_from < p.month_end AND p.month_start < a.valid_to
    GROUP BY ALL"""

# A fiscal month belongs to the calendar month its fifteenth day lies in (they agree unless 4-4-5).
_TENURE = """(year(t.month_start + 14) - year(h.hire_date)) * 12
    + month(t.month_start + 14) - month(h.hire_date) + 1"""

_MONTHS = f"""pieces t
    LEFT JOIN (SELECT quota_id, month_start, a.team_id, a.territory_id, a.ramp_schedule FROM placed) a
        ON a.quota_id = t.quota_id AND a.month_start = t.month_start
    LEFT JOIN good_reps h ON h.rep_id = t.rep_id
    LEFT JOIN ramps r ON r.name = a.ramp_schedule AND r.month = greatest(1, {_TENURE})"""


def _ramps(work: Work) -> None:
    rows = [
        (name, month, share)
        for name, shares in work.settings.ramps.items()
        for month, share in enumerate(shares, start=1)
    ]
    work.run("CREATE OR REPLACE TABLE ramps (name VARCHAR, month BIGINT, share DECIMAL(9,6))")
    for row in rows:
        work.run("INSERT INTO ramps VALUES (?, ?, ?)", row)


def unknown_ramps(work: Work) -> None:
    """Warn of assignments whose ramp the settings do not have: a full quota is assumed."""
    if "assignments" not in work.built:
        return
    names = ", ".join(quoted(name) for name in work.settings.ramps) or "''"
    work.note(
        "assignments",
        f"""SELECT _n, 'unknown_ramp' AS code, 'ramp_schedule' AS field, ramp_schedule AS value, NULL AS detail
            FROM good_assignments WHERE ramp_schedule <> '' AND ramp_schedule NOT IN ({names})""",
        "warning",
    )
