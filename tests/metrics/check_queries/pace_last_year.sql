-- The same day of the quarter 4 before; a finished quarter is compared whole.
WITH quarters AS (
  SELECT *, row_number() OVER (ORDER BY quarter_start) AS place FROM (SELECT quarter, quarter_start, quarter_end
  FROM "days" GROUP BY ALL)),
pairs AS (
  SELECT n.quarter, n.quarter_start, n.quarter_end, b.quarter_start AS before_start,
    CASE WHEN $as_of >= n.quarter_end - 1 THEN b.quarter_end
      ELSE least(b.quarter_start + date_diff('day', n.quarter_start, $as_of)::INTEGER + 1, b.quarter_end) END AS before_until
  FROM quarters n JOIN quarters b ON b.place = n.place - 4
  WHERE n.quarter_start < $end AND n.quarter_end > $start),
sales AS (
  SELECT rep_id, credited_on, amount_reporting FROM credits
  WHERE in_bookings AND NOT is_deleted AND measure = (SELECT credits_measure FROM measures WHERE is_default)),
now AS (
  SELECT s.rep_id AS rep, p.quarter, sum(s.amount_reporting) AS amount FROM sales s JOIN pairs p
    ON s.credited_on >= p.quarter_start AND s.credited_on < p.quarter_end AND s.credited_on <= $as_of GROUP BY ALL),
before AS (
  SELECT s.rep_id AS rep, p.quarter, sum(s.amount_reporting) AS amount FROM sales s JOIN pairs p
    ON s.credited_on >= p.before_start AND s.credited_on < p.before_until GROUP BY ALL)
SELECT coalesce(n.rep, b.rep) AS rep, coalesce(n.quarter, b.quarter) AS quarter, n.amount AS top, b.amount AS bottom
FROM now n FULL JOIN before b ON n.rep = b.rep AND n.quarter = b.quarter
