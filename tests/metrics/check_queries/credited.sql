-- Sales credited, overlays left out.
WITH credited AS (SELECT c.rep_id AS rep, d.quarter, sum(c.amount_reporting) AS amount
  FROM credits c JOIN "days" d ON d.date = c.credited_on
  WHERE c.in_bookings AND NOT c.is_deleted AND c.credited_on >= $start AND c.credited_on < $end AND c.credited_on <= $as_of
    AND c.measure = (SELECT credits_measure FROM measures WHERE is_default)
  GROUP BY ALL)
SELECT rep, quarter, amount AS top, NULL AS bottom FROM credited
