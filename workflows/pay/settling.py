"""What a month pays beside months that are closed: its own lines, and what corrects theirs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

import pyarrow as pa

from compensation.after.adjust import adjustments
from compensation.run import BALANCES, LINES, TRACE, Run
from workflows.pay.cuts import within
from workflows.pay.evidence import Computed, Month


def settled(computed: Computed, earlier: Sequence[Month], start: date, end: date) -> Run:
    """The month from ``start`` until before ``end``; ``computed`` reaches back over the ``earlier`` months.

    What the calculation now gives for a closed month, less what was paid for it, is an adjustment here.
    """
    own = within(computed.run, start, end)
    if not earlier:
        return own
    closed = {month.start for month in earlier}
    more = adjustments(computed.run, frozen(earlier), LINES.empty_table(), start, closed)
    return replace(own, lines=pa.concat_tables([own.lines, more.cast(LINES)]))


def frozen(months: Sequence[Month]) -> Run:
    """What closed months paid, earlier adjustments among it."""
    runs = [month.run for month in months]
    return Run(
        pa.concat_tables([LINES.empty_table(), *(run.lines for run in runs)]),
        pa.concat_tables([TRACE.empty_table(), *(run.trace for run in runs)]),
        BALANCES.empty_table(),
    )
