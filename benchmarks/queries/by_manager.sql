-- Attainment of everybody who leads, rolled up over all below them on the day. For a month in which a
-- manager carries a number of their own, that number is the quota; else the reps' quotas below are summed.
WITH tree AS (
  SELECT viewer_id, rep_id, valid_from, valid_to FROM visibility
  WHERE reason IN ('self', 'reports')
    AND viewer_id IN (SELECT viewer_id FROM visibility WHERE reason = 'reports')),
credited AS (
  SELECT t.viewer_id AS manager, d.quarter, sum(c.amount_reporting) AS amount
  FROM credits c
  JOIN tree t ON t.rep_id = c.rep_id AND c.credited_on >= t.valid_from AND c.credited_on < t.valid_to
  JOIN "days" d ON d.date = c.credited_on
  WHERE c.in_bookings AND NOT c.is_deleted AND c.measure = $measure
    AND c.credited_on >= $start AND c.credited_on < $end AND c.credited_on <= $as_of
  GROUP BY ALL),
targets AS (
  SELECT scope, rep_id, month_start, amount_reporting FROM quota_months
  WHERE NOT is_deleted AND measure = $target AND month_start >= $start AND month_start < $end),
own AS (
  SELECT rep_id AS manager, month_start, amount_reporting FROM targets WHERE scope = 'team'),
below AS (
  SELECT t.viewer_id AS manager, q.month_start, q.amount_reporting
  FROM targets q
  JOIN tree t ON t.rep_id = q.rep_id AND q.month_start >= t.valid_from AND q.month_start < t.valid_to
  WHERE q.scope = 'rep'),
counting AS (
  SELECT b.* FROM below b ANTI JOIN own o ON o.manager = b.manager AND o.month_start = b.month_start
  UNION ALL SELECT * FROM own),
quota AS (
  SELECT q.manager, d.quarter, sum(q.amount_reporting) AS amount
  FROM counting q JOIN "days" d ON d.date = q.month_start
  GROUP BY ALL)
SELECT coalesce(c.manager, q.manager) AS manager, coalesce(c.quarter, q.quarter) AS quarter,
  CASE WHEN q.amount IS NOT NULL THEN coalesce(c.amount, 0) ELSE c.amount END AS top, q.amount AS bottom,
  top::DOUBLE / nullif(bottom::DOUBLE, 0) AS value
FROM credited c FULL JOIN quota q ON c.manager = q.manager AND c.quarter = q.quarter
ORDER BY 1, 2
