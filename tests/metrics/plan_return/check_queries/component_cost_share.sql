-- by component, quarter
WITH paid AS (SELECT p.component_id AS component, d.quarter, p.amount_reporting AS amount
  FROM payouts p JOIN "days" d ON d.date = p.earned_on
  WHERE NOT p.is_deleted AND p.earned_on >= $start AND p.earned_on < $end AND p.earned_on <= $as_of),
whole AS (SELECT quarter, sum(amount) AS amount FROM paid GROUP BY ALL)
SELECT p.component, p.quarter, sum(p.amount) AS top, w.amount AS bottom FROM paid p JOIN whole w USING (quarter) GROUP BY ALL
