-- by component, quarter
WITH sales AS (
  SELECT c.rep_id, c.credited_on, c.amount_reporting, a.plan_id, d.quarter FROM credits c
  JOIN plan_assignments a ON a.rep_id = c.rep_id AND a.valid_from <= c.credited_on AND a.valid_to > c.credited_on
  JOIN "days" d ON d.date = c.credited_on
  WHERE c.in_bookings AND NOT c.is_deleted AND NOT a.is_deleted
    AND c.credited_on >= $start AND c.credited_on < $end AND c.credited_on <= $as_of
    AND c.measure = (SELECT credits_measure FROM measures WHERE is_default)),
located AS (
  SELECT s.*, p.team_id, p.role FROM sales s
  ASOF LEFT JOIN (SELECT * FROM assignments WHERE NOT is_deleted) p ON p.rep_id = s.rep_id AND s.credited_on >= p.valid_from)
SELECT o.component, l.quarter, sum(l.amount_reporting) AS top, NULL AS bottom
FROM located l JOIN opened o ON o.plan = l.plan_id AND l.credited_on >= o.first AND l.credited_on < o.last AND o.own
  AND o.role IN ('', l.role) AND o.team IN ('', l.team_id)
GROUP BY ALL
