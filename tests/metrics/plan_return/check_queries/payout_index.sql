-- by component, quarter
WITH paid AS (SELECT p.component_id AS component, d.quarter, sum(p.amount_reporting) AS amount
  FROM payouts p JOIN "days" d ON d.date = p.earned_on
  WHERE NOT p.is_deleted AND p.earned_on >= $start AND p.earned_on < $end AND p.earned_on <= $as_of GROUP BY ALL),
target AS (SELECT s.component_id AS component, d.quarter, sum(s.amount) AS amount FROM stakes s JOIN "days" d ON d.date = s.earned_on
  WHERE s.earned_on >= $start AND s.earned_on < $end AND s.earned_on <= $as_of GROUP BY ALL)
SELECT coalesce(p.component, t.component) AS component, coalesce(p.quarter, t.quarter) AS quarter,
  CASE WHEN t.amount IS NOT NULL THEN coalesce(p.amount, 0) ELSE p.amount END AS top, t.amount AS bottom
FROM paid p FULL JOIN target t ON t.component = p.component AND t.quarter = p.quarter
