"""What the warehouse adds to deals, their history and their lines."""

from __future__ import annotations

from warehouse.build import currency
from warehouse.build.work import Work, finish
from warehouse.tables import OPEN_END, UNASSIGNED


def assigned(alias: str, rep: str, day: str) -> str:
    """JOIN clause that brings a rep's assignment on a day as ``alias``; at most one row."""
    return (
        f"LEFT JOIN good_assignments {alias} ON {alias}.rep_id = {rep} AND NOT {alias}.is_deleted "
        f"AND {alias}.valid_from <= {day} AND {day} < {alias}.valid_to"
    )


def known(expression: str) -> str:
    """SQL of a key that may be NULL after a join: "unassigned" then."""
    return f"coalesce({expression}, '{UNASSIGNED}')"


def opportunities(work: Work) -> None:
    """Define ``out_opportunities``.

    ``amount_reporting`` is at the rate of the close date (of the created date without one).
    ``weighted_reporting`` is that times the deal's own probability, else its stage's default,
    rounded half up to the minor unit; NULL when neither has one.
    """
    digits = currency.minor(work.settings.currency)
    amount = currency.converted(work)
    chance = "CAST(coalesce(t.probability, s.default_probability) AS DECIMAL(9,6))"
    derived = {
        "currency": "CASE WHEN t.amount IS NULL THEN t.currency ELSE money_code(t.currency) END",
        "amount_reporting": amount,
        "weighted_reporting": f"round(CAST({amount} AS DECIMAL(18,4)) * {chance}, {digits})",
        "team_id": known("a.team_id"),
    }
    finish(
        work,
        "opportunities",
        derived,
        f"good_opportunities t {currency.join(currency.CONVERTED['opportunities'])} "
        f"{assigned('a', 't.owner_id', 't.close_on')} "
        "LEFT JOIN good_stages s ON s.stage_id = t.stage_id",
    )


def deals(work: Work) -> None:
    """Make ``deals``: of each opportunity what its history, lines and credits need."""
    work.run(
        """CREATE OR REPLACE TABLE deals AS
           SELECT opportunity_id, owner_id, account_id, territory_id, close_on, amount, currency,
                  amount_reporting, is_won, is_deleted, source_system, source_updated_at, load_id
           FROM out_opportunities"""
    )


def changes(work: Work) -> None:
    """Define ``out_opportunity_changes``: when each value ended, and whose deal it is now."""
    end = f"""CASE WHEN t.is_deleted THEN DATE '{OPEN_END}' ELSE coalesce(lead(t.changed_on) OVER (
        PARTITION BY t.opportunity_id, t.field, t.is_deleted ORDER BY t.changed_on, t.changed_at, t.change_id),
        DATE '{OPEN_END}') END"""
    finish(
        work,
        "opportunity_changes",
        {"valid_to": end, "owner_id": known("d.owner_id")},
        "good_opportunity_changes t LEFT JOIN deals d ON d.opportunity_id = t.opportunity_id",
    )


def lines(work: Work) -> None:
    """Define ``out_opportunity_lines``: whose deal a line is on, and when it closes."""
    finish(
        work,
        "opportunity_lines",
        {"owner_id": known("d.owner_id"), "close_on": "d.close_on"},
        "good_opportunity_lines t LEFT JOIN deals d ON d.opportunity_id = t.opportunity_id",
    )


def payouts(work: Work) -> None:
    """Define ``out_payouts`` with amounts at the rate of the day they were earned."""
    _converted_only(work, "payouts")


def forecast_submissions(work: Work) -> None:
    """Define ``out_forecast_submissions`` with amounts at the rate of the day of the call."""
    _converted_only(work, "forecast_submissions")


def _converted_only(work: Work, table: str) -> None:
    day = currency.CONVERTED[table]
    finish(
        work,
        table,
        {"amount_reporting": currency.converted(work)},
        f"good_{table} t {currency.join(day)}",
    )
