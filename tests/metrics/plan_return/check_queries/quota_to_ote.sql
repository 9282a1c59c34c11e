-- by rep, quarter
WITH pay AS (SELECT s.rep_id AS rep, d.quarter, sum(s.amount) AS amount
  FROM (SELECT rep_id, earned_on, amount FROM stakes UNION ALL SELECT rep_id, earned_on, amount FROM bases) s
  JOIN "days" d ON d.date = s.earned_on
  WHERE s.earned_on >= $start AND s.earned_on < $end AND s.earned_on <= $as_of GROUP BY ALL),
quota AS (SELECT q.rep_id AS rep, d.quarter, sum(q.amount_reporting) AS amount
  FROM quota_months q JOIN "days" d ON d.date = q.month_start
  WHERE q.scope = 'rep' AND NOT q.is_deleted AND q.month_start >= $start AND q.month_start < $end
    AND q.measure = (SELECT measure FROM measures WHERE is_default) GROUP BY ALL)
SELECT p.rep, p.quarter, q.amount AS top, p.amount AS bottom
FROM pay p JOIN quota q ON q.rep = p.rep AND q.quarter = p.quarter WHERE p.amount > 0
