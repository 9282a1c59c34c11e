"""What the calculation gives: payout lines, the trace of each, balances, and what it could not do."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

import pyarrow as pa

from compensation.inputs import MONEY

KINDS = (
    "earning",
    "draw",
    "recovery",
    "forgiveness",
    "clawback",
    "adjustment",
    "true_up",
    "held",
    "released",
)
"""``earning`` is payable at once; ``held`` is earned but waits for its event and is not paid, ``released`` is
a held part whose event has come, paid in that period."""

LINES = pa.schema(
    [
        pa.field("line_id", pa.string(), nullable=False),  # follows from the other keys; stable over runs
        pa.field("rep", pa.string(), nullable=False),
        pa.field("plan_id", pa.string(), nullable=False),
        pa.field("plan_version", pa.int64(), nullable=False),
        pa.field("component_id", pa.string(), nullable=False),  # "draw" for draws of the whole plan
        pa.field("period_start", pa.date32(), nullable=False),  # the component's period
        pa.field("period_end", pa.date32(), nullable=False),
        pa.field("pay_start", pa.date32(), nullable=False),  # the month it is paid with
        pa.field("earned_on", pa.date32(), nullable=False),
        pa.field("kind", pa.string(), nullable=False),
        pa.field("amount", MONEY, nullable=False),  # signed; money of the payee, whole cents
        pa.field("currency", pa.string(), nullable=False),
        pa.field("credited", MONEY),  # pay credit of the period
        pa.field("quota", MONEY),  # of the period, or to date
        pa.field("quota_credited", MONEY),  # quota credit: what attainment is reckoned on
        pa.field("attainment", pa.float64()),  # for reading; the calculation is exact
        pa.field("target", MONEY),  # target incentive at stake in the period
        pa.field("rate", pa.float64()),  # effective base rate or curve share, for reading
        pa.field("before_modifiers", MONEY),
        pa.field("factor", pa.float64()),  # product of modifiers
        pa.field("modifiers", pa.string()),  # JSON list of [name, value reached, factor]
        pa.field("capped", MONEY),  # what a cap or budget took away, 0 if nothing
        pa.field("to_date", MONEY),  # year to date: f(to date); NULL otherwise
        pa.field("paid_before", MONEY),  # year to date: earlier periods
        pa.field("reason", pa.string()),  # adjustments: which transaction, why; JSON
        pa.field("adjusts", pa.date32()),  # adjustments: start of the closed month they correct
    ]
)

TRACE = pa.schema(
    [
        pa.field("line_id", pa.string(), nullable=False),
        pa.field("transaction_id", pa.string(), nullable=False),
        pa.field("deal_id", pa.string(), nullable=False),
        pa.field("credited_rep", pa.string(), nullable=False),  # whose transaction it was (roll-ups differ)
        pa.field("rule", pa.string(), nullable=False),  # credit rule
        pa.field("date", pa.date32(), nullable=False),
        pa.field("amount", MONEY, nullable=False),  # the transaction's, in the payee's currency
        pa.field("share", pa.float64(), nullable=False),
        pa.field("credited", MONEY, nullable=False),
        pa.field("before", MONEY),  # running total before and after this one
        pa.field("after", MONEY),
        pa.field("attainment_before", pa.float64()),
        pa.field("attainment_after", pa.float64()),
        pa.field("tier_from", pa.int64()),  # index of the first and last tier it touches
        pa.field("tier_to", pa.int64()),
        pa.field("earned", MONEY, nullable=False),  # its part of the line; parts sum to the line
    ]
)

BALANCES = pa.schema(
    [
        pa.field("rep", pa.string(), nullable=False),
        pa.field("plan_id", pa.string(), nullable=False),
        pa.field("month_start", pa.date32(), nullable=False),
        pa.field("draw_balance", MONEY, nullable=False),  # at the month's end; never negative
        pa.field("held", MONEY, nullable=False),
        pa.field("currency", pa.string()),
    ]
)


@dataclass(frozen=True)
class Problem:
    """Something a payout could not be reckoned from: a code, and the fields of its sentence."""

    code: str
    fields: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class Run:
    """One calculation's outcome. Payable = every line whose kind is not ``held``."""

    lines: pa.Table
    trace: pa.Table
    balances: pa.Table
    problems: tuple[Problem, ...] = ()

    @property
    def digest(self) -> str:
        """SHA-256 over the sorted lines: equal pay, equal digest, whatever order the input had."""
        keyed = self.lines.select(["line_id", "rep", "kind", "amount", "currency"]).sort_by("line_id")
        rows = zip(*(column.to_pylist() for column in keyed.columns), strict=True)
        return hashlib.sha256("\n".join(map(repr, rows)).encode()).hexdigest()
