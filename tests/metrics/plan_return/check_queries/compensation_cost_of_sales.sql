-- by quarter
-- Actual variable pay of whoever led nobody in the time paid for, over all bookings.
WITH pay AS (SELECT d.quarter, sum(p.amount_reporting) AS amount FROM payouts p JOIN "days" d ON d.date = p.earned_on
  WHERE NOT p.is_deleted AND p.earned_on >= $start AND p.earned_on < $end AND p.earned_on <= $as_of
    AND NOT EXISTS (SELECT 1 FROM visibility v WHERE v.viewer_id = p.rep_id AND v.reason = 'reports'
      AND v.valid_from < p.period_end AND v.valid_to > p.period_start)
  GROUP BY ALL),
sold AS (SELECT d.quarter, sum(c.amount_reporting) AS amount FROM credits c JOIN "days" d ON d.date = c.credited_on
  WHERE c.in_bookings AND NOT c.is_deleted AND c.credited_on >= $start AND c.credited_on < $end AND c.credited_on <= $as_of
    AND c.measure = (SELECT credits_measure FROM measures WHERE is_default) GROUP BY ALL)
SELECT coalesce(p.quarter, s.quarter) AS quarter,
  CASE WHEN s.amount IS NOT NULL THEN coalesce(p.amount, 0) ELSE p.amount END AS top, s.amount AS bottom
FROM pay p FULL JOIN sold s ON s.quarter = p.quarter
