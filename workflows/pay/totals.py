"""Control totals of a run."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

import pyarrow.compute as pc

from compensation.run import Run
from workflows.pay.cuts import payable


@dataclass(frozen=True)
class Total:
    """What is paid in one currency."""

    currency: str
    payees: int
    lines: int
    amount: Decimal


def totals(run: Run) -> tuple[Total, ...]:
    """What is paid, by currency; held pay and lines of nothing do not count."""
    wanted = [("rep", "count_distinct"), ("amount", "count"), ("amount", "sum")]
    found = payable(run.lines).group_by("currency").aggregate(wanted).sort_by("currency").to_pylist()
    return tuple(
        Total(row["currency"], row["rep_count_distinct"], row["amount_count"], row["amount_sum"])
        for row in found
    )


def adjustments(run: Run) -> int:
    """Lines that correct closed months."""
    return int(pc.sum(pc.equal(run.lines["kind"], "adjustment")).as_py() or 0)
