-- by component, quarter
SELECT coalesce(s.open_component, 'unassigned') AS component, d.quarter, count(DISTINCT s.rep_id) AS top, NULL AS bottom
FROM stakes s JOIN "days" d ON d.date = s.earned_on
WHERE s.earned_on >= $start AND s.earned_on < $end AND s.earned_on <= $as_of
GROUP BY ALL
