-- Attainment of every rep and quarter; no row of either side is lost.
WITH credited AS (
  SELECT c.rep_id AS rep, d.quarter, sum(c.amount_reporting) AS amount
  FROM credits c JOIN "days" d ON d.date = c.credited_on
  WHERE c.in_bookings AND NOT c.is_deleted AND c.measure = $measure
    AND c.credited_on >= $start AND c.credited_on < $end AND c.credited_on <= $as_of
  GROUP BY ALL),
quota AS (
  SELECT q.rep_id AS rep, d.quarter, sum(q.amount_reporting) AS amount
  FROM quota_months q JOIN "days" d ON d.date = q.month_start
  WHERE q.scope = 'rep' AND NOT q.is_deleted AND q.measure = $target
    AND q.month_start >= $start AND q.month_start < $end
  GROUP BY ALL)
SELECT coalesce(c.rep, q.rep) AS rep, coalesce(c.quarter, q.quarter) AS quarter,
  CASE WHEN q.amount IS NOT NULL THEN coalesce(c.amount, 0) ELSE c.amount END AS top, q.amount AS bottom,
  top::DOUBLE / nullif(bottom::DOUBLE, 0) AS value
FROM credited c FULL JOIN quota q ON c.rep = q.rep AND c.quarter = q.quarter
ORDER BY 1, 2
