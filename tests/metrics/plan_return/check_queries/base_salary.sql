-- by rep, quarter
SELECT s.rep_id AS rep, d.quarter, sum(s.amount) AS top, NULL AS bottom
FROM bases s JOIN "days" d ON d.date = s.earned_on
WHERE s.earned_on >= $start AND s.earned_on < $end AND s.earned_on <= $as_of
GROUP BY ALL
