-- Reps' own quotas, cut to months at load.
WITH quota AS (SELECT q.rep_id AS rep, d.quarter, sum(q.amount_reporting) AS amount
  FROM quota_months q JOIN "days" d ON d.date = q.month_start
  WHERE q.scope = 'rep' AND NOT q.is_deleted AND q.month_start >= $start AND q.month_start < $end
    AND q.measure = (SELECT measure FROM measures WHERE is_default)
  GROUP BY ALL)
SELECT rep, quarter, amount AS top, NULL AS bottom FROM quota
