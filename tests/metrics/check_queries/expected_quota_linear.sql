WITH quota AS (SELECT q.rep_id AS rep, d.quarter, sum(q.amount_reporting) AS amount
  FROM quota_months q JOIN "days" d ON d.date = q.month_start
  WHERE q.scope = 'rep' AND NOT q.is_deleted AND q.month_start >= $start AND q.month_start < $end
    AND q.measure = (SELECT measure FROM measures WHERE is_default)
  GROUP BY ALL)
SELECT q.rep, q.quarter, q.amount * CASE
    WHEN $as_of >= max(d.quarter_end) THEN 1.0
    WHEN $as_of < max(d.quarter_start) THEN 0.0
    ELSE (date_diff('day', max(d.quarter_start), $as_of) + 1.0) / date_diff('day', max(d.quarter_start), max(d.quarter_end))
    END AS top, NULL AS bottom
FROM quota q JOIN "days" d ON d.quarter = q.quarter GROUP BY q.rep, q.quarter, q.amount
