"""Who gets credit for what: recorded by a source, else inferred from won deals.

A won deal without any recorded credit is inferred: its revenue splits share it, what they leave goes
to the owner, and without splits the owner has it all. Where the deal's lines add up to the deal,
each line is shared out by itself (a credit for each rep and line); else a rep has one credit with
product "unassigned". Overlay splits are credited beside that and never enter bookings; each is
rounded by itself, line by line.

Cents are conserved: the credits of a line sum to the line, those in bookings of a deal to the
deal, in its own and in the reporting currency. A unit is the minor unit of the currency, or 0.0001
where the amount itself is finer. Each rep gets the whole units of the exact share; what is left goes
one unit each to those cut most, then to the larger share, then by key.
"""

from __future__ import annotations

from warehouse.build import checks_deals, currency
from warehouse.build.opportunities import assigned, known
from warehouse.build.work import Work, finish
from warehouse.tables import UNASSIGNED

MEASURE = "bookings"
"""Measure of inferred credits."""


def infer(work: Work) -> None:
    """Make ``inferred``: credits of won deals that have none recorded, not yet placed."""
    work.run(_WON)
    work.run(_LINE_SUMS)
    if "opportunities" in work.built:
        checks_deals.uncreditable(work)
        checks_deals.lines_differ(work)
    for statement in (_ITEMS, _WEIGHTS, _SHARED, _OVERLAYS, _ALL):
        work.run(statement)
    digits = currency.minor(work.settings.currency)
    work.run(
        _REPORTED.format(
            scale=10**digits,
            unit=f"CAST({10 ** (16 - digits)} AS HUGEINT)",
            fine_unit=10 ** (4 - digits),
            converted=currency.converted(work, "c"),
        )
    )


_WON = """CREATE OR REPLACE TABLE won AS SELECT * FROM deals d
    WHERE is_won AND NOT is_deleted AND amount IS NOT NULL AND close_on IS NOT NULL AND NOT EXISTS (
        SELECT 1 FROM good_credits c WHERE c.opportunity_id = d.opportunity_id AND NOT c.is_deleted)"""

_LINE_SUMS = """CREATE OR REPLACE TABLE line_sums AS
    SELECT opportunity_id, sum(coalesce(l.amount, 0)) AS total,
           bool_and(l.currency IS NULL OR money_code(l.currency) = w.currency) AS one_currency
    FROM good_opportunity_lines l JOIN won w USING (opportunity_id)
    WHERE NOT l.is_deleted GROUP BY opportunity_id"""

# What is shared out: the lines of deals whose lines fit, else the deal as a whole.
_ITEMS = f"""CREATE OR REPLACE TABLE items AS
    SELECT w.opportunity_id, l.line_id, l.product_id, coalesce(l.amount, 0) AS amount, w.currency, w.owner_id
    FROM won w JOIN line_sums s ON s.opportunity_id = w.opportunity_id AND s.total = w.amount AND s.one_currency
    JOIN good_opportunity_lines l ON l.opportunity_id = w.opportunity_id AND NOT l.is_deleted
    UNION ALL
    SELECT w.opportunity_id, '{UNASSIGNED}', '{UNASSIGNED}', w.amount, w.currency, w.owner_id
    FROM won w LEFT JOIN line_sums s ON s.opportunity_id = w.opportunity_id
    WHERE s.total IS NULL OR s.total <> w.amount OR NOT s.one_currency"""

# Millionths of a deal by rep; the owner has what the splits leave, beyond mere rounding.
_WEIGHTS = f"""CREATE OR REPLACE TABLE weights AS
    WITH splits AS (
        SELECT s.opportunity_id, s.rep_id, CAST(s.share * 1000000 AS BIGINT) AS weight
        FROM good_opportunity_splits s JOIN won USING (opportunity_id)
        WHERE s.kind = 'revenue' AND NOT s.is_deleted AND s.share > 0
    ), rest AS (
        SELECT opportunity_id, w.owner_id, 1000000 - sum(weight) AS weight FROM splits
        JOIN won w USING (opportunity_id) GROUP BY ALL
    ), every AS (
        SELECT * FROM splits
        UNION ALL SELECT * FROM rest WHERE weight > 1000000 * {checks_deals.TOLERANCE}
    )
    SELECT opportunity_id, rep_id, CAST(sum(weight) AS BIGINT) AS weight,
           CAST(sum(sum(weight)) OVER (PARTITION BY opportunity_id) AS BIGINT) AS total
    FROM every GROUP BY opportunity_id, rep_id"""

_SHARED = """CREATE OR REPLACE TABLE shared AS
    WITH scaled AS (
        SELECT i.opportunity_id, i.line_id, i.product_id, i.currency, w.rep_id, w.weight, w.total,
               sign(i.amount) AS direction, CAST(abs(i.amount) * 10000 AS BIGINT) AS fine,
               CAST(pow(10, 4 - minor_digits(i.currency)) AS BIGINT) AS minor
        FROM items i JOIN weights w USING (opportunity_id)
    ), cut AS (
        SELECT *, CASE WHEN fine % minor = 0 THEN minor ELSE 1 END AS unit FROM scaled
    ), floored AS (
        SELECT *, CAST(fine // unit AS HUGEINT) * weight // total AS whole,
               CAST(fine // unit AS HUGEINT) * weight % total AS rest FROM cut
    ), given AS (
        SELECT *, whole + CASE WHEN row_number() OVER (
                    PARTITION BY opportunity_id, line_id ORDER BY rest DESC, weight DESC, rep_id)
                <= fine // unit - sum(whole) OVER (PARTITION BY opportunity_id, line_id)
            THEN 1 ELSE 0 END AS units FROM floored
    )
    SELECT opportunity_id, line_id, product_id, currency, rep_id,
           CAST(CAST(weight AS DOUBLE) / total AS DECIMAL(9,6)) AS share,
           CAST(CAST(direction * units * unit AS DECIMAL(19,0)) * CAST(0.0001 AS DECIMAL(4,4)) AS DECIMAL(18,4)) AS amount
    FROM given"""

_OVERLAYS = """CREATE OR REPLACE TABLE overlays AS
    SELECT i.opportunity_id, i.line_id, i.product_id, i.currency, s.rep_id, s.share,
           CAST(CASE minor_digits(i.currency)
                WHEN 0 THEN round(i.amount * s.share, 0) WHEN 3 THEN round(i.amount * s.share, 3)
                ELSE round(i.amount * s.share, 2) END AS DECIMAL(18,4)) AS amount
    FROM items i JOIN (
        SELECT opportunity_id, rep_id, CAST(sum(share) AS DECIMAL(9,6)) AS share FROM good_opportunity_splits
        WHERE kind = 'overlay' AND NOT is_deleted AND share > 0 GROUP BY opportunity_id, rep_id
    ) s USING (opportunity_id)"""

_ALL = """CREATE OR REPLACE TABLE every_credit AS
    SELECT opportunity_id, line_id, product_id, currency, owner_id AS rep_id,
           CAST(1 AS DECIMAL(9,6)) AS share, amount, 'direct' AS kind
    FROM items WHERE opportunity_id NOT IN (SELECT opportunity_id FROM weights)
    UNION ALL SELECT *, 'split' FROM shared
    UNION ALL SELECT *, 'overlay' FROM overlays"""

# In the reporting currency a credit is its amount. Else it is converted exactly and cut to whole
# units, and the remainders, largest first, are raised until the deal's own converted amount is met.
_REPORTED = """CREATE OR REPLACE TABLE inferred AS
    WITH foreign_credits AS (
        SELECT c.*, CAST(round(w.amount_reporting * {scale}, 0) AS BIGINT) AS deal_units,
               CAST(c.amount * 10000 AS HUGEINT) * CAST(fx.factor * 1000000000000 AS HUGEINT) AS fine
        FROM every_credit c JOIN won w USING (opportunity_id)
        JOIN fx ON fx.currency = c.currency AND fx.day = w.close_on
        WHERE c.kind <> 'overlay'
    ), floored AS (
        SELECT *, CASE WHEN fine >= 0 THEN fine // {unit} ELSE -((-fine + {unit} - 1) // {unit}) END AS whole
        FROM foreign_credits
    ), given AS (
        SELECT *, whole + CASE WHEN row_number() OVER (
                    PARTITION BY opportunity_id ORDER BY fine - whole * {unit} DESC, abs(amount) DESC, line_id, rep_id)
                <= deal_units - sum(whole) OVER (PARTITION BY opportunity_id)
            THEN 1 ELSE 0 END AS units FROM floored
    )
    SELECT opportunity_id, line_id, product_id, currency, rep_id, share, amount, kind,
           CAST(CAST(units * {fine_unit} AS DECIMAL(19,0)) * CAST(0.0001 AS DECIMAL(4,4)) AS DECIMAL(18,4)) AS amount_reporting
    FROM given
    UNION ALL
    SELECT c.*, CAST({converted} AS DECIMAL(18,4))
    FROM every_credit c JOIN won w USING (opportunity_id)
    LEFT JOIN fx ON fx.currency = c.currency AND fx.day = w.close_on
    WHERE c.kind = 'overlay' OR c.currency = getvariable('reporting')"""


def place(work: Work) -> None:
    """Define ``out_credits``: recorded and inferred, placed by team and territory of the day.

    ``account_id`` is the deal's where a recorded credit names none. ``territory_id`` is the
    credit's own, else the deal's, else its account's on that day, else the rep's.
    """
    infer(work)
    territories = ("t.territory_id", "d.territory_id", "ta.territory_id", "a.territory_id")
    derived = {
        "account_id": _first(_ACCOUNT),
        "territory_id": _first(*territories),
        "team_id": known("a.team_id"),
        "rep_territory_id": known("a.territory_id"),
        "in_bookings": "t.kind <> 'overlay'",
    }
    every = f"({_recorded(work)} UNION ALL {_INFERRED}) t"
    finish(
        work,
        "credits",
        derived,
        f"""{every} LEFT JOIN deals d ON d.opportunity_id = t.opportunity_id
        LEFT JOIN good_territory_accounts ta ON ta.account_id = {_ACCOUNT} AND NOT ta.is_deleted
            AND ta.valid_from <= t.credited_on AND t.credited_on < ta.valid_to
        {assigned("a", "t.rep_id", "t.credited_on")}""",
    )


_ACCOUNT = f"CASE WHEN t.account_id = '{UNASSIGNED}' THEN d.account_id ELSE t.account_id END"


def _first(*keys: str) -> str:
    """SQL of the first key that is known."""
    return known(f"coalesce({', '.join(_null_if_unassigned(key) for key in keys)}, NULL)")


def _null_if_unassigned(key: str) -> str:
    return f"nullif({key}, '{UNASSIGNED}')"


_COLUMNS = (
    "credit_id, opportunity_id, line_id, rep_id, component_id, measure, kind, credited_on, share, amount, "
    "currency, account_id, product_id, territory_id, basis, source_system, source_id, source_updated_at, "
    "load_id, is_deleted"
)


def _recorded(work: Work) -> str:
    columns = _COLUMNS.replace("currency", "money_code(t.currency) AS currency")
    return (
        f"SELECT {columns}, {currency.converted(work)} AS amount_reporting "
        f"FROM good_credits t {currency.join(currency.CONVERTED['credits'])}"
    )


_INFERRED = f"""
    SELECT concat_ws('|', 'inferred', c.opportunity_id, c.line_id, c.rep_id, c.kind) AS credit_id,
           c.opportunity_id, c.line_id, c.rep_id, '{UNASSIGNED}' AS component_id, '{MEASURE}' AS measure,
           c.kind, w.close_on AS credited_on, c.share, c.amount, c.currency, w.account_id, c.product_id,
           w.territory_id, 'inferred' AS basis, w.source_system,
           concat_ws('|', 'inferred', c.opportunity_id, c.line_id, c.rep_id, c.kind) AS source_id,
           w.source_updated_at, w.load_id, false AS is_deleted, c.amount_reporting
    FROM inferred c JOIN won w USING (opportunity_id)"""
