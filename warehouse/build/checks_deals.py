"""Shares of deals that cannot be, and won deals that cannot be credited."""

from __future__ import annotations

from warehouse.build.work import Work

TOLERANCE = "0.0001"
"""Shares within this of the whole are the whole: three thirds of six decimals are 0.999999."""


def bad_shares(work: Work) -> None:
    """Set aside splits without a share, or with one below zero or beyond ten times the deal."""
    work.note(
        "opportunity_splits",
        """SELECT _n, 'bad_share' AS code, 'share' AS field, CAST(share AS VARCHAR) AS value, NULL AS detail
           FROM good_opportunity_splits WHERE share IS NULL OR share < 0 OR share > 10""",
        "row",
    )


def splits_over_whole(work: Work) -> None:
    """Set aside all revenue splits of a deal whose shares exceed 100 %; its owner is credited."""
    work.note(
        "opportunity_splits",
        f"""SELECT _n, 'splits_over_whole' AS code, 'opportunity_id' AS field, opportunity_id AS value,
                   CAST(CAST(total * 100 AS DECIMAL(18,4)) AS VARCHAR) || ' %' AS detail
            FROM good_opportunity_splits JOIN (
                SELECT opportunity_id, sum(share) AS total FROM good_opportunity_splits
                WHERE kind = 'revenue' AND NOT is_deleted GROUP BY opportunity_id
                HAVING sum(share) > 1 + {TOLERANCE}
            ) USING (opportunity_id) WHERE kind = 'revenue' AND NOT is_deleted""",
        "row",
    )


def uncreditable(work: Work) -> None:
    """Warn of won deals without an amount or close date, which no credit can be inferred from."""
    for column in ("amount", "close_on"):
        work.note(
            "opportunities",
            f"""SELECT _n, 'won_without' AS code, '{column}' AS field, opportunity_id AS value, NULL AS detail
                FROM good_opportunities o
                WHERE is_won AND NOT is_deleted AND {column} IS NULL AND NOT EXISTS (
                    SELECT 1 FROM good_credits c WHERE c.opportunity_id = o.opportunity_id AND NOT c.is_deleted)""",
            "warning",
        )


def lines_differ(work: Work) -> None:
    """Warn of won deals whose lines do not add up to the deal; needs ``line_sums`` and ``won``."""
    work.note(
        "opportunities",
        """SELECT o._n, 'lines_differ' AS code, 'amount' AS field, CAST(o.amount AS VARCHAR) AS value,
                  CAST(s.total AS VARCHAR) || CASE WHEN s.one_currency THEN '' ELSE ', in other currencies' END AS detail
           FROM won w JOIN line_sums s USING (opportunity_id)
           JOIN good_opportunities o USING (opportunity_id)
           WHERE s.total <> w.amount OR NOT s.one_currency""",
        "warning",
    )
