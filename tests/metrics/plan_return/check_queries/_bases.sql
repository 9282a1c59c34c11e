-- Base salary cut into fiscal months, at the rate of each month's last day.
CREATE VIEW bases AS
WITH months AS (
  SELECT month_start, month_end, date_diff('day', year_start, year_end) AS year_days FROM "days" GROUP BY ALL),
cut AS (
  SELECT a.*, m.month_end - 1 AS earned_on,
    a.base_salary::DOUBLE * date_diff('day', greatest(a.valid_from, m.month_start), least(a.valid_to, m.month_end))
      / year_days AS own
  FROM plan_assignments a JOIN months m ON a.valid_from < m.month_end AND a.valid_to > m.month_start
  WHERE NOT a.is_deleted)
SELECT c.rep_id, c.plan_id, c.earned_on, own * CASE WHEN c.currency = 'USD' THEN 1.0 ELSE x.rate::DOUBLE END AS amount
FROM cut c ASOF LEFT JOIN (SELECT * FROM exchange_rates WHERE to_currency = 'USD') x
  ON x.from_currency = c.currency AND c.earned_on >= x.date
