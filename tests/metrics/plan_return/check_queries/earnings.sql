-- by rep, quarter
SELECT p.rep_id AS rep, d.quarter, sum(p.amount_reporting) AS top, NULL AS bottom
FROM payouts p JOIN "days" d ON d.date = p.earned_on
WHERE NOT p.is_deleted AND p.earned_on >= $start AND p.earned_on < $end AND p.earned_on <= $as_of
  AND p.kind IN ('earning', 'clawback', 'adjustment', 'true_up')
GROUP BY ALL
