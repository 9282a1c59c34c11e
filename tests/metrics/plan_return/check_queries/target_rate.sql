-- by rep, quarter
WITH target AS (SELECT s.rep_id AS rep, d.quarter, sum(s.amount) AS amount FROM stakes s JOIN "days" d ON d.date = s.earned_on
  WHERE s.earned_on >= $start AND s.earned_on < $end AND s.earned_on <= $as_of GROUP BY ALL),
quota AS (SELECT q.rep_id AS rep, d.quarter, sum(q.amount_reporting) AS amount
  FROM quota_months q JOIN "days" d ON d.date = q.month_start
  WHERE q.scope = 'rep' AND NOT q.is_deleted AND q.month_start >= $start AND q.month_start < $end
    AND q.measure = (SELECT measure FROM measures WHERE is_default) GROUP BY ALL)
SELECT t.rep, t.quarter, t.amount AS top, q.amount AS bottom
FROM target t JOIN quota q ON q.rep = t.rep AND q.quarter = t.quarter WHERE q.amount > 0
