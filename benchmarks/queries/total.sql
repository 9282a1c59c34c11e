-- Attainment of the whole company over all years.
WITH credited AS (
  SELECT sum(amount_reporting) AS amount FROM credits
  WHERE in_bookings AND NOT is_deleted AND measure = $measure
    AND credited_on >= $start AND credited_on < $end AND credited_on <= $as_of),
quota AS (
  SELECT sum(amount_reporting) AS amount FROM quota_months
  WHERE scope = 'rep' AND NOT is_deleted AND measure = $target
    AND month_start >= $start AND month_start < $end)
SELECT CASE WHEN q.amount IS NOT NULL THEN coalesce(c.amount, 0) ELSE c.amount END AS top, q.amount AS bottom,
  top::DOUBLE / nullif(bottom::DOUBLE, 0) AS value
FROM credited c CROSS JOIN quota q
