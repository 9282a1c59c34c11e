-- by rep, quarter
-- top is the target incentive, bottom the base salary.
WITH target AS (SELECT s.rep_id AS rep, d.quarter, sum(s.amount) AS amount FROM stakes s JOIN "days" d ON d.date = s.earned_on
  WHERE s.earned_on >= $start AND s.earned_on < $end AND s.earned_on <= $as_of GROUP BY ALL),
base AS (SELECT s.rep_id AS rep, d.quarter, sum(s.amount) AS amount FROM bases s JOIN "days" d ON d.date = s.earned_on
  WHERE s.earned_on >= $start AND s.earned_on < $end AND s.earned_on <= $as_of GROUP BY ALL)
SELECT coalesce(t.rep, b.rep) AS rep, coalesce(t.quarter, b.quarter) AS quarter, t.amount AS top, b.amount AS bottom
FROM target t FULL JOIN base b ON b.rep = t.rep AND b.quarter = t.quarter
