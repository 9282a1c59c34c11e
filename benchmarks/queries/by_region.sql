-- Attainment of every region and quarter: the region of the territory on the day. A region's own number
-- is the quota where one is carried, else the reps' quotas are summed.
WITH credited AS (
  SELECT coalesce(t.region_id, 'unassigned') AS region, d.quarter, sum(c.amount_reporting) AS amount
  FROM credits c
  LEFT JOIN territories t
    ON t.territory_id = c.territory_id AND c.credited_on >= t.valid_from AND c.credited_on < t.valid_to
    AND NOT t.is_deleted
  JOIN "days" d ON d.date = c.credited_on
  WHERE c.in_bookings AND NOT c.is_deleted AND c.measure = $measure
    AND c.credited_on >= $start AND c.credited_on < $end AND c.credited_on <= $as_of
  GROUP BY ALL),
targets AS (
  SELECT q.scope, coalesce(t.region_id, 'unassigned') AS region, d.quarter, sum(q.amount_reporting) AS amount
  FROM quota_months q
  LEFT JOIN territories t
    ON t.territory_id = q.territory_id AND q.month_start >= t.valid_from AND q.month_start < t.valid_to
    AND NOT t.is_deleted
  JOIN "days" d ON d.date = q.month_start
  WHERE q.scope IN ('rep', 'territory') AND NOT q.is_deleted AND q.measure = $target
    AND q.month_start >= $start AND q.month_start < $end
  GROUP BY ALL),
quota AS (
  SELECT region, quarter, coalesce(max(amount) FILTER (scope = 'territory'), max(amount)) AS amount
  FROM targets GROUP BY ALL)
SELECT coalesce(c.region, q.region) AS region, coalesce(c.quarter, q.quarter) AS quarter,
  CASE WHEN q.amount IS NOT NULL THEN coalesce(c.amount, 0) ELSE c.amount END AS top, q.amount AS bottom,
  top::DOUBLE / nullif(bottom::DOUBLE, 0) AS value
FROM credited c FULL JOIN quota q ON c.region = q.region AND c.quarter = q.quarter
ORDER BY 1, 2
