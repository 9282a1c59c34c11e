"""Draws, recoveries and forgiveness as payout lines."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from compensation.money.fine import Ints, money
from compensation.money.months import Months, day_of
from compensation.paying.draw_terms import Terms
from compensation.run import LINES


@dataclass(frozen=True)
class Movement:
    """One month of everybody, in ten-thousandths."""

    earned: Ints
    guaranteed: Ints
    before: Ints  # balance at the month's start
    drawn: Ints
    recovered: Ints
    forgiven: Ints
    owed: Ints  # balance at the month's end

    def amounts(self) -> dict[str, Ints]:
        """What moved, by kind of line."""
        return {"draw": self.drawn, "recovery": self.recovered, "forgiveness": self.forgiven}

    def reasons(self, who: Ints) -> pa.Array:
        """The figures of some people's month, as JSON."""
        texts = [
            f'{{"{each.name}": "' if not at else f'", "{each.name}": "'
            for at, each in enumerate(fields(self))
        ]
        values = [pc.cast(money(getattr(self, each.name)[who]), pa.string()) for each in fields(self)]
        both = [part for pair in zip(texts, values, strict=True) for part in pair]
        return pc.binary_join_element_wise(*both, '"}', "")


KINDS = {"draw": 1, "recovery": -1, "forgiveness": 0}
"""Kinds of lines, and how their amount counts in what is paid."""


def as_lines(found: Terms, moved: Sequence[Movement], months: Months) -> pa.Table:
    """A line for each draw, recovery and forgiveness that is not zero; ``reason`` holds the month's figures."""
    tables = []
    for month, movement in enumerate(moved):
        for kind, values in movement.amounts().items():
            who = np.flatnonzero(values)
            if len(who):
                tables.append(_lines(found, movement, months, month, kind, who))
    return pa.concat_tables(tables) if tables else LINES.empty_table()


def _lines(found: Terms, movement: Movement, months: Months, month: int, kind: str, who: Ints) -> pa.Table:
    """Lines of one kind and month, one a payee."""
    plan, component = found.plans[found.version[month]], component_of(found, month)
    first = day_of(months.starts[month])
    rep, currency = (
        pa.array([key[at] for key in found.keys], pa.string()).take(pa.array(who)) for at in (0, 1)
    )
    values: dict[str, object] = {
        "line_id": pc.binary_join_element_wise(rep, plan.id, component, currency, kind, str(first), "|"),
        "rep": rep,
        "plan_id": plan.id,
        "plan_version": plan.version,
        "component_id": component,
        "period_start": first,
        "period_end": day_of(months.ends[month]),
        "pay_start": first,
        "earned_on": day_of(months.ends[month] - 1),
        "kind": kind,
        "amount": money(movement.amounts()[kind][who] * KINDS[kind]),
        "currency": currency,
        "reason": movement.reasons(who),
    }
    return pa.table([_column(values.get(field.name), field, len(who)) for field in LINES], schema=LINES)


def _column(value: object, field: pa.Field, count: int) -> pa.Array:
    """An array as it is, one value repeated, nothing as NULL."""
    return value if isinstance(value, pa.Array) else pa.repeat(pa.scalar(value, field.type), count)


def component_of(found: Terms, month: int) -> str:
    """The component a draw tops up, where it is only one; "draw" where it is several or the whole plan."""
    components = found.draws[found.in_force[month]].components
    return components[0] if len(components) == 1 else "draw"
