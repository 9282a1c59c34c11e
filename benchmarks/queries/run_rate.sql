-- Attainment of every rep at the usual pace, in the quarter in progress. The share usually booked by this
-- day is learnt once and kept by both sides, so it is given here.
WITH credited AS (
  SELECT rep_id AS rep, sum(amount_reporting) AS amount FROM credits
  WHERE in_bookings AND NOT is_deleted AND measure = $measure
    AND credited_on >= $start AND credited_on < $end AND credited_on <= $as_of
  GROUP BY ALL),
quota AS (
  SELECT rep_id AS rep,
    sum(round(amount_reporting::DOUBLE * CASE WHEN month_start < $today_start THEN 1.0
      WHEN month_start < $today_end THEN $share::DOUBLE ELSE 0.0 END, 4)::DECIMAL(18, 4)) AS amount
  FROM quota_months
  WHERE scope = 'rep' AND NOT is_deleted AND measure = $target
    AND month_start >= $start AND month_start < $end
  GROUP BY ALL)
SELECT coalesce(c.rep, q.rep) AS rep,
  CASE WHEN q.amount IS NOT NULL THEN coalesce(c.amount, 0) ELSE c.amount END AS top, q.amount AS bottom,
  top::DOUBLE / nullif(bottom::DOUBLE, 0) AS value
FROM credited c FULL JOIN quota q ON c.rep = q.rep
ORDER BY 1
