"""The year of ``benchmarks.pay`` as one would write it in SQL for these six components and nothing else."""

from __future__ import annotations

from pathlib import Path

COMMISSION = "0.04 * x"
ACCELERATOR = "0.01 * x + 0.01 * greatest(x - 0.8 * quota, 0) + 0.02 * greatest(x - quota, 0)"
BONUS = """CASE WHEN x < 0.7 * quota THEN 0
  WHEN x < quota THEN target * (0.4 + 2 * (x / quota - 0.7))
  ELSE target * least(1 + 2 * (x / quota - 1), 2) END"""
NEW_BUSINESS = "rate * 0.5 * x"
UNITS = "1.25 * x"
INSIGHT = "0.005 * x + 0.01 * greatest(x - 50000, 0)"

COMPONENTS = (
    # name, what is measured, which credits, over which the total runs, what a total earns
    ("commission", "amount", "true", "rep, month", COMMISSION),
    ("accelerator", "amount", "true", "rep, month", ACCELERATOR),
    ("bonus", "amount", "true", "rep, month", BONUS),
    ("new_business", "amount", "type = 'new'", "rep, month", NEW_BUSINESS),
    ("units", "units", "true", "rep, month", UNITS),
    ("insight", "amount", "product = 'insight'", "rep", INSIGHT),
)

_BASE = """
CREATE TEMP TABLE sales AS
SELECT t.*, date_trunc('month', t.date)::DATE AS month, q.amount::DECIMAL(18, 2) AS quota,
  a.target_incentive / 12 AS target, a.rate
FROM read_parquet('{folder}/transactions.parquet') t
JOIN read_parquet('{folder}/assignments.parquet') a USING (rep)
JOIN read_parquet('{folder}/quotas.parquet') q ON q.rep = t.rep AND q.start = date_trunc('month', t.date);
"""
_TRACE = """
CREATE TEMP TABLE trace_{name} AS
WITH totals AS (
  SELECT *, sum(value) OVER (PARTITION BY {over} ORDER BY date, transaction_id) AS later
  FROM (SELECT *, {measure}::DECIMAL(18, 4) AS value FROM sales WHERE {which})
), earned AS (
  SELECT *, later - value AS sooner, round({after}, 2)::DECIMAL(18, 4) - round({before}, 2)::DECIMAL(18, 4) AS part
  FROM totals
)
SELECT md5(concat_ws('|', rep, 'bench', '{name}', month)) AS line_id, transaction_id, deal_id,
  rep AS credited_rep, 'direct' AS rule, date, amount, share::DOUBLE AS share, value AS credited,
  sooner AS before, later AS after, (sooner / quota)::DOUBLE AS attainment_before,
  (later / quota)::DOUBLE AS attainment_after, 0::BIGINT AS tier_from, 0::BIGINT AS tier_to,
  part AS earned, month, quota, target
FROM earned;
"""
_LINES = """
COPY (
  WITH everybody AS (
    SELECT a.rep, q.start, q."end", q.amount AS quota, a.target_incentive / 12 AS target
    FROM read_parquet('{folder}/assignments.parquet') a
    JOIN read_parquet('{folder}/quotas.parquet') q USING (rep)
  ), summed AS (
    SELECT credited_rep, month, component, sum(earned) AS amount, sum(credited) AS credited
    FROM ({union}) GROUP BY ALL
  )
  SELECT md5(concat_ws('|', e.rep, 'bench', c.component, e.start)) AS line_id, e.rep, 'bench' AS plan_id,
    1::BIGINT AS plan_version, c.component AS component_id, e.start AS period_start, e."end" AS period_end,
    e.start AS pay_start, e."end" - 1 AS earned_on, 'earning' AS kind, coalesce(s.amount, 0) AS amount,
    'USD' AS currency, s.credited, e.quota, s.credited AS quota_credited,
    (s.credited / e.quota)::DOUBLE AS attainment, e.target, (s.amount / nullif(s.credited, 0))::DOUBLE AS rate,
    s.amount AS before_modifiers, 1.0::DOUBLE AS factor, '[]' AS modifiers, 0::DECIMAL(18, 4) AS capped,
    NULL::DECIMAL(18, 4) AS to_date, NULL::DECIMAL(18, 4) AS paid_before, NULL::VARCHAR AS reason,
    NULL::DATE AS adjusts
  FROM everybody e CROSS JOIN (VALUES {names}) c(component)
  LEFT JOIN summed s ON s.credited_rep = e.rep AND s.month = e.start AND s.component = c.component
) TO '{out}/lines.parquet';
COPY ({traces}) TO '{out}/trace.parquet';
"""


def script(folder: Path, out: Path) -> str:
    """The whole of it: read from one folder, write ``lines.parquet`` and ``trace.parquet`` into another."""
    steps = [_BASE.format(folder=folder)]
    for name, measure, which, over, formula in COMPONENTS:
        after, before = formula.replace("x", "later"), formula.replace("x", "(later - value)")
        steps.append(
            _TRACE.format(name=name, measure=measure, which=which, over=over, after=after, before=before)
        )
    names = [name for name, *_ in COMPONENTS]
    union = " UNION ALL ".join(f"SELECT *, '{name}' AS component FROM trace_{name}" for name in names)
    traces = " UNION ALL ".join(
        f"SELECT * EXCLUDE (month, quota, target) FROM trace_{name}" for name in names
    )
    values = ", ".join(f"('{name}')" for name in names)
    steps.append(_LINES.format(folder=folder, out=out, union=union, traces=traces, names=values))
    return "\n".join(steps)
