-- Attainment of every region and quarter: the region of the territory on the day. For a month in which a
-- territory carries a number of its own, that number is the quota; else the reps' quotas there are summed.
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
  SELECT scope, territory_id, month_start, amount_reporting FROM quota_months
  WHERE NOT is_deleted AND measure = $target AND month_start >= $start AND month_start < $end),
own AS (
  SELECT territory_id, month_start, amount_reporting FROM targets WHERE scope = 'territory'),
counting AS (
  SELECT q.territory_id, q.month_start, q.amount_reporting
  FROM targets q ANTI JOIN own o ON o.territory_id = q.territory_id AND o.month_start = q.month_start
  WHERE q.scope = 'rep'
  UNION ALL SELECT * FROM own),
quota AS (
  SELECT coalesce(t.region_id, 'unassigned') AS region, d.quarter, sum(q.amount_reporting) AS amount
  FROM counting q
  LEFT JOIN territories t
    ON t.territory_id = q.territory_id AND q.month_start >= t.valid_from AND q.month_start < t.valid_to
    AND NOT t.is_deleted
  JOIN "days" d ON d.date = q.month_start
  GROUP BY ALL)
SELECT coalesce(c.region, q.region) AS region, coalesce(c.quarter, q.quarter) AS quarter,
  CASE WHEN q.amount IS NOT NULL THEN coalesce(c.amount, 0) ELSE c.amount END AS top, q.amount AS bottom,
  top::DOUBLE / nullif(bottom::DOUBLE, 0) AS value
FROM credited c FULL JOIN quota q ON c.region = q.region AND c.quarter = q.quarter
ORDER BY 1, 2
