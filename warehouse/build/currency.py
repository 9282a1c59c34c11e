"""Amounts in the reporting currency.

* The rate of a day is the last one known on or before it: the pair as given, else its inverse,
  else the product of two rates through one other currency. Inverse and crossed rates are kept to
  12 decimals.
* An amount that already is in the reporting currency stays as it is, to its last decimal.
* A converted amount is rounded half up (away from zero) to the reporting currency's minor unit.
* An amount without a currency is in the reporting currency.
* A row whose currency has no rate by its day is set aside: counted as nothing, it would be lost
  without anybody noticing.
"""

from __future__ import annotations

from warehouse.build.work import Work
from warehouse.minor_units import MINOR_UNITS, minor

__all__ = ["CONVERTED", "MINOR_UNITS", "minor"]

CONVERTED = {
    "opportunities": "coalesce(t.close_on, t.created_on, getvariable('as_of'))",
    "quotas": "t.period_start",
    "credits": "t.credited_on",
    "payouts": "t.earned_on",
    "forecast_submissions": "t.submitted_on",
}
"""Tables with an ``amount_reporting``, and the day whose rate it is converted at (row ``t``)."""

_LIMIT = 10**7  # a rate above this, or below one over this, is a mistake and would not fit


def define(work: Work) -> None:
    """Set the reporting currency and as-of day as variables, and the macros money needs."""
    work.run(f"SET VARIABLE reporting = '{work.settings.currency}'")
    work.run(f"SET VARIABLE as_of = DATE '{work.as_of}'")
    work.run(
        "CREATE OR REPLACE MACRO money_code(code) AS "
        "coalesce(nullif(upper(trim(code)), ''), getvariable('reporting'))"
    )
    whens = " ".join(f"WHEN '{code}' THEN {digits}" for code, digits in MINOR_UNITS.items())
    work.run(f"CREATE OR REPLACE MACRO minor_digits(code) AS CASE code {whens} ELSE 2 END")


def bad_rates(work: Work) -> None:
    """Set aside rates that are missing, not positive, or beyond what can be meant."""
    work.note(
        "exchange_rates",
        f"""SELECT _n, 'bad_rate' AS code, 'rate' AS field, rate AS value,
                   from_currency || ' to ' || to_currency AS detail
            FROM good_exchange_rates
            WHERE rate IS NULL OR rate <= 0 OR rate > {_LIMIT} OR rate < 1.0 / {_LIMIT}""",
        "row",
    )


def rates(work: Work) -> None:
    """Make ``fx``: for each currency and day, ``factor`` to the reporting currency."""
    work.run(_PAIRS)
    work.run(_FILLED, [work.latest])
    work.run(_FX)


_PAIRS = """CREATE OR REPLACE TABLE pairs AS
    SELECT money_code(from_currency) AS a, money_code(to_currency) AS b, date, 0 AS way,
           CAST(rate AS DECIMAL(20,12)) AS factor
    FROM good_exchange_rates WHERE NOT is_deleted
    UNION ALL
    SELECT money_code(to_currency), money_code(from_currency), date, 1,
           CAST(1 / CAST(rate AS DOUBLE) AS DECIMAL(20,12))
    FROM good_exchange_rates WHERE NOT is_deleted"""

# Each rate holds until the day before the pair's next one; a pair as given beats its inverse.
_FILLED = """CREATE OR REPLACE TABLE filled AS
    SELECT a, b, day, arg_min(factor, way) AS factor FROM (
        SELECT a, b, way, factor, CAST(unnest(generate_series(date, until, INTERVAL 1 DAY)) AS DATE) AS day
        FROM (SELECT *, coalesce(lead(date) OVER (PARTITION BY a, b, way ORDER BY date) - 1, ?) AS until
              FROM (SELECT a, b, date, way, min(factor) AS factor FROM pairs GROUP BY ALL))
    ) GROUP BY a, b, day"""

_FX = """CREATE OR REPLACE TABLE fx AS
    SELECT currency, day, CAST(arg_min(factor, rank) AS DECIMAL(20,12)) AS factor FROM (
        SELECT a AS currency, day, factor, '' AS rank FROM filled WHERE b = getvariable('reporting')
        UNION ALL
        SELECT x.a, x.day, CAST(CAST(x.factor AS DOUBLE) * CAST(y.factor AS DOUBLE) AS DECIMAL(20,12)), x.b
        FROM filled x JOIN filled y ON y.a = x.b AND y.day = x.day
        WHERE y.b = getvariable('reporting') AND x.a <> getvariable('reporting')
    ) WHERE currency <> getvariable('reporting') GROUP BY currency, day"""


def join(day: str, alias: str = "t") -> str:
    """JOIN clause that brings ``fx.factor`` for a row's currency on ``day``."""
    return f"LEFT JOIN fx ON fx.currency = money_code({alias}.currency) AND fx.day = {day}"


def converted(work: Work, alias: str = "t") -> str:
    """SQL of a row's amount in the reporting currency; needs ``join``."""
    product = f"CAST({alias}.amount AS DECIMAL(18,4)) * fx.factor"
    return (
        f"CASE WHEN money_code({alias}.currency) = getvariable('reporting') THEN {alias}.amount "
        f"ELSE CAST(round({product}, {minor(work.settings.currency)}) AS DECIMAL(18,4)) END"
    )


def unconvertible(work: Work, table: str) -> None:
    """Set aside rows whose amount has no rate by its day, or is too large once converted."""
    day = CONVERTED[table]
    work.note(
        table,
        f"""SELECT t._n, CASE WHEN factor IS NULL THEN 'no_rate' ELSE 'amount_too_large' END AS code,
                   CASE WHEN factor IS NULL THEN 'currency' ELSE 'amount' END AS field,
                   CASE WHEN factor IS NULL THEN t.currency ELSE CAST(t.amount AS VARCHAR) END AS value,
                   CASE WHEN factor IS NULL THEN CAST({day} AS VARCHAR) END AS detail
            FROM good_{table} t {join(day)}
            WHERE t.amount IS NOT NULL AND money_code(t.currency) <> getvariable('reporting')
              AND (factor IS NULL OR abs(CAST(t.amount AS DOUBLE)) * CAST(factor AS DOUBLE) >= 1e14)""",
        "row",
    )
