-- by rep, quarter
WITH paid AS (SELECT p.rep_id AS rep, d.quarter, sum(p.amount_reporting) AS amount
  FROM payouts p JOIN "days" d ON d.date = p.earned_on
  WHERE NOT p.is_deleted AND p.earned_on >= $start AND p.earned_on < $end AND p.earned_on <= $as_of GROUP BY ALL),
sold AS (SELECT c.rep_id AS rep, d.quarter, sum(c.amount_reporting) AS amount FROM credits c JOIN "days" d ON d.date = c.credited_on
  WHERE c.in_bookings AND NOT c.is_deleted AND c.credited_on >= $start AND c.credited_on < $end AND c.credited_on <= $as_of
    AND c.measure = (SELECT credits_measure FROM measures WHERE is_default)
    AND EXISTS (SELECT 1 FROM plan_assignments a WHERE a.rep_id = c.rep_id AND a.valid_from <= c.credited_on AND a.valid_to > c.credited_on)
  GROUP BY ALL)
SELECT coalesce(p.rep, s.rep) AS rep, coalesce(p.quarter, s.quarter) AS quarter, s.amount AS top, p.amount AS bottom
FROM paid p FULL JOIN sold s ON s.rep = p.rep AND s.quarter = p.quarter
