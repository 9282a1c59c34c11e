"""What ``payouts`` says of what it did."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING

from compensation.after.payroll import Payroll
from words import formats
from workflows.pay.totals import Total

if TYPE_CHECKING:  # they bring the store and its database along, which pay from files does without
    from workflows.pay.close import Closing
    from workflows.pay.reconciling import Comparison
    from workflows.pay.replay import Replayed


def about(start: date, end: date) -> str:
    """``2026-03-01 to 2026-03-31``; ``end`` is exclusive."""
    return f"{start} to {end - timedelta(days=1)}"


def total_words(totals: Iterable[Total]) -> list[str]:
    """Control totals, a line for each currency."""
    return [
        f"  {total.currency}: {_amount(total)} in {total.lines:,} lines for {total.payees:,} people"
        for total in totals
    ]


def closing_words(done: Closing) -> str:
    """What was closed."""
    lines = [
        f"{about(done.start, done.end)} is closed: {done.run.lines.num_rows:,} lines, digest {done.digest[:16]}."
    ]
    lines += total_words(done.totals)
    if done.adjustments:
        lines.append(f"  {done.adjustments:,} of them adjust months that were closed before.")
    if done.paid_elsewhere:
        lines.append(
            "  Another source pays this month: its payouts count, these are kept to compare with them."
        )
    elif done.version is None:
        lines.append("  Publishing the payouts waits: run “python manage.py publish”.")
    return "\n".join(lines)


def replay_words(found: Replayed) -> str:
    """How a closed month came out again."""
    what = about(found.month.start, found.month.end)
    if found.same is None:
        return f"{what}, as it would have been paid with the other plan."
    if found.same:
        return f"{what}: the same comes out, digest {found.digest[:16]}."
    return f"{what}: something else comes out than was paid. Was it closed by another release?"


def comparison_words(found: Comparison) -> str:
    """How pay computed here and pay sent by another source compare, with the control totals of what was sent."""
    lines = []
    for row in found.found.totals.to_pylist():
        here, there, apart = (
            _money(row[name], row["currency"]) for name in ("modelled", "recorded", "difference")
        )
        what = f"{row['currency']} {row['status'].replace('_', ' ')}"
        lines.append(f"{what}: {row['rows']:,} rows, here {here}, there {there}, difference {apart}")
    for row in found.imported.to_pylist():
        sent = f"{row['payouts']:,} payouts for {row['people']:,} people, {_money(row['amount'], row['currency'])}"
        lines.append(f"sent by {row['source']}, {row['kind']}: {sent}")
    return "\n".join(lines)


def payroll_words(found: Payroll) -> str:
    """Control totals of an export."""
    return "\n".join(
        f"{row['currency']} {row['group']}: {_money(row['amount'], row['currency'])} in {row['rows']:,} rows "
        f"for {row['payees']:,} people"
        for row in found.totals.to_pylist()
    )


def _money(amount: Decimal, currency: str) -> str:
    return formats.money(amount, currency, "en")


def _amount(total: Total) -> str:
    return _money(total.amount, total.currency)
