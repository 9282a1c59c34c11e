-- What was at stake: a yearly target cut into fiscal months, shared over the open components by weight.
CREATE VIEW stakes AS
WITH months AS (
  SELECT month_start, month_end, quarter_end, year_end, date_diff('day', year_start, year_end) AS year_days
  FROM "days" GROUP BY ALL),
cut AS (
  SELECT a.rep_id, a.plan_id, a.currency, a.target_incentive::DOUBLE AS yearly, a.valid_from AS since, m.*,
    greatest(a.valid_from, m.month_start) AS s, least(a.valid_to, m.month_end) AS e
  FROM plan_assignments a JOIN months m ON a.valid_from < m.month_end AND a.valid_to > m.month_start
  WHERE NOT a.is_deleted),
located AS (
  SELECT c.*, p.team_id, p.role FROM cut c
  ASOF LEFT JOIN (SELECT * FROM assignments WHERE NOT is_deleted) p ON p.rep_id = c.rep_id AND c.s >= p.valid_from),
open_rows AS (
  SELECT l.*, o.component, coalesce(o.weight, 0) AS weight, o.period FROM located l
  LEFT JOIN opened o ON o.plan = l.plan_id AND l.s >= o.first AND l.s < o.last
    AND o.role IN ('', l.role) AND o.team IN ('', l.team_id)),
weighed AS (
  SELECT *, sum(weight) OVER w AS whole, count(*) OVER w AS n FROM open_rows
  WINDOW w AS (PARTITION BY rep_id, plan_id, since, s)),
dated AS (
  SELECT *, CASE period WHEN 'quarter' THEN quarter_end WHEN 'year' THEN year_end ELSE month_end END - 1 AS earned_on,
    CASE WHEN whole > 0 THEN weight / whole ELSE 1.0 / n END AS part FROM weighed)
SELECT d.rep_id, d.plan_id, d.component AS open_component, d.earned_on,
  CASE WHEN d.component IS NOT NULL AND (whole > 0 OR n = 1) THEN d.component ELSE 'unassigned' END AS component_id,
  yearly * date_diff('day', s, e) / year_days * part * CASE WHEN d.currency = 'USD' THEN 1.0 ELSE x.rate::DOUBLE END AS amount
FROM dated d ASOF LEFT JOIN (SELECT * FROM exchange_rates WHERE to_currency = 'USD') x
  ON x.from_currency = d.currency AND d.earned_on >= x.date
