-- by component, quarter
WITH eligible AS (SELECT DISTINCT coalesce(s.open_component, 'unassigned') AS component, d.quarter, s.rep_id
  FROM stakes s JOIN "days" d ON d.date = s.earned_on
  WHERE s.earned_on >= $start AND s.earned_on < $end AND s.earned_on <= $as_of),
paid AS (SELECT p.component_id AS component, d.quarter, p.rep_id FROM payouts p JOIN "days" d ON d.date = p.earned_on
  WHERE NOT p.is_deleted AND p.earned_on >= $start AND p.earned_on < $end AND p.earned_on <= $as_of
  GROUP BY ALL HAVING sum(p.amount_reporting) > 0)
SELECT e.component, e.quarter, count(p.rep_id) AS top, count(*) AS bottom
FROM eligible e LEFT JOIN paid p ON p.component = e.component AND p.quarter = e.quarter AND p.rep_id = e.rep_id GROUP BY ALL
