-- Attainment of every team and quarter: the team a rep was in on the day.
WITH credited AS (
  SELECT c.team_id AS team, d.quarter, sum(c.amount_reporting) AS amount
  FROM credits c JOIN "days" d ON d.date = c.credited_on
  WHERE c.in_bookings AND NOT c.is_deleted AND c.measure = $measure
    AND c.credited_on >= $start AND c.credited_on < $end AND c.credited_on <= $as_of
  GROUP BY ALL),
quota AS (
  SELECT q.team_id AS team, d.quarter, sum(q.amount_reporting) AS amount
  FROM quota_months q JOIN "days" d ON d.date = q.month_start
  WHERE q.scope = 'rep' AND NOT q.is_deleted AND q.measure = $target
    AND q.month_start >= $start AND q.month_start < $end
  GROUP BY ALL)
SELECT coalesce(c.team, q.team) AS team, coalesce(c.quarter, q.quarter) AS quarter,
  CASE WHEN q.amount IS NOT NULL THEN coalesce(c.amount, 0) ELSE c.amount END AS top, q.amount AS bottom,
  top::DOUBLE / nullif(bottom::DOUBLE, 0) AS value
FROM credited c FULL JOIN quota q ON c.team = q.team AND c.quarter = q.quarter
ORDER BY 1, 2
